"""The form of a payer's rule, as a biller says it: lists as codes with commas, a limit of frequency as one row of fields."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from billing.claims.payer_rules import (
    NotACompanionError,
    NotAFrequencyError,
    parse_companions,
    parse_frequency,
)
from billing.models import AttachmentWanted, Covered, PayerRule
from billing.rule_words import GROUPS
from cases.models import ProcedureCode
from teledent.accounts.acting import Actor
from teledent.accounts.forms import DayInput, NameField

SLOTS = 3  # limits of frequency offered, and one more than a row has
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
UNITS = [
    ("", "No limit"), ("day", "days"), ("month", "months"), ("benefit_year", "benefit years"),
    ("calendar_year", "calendar years"), ("lifetime", "a lifetime"),
]  # fmt: skip
COUNTED = [
    ("patient", "each patient"), ("provider", "each dentist"), ("facility", "this practice"),
    ("location", "each site"),
]  # fmt: skip
_COMPANION = re.compile(r"([A-Z]\w*)(?:\s+(\d{1,3})\s*(?:-|to)\s*(\d{1,3})?)?", re.ASCII | re.IGNORECASE)


def digest_of(form: forms.BaseForm) -> str:
    """Of everything that a valid form says, line ends apart, which a browser writes in its own way: what was looked at is
    what is saved."""
    said = {name: "\n".join(str(value).splitlines()) for name, value in sorted(form.cleaned_data.items())}
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


class CodesField(forms.CharField):
    """Codes with commas or spaces between them."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [one.upper() for one in re.split(r"[,;\s]+", super().to_python(value) or "") if one]


