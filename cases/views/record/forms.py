"""Forms of the record: what may still be done to a case after the signature. Each lists its fields."""

from collections.abc import Sequence
from typing import Any

from django import forms

from cases.lettering import languages_of
from cases.models import Case, FollowUpStep, Proof, RetractionReason, Scope, SecondRead
from teledent.accounts.forms import NameField
from teledent.accounts.models import Person


class MomentInput(forms.DateTimeInput):
    """Date and time on the wall clock of the case's site; the view activates that zone."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class PasswordField(forms.CharField):
    """The signer's own password, asked again; never trimmed, never shown again."""

    def __init__(self, **options: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
        super().__init__(label="Your password", widget=widget, strip=False, max_length=200, **options)


class LongText(NameField):
    widget = forms.Textarea(attrs={"rows": 3})


class AddendumForm(forms.Form):
    text = LongText(label="What is to be added", max_length=5000)
    password = PasswordField(help_text="An addendum is signed. The signed text above stays as it is.")


class AskSecondForm(forms.Form):
    reader = forms.ChoiceField(label="Of whom", widget=forms.RadioSelect)
    question = NameField(
        label="What is to be looked at", max_length=300, help_text="She reads blind: say nothing of what was found."
    )

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.public_id): person for person in people}
        self.fields["reader"].choices = [(key, person.name) for key, person in self.people.items()]  # type: ignore[attr-defined]


class TakeBackSecondForm(forms.Form):
    read = forms.ChoiceField(label="Asked of", widget=forms.RadioSelect)
    reason = NameField(label="Why", max_length=300)

    def __init__(self, *args: Any, reads: Sequence[SecondRead], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "back_%s", **kwargs})
        self.fields["read"].choices = [(str(read.public_id), read.reader.name) for read in reads]  # type: ignore[attr-defined]


class SettleForm(forms.Form):
    """Names the opinion that it is about: another one may be signed, and differ, while these words are written."""

    read = forms.ChoiceField(label="The difference with", widget=forms.RadioSelect)
    text = LongText(label="How the difference is settled", max_length=5000)
    by_addendum = forms.BooleanField(
        label="I change my mind: add these words to my review as an addendum", required=False
    )
    password = PasswordField()

    def __init__(self, *args: Any, reads: Sequence[SecondRead], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "settle_%s", **kwargs})
        named = [(str(read.public_id), f"{read.reader}: {read.differs_in}") for read in reads]
        self.fields["read"].choices = named  # type: ignore[attr-defined]
        self.fields["read"].initial = named[0][0] if len(named) == 1 else None


class FollowUpForm(forms.Form):
    """Appointment and proof are asked for by the step that needs them; the stylesheet shows them with it."""

    step = forms.ChoiceField(label="What happened", choices=FollowUpStep.choices, widget=forms.RadioSelect)
    told_to = NameField(label="Who", max_length=120)
    how = NameField(label="How", max_length=60, help_text="Phone, letter, in person.")
    happened_at = forms.DateTimeField(label="When", widget=MomentInput)
    booked_for = forms.DateTimeField(label="Appointment on", widget=MomentInput, required=False)
    place = NameField(label="Appointment where", max_length=120, required=False)
    proof = forms.ChoiceField(
        label="What proves the visit", choices=[("", "Choose"), *Proof.choices[:-1]], required=False,
    )  # fmt: skip
    note = NameField(label="Note", max_length=300, required=False)


class CloseForm(forms.Form):
    reason = NameField(
        label="Why the follow-up ends", max_length=300, required=False,
        help_text="A visit with proof is enough, and for “look again next year” a family that knows. Anything else needs a reason.",
    )  # fmt: skip


class LetterForm(forms.Form):
    """The language of one letter; the family's own unless another is chosen."""

    language = forms.ChoiceField(label="Language", required=False)

    def __init__(self, *args: object, case: Case, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        named = [(code, phrases["language"]) for code, phrases in languages_of(case.practice).items()]
        self.fields["language"].choices = [("", "The family’s own"), *named]  # type: ignore[attr-defined]


class RetractForm(forms.Form):
    reason = forms.ChoiceField(label="What is wrong", choices=RetractionReason.choices, widget=forms.RadioSelect)
    explanation = LongText(label="In words", max_length=2000)


class WithdrawConsentForm(forms.Form):
    scope = forms.ChoiceField(label="Which part")
    reason = NameField(label="Who withdrew it, and how", max_length=200)

    def __init__(self, *args: Any, scopes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scope"].choices = [(scope, Scope(scope).label) for scope in scopes]  # type: ignore[attr-defined]
