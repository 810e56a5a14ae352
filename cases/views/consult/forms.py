"""Forms of another office's link. Each lists its fields: what is not listed cannot be set from outside."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cases.consulting import URGENCIES
from cases.models import Consultation, Sex
from teledent.accounts.forms import DayInput, NameField, PhoneInput
from teledent.accounts.models import State, check_npi
from teledent.kit.text import is_filler, names_nothing

LONGEST_LIFE = 120  # years
DAYS = ("birth_date", "taken_on", "ordered_on")


def _long(label: str, *, required: bool = True, hint: str = "") -> NameField:
    return NameField(
        label=label, max_length=1000, required=required, help_text=hint, widget=forms.Textarea(attrs={"rows": 3})
    )


class QuestionForm(forms.Form):
    """Who asks, about whom, and what; the films come after it."""

    asker = NameField(label="Your name", max_length=60)
    npi = forms.CharField(label="Your NPI", max_length=10, required=False, validators=[check_npi],
                          widget=forms.TextInput(attrs={"inputmode": "numeric"}))  # fmt: skip
    callback = forms.CharField(label="Phone for questions", max_length=20, widget=PhoneInput)
    given_name = NameField(label="Given name", max_length=60)
    family_name = NameField(label="Family name", max_length=60)
    birth_date = forms.DateField(
        label="Date of birth", widget=DayInput, help_text="You are asked for it again when you collect the answer."
    )
    sex = forms.ChoiceField(label="Sex", choices=Sex.choices, widget=forms.RadioSelect)
    state = forms.ChoiceField(label="State where the patient is", choices=[("", "Choose"), *State.choices],
                              help_text="A dentist licensed there reads it.")  # fmt: skip
    guardian = NameField(label="Parent or guardian", max_length=60, required=False)
    guardian_phone = forms.CharField(label="Their phone", max_length=20, required=False, widget=PhoneInput)
    question = _long("What do you ask?")
    plan = _long("Your plan so far")
    health = _long(
        "Health, allergies, medicines", required=False, hint="As you know them. The family is asked again here."
    )
    urgency = forms.ChoiceField(label="How soon do you need it?", choices=[(one.value, one.label) for one in URGENCIES],
                                widget=forms.RadioSelect)  # fmt: skip
    taken_on = forms.DateField(label="Day on which the films or pictures were taken", widget=DayInput, required=False,
                               help_text="Counts for files that do not say it themselves.")  # fmt: skip
    device = NameField(label="Taken with", max_length=80, required=False, help_text="Sensor, camera or machine.")
    operator = NameField(label="Who took the films", max_length=60, required=False)
    ordered_by = NameField(label="Who ordered the films", max_length=60, required=False)
    ordered_on = forms.DateField(label="Ordered on", widget=DayInput, required=False)
    why_films = NameField(label="Why they were taken", max_length=200, required=False)

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day

    def clean_asker(self) -> str:
        name = str(self.cleaned_data["asker"])
        if names_nothing(name):
            raise ValidationError("Type your name.")
        return name

    def clean_birth_date(self) -> date:
        return self._past("birth_date")

    def clean_taken_on(self) -> date | None:
        return self._past("taken_on") if self.cleaned_data["taken_on"] else None

    def clean_ordered_on(self) -> date | None:
        return self._past("ordered_on") if self.cleaned_data["ordered_on"] else None

    def _past(self, name: str) -> date:
        said: date = self.cleaned_data[name]
        if said > self.day:
            raise ValidationError("This day lies in the future.")
        if self.day.year - said.year > LONGEST_LIFE:
            raise ValidationError("This is too long ago.")
        return said

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name in ("question", "plan"):
            if name in said and is_filler(said[name]):
                self.add_error(name, "Say it in words that the dentist can answer.")
        return said

    @property
    def said(self) -> dict[str, Any]:
        """As the question keeps it."""
        days = {name: self.cleaned_data[name].isoformat() if self.cleaned_data[name] else "" for name in DAYS}
        return {**self.cleaned_data, **days}

    def part(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names]

    @property
    def who(self) -> list[forms.BoundField]:
        return self.part("asker", "callback", "npi")

    @property
    def names(self) -> list[forms.BoundField]:
        return self.part("given_name", "family_name", "birth_date")

    @property
    def family(self) -> list[forms.BoundField]:
        return self.part("state", "guardian", "guardian_phone")

    @property
    def asks(self) -> list[forms.BoundField]:
        return self.part("question", "plan", "health")

    @property
    def films(self) -> list[forms.BoundField]:
        return self.part("taken_on", "device", "operator", "ordered_by", "ordered_on", "why_films")


class BirthForm(forms.Form):
    birth_date = forms.DateField(label="Date of birth of the patient you asked about", widget=DayInput)


class SendForm(forms.Form):
    agree = forms.BooleanField(label="Yes", error_messages={"required": "Say that this is so, or do not send it."})


def typed(asked: Consultation) -> dict[str, Any]:
    """What was typed before, for the form of the same browser."""
    return {"asker": asked.colleague, "callback": asked.phone, **asked.said}
