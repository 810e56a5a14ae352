"""The chart and the words beside it as the reading page shows them: two layers, one tooth open, what both differ in."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.urls import reverse

from cases import charting, dentition, teeth
from cases.layers import differs
from cases.models import Case, Condition, Finding, Icdas, Review
from cases.models.finding import CARIES, PRESENCE
from cases.wording import what_of

Label = Callable[[str], str]
LAYERS = (("both", "Both"), ("hers", "Hygienist"), ("own", "You"))
KEYS = {  # pressed on a tooth; static/js/reading/chart.js reads them from the buttons
    Condition.DECAY: "C", Condition.SUSPECTED: "U", Condition.WATCH: "W", Condition.SEALANT: "S", Condition.FILLING: "R",
    Condition.SILVER_FLUORIDE: "V", Condition.BROKEN: "K", Condition.PRESENT: "P", Condition.ERUPTING: "T",
    Condition.UNERUPTED: "Y", Condition.EXFOLIATED: "X", Condition.MISSING: "N",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark in words; `pk` where the dentist can take it out."""

    what: str
    note: str
    pk: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """Both layers of one tooth, side by side."""

    key: str
    label: str
    hygienist: tuple[Mark, ...]
    dentist: tuple[Mark, ...]
    to_agree: bool  # the dentist said nothing yet of something that the hygienist marked
    differs: bool  # the dentist saw something else, or elsewhere on the tooth


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    key: str
    on: bool


@dataclass(frozen=True, slots=True)
class Open:
    """The tooth that is open for marking, and what its form starts from."""

    key: str
    label: str
    name: str
    surfaces: tuple[Choice, ...]
    icdas: tuple[Choice, ...]
    conditions: tuple[Choice, ...]
    presence: tuple[Choice, ...]
    note: str
    here: tuple[tuple[str, str], ...]  # other teeth that can stand at this place: key and what it is called
    row: Row


def chart_context(
    case: Case, review: Review, *, numbering: str, chosen: str = "", quadrant: str = ""
) -> dict[str, Any]:
    """`chosen` is the key of the open tooth; anything that is no tooth opens none."""
    label = partial(teeth.label, numbering=numbering)
    hers, own = [one for one in case.findings.all() if one.review_id is None], list(review.findings.all())
    chosen = chosen if teeth.is_key(chosen) else ""
    age = dentition.age_in_years(case.patient.birth_date, case.day_seen)
    rows = [row_of(key, hers, own, label) for key in in_order([*hers, *own])]
    return {
        "quadrants": charting.chart(hers, own, age=age, label=label, also=chosen), "teeth": rows,
        "to_agree": sum(row.to_agree for row in rows), "chosen": chosen,
        "open_tooth": open_tooth(chosen, hers, own, label) if chosen else None,
        "quadrant": chosen[:2] or (quadrant if quadrant in charting.QUADRANTS else _first(rows)),
        "numbering": numbering, "numberings": teeth.NUMBERINGS.items(), "layers": LAYERS,
        "reading_address": reverse("reading-case", args=[case.public_id]) + "#findings",
    }  # fmt: skip


def _first(rows: list[Row]) -> str:
    """Where something waits for the dentist's word, else where something is marked."""
    return next((row.key[:2] for row in rows if row.to_agree), rows[0].key[:2] if rows else "UR")


def in_order(findings: list[Finding]) -> list[str]:
    """The marked teeth in the order of the Universal numbers."""
    order = {key: place for place, key in enumerate(teeth.universal_by_key())}
    return sorted({finding.tooth for finding in findings}, key=order.__getitem__)


def row_of(key: str, hygienist: list[Finding], dentist: list[Finding], label: Label) -> Row:
    hers, own = [one for one in hygienist if one.tooth == key], [one for one in dentist if one.tooth == key]
    answered = {one.condition for one in own}
    if any(one in PRESENCE for one in answered):
        answered.update(PRESENCE)
    return Row(
        key=key,
        label=label(key),
        hygienist=tuple(Mark(what_of(one.condition, one.surfaces, one.icdas), one.note) for one in hers),
        dentist=tuple(Mark(what_of(one.condition, one.surfaces, one.icdas), one.note, one.pk) for one in own),
        to_agree=any(one.condition not in answered for one in hers),
        differs=differs(hers, own),
    )


def open_tooth(key: str, hygienist: list[Finding], dentist: list[Finding], label: Label) -> Open:
    own = [one for one in dentist if one.tooth == key]
    start = _start_of(own) or _start_of([one for one in hygienist if one.tooth == key])
    surfaces, icdas = (start.surfaces, start.icdas) if start else ("", "")
    said = {one.condition for one in own}
    conditions = [one for one in Condition if one not in PRESENCE]
    return Open(
        key=key,
        label=label(key),
        name=teeth.name(key),
        surfaces=tuple(
            Choice(letter, teeth.SURFACES[letter], letter, letter in surfaces) for letter in teeth.surfaces_of(key)
        ),
        icdas=tuple(Choice(one.value, one.label, "", one.value == icdas) for one in Icdas),
        conditions=tuple(Choice(one.value, one.label, KEYS.get(one, ""), one in said) for one in conditions),
        presence=tuple(Choice(one.value, one.label, KEYS[one], one in said) for one in PRESENCE),
        note=next((one.note for one in own if one.note), ""),
        here=tuple(
            (other, _beside(other, label)) for other in dentition.at_place(dentition.place_of(key)) if other != key
        ),
        row=row_of(key, hygienist, dentist, label),
    )


def _start_of(marks: list[Finding]) -> Finding | None:
    """The mark whose surfaces and score the form starts from: decay before anything else that has surfaces."""
    return next((one for one in marks if one.condition in CARIES), None) or next(
        (one for one in marks if one.surfaces), None
    )


def _beside(key: str, label: Label) -> str:
    kind = "primary" if teeth.is_primary(key) else "permanent"
    return f"{label(key)}, {'supernumerary beside the ' if teeth.is_extra(key) else ''}{kind}"
