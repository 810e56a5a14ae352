"""Writing the draft: every form saves by itself, answers with its own part of the page, and works without JavaScript."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from cases.access import get_case
from cases.actions import ordering, reviewing
from cases.models import Case, Review
from cases.permissions import may
from cases.views.reading.forms import DiagnosisForm, FindingForm, PlanLineForm, ReviewForm, VersionField, ViewForm
from cases.views.reading.gate import get_draft, get_picture_of
from cases.views.reading.order_forms import DraftOrderForm
from cases.views.reading.page import codes_on, reading_context, reading_page
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.kit import clock
from teledent.kit.decisions import Conflict, Refused


class Removal(forms.Form):
    version = VersionField()


@require_POST
@role_required(Role.DENTIST)
def save(request: ActingRequest, public_id: UUID) -> HttpResponse:
    def write(review: Review, at: datetime, version: int, **columns: Any) -> None:
        review.version = reviewing.save_review(actor=request.actor, review=review, version=version, at=at, **columns)
        review.saved_at = at

    return _write(request, public_id, "form", lambda case, review: ReviewForm(request.POST), write)


@require_POST
@role_required(Role.DENTIST)
def add_diagnosis(request: ActingRequest, public_id: UUID) -> HttpResponse:
    return _write(
        request, public_id, "diagnosis_form", lambda case, review: DiagnosisForm(request.POST, codes=codes_on(case)),
        _by(request, reviewing.add_diagnosis),
    )  # fmt: skip


@require_POST
@role_required(Role.DENTIST)
def remove_diagnosis(request: ActingRequest, public_id: UUID, row: int) -> HttpResponse:
    return _write(
        request,
        public_id,
        "diagnosis_form",
        _removal(request),
        _by(request, reviewing.remove_diagnosis, diagnosis_id=row),
    )


@require_POST
@role_required(Role.DENTIST)
def add_plan_line(request: ActingRequest, public_id: UUID) -> HttpResponse:
    def write(review: Review, at: datetime, diagnosis: str, **columns: Any) -> None:
        chosen = int(diagnosis) if diagnosis else None
        reviewing.add_plan_line(actor=request.actor, review=review, at=at, diagnosis_id=chosen, **columns)

    def form(case: Case, review: Review) -> forms.Form:
        return PlanLineForm(request.POST, diagnoses=review.diagnoses.all())

    return _write(request, public_id, "plan_form", form, write)


@require_POST
@role_required(Role.DENTIST)
def remove_plan_line(request: ActingRequest, public_id: UUID, row: int) -> HttpResponse:
    return _write(
        request, public_id, "plan_form", _removal(request), _by(request, reviewing.remove_plan_line, line_id=row)
    )


@require_POST
@role_required(Role.DENTIST)
def add_orders(request: ActingRequest, public_id: UUID) -> HttpResponse:
    def write(review: Review, at: datetime, line: str, **said: Any) -> None:
        ordering.draft_orders(actor=request.actor, review=review, at=at, line_id=int(line) if line else None, **said)

    def form(case: Case, review: Review) -> forms.Form:
        return DraftOrderForm(request.POST, plan=review.plan.all())

    return _write(request, public_id, "order_form", form, write)


@require_POST
@role_required(Role.DENTIST)
def remove_order(request: ActingRequest, public_id: UUID, row: int) -> HttpResponse:
    return _write(request, public_id, "order_form", _removal(request), _by(request, ordering.undraft_order, number=row))


@require_POST
@role_required(Role.DENTIST)
def mark(request: ActingRequest, public_id: UUID) -> HttpResponse:
    return _write(
        request,
        public_id,
        "finding_form",
        lambda case, review: FindingForm(request.POST),
        _by(request, reviewing.mark_finding),
    )


@require_POST
@role_required(Role.DENTIST)
def unmark(request: ActingRequest, public_id: UUID, row: int) -> HttpResponse:
    return _write(
        request, public_id, "finding_form", _removal(request), _by(request, reviewing.remove_finding, finding_id=row)
    )


@require_POST
@role_required(Role.DENTIST)
def judge_view(request: ActingRequest, public_id: UUID, image: UUID) -> HttpResponse:
    def write(review: Review, at: datetime, **said: Any) -> None:
        asset = get_picture_of(review.case, image)
        reviewing.read_view(actor=request.actor, review=review, asset=asset, at=at, **said)

    return _write(request, public_id, "view_form", lambda case, review: ViewForm(request.POST), write)


@require_POST
@role_required(Role.DENTIST)
def beat(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """The heartbeat: holds the case, and says what came in. Sent by the page itself, so it is no sign of life."""
    at = clock.now()
    case = get_case(request.actor, public_id, at=at)
    holds = may(request.actor, "write_review", case, at=at)
    if not holds:
        lost = {"case": case, "reason": holds.reason, "again": may(request.actor, "start_review", case, at=at)}
        return render(request, "reading/_hold_lost.html", lost, status=409)
    case, review = get_draft(request.actor, public_id, at=at)
    reviewing.keep_lease(actor=request.actor, case=case, at=at)
    seen = request.POST.get("received", "")
    context = reading_context(case, review, at=at)
    context["arrived"] = context["received"] - int(seen) if seen.isdecimal() and len(seen) < 4 else 0
    return render(request, "reading/_arrivals.html", context)


Write = Callable[..., None]
MakeForm = Callable[[Case, Review], forms.Form]
PARTS = {
    "form": "reading/_saved.html", "diagnosis_form": "reading/_diagnoses_saved.html", "plan_form": "reading/_plan_saved.html",
    "order_form": "reading/_orders_saved.html",
    "finding_form": "reading/_findings_saved.html", "view_form": "reading/_views_saved.html",
}  # fmt: skip


def _by(request: ActingRequest, verb: Callable[..., Any], **fixed: Any) -> Write:
    def write(review: Review, at: datetime, **said: Any) -> None:
        verb(actor=request.actor, review=review, at=at, **fixed, **said)

    return write


def _removal(request: HttpRequest) -> MakeForm:
    return lambda case, review: Removal(request.POST)


def _write(request: ActingRequest, public_id: UUID, name: str, make_form: MakeForm, write: Write) -> HttpResponse:
    """Gate, form, verb, answer: the way of every write. A refusal stands in its form with what was typed."""
    at = clock.now()
    case, review = get_draft(request.actor, public_id, at=at)
    with timezone.override(ZoneInfo(case.site.time_zone)):
        form = make_form(case, review)
        if isinstance(form, Removal) and not form.is_valid():
            raise Conflict("This page does not say which version it shows. Reload it; nothing was removed.")
        if form.is_valid():
            try:
                write(review, at, **form.cleaned_data)
            except Conflict:
                raise
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
        failed = {name: form} if form.errors else None
        if request.headers.get("HX-Request") == "true":
            context = reading_context(case, review, at=at, failed=failed)
            answer = render(request, PARTS[name], context, status=422 if failed else 200)
            answer["HX-Trigger"] = json.dumps({"draft-version": {"version": review.version}})
            return answer
    if failed:
        return reading_page(request, case, review, at=at, failed=failed)
    return redirect("reading-case", public_id)
