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
    """Teeth as people write them, "3, 14"; cleaned to their neutral keys, each once."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "size": 8, "placeholder": "3, 14"})
        super().__init__(label="Teeth", max_length=80, required=False, widget=widget, **options)

    def clean(self, value: Any) -> Any:
        said = str(super().clean(value) or "").replace(",", " ").replace(";", " ").split()
        keys = [teeth.from_universal(one) for one in said]
        if None in keys:
            raise ValidationError(f"{said[keys.index(None)]} is not a tooth. Use 1 to 32 or A to T.")
        return list(dict.fromkeys(keys))


class OrderForm(forms.Form):
    kind = forms.ChoiceField(label="Order", choices=OrderKind.choices)
    tooth_keys = TeethField()
    reason = NameField(label="Why", max_length=300)
    valid_until = forms.DateField(
        label="Until", widget=DayInput, required=False, help_text="Empty: as long as this kind usually stands."
    )


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

    def __init__(self, *args: Any, plan: Iterable[PlanLine], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "order-%s", **kwargs})
        named = [(str(one.pk), f"{one.what}{', ' + teeth.universal(one.tooth) if one.tooth else ''}") for one in plan]
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "order-%s", **kwargs})


class CancelOrderForm(forms.Form):
    reason = NameField(label="Why it is cancelled", max_length=300)
