"""The claim data sheet: every item of the paper form by its number, in our own words, from the same frozen facts and
draft as the 837D of the claim. A blank says why it is blank (edi.md 6)."""

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from billing.claims.facts import Address, CardName, ClaimFacts, Clinician
from billing.claims.lines import ClaimDraft, day_of_act, is_epsdt
from billing.claims.remarks import remarks
from billing.models import Relationship
from billing.packet.content import DataSheetContent, Item, ItemGroup, ServiceLine

SEX = {"M": "Male", "F": "Female", "U": "Not stated"}


def sheet_content(
    claim_id: str,
    facts: ClaimFacts,
    draft: ClaimDraft,
    *,
    attachments: Iterable[str],
    issued: Iterable[str] = (),
    changes: str = "",
) -> DataSheetContent:
    """`attachments` are the claim's attachment numbers as PWK06 has them, `issued` those that a clearinghouse gave. `changes`
    says what a correction or a void is about. The claim has coverage, a renderer and every fee."""
    return DataSheetContent(
        practice=facts.practice.name,
        patient=facts.patient.name_in_use,
        case_number=facts.case.number,
        claim_number=claim_id,
        before_lines=(_payer_group(facts, draft, changes), _people_group(claim_id, facts)),
        lines=tuple(_lines(facts, draft)),
        other_fee=None,
        total=draft.total,
        after_lines=(
            _record_group(facts, draft, tuple(attachments), tuple(issued)),
            _not_here_group(),
            _billing_group(facts),
            _treating_group(facts, draft),
        ),
    )


def _payer_group(facts: ClaimFacts, draft: ClaimDraft, changes: str) -> ItemGroup:
    coverage = facts.coverage
    payer = coverage.payer if coverage else None
    epsdt = "; check-up programme for children" if is_epsdt(facts, draft.service_date) else ""
    address = _place(payer.address) if payer and payer.address else ""
    return ItemGroup(
        "Claim and payer",
        (
            Item("1", "Kind of transaction", "; ".join(part for part in (f"Actual services{epsdt}", changes) if part)),
            Item("2", "Earlier authorization number", _authorised(draft), "none covers these services"),
            Item("3", "Payer", ", ".join(part for part in (payer.name if payer else "", address) if part)),
            Item("3a", "Payer's id", payer.payer_id if payer else ""),
            Item("4-11a", "Other coverage", _earlier(facts), "billed to this payer alone"),
        ),
    )


def _authorised(draft: ClaimDraft) -> str:
    """What the payer authorised, and what it said it would pay, each under its number."""
    predetermined = _with_lines({line.number: line.predetermination for line in draft.lines})
    authorised = _with_lines({line.number: line.authorisation for line in draft.lines})
    return "; ".join(part for part in (authorised, predetermined and f"predetermination {predetermined}") if part)


def _with_lines(numbers: Mapping[int, str]) -> str:
    """One number for the claim, or each with its lines. `numbers` by the line's own; blank where it has none."""
    told = dict.fromkeys(filter(None, numbers.values()))
    if len(told) == 1:
        return next(iter(told))
    return "; ".join(
        f"{number} (line {', '.join(str(line) for line, its in numbers.items() if its == number)})" for number in told
    )


def _earlier(facts: ClaimFacts) -> str:
    """The payer before, as the claim to the next one names it."""
    answer = facts.earlier_answer
    if answer is None:
        return ""
    coverage = answer.coverage
    named = (coverage.payer.name, coverage.payer.payer_id, _name(coverage.subscriber_name), coverage.member_id)
    return f"{', '.join(named)}: paid ${answer.paid:.2f} on {answer.answered_on:%b %-d, %Y}"


def _people_group(claim_id: str, facts: ClaimFacts) -> ItemGroup:
    coverage, patient = facts.coverage, facts.patient
    is_patient = coverage is None or coverage.patient_is_subscriber
    holder = patient.card_name if coverage is None else coverage.subscriber_name
    born = patient.birth_date if is_patient or coverage is None else coverage.subscriber_birth_date
    sex = patient.sex if is_patient or coverage is None else coverage.subscriber_sex
    relation = Relationship.SELF if is_patient or coverage is None else Relationship(coverage.relationship)
    address = f", {_place(patient.address)}" if is_patient else ""
    return ItemGroup(
        "Policyholder and patient",
        (
            Item("12", "Policyholder", f"{_name(holder)}{address}"),
            Item("13", "Policyholder's date of birth", f"{born:%b %-d, %Y}" if born else "", "not recorded"),
            Item("14", "Policyholder's sex", SEX[sex]),
            Item("15", "Member id", coverage.member_id if coverage else ""),
            Item("16", "Group number", coverage.group_number if coverage else "", "the plan has none"),
            Item("17", "Employer or group", coverage.group_name if coverage else "", "not recorded"),
            Item("18", "Patient's relation to the policyholder", relation.label),
            Item("19", "Reserved", "", "not used"),
            Item("20", "Patient", f"{_name(patient.card_name)}, {_place(patient.address)}"),
            Item("21", "Patient's date of birth", f"{patient.birth_date:%b %-d, %Y}"),
            Item("22", "Patient's sex", SEX[patient.sex]),
            Item("23", "Practice's account", claim_id),
        ),
    )


