"""The only reader of a case for money: one signed case as frozen ClaimFacts, with a fixed number of queries.

What happened to the patient comes from what was signed (`billing.signed`); who pays, and what for, from rows of today.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast

from billing.claims import facts as f
from billing.models import BilledOnce, Claim, ClaimEvent, Coverage, Fee, Payer, Verification
from billing.payer_facts import (
    asked_in_language,
    authorised_for,
    dated_by_rule,
    predetermined_for,
    rules_for,
    seen_elsewhere,
    services_before,
)
from billing.signed import signed_record
from cases import codes, teeth
from cases.consent_policies import day_that_counts, scopes_needed
from cases.dentition import missing_teeth
from cases.models import (
    Case,
    CodeLicence,
    CodeUse,
    DiagnosisCode,
    Evidence,
    Origin,
    Patient,
    PatientPlace,
    ProcedureCode,
    Scope,
    Signature,
    Submission,
)
from cases.places import zone_of_patient_place
from cases.policies import PayerNeeds, Step, blocking, checklist
from cases.questionnaires import WHY
from cases.record import CaseRecord
from cases.record_facts import ServiceFact, has_order
from cases.view_labels import Family
from teledent.accounts.models import Address, Credential, Person, Practice
from teledent.kit import clock

CODE_KINDS: dict[str, f.CodeKind] = {
    CodeUse.EVALUATION: "evaluation",
    CodeUse.TELEDENTISTRY: "encounter",
    CodeUse.ON_SITE: "screening",
    CodeUse.OTHER: "service",
}
NAME_CONFIRMED = "name_confirmed"  # the event by which a person confirms a corrected name
PERMANENT = frozenset(str(number) for number in range(1, 33))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The facts, and the lines of the documentation checklist that stand against the claim (CH-1)."""

    facts: f.ClaimFacts
    checklist: tuple[tuple[str, str, str], ...]  # key, label, note of each line that blocks the claim


def read_claim_facts(
    case: Case, *, coverage: Coverage | None, at: datetime, claim: Claim | None = None
) -> f.ClaimFacts:
    """Everything a claim of `case` is made from, as it stands now. `claim` is left out of what was billed before."""
    return read_snapshot(case, coverage=coverage, at=at, claim=claim).facts


def read_snapshot(
    case: Case, *, coverage: Coverage | None, at: datetime, claim: Claim | None = None, planned: Iterable[str] = ()
) -> Snapshot:
    """`case` is signed (or was); `coverage` comes with its payer. `at` decides whether consent is in force. `planned` are
    codes of care to come, whose fees and rules are read too."""
    signature = Signature.objects.select_related("review__writer", "review__submission", "person").get(case=case)
    record = signed_record(case, signature)
    left = frozenset(claim.diagnoses_left if claim else ())
    hygienist = _operator_of(case, record, signature.review.submission)
    clinicians = _clinicians(signature, hygienist, coverage)
    used = _codes_used(signature, record, planned)
    facts = f.ClaimFacts(
        practice=_practice(case.practice),
        patient=_patient(case, record, signature),
        case=_case(case, record, signature, at=at),
        site=f.Site(record.site, _address(case.site), case.site.place_of_service),
        coverage=_coverage(coverage, case.patient) if coverage else None,
        dentist=clinicians.get(signature.person_id),
        hygienist=clinicians.get(hygienist),
        supervising_dentist=clinicians.get(coverage.payer.supervising_dentist_id or 0) if coverage else None,
        services=tuple(_service(one, record) for one in record.services),
        diagnoses=tuple(
            f.Diagnosis(d["code"], _universal(d["tooth"]), on_claim=d["code"] not in left)
            for d in signature.content["review"]["diagnoses"]
        ),
        images=_images(record),
        fees=_fees(case.practice, used),
        codes=_codes(case.practice, used),
        billed_before=_billed_before(case, claim),
        seen_elsewhere=(elsewhere := seen_elsewhere(case.patient)),
        done_before=(done := services_before(case, claim, elsewhere)),
        payer_rules=rules_for(coverage, used.procedures | {one.code for one in done}),
        authorised=authorised_for(case, coverage, claim),
        predetermined=predetermined_for(case, coverage),
    )
    facts = asked_in_language(dated_by_rule(facts), case)
    needs = PayerNeeds(outcome_told=bool(coverage and coverage.payer.outcome_told))
    lines = blocking(checklist(record, needs), Step.CLAIM)
    return Snapshot(facts, tuple((line.key, line.label, line.note) for line in lines))


