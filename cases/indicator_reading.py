"""The children of a school year, or of one school day, with the indicators that were signed: a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from cases.actions.registering import SCHOOL_YEAR_BEGINS, school_year_of
from cases.events.standing import GONE, Answer
from cases.indicators.figures import NO_VALUES, Child, may_be_counted
from cases.models import Case, ConsentScope, Enrolment, EventChild, Kind, Scope, ScreeningEvent, Submission

Unit = tuple[int, int]  # patient, school year: a child counts once a year


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest screening of a child in a school year that was submitted and came to something."""

    case: int
    patient: int
    site: int
    day: date


def children_of_years(sites: Collection[int], years: range) -> list[Child]:
    """Who stood on a list or was screened at these sites. One who was listed at several stands where she was screened."""
    first, last = (date(year, SCHOOL_YEAR_BEGINS, 1) for year in (years.start, years.stop))
    screenings = _screenings().filter(site__in=sites, day_seen__gte=first, day_seen__lt=last)
    places = EventChild.objects.filter(
        event__site__in=sites, event__school_year__in=years, event__cancelled_at__isnull=True
    )
    return _children(screenings, places)


def children_of_day(event: ScreeningEvent) -> list[Child]:
    """The same of one school day: its list, and whoever was screened there on its days."""
    days = {"day_seen__gte": event.starts_on, "day_seen__lte": event.ends_on}
    return _children(_screenings().filter(site=event.site_id, **days), EventChild.objects.filter(event=event))


def _screenings() -> QuerySet[Case]:
    return Case.objects.filter(kind=Kind.SCREENING, submitted_at__isnull=False).exclude(status__in=GONE)


def _children(screenings: QuerySet[Case], places: QuerySet[EventChild]) -> list[Child]:
    """Five queries: cases, list, signed indicators, families' answers, grades."""
    seen = _newest(screenings)
    listed = _listed(places.filter(patient__merged_into__isnull=True))
    values = signed_indicators(screenings)
    answers = _answers(screenings)
    grades = _grades(screenings, places)
    return [
        _child(unit, seen.get(unit), listed.get(unit), values, answers, grades) for unit in sorted({*seen, *listed})
    ]


def _child(
    unit: Unit, seen: Seen | None, listed: int | None, values: Mapping[int, Mapping[str, str]],
    answers: Mapping[int, list[Answer]], grades: Mapping[tuple[int, int, int], str],
) -> Child:  # fmt: skip
    patient, year = unit
    site = seen.site if seen else listed or 0
    counts = seen is not None and may_be_counted(answers.get(patient, []), seen.day)
    return Child(
        year=year, school=site, grade=grades.get((patient, site, year), ""), expected=listed is not None, screened=counts,
        left_out=seen is not None and not counts, values=values.get(seen.case, NO_VALUES) if seen and counts else NO_VALUES,
    )  # fmt: skip


def _newest(screenings: QuerySet[Case]) -> dict[Unit, Seen]:
    rows = screenings.order_by("day_seen", "opened_at", "pk").values_list("pk", "patient", "site", "day_seen")
    return {(patient, school_year_of(day)): Seen(pk, patient, site, day) for pk, patient, site, day in rows}


def _listed(places: QuerySet[EventChild]) -> dict[Unit, int]:
    """The site of the last list on which a child stands that year."""
    rows = places.order_by("event__starts_on", "pk").values_list("patient", "event__school_year", "event__site")
    return {(patient, year): site for patient, year, site in rows}


def signed_indicators(cases: QuerySet[Case]) -> dict[int, dict[str, str]]:
    """Of each case's newest version the value of each indicator; none where it was signed before there were any."""
    versions = Submission.objects.filter(case__in=cases.order_by().values("pk")).order_by("version")
    rows: Iterable[tuple[int, Any]] = versions.values_list("case", "content__indicators")
    return {case: {one["key"]: one["value"] for one in said or ()} for case, said in rows}


def _answers(screenings: QuerySet[Case]) -> dict[int, list[Answer]]:
    rows = ConsentScope.objects.of_patients(screenings.order_by().values("patient")).filter(scope=Scope.SCREENING)
    found: defaultdict[int, list[Answer]] = defaultdict(list)
    for one in rows.select_related("consent").oldest_first():
        said = one.consent
        found[said.patient_id].append(
            Answer(one.given, one.withdrawn_at is not None, said.valid_from, said.valid_until)
        )
    return found


def _grades(screenings: QuerySet[Case], places: QuerySet[EventChild]) -> dict[tuple[int, int, int], str]:
    patients = screenings.order_by().values("patient").union(places.order_by().values("patient"))
    rows = Enrolment.objects.filter(patient__in=patients)
    return {
        (patient, site, year): grade
        for patient, site, year, grade in rows.values_list("patient", "site", "school_year", "grade")
    }
