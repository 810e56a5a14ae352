"""What the front desk does to a claim that went out: correct it, void it, bill the next payer, bill the case again."""

from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from billing.access import get_claim
from billing.actions.changing import bill_again, correct_claim, drop_change, void_claim
from billing.actions.coordinating import bill_next_payer
from billing.claim_forms import ChangeForm, DropForm
from billing.models import Claim
from billing.views.claim import claim_page
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.kit import clock


@require_POST
@role_required(Role.FRONT_DESK)
def correct(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at, form = clock.now(), ChangeForm(request.POST, auto_id="correct_%s")
    claim = get_claim(request.actor, public_id, at=at)
    if not form.is_valid():
        return _again(request, claim, "correct", form, at=at)
    made = correct_claim(actor=request.actor, claim=claim, at=at, **form.cleaned_data)
    messages.success(
        request, f"Correction of claim {claim} begun. Change what was wrong; the export replaces the claim."
    )
    return redirect("claim", made.public_id)


@require_POST
@role_required(Role.FRONT_DESK)
def void(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at, form = clock.now(), ChangeForm(request.POST, auto_id="void_%s")
    claim = get_claim(request.actor, public_id, at=at)
    if not form.is_valid():
        return _again(request, claim, "void", form, at=at)
    made = void_claim(actor=request.actor, claim=claim, at=at, **form.cleaned_data)
    messages.success(request, f"Void of claim {claim} made. The next export takes it.")
    return redirect("claim", made.public_id)


@require_POST
@role_required(Role.FRONT_DESK)
def drop(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at, form = clock.now(), DropForm(request.POST, auto_id="drop_%s")
    claim = get_claim(request.actor, public_id, at=at)
    if not form.is_valid():
        return _again(request, claim, "drop", form, at=at)
    dropped = drop_change(actor=request.actor, claim=claim, at=at, **form.cleaned_data)
    messages.success(request, "Dropped. The claim that went out stands as it was.")
    return redirect("claim", dropped.replaces.public_id if dropped.replaces else public_id)


@require_POST
@role_required(Role.FRONT_DESK)
def next_payer(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    made = bill_next_payer(actor=request.actor, claim=get_claim(request.actor, public_id, at=at), at=at)
    return redirect("claim", made.public_id)


@require_POST
@role_required(Role.FRONT_DESK)
def again(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    made = bill_again(actor=request.actor, claim=get_claim(request.actor, public_id, at=at), at=at)
    return redirect("claim", made.public_id)


def _again(request: ActingRequest, claim: Claim, name: str, form: forms.Form, *, at: datetime) -> HttpResponse:
    return claim_page(request, claim, at=at, changing={name: form})
