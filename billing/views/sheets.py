"""A list of a school day that comes back: the upload, the rows as they would be recorded, and the one click that does it."""

from collections import Counter
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from billing.access import get_sheet
from billing.actions.sheets import announce_sheet, look_at, record_sheet, sheet_arrived
from billing.models import CoverageSheet, SheetState
from billing.permissions import may
from billing.school_days.comparing import Verdict
from billing.views.school_days import form_of
from billing.views.worklist import READERS
from cases.views.receiving import announced, parts
from cases.views.showing import Tab
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.accounts.trail import record_read
from teledent.kit import clock

PER_PAGE = 100
MOST_SHEETS = 50
CHIPS = {
    SheetState.ANNOUNCED: ("info", "upload"), SheetState.QUEUED: ("info", "clock"), SheetState.READABLE: ("wait", "hand"),
    SheetState.REFUSED: ("wait", "triangle-alert"), SheetState.RECORDED: ("ok", "circle-check"),
}  # fmt: skip
TABS = {
    Verdict.CHANGED: "Changed", Verdict.DOUBTFUL: "Doubtful", Verdict.WRONG: "Cannot be read", Verdict.UNCHANGED: "Unchanged",
}  # fmt: skip


@require_safe
@role_required(*READERS)
def sheets(request: ActingRequest) -> HttpResponse:
    """What was brought in for this school and day, the newest first. One that just arrived opens from here."""
    chosen = form_of(request, clock.now()).chosen()
    if chosen is None:
        return redirect("school-day")
    site, day = chosen
    mine = CoverageSheet.objects.filter(practice=request.actor.practice, site=site, day=day)
    rows = list(mine.exclude(state=SheetState.ANNOUNCED).defer("rows").select_related("received_by")[:MOST_SHEETS])
    own = next((row for row in rows if row.received_by_id == request.actor.person.pk), None)
    if own and "newest" in request.GET:
        return redirect("sheet", own.public_id)
    context = {
        "site": site, "day": day, "rows": [(row, *CHIPS[SheetState(row.state)]) for row in rows], "zone": site.time_zone,
        "reading": any(row.state == SheetState.QUEUED for row in rows), "back": _back(site.public_id, day.isoformat()),
    }  # fmt: skip
    return render(request, "claims/sheets.html", context)


def _back(site: UUID, day: str) -> str:
    return f"{reverse('school-day')}?site={site}&day={day}"


@require_safe
@role_required(*READERS)
def sheet(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Every row under what becomes of it. As many queries however many rows."""
    at, row = clock.now(), get_sheet(request.actor, public_id)
    record_read(request.actor, noun="coverage sheet", public_id=row.public_id, at=at)
    context = {
        "sheet": row, "chip": CHIPS[SheetState(row.state)], "zone": row.site.time_zone,
        "may_keep": bool(may(request.actor, "keep_settings")),
        "reading": row.state in (SheetState.ANNOUNCED, SheetState.QUEUED), "back": _back(row.site.public_id, row.day.isoformat()),
        "to_confirm": row.state == SheetState.READABLE,
    }  # fmt: skip
    if row.state in (SheetState.READABLE, SheetState.RECORDED):
        preview = look_at(row, reader=request.actor.person, at=at)
        counts = Counter(line.verdict for line in preview.lines)
        asked = request.GET.get("show", "")
        first = next((verdict for verdict in TABS if counts[verdict]), Verdict.CHANGED)
        show = Verdict(asked) if asked in TABS else first
        lines = [line for line in preview.lines if line.verdict == show]
        context |= {
            "preview": preview, "page": Paginator(lines, PER_PAGE).get_page(request.GET.get("page")), "show": show,
            "tabs": [Tab(f"{request.path}?show={name}", label, counts[name], name == show) for name, label in TABS.items()],
            "changed": counts[Verdict.CHANGED], "left_alone": counts[Verdict.DOUBTFUL] + counts[Verdict.WRONG],
        }  # fmt: skip
    return render(request, "claims/sheet.html", context)


@require_POST
@role_required(Role.FRONT_DESK)
def record(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Record what was looked at; a second click finds it done."""
    row = get_sheet(request.actor, public_id)
    done = record_sheet(actor=request.actor, sheet=row, digest=request.POST.get("digest", ""), at=clock.now())
    messages.success(
        request, f"{done.recorded} recorded. Claims that were not sent are checked again in the background."
    )
    return redirect("sheet", public_id)


@role_required(Role.FRONT_DESK)
def uploads(request: ActingRequest) -> HttpResponse:
    """POST announces a sheet about the school and day of the address. 422 with the sentence when it is too large."""
    chosen = form_of(request, clock.now()).chosen()
    if chosen is None and request.method == "POST":
        raise Http404("No such school.")
    site, day = chosen or (None, None)
    return announced(request, announce_sheet, address="sheet-upload", site=site, day=day)


@role_required(Role.FRONT_DESK)
def upload(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """HEAD and PATCH of one sheet."""
    return parts(request, get_sheet(request.actor, public_id), sheet_arrived, public_id=public_id)
