"""Rules about the people and places that a claim names: billing entity, dentist, hygienist, patient, site."""

import re

from billing.claims.about_lines import TOOTH
from billing.claims.facts import Address, ClaimFacts, Clinician
from billing.claims.latin import to_latin, unwritable
from billing.claims.lines import ClaimDraft, day_of_act
from billing.claims.rule import Rule
from teledent.kit.clock import day_in_words
from teledent.kit.identifiers import TAXONOMY, npi_is_valid, zip_has_plus_four

PO_BOX = re.compile(r"\bP\.? ?O\.? ?BOX\b|\bPOST OFFICE BOX\b|\bPOB \d")
STATE = re.compile(r"[A-Z]{2}")


def _is_complete(place: Address) -> bool:
    written = len(to_latin(place.street)) > 0 and len(to_latin(place.city)) > 1
    return written and bool(STATE.fullmatch(place.state)) and len(place.zip_digits) in (5, 9)


def _practice_lacks_npi(facts: ClaimFacts, _draft: ClaimDraft) -> bool:
    return not npi_is_valid(facts.practice.npi)


def _practice_lacks_tin(facts: ClaimFacts, _draft: ClaimDraft) -> bool:
    return not re.fullmatch(r"\d{2}-?\d{7}|\d{3}-\d{2}-\d{4}", facts.practice.tin, re.ASCII)


def _practice_lacks_address(facts: ClaimFacts, _draft: ClaimDraft) -> bool:
    return not to_latin(facts.practice.name) or not _is_complete(facts.practice.address)


def _practice_lacks_plus_four(facts: ClaimFacts, draft: ClaimDraft) -> bool:
    return not _practice_lacks_address(facts, draft) and not zip_has_plus_four(facts.practice.address.zip_code)


def _practice_is_a_box(facts: ClaimFacts, _draft: ClaimDraft) -> bool:
    streets = (facts.practice.address.street, facts.practice.address.street2)
    return any(PO_BOX.search(to_latin(street)) for street in streets)


def _nobody_renders(facts: ClaimFacts, draft: ClaimDraft) -> str:
    if draft.rendering is not None or (facts.case.signed_at is None and draft.part == "dentist"):
        return ""  # an unsigned case says so itself
    if draft.part == "dentist":
        return "the dentist who signed"
    setting = facts.coverage.payer.rendering_on_site if facts.coverage else None
    return {"hygienist": "the hygienist", "supervising": "the supervising dentist"}.get(setting or "", "")


def _named(draft: ClaimDraft) -> tuple[Clinician, ...]:
    return tuple(one for one in (draft.rendering, draft.supervising) if one is not None)


def _clinician_lacks_npi(_facts: ClaimFacts, draft: ClaimDraft) -> str:
    return ", ".join(_name(one) for one in _named(draft) if not npi_is_valid(one.npi))


def _clinician_lacks_taxonomy(_facts: ClaimFacts, draft: ClaimDraft) -> str:
    known = draft.rendering is None or bool(TAXONOMY.fullmatch(draft.rendering.taxonomy))
    return "" if known or draft.rendering is None else _name(draft.rendering)


def _clinician_lacks_name(_facts: ClaimFacts, draft: ClaimDraft) -> bool:
    return any(not one.name.last.strip() or any(map(unwritable, one.name.parts)) for one in _named(draft))


def _clinician_lacks_licence(facts: ClaimFacts, draft: ClaimDraft) -> str:
    """RE-1: active on the day of the act, where the patient was."""
    day = day_of_act(facts, draft.part)
    if draft.rendering is None or draft.rendering.licence_in(facts.case.patient_state, day):
        return ""
    return f"{_name(draft.rendering)} in {facts.case.patient_state} on {day_in_words(day)}"


def _is_another_patient(facts: ClaimFacts, _draft: ClaimDraft) -> str:
    """ID-3: what tells one child from another was changed after the signature."""
    known, signed = facts.patient.known_as, facts.patient.signed_as
    if known is None or signed is None:  # facts frozen before they held it
        return ""
    born = "" if known.birth_date == signed.birth_date else "birth date"
    return " and ".join(part for part in (born, "" if known.sex == signed.sex else "sex") if part)


def _has_another_name(facts: ClaimFacts, _draft: ClaimDraft) -> str:
    known, signed = facts.patient.known_as, facts.patient.signed_as
    if known is None or signed is None or facts.patient.name_confirmed:
        return ""
    same = known.legal_name == signed.legal_name
    return "" if same else f"“{signed.legal_name}”, and the patient's legal name is now “{known.legal_name}”"


