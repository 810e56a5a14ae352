"""Payers, receivers and fees: lists that the manager reads too, and forms of the front desk."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from billing.access import get_fee, get_payer, get_receiver
from billing.actions.settings import save_fee, save_payer, save_receiver
from billing.claims.neighbours import companion_doubts
from billing.forms import FeeForm, PayerForm, ReceiverForm, add_refusal
from billing.models import Fee, Payer, Receiver
from billing.permissions import may
from billing.views.patients import FORM_METHODS
from billing.views.worklist import READERS
from cases.models import ProcedureCode
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.context import Shell
from teledent.kit import clock

CHECKED_AGAIN = "Claims that were not sent are checked again in the background."


@require_safe
@role_required(*READERS)
def payers(request: ActingRequest) -> HttpResponse:
    rows = Payer.objects.filter(practice=request.actor.practice).select_related("receiver", "supervising_dentist")
    today = clock.local_date(clock.now(), Shell(request).zone)
    standing = Q(rules__active=True) & (Q(rules__valid_until__isnull=True) | Q(rules__valid_until__gte=today))
    return _list(request, "payers", rows=list(rows.annotate(rule_count=Count("rules", filter=standing))))


@require_http_methods(FORM_METHODS)
@role_required(Role.FRONT_DESK)
def payer_add(request: ActingRequest) -> HttpResponse:
    return _payer(request, Payer(practice=request.actor.practice), "Add a payer")


@require_http_methods(FORM_METHODS)
@role_required(Role.FRONT_DESK)
def payer(request: ActingRequest, public_id: UUID) -> HttpResponse:
    row = get_payer(request.actor, public_id)
    return _payer(request, row, row.name)


def _payer(request: ActingRequest, row: Payer, title: str) -> HttpResponse:
    def save(at: datetime) -> None:
        save_payer(actor=request.actor, payer=form.instance, at=at)
        for doubt in companion_doubts(form.instance.companion_codes):
            messages.warning(request, doubt)

    form = PayerForm(request.POST or None, instance=row, actor=request.actor)
    return _saved(request, form, save, title, "payers", f"{{}} is saved. {CHECKED_AGAIN}")


@require_safe
@role_required(*READERS)
def receivers(request: ActingRequest) -> HttpResponse:
    rows = Receiver.objects.filter(practice=request.actor.practice).select_related("control_number")
    return _list(request, "receivers", rows=list(rows.annotate(payer_count=Count("payers"))))


@require_http_methods(FORM_METHODS)
@role_required(Role.FRONT_DESK)
def receiver_add(request: ActingRequest) -> HttpResponse:
    return _receiver(request, Receiver(practice=request.actor.practice), "Add a receiver")


@require_http_methods(FORM_METHODS)
@role_required(Role.FRONT_DESK)
def receiver(request: ActingRequest, public_id: UUID) -> HttpResponse:
    row = get_receiver(request.actor, public_id)
    return _receiver(request, row, row.name)


def _receiver(request: ActingRequest, row: Receiver, title: str) -> HttpResponse:
    def save(at: datetime) -> None:
        save_receiver(actor=request.actor, receiver=form.instance, at=at)

    form = ReceiverForm(request.POST or None, instance=row)
    return _saved(request, form, save, title, "receivers", "{} is saved.")


@require_safe
@role_required(*READERS)
def fees(request: ActingRequest) -> HttpResponse:
    """Each code with its fees, newest first, and the words the practice uses for it."""
    practice = request.actor.practice
    words = dict(ProcedureCode.objects.filter(practice=practice).order_by("valid_from").values_list("code", "text"))
    today = clock.local_date(clock.now(), Shell(request).zone)
    rows = Fee.objects.filter(practice=practice).order_by("code", "-valid_from")
    listed = [(fee, words.get(fee.code, ""), _holds(fee, today)) for fee in rows]
    return _list(request, "fees", rows=listed, without=sorted(set(words) - {fee.code for fee, _, _ in listed}))


def _holds(fee: Fee, today: Any) -> str:
    """ "now", "later" or "past"."""
    if fee.valid_from > today:
        return "later"
    return "past" if fee.valid_until and fee.valid_until < today else "now"


@require_http_methods(FORM_METHODS)
@role_required(Role.FRONT_DESK)
def fee_add(request: ActingRequest) -> HttpResponse:
    today = clock.local_date(clock.now(), Shell(request).zone)
    initial = {"valid_from": today, "code": request.GET.get("code", "")}
    return _fee(request, Fee(practice=request.actor.practice), "Enter a fee", initial)


@require_http_methods(FORM_METHODS)
@role_required(Role.FRONT_DESK)
def fee(request: ActingRequest, public_id: UUID) -> HttpResponse:
    row = get_fee(request.actor, public_id)
    return _fee(request, row, f"Fee for {row.code}", {})


def _fee(request: ActingRequest, row: Fee, title: str, initial: dict[str, Any]) -> HttpResponse:
    def save(at: datetime) -> None:
        save_fee(actor=request.actor, fee=form.filled(), at=at)

    form = FeeForm(request.POST or None, actor=request.actor, fee=row, initial=initial)
    return _saved(request, form, save, title, "fees", f"The fee is saved. {CHECKED_AGAIN}")


def _list(request: ActingRequest, name: str, **context: Any) -> HttpResponse:
    context |= {"may_keep": bool(may(request.actor, "keep_settings")), "now_at": name}
    return render(request, f"claims/{name}.html", context)


def _saved(
    request: ActingRequest, form: forms.BaseForm, save: Callable[[datetime], None], title: str, back: str, done: str
) -> HttpResponse:
    """The way of every form here: valid, saved by its action, back to the list; or again with what is wrong beside it."""
    if request.method == "POST" and form.is_valid():
        try:
            save(clock.now())
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, done.format(getattr(form, "cleaned_data", {}).get("name", "")))
            return redirect(back)
    context = {"form": form, "title": title, "back_to": reverse(back), "action": "Save"}
    return render(request, "claims/edit.html", context, status=422 if form.errors else 200)
