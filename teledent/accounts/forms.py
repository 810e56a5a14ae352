"""Forms of sign-in and of people and places. Each lists its fields: what is not listed cannot be set from outside."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from teledent.accounts.confirming import WrongPassword, confirm_password
from teledent.accounts.models import Credential, Licence, Person, Practice, Role, Site
from teledent.kit import clock
from teledent.kit.text import printable

ADDRESS = ["street", "street_2", "city", "state", "zip_code"]
ADDRESS_WIDTHS = {"street": "half", "street_2": "half", "city": "third", "state": "third", "zip_code": "third"}
TIME_ZONES = [
    ("America/New_York", "Eastern"),
    ("America/Detroit", "Eastern, Detroit"),
    ("America/Chicago", "Central"),
    ("America/Denver", "Mountain"),
    ("America/Phoenix", "Mountain, Arizona"),
    ("America/Boise", "Mountain, Boise"),
    ("America/Los_Angeles", "Pacific"),
    ("America/Anchorage", "Alaska"),
    ("Pacific/Honolulu", "Hawaii"),
    ("America/Puerto_Rico", "Atlantic, Puerto Rico and Virgin Islands"),
]


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class PhoneInput(forms.TextInput):
    input_type = "tel"


class NameField(forms.CharField):
    """Text that people read elsewhere: in NFC, without control and direction characters."""

    def to_python(self, value: Any) -> Any:
        said = super().to_python(value)
        return printable(said) if isinstance(said, str) else said


class SignInForm(AuthenticationForm):
    """Every wrong pair gets the same sentence, whether the account exists, is closed or never had a password."""

    error_messages = {  # noqa: RUF012 - as Django's own form declares it
        "invalid_login": "E-mail and password do not fit together. Look at both and try again.",
        "inactive": "E-mail and password do not fit together. Look at both and try again.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget = forms.EmailInput(
            attrs={"autocomplete": "username", "autofocus": True, "maxlength": 254}
        )

    def clean_username(self) -> str:
        # one spelling a person, so that the lock counts her tries together
        return str(self.cleaned_data["username"]).strip().casefold()


class LinkForm(forms.Form):
    """Ask for a password link."""

    email = forms.EmailField(
        label="E-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )


class PasswordChoice(SetPasswordForm):  # type: ignore[type-arg]
    """Behind a link. What a password needs is said once, above the form."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_briefly(self)


class PasswordChange(PasswordChangeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Password now"
        say_briefly(self)

    def clean_old_password(self) -> str:
        typed = str(self.cleaned_data["old_password"])
        try:
            confirm_password(self.user, typed, at=clock.now())
        except WrongPassword as refusal:
            raise ValidationError(refusal.sentence) from None
        return typed


def say_briefly(form: forms.BaseForm) -> None:
    """Labels in our words, without the list of rules that Django puts under the field."""
    first, again = form.fields["new_password1"], form.fields["new_password2"]
    first.label, first.help_text = "New password", ""
    again.label, again.help_text = "New password again", ""


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    name = NameField(label="Name as it is signed", max_length=120)

    class Meta:
        model = Person
        fields: ClassVar = ["name", "email"]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).casefold()


class MembershipForm(forms.Form):
    """A role at one site of the practice or at all of them."""

    widths: ClassVar = {"role": "third", "site": "third", "starts_on": "third"}

    role = forms.ChoiceField(choices=Role.choices)
    site = forms.ModelChoiceField(queryset=Site.objects.none(), required=False, empty_label="Every site")
    starts_on = forms.DateField(label="From", widget=DayInput)

    def __init__(self, *args: Any, sites: QuerySet[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]


class AddPersonForm(MembershipForm):
    widths: ClassVar = {"name": "half", "email": "half", **MembershipForm.widths}

    name = NameField(
        label="Name as it is signed",
        max_length=120,
        help_text="For example Rosa Delgado. The title comes with the credential.",
    )
    email = forms.EmailField(
        label="E-mail", max_length=254, help_text="She signs in with it and gets her password link there."
    )
    field_order = ["name", "email", "role", "site", "starts_on"]  # noqa: RUF012

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).casefold()
        if self.people.filter(email=email).exists():
            raise ValidationError("This person is on your list already. Open her page and add the role there.")
        return email


class CredentialForm(forms.ModelForm):  # type: ignore[type-arg]
    widths: ClassVar = {"title": "third", "npi": "third", "taxonomy": "third", "phone": "half", **ADDRESS_WIDTHS}

    class Meta:
        model = Credential
        fields: ClassVar = ["title", "npi", "taxonomy", *ADDRESS, "phone"]
        widgets: ClassVar = {"phone": PhoneInput, "npi": forms.TextInput(attrs={"inputmode": "numeric"})}
        help_texts: ClassVar = {"taxonomy": "Ten characters, for example 1223G0001X."}


class LicenceForm(forms.ModelForm):  # type: ignore[type-arg]
    widths: ClassVar = {"state": "half", "number": "half", "starts_on": "half", "ends_on": "half"}

    class Meta:
        model = Licence
        fields: ClassVar = ["state", "number", "starts_on", "ends_on"]
        widgets: ClassVar = {"starts_on": DayInput, "ends_on": DayInput}
        help_texts: ClassVar = {"ends_on": "The last day on which it is good. Set it to end a licence early."}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "The last day comes before the first.")
        return cleaned


class SiteForm(forms.ModelForm):  # type: ignore[type-arg]
    widths: ClassVar = {
        "kind": "half",
        "name": "half",
        "phone": "half",
        "time_zone": "half",
        "place_of_service": "half",
        **ADDRESS_WIDTHS,
    }

    name = NameField(max_length=60)

    class Meta:
        model = Site
        fields: ClassVar = ["name", "kind", *ADDRESS, "phone", "time_zone", "place_of_service"]
        widgets: ClassVar = {"phone": PhoneInput, "place_of_service": forms.TextInput(attrs={"inputmode": "numeric"})}
        help_texts: ClassVar = {"place_of_service": "Two digits of the hygienist's claim: 03 a school, 11 an office."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.instance.time_zone
        known = TIME_ZONES if kept in dict(TIME_ZONES) else [(kept, kept), *TIME_ZONES]
        self.fields["time_zone"] = forms.ChoiceField(
            choices=known, label="Time zone", help_text="Claim dates are days in this zone."
        )

    def clean_name(self) -> str:
        # the practice is no field of this form, so the model's own check of unique names leaves it out
        name = str(self.cleaned_data["name"])
        namesakes = Site.objects.filter(practice_id=self.instance.practice_id, name=name).exclude(pk=self.instance.pk)
        if namesakes.exists():
            raise ValidationError("The practice has a site of this name already.")
        return name


class PracticeForm(forms.ModelForm):  # type: ignore[type-arg]
    widths: ClassVar = {
        "phone": "half",
        "on_call_phone": "half",
        "group_npi": "third",
        "tax_id": "third",
        "taxonomy": "third",
        **ADDRESS_WIDTHS,
    }

    name = NameField(max_length=60)

    class Meta:
        model = Practice
        fields: ClassVar = ["name", *ADDRESS, "phone", "on_call_phone", "group_npi", "tax_id", "taxonomy"]
        widgets: ClassVar = {
            "phone": PhoneInput,
            "on_call_phone": PhoneInput,
            "group_npi": forms.TextInput(attrs={"inputmode": "numeric"}),
        }
        help_texts: ClassVar = {
            "zip_code": "Claims need all nine digits.",
            "on_call_phone": "Shown beside every red flag in Capture.",
            "group_npi": "Bills every claim of the practice.",
        }
