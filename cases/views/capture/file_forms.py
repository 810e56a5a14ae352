"""Forms about files: what a picture shows, who ordered it, whose it is."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

from cases import teeth, view_labels
from cases.matching import can_be_taken_at
from cases.models import Asset
from cases.views.capture.forms import ReasonField, Suggesting, tooth_key
from teledent.accounts.forms import DayInput, NameField
from teledent.kit import clock
from teledent.kit.decisions import Refused
from teledent.kit.text import printable

IMPOSSIBLE_TIME = (
    "No picture was taken at that time: it lies before 1990 or in the future. Check the clock of the device."
)
WHY_MOVED = ("The camera still named the child before", "Taken while another case was open", "Wrong case chosen")


class AcceptForm(forms.Form):
    reason = ReasonField("How you know", words=WHY_MOVED)


class MoveForm(forms.Form):
    """To which open case, and why; the view lists the cases and looks the chosen one up behind the gate."""

    to = forms.UUIDField(error_messages={"required": "Choose the case that it belongs to."})
    reason = ReasonField(words=WHY_MOVED)


class LabelForm(forms.Form):
    """What a picture shows and how it was taken."""

    view = forms.ChoiceField(label="View", required=False)
    tooth = forms.CharField(label="Tooth", max_length=4, required=False)
    mirrored = forms.BooleanField(label="Taken in a mirror", required=False)
    device = NameField(label="Camera or sensor", max_length=80, required=False)
    captured_at = forms.DateTimeField(
        label="Taken at",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": 1}, format="%Y-%m-%dT%H:%M:%S"),
    )
    widths: ClassVar = {"tooth": "third", "device": "half", "captured_at": "half", "mirrored": "half"}

    def __init__(self, data: Any = None, *, asset: Asset, numbering: str = "universal") -> None:
        zone = ZoneInfo(asset.site.time_zone)
        local = asset.captured_at.astimezone(zone).replace(tzinfo=None) if asset.captured_at else None
        initial = {
            "view": asset.view, "tooth": teeth.label(asset.tooth, numbering) if asset.tooth else "", "mirrored": asset.mirrored,
            "device": asset.device, "captured_at": local,
        }  # fmt: skip
        super().__init__(data, initial=initial, auto_id=f"id_{asset.public_id.hex[:8]}_%s")
        self.zone, self.local, self.numbering = zone, local, numbering
        self.fields["tooth"].help_text = teeth.EXAMPLES[numbering]
        self.fields["view"].choices = VIEW_CHOICES  # type: ignore[attr-defined]

    def clean_tooth(self) -> str:
        return tooth_key(self.cleaned_data["tooth"], self.numbering)

    def clean_captured_at(self) -> datetime | None:
        said: datetime | None = self.cleaned_data["captured_at"]
        aware = said.replace(tzinfo=self.zone) if said else None
        if aware and not can_be_taken_at(aware, known_at=clock.now()):
            raise ValidationError(IMPOSSIBLE_TIME)
        return aware

    @property
    def labels(self) -> dict[str, Any]:
        """What changed; the time only when a person set another one, so that the file's own word keeps its source."""
        labels = {name: self.cleaned_data[name] for name in ("view", "tooth", "mirrored", "device")}
        said = self.cleaned_data["captured_at"]
        if said and said.replace(tzinfo=None, microsecond=0) != (
            self.local.replace(microsecond=0) if self.local else None
        ):
            labels["captured_at"] = said
        return labels


def _view_choices() -> list[Any]:
    families = {family: [] for family in view_labels.Family}  # type: dict[view_labels.Family, list[tuple[str, str]]]
    for view in view_labels.VIEWS.values():
        families[view.family].append((view.key, view.label))
    return [
        ("", "Which view is it?"),
        *((f"{family.value.capitalize()}s", found) for family, found in families.items()),
    ]


VIEW_CHOICES = _view_choices()


class OrderForm(forms.Form):
    """Who ordered the radiographs and why, who took them under which licence (CA-2); for one film or several at once."""

    ordered_by = NameField(
        label="Ordered by", max_length=120, help_text="A dentist's name, or the standing protocol and its date"
    )
    ordered_on = forms.DateField(label="Ordered on", widget=DayInput)
    order_reason = NameField(
        label="Reason",
        max_length=200,
        widget=Suggesting(("Suspected decay between teeth", "Pain", "Injury", "Follow-up of treatment")),
    )
    operator_name = NameField(label="Taken by", max_length=120)
    operator_licence = NameField(label="Licence", max_length=40)
    retakes = forms.IntegerField(label="Retakes", min_value=0, max_value=20, initial=0)
    widths: ClassVar = {
        "ordered_by": "half", "ordered_on": "half", "operator_name": "half", "operator_licence": "third", "retakes": "third",
    }  # fmt: skip

    def __init__(self, *args: Any, films: list[Asset], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["films"] = forms.MultipleChoiceField(
            label="For", choices=[(str(film.public_id), film.view_label) for film in films],
            widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choose at least one radiograph."},
        )  # fmt: skip

    @property
    def films(self) -> list[UUID]:
        return [UUID(chosen) for chosen in self.cleaned_data["films"]]

    @property
    def labels(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "films"}


def declared_labels(metadata: dict[str, str], *, zone: str, at: datetime) -> dict[str, Any]:
    """Labels out of an uploader's metadata: its say-so, bounded; what does not fit is left out and asked on the page.

    Raises Refused for a time at which no picture can have been taken: the device's clock is wrong, and has to be set.
    """
    view = metadata.get("view", "")
    labels: dict[str, Any] = {
        "view": view if view in view_labels.VIEWS else "", "mirrored": metadata.get("mirrored") == "1",
        "device": printable(metadata.get("device", ""))[:80],
    }  # fmt: skip
    try:
        said = datetime.fromisoformat(metadata.get("captured_at", ""))
    except ValueError:
        return labels
    aware = said if said.tzinfo else said.replace(tzinfo=ZoneInfo(zone))
    if not can_be_taken_at(aware, known_at=at):
        raise Refused(IMPOSSIBLE_TIME)
    return {**labels, "captured_at": aware}
