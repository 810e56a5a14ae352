"""The questions of a case as forms: one form a section of the page, built from the questionnaire."""

from collections.abc import Mapping
from typing import Any

from django import forms

from cases import questionnaires
from cases.models import Case, Urgency
from cases.questionnaires import Question
from cases.views.capture.forms import PlaceForm
from teledent.accounts.forms import DayInput, NameField, PhoneInput

# section of the page -> sections of the questionnaire that stand in it
SECTIONS: dict[str, tuple[str, ...]] = {
    "kind": ("kind",),
    "history": ("complaint", "history"),
    "triage": ("triage",),
    "marks": ("findings",),
    "why": ("why",),
}


class AnswersForm(forms.Form):
    """The questions of one section. `answers` after validation: a key without an answer is None, so not asked."""

    def __init__(self, data: Any = None, *, section: str, case: Case) -> None:
        super().__init__(data, initial=dict(case.answers))
        self.section = section
        self.questions = [q for q in questionnaires.questions_for(case.kind) if q.section in SECTIONS[section]]
        for asked in self.questions:
            self._ask(asked)

    def _ask(self, asked: Question) -> None:
        choices = list(asked.choices.items())
        field: forms.Field
        match asked.kind:
            case "many":
                field = forms.MultipleChoiceField(
                    choices=choices, widget=forms.CheckboxSelectMultiple(attrs=_nothing(asked))
                )
            case "one":
                field = forms.ChoiceField(choices=choices, widget=forms.RadioSelect)
            case "date":
                field = forms.DateField(widget=DayInput)
            case "phone":
                field = NameField(max_length=30, widget=PhoneInput)
            case "long":
                field = NameField(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
            case _:
                field = NameField(max_length=300)
        field.label, field.required = asked.legend, False
        self.fields[asked.key] = field
        if asked.other:
            words = NameField(label=f"{asked.legend.rstrip('?')}: other", max_length=300, required=False)
            words.widget.attrs["placeholder"] = "Other, in words"
            self.fields[asked.text_key] = words

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each question as the template shows it: taps with their free text, or a plain field."""
        return [
            {
                "field": self[q.key],
                "taps": q.kind in ("many", "one"),
                "other": self[q.text_key] if q.other else None,
                "optional": not q.required,
            }
            for q in self.questions
        ]

    @property
    def answers(self) -> dict[str, Any]:
        """What to save."""
        said: dict[str, Any] = {}
        for asked in self.questions:
            value = self.cleaned_data[asked.key]
            if asked.kind == "date" and value:
                value = value.isoformat()
            said |= questionnaires.settled(asked, value, self.cleaned_data.get(asked.text_key, ""))
        return said


class UrgencyForm(forms.Form):
    urgency = forms.ChoiceField(
        label="How urgent is it?", choices=Urgency.choices, widget=forms.RadioSelect, required=False
    )


def forms_of(section: str, case: Case, data: Mapping[str, Any] | None = None) -> list[forms.Form]:
    """The forms of a section: its questions, and the columns of the case that are asked beside them."""
    found: list[forms.Form] = [AnswersForm(data, section=section, case=case)]
    if section == "triage":
        found.append(UrgencyForm(data, initial={"urgency": case.urgency}))
    if section == "why":
        found.append(PlaceForm(data, case=case))
    return found


def columns_of(found: list[forms.Form]) -> dict[str, Any]:
    """What the further forms of a section set on the case itself."""
    return {name: value for form in found[1:] for name, value in form.cleaned_data.items()}


def _nothing(asked: Question) -> dict[str, str]:
    return {"data-nothing": asked.nothing} if asked.nothing else {}
