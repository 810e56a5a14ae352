"""A dentist orders something of the hygienist, out of a review or after the signature, and may take it back (CO-3)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from cases import teeth
from cases.actions.opening import next_number
from cases.actions.reviewing import lock_draft
from cases.actions.signing import confirm_signer
from cases.models import Case, Order, OrderKind, PlanLine, Review
from cases.models.order import ordered_in_words
from cases.moving import lock, record_event
from cases.order_kinds import KINDS
from cases.order_moving import given_content, move_order, named
from cases.order_states import LIVE, OrderStatus
from cases.permissions import licence_of, may
from cases.places import day_at_patient_place
from cases.promises import refuse_promise
from teledent.accounts.acting import Actor
from teledent.kit import canonical
from teledent.kit.decisions import Conflict, Refused, require
from teledent.kit.text import is_filler, printable

ORDERED_ALREADY = "This is ordered already and not done yet. Cancel that order first to change it."


@transaction.atomic
def draft_orders(
    *, actor: Actor, review: Review, kind: str, at: datetime, tooth_keys: Sequence[str] = (), reason: str = "",
    valid_until: date | None = None, line_id: int | None = None, version: int | None = None,
) -> list[Order]:  # fmt: skip
    """Write orders into the draft, one a tooth; from a line of the plan they take its tooth and reason. They count when signed."""
    case = lock_draft(actor, review, at, version=version)
    line = PlanLine.objects.filter(review=review, pk=line_id).first() if line_id else None
    if line is not None:
        tooth_keys = tooth_keys or ([line.tooth] if line.tooth else [])
        reason = reason or line.rationale
    return _make(
        actor, case, kind, tooth_keys=tooth_keys, reason=reason, valid_until=valid_until, at=at, review=review, plan_line=line
    )  # fmt: skip


@transaction.atomic
def undraft_order(*, actor: Actor, review: Review, number: int, at: datetime, version: int | None = None) -> None:
    """Take an order out of the draft; nobody has seen it."""
    lock_draft(actor, review, at, version=version)
    Order.objects.filter(review=review, number=number, status=OrderStatus.DRAFTED).delete()


def give_orders(
    *, actor: Actor, case: Case, kind: str, reason: str, password: str, at: datetime, tooth_keys: Sequence[str] = (),
    valid_until: date | None = None,
) -> list[Order]:  # fmt: skip
    """Order anew after the signature: signed by itself, with the password and a licence of that day; it counts at once."""
    confirm_signer(actor, password, at=at)
    with transaction.atomic():
        case = lock(case.pk)
        require(may(actor, "order", case, at=at))
        licence = licence_of(actor.person, state=case.patient_state, day=day_at_patient_place(case, at))
        made = _make(
            actor, case, kind, tooth_keys=tooth_keys, reason=reason, valid_until=valid_until, at=at,
            status=OrderStatus.OPEN, counts_from=at,
        )  # fmt: skip
        for order in made:
            digest = canonical.sha256_of(given_content(order, licence=str(licence)))
            details = {**named(order), "licence": str(licence), "digest": digest}
            record_event(case.pk, "order_given", person=actor.person, at=at, details=details)
        return made


def _make(
    actor: Actor, case: Case, kind: str, *, tooth_keys: Sequence[str], reason: str, valid_until: date | None, at: datetime, **columns: Any
) -> list[Order]:  # fmt: skip
    needs, day = KINDS[kind], day_at_patient_place(case, at)
    if any(not teeth.is_key(key) for key in tooth_keys):
        raise Refused("This is not a tooth.")
    if needs.needs_tooth and not tooth_keys:
        raise Refused(f"“{OrderKind(kind).label}” needs a tooth: say which.")
    if not needs.needs_tooth and tooth_keys:
        raise Refused(f"“{OrderKind(kind).label}” is for the whole mouth: leave the tooth empty.")
    if is_filler(reason):
        raise Refused("Say why it is to be done; the hygienist and the record read it.")
    refuse_promise(reason)
    until = valid_until or day + needs.valid_for
    if until < day:
        raise Refused("The last day of an order does not lie in the past.")
    if not needs.valid_for.days * 2 >= (until - day).days:
        raise Refused(
            f"{ordered_in_words(kind, '')}: valid for {needs.valid_for.days * 2} days at most; then look again."
        )
    keys = list(dict.fromkeys(tooth_keys)) or [""]
    if Order.objects.filter(case=case, kind=kind, tooth__in=keys, status__in=LIVE).exists():
        raise Refused(ORDERED_ALREADY)
    try:
        with transaction.atomic():
            return [
                Order.objects.create(
                    practice=case.practice, case=case, number=next_number(case.practice, "order"), kind=kind, tooth=key,
                    reason=printable(reason)[:300], valid_until=until, ordered_by=actor.person,
                    ordered_by_name=actor.person.name, made_at=at, **columns,
                ) for key in keys
            ]  # fmt: skip
    except IntegrityError:
        raise Conflict(ORDERED_ALREADY) from None


@transaction.atomic
def cancel_order(*, actor: Actor, order: Order, reason: str, at: datetime) -> Order:
    """A dentist takes an order back; a visit that began under it is not submitted under it any more."""
    case = lock(order.case_id)
    require(may(actor, "order", case, at=at))
    if is_filler(reason):
        raise Refused("Say why the order is cancelled; the timeline keeps it.")
    because = printable(reason)[:300]
    return move_order(
        _now(order), "cancel", person=actor.person, at=at, details={"because": because}, ended_because=because
    )


def _now(order: Order) -> Order:
    """The order as it now stands; its case is locked by the caller."""
    return Order.objects.get(pk=order.pk)


# --- what follows from the moves of a case, inside their transactions ---------------------------------------------


def issue_orders(case: Case, at: datetime) -> None:
    """Signed: what the review ordered counts from now."""
    for order in Order.objects.filter(review__case=case, review__signed_at__isnull=False, status=OrderStatus.DRAFTED):
        move_order(order, "issue", person=order.ordered_by, at=at, counts_from=at)


def cancel_orders_of(case: Case, at: datetime) -> None:
    """Retracted: nobody treats on the word of a review that is marked as wrong (RE-5)."""
    because = "The case was retracted."
    for order in Order.objects.filter(case=case, status__in=LIVE):
        move_order(order, "cancel", person=None, at=at, details={"because": because}, ended_because=because)
