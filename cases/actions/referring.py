"""Referring a patient to another office: what is asked, what goes along, when it went; and the directory of offices."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cases.consents_now import may_refer_now
from cases.merging import taken_apart_since
from cases.models import Asset, AssetState, Case, PrintState, Referral, ReferralPlace, Signature
from cases.moving import lock, record_event
from cases.papers import referral_content
from cases.permissions import may
from cases.places import day_at_patient_place, zone_of_patient_place
from cases.practice_permissions import may_in_practice
from cases.promises import refuse_promise
from cases.report.colleague import colleague_report
from cases.report.referral import Asked, referral_letter
from cases.reporting import report_facts
from cases.states import BILLABLE
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.files.storage import open_streaming
from teledent.jobs.queue import enqueue
from teledent.kit import canonical
from teledent.kit.decisions import ALLOWED, Conflict, Decision, Refused, refuse, require
from teledent.kit.text import is_filler, printable
from teledent.printing.moments import Moment

PACK = "cases.pack_referral"
ANEW = "Make the referral anew; nothing went out."
RETRACTED = "The review was retracted; nothing is referred from it any more."


@transaction.atomic
def save_place(*, actor: Actor, place: ReferralPlace, at: datetime) -> ReferralPlace:
    """A new or changed office of the directory. Referrals keep what it said when they were made."""
    require(may_in_practice(actor, "referral_places"))
    if place.practice_id != actor.practice.pk:
        raise Refused("This office is in another practice's directory.")
    place.full_clean()
    place.save()
    trail.record(
        "changed", noun="referral place", public_id=place.public_id, person=actor.person, practice=actor.practice, at=at
    )
    return place


def may_go_out(case: Case, *, at: datetime) -> Decision:
    """RE-5 and CO-2, asked when it is made, when it is packed, and at each download (`may_send`)."""
    if case.status not in BILLABLE:
        return refuse(RETRACTED)
    return may_refer_now(case, day=day_at_patient_place(case, at))


def may_send(referral: Referral, *, at: datetime) -> Decision:
    """Whether this very referral may still leave: its papers say what the record said when it was made."""
    case = referral.case
    going = may_go_out(case, at=at)
    if not going:
        return going
    if taken_apart_since([case.pk], referral.requested_at):
        return refuse(f"The patient was taken apart from another one since this was made. {ANEW}")
    made = case.events.filter(kind="referred", details__digest=referral.digest).order_by("-seq").first()
    if made is not None and case.events.filter(kind="addendum", seq__gt=made.seq).exists():
        return refuse(f"An addendum was signed since this was made, and its report does not say so. {ANEW}")
    return ALLOWED


def pictures_to_send(case: Case) -> list[Asset]:
    """Files of the case that may go along: in place, clinical, held by nobody."""
    rows = Asset.objects.filter(case=case, state=AssetState.EXAMINED, hold_reason="").order_by("pk")
    return [asset for asset in rows if asset.family in ("photograph", "radiograph")]


@transaction.atomic
def refer(
    *, actor: Actor, case: Case, place: ReferralPlace, urgency: str, reason: str, pictures: Sequence[UUID], at: datetime
) -> Referral:
    """Make a referral: a letter to the office, the report for a colleague, and the chosen pictures, packed by a job."""
    case = lock(case.pk)
    require(may(actor, "refer", case, at=at))
    require(may_go_out(case, at=at))
    if place.practice_id != actor.practice.pk or not place.in_use:
        raise Refused("Choose an office of the practice's directory.")
    if is_filler(reason):
        raise Refused("Say what the other office is asked to do.")
    refuse_promise(reason)
    chosen = [asset for asset in pictures_to_send(case) if asset.public_id in set(pictures)]
    if len(chosen) != len(set(pictures)):
        raise Refused("A chosen picture cannot go along: it is held, not examined, or of another case. Choose again.")
    row = _written(actor, case, place, urgency, printable(reason), chosen, at)
    row.full_clean(exclude=["file"])
    row.save(force_insert=True)
    enqueue(PACK, dedupe=f"{PACK}:{row.pk}", referral_id=row.pk)
    details = {
        "to": row.to["name"],
        "urgency": row.get_urgency_display(),
        "pictures": len(chosen),
        "digest": row.digest,
    }
    record_event(case.pk, "referred", person=actor.person, at=at, details=details)
    return row


def _written(
    actor: Actor, case: Case, place: ReferralPlace, urgency: str, reason: str, chosen: Sequence[Asset], at: datetime
) -> Referral:
    facts = report_facts(case, Signature.objects.select_related("review__submission").get(case=case))
    to = {
        "name": place.name,
        "specialty": place.specialty,
        "address": place.one_line(),
        "phone": place.phone,
        "fax": place.fax,
    }
    guardian = case.patient.guardians.filter(has_authority=True).order_by("pk").first()
    enclosed = ["Report for a colleague", *(f"Picture {n}: {one.view_label}" for n, one in enumerate(chosen, start=1))]
    asked = Asked(
        to=to, urgency=urgency, reason=reason, enclosed=enclosed, guardian=guardian.name if guardian else case.patient.name,
        guardian_phone=(guardian.phone if guardian else "") or case.patient.phone, language=case.patient.language,
        asked_by=actor.person.name, at=Moment(at, zone_of_patient_place(case, case.site)),
    )  # fmt: skip
    letter = canonical.plain(referral_letter(facts, asked).as_json())
    report = canonical.plain(colleague_report(facts).as_json())
    return Referral(
        case=case, place=place, to=to, urgency=urgency, reason=reason, pictures=[str(one.public_id) for one in chosen],
        letter=letter, report=report, digest=canonical.sha256_of(referral_content(letter, report, chosen)),
        requested_by=actor.person, requested_at=at.replace(microsecond=0),
    )  # fmt: skip


def download_referral(*, actor: Actor, referral: Referral, at: datetime) -> Iterator[bytes]:
    """The finished ZIP in blocks; each download stands on the trail."""
    require(may(actor, "refer", referral.case, at=at))
    require(may_send(referral, at=at))
    if referral.file is None:
        raise Refused("This referral is still being packed. Try again in a moment.")
    case = referral.case
    trail.record("referral", noun="case", public_id=case.public_id, person=actor.person, practice=case.practice, at=at)
    return open_streaming(referral.file.key)


@transaction.atomic
def send_referral(*, actor: Actor, referral: Referral, how: str, at: datetime) -> None:
    """It went out: by whom, when, how. Once."""
    case = lock(referral.case_id)
    require(may(actor, "refer", case, at=at))
    require(may_send(referral, at=at))
    if is_filler(how):
        raise Refused("Say how the referral went out.")
    waiting = Referral.objects.filter(pk=referral.pk, state=PrintState.DONE, sent_at__isnull=True)
    if not waiting.update(sent_at=at, sent_by=actor.person, sent_how=printable(how)):
        raise Conflict("This referral is not packed yet, or went out already. Load the page anew.")
    details = {"to": referral.to["name"], "how": printable(how)}
    record_event(case.pk, "referral_sent", person=actor.person, at=at, details=details)
