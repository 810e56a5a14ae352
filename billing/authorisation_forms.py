"""Forms of a request to a payer before care: what is asked, how it went, what came back, line by line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError

from billing.actions.authorising import (
    CODE,
    MOST_LINES,
    TOO_FAR,
    WHY_AGAIN,
    WHY_ENDED,
    WHY_REFUSED,
    Approval,
    Asked,
    SaidOfLine,
    is_too_far,
)
from billing.appeal_forms import SentForm
from billing.claim_forms import saying
from billing.claims.latin import unwritable
from billing.models import Authorisation, RequestHow, RequestKind
from cases import teeth
from teledent.accounts.forms import DayInput, NameField

BLANK_ROWS = 2  # offered beside those that are filled in
Data = Mapping[str, Any]


class RequestForm(forms.Form):
    """What kind of answer is wanted, and why. The public id is made with the form: sent twice it is one request."""

    public_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    kind = forms.ChoiceField(
        label="What do you ask for?", choices=RequestKind.choices, widget=forms.RadioSelect,
        initial=RequestKind.AUTHORISATION,
        help_text="A predetermination says what the plan would pay. It binds nobody; claims bear its number, and none is held for it.",
    )  # fmt: skip
    reason = NameField(label="Why it is needed", max_length=300, required=False)


class AskedLineForm(forms.Form):
    """One service. A row without a code is no line."""

    code = forms.CharField(label="Code", max_length=5, required=False)
    tooth = forms.CharField(label="Tooth", max_length=4, required=False)
    units = forms.IntegerField(label="Units", min_value=1, max_value=99, initial=1)

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip().upper()
        if code and not CODE.fullmatch(code):
            raise ValidationError("A code is D or X and four digits.")
        return code

    def clean_tooth(self) -> str:
        tooth = str(self.cleaned_data["tooth"]).strip().upper()
        if tooth and teeth.from_universal(tooth) is None:
            raise ValidationError("1 to 32 or A to T.")
        return tooth

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("tooth") and cleaned.get("code") == "":
            self.add_error("code", "Add the code.")
        return cleaned


class AskForm:
    """The whole form: its head and as many lines as are filled in, with blank ones after them."""

    def __init__(
        self, data: Data | None = None, *, lines: Sequence[Asked] = (), more: bool = False, begins: Data | None = None
    ) -> None:
        self.head = RequestForm(data, initial=dict(begins or {}))
        rows = len(lines) + BLANK_ROWS if data is None else _rows(data) + more
        known = [{"code": one.code, "tooth": one.tooth, "units": one.units} for one in lines]
        self.lines = [
            AskedLineForm(data, prefix=f"l{at}", initial=known[at] if data is None and at < len(known) else None)
            for at in range(min(rows, MOST_LINES))
        ]
        if more:  # the row that came just now was not sent
            self.lines[-1] = AskedLineForm(prefix=self.lines[-1].prefix)
        for line in self.lines:
            line.use_required_attribute = False

    @property
    def asked(self) -> list[Asked]:
        said = [line.cleaned_data for line in self.lines]
        return [Asked(one["code"], one["tooth"], one["units"]) for one in said if one["code"]]

    def is_valid(self) -> bool:
        if any(form.errors for form in (self.head, *self.lines)):
            return False
        if not self.asked:
            self.lines[0].add_error("code", "Name at least one service.")
        return not self.lines[0].errors


def _rows(data: Data) -> int:
    said = str(data.get("rows", ""))
    is_number = len(said) <= 3 and said.isascii() and said.isdigit()
    return min(int(said), MOST_LINES) if is_number and int(said) > 0 else 1


class RequestSentForm(SentForm):
    sent_how = forms.ChoiceField(label="How did it go out?", choices=RequestHow.choices, widget=forms.RadioSelect)
    reference = NameField(label="Tracking, portal or call number", max_length=80, required=False)


class ApprovedForm(forms.Form):
    """The payer said yes: under which number, for which days, and how much of each line."""

    number = NameField(label="Number of the authorisation", max_length=50, help_text="As the payer writes it.")
    answered_on = forms.DateField(label="Answered on", widget=DayInput)
    valid_from = forms.DateField(
        label="Holds from", widget=DayInput, required=False, help_text="Empty: from the day of the answer."
    )
    valid_until = forms.DateField(
        label="Until", widget=DayInput, required=False, help_text="Empty: the payer named no last day."
    )
    note = NameField(label="What else it said", max_length=300, required=False)

    widths: ClassVar = dict.fromkeys(("number", "answered_on", "valid_from", "valid_until"), "half")

    def __init__(self, *args: Any, row: Authorisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = list(row.lines.all())
        if row.kind == RequestKind.PREDETERMINATION:
            self.fields["number"].label, self.fields["number"].required = "Number of the predetermination", False
            self.fields["valid_from"].help_text = ""
        for line in self.asked:
            self.fields[f"units{line.number}"] = forms.IntegerField(
                label="Units approved", min_value=0, max_value=999, initial=line.units
            )
            for name, label in (("allowed", "Allowed, dollars"), ("share", "Patient's share, dollars")):
                self.fields[f"{name}{line.number}"] = forms.DecimalField(
                    label=label,
                    min_value=Decimal(0),
                    max_digits=10,
                    decimal_places=2,
                    required=False,
                )

    @property
    def of_request(self) -> list[forms.BoundField]:
        return [self[name] for name in (*self.widths, "note")]

    @property
    def of_lines(self) -> Iterator[tuple[Any, tuple[forms.BoundField, ...]]]:
        for line in self.asked:
            yield line, tuple(self[f"{name}{line.number}"] for name in ("units", "allowed", "share"))

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"]).strip()
        if unwritable(number):
            raise ValidationError("Payers read Latin letters and digits only: enter the number as the payer writes it.")
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("valid_from") or cleaned.get("answered_on"), cleaned.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", "The last day lies before the first.")
        for name in ("valid_from", "valid_until"):
            if cleaned.get("answered_on") and is_too_far(cleaned.get(name), cleaned["answered_on"]):
                self.add_error(name, TOO_FAR)
        return cleaned

    @property
    def answer(self) -> dict[str, Any]:
        """As `record_approval` takes it."""
        said = self.cleaned_data
        approval = Approval(
            **{name: said[name] for name in ("number", "answered_on", "valid_from", "valid_until", "note")}
        )
        return {
            "said": approval,
            "of_lines": {
                one.number: SaidOfLine(said[f"units{one.number}"], said[f"allowed{one.number}"], said[f"share{one.number}"])
                for one in self.asked
            },
        }  # fmt: skip


class RefusedForm(forms.Form):
    answered_on = forms.DateField(label="Answered on", widget=DayInput)
    because = NameField(label="The payer's reason", max_length=300)
    note = NameField(label="What else it said", max_length=300, required=False)

    widths: ClassVar = {"answered_on": "half", "because": "half"}

    def clean_because(self) -> str:
        return saying(self.cleaned_data["because"], WHY_REFUSED)


class EndForm(forms.Form):
    """Why a request is withdrawn, or was recorded wrongly."""

    reason = NameField(label="Why", max_length=300, help_text="It counts nowhere then, and stays readable.")

    def clean_reason(self) -> str:
        return saying(self.cleaned_data["reason"], WHY_ENDED)


class TakeUpForm(forms.Form):
    """Why a request that went out by file is to be sent again."""

    reason = NameField(
        label="Why", max_length=300, help_text="The receiver lost the file; the payer has no such request."
    )

    def clean_reason(self) -> str:
        return saying(self.cleaned_data["reason"], WHY_AGAIN)


@dataclass(frozen=True, slots=True)
class Offered:
    """The forms of what may be done to a request in this state, each under its name; `failed` was sent and has errors."""

    forms: dict[str, forms.Form]
    failed: str = ""


def offered(
    row: Authorisation, moves: Mapping[str, bool], *, today: date, failed: tuple[str, forms.Form] | None = None
) -> Offered:
    """`moves` says of each move whether it may be made now."""
    made: dict[str, forms.Form] = {
        "send": RequestSentForm(auto_id="send_%s", initial={"sent_on": today}),
        "approve": ApprovedForm(auto_id="approve_%s", row=row, initial={"answered_on": today}),
        "refuse": RefusedForm(auto_id="refuse_%s", initial={"answered_on": today}),
        "take_up": TakeUpForm(auto_id="take_up_%s"),
        "withdraw": EndForm(auto_id="withdraw_%s"),
        "mark_error": EndForm(auto_id="mark_error_%s"),
    }
    shown = {name: form for name, form in made.items() if moves.get(name)}
    return Offered(shown | ({failed[0]: failed[1]} if failed else {}), failed[0] if failed else "")
