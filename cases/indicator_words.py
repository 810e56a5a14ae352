"""Screening indicators in words, from what a submission froze or is about to freeze. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.indicators.computing import Computed, by_the_dentist
from cases.models import IndicatorKey, IndicatorValue, Urgency
from cases.models.indicator import OPTIONAL_INDICATORS
from cases.record_facts import FindingFact

Label = Callable[[str], str]
WITHOUT_RESULT = (IndicatorValue.NOT_APPLICABLE, IndicatorValue.CANNOT, IndicatorValue.NOT_RECORDED)


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator as a reader sees it. `teeth` and `because` are of what was computed, `by` to `reason` of a correction."""

    key: str
    label: str
    value: str
    said: str
    teeth: str
    because: str
    optional: bool
    computed: str
    by: str
    at: datetime | None
    reason: str
    otherwise: bool  # the marks changed since it was corrected

    @property
    def kind(self) -> str:
        """The tint of its chip; urgent is the only red."""
        if self.value == IndicatorValue.URGENT:
            return "urgent"
        needs_care = self.value == IndicatorValue.EARLY or (self.key, self.value) == (IndicatorKey.UNTREATED, "yes")
        return "wait" if needs_care else "info" if self.value == IndicatorValue.YES else ""

    @property
    def icon(self) -> str:
        if self.value in WITHOUT_RESULT:
            return "circle-dashed"
        return {"urgent": "octagon-alert", "wait": "circle-alert", "info": "circle-check"}.get(self.kind, "eye")

    @property
    def source(self) -> str:
        """From what it was computed: "from 3, L: suspected"."""
        return ": ".join(part for part in (f"from {self.teeth}" if self.teeth else "", self.because) if part)

    @property
    def text(self) -> str:
        """All of it on one line, for a document: "None seen; corrected from yes (from 3) by Hana Okafor: stain"."""
        if not self.by:
            return f"{self.said} ({self.source})" if self.source else self.said
        source = f" ({self.source})" if self.source else ""
        return f"{self.said}; computed {self.computed.lower()}{source}, corrected by {self.by}: {self.reason}"


def indicators_in_words(rows: Iterable[Mapping[str, Any]], label: Label) -> tuple[IndicatorRow, ...]:
    """Optional ones without a value are left out: nobody has to look for them."""
    shown = (_row(one, label) for one in rows)
    return tuple(one for one in shown if not (one.optional and one.value in WITHOUT_RESULT))


def every_indicator_in_words(rows: Iterable[Mapping[str, Any]], label: Label) -> tuple[IndicatorRow, ...]:
    return tuple(_row(one, label) for one in rows)


def _row(one: Mapping[str, Any], label: Label) -> IndicatorRow:
    at = one["said_at"]
    return IndicatorRow(
        key=one["key"], label=IndicatorKey(one["key"]).label, value=one["value"], said=IndicatorValue(one["value"]).label,
        teeth=", ".join(map(label, one["teeth"])), because=one["because"], optional=one["key"] in OPTIONAL_INDICATORS,
        computed=IndicatorValue(one["computed"]).label, by=one["said_by"],
        at=datetime.fromisoformat(at) if isinstance(at, str) else at, reason=one["reason"],
        otherwise=bool(one["said_by"]) and one["computed_then"] != one["computed"],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class BesideRow:
    """The same indicator by two people who looked in different ways; neither changes the other's."""

    label: str
    hygienist: str
    dentist: str


def side_by_side(gathered: Mapping[str, Any], review: Mapping[str, Any], label: Label) -> tuple[BesideRow, ...]:
    """The hygienist's, who looked into the mouth, beside what the dentist's signed marks show; none before there were any."""
    found = by_the_dentist(
        tuple(
            FindingFact(one["tooth"], one["surfaces"], one["condition"], one["note"], one.get("icdas", ""))
            for one in review["findings"]
        )
    )
    hers = indicators_in_words(gathered.get("indicators", ()), label)
    return tuple(BesideRow(one.label, one.text, _dentists(one.key, found, review, label)) for one in hers)


def _dentists(key: str, found: Mapping[IndicatorKey, Computed], review: Mapping[str, Any], label: Label) -> str:
    """Her urgency in her own words; of what she does not judge, a dash."""
    if key == IndicatorKey.URGENCY:
        return str(Urgency(review["urgency"]).label) if review["urgency"] in Urgency.values else "–"
    one = found.get(IndicatorKey(key))
    if one is None:
        return "–"
    if one.value == IndicatorValue.YES:
        return f"Yes (from {', '.join(map(label, one.teeth))})"
    return "Not concluded from pictures"
