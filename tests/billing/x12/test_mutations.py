"""For each rule that blocks a claim: a change of the exported text that an independent reader must refuse.

Four claims are written and taken; then one thing is changed in the text, counts put right, and the reader that shares
nothing with the writer has to name the fault. What no text shows (was it signed? was consent given?) the practice's
own register holds against the claim's id.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import count

import pytest

from billing.claims.about_authorisations import AUTHORISATION_RULES
from billing.claims.about_payer_rules import PAYER_RULES
from billing.claims.earlier_lines import LineAnswer, PayerAdjustment
from billing.claims.facts import EarlierAnswer
from billing.claims.rules import RULES
from tests.billing.claims.cast import DAY_SIGNED, adult, medicaid_child, school_child, with_coverage
from tests.billing.x12.files import packet, submission, text_of
from tests.billing.x12.independent_payer import Books, Entry, PayerBook, refusals
from tests.billing.x12.random_claims import FIRST

Mutate = Callable[[str], str]

HALVORSEN, REYES = "1888888884", "1555555550"
ALL = frozenset(["D0140", "D0170", "D0171"])
ENTRY = Entry("dentist", "20260915", HALVORSEN, frozenset([("TD26A", "OZ"), ("TD26B", "RB")]), evaluation="D0140")
ON_SITE = Entry("hygienist", "20260914", REYES, has_order=False)
STANDINGS = (
    "retracted", "unsigned", "no consent to bill", "no teledentistry consent", "no evaluation", "live", "live contact",
    "same building", "outcome pending", "no consent to photographs", "another birth date", "another name",
)  # fmt: skip
VALID = (
    "D0140", "D0170", "D0171", "D9996", "D9995", "D0191", "D1354", "D0270", "K0262", "K0252", "Z0121", "Z0120",
    "K0510", "K036",
)  # fmt: skip
BOOKS = Books(
    payers={
        "EXDEN": PayerBook(ALL, "02", frozenset([REYES])),
        "EXMCD": PayerBook(frozenset(["D0140"]), "03", wants_diagnosis=True),
        "EXNOT": PayerBook(ALL, "02", takes_stored=False),
    },
    members={
        "EXM004417820": ("20260101", "20261231"),
        "EXM77": ("20260101", "20261231"),
        "EXM78": ("20260101", "20261231"),
        "EXMOLD": ("20250101", "20251231"),
        "OR5512": ("20260101", "20261231"),
    },
    people={
        "EXM004417820 THEO": "OKAFOR", "EXMOLD THEO": "OKAFOR", "OR5512 THEO": "OKAFOR", "EXM77 ASA": "LINDQVIST",
        "EXM78 ASA": "LINDQVIST",
    },
    codes={**dict.fromkeys(VALID, ("20180101", "20991231")), "D0351": ("20070101", "20221231")},
    fees={"D0140": "82", "D0170": "64.5", "D0171": "51.25", "D9996": "0", "D9995": "0", "D0191": "45",
          "D1354": "27.35", "D0270": "25.5"},
    licences={HALVORSEN: ("OR", "20200101", "20270331"), REYES: ("OR", "20200101", "20991231")},
    register={
        "TD26-1": ENTRY,
        "TD26-2": ON_SITE,
        "TD26-3": replace(ENTRY, date="20260914", attachments=frozenset()),
        "TD26-4": replace(ENTRY, attachments=frozenset(), evaluation="D0171"),
        "TD26-80": replace(ON_SITE, standing="unsubmitted"),
        "TD26-81": replace(ON_SITE, standing="at home"),
        **{f"TD26-9{index:02}": replace(ENTRY, standing=standing) for index, standing in enumerate(STANDINGS)},
    },
    already=frozenset([("EXM78", "ASA", "20260915")]),
)  # fmt: skip


@cache
def exported() -> str:
    return text_of(
        submission(school_child(), claim_id="TD26-1", attachments=packet("TD26")),
        submission(school_child(), "hygienist", claim_id="TD26-2"),
        submission(medicaid_child(), claim_id="TD26-3"),
        submission(adult(), claim_id="TD26-4"),
    )


@cache
def exported_later() -> str:
    """The first claim as it goes to the next payer, with what the one before made of its two lines."""
    whole = school_child()
    first = LineAnswer(1, "D0140", Decimal(82), Decimal(50), (PayerAdjustment("CO", "45", Decimal(32)),))
    lines = (first, LineAnswer(2, "D9996", Decimal(0), Decimal(0)))
    answer = EarlierAnswer(FIRST, Decimal(82), Decimal(50), DAY_SIGNED, "20269871", (), lines)
    facts = replace(with_coverage(whole, sequence="S"), earlier_answer=answer)
    return text_of(submission(facts, claim_id="TD26-1", attachments=packet("TD26")))


def later(mutate: Mutate) -> Mutate:
    """The change made to the claim to the next payer."""
    return lambda _text: mutate(exported_later())


def without_the_answer(text: str) -> str:
    """2320, 2330 and 2430 cut out."""
    text = re.sub(r"SBR\*P\*(.*\n)*?(?=LX\*1~)", "", text)
    return recounted(re.sub(r"(SVD|CAS|DTP\*573)\*.*\n", "", text))


def recounted(text: str) -> str:
    """SE01 put right and lines numbered anew, so that a mutation is refused for what it is."""
    number = count(1)
    parts = []
    for segment in text.split("~\n"):
        if segment.startswith("CLM"):
            number = count(1)
        parts.append(f"LX*{next(number)}" if segment.startswith("LX*") else segment)
    inside = sum(1 for part in parts if part) - 4
    return re.sub(r"SE\*\d+\*", f"SE*{inside}*", "~\n".join(parts))


def swap(old: str, new: str, nth: int = 1) -> Mutate:
    """Replace the nth occurrence of `old`."""

    def mutate(text: str) -> str:
        pieces = text.split(old)
        assert len(pieces) > nth, f"{old!r} is not there {nth} times"
        return recounted(old.join(pieces[:nth]) + new + old.join(pieces[nth:]))

    return mutate


def line(claim: str, number: int) -> str:
    """The text of one line of the exported file, from LX to REF."""
    found = re.search(rf"LX\*{number}~\n(?:(?!LX|CLM|HL).*\n)*?REF\*6R\*{claim}-{number}~\n", exported())
    assert found is not None
    return found.group()


def without_line(claim: str, number: int) -> Mutate:
    return swap(line(claim, number), "")


def with_line(claim: str, after: int, service: str) -> Mutate:
    added = f"LX*9~\nSV3*AD:{service}~\nREF*6R*{claim}-{after + 1}~\n"
    return swap(line(claim, after), line(claim, after) + added)


def standing(reason: str) -> Mutate:
    return lambda text: text.replace("TD26-1", f"TD26-9{STANDINGS.index(reason):02}")


def fifty_one_lines(text: str) -> str:
    many = "".join(f"LX*1~\nSV3*AD:D9995*0~\nREF*6R*TD26-4-{number}~\n" for number in range(3, 52))
    return swap(line("TD26-4", 2), line("TD26-4", 2) + many)(text)


def no_lines(text: str) -> str:
    emptied = re.sub(r"(CLM\*TD26-2\*)99\.7(.*?)LX\*.*?(HL\*)", r"\g<1>0\2\3", text, flags=re.DOTALL)
    return recounted(emptied)


def pictures_alone(text: str) -> str:
    for number in (2, 3):
        text = text.replace(line("TD26-2", number), "")
    return recounted(text.replace("AD:D0191*45", "AD:D0270*45"))


PATIENT = "N3*77 ALDER LANE~\n"
SCHOOL = "N3*1200 SCHOOL STREET~\n"
RENDERING = "NM1*82*1*HALVORSEN*INGRID****XX*1888888884~\n"

# rule: (the change, words of the refusal)
MUTATIONS: dict[str, tuple[Mutate, str]] = {
    "RE-5.ended": (standing("retracted"), "retracted"),
    "RE-5.unsigned": (standing("unsigned"), "unsigned"),
    "CA-6.unsubmitted": (lambda text: text.replace("TD26-2", "TD26-80"), "unsubmitted"),
    "CO-1.bill": (standing("no consent to bill"), "no consent to bill"),
    "CO-1.signature": (swap("*Y*A*Y*Y~", "*Y*A*N*I~"), "signature on file"),
    "CO-2.teledentistry": (standing("no teledentistry consent"), "no teledentistry consent"),
    "CO-2.capture": (standing("no consent to photographs"), "no consent to photographs"),
    "RE-4.no-evaluation": (standing("no evaluation"), "no evaluation"),
    "RE-3.live": (standing("live"), "holds it: live"),
    "CL-7.encounter": (without_line("TD26-1", 2), "encounter code is not on the claim"),
    "RE-3.live-contact": (standing("live contact"), "live contact"),
    "RE-3.same-building": (standing("same building"), "same building"),
    "CH-2.outcome": (standing("outcome pending"), "outcome pending"),
    "COV.missing": (swap("NM1*PR*2*EXAMPLE DENTAL INSURANCE*****PI*EXDEN~\n", ""), "no payer id"),
    "COB.answer": (later(without_the_answer), "with the answer of the one before"),
    "COB.lines": (later(swap("SV3*AD:D0140*82~", "SV3*AD:D0140*83~")), "line 1 does not balance"),
    "COB.balance": (later(swap("AMT*D*50~", "AMT*D*51~")), "charge is not what was paid and taken off"),
    "COB.codes": (later(swap("CAS*CO*45", "CAS*XX*45")), "an adjustment of no group"),
    "COB.payer": (later(swap("NM1*PR*2*FIRST DENTAL*****PI*FIRST1~", "NM1*PR*2*FIRST DENTAL~")), "not judged by that payer"),
    "CL-7.not-taken": (swap("*PI*EXDEN", "*PI*EXNOT"), "takes no asynchronous"),
    "COV.dates": (swap("EXM004417820", "EXMOLD"), "not covered"),
    "COV.member-id": (swap("*MI*EXM004417820", "*MI*E"), "no member id"),
    "COV.relationship": (swap("SBR*P**", "SBR*P*18*"), "relationship"),
    "PAY.id": (swap("*****PI*EXDEN", "*****PI"), "no payer id"),
    "PAY.filing-code": (swap("GRP77120******CI~", "GRP77120~"), "filing code"),
    "NAME.card": (swap("NM1*QC*1*OKAFOR*THEO~", "NM1*QC*1*OKAFOR~"), "a person has no name"),
    "NAME.latin": (swap("NM1*QC*1*OKAFOR*", "NM1*QC*1*李*"), "NM103 carries a sign"),
    "CL-4.undecided": (swap("*PI*EXDEN", "*PI*EXMCD", 2), "another rendering provider for on-site"),
    "CL-4.not-billable": (swap("*PI*EXDEN", "*PI*EXNOT", 2), "another rendering provider for on-site"),
    "CL-5.companion": (swap("AD:D0140*82*", "AD:D0171*82*"), "no companion that the payer accepts"),
    "CL-5.alone": (without_line("TD26-1", 1), "D9996 alone"),
    "CL-5.date": (swap("SV3*AD:D9996*0~\n", "SV3*AD:D9996*0~\nDTP*472*D8*20260914~\n"), "a date of its own"),
    "CL-5.rendering": (
        swap("REF*6R*TD26-1-2~\n", "REF*6R*TD26-1-2~\nNM1*82*1*BRANDT*OLU****XX*1999999984~\n"), "provider of its own",
    ),
    "CL-5.twice": (with_line("TD26-1", 2, "D9996*0"), "D9996 twice"),
    "CL-5.missing": (without_line("TD26-4", 2), "encounter code is not on the claim"),
    "CL-5.quantity": (swap("SV3*AD:D9996*0~", "SV3*AD:D9996*0****2~"), "D9996 with a quantity"),
    "CL-5.live-code": (with_line("TD26-1", 2, "D9995*0"), "D9996 beside D9995"),
    "CL-5.swapped": (swap("SV3*AD:D9996*0~", "SV3*AD:D9995*0~"), "encounter code is not on the claim"),
    "CL-5.treatment": (swap("AD:D0140*82~", "AD:D9110*82~"), "laid hands on the patient"),
    "CL-5.consultation": (with_line("TD26-1", 2, "D9310*82"), "a consultation that nobody asked for"),
    "CL-5.once-a-day": (swap("*MI*EXM77~", "*MI*EXM78~"), "billed before"),
    "CA-3.nothing": (no_lines, "not counted from one"),
    "CL-4.on-site": (with_line("TD26-1", 2, "D0191*0"), "lines of another part"),
    "RE-3.evaluation": (swap("AD:D0171*51.25", "AD:D0170*51.25"), "another evaluation"),
    "CL-4.dentist-line": (swap("AD:D0191*45", "AD:D0140*45"), "lines of another part"),
    "CL-6.alone": (pictures_alone, "pictures alone"),
    "CL-6.reader": (swap("AD:D0191*45", "AD:D0270*45"), "a picture on the hygienist's claim"),
    "CL-6.half": (with_line("TD26-1", 2, "D0708*10"), "half a picture"),
    "CL-6.twice": (with_line("TD26-1", 2, "D0270*51****2"), "more pictures than"),
    "CL-3.away": (lambda text: text.replace("TD26-2", "TD26-81"), "at home"),
    "CL-3.mixed": (swap("SV3*AD:D9996*0~", "SV3*AD:D9996*0*03~"), "a place or a date of its own"),
    "CL-3.place": (swap("*02:B:1*", "*11:B:1*"), "another place of service"),
    "CL-2.day": (swap("DTP*472*D8*20260915", "DTP*472*D8*20260916"), "another date of service"),
    "CL-2.years": (swap("DTP*472*D8*20260914", "DTP*472*RD8*20261231-20270101"), "not one date of service"),
    "CL-2.mixed": (
        swap("SV3*AD:D0191*45~\n", "SV3*AD:D0191*45~\nDTP*472*D8*20260913~\n"), "a place or a date of its own",
    ),
    "FEE.missing": (swap("SV3*AD:D0140*82~", "SV3*AD:D0140~"), "no amount"),
    "FEE.total": (swap("CLM*TD26-1*82*", "CLM*TD26-1*82.01*"), "not the sum"),
    "LINE.quantity": (swap("SV3*AD:D0191*45~", "SV3*AD:D0191*45****0~"), "no quantity above one"),
    "LINE.count": (fifty_one_lines, "too many"),
    "LINE.tooth": (swap("TOO*JP*A~", "TOO*JP*33~"), "names no tooth"),
    "CD-1.valid": (swap("AD:D0140*82~", "AD:D0351*82~"), "D0351 is not valid"),
    "CD-1.confirmed": (swap("AD:D0140*82~", "AD:D0150*82~"), "D0150 is not valid"),
    "DX.missing": (
        lambda text: recounted(re.sub(r"HI\*.*\n", "", text).replace("*********1:2:3", "")), "wants a diagnosis",
    ),
    "DX.four": (swap("ABF:Z0121", "ABF:Z0121*ABF:K0510*ABF:K036"), "one principal and up to three"),
    "DX.contradiction": (swap("ABF:Z0121", "ABF:Z0120"), "nothing abnormal and caries"),
    "DX.valid": (swap("ABK:K0262", "ABK:K0299"), "K0299 is not valid"),
    "DX.pointer": (swap("1:2:3", "1:2:4"), "points at no diagnosis"),
    "CA-2.billed": (swap("AD:D0191*45", "AD:D0270*45"), "without an order"),
    "BILL.npi": (swap("*XX*1234567893", "*XX*1234567890"), "check digit"),
    "BILL.tin": (swap("REF*EI*931234567", "REF*EI*93123456"), "nine digits"),
    "BILL.address": (swap("N3*410 RIVER ROAD*SUITE 200~\n", ""), "no billing address"),
    "BILL.plus-four": (swap("*974770001~", "*97477~"), "has no four"),
    "BILL.po-box": (swap("N3*410 RIVER ROAD*", "N3*P.O. BOX 12*"), "post office box"),
    "PROV.missing": (swap(RENDERING + "PRV*PE*PXC*1223P0221X~\n", ""), "no rendering provider"),
    "PROV.npi": (swap("1888888884", "1888888885"), "check digit"),
    "PROV.taxonomy": (swap("PRV*PE*PXC*1223P0221X~\n", ""), "with a specialty"),
    "PROV.name": (swap("NM1*82*1*HALVORSEN*INGRID*", "NM1*82*1**INGRID*"), "a person has no name"),
    "RE-1.licence": (swap(SCHOOL + "N4*SPRINGFIELD*OR", SCHOOL + "N4*SPRINGFIELD*WA"), "no licence"),
    "ID-3.identity": (standing("another birth date"), "another birth date"),
    "ID-3.name": (standing("another name"), "another name"),
    "PAT.address": (swap(PATIENT, ""), "an address is incomplete"),
    "PAT.birth": (swap("DMG*D8*20170305", "DMG*D8*20270305"), "no birth date"),
    "PAT.missing-teeth": (swap("DN2*16*", "DN2*A*"), "not permanent"),
    "SITE.address": (swap(SCHOOL, ""), "an address is incomplete"),
}  # fmt: skip


def test_the_untouched_file_is_taken():
    assert refusals(exported(), BOOKS) == []
    assert recounted(exported()) == exported()
    assert refusals(exported_later(), BOOKS) == []
    assert recounted(exported_later()) == exported_later()


@pytest.mark.parametrize("rule", MUTATIONS)
def test_a_text_that_breaks_the_rule_is_refused_for_it(rule: str):
    mutate, words = MUTATIONS[rule]
    mutated = mutate(exported())
    assert mutated not in (exported(), exported_later())
    assert [refusal for refusal in refusals(mutated, BOOKS) if words in refusal]


def test_every_rule_that_blocks_has_its_mutation():
    """But for those that ask the payer's dated rows: the judge of the text holds no such rows."""
    of_rows = {*PAYER_RULES, *AUTHORISATION_RULES}
    assert {rule.id for rule in RULES if rule.severity == "blocks" and rule not in of_rows} == set(MUTATIONS)
