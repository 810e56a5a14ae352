"""A mark on a picture as the viewer sends it: points in pixels of the upright page."""

from typing import Any

from django import forms

from cases.imaging.limits import MAX_PAGES, MAX_SIDE
from cases.models import MarkKind
from cases.views.reading.forms import VersionField
from teledent.accounts.forms import NameField


def _pixel(least: int = 0) -> forms.IntegerField:
    return forms.IntegerField(min_value=least, max_value=MAX_SIDE)


class AnnotationForm(forms.Form):
    version = VersionField()
    page = forms.IntegerField(min_value=1, max_value=MAX_PAGES)
    kind = forms.ChoiceField(choices=MarkKind.choices)
    x, y, to_x, to_y = _pixel(), _pixel(), _pixel(), _pixel()
    width, height = _pixel(1), _pixel(1)
    text = NameField(max_length=80, required=False)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return said
        points = {
            "start": (said["x"], said["y"]),
            "end": (said["to_x"], said["to_y"]),
            "size": (said["width"], said["height"]),
        }
        return {name: said[name] for name in ("version", "page", "kind", "text")} | points
