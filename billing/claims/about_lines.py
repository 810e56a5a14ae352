"""Rules about the lines: dates, places, fees, codes, diagnoses, radiographs."""

import re
from collections.abc import Iterable

from billing.claims.facts import ASYNCHRONOUS, IMAGES, SYNCHRONOUS, ClaimFacts
from billing.claims.lines import ClaimDraft, ClaimLine, place_of_service, service_date, total_of
from billing.claims.rule import Rule
from teledent.kit.clock import day_in_words

MAX_LINES = 50
MAX_DIAGNOSES = 4
TOOTH = re.compile(r"[1-9]|[12]\d|3[0-2]|5[1-9]|[67]\d|8[0-2]|[A-T]S?")
SURFACES = re.compile(r"[BDFILMO]{0,5}")
ORAL_CAVITY = ("", "00", "01", "02", "10", "20", "30", "40")


def _codes(lines: Iterable[ClaimLine]) -> str:
    return ", ".join(dict.fromkeys(line.code for line in lines))


def _has_no_services(facts: ClaimFacts, draft: ClaimDraft) -> bool:
    return not draft.lines and not facts.image_services


def _has_on_site_lines(facts: ClaimFacts, draft: ClaimDraft) -> str:
    done_on_site = {service.code for service in facts.services} - {service.code for service in facts.image_services}
    on_site = ("screening", "service")
    return _codes(line for line in draft.lines if line.code in done_on_site or facts.kind_of(line.code) in on_site)


def _image_lines(facts: ClaimFacts, draft: ClaimDraft) -> tuple[ClaimLine, ...]:
    return tuple(line for line in draft.lines if facts.kind_of(line.code) in IMAGES)


def _has_image_alone(facts: ClaimFacts, draft: ClaimDraft) -> str:
    """CL-6, also where the pictures were all that was recorded on site: a claim of nothing else is none."""
    pictures = _image_lines(facts, draft)
    care = [line for line in draft.lines if line not in pictures and facts.kind_of(line.code) != "encounter"]
    left_off = facts.image_services if draft.part == "hygienist" and not draft.lines else ()
    codes = (*(line.code for line in pictures), *(service.code for service in left_off))
    return "" if care else ", ".join(dict.fromkeys(codes))


def _has_image_of_the_reader(facts: ClaimFacts, draft: ClaimDraft) -> str:
    return _codes(line for line in _image_lines(facts, draft) if draft.lines != _image_lines(facts, draft))


def _has_half_an_image(facts: ClaimFacts, draft: ClaimDraft) -> str:
    return _codes(line for line in draft.lines if facts.kind_of(line.code) == "half")


def _leaves_half_an_image(facts: ClaimFacts, _draft: ClaimDraft) -> str:
    halves = (one.code for one in facts.image_services if facts.kind_of(one.code) == "half")
    return ", ".join(dict.fromkeys(halves))


def _bills_an_image_twice(facts: ClaimFacts, draft: ClaimDraft) -> str:
    """Each unit of a line pays for a picture at least: more units than pictures pay for one of them twice."""
    over = []
    for kind in ("radiograph", "photograph"):
        lines = [line for line in draft.lines if facts.kind_of(line.code) == kind]
        if sum(line.quantity for line in lines) > sum(image.kind == kind for image in facts.images):
            over += lines
    return _codes(over)


def _has_another_evaluation(facts: ClaimFacts, draft: ClaimDraft) -> str:
    evaluations = (line for line in draft.lines if facts.kind_of(line.code) == "evaluation")
    return _codes(line for line in evaluations if line.code != facts.case.evaluation_code)


def _has_dentist_lines(facts: ClaimFacts, draft: ClaimDraft) -> str:
    """How care was delivered is the dentist's to say, whatever use an import gave the code."""
    kinds, how = ("evaluation", "encounter"), (ASYNCHRONOUS, SYNCHRONOUS)
    return _codes(line for line in draft.lines if facts.kind_of(line.code) in kinds or line.code in how)


def _mixes_places(_facts: ClaimFacts, draft: ClaimDraft) -> bool:
    return any(line.place_of_service != draft.place_of_service for line in draft.lines)


def _was_done_away(facts: ClaimFacts, _draft: ClaimDraft) -> str:
    return facts.site.name if facts.case.away_from_site else ""


def _is_at_another_place(facts: ClaimFacts, draft: ClaimDraft) -> str:
    expected = place_of_service(facts, draft.part)
    return "" if draft.place_of_service == expected else expected


def _is_of_another_day(facts: ClaimFacts, draft: ClaimDraft) -> str:
    expected = service_date(facts, draft.part)
    return "" if draft.service_date == expected else day_in_words(expected)


def _spans_years(_facts: ClaimFacts, draft: ClaimDraft) -> bool:
    return len({line.service_date.year for line in draft.lines} | {draft.service_date.year}) > 1


def _mixes_days(facts: ClaimFacts, draft: ClaimDraft) -> str:
    if _spans_years(facts, draft):  # says so itself
        return ""
    care = (line for line in draft.lines if line.code != ASYNCHRONOUS)  # whose date is its companion's, by CL-5
    return _codes(line for line in care if line.service_date != draft.service_date)


