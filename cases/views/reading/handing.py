"""Handing the case in hand to another dentist, with the reason."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases.actions.handing import REASON_MAX, hand_over
from cases.models import Case
from cases.readers import readers_of
from cases.views.reading.gate import get_draft
from cases.views.showing import banner_of_case, enrolment_of
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.forms import NameField
from teledent.accounts.models import Person, Role
from teledent.kit import clock
from teledent.kit.decisions import Conflict, Refused


class HandOverForm(forms.Form):
    to = forms.ChoiceField(label="To whom", widget=forms.RadioSelect)
    reason = NameField(label="Why", max_length=REASON_MAX)

    def __init__(self, *args: object, people: Sequence[Person], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.people = {str(person.public_id): person for person in people}
        self.fields["to"].choices = [(key, person.name) for key, person in self.people.items()]  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.DENTIST)
def hand(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    case, _ = get_draft(request.actor, public_id, at=at)
    people = others(case, request.actor.person, at=at)
    form = HandOverForm(request.POST if request.method == "POST" else None, people=people)
    if form.is_valid():
        to = form.people[form.cleaned_data["to"]]
        try:
            hand_over(actor=request.actor, case=case, to=to, reason=form.cleaned_data["reason"], at=at)
        except Conflict:
            raise
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"{case.label} is now {to.name}'s, with your text.")
            return redirect("reading-queue")
    context = {
        "case": case, "form": form, "people": people, "here": "reading-queue", "zone": case.site.time_zone,
        "patient": banner_of_case(case, enrolment=enrolment_of(case.patient, site_id=case.site_id)),
    }  # fmt: skip
    return render(request, "reading/hand_over.html", context, status=422 if form.errors else 200)


def others(case: Case, person: Person, *, at: datetime) -> list[Person]:
    """Who may read the case beside her."""
    return [one for one in readers_of(case, at=at) if one != person]
