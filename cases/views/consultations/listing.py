"""Every question of another office with how it stands: to take up, with the dentists, to answer, answered, links not used yet."""

from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.models import Consultation
from cases.models.consultation import STANDS, ConsultationQuerySet
from cases.states import ENDED_UNSIGNED, Status
from cases.views.showing import Tab
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.kit import clock

PER_PAGE = 25
READERS = (Role.HYGIENIST, Role.FRONT_DESK, Role.MANAGER)


@require_safe
@role_required(*READERS)
def consultations(request: ActingRequest) -> HttpResponse:
    at = clock.now()
    mine = Consultation.objects.visible_to(request.actor)
    lists: dict[str, tuple[str, ConsultationQuerySet]] = {
        "new": ("To take up", mine.to_take_up().order_by("sent_at", "pk")),
        "reading": (
            "With us",
            mine.under_way().exclude(pk__in=mine.to_answer().values("pk")).order_by("sent_at", "pk"),
        ),
        "answer": ("To answer", mine.to_answer().order_by("case__signed_at", "pk")),
        "answered": ("Answered", mine.answered().order_by("-released_at", "-pk")),
        "links": ("Links not used yet", mine.unsent(at)),
        "closed": ("Closed", _closed(mine, at)),
    }
    show = request.GET.get("show", "new")
    show = show if show in lists else "new"
    rows = lists[show][1].select_related("site", "case", "made_by", "report")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "tabs": [Tab(f"{request.path}?show={key}", label, found.count(), key == show) for key, (label, found) in lists.items()],
        "page": page, "show": show, "now_at": "consultations", "here": "follow-up",
        "rows": [(one, *state_of(one, at)) for one in page],
        "may_make": request.actor.has(Role.HYGIENIST, Role.FRONT_DESK),
    }  # fmt: skip
    return render(request, "consultations/consultations.html", context)


def _closed(mine: ConsultationQuerySet, at: datetime) -> ConsultationQuerySet:
    """Everything that stands in no other list: turned down, revoked, run out, retracted before it was answered."""
    rows = Consultation.objects
    for elsewhere in (rows.unsent(at), rows.to_take_up(), rows.under_way(), rows.answered()):
        mine = mine.exclude(pk__in=elsewhere.values("pk"))
    return mine


def state_of(one: Consultation, at: datetime) -> tuple[str, str, str]:
    """Word, kind and icon of its chip."""
    if one.closed_at:
        return ("Turned down", "", "circle-x")
    if one.revoked_at:
        return ("Revoked", "", "circle-x")
    if one.case is not None and one.case.status not in ENDED_UNSIGNED:
        return _with_us(one, one.case.status, at)
    if one.case is not None and one.case.follows_id:
        return ("Correction withdrawn", "wait", "circle-alert")
    if one.sent_at:
        return ("Whose patient is it?", "wait", "circle-alert")
    if one.expires_at <= at:
        return ("Ran out", "", "clock")
    return ("Opened", "accent", "eye") if one.opened_at else ("Not opened yet", "", "circle")


def _with_us(one: Consultation, status: str, at: datetime) -> tuple[str, str, str]:
    if status == Status.RETRACTED:
        return ("Retracted", "wait", "circle-alert")
    if one.report is None or one.report.case_id != one.case_id:
        return ("To answer", "wait", "circle-alert") if status in STANDS else ("With us", "info", "clock")
    if one.collected_at:
        return ("Collected", "ok", "circle-check")
    if not one.tries_left:
        return ("Locked: wrong birth dates", "wait", "lock")
    return ("Not collected in time", "wait", "clock") if one.is_over(at) else ("Answer lies ready", "accent", "send")