def _lacks_fee(_facts: ClaimFacts, draft: ClaimDraft) -> str:
    return _codes(line for line in draft.lines if line.charge is None)


def _has_wrong_total(_facts: ClaimFacts, draft: ClaimDraft) -> bool:
    return draft.total != total_of(draft.lines)


def _has_odd_quantity(_facts: ClaimFacts, draft: ClaimDraft) -> str:
    return _codes(line for line in draft.lines if not 1 <= line.quantity <= 99)


def _has_too_many_lines(_facts: ClaimFacts, draft: ClaimDraft) -> bool:
    return len(draft.lines) > MAX_LINES


def _has_odd_tooth(_facts: ClaimFacts, draft: ClaimDraft) -> str:
    return _codes(line for line in draft.lines if not _is_on_a_tooth(line))


def _is_on_a_tooth(line: ClaimLine) -> bool:
    known = not line.tooth or bool(TOOTH.fullmatch(line.tooth))
    surfaces = bool(SURFACES.fullmatch(line.surfaces)) and (bool(line.tooth) or not line.surfaces)
    return known and surfaces and line.oral_cavity in ORAL_CAVITY


def _is_invalid_that_day(facts: ClaimFacts, draft: ClaimDraft) -> str:
    return _codes(line for line in draft.lines if facts.entry_for(line.code, line.service_date) is None)


def _is_unconfirmed(facts: ClaimFacts, draft: ClaimDraft) -> str:
    entries = ((line, facts.entry_for(line.code, line.service_date)) for line in draft.lines)
    return _codes(line for line, entry in entries if entry is not None and not entry.confirmed)


def _lacks_diagnosis(facts: ClaimFacts, draft: ClaimDraft) -> bool:
    return facts.coverage is not None and facts.coverage.payer.diagnosis_required and not draft.diagnoses


def _has_too_many_diagnoses(_facts: ClaimFacts, draft: ClaimDraft) -> str:
    return ", ".join(draft.diagnoses) if len(draft.diagnoses) > MAX_DIAGNOSES else ""


def _contradicts_itself(_facts: ClaimFacts, draft: ClaimDraft) -> bool:
    return "Z01.20" in draft.diagnoses and any(code.startswith("K02") for code in draft.diagnoses)


def _has_invalid_diagnosis(facts: ClaimFacts, draft: ClaimDraft) -> str:
    return ", ".join(code for code in draft.diagnoses if facts.entry_for(code, draft.service_date) is None)


def _points_nowhere(_facts: ClaimFacts, draft: ClaimDraft) -> str:
    known = set(range(1, len(draft.diagnoses) + 1))
    return _codes(line for line in draft.lines if not set(line.pointers) <= known or len(line.pointers) > 4)


def _lacks_order(facts: ClaimFacts) -> str:
    unordered = (image.view for image in facts.images if image.kind == "radiograph" and not image.has_order)
    return ", ".join(dict.fromkeys(unordered))


def _bills_radiographs(facts: ClaimFacts, draft: ClaimDraft) -> bool:
    return any(facts.kind_of(line.code) == "radiograph" for line in draft.lines)


def _bills_without_order(facts: ClaimFacts, draft: ClaimDraft) -> str:
    return _lacks_order(facts) if _bills_radiographs(facts, draft) else ""


def _attaches_without_order(facts: ClaimFacts, draft: ClaimDraft) -> str:
    return "" if _bills_radiographs(facts, draft) else _lacks_order(facts)


