"""What became of a school day: by room and grade, by name who is not resolved or urgent, and the list as a file."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.access_events import get_event
from cases.event_reading import Child, children_of, day_told
from cases.event_urgent import urgent_children
from cases.events.standing import AGREED_WORDS, STANDING_WORDS, Standing
from cases.events.summary import part, parts_by
from cases.indicator_reading import children_of_day
from cases.indicators.figures import Group, group
from cases.models import ScreeningEvent
from cases.practice_permissions import may_at_site
from cases.rooms import grade_key
from cases.views.events.day import strays_of
from cases.views.events.indicators import by_grade, of_all
from cases.views.events.listing import READERS
from teledent.accounts import trail
from teledent.accounts.acting import ActingRequest, Actor, role_required
from teledent.accounts.models import Role
from teledent.accounts.trail import record_read
from teledent.files.sending import Answer, send_blocks
from teledent.kit import clock
from teledent.kit.csv_cells import csv_blocks

UNRESOLVED = (Standing.EXPECTED, Standing.BEGUN)
HEAD = ("Room", "Grade", "Tag", "Name", "Born", "Standing", "Consent", "Case", "Urgent", "Note")


@require_safe
@role_required(*READERS)
def summary(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """As many queries for two hundred children as for one."""
    at, row = clock.now(), get_event(request.actor, public_id)
    record_read(request.actor, noun="school day", public_id=row.public_id, at=at)
    children = children_of(row, at=at)
    by_grade = sorted(children, key=lambda child: grade_key(child.grade))
    context = {
        "event": row, "whole": part("Together", children), **strays_of(row),
        "tables": [
            ("Room", parts_by(children, lambda child: f"Room {child.room}" if child.room else "No room")),
            ("Grade", parts_by(by_grade, lambda child: f"Grade {child.grade}" if child.grade else "No grade")),
        ],
        "unresolved": [child for child in children if child.standing in UNRESOLVED],
        "urgent": urgent_children(row, day=day_told(row, at)), **_indicators(request.actor, row),
        "captures": request.actor.at_site(Role.HYGIENIST, row.site_id),
    }  # fmt: skip
    return render(request, "events/summary.html", context)


def _indicators(actor: Actor, row: ScreeningEvent) -> dict[str, Any]:
    """What was seen, for whoever may read it: the front desk reads what is signed by a dentist, case by case."""
    if not may_at_site(actor, "read_indicators", row.site):
        return {}
    children = children_of_day(row)
    whole = group("Together", children)
    grades = [*(one for one in by_grade(children) if one.screened), whole]
    return {"indicators": whole, "grades": grades, "indicator_rows": _rows(grades), "chart": of_all(whole)}


def _rows(grades: list[Group]) -> list[dict[str, Any]]:
    """A row for each value of an indicator, a cell for each grade."""
    found = []
    for key, whole in grades[-1].results.items():
        for at, told in enumerate(whole.told):
            cells = [
                {"label": one.label, "told": one.results[key].told[at], "without": one.results[key].without}
                for one in grades
            ]
            found.append(
                {"label": whole.label if len(whole.told) == 1 else f"{whole.label}: {told.value}", "cells": cells}
            )
    return found


@require_safe
@role_required(*READERS)
def as_csv(request: ActingRequest, public_id: UUID) -> Answer:
    """The list by name, every cell text that no spreadsheet computes."""
    at, row, actor = clock.now(), get_event(request.actor, public_id), request.actor
    if request.method != "HEAD":
        trail.record(
            "export",
            noun="school day list",
            public_id=row.public_id,
            person=actor.person,
            practice=actor.practice,
            at=at,
        )
    blocks = csv_blocks(_lines(children_of(row, at=at)))
    name = f"school-day-{row.starts_on:%Y-%m-%d}.csv"
    return send_blocks(request, blocks, size=None, media_type="text/csv; charset=utf-8", name=name, what="The list")


def _lines(children: list[Child]) -> Iterator[tuple[str, ...]]:
    yield HEAD
    for child in children:
        yield (
            child.room, child.grade, child.tag, child.name, child.birth_date.isoformat(), STANDING_WORDS[child.standing],
            AGREED_WORDS[child.agreed], child.case_label, "yes" if child.urgent else "", child.mark_note,
        )  # fmt: skip
