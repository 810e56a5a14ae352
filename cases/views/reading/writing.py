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

from cases import limits, teeth
from cases.actions import annotating, charting, ordering, reviewing
from cases.actions.phrasing import numbering_of
from cases.models import Case, Phrase, Review
from cases.views.reading.drawing import AnnotationForm
from cases.views.reading.forms import (
    DiagnosisForm,
    FindingForm,
    PlanLineForm,
    ReviewForm,
    ToothField,
    VersionField,
    ViewForm,
)
from cases.views.reading.gate import get_draft, get_picture_of
from cases.views.reading.order_forms import DraftOrderForm
from cases.views.reading.page import codes_on, reading_context, reading_page
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.kit import clock
from teledent.kit.decisions import Conflict, Refused


class Removal(forms.Form):
    version = VersionField()


class ToothForm(Removal):
    tooth = ToothField()


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
    def form(case: Case, review: Review) -> forms.Form:
        return DiagnosisForm(request.POST, codes=codes_on(case), numbering=_numbering(review))

    return _write(request, public_id, "diagnosis_form", form, _by(request, reviewing.add_diagnosis))


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
        return PlanLineForm(request.POST, diagnoses=review.diagnoses.all(), numbering=_numbering(review))

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
        return DraftOrderForm(request.POST, plan=review.plan.all(), numbering=_numbering(review))

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
        lambda case, review: FindingForm(request.POST, numbering=_numbering(review)),
        _by(request, charting.mark_finding),
    )


@require_POST
@role_required(Role.DENTIST)
def unmark(request: ActingRequest, public_id: UUID, row: int) -> HttpResponse:
    return _write(
        request, public_id, "finding_form", _removal(request), _by(request, charting.remove_finding, finding_id=row)
    )


