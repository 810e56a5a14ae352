"""The claim data sheet tells every item of the claim by its number."""

from dataclasses import replace
from decimal import Decimal

import pypdfium2
import pytest

from billing.packet.sheet import money_text
from tests.billing.packet.samples import SCRIPTS, sheet
from tests.printing.reading import flat, page_texts, says


def test_every_item_stands_with_its_number_and_label(print_sheet):
    content = sheet()
    whole = " ".join(page_texts(print_sheet(content)))
    for group in (*content.before_lines, *content.after_lines):
        assert flat(group.heading) in whole
        for item in group.items:
            assert flat(f"{item.number} {item.label} {item.value or 'Blank: ' + item.blank_because}") in whole


def test_lines_stand_in_their_order_with_two_decimals(print_sheet):
    whole = " ".join(page_texts(print_sheet(sheet(3))))
    assert "1 May 13, 2026 D0140 A 1 limited evaluation of one problem 85.00" in whole
    assert "2 May 13, 2026 D9996 A 1 teledentistry, read later 0.00" in whole
    assert "3 May 13, 2026 JP 3 MO X0001 AB 1 example line 103.00" in whole
    assert "32 Total fee ($) 188.00" in whole


@pytest.mark.parametrize(
    ("count", "cut"), [(10, ["1 to 10 of 10"]), (11, ["1 to 10 of 11", "11 to 11 of 11"]), (23, ["21 to 23 of 23"])]
)
def test_no_page_has_more_than_ten_lines(print_sheet, count, cut):
    pages = page_texts(print_sheet(sheet(count)))
    assert all(text.count("May 13, 2026 ") - text.count("electronically May 13") <= 10 for text in pages)
    assert all(any(f"Service lines {part}" in text for text in pages) for part in cut)
    assert sum(text.count("Service lines") for text in pages) == -(-count // 10)


def test_amounts_end_on_one_edge(print_sheet):
    content = sheet(3)
    content = replace(content, lines=(replace(content.lines[0], fee=Decimal("12345.00")), *content.lines[1:]))
    document = pypdfium2.PdfDocument(print_sheet(content))
    edges = []
    for page in document:
        text = page.get_textpage()
        for amount in ("12345.00", "0.00", "103.00"):
            found = text.search(amount, match_whole_word=True)
            while hit := found.get_next():
                edges.append(text.get_charbox(hit[0] + hit[1] - 1, loose=True)[2])
    document.close()
    assert len(edges) == 3
    assert max(edges) - min(edges) < 0.1


def test_patient_case_and_claim_stand_on_every_page(print_sheet):
    pages = page_texts(print_sheet(sheet(23)))
    for number, text in enumerate(pages, start=1):
        assert says(text, SCRIPTS["Arabic"])
        assert "Case TD-2026-00451" in text
        assert "Claim TD000451C1" in text
        assert f"Page {number} of {len(pages)}" in text


def test_a_long_value_goes_on_and_is_not_cut(print_sheet):
    content = sheet()
    words = [f"remark{n:03d}" for n in range(600)]
    item = replace(content.after_lines[0].items[3], value=" ".join(words))
    group = replace(content.after_lines[0], items=(item,))
    whole = " ".join(page_texts(print_sheet(replace(content, after_lines=(group,)))))
    assert all(word in whole for word in words)


@pytest.mark.parametrize(
    ("amount", "shown"), [("0", "0.00"), ("1250.5", "1250.50"), ("-3", "-3.00"), ("1E+2", "100.00")]
)
def test_money_has_two_decimals_and_nothing_else(amount, shown):
    assert money_text(Decimal(amount)) == shown


def test_a_fraction_of_a_cent_is_refused():
    with pytest.raises(ValueError, match="fraction of a cent"):
        money_text(Decimal("0.005"))
