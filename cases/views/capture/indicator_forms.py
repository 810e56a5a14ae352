"""How Capture shows the screening indicators: each as it stands, with the form that corrects it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django import forms

from cases.indicator_words import IndicatorRow, every_indicator_in_words
from cases.indicators.computing import ABSENCES, CHOICES
from cases.models import Case, IndicatorValue, PatientPlace
from cases.record_facts import IndicatorFact
from cases.views.capture.forms import ReasonField
from cases.wording import Label

REASONS = (
    "Seen with mirror and light, not marked", "Stain in the groove", "The surface is not broken", "Taken out for decay",
    "Lost in an accident", "Told by the family",
)  # fmt: skip


class IndicatorForm(forms.Form):
    """What she says of one indicator instead. That there is none is no choice where nobody looked into the mouth."""

    value = forms.ChoiceField(label="What do you say?", widget=forms.RadioSelect)
    reason = ReasonField(label="Why", words=REASONS)

    def __init__(self, data: Any = None, *, key: str, case: Case) -> None:
        super().__init__(data, auto_id=f"indicator_{key}_%s")
        looked = case.patient_place == PatientPlace.SITE
        offered: list[IndicatorValue] = [one for one in CHOICES[key] if looked or one not in ABSENCES]
        field = self.fields["value"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(one.value, one.label) for one in offered]


@dataclass(frozen=True, slots=True)
class Shown:
    """A row with its form; none for what follows from others, and none where nothing may be changed."""

    row: IndicatorRow
    form: IndicatorForm | None


def shown(case: Case, facts: Iterable[IndicatorFact], label: Label, *, editable: bool) -> list[Shown]:
    """All indicators of a case; the optional ones too, for she may say what no mark says."""
    return [
        Shown(row, IndicatorForm(key=row.key, case=case) if editable and row.key in CHOICES else None)
        for row in every_indicator_in_words([asdict(one) for one in facts], label)
    ]