def _lines(facts: ClaimFacts, draft: ClaimDraft) -> Iterable[ServiceLine]:
    for line in draft.lines:
        entry = facts.entry_for(line.code, line.service_date)
        if line.charge is None:
            raise ValueError(f"{line.code} has no fee.")
        yield ServiceLine(
            day=line.service_date,
            code=line.code,
            fee=line.charge,
            description=entry.gloss if entry else "",
            area=line.oral_cavity,
            tooth_system="JP" if line.tooth else "",
            tooth=line.tooth,
            surface=line.surfaces,
            diagnoses="".join("ABCD"[pointer - 1] for pointer in line.pointers),
            quantity=line.quantity,
        )


def _record_group(
    facts: ClaimFacts, draft: ClaimDraft, attachments: tuple[str, ...], issued: tuple[str, ...]
) -> ItemGroup:
    letters = "; ".join(f"{letter}: {code}" for letter, code in zip("ABCD", draft.diagnoses, strict=False))
    on_file = facts.case.consents.signature_on_file
    return ItemGroup(
        "Diagnoses, remarks, place",
        (
            Item("33", "Missing teeth", ", ".join(facts.patient.missing_teeth), "none is recorded as missing"),
            Item("34", "Kind of diagnosis list", "AB" if draft.diagnoses else "", "the payer wants no diagnosis"),
            Item("34a", "Diagnoses", letters, "the payer wants no diagnosis"),
            Item("35", "Remarks", " ".join(remarks(facts, draft, issued)), "none"),
            Item("36", "Consent of the patient", "Signature on file" if on_file else "", "not on file"),
            Item("37", "Payment to the practice", "Signature on file" if on_file else "", "not on file"),
            Item("38", "Place of treatment", draft.place_of_service),
            Item("39", "Enclosures", f"Yes: {', '.join(attachments)}" if attachments else "No"),
            Item("39a", "Last scaling", "", "no scaling is claimed"),
        ),
    )


def _not_here_group() -> ItemGroup:
    return ItemGroup(
        "Not part of this claim",
        (
            Item("40-42", "Orthodontics", "", "not orthodontic treatment"),
            Item("43-44", "Prosthesis", "", "no prosthesis"),
            Item("45-47", "Accident", "", "no accident is claimed"),
        ),
    )


def _billing_group(facts: ClaimFacts) -> ItemGroup:
    practice = facts.practice
    return ItemGroup(
        "Billing entity",
        (
            Item("48", "Name and address", f"{practice.name}, {_place(practice.address)}"),
            Item("49", "NPI", practice.npi),
            Item("50", "Licence", "", "the billing entity is a group"),
            Item("51", "Tax number", practice.tin),
            Item("52", "Phone", practice.phone),
            Item("52a", "Additional id", "", "none"),
        ),
    )


def _treating_group(facts: ClaimFacts, draft: ClaimDraft) -> ItemGroup:
    one = draft.rendering
    if one is None:
        raise ValueError("A claim without a rendering provider.")
    licence = one.licence_in(facts.case.patient_state, day_of_act(facts, draft.part))
    return ItemGroup(
        "Treating provider and place",
        (
            Item("53", "Treating provider's signature", _signed(facts, draft, one)),
            Item("53a", "Locum", "No"),
            Item("54", "NPI", one.npi),
            Item("55", "Licence", f"{licence.state} {licence.number}" if licence else "", "not recorded"),
            Item("56", "Address", _place(one.address) if one.address else "", "not recorded"),
            Item("56a", "Specialty (taxonomy)", one.taxonomy),
            Item("57", "Phone", one.phone, "not recorded"),
            Item("58", "Additional id", "", "none"),
        ),
    )


def _signed(facts: ClaimFacts, draft: ClaimDraft, one: Clinician) -> str:
    if draft.part == "dentist" and facts.case.signed_at is not None:
        return f"{_name(one.name)}, signed electronically {facts.case.signed_at.astimezone(ZoneInfo(facts.case.time_zone)):%b %-d, %Y}"
    return f"{_name(one.name)}, signature on file"


def _name(name: CardName) -> str:
    return " ".join(part for part in (name.first, name.middle, name.last, name.suffix) if part)


def _place(place: Address) -> str:
    lines = (place.street, place.street2, f"{place.city}, {place.state} {place.zip_code}")
    return ", ".join(line for line in lines if line.strip(", "))
