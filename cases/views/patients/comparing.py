"""Two rows side by side, which one stays, and a merge that was made, with the way back."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases.access import get_merge, get_patient
from cases.actions.merging import merge_patients, unmerge_patients, what_would_stay
from cases.merging import counted, objections
from cases.models import Case, Patient, PatientMerge
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.forms import NameField
from teledent.accounts.models import Role
from teledent.accounts.trail import record_read
from teledent.context import Shell
from teledent.kit import clock
from teledent.kit.decisions import Conflict, Refused
from teledent.templatetags.ui import day

FORM_METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class Row:
    """One fact of both, side by side."""

    label: str
    one: str
    other: str

    @property
    def differs(self) -> bool:
        return self.one != self.other


class MergeForm(forms.Form):
    kept = forms.ChoiceField(
        label="Which one stays", widget=forms.RadioSelect, error_messages={"required": "Choose which one stays."}
    )
    reason = NameField(label="How you know that they are one person", max_length=300)

    def __init__(self, data: Any = None, *, both: tuple[Patient, Patient]) -> None:
        super().__init__(data)
        self.fields["kept"].choices = [  # type: ignore[attr-defined]
            (str(one.public_id), f"{one.name}, {one.pupil_id or 'no id'} ({'left' if place == 0 else 'right'})")
            for place, one in enumerate(both)
        ]


class UnmergeForm(forms.Form):
    reason = NameField(label="How you know that they are two persons", max_length=300)


@require_http_methods(FORM_METHODS)
@role_required(Role.MANAGER)
def compare(request: ActingRequest, public_id: UUID, other: UUID) -> HttpResponse:
    """GET compares; POST merges. An old address whose patient was merged meanwhile leads to the list."""
    at = clock.now()
    one, two = get_patient(request.actor, public_id), get_patient(request.actor, other)
    if one.pk == two.pk:
        messages.info(request, "These two are one patient already.")
        return redirect("patients")
    for patient in (one, two):
        record_read(request.actor, noun="patient", public_id=patient.public_id, at=at)
    form = MergeForm(request.POST if request.method == "POST" else None, both=(one, two))
    if form.is_bound and form.is_valid():
        kept, merged = (one, two) if form.cleaned_data["kept"] == str(one.public_id) else (two, one)
        try:
            made = merge_patients(
                actor=request.actor, kept=kept, merged=merged, reason=form.cleaned_data["reason"], at=at
            )
        except Conflict:
            raise
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"{kept.name} stays; everything of the other row is here now.")
            return redirect("patients-merge", made.public_id)
    context = {
        "one": one, "two": two, "rows": rows_of(one, two), "form": form, "against": objections(one, two), "here": "records",
        "cases": [_cases(one), _cases(two)],
    }  # fmt: skip
    return render(request, "patients/compare.html", context, status=422 if form.errors else 200)


def rows_of(one: Patient, two: Patient) -> list[Row]:
    """What is known of both, and how much hangs on each."""
    counts = counted(one), counted(two)
    return [
        *(Row(label, left, right) for (label, left), (_, right) in zip(_said(one), _said(two), strict=True)),
        *(Row(noun.capitalize(), str(counts[0][noun]), str(counts[1][noun])) for noun in counts[0]),
    ]


def _said(patient: Patient) -> list[tuple[str, str]]:
    home = (patient.street, patient.street_2, patient.city, patient.state, patient.zip_code)
    enrolments = patient.enrolments.select_related("site").order_by("-school_year", "-pk")
    return [
        ("Legal name", f"{patient.given_name} {patient.family_name}"),
        ("Name in use", patient.preferred_name),
        ("On the insurance card", f"{patient.card_given_name} {patient.card_family_name}".strip()),
        ("Date of birth", day(patient.birth_date)),
        ("Sex", patient.get_sex_display()),
        ("Pupil or patient id", patient.pupil_id),
        ("Address", ", ".join(part for part in home if part)),
        ("Phone", patient.phone),
        ("Language at home", patient.language),
        ("School", "; ".join(f"{row}, {row.school_year}" for row in enrolments)),
        ("Who answers for her", "; ".join(str(row) for row in patient.guardians.order_by("pk"))),
    ]


def _cases(patient: Patient) -> list[Case]:
    return list(Case.objects.filter(patient=patient).order_by("-opened_at", "-pk")[:20])


@require_http_methods(FORM_METHODS)
@role_required(Role.MANAGER)
def merge(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """What a merge moved, and what could not go back; POST takes the two apart."""
    made = get_merge(request.actor, public_id)
    form = UnmergeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and made.undone_at is not None:
        raise Conflict("This merge was taken back already. Nothing was changed.")
    if form.is_bound and form.is_valid():
        try:
            undone = unmerge_patients(
                actor=request.actor, merge=made, reason=form.cleaned_data["reason"], at=clock.now()
            )
        except Conflict:
            raise
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _taken_apart(undone))
            return redirect("patients-merge", undone.public_id)
    context = {
        "merge": made, "form": form, "moved": _moved(made), "would_stay": what_would_stay(made) if not made.undone_at else [],
        "here": "records", "zone": Shell(request).zone,
    }  # fmt: skip
    return render(request, "patients/merge.html", context, status=422 if form.errors else 200)


def _taken_apart(undone: PatientMerge) -> str:
    stayed = f" {len(undone.left)} could not go back and are named below." if undone.left else ""
    return f"{undone.merged.name} and {undone.kept.name} are two patients again.{stayed}"


def _moved(made: PatientMerge) -> list[tuple[str, int]]:
    return [(noun.capitalize(), len(rows)) for noun, rows in made.moved.items()]