def read_consents(case: Case, *, at: datetime) -> f.Consents:
    """What the family consents to as it stands now, alone: for a claim that went out and is to go out again."""
    signature = Signature.objects.select_related("review__writer", "review__submission", "person").get(case=case)
    return _consents(case, signed_record(case, signature), at)


def _case(case: Case, record: CaseRecord, signature: Signature, *, at: datetime) -> f.Case:
    review = signature.content["review"]
    told = record.told_later or review["told"] == "told"
    return f.Case(
        number=case.label,
        kind=record.kind,
        status=cast(f.CaseStatus, case.status.upper()),
        day_seen=record.day_seen,
        patient_state=record.patient_state,
        patient_at_home=record.patient_place == PatientPlace.HOME,
        patient_elsewhere=record.patient_place == PatientPlace.ELSEWHERE,
        patient_initiated=record.origin == Origin.LINK,
        of_office=record.origin == Origin.OFFICE,
        time_zone=zone_of_patient_place(record, case.site),
        consents=_consents(case, record, at),
        signed_at=signature.at,
        evaluation_code=review["evaluation_code"],
        no_live_contact=bool(review["no_live_contact"]),
        not_same_building=bool(review["not_same_building"]),
        encounter_code=signature.encounter_code,
        outcome="told" if told else "pending",
        why_store_and_forward=". ".join(part for part in (WHY.get(review["why"], ""), review["why_text"]) if part),
    )


def _consents(case: Case, record: CaseRecord, at: datetime) -> f.Consents:
    captured = (scope for scope in scopes_needed(record) if scope != Scope.TELEDENTISTRY)  # which has a rule of its own
    return f.Consents(
        teledentistry=_consented(record, Scope.TELEDENTISTRY, case, at),
        bill_insurance=_consented(record, Scope.BILLING, case, at),
        signature_on_file=_consented(record, Scope.BILLING, case, at),
        lacking=tuple(scope.label.lower() for scope in captured if not _consented(record, scope, case, at)),
        **_how_consented(record, _today(case, record, at)),
    )


def _how_consented(record: CaseRecord, today: date) -> dict[str, Any]:
    """When and how the family consented to teledentistry for the day that counts; nothing where no consent covers it."""
    day = day_that_counts(record, Scope.TELEDENTISTRY, today=today)
    answer = record.answer_on(Scope.TELEDENTISTRY, day)
    if answer is None or not answer.in_force(day):
        return {}
    return {"given_on": answer.valid_from, "written": answer.evidence != Evidence.VERBAL}


def _consented(record: CaseRecord, scope: str, case: Case, at: datetime) -> bool:
    """In force today, or on the day that counts and not taken back since: a consent that has run out covers its own time, one
    that the family withdrew or answered anew with no does not."""
    today = _today(case, record, at)
    counts = day_that_counts(record, scope, today=today)
    in_force = record.consents_to(scope, today) or record.consents_to(scope, counts)
    return in_force and not record.took_back(scope, today)


def _today(case: Case, record: CaseRecord, at: datetime) -> date:
    return clock.local_date(at, zone_of_patient_place(record, case.site))


def _practice(practice: Practice) -> f.Practice:
    return f.Practice(
        name=practice.name, address=_address(practice), phone=practice.phone, npi=practice.group_npi, tin=practice.tax_id,
        taxonomy=practice.taxonomy,
    )  # fmt: skip


def _patient(case: Case, record: CaseRecord, signature: Signature) -> f.Patient:
    """The card's spelling; where nobody has copied it, the legal name, which the rules refuse if it is not Latin."""
    patient = case.patient
    found = missing_teeth(record.findings, record.review.findings if record.review else ())
    missing = set(map(_universal, found)) & PERMANENT
    known, signed = _known_as(patient), _signed_as(signature)
    return f.Patient(
        account=f"P-{patient.pk:06d}",
        card_name=f.CardName(
            patient.card_family_name or patient.family_name, patient.card_given_name or patient.given_name
        ),
        birth_date=patient.birth_date,
        sex=cast(f.Sex, patient.sex),
        address=_address(patient),
        name_in_use=patient.name,
        missing_teeth=tuple(sorted(missing, key=int)),
        known_as=known,
        signed_as=signed,
        name_confirmed=ClaimEvent.objects.filter(
            claim__case=case, kind=NAME_CONFIRMED, details__now=known.legal_name, details__signed=signed.legal_name
        ).exists(),
    )


