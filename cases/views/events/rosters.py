"""A roster that comes in: the upload, the rows as they would be taken on, who doubtful rows are, and the one click."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cases.access_events import get_event, get_roster
from cases.actions.rosters import announce_roster, look_at, roster_arrived, say_who, take_roster
from cases.events.comparing import LEAVE, NEW, Verdict
from cases.events.sheet import empty_sheet
from cases.models import Roster, RosterState
from cases.practice_permissions import may_at_site
from cases.views.events.listing import READERS
from cases.views.receiving import announced, parts
from cases.views.showing import Tab
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.trail import record_read
from teledent.files.sending import Answer, send_content
from teledent.kit import clock

PER_PAGE = 100
CHIPS = {
    RosterState.ANNOUNCED: ("info", "upload"), RosterState.QUEUED: ("info", "clock"), RosterState.READABLE: ("wait", "hand"),
    RosterState.REFUSED: ("wait", "triangle-alert"), RosterState.TAKING: ("info", "clock"), RosterState.TAKEN: ("ok", "circle-check"),
}  # fmt: skip
TABS = {
    Verdict.DOUBTFUL: "Who is it?", Verdict.WRONG: "Cannot be read", Verdict.NEW: "New", Verdict.CHANGED: "Changed",
    Verdict.SAME: "As on file", Verdict.LEFT: "Left out",
}  # fmt: skip
WORKED_ON = (RosterState.ANNOUNCED, RosterState.QUEUED, RosterState.TAKING)


@require_safe
@role_required(*READERS)
def roster(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Every row under what becomes of it. As many queries however many rows."""
    at, row = clock.now(), get_roster(request.actor, public_id)
    record_read(request.actor, noun="roster", public_id=row.public_id, at=at)
    context: dict[str, Any] = {
        "roster": row, "event": row.event, "chip": CHIPS[RosterState(row.state)], "zone": row.event.site.time_zone,
        "working": row.state in WORKED_ON, "open": row.state == RosterState.READABLE,
        "keeps": bool(may_at_site(request.actor, "keep_roster", row.event.site)) and row.event.cancelled_at is None,
        "new": NEW, "leave": LEAVE,
    }  # fmt: skip
    if row.state == RosterState.READABLE:
        context |= _rows(request, row)
    return render(request, "events/roster.html", context)


def _rows(request: ActingRequest, row: Roster) -> dict[str, Any]:
    preview = look_at(row, at=clock.now())
    counts = Counter(line.verdict for line in preview.lines)
    asked = request.GET.get("show", "")
    show = Verdict(asked) if asked in TABS else next((verdict for verdict in TABS if counts[verdict]), Verdict.NEW)
    lines = [line for line in preview.lines if line.verdict == show]
    return {
        "preview": preview, "show": show, "page": Paginator(lines, PER_PAGE).get_page(request.GET.get("page")),
        "tabs": [Tab(f"{request.path}?show={key}", TABS[key], counts[key], key == show) for key in TABS if counts[key] or key == show],
        "doubtful": counts[Verdict.DOUBTFUL], "wrong": counts[Verdict.WRONG], "added": counts[Verdict.NEW],
        "changed": counts[Verdict.CHANGED], "takes": counts[Verdict.NEW] + counts[Verdict.CHANGED],
        "insured": sum(line.taking is not None for line in preview.lines if line.verdict == Verdict.SAME),
        "answerable": any(line.may_be for line in lines),
    }  # fmt: skip


@require_POST
@role_required(*READERS)
def who(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Answers to "who is it?", as many rows as the page shows."""
    row = get_roster(request.actor, public_id)
    said = {name.removeprefix("row-"): request.POST.get(name, "") for name in request.POST if name.startswith("row-")}
    say_who(actor=request.actor, roster=row, meant=said)
    messages.success(request, "Kept. Nothing is taken on before you say so.")
    return redirect("roster", row.public_id)


@require_POST
@role_required(*READERS)
def take(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Have the list taken on as it was looked at; a second click finds it on its way."""
    row = get_roster(request.actor, public_id)
    take_roster(actor=request.actor, roster=row, digest=request.POST.get("digest", ""), at=clock.now())
    return redirect("roster", row.public_id)


@require_safe
@role_required(*READERS)
def empty(request: ActingRequest) -> Answer:
    return send_content(empty_sheet(), media_type="text/csv; charset=utf-8", name="roster.csv")


@role_required(*READERS)
def uploads(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """POST announces a list of this school day. 422 with the sentence when it is not taken."""
    return announced(request, announce_roster, address="roster-upload", event=get_event(request.actor, public_id))


@role_required(*READERS)
def upload(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """HEAD and PATCH of one list."""
    return parts(request, get_roster(request.actor, public_id), roster_arrived, public_id=public_id)
