"""Forms of a dentist's orders: in the draft, after the signature, and taking one back."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from cases import teeth
from cases.models import OrderKind, PlanLine
from cases.views.record.forms import PasswordField
from teledent.accounts.forms import DayInput, NameField


class TeethField(forms.CharField):
    """Teeth as the reader of `numbering` writes them, "3, 14"; cleaned to their neutral keys, each once."""

    numbering: str

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "size": 8})
        super().__init__(label="Teeth", max_length=80, required=False, widget=widget, **options)

    def read_as(self, numbering: str) -> None:
        self.numbering = numbering
        self.widget.attrs["placeholder"] = ", ".join(teeth.label(key, numbering) for key in ("UR6", "UL6"))

    def clean(self, value: Any) -> Any:
        said = str(super().clean(value) or "").replace(",", " ").replace(";", " ").split()
        keys = [teeth.read(one, self.numbering) for one in said]
        if None in keys:
            raise ValidationError(f"{said[keys.index(None)]} is not a tooth. Use {teeth.EXAMPLES[self.numbering]}.")
        return list(dict.fromkeys(keys))


class OrderForm(forms.Form):
    kind = forms.ChoiceField(label="Order", choices=OrderKind.choices)
    tooth_keys = TeethField()
    reason = NameField(label="Why", max_length=300)
    valid_until = forms.DateField(
        label="Until", widget=DayInput, required=False, help_text="Empty: as long as this kind usually stands."
    )

    def __init__(self, *args: Any, numbering: str, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "order-%s", **kwargs})
        self.fields["tooth_keys"].read_as(numbering)  # type: ignore[attr-defined]


class DraftOrderForm(OrderForm):
    """In a review: a line of the plan may give tooth and reason. It counts when the review is signed."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    line = forms.ChoiceField(label="From the plan", required=False)
    field_order = [  # noqa: RUF012 - as Django declares it
        "version",
        "line",
        "kind",
        "tooth_keys",
        "reason",
        "valid_until",
    ]

    def __init__(self, *args: Any, plan: Iterable[PlanLine], numbering: str, **kwargs: Any) -> None:
        super().__init__(*args, numbering=numbering, **kwargs)
        named = [
            (str(one.pk), f"{one.what}{', ' + teeth.label(one.tooth, numbering) if one.tooth else ''}") for one in plan
        ]
        self.fields["line"].choices = [("", "Written here"), *named]  # type: ignore[attr-defined]
        self.fields["reason"].required = False  # the line's own reason

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("line") and not cleaned.get("reason"):
            self.add_error("reason", "Say why, or choose the line of the plan that says it.")
        return cleaned


class GivenOrderForm(OrderForm):
    """After the signature: an order is signed by itself."""

    password = PasswordField(help_text="An order after the signature is signed by itself.")
    widths: ClassVar = {"kind": "half", "tooth_keys": "half"}


class CancelOrderForm(forms.Form):
    reason = NameField(label="Why it is cancelled", max_length=300)