class CompanionsField(forms.CharField):
    """Codes with the ages that the payer names: "D0120 3-20, D0170"."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, parse_companions(value))) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        parts = [one.strip() for one in re.split(r"[,;\n]+", super().to_python(value) or "") if one.strip()]
        found = [self._read(one) for one in parts]
        try:
            parse_companions(found)
        except NotACompanionError as problem:
            raise ValidationError(str(problem)) from problem
        return found

    def _read(self, part: str) -> dict[str, Any]:
        match = _COMPANION.fullmatch(part)
        if match is None:
            raise ValidationError(f"“{part[:20]}” is no code with ages. Write D0120 3-20, or the code alone.")
        code, first, last = match.groups()
        return {"code": code.upper(), "age_min": _whole(first), "age_max": _whole(last)}


def _whole(digits: str | None) -> int | None:
    return int(digits) if digits else None


@dataclass(frozen=True, slots=True)
class Group:
    """A heading with its fields. `is_open`: whatever is left empty there is not known, and is said so once."""

    heading: str
    fields: list[forms.BoundField]
    is_open: bool = False
    is_folded: bool = False


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """One row. The public id is made with the form, so that the same form sent twice is one row."""

    public_id = forms.UUIDField(widget=forms.HiddenInput)
    code = forms.ChoiceField(label="Code")
    source = NameField(
        label="Where this is written", max_length=300,
        help_text="The manual, notice or call, so that somebody else finds it: title, page, date, who told you.",
    )  # fmt: skip
    covered = forms.ChoiceField(label="Covered", choices=Covered.choices, widget=forms.RadioSelect)
    companions = CompanionsField(
        label="Services it may ride with", required=False, max_length=200,
        help_text="With ages where the payer names them: D0120 3-20, D0140. Empty: not known.",
    )  # fmt: skip
    forbidden_same_day = CodesField(label="Never on one day with", required=False, max_length=200)
    places = CodesField(label="Places of service", required=False, max_length=60, help_text="Two digits each: 02, 10.")
    modifiers = CodesField(
        label="Modifiers on the line", required=False, max_length=30, help_text="Four at most. Empty: none."
    )
    provider_types = CodesField(
        label="Specialties of who may render it",
        required=False,
        max_length=200,
        help_text="Taxonomy codes: 122300000X.",
    )
    diagnoses_allowed = CodesField(
        label="Diagnoses it takes", required=False, max_length=300, help_text="Codes or their beginnings: K02, Z01.2."
    )
    diagnoses_forbidden = CodesField(label="Diagnoses it refuses", required=False, max_length=300)
    attachments = forms.MultipleChoiceField(
        label="Wants with the claim", choices=AttachmentWanted.choices, required=False, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    taps: ClassVar = ("covered", "attachments")
    widths: ClassVar = {
        **dict.fromkeys(
            ("code", "plan", "valid_from", "valid_until", "companions", "forbidden_same_day", "max_units",
             "counts_as_evaluation", "diagnoses_allowed", "diagnoses_forbidden", "authorisation", "authorisation_days",
             "appeal_signed_by", "narrative_counts", "external_review", "filing_days", "correction_days", "appeal_days",
             "second_appeal_days", "consent_form", "consent_months", "dos_basis", "channel", "places", "modifiers",
             "age_min", "age_max", "verified_on"), "half",
        ),
        **dict.fromkeys(
            ("asynchronous", "new_patient", "patient_initiated", "patient_billable", "epsdt", "allowed_amount"), "third",
        ),
    }  # fmt: skip

    class Meta:
        model = PayerRule
        fields: ClassVar = [
            "code", "plan", "valid_from", "valid_until", "source", "verified_on",
            *(name for _, names in GROUPS for name in names if name != "frequencies"),
        ]  # fmt: skip
        widgets: ClassVar = dict.fromkeys(("valid_from", "valid_until", "verified_on"), DayInput)
        help_texts: ClassVar = {
            "valid_from": "By the date of service. The rule before it ends on the day before.",
            "valid_until": "Empty: until further notice.",
            "verified_on": "The day you read or heard it yourself.",
            "allowed_amount": "US dollars for one unit.",
            "requires_companion": "D9996 always needs one.",
            "counts_as_evaluation": "Though it is none.",
            "authorisation_days": "Where the payer names no last day, one counts as run out after so many days.",
            "patient_initiated": "Asked of what a patient or family sent by a link. Not known holds such a claim.",
            "consent_months": "12: once a year.",
            "narrative_counts": "Appeals rest on signed records in any case.",
        }

    def __init__(
        self, *args: Any, actor: Actor, today: date, begins: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        """`begins` is what the form shows at first: of an example, or of the row that is changed."""
        self.today = today
        start = dict(begins or {})
        self.slots = max(SLOTS, len(start.get("frequencies", ())) + 1)
        rule: PayerRule = kwargs["instance"]
        kwargs["initial"] = {"public_id": rule.public_id, **start, **dict(_slots(start.get("frequencies", ())))}
        super().__init__(*args, **kwargs)
        for number in range(1, self.slots + 1):
            self.fields |= _limit_fields(number)
        self.fields["plan"].choices = [("", "Any kind of plan"), *self.fields["plan"].choices[1:]]  # type: ignore[attr-defined]
        for name in ("dos_basis", "appeal_signed_by"):
            self.fields[name].choices = [("", "As the payer's page says"), *self.fields[name].choices[1:]]  # type: ignore[attr-defined]
        for name in ("consent_form", "channel"):
            self.fields[name].choices = [("", "Not known"), *self.fields[name].choices[1:]]  # type: ignore[attr-defined]
        self.fields["code"].choices = _codes(actor, str(start.get("code") or ""))  # type: ignore[attr-defined]

    @property
    def grouped(self) -> list[Group]:
        """Fields under their headings, in the order of `rule_words.GROUPS`; each limit of frequency apart."""
        first = [
            Group("Which service, from when", self._bound("code", "plan", "valid_from", "valid_until")),
            Group("Where you have it from", self._bound("source", "verified_on")),
        ]
        for heading, names in GROUPS:
            first.append(Group(heading, self._bound(*(name for name in names if name != "frequencies")), is_open=True))
            first += [self._limit_group(number) for number in range(1, self.slots + 1) if "frequencies" in names]
        return first

    def _limit_group(self, number: int) -> Group:
        """The second and later ones are folded away while nothing stands in them."""
        fields = self._bound(*_limit_fields(number))
        used = any(field.errors for field in fields) or any(fields[at].value() for at in (0, 2))
        return Group(f"Limit {number}", fields, is_open=True, is_folded=number > 1 and not used)

    def _bound(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names]

    def clean_verified_on(self) -> date:
        day: date = self.cleaned_data["verified_on"]
        if day > self.today:
            raise ValidationError("This day has not come yet.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.instance.public_id = cleaned.get("public_id") or self.instance.public_id
        self.instance.frequencies = [one for number in range(1, self.slots + 1) if (one := self._limit(number))]
        return cleaned

    def _limit(self, number: int) -> dict[str, Any] | None:
        """One limit as JSON, None of an empty row; what does not fit is said beside its first field."""
        said = {name: self.cleaned_data.get(f"limit{number}_{name}") for name in _PARTS}
        if not any(said[name] for name in ("count", "period", "unit", "shared")):
            return None
        if not said["count"] and not said["unit"]:
            self.add_error(f"limit{number}_count", "Say how many and in which period, or empty the rest of this limit.")
            return None
        raw = {
            "count": said["count"], "period": said["period"] or 1, "unit": said["unit"], "scope": said["scope"] or "patient",
            "shared_with": said["shared"] or [], "starts_month": int(said["starts"] or 1),
        }  # fmt: skip
        try:
            parse_frequency(raw)
        except NotAFrequencyError as problem:
            self.add_error(f"limit{number}_{'unit' if said['count'] else 'count'}", str(problem))
            return None
        return raw


_PARTS = ("count", "period", "unit", "scope", "shared", "starts")


def _limit_fields(number: int) -> dict[str, forms.Field]:
    """The fields of one limit: "2 in 12 months, for each patient, together with D0150"."""
    made: dict[str, forms.Field] = {
        "count": forms.IntegerField(label="How many", required=False, min_value=1, max_value=999),
        "period": forms.IntegerField(label="In how many", required=False, min_value=1, max_value=999),
        "unit": forms.ChoiceField(label="Period", required=False, choices=UNITS),
        "scope": forms.ChoiceField(label="Counted for", required=False, choices=COUNTED),
        "shared": CodesField(label="Together with codes", required=False, max_length=200),
        "starts": forms.ChoiceField(
            label="Benefit year begins", required=False, choices=[(str(at), name) for at, name in enumerate(MONTHS, 1)]
        ),
    }
    return {f"limit{number}_{name}": made[name] for name in _PARTS}


RuleForm.widths.update({f"limit{number}_{name}": "third" for number in range(1, 12) for name in _PARTS})


def _slots(limits: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    """What the fields of these limits show at first."""
    for number, one in enumerate(limits, 1):
        shown = {
            "count": one["count"], "period": one.get("period", 1), "unit": one["unit"], "scope": one.get("scope", "patient"),
            "shared": one.get("shared_with", []), "starts": str(one.get("starts_month", 1)),
        }  # fmt: skip
        yield from ((f"limit{number}_{name}", value) for name, value in shown.items())


def _codes(actor: Actor, kept: str) -> list[tuple[str, str]]:
    """The practice's procedure codes with its words, and the one that the form is about."""
    rows = ProcedureCode.objects.filter(practice=actor.practice).order_by("code", "valid_from")
    known = {row.code: f"{row.code} {row.text}" for row in rows}
    return sorted({**({kept: kept} if kept else {}), **known}.items())


