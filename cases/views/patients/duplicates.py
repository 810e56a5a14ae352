"""Who may stand twice: rows alike, and any two that a search finds. Names are looked up by POST, they belong in no address."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from django import forms
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases.models import Patient, PatientMerge
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Practice, Role
from teledent.context import Shell

PAIRS_MAX, FOUND_MAX, MERGES_MAX = 50, 30, 30
ALIKE = (  # what two rows of one person have alike, the strongest sign first
    (("birth_date", "family_key", "given_key"), "Same name and date of birth"),
    (("pupil_id", "birth_date"), "Same id and date of birth"),
    (("family_key", "given_key"), "Same name, another date of birth"),
    (("birth_date", "family_key"), "Same date of birth and family name: perhaps twins"),
)


@dataclass(frozen=True, slots=True)
class Pair:
    one: Patient
    other: Patient
    sign: str


class FindForm(forms.Form):
    text = forms.CharField(label="Name or id", max_length=60, min_length=2)


class ChooseForm(forms.Form):
    """Two rows of what a search found."""

    both = forms.TypedMultipleChoiceField(coerce=str, error_messages={"required": "Choose two patients."})

    def __init__(self, data: object, *, found: Iterable[Patient]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["both"].choices = [(str(one.public_id), one.name) for one in found]  # type: ignore[attr-defined]

    def clean_both(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["both"]
        if len(chosen) != 2:
            raise forms.ValidationError("Choose two patients, neither one nor three.")
        return chosen


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.MANAGER)
def patients(request: ActingRequest) -> HttpResponse:
    """Rows alike and merges of late; a POST looks for a name, or takes the two that were chosen to their comparison."""
    practice = request.actor.practice
    find = FindForm(request.POST if request.method == "POST" else None)
    found = _found(practice, find.cleaned_data["text"]) if find.is_bound and find.is_valid() else []
    chosen = ChooseForm(request.POST if "both" in request.POST or "compare" in request.POST else None, found=found)
    if chosen.is_bound and chosen.is_valid():
        return redirect("patients-compare", *chosen.cleaned_data["both"])
    merges = PatientMerge.objects.filter(practice=practice).select_related("kept", "merged")[:MERGES_MAX]
    context = {
        "pairs": pairs_of(practice), "merges": merges, "find": find, "found": found, "chosen": chosen, "here": "records",
        "zone": Shell(request).zone,
    }  # fmt: skip
    return render(request, "patients/duplicates.html", context, status=422 if find.errors or chosen.errors else 200)


def _found(practice: Practice, text: str) -> list[Patient]:
    rows = Patient.objects.filter(practice=practice).called(text)
    return list(rows.annotate(cases_count=Count("cases")).order_by("family_key", "given_key", "pk")[:FOUND_MAX])


def pairs_of(practice: Practice) -> list[Pair]:
    """Two by two, each pair once under its strongest sign; a fixed number of queries."""
    pairs: dict[tuple[int, int], Pair] = {}
    for columns, sign in ALIKE:
        for one, other in _alike(practice, columns):
            pairs.setdefault((one.pk, other.pk), Pair(one, other, sign))
    return list(pairs.values())[:PAIRS_MAX]


def _alike(practice: Practice, columns: tuple[str, ...]) -> list[tuple[Patient, Patient]]:
    standing = Patient.objects.standing().filter(practice=practice)
    if "pupil_id" in columns:
        standing = standing.exclude(pupil_id="")
    groups = standing.values(*columns).annotate(rows=Count("pk")).filter(rows__gt=1).order_by(*columns)[:PAIRS_MAX]
    wanted = Q(pk__in=[])
    for group in groups:
        wanted |= Q(**{name: group[name] for name in columns})
    by_group: dict[tuple[object, ...], list[Patient]] = defaultdict(list)
    for patient in standing.filter(wanted).order_by("pk"):
        by_group[tuple(getattr(patient, name) for name in columns)].append(patient)
    return [pair for rows in by_group.values() for pair in combinations(rows, 2)]
