"""Forms of an appeal: what is quoted, how it went out, what came back."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from billing.actions.appealing import NOTE_MAX
from billing.actions.pursuing import ANSWERS
from billing.appeals.letter import Quotable
from billing.claim_forms import saying
from billing.models import SentHow
from cases.views.record.forms import LongText, PasswordField
from teledent.accounts.forms import DayInput, NameField
from teledent.kit.text import is_filler


class LetterForm(forms.Form):
    """Only signed fields older than the denial are offered; there is no other free paragraph (CL-10)."""

    quotes = forms.MultipleChoiceField(
        label="Quoted word for word", widget=forms.CheckboxSelectMultiple, required=False,
        help_text="Signed before the denial. Nothing else can be said in the letter.",
    )  # fmt: skip
    deadline = forms.DateField(label="Appeal by", widget=DayInput, required=False)
    note = LongText(
        label="Cover note", max_length=NOTE_MAX, required=False,
        help_text="On a page of its own that says when it was written and that it is no evidence.",
    )  # fmt: skip

    def __init__(self, *args: Any, offered: Sequence[Quotable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quotes"].choices = [(one.key, one.label) for one in offered]  # type: ignore[attr-defined]

    def clean_note(self) -> str:
        said = str(self.cleaned_data["note"]).strip()
        if said and is_filler(said):
            raise ValidationError("Say something in the cover note, or leave it empty.")
        return said


class SentForm(forms.Form):
    sent_how = forms.ChoiceField(label="How did it go out?", choices=SentHow.choices, widget=forms.RadioSelect)
    sent_on = forms.DateField(label="On", widget=DayInput)
    reference = NameField(label="Tracking or portal number", max_length=80, required=False)

    widths: ClassVar = {"sent_on": "half", "reference": "half"}


class AnsweredForm(forms.Form):
    outcome = forms.ChoiceField(
        label="How did the payer decide?", choices=list(ANSWERS.items()), widget=forms.RadioSelect
    )
    answered_on = forms.DateField(label="Dated", widget=DayInput)
    answer = NameField(
        label="What it said", max_length=300, required=False, help_text="Letter or call, and its number."
    )

    widths: ClassVar = {"answered_on": "half", "answer": "half"}


class ReasonForm(forms.Form):
    """Why it is sent back or withdrawn."""

    reason = NameField(label="Why", max_length=300)

    def clean_reason(self) -> str:
        return saying(self.cleaned_data["reason"], "Say why; the claim's timeline keeps it.")


class SignAppealForm(forms.Form):
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)
    password = PasswordField()


def today_in(form: forms.Form, name: str, today: date) -> forms.Form:
    """The form with today in this field."""
    form.initial[name] = today
    return form
