"""What the front desk does about a claim without moving it, from its page and from the list; one verb an address."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from billing.access import get_claim
from billing.actions.desk import assign_claim, assignable, note_on_claim, snooze_claim, wake_claim
from billing.desk_forms import KIND_LABELS, AssignForm, NoteForm, SnoozeForm
from billing.models import Claim
from billing.views.claim import claim_page
from billing.views.desk import acts_of, is_asleep
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.days import today_in
from teledent.accounts.models import Role
from teledent.kit import clock
from teledent.kit.decisions import Refused


@require_safe
@role_required(Role.FRONT_DESK)
def acts(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """The forms for one row of the list, which asks for them when somebody wants them: for every row they would weigh more
    than the list."""
    at = clock.now()
    claim = get_claim(request.actor, public_id, at=at)
    today, people = today_in(request.actor.practice, at), list(assignable(request.actor, at=at))
    context = {
        "claim": claim, "asleep": is_asleep(claim, today), "listed": True,
        "acts": acts_of(claim, people=people, today=today, back=request.GET.get("back", "")),
    }  # fmt: skip
    return render(request, "claims/_desk_acts.html", context)


@require_POST
@role_required(Role.FRONT_DESK)
def snooze(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Put off. What runs out before the claim comes back is said at once."""
    at = clock.now()
    claim = get_claim(request.actor, public_id, at=at)
    form = SnoozeForm(request.POST, today=today_in(request.actor.practice, at), auto_id=_ids(claim))
    if not form.is_valid():
        return _again(request, claim, snooze=form)
    missed = snooze_claim(actor=request.actor, claim=claim, at=at, **form.cleaned_data)
    until = clock.day_in_words(form.cleaned_data["until"])
    if missed:
        said = ", ".join(
            f"{KIND_LABELS[one.kind].lower()} ends {clock.day_in_words(one.due)}" for one in missed if one.due
        )
        messages.warning(request, f"Put off until {until}, but before that: {said}.")
    else:
        messages.success(request, f"Put off until {until}. It comes back by itself.")
    return _back(request, claim)


@require_POST
@role_required(Role.FRONT_DESK)
def wake(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    claim = get_claim(request.actor, public_id, at=at)
    wake_claim(actor=request.actor, claim=claim, at=at)
    messages.success(request, f"Claim {claim} is on the list again.")
    return _back(request, claim)


@require_POST
@role_required(Role.FRONT_DESK)
def note(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    claim = get_claim(request.actor, public_id, at=at)
    form = NoteForm(request.POST, auto_id=_ids(claim))
    if not form.is_valid():
        return _again(request, claim, note=form)
    note_on_claim(actor=request.actor, claim=claim, at=at, **form.cleaned_data)
    messages.success(request, f"Noted on claim {claim}.")
    return _back(request, claim)


@require_POST
@role_required(Role.FRONT_DESK)
def assign(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    claim = get_claim(request.actor, public_id, at=at)
    form = AssignForm(request.POST, people=list(assignable(request.actor, at=at)), auto_id=_ids(claim))
    if not form.is_valid():
        raise Refused("A claim can be given to people of this practice's front desk alone.")
    claim = assign_claim(actor=request.actor, claim=claim, to=form.chosen, at=at)
    messages.success(
        request, f"Claim {claim} is given to {claim.assigned_to.name if claim.assigned_to else 'everybody'}."
    )
    return _back(request, claim)


def _ids(claim: Claim) -> str:
    return f"act_{claim.pk}_%s"


def _again(request: ActingRequest, claim: Claim, **failed: Any) -> HttpResponse:
    """The claim's page with the form as it was sent, and its errors."""
    at = clock.now()
    people = list(assignable(request.actor, at=at))
    acts = acts_of(claim, people=people, today=today_in(request.actor.practice, at), back=request.POST.get("back", ""))
    return claim_page(request, claim, at=at, acting=replace(acts, **failed))


def _back(request: ActingRequest, claim: Claim) -> HttpResponse:
    """To the list as it was filtered, or to the claim. Only a query of ours is taken from the form, never an address."""
    if "back" not in request.POST:
        return redirect(f"{reverse('claim', args=[claim.public_id])}#desk")
    query = QueryDict(request.POST["back"]).urlencode()
    return redirect(f"{reverse('desk')}?{query}" if query else reverse("desk"))