def _known_as(patient: Patient) -> f.Identity:
    return f.Identity(patient.given_name, patient.family_name, patient.birth_date, cast(f.Sex, patient.sex))


def _signed_as(signature: Signature) -> f.Identity:
    signed = signature.content["patient"]
    born = date.fromisoformat(signed["birth_date"])
    return f.Identity(signed["given_name"], signed["family_name"], born, signed["sex"])


def _coverage(coverage: Coverage, patient: Patient) -> f.Coverage:
    own = f.CardName(patient.card_family_name or patient.family_name, patient.card_given_name or patient.given_name)
    subscriber = f.CardName(coverage.subscriber_family_name, coverage.subscriber_given_name)
    return f.Coverage(
        payer=_payer(coverage.payer),
        member_id=coverage.member_id,
        subscriber_name=own if coverage.patient_is_subscriber else subscriber,
        relationship=coverage.relationship,
        subscriber_birth_date=coverage.subscriber_birth_date,
        subscriber_sex=cast(f.Sex, coverage.subscriber_sex),
        patient_has_own_member_id=coverage.own_member_id,
        group_number=coverage.group_number,
        group_name=coverage.group_name,
        sequence=cast(Any, coverage.priority),
        valid_from=coverage.valid_from,
        valid_until=coverage.valid_until,
        verifications=verified(coverage, coverage.verifications.all()),
    )


def verified(coverage: Coverage, rows: Iterable[Verification]) -> tuple[f.Verified, ...]:
    """Those of `rows` that stand and were asked about the payer and member id that the coverage has now, in their order."""
    return tuple(verified_of(row) for row in rows if row.error_at is None and asked_as_it_is(coverage, row))


def asked_as_it_is(coverage: Coverage, row: Verification) -> bool:
    """Whether it was asked about the payer and member id that the coverage has now."""
    return (row.payer_id, row.member_id) == (coverage.payer_id, coverage.member_id)


def verified_of(row: Verification) -> f.Verified:
    return f.Verified(row.verified_on, row.how, cast(Any, row.asynchronous), cast(Any, row.authorisation))


def _payer(payer: Payer) -> f.Payer:
    return f.Payer(
        name=payer.name,
        payer_id=payer.payer_id,
        claim_filing_code=payer.filing_code,
        address=_address(payer) if payer.street and payer.city else None,
        companion_codes=tuple(payer.companion_codes),
        dos_basis=cast(Any, payer.dos_basis),
        place_teledentistry=payer.place_teledentistry,
        place_at_home=payer.place_at_home,
        rendering_on_site=cast(Any, payer.rendering_on_site or None),
        service_facility=cast(Any, payer.service_facility),
        diagnosis_required=payer.diagnosis_required,
        takes_asynchronous=cast(f.Answer, payer.takes_asynchronous),
        outcome_told_required=payer.outcome_told,
        epsdt=payer.epsdt,
        accepts_assignment=payer.accepts_assignment,
        verify_every_days=payer.verify_every_days,
    )


def _address(place: Address | Patient | Payer) -> f.Address:
    return f.Address(place.street, place.city, place.state, place.zip_code, place.street_2)


def _operator_of(case: Case, record: CaseRecord, submission: Submission) -> int:
    """Who did the services: the signed version has her name, the row of the service has the person; 0 when neither
    tells, and then the claim asks for her."""
    rows = {(row.code, row.tooth): row.operator_id for row in case.services.all()}
    if not record.services or record.services[0].operator == submission.person_name:
        return submission.person_id or 0  # nobody of the practice, where a family sent it
    return rows.get((record.services[0].code, record.services[0].tooth), 0)


def _clinicians(signature: Signature, hygienist: int, coverage: Coverage | None) -> dict[int, f.Clinician]:
    """Everyone whom this case's claims may name, by person; two queries however many they are."""
    submission = signature.review.submission
    people = {signature.person_id, hygienist}
    if coverage and coverage.payer.supervising_dentist_id:
        people.add(coverage.payer.supervising_dentist_id)
    held = Credential.objects.filter(person__in=people).select_related("person").prefetch_related("licences")
    found = {credential.person_id: _clinician(credential) for credential in held}
    if submission.person_id is not None and submission.person_id in found:
        state, _, number = submission.licence.partition(" ")
        found[submission.person_id] = _signing_with(found[submission.person_id], f.Licence(state, number))
    return found | {signature.person_id: _signer(signature, found.get(signature.person_id))}


