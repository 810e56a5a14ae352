"""The screening indicators of a school year: by school, grade and year, with their chart, and the file for the state."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.actions.registering import school_year_of
from cases.indicator_reading import children_of_years
from cases.indicators.figures import Child, Group, group, groups_by
from cases.indicators.sheet import Sheet, lines, named
from cases.models import IndicatorKey
from cases.practice_permissions import may_in_practice
from cases.rooms import grade_key
from cases.views.showing import Tab
from teledent.accounts import trail
from teledent.accounts.acting import ActingRequest, Actor, role_required
from teledent.accounts.days import today_in
from teledent.accounts.models import Role, Site
from teledent.files.sending import Answer, send_content
from teledent.kit import clock
from teledent.kit.bars import Chart, bars_of
from teledent.kit.csv_cells import csv_bytes
from teledent.kit.decisions import require

READERS = (Role.HYGIENIST, Role.MANAGER)
TABS = {
    "": "All", IndicatorKey.UNTREATED: "Untreated", IndicatorKey.TREATED: "Treated", IndicatorKey.EXPERIENCE: "Experience",
    IndicatorKey.SEALANTS: "Sealants", IndicatorKey.URGENCY: "Urgency", IndicatorKey.PRIMARY_SEALANTS: "Primary sealants",
    IndicatorKey.ARRESTED: "Arrested",
}  # fmt: skip
YEARS = 5  # that may be chosen
BESIDE = 3  # years that stand beside each other


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address chooses: the school year, one school or all, and one indicator or all."""

    year: int
    school: Site | None
    key: str


class ChoiceForm(forms.Form):
    year = forms.ChoiceField(label="School year", widget=forms.Select(attrs={"class": "inp"}))
    school = forms.ChoiceField(label="School or site", widget=forms.Select(attrs={"class": "inp"}))

    def __init__(self, *, asked: Asked, newest: int, sites: dict[int, Site]) -> None:
        super().__init__(
            initial={"year": str(asked.year), "school": str(asked.school.public_id) if asked.school else ""}
        )
        years, schools = self.fields["year"], self.fields["school"]
        assert isinstance(years, forms.ChoiceField)  # noqa: S101 - declared above
        assert isinstance(schools, forms.ChoiceField)  # noqa: S101 - declared above
        years.choices = [(str(year), named(year)) for year in range(newest, newest - YEARS, -1)]
        schools.choices = [("", "All schools"), *((str(one.public_id), one.name) for one in sites.values())]


@require_safe
@role_required(*READERS)
def indicators(request: ActingRequest) -> HttpResponse:
    """As many queries for two thousand children as for one."""
    sites = _sites(request.actor)
    newest = school_year_of(today_in(request.actor.practice, clock.now()))
    asked = _asked(request, sites, newest)
    chosen = [asked.school.pk] if asked.school else list(sites)
    every = children_of_years(chosen, range(asked.year - BESIDE + 1, asked.year + 1))
    children = [child for child in every if child.year == asked.year]
    whole, tables = group("Together", children), _tables(children, every, sites, asked)
    context = {
        "asked": asked, "year": named(asked.year), "form": ChoiceForm(asked=asked, newest=newest, sites=sites), "whole": whole,
        "tables": [] if not asked.key else [(what, _rows(some, asked.key)) for what, some in tables],
        "chart": _of_key(tables[-2][1], asked.key) if asked.key else of_all(whole), "tabs": _tabs(asked),
        "result": whole.results.get(asked.key), "may_export": bool(may_in_practice(request.actor, "export_indicators")),
        "anybody": bool(children),
    }  # fmt: skip
    return render(request, "events/indicators.html", context)


@require_safe
@role_required(*READERS)
def as_csv(request: ActingRequest) -> Answer:
    """One school year over every school of the practice, small numbers hidden; each file that leaves is on the trail."""
    at, actor = clock.now(), request.actor
    require(may_in_practice(actor, "export_indicators"))
    sites = _sites(actor)
    asked = _asked(request, sites, school_year_of(today_in(actor.practice, at)))
    children = children_of_years(list(sites), range(asked.year, asked.year + 1))
    if request.method != "HEAD":
        trail.record(
            "export", noun="screening indicators", public_id=None, person=actor.person, practice=actor.practice, at=at
        )
    sheet = Sheet(asked.year, group("All schools", children), by_school(children, sites), by_grade(children))
    content = csv_bytes(lines(sheet))
    return send_content(content, media_type="text/csv; charset=utf-8", name=f"indicators-{named(asked.year)}.csv")


