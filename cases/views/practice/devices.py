"""Devices of the practice: what each still holds, an end to one, an order to wipe it, and the key that opens a locked one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cases.access_device import get_kept_device, open_wipe_order
from cases.actions.keeping_devices import (
    NOTHING,
    REASON_MAX,
    keep_recovery_key,
    newest_recovery_key,
    order_wipe,
    retire_device,
    use_device_again,
)
from cases.models import Device
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.forms import NameField
from teledent.accounts.models import Role
from teledent.kit import clock
from teledent.kit.decisions import Conflict, Refused

KEY_MAX = 800  # characters of Base64


class RetireForm(forms.Form):
    """Beside the form to wipe it, so with ids of its own."""

    cases = forms.IntegerField(label="How many cases stay on it?", min_value=0, max_value=100_000)
    because = NameField(label="Why", max_length=REASON_MAX)


class WipeForm(forms.Form):
    cases = forms.IntegerField(label="How many cases does this destroy?", min_value=0, max_value=100_000)
    because = NameField(label="Why", max_length=REASON_MAX)


class RecoveryForm(forms.Form):
    """The public half comes from the page's script; the private one never leaves the browser."""

    spki = forms.CharField(max_length=KEY_MAX)
    stored = forms.BooleanField(error_messages={"required": "Say that you stored the file."})


@require_safe
@role_required(Role.MANAGER)
def devices(request: ActingRequest) -> HttpResponse:
    rows = Device.objects.filter(practice=request.actor.practice).select_related("registered_by")
    key = newest_recovery_key(request.actor)
    context = {
        "in_use": [row for row in rows if row.retired_at is None], "retired": [row for row in rows if row.retired_at is not None],
        "key": key, "here": "people",
    }  # fmt: skip
    return render(request, "device/devices.html", context)


@require_POST
@role_required(Role.MANAGER)
def recovery_key(request: ActingRequest) -> HttpResponse:
    form = RecoveryForm(request.POST)
    if not form.is_valid():
        raise Refused(str(next(iter(form.errors.values()))[0]))
    key = keep_recovery_key(actor=request.actor, spki=form.cleaned_data["spki"], at=clock.now())
    messages.success(request, f"Recovery key {key} counts. Each device takes it at its next contact and unlocking.")
    return redirect("devices")


@require_safe
@role_required(Role.MANAGER)
def device(request: ActingRequest, public_id: UUID) -> HttpResponse:
    return _page(request, get_kept_device(request.actor, public_id))


def _retire_form(said: Any = None) -> RetireForm:
    return RetireForm(said, auto_id="retire_%s")


def _page(request: ActingRequest, row: Device, **shown: Any) -> HttpResponse:
    orders = row.wipe_orders.exclude(answered_at=None).select_related("ordered_by")
    context = {
        "device": row, "open_order": open_wipe_order(request.actor, row.public_id), "holds": row.holds or NOTHING, "orders": orders,
        "is_wiped": any(order.carried_out for order in orders), "retire_form": _retire_form(), "wipe_form": WipeForm(), "here": "people",
        **shown,
    }  # fmt: skip
    return render(request, "device/device.html", context, status=422 if shown else 200)


@require_POST
@role_required(Role.MANAGER)
def retire(request: ActingRequest, public_id: UUID) -> HttpResponse:
    row, form = get_kept_device(request.actor, public_id), _retire_form(request.POST)
    if _decided(request, row, form, retire_device):
        messages.success(request, f"{row.name} is retired and forwards nothing any more.")
        return redirect("kept-device", row.public_id)
    return _page(request, row, retire_form=form)


def _decided(request: ActingRequest, row: Device, form: forms.Form, action: Callable[..., object]) -> bool:
    """Whether `action` was done; what it refuses stands at the number that was typed."""
    if not form.is_valid():
        return False
    try:
        action(actor=request.actor, device=row, at=clock.now(), **form.cleaned_data)
    except Conflict:
        raise
    except Refused as refused:
        form.add_error("cases", refused.sentence)
        return False
    return True


@require_POST
@role_required(Role.MANAGER)
def use_again(request: ActingRequest, public_id: UUID) -> HttpResponse:
    row = get_kept_device(request.actor, public_id)
    use_device_again(actor=request.actor, device=row, at=clock.now())
    messages.success(request, f"{row.name} is in use again. What is on it is forwarded at its next contact.")
    return redirect("kept-device", row.public_id)


@require_POST
@role_required(Role.MANAGER)
def wipe(request: ActingRequest, public_id: UUID) -> HttpResponse:
    row, form = get_kept_device(request.actor, public_id), WipeForm(request.POST)
    if _decided(request, row, form, order_wipe):
        messages.success(request, f"{row.name} is wiped at its next contact, and tells what it destroyed.")
        return redirect("kept-device", row.public_id)
    return _page(request, row, wipe_form=form)