@require_POST
@role_required(Role.DENTIST)
def agree(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Take over the hygienist's marks: of the tooth that is named, or all of them."""
    return _write(request, public_id, "finding_form", _for_tooth(request, required=False), _by(request, charting.agree))


@require_POST
@role_required(Role.DENTIST)
def clear_tooth(request: ActingRequest, public_id: UUID) -> HttpResponse:
    return _write(request, public_id, "finding_form", _for_tooth(request), _by(request, charting.clear_tooth))


@require_POST
@role_required(Role.DENTIST)
def judge_view(request: ActingRequest, public_id: UUID, image: UUID) -> HttpResponse:
    """The limits follow; a page that is open takes over the same changes of the text (static/js/reading/chart.js)."""
    followed: list[tuple[str, str]] = []

    def write(review: Review, at: datetime, **said: Any) -> None:
        before, asset = dict(review.limits_offered), get_picture_of(review.case, image)
        reviewing.read_view(actor=request.actor, review=review, asset=asset, at=at, **said)
        followed.extend(limits.changes(before, review.limits_offered))

    answer = _write(request, public_id, "view_form", lambda case, review: ViewForm(request.POST), write)
    if followed and "HX-Trigger" in answer:
        answer["HX-Trigger"] = json.dumps({**json.loads(answer["HX-Trigger"]), "limits-follow": {"changes": followed}})
    return answer


@require_POST
@role_required(Role.DENTIST)
def insert_phrase(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Without JavaScript a phrase is a button of the review's form: what was typed is saved, the phrase after it."""

    def write(review: Review, at: datetime, version: int, **columns: Any) -> None:
        said = request.POST.get("phrase", "")
        phrase = Phrase.objects.filter(
            practice=review.case.practice_id, pk=int(said) if said.isdecimal() else 0
        ).first()
        if phrase is not None and phrase.section in columns:
            columns[phrase.section] = f"{columns[phrase.section]} {phrase.text}".strip()
        review.version = reviewing.save_review(actor=request.actor, review=review, version=version, at=at, **columns)

    return _write(request, public_id, "form", lambda case, review: ReviewForm(request.POST), write)


@require_POST
@role_required(Role.DENTIST)
def annotate(request: ActingRequest, public_id: UUID, image: UUID) -> HttpResponse:
    def write(review: Review, at: datetime, **said: Any) -> None:
        asset = get_picture_of(review.case, image)
        annotating.annotate(actor=request.actor, review=review, asset=asset, at=at, **said)

    return _write(request, public_id, "annotation_form", lambda case, review: AnnotationForm(request.POST), write)


@require_POST
@role_required(Role.DENTIST)
def wipe(request: ActingRequest, public_id: UUID, row: int) -> HttpResponse:
    return _write(
        request, public_id, "annotation_form", _removal(request), _by(request, annotating.wipe, annotation_id=row)
    )


Write = Callable[..., None]
MakeForm = Callable[[Case, Review], forms.Form]
PARTS = {
    "form": "reading/_saved.html", "diagnosis_form": "reading/_diagnoses_saved.html", "plan_form": "reading/_plan_saved.html",
    "order_form": "reading/_orders_saved.html",
    "finding_form": "reading/_findings_saved.html", "view_form": "reading/_views_saved.html",
    "annotation_form": "reading/_annotations_saved.html",
}  # fmt: skip


def _by(request: ActingRequest, verb: Callable[..., Any], **fixed: Any) -> Write:
    def write(review: Review, at: datetime, **said: Any) -> None:
        verb(actor=request.actor, review=review, at=at, **fixed, **said)

    return write


def _numbering(review: Review) -> str:
    return numbering_of(review.writer)


def _for_tooth(request: HttpRequest, *, required: bool = True) -> MakeForm:
    def make(case: Case, review: Review) -> forms.Form:
        form = ToothForm(request.POST)
        form.fields["tooth"].required = required
        form.fields["tooth"].numbering = _numbering(review)  # type: ignore[attr-defined]
        return form

    return make


def _removal(request: HttpRequest) -> MakeForm:
    return lambda case, review: Removal(request.POST)


def _refused(form: forms.Form, refusal: Refused, case: Case, review: Review) -> forms.Form:
    """The form with the sentence; a button that has no field to stand beside says it in the form of the chart."""
    if isinstance(form, ToothForm):
        form = FindingForm({"version": review.version}, numbering=_numbering(review))
        form.errors.clear()
    form.add_error(None, refusal.sentence)
    return form


def _write(request: ActingRequest, public_id: UUID, name: str, make_form: MakeForm, write: Write) -> HttpResponse:
    """Gate, form, verb, answer: the way of every write. A refusal stands in its form with what was typed."""
    at = clock.now()
    case, review = get_draft(request.actor, public_id, at=at)
    chosen = request.POST.get("chosen", "")  # the tooth that stays open
    chosen = chosen if teeth.is_key(chosen) else ""
    with timezone.override(ZoneInfo(case.site.time_zone)):
        form = make_form(case, review)
        if isinstance(form, Removal) and not form.is_valid():  # buttons, not fields: nothing can be corrected there
            raise Conflict("This page does not say what it shows. Reload it; nothing was changed.")
        if form.is_valid():
            try:
                write(review, at, **form.cleaned_data)
            except Conflict:
                raise
            except Refused as refusal:
                review.refresh_from_db(fields=["version", "saved_at"])  # raised by the write that was taken back
                form = _refused(form, refusal, case, review)
        failed = {name: form} if form.errors else None
        if request.headers.get("HX-Request") == "true":
            context = reading_context(case, review, at=at, failed=failed, chosen=chosen)
            answer = render(request, PARTS[name], context, status=422 if failed else 200)
            answer["HX-Trigger"] = json.dumps({"draft-version": {"version": review.version}})
            return answer
    if failed:
        return reading_page(request, case, review, at=at, failed=failed, chosen=chosen)
    response = redirect("reading-case", public_id)
    response["Location"] += f"?tooth={chosen}#findings" if chosen else ""
    return response
