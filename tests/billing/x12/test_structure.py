"""Damaged files: what is wrong with the form is caught by pyx12, by our independent reader, or by both."""

import re
from pathlib import Path

import pytest

from tests.billing.claims.cast import adult, medicaid_child, school_child
from tests.billing.x12.files import packet, submission, text_of
from tests.billing.x12.independent_reader import structural_faults
from tests.judges.pyx12_judge import pyx12_errors

GOOD = text_of(
    submission(school_child(), "hygienist", claim_id="TD26-1", attachments=packet("TD26")),
    submission(medicaid_child(), claim_id="TD26-2"),
    submission(adult(), claim_id="TD26-3"),
)

# name: (pattern, replacement, who must see it)
DAMAGE = {
    "interchange number differs": (r"IEA\*1\*000000042", "IEA*1*000000043", "both"),
    "group number differs": (r"GE\*1\*17", "GE*1*18", "both"),
    "set number differs": (r"SE\*(\d+)\*0001", r"SE*\1*0002", "both"),
    "segment count is off by one": (r"SE\*\d+", "SE*9", "both"),
    "version of another guide": (r"(ST\*837\*0001\*)005010X224A2", r"\g<1>005010X222A1", "reader"),
    "ISA is one sign short": (r"RBSOH01        \*", "RBSOH01       *", "reader"),
    "BHT is missing": (r"BHT\*.*\n", "", "both"),
    "encounter instead of claim": (r"\*CH~", "*RP~", "reader"),
    "submitter is missing": (r"NM1\*41\*.*\n", "", "pyx12"),
    "receiver is missing": (r"NM1\*40\*.*\n", "", "pyx12"),
    "billing NPI qualifier": (r"\*XX\*1234567893", "*ZZ*1234567893", "both"),
    "billing provider is missing": (r"NM1\*85\*.*\n", "", "both"),
    "tax number is missing": (r"REF\*EI\*.*\n", "", "both"),
    "hierarchy skips a number": (r"HL\*4\*", "HL*7*", "both"),
    "hierarchy has no such parent": (r"HL\*4\*1\*", "HL*4*9*", "both"),
    "child is denied": (r"HL\*2\*1\*22\*1", "HL*2*1*22*0", "reader"),
    "subscriber information is missing": (r"SBR\*.*\n", "", "both"),
    "relationship is unknown": (r"PAT\*19", "PAT*99", "pyx12"),
    "birth date is impossible": (r"D8\*20170305", "D8*20170231", "both"),
    "sex is unknown": (r"(DMG\*D8\*\d+\*)M", r"\1X", "both"),
    "claim has no place": (r"\*03:B:1\*", "**", "both"),
    "facility qualifier": (r"03:B:1", "03:A:1", "both"),
    "frequency 7 without the payer's number": (r"03:B:1", "03:B:7", "reader"),
    "release is neither Y nor I": (r"\*Y\*A\*Y\*Y", "*Y*A*Y*N", "both"),
    "assignment code of the professional claim": (r"\*Y\*A\*Y\*Y", "*Y*B*Y*Y", "pyx12"),
    "date qualifier": (r"DTP\*472", "DTP*431", "both"),
    "report type that dental claims lack": (r"PWK\*OZ", "PWK*77", "both"),
    "attachment without its number": (r"\*AC\*TD26A", "", "both"),
    "attachment number twice": (r"AC\*TD26B", "AC*TD26A", "reader"),
    "note of another kind": (r"NTE\*ADD", "NTE*DGN", "pyx12"),
    "diagnosis qualifier": (r"HI\*ABK", "HI*BK", "reader"),
    "two principal diagnoses": (r"ABF:K0252", "ABK:K0252", "both"),
    "diagnosis with its dot": (r"K0262", "K02.62", "reader"),
    "rendering provider without a specialty": (r"PRV\*PE.*\n", "", "both"),
    "supervisor under another letter": (r"NM1\*DQ", "NM1*DX", "pyx12"),
    "line counter is missing": (r"LX\*2~\n", "", "both"),
    "line counter repeats": (r"LX\*2~", "LX*1~", "both"),
    "medical procedure qualifier": (r"AD:D0191", "HC:D0191", "both"),
    "service without a code": (r"SV3\*AD:D0191", "SV3*AD", "both"),
    "charge is no number": (r"AD:D0191\*45", "AD:D0191*4S", "both"),
    "tooth system is unknown": (r"TOO\*JP\*A", "TOO*JO*A", "both"),
    "surface is unknown": (r"\*O:B~", "*O:Q~", "both"),
    "line without its control number": (r"REF\*6R\*TD26-1-2~\n", "", "reader"),
    "segment ends in an empty element": (r"PAT\*19~", "PAT*19*~", "both"),
    "lower case": (r"OKAFOR\*THEO", "Okafor*THEO", "reader"),
    "segment of another guide": (r"LX\*1~", "LX*1~\nSV1*HC:99213*45*UN*1~", "pyx12"),
}  # fmt: skip


def test_the_undamaged_file_is_taken_by_both(tmp_path: Path):
    path = tmp_path / "good.edi"
    path.write_text(GOOD, encoding="ascii")
    assert (pyx12_errors(path), structural_faults(GOOD)) == ([], [])


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_seen(damage: str, tmp_path: Path):
    pattern, replacement, expected = DAMAGE[damage]
    damaged, times = re.subn(pattern, replacement, GOOD, count=1)
    assert times == 1
    path = tmp_path / "damaged.edi"
    path.write_text(damaged, encoding="ascii")
    seen = {"pyx12": bool(pyx12_errors(path)), "reader": bool(structural_faults(damaged))}
    assert all(seen.values()) if expected == "both" else seen[expected], seen
