"""The second visit (CO-3): a hygienist begins it under an order, records what she did, and submitting it fulfils the order."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from cases import questionnaires
from cases.actions.capturing import clean_answer
from cases.actions.opening import open_case
from cases.merging import require_standing
from cases.models import Because, Case, Kind, OnSiteService, Order, ProcedureCode, Urgency
from cases.moving import lock, record_event
from cases.order_kinds import KINDS
from cases.order_moving import move_order
from cases.order_policies import Known, may_start
from cases.order_states import UNDER_ORDER, OrderStatus
from cases.permissions import may
from cases.record import order_facts, read_record
from cases.states import Status
from teledent.accounts.acting import Actor
from teledent.kit import clock
from teledent.kit.decisions import Refused, require
from teledent.kit.text import is_filler, printable

TODAY = "today"


@transaction.atomic
def start_visit(
    *, actor: Actor, order: Order, tooth: str, answers: Mapping[str, Any], at: datetime, public_id: UUID | None = None
) -> Case:
    """Begin the visit, or take the order into the one that was begun today for the same case. CO-3 is asked here.

    `tooth` is what the hygienist said again; `answers` holds what the family answered about allergies today.
    """
    require_standing(order.case.patient)  # the patient before her cases, as a merge locks them
    origin = lock(order.case_id)
    require(may(actor, "treat", origin, at=at))
    (order,) = Order.objects.filter(pk=order.pk).select_related("case")
    if order.status == OrderStatus.ACCEPTED and order.visit is not None:
        return order.visit  # a second tap
    (fact,) = order_facts([order])
    if not questionnaires.chosen(answers, "allergies"):
        raise Refused("Ask about allergies again today, and tap the answer.")
    day = clock.local_date(at, origin.site.time_zone)
    known = [*known_allergies(origin), Known(TODAY, answers)]
    require(may_start(fact, read_record(origin), known=known, tooth=tooth, day=day))
    visit = _visit_of(actor, origin, answers, at=at, public_id=public_id)
    details = {"visit": visit.label, "tooth_said": tooth, "allergies": answers.get("allergies")}
    move_order(
        order, "accept", person=actor.person, at=at, details=details, visit=visit, accepted_by=actor.person
    )  # fmt: skip
    return visit


def known_allergies(origin: Case) -> list[Known]:
    """The newest answer on file about this patient's allergies, with the case in which it was given."""
    cases = Case.objects.filter(patient=origin.patient_id).order_by("-opened_at", "-pk")
    newest = next((case for case in cases if questionnaires.chosen(case.answers, "allergies")), None)
    return [Known(f"in {newest.label}", newest.answers)] if newest else []


def _visit_of(actor: Actor, origin: Case, answers: Mapping[str, Any], *, at: datetime, public_id: UUID | None) -> Case:
    """The visit that was begun today under another order of the same case, else a new one. The origin is locked."""
    day = clock.local_date(at, origin.site.time_zone)
    begun = Case.objects.filter(
        follows=origin, follows_because=Because.ORDER, status=Status.DRAFT, day_seen=day
    ).first()  # fmt: skip
    if begun is not None:
        visit = lock(begun.pk)
    else:
        visit = open_case(
            actor=actor, patient=origin.patient, site=origin.site, kind=Kind.TREATMENT_VISIT, at=at, public_id=public_id,
            follows=origin, because=Because.ORDER,
        )  # fmt: skip
    said = {key: clean_answer(value) for key, value in answers.items() if key in ("allergies", "allergies_text")}
    visit.answers = {**visit.answers, **{key: value for key, value in said.items() if value is not None}}
    visit.urgency = visit.urgency or Urgency.ROUTINE
    visit.revision += 1
    visit.save(update_fields=["answers", "urgency", "revision"])
    return visit


