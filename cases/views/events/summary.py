"""What became of a school day: by room and grade, by name who is not resolved or urgent, and the list as a file."""

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.access_events import get_event
from cases.event_reading import Child, children_of
from cases.events.standing import AGREED_WORDS, STANDING_WORDS, Standing
from cases.events.summary import part, parts_by
from cases.rooms import grade_key
from cases.views.events.day import strays_of
from cases.views.events.listing import READERS
from teledent.accounts import trail
from teledent.accounts.acting import ActingRequest, role_required
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
        "urgent": [child for child in children if child.urgent],
        "captures": request.actor.at_site(Role.HYGIENIST, row.site_id),
    }  # fmt: skip
    return render(request, "events/summary.html", context)


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
