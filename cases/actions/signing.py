"""The dentist's signature, and what may be said of it afterwards: addendum, retraction. Follow-up: `following`."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from cases import codes
from cases.actions.comparing import compare_readings
from cases.aftercare import keep_aftercare
from cases.consent_policies import consent_stands
from cases.models import (
    About,
    Addendum,
    Case,
    CodeUse,
    Kind,
    ProcedureCode,
    Retraction,
    Review,
    Signature,
    Submission,
    Sufficiency,
)
from cases.moving import lock, move_case, record_event
from cases.notices import tell, tell_if_raised
from cases.permissions import licence_of, may
from cases.places import day_at_patient_place, zone_of_patient_place
from cases.policies import Step, blocking, checklist, dates_stand
from cases.promises import refuse_promise
from cases.readers import people_of
from cases.record import CaseRecord, concluded, read_record
from teledent.accounts.acting import Actor
from teledent.accounts.confirming import WrongPassword, confirm_password
from teledent.accounts.models import Role
from teledent.kit import canonical, clock, faults
from teledent.kit.decisions import Conflict, Refused, require
from teledent.kit.text import is_filler, printable

STATEMENT = "sign-2026-11"
STATEMENT_TEXT = (
    "I read these records myself, apart from the patient in time and place. "
    "The text above is my evaluation of what they show."
)


def confirm_signer(actor: Actor, password: str, *, at: datetime) -> None:
    """Signing asks again who is there. Raises WrongPassword, nothing is signed."""
    try:
        confirm_password(actor.person, password, at=at)
    except WrongPassword as refusal:
        raise WrongPassword(f"{refusal.sentence} Nothing was signed; your text is kept.") from None


def evaluations_offered(case: Case, *, at: datetime) -> list[ProcedureCode]:
    """Evaluation codes that the practice may use on the signing day, newest text of each. A consultation stands among them
    only where somebody asked for an opinion, whatever use an import gave its code."""
    day = clock.local_date(at, case.site.time_zone)
    offered = ProcedureCode.objects.licensed_to(case.practice).on(day).filter(use=CodeUse.EVALUATION).order_by("code")
    return list(offered if case.kind == Kind.SECOND_OPINION else offered.exclude(code=codes.CONSULTATION))


def sign_review(
    *,
    actor: Actor,
    review: Review,
    version: int,
    evaluation_code: str,
    no_live_contact: bool,
    not_same_building: bool,
    password: str,
    at: datetime,
    shown: str | None = None,
) -> Signature:
    """Sign: password, licence that day, checklist, every file in, consent, attestations; then freeze, hash and move.

    `shown` is `digest_to_sign` of the page that the dentist looked at: Conflict when the content is another one by now.
    """
    confirm_signer(actor, password, at=at)
    with transaction.atomic():
        case = lock(review.case_id)
        require(may(actor, "sign", case, at=at))
        review = Review.objects.select_for_update(of=("self",)).select_related("writer", "submission").get(pk=review.pk)
        if review.writer_id != actor.person.pk or review.version != version:
            raise Conflict("The review changed since you looked at it. Read it once more; nothing was signed.")
        attested = {
            "evaluation_code": evaluation_code,
            "no_live_contact": no_live_contact,
            "not_same_building": not_same_building,
        }
        record = read_record(case, review=review)
        if shown is not None and shown != digest_to_sign(record, submission=review.submission):
            raise Conflict(
                "Something in this case changed since you looked at it. Read it once more; nothing was signed."
            )
        record = _with_attestations(record, attested)
        day = day_at_patient_place(case, at)
        _require_signable(case, review, record, day=day, at=at)
        signature = _freeze(actor, case, review, record, attested, day=day, at=at)
        faults.point("cases.sign.written")
        details = _signed_details(signature, review)
        move_case(case, "sign", person=actor.person, at=at, details=details, signed_at=at, lease_until=None)
        keep_aftercare(case.pk)
        tell_if_raised(case, review.urgency, person=actor.person, at=at, signed=True)
        compare_readings(case.pk, at=at)
    faults.point("cases.sign.committed")
    return signature


def digest_to_sign(record: CaseRecord, *, submission: Submission) -> str:
    """Hash over what a signature would freeze now, before the attestations, and over which pictures could be looked at."""
    seen = [image.public_id for image in record.counted_images if image.is_in]
    return canonical.sha256_of({"content": concluded(record, submission=submission), "seen": seen})


def encounter_code(review_sufficiency: str, evaluation_code: str, *, no_live_contact: bool) -> str:
    """Which kind of teledentistry encounter the record carries: D9996, D9995 when it was live, none without evaluation (CL-7)."""
    if not evaluation_code or (review_sufficiency == Sufficiency.NOT_ASSESSABLE and not evaluation_code):
        return ""
    return codes.ASYNCHRONOUS if no_live_contact else codes.SYNCHRONOUS


def _with_attestations(record: CaseRecord, attested: dict[str, Any]) -> CaseRecord:
    assert record.review is not None  # noqa: S101 - read with its review
    return replace(record, review=replace(record.review, **attested))


def _require_signable(case: Case, review: Review, record: CaseRecord, *, day: date, at: datetime) -> None:
    latest = case.submissions.order_by("-version").values_list("pk", flat=True).first()
    if review.submission_id != latest:
        raise Conflict(
            "A newer version of this case was submitted. Start it again to read that one; your text is carried over."
        )
    missing = blocking(checklist(record), Step.SIGN)
    if missing:
        raise Refused(f"{missing[0].label}: {missing[0].note}. Nothing was signed; your text is kept.")
    if any(not image.is_in for image in record.counted_images):
        raise Refused(
            "Not every declared picture is in. Wait for it, or have the site strike it off; nothing was signed."
        )
    zone = zone_of_patient_place(case, case.site)
    require(consent_stands(record, today=day, zone=zone))
    require(dates_stand(record, at, zone=zone))
    _require_attestations(case, record, day=day)


def _require_attestations(case: Case, record: CaseRecord, *, day: date) -> None:
    """RE-3 and RE-4: what was performed, and that it was made apart from the patient."""
    review = record.review
    assert review is not None  # noqa: S101 - read with its review
    if review.sufficiency == Sufficiency.NOT_ASSESSABLE:
        if is_filler(review.follow_up) or review.outcome_by is None:
            raise Refused("Not assessable from these records: say by when the patient is to be seen in person.")
    elif not review.evaluation_code:
        raise Refused("Choose the evaluation you performed. Nothing was signed.")
    if review.evaluation_code:
        licensed = ProcedureCode.objects.licensed_to(case.practice).on(day)
        if not licensed.filter(use=CodeUse.EVALUATION, code=review.evaluation_code).exists():
            raise Refused(
                "This evaluation is not among the practice's codes for today. Choose another; nothing was signed."
            )
    if not review.not_same_building:
        raise Refused("Store-and-forward is not for a dentist in the same building as the patient. Nothing was signed.")


def _freeze(
    actor: Actor, case: Case, review: Review, record: CaseRecord, attested: dict[str, Any], *, day: date, at: datetime
) -> Signature:
    licence = licence_of(actor.person, state=case.patient_state, day=day)
    assert licence is not None  # noqa: S101 - `may` has just required it
    content = canonical.plain(concluded(record, submission=review.submission))
    frozen = Review.objects.filter(pk=review.pk, version=review.version, signed_at__isnull=True).update(
        signed_at=at, **attested
    )
    if not frozen:
        raise Conflict("This review was signed a moment ago. Reload the page.")
    code = encounter_code(record.review.sufficiency if record.review else "", attested["evaluation_code"],
                          no_live_contact=attested["no_live_contact"])  # fmt: skip
    return Signature.objects.create(
        case=case, review=review, at=at, person=actor.person, person_name=actor.person.name, npi=licence.credential.npi,
        licence_number=licence.number, licence_state=licence.state, encounter_code=code, statement=STATEMENT,
        content=content, digest=canonical.sha256_of(content),
    )  # fmt: skip


def _signed_details(signature: Signature, review: Review) -> dict[str, Any]:
    return {
        "digest": signature.digest,
        "version": review.submission.version,
        "licence": f"{signature.licence_state} {signature.licence_number}",
        "evaluation": signature.content["review"]["evaluation_code"],
        "encounter": signature.encounter_code,
        "statement": signature.statement,
    }


def add_addendum(*, actor: Actor, case: Case, text: str, password: str, at: datetime) -> Addendum:
    """Later knowledge, signed by hygienist or dentist; the signed text stays as it is (RE-5)."""
    confirm_signer(actor, password, at=at)
    with transaction.atomic():
        case = lock(case.pk)
        require(may(actor, "add_addendum", case, at=at))
        if is_filler(text):
            raise Refused("Write what is to be added.")
        refuse_promise(text)
        day = day_at_patient_place(case, at)
        licence = licence_of(actor.person, state=case.patient_state, day=day)
        if licence is None:
            raise Refused(f"You have no active licence in {case.patient_state}.")
        content = {
            "case": case.label,
            "text": printable(text),
            "person": actor.person.name,
            "licence": str(licence),
            "at": at,
        }
        addendum = Addendum.objects.create(
            case=case, at=at, person=actor.person, person_name=actor.person.name, licence=str(licence), text=printable(text),
            digest=canonical.sha256_of(content),
        )  # fmt: skip
        record_event(case.pk, "addendum", person=actor.person, at=at, details={"digest": addendum.digest})
        return addendum


@transaction.atomic
def retract_case(*, actor: Actor, case: Case, reason: str, explanation: str, at: datetime) -> Retraction:
    """Mark a signed case as wrong (RE-5). The review stays; unsent claims stop in the same transaction."""
    case = lock(case.pk)
    require(may(actor, "retract", case, at=at))
    if is_filler(explanation):
        raise Refused("Say what is wrong, so that a reader of the record understands it.")
    retraction = Retraction(
        case=case,
        at=at,
        person=actor.person,
        person_name=actor.person.name,
        reason=reason,
        explanation=printable(explanation),
    )
    retraction.full_clean()
    retraction.save(force_insert=True)
    move_case(
        case, "retract", person=actor.person, at=at, details={"reason": reason, "explanation": retraction.explanation}
    )
    # RE-5: the dentist is told of a manager's retraction, and the site, which corrects (ID-3), of either
    told = [case.signature.person, *people_of(case.practice, Role.HYGIENIST, at=at, site=case.site)]
    people = (person for person in told if person != actor.person)
    tell(people, About.RETRACTED, case, key=f"retracted:{case.pk}", at=at)
    return retraction
