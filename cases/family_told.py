"""What a family wrote of a child's health on its form: shown beside the questions of a case, never an answer to one (CH-1)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from cases.models import FormPage


@dataclass(frozen=True, slots=True)
class FamilyWrote:
    """`on` is the day on which the form was signed."""

    words: str
    on: date


def family_wrote(patients: Collection[int]) -> dict[int, FamilyWrote]:
    """By patient, from the newest form that says something: an empty line on a newer one takes nothing back. What was
    entered for the wrong child is taken off its page (`take_entry_back`). One query."""
    pages = FormPage.objects.entered().filter(patient__in=patients).exclude(health="")
    rows = pages.order_by("consent__valid_from", "consent__recorded_at", "pk")
    return {
        patient: FamilyWrote(words, on)
        for patient, words, on in rows.values_list("patient", "health", "consent__valid_from")
    }
