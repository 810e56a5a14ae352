"""Turnaround and reading hours: the manager's page under people and places."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.forms.boundfield import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases.actions.agreeing import save_terms
from cases.models import Kind, Urgency
from cases.terms import KINDS_AND_URGENCIES, Terms, read_terms
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.forms import TIME_ZONES
from teledent.accounts.models import Role
from teledent.kit import clock

AN_HOUR = timedelta(hours=1)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class TermsForm(forms.Form):
    """Sixteen targets in hours, seven days with two times each, and for how long an answer is kept."""

    time_zone = forms.ChoiceField(label="Time zone of these hours", choices=TIME_ZONES)
    answer_first_hours = forms.IntegerField(
        label="Hours that an answered case is kept for the dentist who asked", min_value=0, max_value=14 * 24
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, urgency in KINDS_AND_URGENCIES:
            label = f"{Urgency(urgency).label}, {Kind(kind).label.lower()}: hours"
            self.fields[f"target_{kind}_{urgency}"] = forms.DecimalField(
                label=label, min_value=Decimal("0.25"), max_value=Decimal(90 * 24), max_digits=6, decimal_places=2
            )
        for number, day in enumerate(WEEKDAYS):
            for name, word in (("opens", "from"), ("closes", "until")):
                widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
                self.fields[f"{name}_{number}"] = forms.TimeField(label=f"{day} {word}", required=False, widget=widget)

    @staticmethod
    def initial_of(terms: Terms) -> dict[str, Any]:
        said: dict[str, Any] = {"time_zone": terms.zone, "answer_first_hours": terms.answer_first // AN_HOUR}
        for kind, urgency in KINDS_AND_URGENCIES:
            hours = Decimal(terms.target(kind, urgency) // timedelta(minutes=1)) / 60
            said[f"target_{kind}_{urgency}"] = f"{hours.normalize():f}"
        for weekday, (opens, closes) in terms.hours.items():
            said |= {f"opens_{weekday}": opens, f"closes_{weekday}": closes}
        return said

    def target_rows(self) -> Iterator[tuple[str, list[BoundField]]]:
        """One row an urgency, one cell a kind."""
        for urgency in Urgency:
            yield str(urgency.label), [self[f"target_{kind}_{urgency}"] for kind in Kind.values]

    def days(self) -> Iterator[tuple[str, BoundField, BoundField]]:
        for number, day in enumerate(WEEKDAYS):
            yield day, self[f"opens_{number}"], self[f"closes_{number}"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for number in range(7):
            opens, closes = cleaned.get(f"opens_{number}"), cleaned.get(f"closes_{number}")
            if (opens is None) != (closes is None) and not self._has_errors(f"opens_{number}", f"closes_{number}"):
                self.add_error(f"closes_{number}", "Give both times, or neither on a day without reading.")
            elif opens and closes and closes <= opens:
                self.add_error(f"closes_{number}", "This lies before the beginning.")
        return cleaned

    def _has_errors(self, *names: str) -> bool:
        return any(name in self.errors for name in names)

    def said(self) -> dict[str, Any]:
        """The cleaned form as `save_terms` takes it."""
        said = self.cleaned_data
        hours = {n: (said[f"opens_{n}"], said[f"closes_{n}"]) for n in range(7) if said[f"opens_{n}"]}
        return {
            "targets": dict(self._targets(KINDS_AND_URGENCIES)), "hours": hours, "time_zone": said["time_zone"],
            "answer_first_hours": said["answer_first_hours"],
        }  # fmt: skip

    def _targets(self, cells: Iterable[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], timedelta]]:
        for kind, urgency in cells:
            minutes = round(self.cleaned_data[f"target_{kind}_{urgency}"] * 60)
            yield (kind, urgency), timedelta(minutes=minutes)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.MANAGER)
def terms(request: ActingRequest) -> HttpResponse:
    form = TermsForm(
        request.POST if request.method == "POST" else None,
        initial=TermsForm.initial_of(read_terms(request.actor.practice)),
    )
    if request.method == "POST" and form.is_valid():
        save_terms(actor=request.actor, at=clock.now(), **form.said())
        messages.success(request, "Saved. Cases submitted from now on are due by these times.")
        return redirect("reading-terms")
    context = {"form": form, "kinds": [kind.label for kind in Kind], "here": "people"}
    return render(request, "reading/terms.html", context, status=422 if form.errors else 200)
