"""What the front desk does about a claim that it does not move: snooze it, note what was heard, give it to somebody.

None of it changes what the claim says, so its revision stays: an export that is being written goes on with it.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from billing.clocks import Clock, clocks_of
from billing.deadlines import limits_of, standing_of
from billing.models import Claim
from billing.moving import record_event
from billing.permissions import may
from cases.moving import lock
from cases.readers import people_of
from teledent.accounts.acting import Actor
from teledent.accounts.days import today_in
from teledent.accounts.models import Person, Role
from teledent.kit.decisions import Refused, require
from teledent.kit.text import is_filler, printable

LONGEST = timedelta(days=366)
WHY_SNOOZE = "Say what it waits for; the claim's timeline keeps it."
WHAT_NOTE = "Write what was heard or done; the claim's timeline keeps it."


@transaction.atomic
def snooze_claim(*, actor: Actor, claim: Claim, until: date, because: str, at: datetime) -> tuple[Clock, ...]:
    """Let the claim leave the list of what needs a person until the day `until`, when it comes back by itself.

    Returns the clocks that run out before that day: the caller warns. Whatever moves the claim wakes it.
    """
    claim = _worked(actor, claim)
    today = today_in(actor.practice, at)
    if claim.due_on is None:
        raise Refused("Nothing is left to do about this claim, so there is nothing to put off.")
    if not today < until <= today + LONGEST:
        raise Refused("Choose a day after today and within a year.")
    if is_filler(because):
        raise Refused(WHY_SNOOZE)
    because = printable(because).strip()[:300]
    missed = missed_by(claim, until, today=today)
    _keep(claim, snoozed_until=until, snoozed_because=because)
    details = {"until": until, "because": because, "past": [f"{clock.kind} {clock.due}" for clock in missed]}
    record_event(claim, "snoozed", person=actor.person, at=at, details=details)
    return missed


@transaction.atomic
def wake_claim(*, actor: Actor, claim: Claim, at: datetime) -> Claim:
    """Take a snooze back. A claim that is awake is returned as it stands."""
    claim = _worked(actor, claim)
    if claim.snoozed_until is not None:
        _keep(claim, snoozed_until=None, snoozed_because="")
        record_event(claim, "woken", person=actor.person, at=at)
    return claim


@transaction.atomic
def note_on_claim(*, actor: Actor, claim: Claim, text: str, at: datetime) -> Claim:
    """Add a note to the claim's timeline, where rows are only ever added."""
    claim = _worked(actor, claim)
    if is_filler(text):
        raise Refused(WHAT_NOTE)
    record_event(claim, "noted", person=actor.person, at=at, details={"text": printable(text).strip()[:1000]})
    return claim


@transaction.atomic
def assign_claim(*, actor: Actor, claim: Claim, to: Person | None, at: datetime) -> Claim:
    """Give the claim to a person of this practice's front desk, or back to everybody."""
    claim = _worked(actor, claim)
    if to is not None and not assignable(actor, at=at).filter(pk=to.pk).exists():
        raise Refused("A claim can be given to people of this practice's front desk alone.")
    if claim.assigned_to_id == (to.pk if to else None):
        return claim
    _keep(claim, assigned_to=to)
    record_event(claim, "assigned", person=actor.person, at=at, details={"to": to.name if to else ""})
    return claim


def assignable(actor: Actor, *, at: datetime) -> QuerySet[Person]:
    """People of the front desk today."""
    return people_of(actor.practice, Role.FRONT_DESK, at=at).order_by("name", "pk")


def missed_by(claim: Claim, until: date, *, today: date, zone: str = "") -> tuple[Clock, ...]:
    """The clocks of the claim that run out before it comes back on `until`."""
    payer = claim.coverage.payer if claim.coverage else None
    clocks = clocks_of(standing_of(claim, zone=zone), limits_of(payer, claim.rule_limits), today=today)
    return tuple(clock for clock in clocks if clock.due is not None and clock.due < until)


def _worked(actor: Actor, claim: Claim) -> Claim:
    """The claim read anew under its case's lock, for somebody who may work on it."""
    require(may(actor, "work_claims"))
    if claim.practice_id != actor.practice.pk:
        raise Refused("This claim belongs to another practice.")
    lock(claim.case_id)
    return Claim.objects.for_list().get(pk=claim.pk)


def _keep(claim: Claim, **columns: object) -> None:
    Claim.objects.filter(pk=claim.pk).update(**columns)
    for column, value in columns.items():
        setattr(claim, column, value)
