"""Planning a school day: site and days, who answers for it, who goes; and the limits that the states set."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cases.access_events import get_event
from cases.actions.events import cancel_event, change_event, plan_event, set_supervision_limit
from cases.models import SupervisionLimit
from cases.views.capture.forms import posted
from cases.views.events.forms import CancelForm, EventForm, LimitForm
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role, State
from teledent.kit import clock
from teledent.kit.decisions import Conflict, Refused

FORM_METHODS = ["GET", "HEAD", "POST"]
PLANNERS = (Role.FRONT_DESK, Role.MANAGER)


@require_http_methods(FORM_METHODS)
@role_required(*PLANNERS)
def add(request: ActingRequest) -> HttpResponse:
    form = EventForm(posted(request), practice=request.actor.practice)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            event = plan_event(
                actor=request.actor, site=said["site"], public_id=said["public_id"], details=form.details, team=said["team"],
                at=clock.now(),
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"{event} is planned. Bring in the list of children next.")
            return redirect("event", event.public_id)
    return _form(request, form, "Plan a school day", reverse("events"))


@require_http_methods(FORM_METHODS)
@role_required(*PLANNERS)
def edit(request: ActingRequest, public_id: UUID) -> HttpResponse:
    event = get_event(request.actor, public_id)
    form = EventForm(posted(request), practice=request.actor.practice, event=event)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            change_event(
                actor=request.actor, event=event, details=form.details, team=said["team"], revision=said["revision"],
                at=clock.now(),
            )  # fmt: skip
        except Conflict:
            raise
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "Saved.")
            return redirect("event", event.public_id)
    return _form(request, form, f"Change {event}", reverse("event", args=[event.public_id]))


@require_http_methods(FORM_METHODS)
@role_required(*PLANNERS)
def cancel(request: ActingRequest, public_id: UUID) -> HttpResponse:
    event = get_event(request.actor, public_id)
    form = CancelForm(posted(request), initial={"revision": event.revision})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        cancel_event(actor=request.actor, event=event, reason=said["reason"], revision=said["revision"], at=clock.now())
        messages.success(request, f"{event} is called off.")
        return redirect("events")
    return _form(request, form, f"Call off {event}", reverse("event", args=[event.public_id]), action="Call it off")


@require_http_methods(FORM_METHODS)
@role_required(*PLANNERS)
def limits(request: ActingRequest) -> HttpResponse:
    """How many auxiliaries a dentist may supervise at a time, state by state, as the practice knows its law."""
    form = LimitForm(posted(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        set_supervision_limit(actor=request.actor, state=said["state"], most=said["most"], at=clock.now())
        messages.success(request, f"Saved for {State(said['state']).label}.")
        return redirect("event-limits")
    rows = SupervisionLimit.objects.filter(practice=request.actor.practice)
    return render(request, "events/limits.html", {"form": form, "rows": rows}, status=422 if form.errors else 200)


def _form(
    request: ActingRequest, form: EventForm | CancelForm, title: str, back: str, *, action: str = "Save"
) -> HttpResponse:
    context = {"form": form, "title": title, "back": back, "action": action}
    return render(request, "events/edit.html", context, status=422 if form.errors else 200)
