"""What may still be done to a case, one verb an address. A refusal stands in its form with everything that was typed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from cases.access import get_case, get_order
from cases.actions.consenting import withdraw_consent
from cases.actions.following import close_case, record_follow_up
from cases.actions.ordering import cancel_order, give_orders
from cases.actions.phrasing import numbering_of
from cases.actions.signing import add_addendum, retract_case
from cases.models import Case, Scope
from cases.views.reading.order_forms import CancelOrderForm, GivenOrderForm
from cases.views.record.forms import AddendumForm, CloseForm, FollowUpForm, RetractForm, WithdrawConsentForm
from cases.views.record.page import record_page, withdrawable
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.confirming import WrongPassword
from teledent.accounts.models import Role
from teledent.kit import clock
from teledent.kit.decisions import Conflict, Refused


@require_POST
@role_required(Role.HYGIENIST, Role.DENTIST)
def addendum(request: ActingRequest, public_id: UUID) -> HttpResponse:
    return act(
        request, public_id, "addendum", lambda case: AddendumForm(request.POST), add_addendum, "The addendum is signed."
    )


@require_POST
@role_required(Role.HYGIENIST, Role.DENTIST, Role.FRONT_DESK)
def follow_up(request: ActingRequest, public_id: UUID) -> HttpResponse:
    return act(
        request,
        public_id,
        "follow-up",
        lambda case: FollowUpForm(request.POST),
        record_follow_up,
        "The step is on the record.",
    )


@require_POST
@role_required(Role.FRONT_DESK)
def close(request: ActingRequest, public_id: UUID) -> HttpResponse:
    return act(request, public_id, "close", lambda case: CloseForm(request.POST), close_case, "The case is closed.")


@require_POST
@role_required(Role.DENTIST, Role.MANAGER)
def retract(request: ActingRequest, public_id: UUID) -> HttpResponse:
    done = "The review is retracted. It stays readable and marked; claims not yet sent are stopped, those sent wait to be voided."
    return act(request, public_id, "retract", lambda case: RetractForm(request.POST), retract_case, done)


@require_POST
@role_required(Role.DENTIST)
def order(request: ActingRequest, public_id: UUID) -> HttpResponse:
    done = "The order is signed and stands before the hygienists of the site."

    def form(case: Case) -> forms.Form:
        return GivenOrderForm(request.POST, numbering=numbering_of(request.actor.person))

    return act(request, public_id, "order", form, give_orders, done)


@require_POST
@role_required(Role.DENTIST)
def cancel(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    order = get_order(request.actor, public_id, at=at)
    form = CancelOrderForm(request.POST)
    if not form.is_valid():
        raise Refused("Say why the order is cancelled; the timeline keeps it.")
    cancel_order(actor=request.actor, order=order, at=at, **form.cleaned_data)
    messages.success(request, f"{order.label} is cancelled.")
    return redirect("record", order.case.public_id)


@require_POST
@role_required(Role.HYGIENIST, Role.FRONT_DESK)
def consent(request: ActingRequest, public_id: UUID) -> HttpResponse:
    def withdraw(*, case: Case, at: datetime, **said: Any) -> None:
        withdraw_consent(actor=request.actor, patient=case.patient, at=at, scope=said["scope"], reason=said["reason"])

    def form(case: Case) -> forms.Form:
        return WithdrawConsentForm(request.POST, scopes=withdrawable(case) or list(Scope.values))

    return act(request, public_id, "consent", form, withdraw, "The withdrawal is recorded, with effect from now.")


def act(
    request: ActingRequest,
    public_id: UUID,
    name: str,
    make_form: Callable[[Case], forms.Form],
    verb: Callable[..., Any],
    done: str,
) -> HttpResponse:
    """Gate, form, verb, message: the way of every act. Times in the form are the site's."""
    at = clock.now()
    case = get_case(request.actor, public_id, at=at)
    with timezone.override(ZoneInfo(case.site.time_zone)):
        form = make_form(case)
        if form.is_valid():
            told = {} if name == "consent" else {"actor": request.actor}
            try:
                verb(case=case, at=at, **told, **form.cleaned_data)
            except Conflict:
                raise
            except WrongPassword as refusal:
                form.add_error("password", refusal.sentence)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
            else:
                messages.success(request, done)
                return redirect("record", case.public_id)
    return record_page(request, case, at=at, failed=(name, form))