def _clinician(credential: Credential) -> f.Clinician:
    licences = tuple(f.Licence(o.state, o.number, o.starts_on, o.ends_on) for o in credential.licences.all())
    return f.Clinician(
        name=card_name_of(credential.person), npi=credential.npi, taxonomy=credential.taxonomy, licences=licences,
        address=_address(credential), phone=credential.phone,
    )  # fmt: skip


def _signer(signature: Signature, today: f.Clinician | None) -> f.Clinician:
    """The dentist as she signed: her NPI and licence of that day are part of the signature."""
    licence = f.Licence(signature.licence_state, signature.licence_number)
    if today is None:
        return f.Clinician(card_name_of(signature.person), signature.npi, "", (licence,))
    return _signing_with(replace(today, npi=signature.npi or today.npi), licence)


def _signing_with(one: f.Clinician, licence: f.Licence) -> f.Clinician:
    """The licence that was signed with before the others; with its dates where the credential has it still."""
    known = next((row for row in one.licences if (row.state, row.number) == (licence.state, licence.number)), licence)
    return replace(one, licences=(known, *(row for row in one.licences if row != known)))


def card_name_of(person: Person) -> f.CardName:
    """ "Dr. Ada Marie Brandt, DDS" -> Brandt, Ada, Marie: a person signs with one line, a claim wants its parts."""
    words = person.name.split(",")[0].removeprefix("Dr. ").removeprefix("Dr ").split()
    if not words:
        return f.CardName("", "")
    first, middle = (words[0], " ".join(words[1:-1])) if len(words) > 1 else ("", "")
    return f.CardName(words[-1], first, middle)


def _service(service: ServiceFact, record: CaseRecord) -> f.OnSiteService:
    return f.OnSiteService(
        code=service.code,
        performed_on=record.day_seen,
        quantity=service.quantity,
        tooth=_universal(service.tooth),
        operator=service.operator,
    )


def _images(record: CaseRecord) -> tuple[f.Image, ...]:
    """Pictures of the mouth; what names a patient (slate, letters) stays out of claims."""
    return tuple(
        f.Image(
            image.label,
            "radiograph" if image.family is Family.RADIOGRAPH else "photograph",
            image.sha256,
            image.captured_at,
            has_order(image),
        )
        for image in record.counted_images
        if image.is_clinical
    )


@dataclass(frozen=True, slots=True)
class _Used:
    procedures: frozenset[str]
    diagnoses: frozenset[str]


def _codes_used(signature: Signature, record: CaseRecord, planned: Iterable[str]) -> _Used:
    review = signature.content["review"]
    codes = {review["evaluation_code"], signature.encounter_code, *(one.code for one in record.services), *planned}
    return _Used(procedures=frozenset(codes - {""}), diagnoses=frozenset(one["code"] for one in review["diagnoses"]))


def _fees(practice: Practice, used: _Used) -> tuple[f.Fee, ...]:
    rows = Fee.objects.filter(practice=practice, code__in=used.procedures)
    return tuple(f.Fee(row.code, row.amount, row.valid_from, row.valid_until) for row in rows)


def _codes(practice: Practice, used: _Used) -> tuple[f.Code, ...]:
    confirmed = CodeLicence.objects.filter(practice=practice).exists()
    procedures = ProcedureCode.objects.filter(practice=practice, code__in=used.procedures)
    diagnoses = DiagnosisCode.objects.filter(code__in=used.diagnoses)
    return (
        *(f.Code(r.code, _kind_of(r), r.text, r.valid_from, r.valid_until, confirmed) for r in procedures),
        *(f.Code(r.code, "diagnosis", r.text, r.valid_from, r.valid_until, confirmed=True) for r in diagnoses),
    )


def _kind_of(row: ProcedureCode) -> f.CodeKind:
    """An image code and one that says how care was delivered by the number, whatever use an import gave it (CL-5, CL-6); any
    other by its use."""
    return "encounter" if row.code in codes.ENCOUNTERS else codes.kind_of_image(row.code) or CODE_KINDS[row.use]


def _billed_before(case: Case, claim: Claim | None) -> tuple[f.BilledBefore, ...]:
    """By other claims. A correction, and the claim to the next payer, bill the same service as the claim they are about."""
    held = BilledOnce.objects.filter(practice=case.practice, patient=case.patient).select_related("claim")
    others = held.exclude(claim__case=case, claim__part=claim.part) if claim else held
    rows = others.order_by("service_date", "code")
    return tuple(f.BilledBefore(row.code, row.service_date, row.claim.claim_id) for row in rows)


def _universal(tooth: str) -> str:
    return teeth.universal(tooth) if tooth else ""
