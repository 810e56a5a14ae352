"""Handing a reading over: the only way by which a draft gets another writer (RE-2)."""

from datetime import datetime

from django.db import transaction

from cases.actions.reviewing import LEASE
from cases.models import About, Case, Order, Review
from cases.moving import lock, move_case
from cases.notices import tell
from cases.order_states import OrderStatus
from cases.permissions import may
from cases.readers import readers_of
from cases.terms import read_terms
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person
from teledent.kit.decisions import Conflict, Refused, require
from teledent.kit.text import is_filler, printable

REASON_MAX = 300


@transaction.atomic
def hand_over(*, actor: Actor, case: Case, to: Person, reason: str, at: datetime) -> None:
    """Give the case and the draft on its newest version to a dentist who may read it; on the timeline with the reason.

    She holds it under a lease as if she had started it; should that end, her list has it first until it is due.
    """
    case = lock(case.pk)
    require(may(actor, "hand_over", case, at=at))
    if is_filler(reason):
        raise Refused("Say why you hand the case over; the timeline keeps the reason.")
    if to == actor.person or to not in readers_of(case, at=at):
        raise Refused(
            f"{to} cannot read this case. Choose a dentist licensed in {case.patient_state} who did not gather it."
        )
    drafts = Review.objects.filter(case=case, signed_at__isnull=True).order_by("-submission__version")
    draft = drafts.filter(writer=actor.person).first()
    if draft is None:
        raise Conflict("There is no draft of yours to hand over. Reload the page.")
    if drafts.filter(writer=to, submission=draft.submission).exists():
        raise Refused(f"{to} has begun a reading of her own. Put the case back, and she goes on with that one.")
    Review.objects.filter(pk=draft.pk, signed_at__isnull=True).update(writer=to, version=draft.version + 1, saved_at=at)
    orders = Order.objects.filter(review=draft, status=OrderStatus.DRAFTED)
    orders.update(ordered_by=to, ordered_by_name=to.name)  # they count by her signature, under her licence (CO-3)
    until = read_terms(case.practice).offered_until(at, due_at=case.due_at or at)
    moved = move_case(
        case, "hand_over", person=actor.person, at=at,
        details={"to": to.name, "reason": printable(reason)[:REASON_MAX], "version": draft.submission.version},
        reader=to, lease_until=at + LEASE, offered_to=to, offered_until=until,
    )  # fmt: skip
    tell([to], About.HANDED, moved, key=f"handed:{case.pk}:{moved.timeline_count}", at=at)
