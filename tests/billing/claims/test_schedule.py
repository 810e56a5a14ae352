"""A payer's list of allowed amounts, as it is pasted."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.claims.schedule import MOST, parse_schedule


def test_a_list_is_read_as_spreadsheets_paste_it():
    text = 'Code,Words,Allowed\nD0140,"One problem, seen",$48.5\nd0170\t40\n\nD9996;1;0\nD0171,"1,200.25"'
    priced, faults = parse_schedule(text)
    assert [(one.line, one.code, str(one.amount)) for one in priced] == [
        (2, "D0140", "48.50"), (3, "D0170", "40.00"), (5, "D9996", "0.00"), (6, "D0171", "1200.25"),
    ]  # fmt: skip
    assert faults == ()


@pytest.mark.parametrize(("line", "sentence"), [
    ("D0140", "A line has a code and an amount"),
    ("0140,48", "“0140” is no code"),
    ("D0140,forty", "“forty” is no amount"),
    ("D0140,-1", "is no amount"),
    ("D0140,48.505", "is no amount"),
    ("D0140,999999", "is no amount"),
    ("D0140,1,200.25", "Is it 1,200.25 or 200.25?"),
    ("D0140,48,50", "Is it 48,50 or 50? Write dollars as 48.50, thousands without a comma."),
    ("D0140,$48,50", "Is it $48,50 or 50?"),
    ("D0140;48,50", "“48,50” is no amount"),
    ("D0140\t48,5", "“48,5” is no amount"),
    ('D0140,"1,20,000"', "“1,20,000” is no amount"),
    ("D0170,1\nD0170,2", "D0170 stands in line 1 already."),
    ("", "no line with a code"),
    ("D0140,\u0664\u0668", "is no amount"),
])  # fmt: skip
def test_what_is_wrong_is_said_by_line(line, sentence):
    _, faults = parse_schedule(line)
    assert sentence in faults[-1].sentence


@given(st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from('D0149,;\t\n"$.'), max_size=200))
def test_whatever_is_pasted_is_read_or_named(text: str):
    priced, faults = parse_schedule(text)
    assert priced or faults
    assert len({one.code for one in priced}) == len(priced)
    assert all(one.amount >= Decimal(0) for one in priced)


def test_a_list_without_end_is_cut_with_a_sentence():
    priced, faults = parse_schedule("\n".join(f"D{number:04d},1" for number in range(MOST + 50)))
    assert (len(priced), len(faults)) == (MOST, 1)