def _sites(actor: Actor) -> dict[int, Site]:
    """A manager's: all of the practice. A hygienist's: those where she works."""
    mine = Site.objects.filter(practice=actor.practice).order_by("name", "pk")
    hers = None if actor.has(Role.MANAGER) else actor.sites(Role.HYGIENIST)
    return {one.pk: one for one in (mine if hers is None else mine.filter(pk__in=hers))}


def _asked(request: ActingRequest, sites: dict[int, Site], newest: int) -> Asked:
    """What is no choice is the first of its kind; a school that is not hers is none."""
    year, school, key = (request.GET.get(name, "") for name in ("year", "school", "show"))
    years = {str(one): one for one in range(newest - YEARS + 1, newest + 1)}
    by_id = {str(one.public_id): one for one in sites.values()}
    return Asked(years.get(year, newest), by_id.get(_plain(school)), key if key in IndicatorKey.values else "")


def _plain(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def by_school(children: list[Child], sites: dict[int, Site]) -> list[Group]:
    order = {pk: place for place, pk in enumerate(sites)}
    found = sorted(children, key=lambda child: order[child.school])
    return groups_by(found, lambda child: sites[child.school].name)


def by_grade(children: list[Child]) -> list[Group]:
    ordered = sorted(children, key=lambda child: grade_key(child.grade))
    return groups_by(ordered, lambda child: f"Grade {child.grade}" if child.grade else "No grade")


def _tables(
    children: list[Child], every: list[Child], sites: dict[int, Site], asked: Asked
) -> list[tuple[str, list[Group]]]:
    """By school where it is about all, by grade, and by year; the last two always."""
    years = groups_by(sorted(every, key=lambda child: -child.year), lambda child: named(child.year))
    schools = [] if asked.school else [("School", by_school(children, sites))]
    return [*schools, ("Grade", by_grade(children)), ("School year", years)]


def _rows(groups: list[Group], key: str) -> list[dict[str, Any]]:
    return [{"group": one, "result": one.results[key]} for one in groups]


def _tabs(asked: Asked) -> list[Tab]:
    here = {"year": str(asked.year), **({"school": str(asked.school.public_id)} if asked.school else {})}
    address = reverse("indicators")
    return [
        Tab(f"{address}?{urlencode({**here, **({'show': key} if key else {})})}", label, None, key == asked.key)
        for key, label in TABS.items()
    ]


def of_all(whole: Group) -> Chart | None:
    """A bar for each indicator of which somebody has a value."""
    told = [(result, one) for result in whole.results.values() for one in result.told if one.share is not None]
    bars = [
        (result.label if len(result.told) == 1 else one.value, one.share, f"{one.percent} of {one.of}", None)
        for result, one in told if one.share is not None
    ]  # fmt: skip
    return _chart("Children with each indicator", bars)


def _of_key(groups: list[Group], key: str) -> Chart | None:
    """A bar for each grade; of urgency two, urgent and early."""
    shown = [(one.label, one.results[key].told) for one in groups if one.results[key].of]
    bars = [
        (label, told[0].share or Decimal(0), f"{', '.join(one.percent for one in told[:2])} of {told[0].of}",
         (told[1].share or Decimal(0)) if len(told) > 1 else None)
        for label, told in shown
    ]  # fmt: skip
    keys = ("Urgent", "Early") if key == IndicatorKey.URGENCY else ()
    return _chart(f"{IndicatorKey(key).label}, by grade", bars, keys)


def _chart(
    title: str, bars: Sequence[tuple[str, Decimal, str, Decimal | None]], keys: tuple[str, ...] = ()
) -> Chart | None:
    told = "; ".join(f"{name}: {said}" for name, _, said, _ in bars)
    return Chart(title, f"{told}.", bars_of(bars, whole=Decimal(1)), keys) if bars else None
