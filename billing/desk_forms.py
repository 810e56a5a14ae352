"""Forms of the desk's list: its filters, and what is done to a claim from it."""

from collections.abc import Collection
from datetime import date
from typing import Any, ClassVar

from django import forms

from billing.actions.desk import WHAT_NOTE, WHY_SNOOZE
from billing.ageing import BUCKETS
from billing.claim_forms import saying
from billing.clocks import Kind
from billing.models import Payer
from billing.outcomes.classify import LABELS as OUTCOMES
from billing.states import LABELS, Status
from teledent.accounts.forms import DayInput, NameField
from teledent.accounts.models import Person

KIND_LABELS = {
    Kind.FILING: "Filing", Kind.CORRECTION: "Correction", Kind.APPEAL: "Appeal", Kind.ANSWER: "Answer", Kind.VOID: "Void",
}  # fmt: skip
ME, NOBODY = "me", "nobody"


class DeskFilterForm(forms.Form):
    """Filters of the address. What is not a choice is no filter."""

    payer = forms.ChoiceField(required=False)
    status = forms.ChoiceField(
        label="State", required=False, choices=[("", "Any state"), *((s.value, LABELS[s]) for s in Status)]
    )
    outcome = forms.ChoiceField(
        required=False, choices=[("", "Any outcome"), *((o.value, word) for o, word in OUTCOMES.items())]
    )
    clock = forms.ChoiceField(
        label="Next deadline",
        required=False,
        choices=[("", "Any deadline"), *((k.value, w) for k, w in KIND_LABELS.items())],
    )
    who = forms.ChoiceField(label="Assigned to", required=False)
    age = forms.ChoiceField(required=False, choices=[("", "Any age"), *((b.key, b.label) for b in BUCKETS)])
    basis = forms.ChoiceField(
        label="Age counts", required=False, choices=[("", "Age from service"), ("sent", "Age from sending")]
    )

    def __init__(self, *args: Any, payers: Collection[Payer], people: Collection[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payer"].choices = [  # type: ignore[attr-defined]
            ("", "Any payer"), ("none", "No coverage"), *((str(one.public_id), one.name) for one in payers),
        ]  # fmt: skip
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            ("", "Anybody's"), (ME, "Mine"), (NOBODY, "Nobody's"), *((str(one.public_id), one.name) for one in people),
        ]  # fmt: skip

    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class SnoozeForm(forms.Form):
    until = forms.DateField(label="Put off until", widget=DayInput)
    because = NameField(label="What does it wait for?", max_length=300)

    widths: ClassVar = {"until": "half", "because": "half"}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_until(self) -> date:
        day: date = self.cleaned_data["until"]
        if day <= self.today:
            raise forms.ValidationError("Choose a day after today.")
        return day

    def clean_because(self) -> str:
        return saying(self.cleaned_data["because"], WHY_SNOOZE)


class NoteForm(forms.Form):
    text = forms.CharField(label="Note", max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_text(self) -> str:
        return saying(self.cleaned_data["text"], WHAT_NOTE)


class AssignForm(forms.Form):
    to = forms.ChoiceField(label="Given to", required=False)

    def __init__(self, *args: Any, people: Collection[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.public_id): one for one in people}
        named = [(key, one.name) for key, one in self.people.items()]
        self.fields["to"].choices = [("", "Everybody"), *named]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Person | None:
        return self.people.get(self.cleaned_data["to"])