@transaction.atomic
def record_under_order(*, actor: Actor, order: Order, at: datetime) -> OnSiteService:
    """Record that what was ordered was done: its code, its tooth, this order (CA-3). A second tap returns the first row."""
    visit = _lock_visit(order)
    require(may(actor, "capture", visit, at=at))
    order = Order.objects.get(pk=order.pk)
    if order.status not in UNDER_ORDER or order.visit_id != visit.pk:
        raise Refused(f"{order.label} does not stand for this visit. Nothing was recorded.")
    known = OnSiteService.objects.filter(case=visit, order=order).first()
    if known:
        return known
    code = KINDS[order.kind].code
    if not code:
        raise Refused("This order asks for a picture: send it under its view.")
    if not ProcedureCode.objects.licensed_to(visit.practice).on(visit.day_seen).filter(code=code).exists():
        raise Refused(
            f"{code} is not among the practice's codes: a manager confirms the licence of the code set first."
        )
    service = OnSiteService(
        case=visit, code=code, tooth=order.tooth, operator=actor.person, ordered_by=order.said, order=order
    )
    try:
        service.full_clean()
    except ValidationError:
        raise Refused(f"{code} is recorded already for this tooth without this order. Remove that first.") from None
    service.save(force_insert=True)
    details = {"code": code, "tooth": order.tooth, "quantity": 1, "order": order.label}
    record_event(visit.pk, "service_recorded", person=actor.person, at=at, details=details)
    return service


@transaction.atomic
def give_back(*, actor: Actor, order: Order, reason: str, at: datetime) -> Order:
    """It was not done after all: the order waits again, and what was recorded under it in the open visit goes."""
    visit = _lock_visit(order)
    require(may(actor, "capture", visit, at=at))
    if is_filler(reason):
        raise Refused("Say why it was not done; the timeline keeps it.")
    order = Order.objects.get(pk=order.pk)
    if order.status not in UNDER_ORDER or order.visit_id != visit.pk:
        raise Refused(f"{order.label} does not stand for this visit. Nothing was changed.")
    for service in OnSiteService.objects.filter(case=visit, order=order):
        details = {"code": service.code, "tooth": service.tooth}
        record_event(visit.pk, "service_removed", person=actor.person, at=at, details=details)
        service.delete()
    return _back(order, person=actor, because=printable(reason)[:300], at=at)


def _back(order: Order, *, person: Actor | None, because: str, at: datetime) -> Order:
    return move_order(
        order, "give_back", person=person.person if person else None, at=at, details={"because": because},
        visit=None, accepted_by=None,
    )  # fmt: skip


@transaction.atomic
def refuse_order(*, actor: Actor, order: Order, reason: str, at: datetime) -> Order:
    """The hygienist will not do it: the child moved away, the family says no, the tooth is gone."""
    case = lock(order.case_id)
    require(may(actor, "treat", case, at=at))
    if is_filler(reason):
        raise Refused("Say why it cannot be done; the dentist reads it.")
    because, order = printable(reason)[:300], Order.objects.get(pk=order.pk)
    return move_order(order, "refuse", person=actor.person, at=at, details={"because": because}, ended_because=because)


def _lock_visit(order: Order) -> Case:
    """The visit under its lock, after the case that ordered: everywhere in this order, so that nobody waits crosswise."""
    visit_id = Order.objects.values_list("visit", flat=True).get(pk=order.pk)
    if visit_id is None:
        raise Refused(f"{order.label} is in no visit. Nothing was changed.")
    lock(order.case_id)
    return lock(visit_id)


def lock_with_origin(case: Case) -> Case:
    """A case under its lock; for a visit, the case that ordered it before."""
    if case.follows_id is not None:
        lock(case.follows_id)
    return lock(case.pk)


# --- what follows from the moves of a visit, inside their transactions --------------------------------------------


def fulfil_orders(visit: Case, at: datetime) -> None:
    """Submitted: what was accepted is done. The checklist has asked for each of them."""
    for order in Order.objects.filter(visit=visit, status=OrderStatus.ACCEPTED):
        move_order(order, "fulfil", person=order.accepted_by, at=at)


def free_orders(visit: Case, at: datetime) -> None:
    """Withdrawn or stopped: what was to be done, or is recorded only there, waits again."""
    for order in Order.objects.filter(visit=visit, status__in=[OrderStatus.ACCEPTED, OrderStatus.DONE]):
        _back(order, person=None, because=f"{visit.label} ended without a signature.", at=at)