class EndRuleForm(forms.Form):
    """The end of a rule with nothing in its place."""

    last_day = forms.DateField(
        label="Last day",
        widget=DayInput,
        required=False,
        help_text="By the date of service. Empty: it was never right.",
    )
    reason = NameField(label="Why", max_length=300)

    widths: ClassVar = {"last_day": "half"}


class ScheduleForm(forms.Form):
    """A payer's list of allowed amounts, pasted, from a day on."""

    rows = forms.CharField(
        label="The list", max_length=30_000, strip=False, widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text="A line for each code, as you copy it from a spreadsheet or a CSV file: the code first, the amount for one unit last.",
    )  # fmt: skip
    valid_from = forms.DateField(label="From", widget=DayInput, help_text="By the date of service.")
    covered = forms.ChoiceField(
        label="A code without a rule yet is", choices=[("yes", "Covered"), ("unknown", "Not known whether it is covered")],
        widget=forms.RadioSelect,
    )  # fmt: skip
    source = NameField(label="Where this is written", max_length=300)
    verified_on = forms.DateField(label="Verified on", widget=DayInput)

    taps: ClassVar = ("covered",)
    widths: ClassVar = {"valid_from": "half", "verified_on": "half"}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_verified_on(self) -> date:
        day: date = self.cleaned_data["verified_on"]
        if day > self.today:
            raise ValidationError("This day has not come yet.")
        return day

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("valid_from", "covered", "source", "verified_on")}
