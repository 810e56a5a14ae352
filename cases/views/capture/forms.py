"""Forms of Capture. Each lists its fields: what is not listed cannot be set from outside."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cases import teeth
from cases.models import (
    Asset,
    Case,
    Condition,
    Evidence,
    Guardian,
    Icdas,
    Patient,
    PatientPlace,
    ProcedureCode,
    Scope,
)
from cases.models.case import OPENED_BY_HAND
from cases.models.consent import RECORDED_BY_HAND
from cases.models.finding import PRESENCE
from cases.models.patient import BORN_SINCE
from teledent.accounts.forms import ADDRESS, ADDRESS_WIDTHS, DayInput, NameField, PhoneInput
from teledent.accounts.models import Site, State
from teledent.kit import clock
from teledent.kit.text import is_filler

LANGUAGES = ("English", "Spanish", "Chinese", "Vietnamese", "Russian", "Arabic", "Somali", "Tagalog", "Korean")


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, for a form; None where the page is only opened. An empty form that was sent is still one."""
    return request.POST if request.method == "POST" else None


class Suggesting(forms.TextInput):
    """A text field that offers words to pick from and takes any other."""

    def __init__(self, words: tuple[str, ...], attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.words = words

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        list_id = f"{(attrs or {}).get('id', name)}_words"
        field = super().render(name, value, {**(attrs or {}), "list": list_id}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((word,) for word in self.words))
        return format_html('{}<datalist id="{}">{}</datalist>', field, list_id, options)


class ReasonField(NameField):
    """Why: kept on the timeline, so it has to say something."""

    def __init__(self, label: str = "Why", *, words: tuple[str, ...] = (), **options: Any) -> None:
        widget = Suggesting(words) if words else forms.TextInput()
        super().__init__(label=label, max_length=200, widget=widget, **options)

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        if self.required and is_filler(said):
            raise ValidationError("Say why in a few words; the timeline keeps it.")
        return said


TEXTS = (
    "given_name", "family_name", "preferred_name", "pupil_id", "street", "street_2", "city", "phone", "language", "card_given_name",
    "card_family_name",
)  # fmt: skip


class PatientForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who is this, as the banner and a claim need it; with school, grade, room and one guardian."""

    public_id = forms.UUIDField(widget=forms.HiddenInput)
    site = forms.ModelChoiceField(
        Site.objects.none(), label="School or clinic", to_field_name="public_id", empty_label=None
    )
    grade = NameField(label="Grade", max_length=10, required=False)
    room = NameField(label="Room", max_length=20, required=False)
    guardian_name = NameField(
        label="Parent or guardian",
        max_length=120,
        required=False,
        help_text="Leave empty for an adult who signs for herself.",
    )
    guardian_relationship = NameField(
        label="Who that is",
        max_length=40,
        required=False,
        widget=Suggesting(("Mother", "Father", "Legal guardian", "Grandmother")),
    )
    guardian_phone = NameField(label="Guardian's phone", max_length=20, required=False, widget=PhoneInput)
    guardian_has_authority = forms.BooleanField(label="May consent for the child", required=False, initial=True)

    widths: ClassVar = {
        "given_name": "half", "family_name": "half", "preferred_name": "half", "birth_date": "half", "sex": "half",
        "pupil_id": "half", "site": "half", "grade": "third", "room": "third", "language": "half", "phone": "half",
        "card_given_name": "half", "card_family_name": "half", "guardian_name": "half", "guardian_relationship": "half",
        "guardian_phone": "half", "guardian_has_authority": "half", **ADDRESS_WIDTHS,
    }  # fmt: skip
    groups: ClassVar = (
        ("Who is this?", ("given_name", "family_name", "preferred_name", "birth_date", "sex", "pupil_id")),
        ("Where", ("site", "grade", "room")),
        (
            "Who answers for the child",
            ("guardian_name", "guardian_relationship", "guardian_phone", "guardian_has_authority"),
        ),
        ("Home and insurance card", (*ADDRESS, "phone", "language", "card_given_name", "card_family_name")),
    )

    class Meta:
        model = Patient
        fields: ClassVar = [
            "given_name", "family_name", "preferred_name", "birth_date", "sex", "pupil_id", *ADDRESS, "phone", "language",
            "card_given_name", "card_family_name",
        ]  # fmt: skip
        field_classes: ClassVar = dict.fromkeys(TEXTS, NameField)
        widgets: ClassVar = {"birth_date": DayInput, "phone": PhoneInput, "language": Suggesting(LANGUAGES)}

    def __init__(self, *args: Any, sites: QuerySet[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        self.fields["site"].label_from_instance = lambda site: site.name  # type: ignore[attr-defined]
        if not self.is_bound:
            self.initial.setdefault("public_id", uuid4())
            first = sites.first()
            self.initial.setdefault("site", first.public_id if first else None)

    def clean_birth_date(self) -> date:
        born: date = self.cleaned_data["birth_date"]
        if not BORN_SINCE <= born <= clock.now().date():
            raise ValidationError("Look at the date of birth: it is in the future or very long ago.")
        return born

    def _latin(self, name: str) -> str:
        said: str = self.cleaned_data[name]
        if not all(ord(letter) < 0x250 for letter in said):
            raise ValidationError("Write it as the card has it, in Latin letters.")
        return said

    def clean_card_given_name(self) -> str:
        return self._latin("card_given_name")

    def clean_card_family_name(self) -> str:
        return self._latin("card_family_name")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("guardian_name") and not cleaned.get("guardian_relationship"):
            self.add_error("guardian_relationship", "Say who that is: mother, father, legal guardian.")
        return cleaned

    def _post_clean(self) -> None:
        """The action fills and validates the row; a form that only asks must not touch the row of the page."""
        held = self.instance
        self.instance = Patient(practice_id=held.practice_id)
        super()._post_clean()  # type: ignore[misc]
        self.instance = held

    @property
    def grouped(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Headings with their fields, as the page shows them."""
        return [(heading, [self[name] for name in names]) for heading, names in self.groups]

    @property
    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    @property
    def guardian(self) -> dict[str, Any] | None:
        cleaned = self.cleaned_data
        if not cleaned["guardian_name"]:
            return None
        return {
            "name": cleaned["guardian_name"], "relationship": cleaned["guardian_relationship"],
            "phone": cleaned["guardian_phone"], "has_authority": cleaned["guardian_has_authority"],
        }  # fmt: skip


def guardian_initial(guardian: Guardian | None) -> dict[str, Any]:
    if guardian is None:
        return {}
    return {
        "guardian_name": guardian.name, "guardian_relationship": guardian.relationship, "guardian_phone": guardian.phone,
        "guardian_has_authority": guardian.has_authority,
    }  # fmt: skip


SCAN_FIRST = (
    "To keep a scan of the signed form, send it into the case as “Form or letter” first; then it is chosen here."
)
GIVEN, REFUSED, NOT_ASKED = "given", "refused", ""


class ConsentForm(forms.Form):
    """One signed answer: each scope given, refused or not asked; who signed, by what authority, and the evidence."""

    signer_name = NameField(label="Who signed", max_length=120)
    signer_authority = NameField(
        label="By what authority", max_length=60, widget=Suggesting(("Mother", "Father", "Legal guardian", "The patient"))
    )  # fmt: skip
    evidence = forms.ChoiceField(
        label="Evidence",
        choices=[one for one in RECORDED_BY_HAND if one[0] != Evidence.SCAN],
        widget=forms.RadioSelect,
    )
    witness = NameField(
        label="Witness", max_length=120, required=False, help_text="Needed when consent was said, not signed."
    )
    language = NameField(label="Language of the text", max_length=40, widget=Suggesting(LANGUAGES))
    valid_from = forms.DateField(label="From", widget=DayInput)
    valid_until = forms.DateField(label="Until", widget=DayInput, required=False)
    widths: ClassVar = {
        "signer_name": "half", "signer_authority": "half", "scan": "half", "witness": "half", "language": "half", "valid_from": "half",
        "valid_until": "half",
    }  # fmt: skip

    def __init__(self, *args: Any, scans: Sequence[Asset] | None = None, **kwargs: Any) -> None:
        """`scans`: files that may be chosen as the signed form; None where files are not seen at all."""
        super().__init__(*args, **kwargs)
        self.scans = {str(one.public_id): one for one in scans or ()}
        if self.scans:
            self.fields["evidence"].choices = RECORDED_BY_HAND  # type: ignore[attr-defined]
            self.fields["scan"] = forms.ChoiceField(
                label="Scanned form", choices=[("", "Choose"), *((key, _said_of(one)) for key, one in self.scans.items())],
                required=False, help_text="Needed when the form was scanned.",
            )  # fmt: skip
        elif scans is not None:
            self.fields["evidence"].help_text = SCAN_FIRST
        for scope in Scope:
            self.fields[f"scope_{scope.value}"] = forms.ChoiceField(
                label=scope.label, choices=[(GIVEN, "Given"), (REFUSED, "Refused"), (NOT_ASKED, "Not asked")],
                widget=forms.RadioSelect, required=False, initial=NOT_ASKED,
            )  # fmt: skip

    @property
    def scope_fields(self) -> list[forms.BoundField]:
        return [self[f"scope_{scope.value}"] for scope in Scope]

    @property
    def other_fields(self) -> list[forms.BoundField]:
        return [
            self[name]
            for name in ("signer_name", "signer_authority", "scan", "witness", "language", "valid_from", "valid_until")
            if name in self.fields
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["scopes"] = {
            scope.value: cleaned[f"scope_{scope.value}"] == GIVEN
            for scope in Scope
            if cleaned.get(f"scope_{scope.value}")
        }
        if not cleaned["scopes"]:
            raise ValidationError("Tick what the family answered: each part is given or refused.")
        if cleaned.get("evidence") == Evidence.VERBAL and not cleaned.get("witness"):
            self.add_error("witness", "Name the witness who heard it.")
        if cleaned.get("evidence") == Evidence.SCAN and not cleaned.get("scan"):
            self.add_error("scan", "Choose the scanned form.")
        if cleaned.get("valid_from") and cleaned.get("valid_until") and cleaned["valid_until"] < cleaned["valid_from"]:
            self.add_error("valid_until", "The last day lies before the first.")
        return cleaned

    @property
    def answer(self) -> dict[str, Any]:
        names = (
            "scopes",
            "signer_name",
            "signer_authority",
            "evidence",
            "witness",
            "language",
            "valid_from",
            "valid_until",
        )
        scan = self.scans.get(self.cleaned_data.get("scan", ""))
        return {**{name: self.cleaned_data[name] for name in names}, "scan": scan}


def _said_of(scan: Asset) -> str:
    return f"{scan.declared_name or scan.view_label}, {scan.case}, received {scan.received_at:%-d %b %Y}"


class WithdrawConsentForm(forms.Form):
    scope = forms.ChoiceField(choices=Scope.choices)
    reason = ReasonField("Who took it back, and how")


class OpenForm(forms.Form):
    public_id = forms.UUIDField()
    kind = forms.ChoiceField(choices=OPENED_BY_HAND)
    site = forms.UUIDField()


class ReasonForm(forms.Form):
    reason = ReasonField()


def tooth_key(said: str, numbering: str) -> str:
    """'3' or 'l' in her numbering as the neutral key; empty stays empty."""
    if not said.strip():
        return ""
    key = teeth.read(said, numbering)
    if key is None:
        raise ValidationError(f"This is not a tooth. Use {teeth.EXAMPLES[numbering]}.")
    return key


TEETH = list(teeth.universal_by_key().items())
SEEN = [one for one in Condition if one not in PRESENCE]
SURFACES = [(key, name.capitalize()) for key, name in teeth.SURFACES.items()]


class TeethField(forms.MultipleChoiceField):
    """Teeth that were tapped, and the one chosen from the list below them, where one was."""

    def to_python(self, value: Any) -> list[str]:
        return [one for one in super().to_python(value) if one]


class MarkForm(forms.Form):
    """One or more teeth, one or more conditions, surfaces where they matter."""

    teeth = TeethField(
        choices=TEETH,
        error_messages={"required": "Choose a tooth first."},
    )
    conditions = forms.MultipleChoiceField(
        label="Mark", choices=[(one.value, one.label) for one in (*SEEN, *PRESENCE)], widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose what you see on it."},
    )  # fmt: skip
    surfaces = forms.MultipleChoiceField(
        label="Surfaces", choices=SURFACES,
        widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip
    icdas = forms.ChoiceField(label="ICDAS of decay", choices=Icdas.choices, widget=forms.RadioSelect, required=False)
    note = NameField(label="Note", max_length=200, required=False)


class ServiceForm(forms.Form):
    code = forms.ChoiceField(label="Service")
    tooth = forms.CharField(label="Tooth", max_length=4, required=False)
    quantity = forms.IntegerField(label="Quantity", min_value=1, max_value=99, initial=1)
    ordered_by = NameField(
        label="Under which order", max_length=120, widget=Suggesting(("Standing protocol of the practice",))
    )
    widths: ClassVar = {"tooth": "third", "quantity": "third", "ordered_by": "half", "code": "half"}

    def __init__(self, *args: Any, codes: list[ProcedureCode], numbering: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbering = numbering
        self.fields["tooth"].help_text = teeth.EXAMPLES[numbering]
        self.fields["code"].choices = [(row.code, f"{row.code} {row.text}") for row in codes]  # type: ignore[attr-defined]

    def clean_tooth(self) -> str:
        return tooth_key(self.cleaned_data["tooth"], self.numbering)


class PlaceForm(forms.Form):
    """When and where the patient was seen: decides the dates of claims and whose licence counts."""

    day_seen = forms.DateField(label="Day seen", widget=DayInput)
    patient_place = forms.ChoiceField(label="The patient was", choices=PatientPlace.choices, widget=forms.RadioSelect)
    patient_state = forms.ChoiceField(label="In the state", choices=State.choices)
    widths: ClassVar = {"day_seen": "half", "patient_state": "half"}

    def __init__(self, data: Any = None, *, case: Case) -> None:
        initial = {name: getattr(case, name) for name in ("day_seen", "patient_place", "patient_state")}
        super().__init__(data, initial=initial)
        self.zone = case.site.time_zone

    def clean_day_seen(self) -> date:
        day: date = self.cleaned_data["day_seen"]
        if day > clock.local_date(clock.now(), self.zone):
            raise ValidationError("The day seen lies in the future.")
        return day


class SubmitForm(forms.Form):
    day_and_place = forms.BooleanField(error_messages={"required": "Confirm the day and the place first."})


class AnswerForm(forms.Form):
    """The site's answer to one question, or why it cannot be supplied."""

    answer = NameField(label="Answer", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    cannot_supply = NameField(
        label="Or why it cannot be supplied", max_length=200, required=False,
        widget=Suggesting(("The child has left for the day", "The child does not tolerate it", "The family says no")),
    )  # fmt: skip