LINE_RULES: tuple[Rule, ...] = (
    Rule(
        "CA-3.nothing", "CA-3, CL-4", "blocks", "services",
        "No on-site service is recorded, so the hygienist's claim has no line. Record what was done, or leave it.",
        _has_no_services, part="hygienist",
    ),
    Rule(
        "CL-4.on-site", "CL-4", "blocks", "lines",
        "{what} was done on site and never goes on the dentist's claim. It has a claim of its own.",
        _has_on_site_lines, part="dentist",
    ),
    Rule(
        "RE-3.evaluation", "RE-3", "blocks", "lines",
        "{what} is not the evaluation that the dentist chose at signing. Draft the claim again.",
        _has_another_evaluation, part="dentist",
    ),
    Rule(
        "CL-4.dentist-line", "CL-4", "blocks", "lines",
        "{what} is the dentist's and never goes on the hygienist's claim.",
        _has_dentist_lines, part="hygienist",
    ),
    Rule(
        "CL-6.alone", "CL-6", "blocks", "do-not-bill",
        "{what} stands alone. A picture is billed only beside the dentist's evaluation, on the dentist's claim; end this "
        "one with “do not bill”.",
        _has_image_alone,
    ),
    Rule(
        "CL-6.reader", "CL-6", "blocks", "lines",
        "{what} is for pictures that this practice took and read: one line, on the dentist's claim. Draft the claim again.",
        _has_image_of_the_reader, part="hygienist",
    ),
    Rule(
        "CL-6.half", "CL-6", "blocks", "lines",
        "{what} pays for half a picture, taken by one practice and read by another. Here both are this practice; draft "
        "the claim again.",
        _has_half_an_image, part="dentist",
    ),
    Rule(
        "CL-6.half-left", "CL-6", "warns", "services",
        "{what} was recorded on site and is left off: it pays for half a picture, and this practice both took and read it.",
        _leaves_half_an_image, part="dentist",
    ),
    Rule(
        "CL-6.twice", "CL-6", "blocks", "services",
        "{what} bills more pictures than the record holds. The same picture is never billed twice, nor one that nobody "
        "took; end the claim with “do not bill” or ask the dentist to retract.",
        _bills_an_image_twice,
    ),
    Rule(
        "CL-3.mixed", "CL-3", "blocks", "lines",
        "The lines name different places of service. A claim has one place.",
        _mixes_places,
    ),
    Rule(
        "CL-3.away", "CL-3", "blocks", "case",
        "The record says that the patient was not at the site, and that these services were done by the hygienist of {what}. "
        "Where were they done? If one of the two is wrong the dentist retracts the record; else end the claim with “do not bill”.",
        _was_done_away, part="hygienist",
    ),
    Rule(
        "CL-3.place", "CL-3, payer profile", "blocks", "lines",
        "By the record and the payer's profile the place of service is {what}. Draft the claim again.",
        _is_at_another_place,
    ),
    Rule(
        "CL-2.day", "CL-1, CL-2", "blocks", "lines",
        "By the record and the payer's profile the date of service is {what}. Draft the claim again.",
        _is_of_another_day,
    ),
    Rule(
        "CL-2.years", "CL-2; denial code 268", "blocks", "services",
        "The lines lie in two calendar years. Codes and benefits change with the year: it takes two claims.",
        _spans_years,
    ),
    Rule(
        "CL-2.mixed", "CL-2", "blocks", "services",
        "{what} bears another date than the claim. A claim is of one day; correct the day of the service.",
        _mixes_days,
    ),
    Rule(
        "FEE.missing", "837D SV302", "blocks", "fee",
        "There is no fee for {what} on the date of service. Enter it; 0.00 is a fee.",
        _lacks_fee,
    ),
    Rule(
        "FEE.total", "837D CLM02", "blocks", "lines",
        "The total is not the sum of the lines. Draft the claim again.",
        _has_wrong_total,
    ),
    Rule(
        "LINE.quantity", "837D SV306", "blocks", "services",
        "{what} has a quantity that no claim can carry. Enter 1 to 99.",
        _has_odd_quantity,
    ),
    Rule(
        "LINE.count", "837D loop 2400", "blocks", "services",
        "A claim holds fifty lines at most.",
        _has_too_many_lines,
    ),
    Rule(
        "LINE.tooth", "837D TOO, SV304", "blocks", "services",
        "{what} names a tooth, surface or area that claims do not know. Use Universal numbers 1-32 or letters A-T.",
        _has_odd_tooth,
    ),
    Rule(
        "CD-1.valid", "CD-1", "blocks", "codes",
        "{what} is not a valid code on the date of service. Check the code table, or choose another code.",
        _is_invalid_that_day,
    ),
    Rule(
        "CD-1.confirmed", "CD-1", "blocks", "codes",
        "{what} is inactive: the practice has not confirmed that it is licensed to use it. A manager can confirm it.",
        _is_unconfirmed,
    ),
    Rule(
        "DX.missing", "payer profile", "blocks", "diagnoses",
        "This payer wants a diagnosis and the claim has none. Choose at least one of the record's diagnoses.",
        _lacks_diagnosis,
    ),
    Rule(
        "DX.four", "837D HI", "blocks", "diagnoses",
        "A claim holds four diagnoses at most, this one has {what}. Leave the others to the record.",
        _has_too_many_diagnoses,
    ),
    Rule(
        "DX.contradiction", "ICD-10-CM Z01.20; denial code 11", "blocks", "diagnoses",
        "Z01.20 says that nothing abnormal was found, and caries (K02) says otherwise. Leave Z01.20 to the record.",
        _contradicts_itself,
    ),
    Rule(
        "DX.valid", "ICD-10-CM, yearly on 1 October", "blocks", "diagnoses",
        "{what} is not a valid diagnosis code on the date of service.",
        _has_invalid_diagnosis,
    ),
    Rule(
        "DX.pointer", "837D SV311", "blocks", "lines",
        "{what} points at a diagnosis that the claim does not have. Draft the claim again.",
        _points_nowhere,
    ),
    Rule(
        "CA-2.billed", "CA-2", "blocks", "orders",
        "Nobody recorded who ordered this radiograph: {what}. Without the order it cannot be billed.",
        _bills_without_order,
    ),
    Rule(
        "CA-2.attached", "CA-2", "warns", "orders",
        "Nobody recorded who ordered this radiograph: {what}. The payer will see it beside the claim.",
        _attaches_without_order, part="dentist",
    ),
)  # fmt: skip
