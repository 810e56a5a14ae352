"""The form of a paper remittance: the check, its claims, their lines. Everything typed stays until it balances."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, TypeVar
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from billing.actions.entering import METHODS, MOST_CLAIMS
from billing.models import Claim, Payer
from billing.outcomes.paper import NotReadable, adjustments_in, check_fault, line_fault, others_in, remarks_in
from billing.x12 import r835
from billing.x12.elements import ZERO
from teledent.accounts.forms import DayInput, NameField
from teledent.kit.text import names_nothing

MOST_LINES = 30  # of one claim
MOST_IN_ALL = 220  # lines of the form: what one request may hold
BLANK_LINES = 2  # of a claim that is none of ours
Read = TypeVar("Read")
KINDS = {"1": "Answers the claim", r835.REVERSAL: "Takes an answer back (amounts below zero)"}


class Amount(forms.DecimalField):
    """Dollars, in a field without the arrows that change them by accident."""

    def __init__(self, **kwargs: Any) -> None:
        plain = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_digits=10, decimal_places=2, widget=plain, **kwargs)


class HeadForm(forms.Form):
    """The check or transfer as a whole."""

    public_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    payer = forms.ModelChoiceField(queryset=Payer.objects.none(), empty_label="Choose the payer")
    method = forms.ChoiceField(label="Paid by", choices=list(METHODS.items()), widget=forms.Select)
    trace = NameField(label="Number of the check or transfer", max_length=50)
    paid_on = forms.DateField(label="Its day", widget=DayInput)
    amount = Amount(label="Its amount")
    others = forms.CharField(
        label="Of no claim", max_length=200, required=False, help_text="Taken off the check: WO 10.00. Below zero adds to it."
    )  # fmt: skip

    widths: ClassVar = dict.fromkeys(("payer", "method", "trace", "paid_on", "amount", "others"), "half")

    def __init__(self, *args: Any, payers: QuerySet[Payer], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["payer"].queryset = payers  # type: ignore[attr-defined]

    def clean_trace(self) -> str:
        said = str(self.cleaned_data["trace"]).strip()
        if names_nothing(said):
            raise ValidationError("Type the number as it is printed.")
        return said

    def clean_paid_on(self) -> date:
        day: date = self.cleaned_data["paid_on"]
        if day > self.today:
            raise ValidationError("This day has not come yet.")
        return day

    def clean_others(self) -> list[r835.ProviderAdjustment]:
        return _read(others_in, self.cleaned_data["others"])


class ClaimHeadForm(forms.Form):
    claim = NameField(label="Our claim number", max_length=38)
    kind = forms.ChoiceField(label="What it does", choices=list(KINDS.items()), widget=forms.Select)
    payer_number = NameField(label="Payer's claim number", max_length=50, required=False)
    patient = NameField(label="Patient, as printed", max_length=100, required=False)


class LineForm(forms.Form):
    """One line; a row that is left empty is none."""

    number = forms.CharField(widget=forms.HiddenInput, max_length=50, required=False)
    code = NameField(max_length=48)
    charge = Amount()
    allowed = Amount(required=False)
    paid = Amount()
    adjustments = forms.CharField(label="Taken off", max_length=300, required=False)
    remarks = forms.CharField(max_length=120, required=False)

    def clean_adjustments(self) -> list[r835.Adjustment]:
        return _read(adjustments_in, self.cleaned_data["adjustments"])

    def clean_remarks(self) -> list[str]:
        return _read(remarks_in, self.cleaned_data["remarks"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if {"charge", "paid", "adjustments"} <= cleaned.keys() and (fault := line_fault(self.line(0))):
            self.add_error("paid", fault)
        return cleaned

    def line(self, number: int) -> r835.Line:
        """What was typed, once each of its fields is sound."""
        said = self.cleaned_data
        return r835.Line(
            number=number, code=str(said.get("code", "")).upper(), charge=said["charge"], paid=said["paid"],
            control_number=said.get("number", ""), allowed=said.get("allowed"), adjustments=said["adjustments"],
            remarks=said.get("remarks", []),
        )  # fmt: skip


def _read(reader: Callable[[str], list[Read]], text: str) -> list[Read]:
    try:
        return reader(text)
    except NotReadable as wrong:
        raise ValidationError(wrong.sentence) from wrong


@dataclass
class ClaimEntry:
    """One claim of the form with its lines; `place` counts from 0 and stands in the names of its fields."""

    place: int
    head: ClaimHeadForm
    lines: list[LineForm] = field(default_factory=list)

    def is_valid(self) -> bool:
        return all([self.head.is_valid(), *(line.is_valid() for line in self.lines)])

    @property
    def written(self) -> list[LineForm]:
        return [line for line in self.lines if line.has_changed()]

    def payment(self, number: int) -> r835.ClaimPayment:
        lines = [form.line(at) for at, form in enumerate(self.written, start=1)]
        said = self.head.cleaned_data
        own = (one.amount for line in lines for one in line.adjustments if one.group == "PR")
        return r835.ClaimPayment(
            number=number, claim_id=said["claim"], status=said["kind"], charge=sum((one.charge for one in lines), ZERO),
            paid=sum((one.paid for one in lines), ZERO), patient_share=sum(own, ZERO), filing_code="", frequency="",
            payer_claim_number=said["payer_number"], patient_name=said["patient"], lines=lines,
        )  # fmt: skip


class PaperEntry:
    """The whole form, filled with `data` as it was sent. Unless it is `checked`, no fault is shown: more is to come."""

    def __init__(self, data: Mapping[str, Any], *, payers: QuerySet[Payer], today: date, checked: bool) -> None:
        def filled(prefix: str = "") -> dict[str, Any]:
            if checked:
                return {"data": data, "prefix": prefix or None}
            start = f"{prefix}-" if prefix else ""
            said = {name.removeprefix(start): value for name, value in data.items() if name.startswith(start)}
            return {"initial": said, "prefix": prefix or None}

        self.head = HeadForm(payers=payers, today=today, **filled())
        self.claims: list[ClaimEntry] = []
        for place in range(_count(data, "claims", MOST_CLAIMS)):
            entry = ClaimEntry(place, ClaimHeadForm(**filled(f"c{place}")))
            for at in range(_count(data, f"c{place}-lines", MOST_LINES)):
                line = LineForm(empty_permitted=True, use_required_attribute=False, **filled(f"c{place}l{at}"))
                entry.lines.append(line)
            self.claims.append(entry)

    def is_valid(self) -> bool:
        """Each field sound, each line in balance, each claim with a line, and the check in balance with them."""
        sound = all([self.head.is_valid(), *(claim.is_valid() for claim in self.claims)])
        for claim in self.claims:
            if claim.head.is_valid() and not claim.written:
                claim.head.add_error(None, "Type its lines, or take the claim off.")
                sound = False
        if sound and (fault := check_fault(self.amount, self.payments(), self.others)):
            self.head.add_error("amount", fault)
        return sound and not self.head.errors

    @property
    def amount(self) -> Decimal:
        return Decimal(self.head.cleaned_data["amount"])

    @property
    def others(self) -> list[r835.ProviderAdjustment]:
        return list(self.head.cleaned_data["others"])

    def payments(self) -> list[r835.ClaimPayment]:
        return [claim.payment(number) for number, claim in enumerate(self.claims, start=1)]


def _count(data: Mapping[str, Any], name: str, most: int) -> int:
    said = str(data.get(name, "0"))
    return min(int(said), most) if said.isdecimal() and len(said) < 5 else 0


def with_claim(data: Mapping[str, Any], claim: Claim | None, said: str) -> dict[str, Any]:
    """The data of the form with one more claim: its lines as we billed them, or empty ones for one that is none of ours."""
    place = _count(data, "claims", MOST_CLAIMS)
    if is_full(data):
        return {**data}
    more: dict[str, Any] = {
        "claims": str(place + 1),
        f"c{place}-claim": claim.claim_id if claim else said,
        f"c{place}-kind": "1",
    }
    if claim is None:
        return {**data, **more, f"c{place}-lines": str(BLANK_LINES)}
    more |= {f"c{place}-patient": claim.case.patient.name, f"c{place}-payer_number": claim.payer_claim_number}
    lines = list(claim.lines.all())
    for at, line in enumerate(lines):
        name = f"c{place}l{at}"
        charge = line.charge or Decimal("0.00")
        more |= {
            f"{name}-number": f"{claim.claim_id}-{line.number}",
            f"{name}-code": line.code,
            f"{name}-charge": str(charge),
        }
        more |= {f"{name}-paid": "0.00"} if not charge else {}
    return {**data, **more, f"c{place}-lines": str(len(lines))}


def with_line(data: Mapping[str, Any], place: int) -> dict[str, Any]:
    """One more empty line for the claim at `place`."""
    if is_full(data):
        return {**data}
    return {**data, f"c{place}-lines": str(_count(data, f"c{place}-lines", MOST_LINES) + 1)}


def is_full(data: Mapping[str, Any]) -> bool:
    """Whether no further claim or line goes into one form."""
    return _count(data, "claims", MOST_CLAIMS) >= MOST_CLAIMS or _lines_in(data) + BLANK_LINES > MOST_IN_ALL


def _lines_in(data: Mapping[str, Any]) -> int:
    claims = range(_count(data, "claims", MOST_CLAIMS))
    return sum(_count(data, f"c{place}-lines", MOST_LINES) for place in claims)


def without_claim(data: Mapping[str, Any], place: int) -> dict[str, Any]:
    """The claim at `place` taken off, those after it moved up."""
    count = _count(data, "claims", MOST_CLAIMS)
    kept = {name: value for name, value in data.items() if not _is_of_claims(name)}
    for new, old in enumerate(at for at in range(count) if at != place):
        kept |= {f"c{new}{rest}": value for rest, value in _of_claim(data, old)}
    return {**kept, "claims": str(count - 1 if 0 <= place < count else count)}


def _is_of_claims(name: str) -> bool:
    return name.startswith("c") and name[1:2].isdigit()


def _of_claim(data: Mapping[str, Any], place: int) -> Iterator[tuple[str, Any]]:
    for name, value in data.items():
        for mark in ("-", "l"):
            if name.startswith(f"c{place}{mark}"):
                yield name.removeprefix(f"c{place}"), value
