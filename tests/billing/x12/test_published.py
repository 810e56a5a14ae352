"""The account of a folder of samples says what is in them and what is wrong, with its place."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.billing.x12.acknowledgements import ClaimVerdict, SetVerdict, claim_answer, syntax_answer, ta1
from tests.billing.x12.envelopes import acknowledged_interchange, interchange
from tests.billing.x12.published import account, main
from tests.billing.x12.remittances import Billed, BilledLine, Check, paid, remittance

BILLED = Billed("TD26-1", (BilledLine("A", "D0191", Decimal("45.00")),))
CHECK = Check("EFT1", (paid(BILLED),))


def account_of(folder: Path, text: str) -> list[str]:
    path = folder / "sample"
    path.write_text(text, encoding="ascii")
    return list(account(path))


def test_a_payment_that_adds_up_says_so(tmp_path: Path):
    said = account_of(tmp_path, interchange([remittance(CHECK)]))
    assert said == ["835        EFT1: 45.00 for 1 claims with 1 lines, provider adjustments 0.00; adds up"]


def test_an_element_too_many_in_a_line_shows_as_a_line_out_of_balance(tmp_path: Path):
    text = interchange([remittance(CHECK)]).replace("SVC*AD:D0191*", "SVC*AD*191.00*")
    claim, line = account_of(tmp_path, text)[1:]
    assert (claim, line) == (
        "malformed  Segment 15: claim TD26-1 is out by 146.00.",
        "malformed  Segment 19: line 'AD' is out by 146.00.",
    )


def test_each_kind_of_answer_gives_its_verdicts(tmp_path: Path):
    text = "".join(
        [
            acknowledged_interchange(ta1("000000042")),
            interchange([syntax_answer("17", [SetVerdict("0001", "R")], "R")]),
            interchange([claim_answer("TDB42", [ClaimVerdict("TD26-1"), ClaimVerdict("TD26-2", (("A7", "21"),))])]),
        ]
    )
    assert account_of(tmp_path, text) == [
        "TA1        interchange 000000042 accepted",
        "999        set 0001 rejected, group 17 rejected",
        "277        batch TDB42 accepted, claim TD26-1 accepted, claim TD26-2 refused",
    ]


def test_a_file_that_cannot_be_read_fails_the_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "good.835").write_text(interchange([remittance(CHECK)]))
    assert main(tmp_path) == 0
    (tmp_path / "letter.txt").write_text("Dear practice")
    assert main(tmp_path) == 1
    assert "letter.txt\n  malformed  Nothing in this file is an X12 interchange" in capsys.readouterr().out
