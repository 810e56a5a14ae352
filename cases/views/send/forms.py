"""Forms of a link, in the sender's language. Each lists its fields: what is not listed cannot be set from outside."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cases.actions.sending import Who
from cases.by_link.asking import NEEDED_SCOPES, REACHED, asked_by_link
from cases.models import PatientPlace, Scope
from cases.questionnaires import RED_FLAGS, Question, settled
from cases.views.send.visit import Visit
from teledent.accounts.forms import DayInput, NameField, PhoneInput
from teledent.accounts.models import State
from teledent.kit import clock
from teledent.kit.text import is_filler, names_nothing

ADULT = 18
AUTHORITIES = {
    "self": "the patient",
    "mother": "mother",
    "father": "father",
    "guardian": "legal guardian",
}  # as the record says
OTHER = "other"
NONE = "none"


class SendingForm(forms.Form):
    """Every error is in the words of the link."""

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visit = visit
        self.build()
        for field in self.fields.values():
            field.error_messages = dict.fromkeys((*field.error_messages, "required"), visit.words["needs_answer"])

    def build(self) -> None:
        """Add the fields in the words of the visit."""


class BirthForm(SendingForm):
    birth_date = forms.DateField(widget=DayInput)

    def build(self) -> None:
        self.fields["birth_date"].label = self.visit.words["birth_day"]


class FlagsForm(SendingForm):
    """At least one answer, and "none" stands beside no other. `shown`: which were up on the page that she answers."""

    flags = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    shown = forms.MultipleChoiceField(choices=list(RED_FLAGS.items()), widget=forms.MultipleHiddenInput, required=False)

    def build(self) -> None:
        words = self.visit.words
        said = [(key, self.visit.say(text)) for key, text in words.flags.items()]
        self.fields["flags"].choices = [*said, (NONE, words["flags_none"])]  # type: ignore[attr-defined]
        self.fields["flags"].label = words["flags_title"]

    @property
    def up(self) -> tuple[str, ...]:
        return tuple(key for key in self.cleaned_data["flags"] if key != NONE)


def _choice(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)


class WhoForm(SendingForm):
    """With the name of who is there, and by what authority she speaks for the patient."""

    def ask_who(self) -> None:
        words = self.visit.words
        self.fields["signer"] = NameField(label=words["signer"], max_length=60, help_text=words["signer_hint"])
        link = self.visit.link
        adult = link.patient.age_on(clock.local_date(clock.now(), link.site.time_zone)) >= ADULT
        relations = [(key, text) for key, text in words.relations.items() if adult or key != "self"]
        self.fields["authority"] = _choice(words["authority"], [*relations, (OTHER, words["other"])])
        self.fields["other_authority"] = NameField(label=words["other_authority"], max_length=40, required=False)

    def clean_signer(self) -> str:
        name = str(self.cleaned_data["signer"]).strip()
        if names_nothing(name):
            raise ValidationError(self.visit.words["needs_name"])
        return name

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("authority") == OTHER and is_filler(said.get("other_authority", "")):
            self.add_error("other_authority", self.visit.say(self.visit.words["needs_authority"]))
        return said

    @property
    def who(self) -> Who:
        """As the record names her."""
        said = self.cleaned_data
        return Who(said["signer"], AUTHORITIES.get(said["authority"]) or str(said["other_authority"]))


class AgreeForm(WhoForm):
    """Where the patient is, what is agreed to, and who says so."""

    def build(self) -> None:
        words, say = self.visit.words, self.visit.say
        yes_no = [("yes", words["yes"]), ("no", words["no"])]
        self.fields["state"] = forms.ChoiceField(
            label=words["state"], choices=[("", words["state_choose"]), *State.choices]
        )
        self.fields["place"] = _choice(
            words["place"],
            [(PatientPlace.HOME.value, words["at_home"]), (PatientPlace.ELSEWHERE.value, words["elsewhere"])],
        )
        for scope, sentence in words.asked.items():
            self.fields[scope] = _choice(say(sentence), yes_no)
        self.ask_who()

    @property
    def asked(self) -> list[forms.BoundField]:
        return [self[scope] for scope in self.visit.words.asked]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if any(said.get(scope) == "no" for scope in NEEDED_SCOPES):
            self.add_error(None, self.visit.say(self.visit.words["cannot"]))
        return said

    @property
    def bills(self) -> bool:
        return bool(self.cleaned_data[Scope.BILLING] == "yes")


class QuestionsForm(SendingForm):
    """The questions of the kind, each with its own words; "something else" asks for them."""

    def build(self) -> None:
        for question in asked_by_link(self.visit.link.kind):
            self.fields[question.key] = self._field(question)
            if question.other:
                words = NameField(label=self.visit.words["other_words"], max_length=200, required=False)
                self.fields[question.text_key] = words

    def _field(self, question: Question) -> forms.Field:
        label = self.visit.say(self.visit.words.questions[question.key])
        match question.kind:
            case "many" | "one":
                words = self.visit.words.choices[question.key].items()
                said = [(key, text) for key, text in words if key in question.choices]
                choices = [*said, *([(OTHER, self.visit.words["other"])] if question.other else [])]
                return forms.MultipleChoiceField(label=label, choices=choices, widget=forms.CheckboxSelectMultiple)
            case "date":
                return forms.DateField(label=label, widget=DayInput)
            case "phone":
                return forms.CharField(label=label, max_length=20, widget=PhoneInput)
            case "long":
                return NameField(label=label, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
        return NameField(label=label, max_length=200)

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField | None, bool]]:
        """Each question, the words of its "something else", and whether it is answered by taps."""
        asked = asked_by_link(self.visit.link.kind)
        return [(self[q.key], self[q.text_key] if q.other else None, q.kind == "many") for q in asked]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for question in asked_by_link(self.visit.link.kind):
            value = said.get(question.key)
            if question.kind == "many":
                if value and OTHER in value and is_filler(said.get(question.text_key, "")):
                    self.add_error(question.text_key, self.visit.words["needs_words"])
            elif question.kind != "date" and value and is_filler(str(value)):
                self.add_error(question.key, self.visit.words["needs_words"])
        return said

    @property
    def answers(self) -> Mapping[str, Any]:
        said, kept = self.cleaned_data, dict[str, Any]()
        for question in asked_by_link(self.visit.link.kind):
            value = said[question.key]
            value = value.isoformat() if question.kind == "date" else value
            kept |= settled(question, value, said.get(question.text_key, ""))
        return kept


class FinishForm(WhoForm):
    """Whom she reached, where something cannot wait, that what she sends is true, and who she is where another browser agreed."""

    def build(self) -> None:
        words = self.visit.words
        if self.visit.flags:
            self.fields["reached"] = _choice(words["reached_title"], [(key, words.reached[key]) for key in REACHED])
        if not self.visit.signed:
            self.ask_who()
        self.fields["agree"] = forms.BooleanField(label=words["agree"])

    @property
    def sender(self) -> Who | None:
        """None: who agreed in this browser sends as well."""
        return None if self.visit.signed else self.who
