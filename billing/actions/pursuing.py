"""Appeals once the letter stands still: signed by the dentist who treated, sent, answered, or not pursued."""

from datetime import date, datetime

from django.db import transaction

from billing.actions.appealing import PACK, locked_appeal, may_appeal, unpacked
from billing.appeal_moving import move_appeal
from billing.appeal_signature import signature_digest
from billing.appeal_states import AppealStatus
from billing.models import Appeal, SentHow
from billing.permissions import may
from cases.actions.signing import confirm_signer
from cases.permissions import licence_decision, licence_of
from cases.places import day_at_patient_place
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.accounts.models import Role
from teledent.jobs.queue import enqueue
from teledent.kit import clock
from teledent.kit.decisions import Conflict, Refused, require
from teledent.kit.text import is_filler, printable

ANSWERS = {"uphold": "Decision upheld", "overturn": "Won: the payer gives in", "give_in_part": "Won in part"}


def sign_appeal(*, actor: Actor, appeal: Appeal, password: str, shown: str, at: datetime) -> Appeal:
    """Sign the letter: password, licence that day where the patient was. `shown` is the digest of the letter that the
    dentist looked at: Conflict when it is another one by now."""
    confirm_signer(actor, password, at=at)
    with transaction.atomic():
        appeal = locked_appeal(actor, appeal)
        _require_hers(actor, appeal)
        if appeal.letter_digest != shown:
            raise Conflict("The letter changed since you looked at it. Read it once more; nothing was signed.")
        require(may_appeal(appeal.claim, at=at))
        case = appeal.claim.case
        day = day_at_patient_place(case, at)
        require(licence_decision(actor.person, case, day=day))
        licence = str(licence_of(actor.person, state=case.patient_state, day=day))
        signed_digest = signature_digest(appeal, name=actor.person.name, licence=licence, at=at)
        move_appeal(
            appeal, "sign", person=actor.person, at=at, details={"licence": licence, "digest": appeal.letter_digest},
            signed_at=at, signed_by=actor.person, signed_name=actor.person.name, signed_licence=licence,
            signed_digest=signed_digest, **unpacked(),
        )  # fmt: skip
        enqueue(PACK, appeal_id=appeal.pk)
    return appeal


@transaction.atomic
def send_back(*, actor: Actor, appeal: Appeal, reason: str, at: datetime) -> Appeal:
    """The dentist will not sign it so, or the desk wants to change it: a draft again, with the reason."""
    appeal = locked_appeal(actor, appeal)
    if not may(actor, "appeal"):
        _require_hers(actor, appeal)
    if is_filler(reason):
        raise Refused("Say what is to be changed; the desk reads it on the draft.")
    said = printable(reason).strip()[:300]
    return move_appeal(
        appeal, "send_back", person=actor.person, at=at, details={"reason": said}, sent_back_because=said
    )


@transaction.atomic
def record_sent(
    *, actor: Actor, appeal: Appeal, sent_on: date, sent_how: str, reference: str = "", at: datetime
) -> Appeal:
    """The packet went out. From here on nothing of the appeal changes but what comes back."""
    require(may(actor, "appeal"))
    appeal = locked_appeal(actor, appeal)
    if appeal.packet_id is None:
        raise Refused("The packet is still being made. Send it when it is there.")
    require(may_appeal(appeal.claim, at=at))
    if sent_how not in SentHow.values:
        raise Refused("Say how it was sent: portal, mail or fax.")
    first = clock.local_date(appeal.signed_at or appeal.begun_at, appeal.claim.case.site.time_zone)
    if not first <= sent_on <= clock.local_date(at, appeal.claim.case.site.time_zone):
        raise Refused(f"It can only have been sent between {clock.day_in_words(first)}, when it was ready, and today.")
    trail.record(
        "export", noun="appeal", public_id=appeal.public_id, person=actor.person, practice=actor.practice, at=at
    )
    return move_appeal(
        appeal, "send", person=actor.person, at=at, details={"how": SentHow(sent_how).label, "on": sent_on}, sent_at=at,
        sent_on=sent_on, sent_how=sent_how, sent_by=actor.person, sent_reference=printable(reference).strip()[:80],
    )  # fmt: skip


@transaction.atomic
def record_answer(
    *, actor: Actor, appeal: Appeal, outcome: str, answered_on: date, answer: str, at: datetime
) -> Appeal:
    """What the payer decided. Money comes by a remittance of its own and is never typed here."""
    require(may(actor, "appeal"))
    appeal = locked_appeal(actor, appeal)
    if outcome not in ANSWERS:
        raise Refused("Say how the payer decided.")
    today = clock.local_date(at, appeal.claim.case.site.time_zone)
    if appeal.sent_on is None or not appeal.sent_on <= answered_on <= today:
        raise Refused("The answer can only have come between the day it was sent and today.")
    said = printable(answer).strip()[:300]
    return move_appeal(
        appeal, outcome, person=actor.person, at=at, details={"on": answered_on, "answer": said}, answered_on=answered_on,
        answer=said, answered_at=at, answered_by=actor.person,
    )  # fmt: skip


@transaction.atomic
def withdraw_appeal(*, actor: Actor, appeal: Appeal, reason: str, at: datetime) -> Appeal:
    """Not pursued. The level is free for another letter; this one stays readable."""
    require(may(actor, "appeal"))
    appeal = locked_appeal(actor, appeal)
    if is_filler(reason):
        raise Refused("Say why it is withdrawn; the claim's timeline keeps it.")
    said = printable(reason).strip()[:300]
    return move_appeal(appeal, "withdraw", person=actor.person, at=at, details={"reason": said}, withdrawn_because=said)


def _require_hers(actor: Actor, appeal: Appeal) -> None:
    if not actor.has(Role.DENTIST) or appeal.dentist_id != actor.person.pk:
        raise Refused("Only the dentist who signed the review signs this letter.")
    if appeal.status != AppealStatus.AWAITING:
        raise Conflict("This letter does not wait for a signature any more. Reload the page; nothing was changed.")