def _patient_lacks_address(facts: ClaimFacts, _draft: ClaimDraft) -> bool:
    return not _is_complete(facts.patient.address)


def _patient_lacks_birth(facts: ClaimFacts, draft: ClaimDraft) -> bool:
    return facts.patient.birth_date > draft.service_date


def _has_odd_missing_teeth(facts: ClaimFacts, _draft: ClaimDraft) -> str:
    permanent = [tooth for tooth in facts.patient.missing_teeth if TOOTH.fullmatch(tooth) and tooth.isdigit()]
    return ", ".join(tooth for tooth in facts.patient.missing_teeth if tooth not in permanent or int(tooth) > 32)


def _site_lacks_address(_facts: ClaimFacts, draft: ClaimDraft) -> bool:
    place = draft.service_facility
    return place is not None and (not to_latin(place.name) or not _is_complete(place.address))


def _name(clinician: Clinician) -> str:
    return f"{clinician.name.first} {clinician.name.last}".strip()


PEOPLE_RULES: tuple[Rule, ...] = (
    Rule(
        "BILL.npi", "837D NM109 of 2010AA", "blocks", "practice",
        "The practice's NPI is missing or its check digit is wrong.",
        _practice_lacks_npi,
    ),
    Rule(
        "BILL.tin", "837D REF of 2010AA", "blocks", "practice",
        "The practice's tax number is missing or has not nine digits.",
        _practice_lacks_tin,
    ),
    Rule(
        "BILL.address", "837D N3, N4 of 2010AA", "blocks", "practice",
        "The practice's name or address is incomplete.",
        _practice_lacks_address,
    ),
    Rule(
        "BILL.plus-four", "837D N403 of 2010AA", "blocks", "practice",
        "The practice's ZIP code needs all nine digits (ZIP+4).",
        _practice_lacks_plus_four,
    ),
    Rule(
        "BILL.po-box", "837D N301 of 2010AA", "blocks", "practice",
        "The practice's billing address is a post office box. Claims want a street address.",
        _practice_is_a_box,
    ),
    Rule(
        "PROV.missing", "837D 2310B", "blocks", "credential",
        "The claim cannot name {what}. Complete the person's credential.",
        _nobody_renders,
    ),
    Rule(
        "PROV.npi", "837D NM109 of 2310B", "blocks", "credential",
        "The NPI of {what} is missing or its check digit is wrong.",
        _clinician_lacks_npi,
    ),
    Rule(
        "PROV.taxonomy", "837D PRV of 2310B", "blocks", "credential",
        "The taxonomy code of {what} is missing or malformed.",
        _clinician_lacks_taxonomy,
    ),
    Rule(
        "PROV.name", "837D NM103 of 2310B", "blocks", "credential",
        "A clinician's name on this claim is missing or not in Latin letters. Complete the credential.",
        _clinician_lacks_name,
    ),
    Rule(
        "RE-1.licence", "RE-1", "blocks", "credential",
        "No active licence is recorded for {what}. Complete the credential if there is one.",
        _clinician_lacks_licence,
    ),
    Rule(
        "ID-3.identity", "ID-3", "blocks", "case",
        "The patient's {what} was changed after the signature. Look at the record: if the pictures are of another patient, "
        "the dentist retracts it; if what was signed was wrong, end the claim with “do not bill”.",
        _is_another_patient,
    ),
    Rule(
        "ID-3.name", "ID-3", "blocks", "name",
        "The review was signed for {what}. Look at the record; if both are the same person, confirm it and say why.",
        _has_another_name,
    ),
    Rule(
        "PAT.address", "837D N3, N4 of 2010BA or 2010CA", "blocks", "patient",
        "The patient's address is incomplete: street, city, state and ZIP code.",
        _patient_lacks_address,
    ),
    Rule(
        "PAT.birth", "837D DMG02", "blocks", "patient",
        "The patient's birth date lies after the date of service.",
        _patient_lacks_birth,
    ),
    Rule(
        "PAT.missing-teeth", "837D DN2", "blocks", "patient",
        "Among the missing teeth, {what} is no permanent tooth. A claim lists 1 to 32.",
        _has_odd_missing_teeth,
    ),
    Rule(
        "SITE.address", "837D 2310C", "blocks", "site",
        "The name or address of the place of service is incomplete.",
        _site_lacks_address,
    ),
)  # fmt: skip
