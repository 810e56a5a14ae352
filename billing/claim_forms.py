"""Forms of one claim, one export and what is known of it: mostly a reason, which says something (CH-1)."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError

from billing.actions.changing import WHY as WHY_CHANGED
from billing.actions.elsewhere import HOW, WHO
from billing.actions.erring import WHY
from billing.actions.sending_anew import WHY as WHY_ANEW
from billing.models import NotBilledReason, SeenElsewhere
from teledent.accounts.forms import DayInput, NameField
from teledent.kit.text import is_filler

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def saying(said: str, otherwise: str) -> str:
    """Words that say something, or the sentence that asks for them."""
    if is_filler(said):
        raise ValidationError(otherwise)
    return said


class DoNotBillForm(forms.Form):
    """An ending like any other (CL-7): for a reason, and in words where the reason is another one."""

    reason = forms.ChoiceField(
        label="Why is this not billed?", choices=NotBilledReason.choices, widget=forms.RadioSelect
    )
    text = NameField(label="In words", max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("reason") == NotBilledReason.OTHER and is_filler(str(cleaned.get("text", ""))):
            self.add_error("text", "Say in a few words why this is not billed; the timeline keeps it.")
        return cleaned


class NameForm(forms.Form):
    """Why a legal name changed after the signature (ID-3)."""

    reason = NameField(label="Why did the name change?", max_length=300, help_text="Married, adopted, misspelt before.")

    def clean_reason(self) -> str:
        return saying(self.cleaned_data["reason"], "Say why the name changed; the claim's timeline keeps it.")


class DiagnosesForm(forms.Form):
    """Which of the record's diagnoses the claim bears; the others stay in the record."""

    on_claim = forms.MultipleChoiceField(label="On this claim", widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, known: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        self.fields["on_claim"].choices = list(known.items())  # type: ignore[attr-defined]

    @property
    def left(self) -> list[str]:
        """Codes that stay off the claim."""
        return [code for code in self.known if code not in self.cleaned_data["on_claim"]]


class AttachmentNumbersForm(forms.Form):
    """The clearinghouse's number of each kind of attachment, where it has them already."""

    def __init__(self, *args: Any, kinds: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, (kind, label) in enumerate(kinds.items()):
            said = "As the clearinghouse shows it: NEA#12345678. Empty: our own number goes out." if not place else ""
            self.fields[kind] = NameField(label=label, max_length=50, required=False, help_text=said)
        if self.is_bound:  # asked once a number was refused
            self.fields["shared_because"] = NameField(
                label="Why does another case's claim bear the number too?", max_length=300, required=False,
                help_text="Only where that is said above: that claim went out with a mistyped number.",
            )  # fmt: skip


class SendAnewForm(forms.Form):
    """Why what went out goes out again (CL-8). The id is the export's: the same form sent twice makes one."""

    public_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    reason = NameField(
        label="Why is it sent anew?",
        max_length=300,
        help_text="The receiver lost the file; the payer asks for it once more.",
    )

    def clean_reason(self) -> str:
        return saying(self.cleaned_data["reason"], WHY_ANEW)


class SeenElsewhereForm(forms.ModelForm):  # type: ignore[type-arg]
    """What another practice has billed. The public id is made with the form: the same form sent twice is one row."""

    public_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    entity = NameField(
        label="Who bills it",
        max_length=60,
        help_text="The practice, clinic or programme, as the family or the payer names it.",
    )
    known_how = NameField(
        label="How we know", max_length=120, help_text="The mother said so by phone; the payer's claims history."
    )

    widths: ClassVar = {"entity": "half", "service_date": "half", "code": "half", "known_how": "half"}

    class Meta:
        model = SeenElsewhere
        fields: ClassVar = ["entity", "service_date", "code", "known_how"]
        widgets: ClassVar = {"service_date": DayInput}
        help_texts: ClassVar = {"code": "D9996 unless you know another one."}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_entity(self) -> str:
        return saying(self.cleaned_data["entity"], WHO)

    def clean_known_how(self) -> str:
        return saying(self.cleaned_data["known_how"], HOW)

    def clean_service_date(self) -> date:
        day: date = self.cleaned_data["service_date"]
        if day > self.today:
            raise ValidationError("This day has not come yet.")
        return day


class EnteredInErrorForm(forms.Form):
    """Why a row that stays readable counts no more."""

    reason = NameField(label="What is wrong with it?", max_length=200, help_text="Another child; another day.")

    def clean_reason(self) -> str:
        return saying(self.cleaned_data["reason"], WHY)


class SetAsideForm(forms.Form):
    """Why a payment that fits no claim of ours waits no longer."""

    reason = NameField(label="Why", max_length=300, help_text="Not our patient; settled with the payer by phone.")

    def clean_reason(self) -> str:
        return saying(self.cleaned_data["reason"], WHY)


class ChangeForm(forms.Form):
    """Why a sent claim is corrected or voided, and the payer's own number of it, as the payer wrote it."""

    number = NameField(label="The payer's number of this claim", max_length=50, required=False, help_text=(
        "From the 277CA, the payment, or the payer's site."))  # fmt: skip
    reason = NameField(label="Why", max_length=300, help_text="The wrong tooth; the card was read wrongly; retracted.")

    def clean_reason(self) -> str:
        return saying(self.cleaned_data["reason"], WHY_CHANGED)


class DropForm(forms.Form):
    """Why a correction or a void does not go out."""

    reason = NameField(label="Why is it dropped?", max_length=300, help_text="The payer settled it by phone.")

    def clean_reason(self) -> str:
        return saying(self.cleaned_data["reason"], WHY_CHANGED)


class ChoiceForm(forms.Form):
    """Which ready claims go into a file, by their public ids."""

    some = forms.BooleanField(required=False)  # the page of choices was sent, not the one button
    claim = forms.TypedMultipleChoiceField(required=False, coerce=UUID)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["claim"].valid_value = lambda value: bool(_UUID.fullmatch(value))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("some") and not cleaned.get("claim"):
            raise ValidationError("Choose at least one claim.")
        return cleaned

    @property
    def chosen(self) -> list[UUID] | None:
        """None: all that are ready."""
        return self.cleaned_data["claim"] if self.cleaned_data["some"] else None
