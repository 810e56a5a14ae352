"""After the signature: a step recorded, the follow-up ended, and the numbers that a practice promises by."""

from datetime import datetime
from typing import Any

from django.db import transaction

from cases.aftercare import keep_aftercare, promise_of
from cases.follow_up import LABELS, State, is_proven, target_of
from cases.models import Aftercare, Case, FollowUp, FollowUpPlan, FollowUpStep, Proof
from cases.moving import lock, move_case, record_event
from cases.permissions import may
from cases.practice_permissions import may_in_practice
from cases.promises import refuse_promise
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person
from teledent.jobs.queue import enqueue
from teledent.kit import canonical
from teledent.kit.decisions import Refused, require
from teledent.kit.text import is_filler, names_nothing, printable

KEEP = "cases.keep_aftercare"
REACHED = (FollowUpStep.TOLD, FollowUpStep.DECLINED, FollowUpStep.LETTER)


@transaction.atomic
def record_follow_up(
    *, actor: Actor, case: Case, step: str, told_to: str, how: str, happened_at: datetime, at: datetime, note: str = "",
    booked_for: datetime | None = None, place: str = "", proof: str = "",
) -> FollowUp:  # fmt: skip
    """Record one step after the signature (CH-2): what `FollowUpStep` names, an appointment with when and where, a visit
    with its proof."""
    case = lock(case.pk)
    require(may(actor, "follow_up", case, at=at))
    row = FollowUp(
        case=case, step=step, told_to=printable(told_to), how=printable(how), happened_at=happened_at, note=printable(note),
        recorded_by=actor.person, recorded_at=at, proof=proof if step == FollowUpStep.ATTENDED else "",
        **({"booked_for": booked_for, "place": printable(place)} if step == FollowUpStep.BOOKED else {}),
    )  # fmt: skip
    return _record(row)


@transaction.atomic
def record_letter_out(*, person: Person, case: Case, told_to: str, how: str, at: datetime) -> FollowUp:
    """The step of a letter that `person` handed over at `at`, which was allowed then: it left, whatever became since of the
    case, of the consent or of her role, so the family has it and the record says so (CO-2, RE-5)."""
    said = {"step": FollowUpStep.LETTER, "told_to": printable(told_to), "how": printable(how), "happened_at": at}
    return _record(FollowUp(case=lock(case.pk), **said, recorded_by=person, recorded_at=at))


def _record(row: FollowUp) -> FollowUp:
    """Inside the transaction of its callers, the case locked."""
    case, at = row.case, row.recorded_at
    if row.happened_at > at:
        raise Refused("This lies in the future. Record it when it has happened.")
    if case.signed_at is None or row.happened_at < case.signed_at.replace(second=0, microsecond=0):
        raise Refused("This lies before the signature: what was told then belongs to the review.")
    refuse_promise(row.note)
    _require_whole(row, now=keep_aftercare(case.pk).state)
    row.full_clean()
    row.save(force_insert=True)
    record_event(case.pk, "follow_up", person=row.recorded_by, at=at, details=told_of(row))
    keep_aftercare(case.pk)
    return row


def _require_whole(row: FollowUp, *, now: str) -> None:
    """What each step has to say, so that a reader of the record can rely on it."""
    if row.step in REACHED and (is_filler(row.told_to) or is_filler(row.how)):
        raise Refused("Say whom you told and how, in words that a reader of the record understands.")
    if target_of(State(now), row.step) is None:
        raise Refused(f"This does not fit: the follow-up stands at “{LABELS[State(now)].lower()}”.")
    if row.step == FollowUpStep.BOOKED:
        if row.booked_for is None or names_nothing(row.place):
            raise Refused("Say when and where the appointment is.")
        if row.booked_for < row.happened_at:
            raise Refused("The appointment lies before the day on which it was made.")
    if row.step == FollowUpStep.ATTENDED and row.proof not in Proof.values[:-1]:
        raise Refused(
            "Say what proves the visit: a note of the dental office, a treatment record, or that you saw it yourselves."
        )


def told_of(row: FollowUp) -> dict[str, Any]:
    """What the timeline says of a step; its hash stands for the note too, which is not told there."""
    said = {"step": row.step, "to": row.told_to, "how": row.how, "when": row.happened_at, "digest": digest_of_step(row)}
    more = {"booked_for": row.booked_for, "place": row.place, "proof": row.proof}
    return said | {name: value for name, value in more.items() if value}


def digest_of_step(row: FollowUp) -> str:
    columns = ("step", "told_to", "how", "happened_at", "booked_for", "place", "proof", "note")
    return canonical.sha256_of({name: getattr(row, name) for name in columns})


@transaction.atomic
def close_case(*, actor: Actor, case: Case, reason: str, at: datetime) -> None:
    """End the follow-up: with proof (`cases.follow_up.is_proven`), or for a reason that somebody can read."""
    case = lock(case.pk)
    require(may(actor, "close", case, at=at))
    kept = keep_aftercare(case.pk)
    proven = is_proven(kept.outcome, kept.state)
    if not proven and is_filler(reason):
        raise Refused("No attended visit is recorded. Say why the follow-up ends.")
    refuse_promise(reason)
    details = {"reason": printable(reason), "proven": proven, "stood_at": kept.state}
    move_case(case, "close", person=actor.person, at=at, details=details)


@transaction.atomic
def close_proven(*, actor: Actor, cases: list[Aftercare], at: datetime) -> int:
    """Close the follow-ups that have their proof; one that changed meanwhile is left as it is. Returns how many."""
    closed = 0
    for kept in cases:
        if is_proven(kept.outcome, kept.state) and may(actor, "close", kept.case, at=at):
            close_case(actor=actor, case=kept.case, reason="", at=at)
            closed += 1
    return closed


@transaction.atomic
def save_follow_up_plan(*, actor: Actor, plan: FollowUpPlan, at: datetime) -> FollowUpPlan:
    """Keep the practice's numbers; every open follow-up is worked out anew in the background."""
    require(may_in_practice(actor, "follow_up_plan"))
    if plan.practice_id != actor.practice.pk:
        raise Refused("These numbers are another practice's.")
    plan.full_clean()
    plan.save()
    enqueue(KEEP, dedupe=f"{KEEP}:{actor.practice.pk}", practice_id=actor.practice.pk)
    trail.record("changed", noun="follow-up plan", public_id=actor.practice.public_id, person=actor.person,
                 practice=actor.practice, at=at)  # fmt: skip
    return plan


def plan_of(actor: Actor) -> FollowUpPlan:
    """The practice's row, or an unsaved one that says the defaults."""
    plan = FollowUpPlan.objects.filter(practice=actor.practice).first()
    promise = promise_of(actor.practice)
    return plan or FollowUpPlan(
        practice=actor.practice, urgent_hours=promise.urgent_hours, other_weeks=promise.other_weeks,
        most_tries=promise.most_tries, again=promise.again, school_year_starts=promise.school_year_starts,
    )  # fmt: skip
