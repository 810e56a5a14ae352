"""Teeth as inline SVG: the frame shows five surfaces, a mark fills its own, and each state has a form besides its colour."""

from collections.abc import Iterable, Iterator

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cases import teeth
from cases.charting import Tooth
from cases.layers import Marked
from cases.models.finding import PRESENCE, Condition

register = template.Library()

# corners of the five fields in a square of 24: back teeth have a wide chewing surface, front teeth a narrow edge
_BACK, _FRONT = (8, 8, 16, 16), (7, 10.5, 17, 13.5)
_PATTERNED = {
    Condition.SUSPECTED: "hatch", Condition.WATCH: "dots", Condition.SEALANT: "lines", Condition.SEALANT_PARTIAL: "dashes",
    Condition.FILLING: "cross", Condition.SILVER_FLUORIDE: "bars",
}  # fmt: skip
_CODES = {  # one sign for what is said of a whole tooth
    Condition.BROKEN: "K", Condition.PLAQUE: "Q", Condition.GUM_SWELLING: "G", Condition.HEALING: "H", Condition.SEALANT_LOST: "L",
}  # fmt: skip


@register.simple_tag
def tooth_drawing(tooth: Tooth, one_layer: bool = False) -> SafeString:
    """The drawing of one tooth; its words are the control's around it, so it is hidden from screen readers.

    In Capture there is one layer, the hygienist's, and it is drawn full.
    """
    layers = [("hers", tooth.hygienist)] if one_layer else [("hers", tooth.hygienist), ("own", tooth.dentist)]
    kind = " ".join(
        ["t", str(tooth.state), *(["primary"] if tooth.is_primary else []), *(["full"] if one_layer else [])]
    )
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}{}{}{}</svg>',
        kind, _frame(tooth), _state(tooth),
        format_html_join("", '<g class="{}">{}</g>', ((name, _marks(tooth, marks)) for name, marks in layers if marks)),
        _sign("differs", "M17 0h7v7z") if tooth.differs and not one_layer else "",
    )  # fmt: skip


@register.simple_tag
def chart_legend() -> SafeString:
    """What the fillings mean."""
    shown = [(Condition.DECAY, "currentColor"), *((one, f"url(#p-{pattern})") for one, pattern in _PATTERNED.items())]
    return format_html_join(
        "",
        '<li><svg class="t full" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '<rect class="m {}" x="3" y="3" width="18" height="18" fill="{}"/></svg>{}</li>',
        ((one, fill, one.label) for one, fill in shown),
    )


def _frame(tooth: Tooth) -> SafeString:
    return format_html('<use href="#t-{}-{}"/>', "front" if teeth.is_front(tooth.key) else "back",
                       "primary" if tooth.is_primary else "permanent")  # fmt: skip


def _state(tooth: Tooth) -> SafeString | str:
    """Lost ones are crossed out, an erupting one has an arrow; one that is not erupted has a broken frame (by class)."""
    if tooth.state in (Condition.MISSING, Condition.EXFOLIATED):
        return _sign("gone", "M3 3l18 18M21 3L3 21")
    if tooth.state == Condition.ERUPTING:
        return _sign("rising", "M7 17l5-6 5 6")
    return ""


def _sign(name: str, path: str) -> SafeString:
    return format_html('<path class="{}" d="{}"/>', name, path)


def _marks(tooth: Tooth, marks: Iterable[Marked]) -> SafeString:
    return format_html_join(
        "", "{}", ((part,) for mark in marks if mark.condition not in PRESENCE for part in _mark(tooth, mark))
    )


def _mark(tooth: Tooth, mark: Marked) -> Iterator[SafeString]:
    """Its surfaces filled; said of the whole tooth, a disc in the middle, or its sign."""
    condition = Condition(mark.condition)
    if code := _CODES.get(condition):
        yield format_html('<text class="code" x="12" y="16">{}</text>', code)
        return
    fill = f"url(#p-{_PATTERNED[condition]})" if condition in _PATTERNED else "currentColor"
    if not mark.surfaces:
        yield format_html('<circle class="m {}" cx="12" cy="12" r="5" fill="{}"/>', condition, fill)
    for letter in mark.surfaces:
        points = _points(tooth.key, letter)
        if points:
            yield format_html('<polygon class="m {}" points="{}" fill="{}"/>', condition, points, fill)


def _points(key: str, surface: str) -> str:
    """The corners of a surface. Buccal lies outside of the arch, mesial towards the midline, as one looks at the patient."""
    left, top, right, bottom = _FRONT if teeth.is_front(key) else _BACK
    outer_is_top, mesial_is_right = key[0] == "U", key[1] == "R"
    sides = {
        "top": f"1,1 23,1 {right},{top} {left},{top}", "bottom": f"1,23 23,23 {right},{bottom} {left},{bottom}",
        "left": f"1,1 {left},{top} {left},{bottom} 1,23", "right": f"23,1 {right},{top} {right},{bottom} 23,23",
        "middle": f"{left},{top} {right},{top} {right},{bottom} {left},{bottom}",
    }  # fmt: skip
    outer, inner = ("top", "bottom") if outer_is_top else ("bottom", "top")
    mesial, distal = ("right", "left") if mesial_is_right else ("left", "right")
    where = {"B": outer, "F": outer, "L": inner, "M": mesial, "D": distal, "O": "middle", "I": "middle"}
    return sides.get(where.get(surface, ""), "")
