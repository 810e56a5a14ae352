"""The reading page: pictures large, the record beside them, the draft under the hand. One function makes all of its context."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Prefetch, Q, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cases import teeth
from cases.access import get_case
from cases.actions.phrasing import numbering_of
from cases.actions.reviewing import release_review, start_review
from cases.family_told import family_wrote
from cases.models import AssetState, Case, DiagnosisCode, Phrase, PlanLine, Review
from cases.permissions import may
from cases.policies import Step, blocking, checklist, mismatches_of
from cases.record import CaseRecord, read_record
from cases.record_facts import ViewFact
from cases.suggesting import Suggestion, suggestions
from cases.views.reading.chart import chart_context
from cases.views.reading.forms import REASONS, DiagnosisForm, FindingForm, PlanLineForm, ReviewForm
from cases.views.reading.gate import draft_of, get_draft
from cases.views.reading.order_forms import DraftOrderForm
from cases.views.reading.rows import URGENCY_CHIPS
from cases.views.reading.stage import drawn_on, stage_of
from cases.views.record.gallery import Picture, absent_of, pictures_of
from cases.views.record.page import exchange_of
from cases.views.showing import banner_of_case, enrolment_of, rows_of
from cases.wording import gathered_in_words, view_of
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.kit import clock

DENTISTS_PLACES = {
    "answer": "id_answer", "evaluation": "id_evaluation", "conclusions": "id_conclusions", "advice": "id_advice", "limits": "id_limits",
    "sufficiency": "id_sufficiency", "review-why": "id_why", "review-urgency": "id_urgency", "diagnoses": "diagnoses",
    "plan": "plan", "outcome": "id_outcome", "told": "id_told", "views": "views", "findings": "findings",
}  # fmt: skip

# each is replaced by the answer to a write in it
PARTS = ("findings", "views", "diagnoses", "plan", "orders", "annotations")


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture with what the dentist said of it."""

    picture: Picture
    reading: ViewFact | None
    is_late: bool  # came in after this reading began


@require_safe
@role_required(Role.DENTIST)
def reading_case(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """The page of a case that she holds; any other case shows as its record, with the start or the reason against it."""
    at = clock.now()
    case = get_case(request.actor, public_id, at=at)
    if not may(request.actor, "write_review", case, at=at):
        return redirect("record", case.public_id)
    return reading_page(request, case, draft_of(request.actor, case), at=at, chosen=request.GET.get("tooth", ""))


@require_safe
@role_required(Role.DENTIST)
def chart(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """The findings with one tooth open, as a part of the page; without htmx the page itself says the same."""
    at = clock.now()
    case, review = get_draft(request.actor, public_id, at=at)
    chosen, quadrant = request.GET.get("tooth", ""), request.GET.get("quadrant", "")
    return render(
        request, "reading/_findings.html", reading_context(case, review, at=at, chosen=chosen, quadrant=quadrant)
    )


@require_POST
@role_required(Role.DENTIST)
def start(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    start_review(actor=request.actor, case=get_case(request.actor, public_id, at=at), at=at)
    return redirect("reading-case", public_id)


@require_POST
@role_required(Role.DENTIST)
def release(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    case = get_case(request.actor, public_id, at=at)
    release_review(actor=request.actor, case=case, at=at)
    return redirect("reading-queue")


def reading_page(
    request: ActingRequest,
    case: Case,
    review: Review,
    *,
    at: datetime,
    failed: dict[str, forms.Form] | None = None,
    chosen: str = "",
) -> HttpResponse:
    """The whole page; `failed` are forms with errors by name, shown with what was typed. `chosen` is the open tooth."""
    quadrant = request.GET.get("quadrant", "")
    with timezone.override(ZoneInfo(case.site.time_zone)):
        context = reading_context(case, review, at=at, failed=failed, chosen=chosen, quadrant=quadrant)
        context |= _around(request, case, review, context["numbering"])
        context |= stage_of(request.actor, case, context["shown"])
        context["first"] = next((pane for pane in context["panes"] if pane.number == context["current"]), None)
        return render(request, "reading/case.html", context, status=422 if failed else 200)


def reading_context(
    case: Case,
    review: Review,
    *,
    at: datetime,
    failed: dict[str, forms.Form] | None = None,
    chosen: str = "",
    quadrant: str = "",
) -> dict[str, Any]:
    """What the panel shows and every partial of it: the draft, its lists, the checklist."""
    _read_once(case, review)
    numbering = numbering_of(review.writer)
    label = partial(teeth.label, numbering=numbering)
    record = read_record(case, review=review)
    lines, codes = checklist(record), codes_on(case)
    diagnoses, version = list(review.diagnoses.all()), review.version
    given: dict[str, forms.Form] = {
        "form": ReviewForm.of(review),
        "diagnosis_form": DiagnosisForm(codes=codes, numbering=numbering, initial={"version": version}),
        "plan_form": PlanLineForm(diagnoses=diagnoses, numbering=numbering, initial={"version": version}),
        "finding_form": FindingForm(numbering=numbering, initial={"version": version}),
        "order_form": DraftOrderForm(plan=review.plan.all(), numbering=numbering, initial={"version": version}),
    }
    blocks, shown = blocking(lines, Step.SIGN), shown_of(case, record)
    return {
        "case": case, "review": review, "zone": case.site.time_zone, "version": version, "at": at,
        "diagnoses": [(one, label(one.tooth) if one.tooth else "") for one in diagnoses],
        "plan": [(one, label(one.tooth) if one.tooth else "") for one in review.plan.all()],
        "suggested": suggested(record, codes, label), "mismatches": mismatches_of(record, label),
        **chart_context(case, review, numbering=numbering, chosen=chosen, quadrant=quadrant), "phrases": phrases_of(case),
        "shown": shown, "drawn": drawn_on(review, shown), "reasons": REASONS,
        "orders": review.orders.all(),
        "lines": [_ask_instead(row, line.mend, case) for row, line in zip(rows_of(lines, lambda m: _mend(m, case)), lines, strict=True)],
        "met": sum(line.state in ("met", "not_applicable") for line in lines), "blocks": blocks,
        "first_mend": _mend(blocks[0].mend, case) if blocks else "", **received_of(case), **given, **(failed or {}),
    }  # fmt: skip


def _read_once(case: Case, review: Review) -> None:
    """Rows that several parts of the page show. Called when everything is written: what is read here is not read again."""
    prefetch_related_objects([case], "assets", "findings")
    lines = Prefetch("plan", PlanLine.objects.select_related("diagnosis"))
    prefetch_related_objects([review], "diagnoses", lines, "findings", "orders")


def gone_since(case: Case, review: Review) -> list[str]:
    """Views of the pictures that this dentist had on her last version and that the case has no more (ID-3). Her words were
    carried over; what she saw on another child's picture must not stay with them."""
    if review.submission.version == 1:
        return []
    before = Review.objects.filter(case=case, writer=review.writer, submission__version__lt=review.submission.version)
    content = before.order_by("-submission__version").values_list("submission__content", flat=True).first()
    if content is None:
        return []
    there = {str(asset.public_id) for asset in case.assets.all() if asset.state != AssetState.STRUCK}
    return [view_of(one["view"]) for one in content["images"] if one["public_id"] not in there]


def _around(request: ActingRequest, case: Case, review: Review, numbering: str) -> dict[str, Any]:
    """What stands around the draft and does not change while it is written."""
    enrolment = enrolment_of(case.patient, site_id=case.site_id)
    kind, icon = URGENCY_CHIPS.get(case.urgency, ("", "circle"))  # type: ignore[call-overload]
    chosen = request.GET.get("picture", "1")
    label = partial(teeth.label, numbering=numbering)
    return {
        "patient": banner_of_case(case, enrolment=enrolment), "gathered": gathered_in_words(review.submission.content, label),
        "exchange": exchange_of(case), "absent": absent_of(case.assets.all()), "gone": gone_since(case, review),
        "urgency_kind": kind, "urgency_icon": icon, "family_wrote": family_wrote([case.patient_id]).get(case.patient_id),
        "parts": PARTS, "here": "reading-queue", "current": int(chosen) if chosen.isdecimal() and len(chosen) < 4 else 1,
    }  # fmt: skip


def received_of(case: Case) -> dict[str, Any]:
    """CA-7: how many of the declared files are in, and how many wait for a decision about whose they are (ID-2)."""
    counted = [asset for asset in case.assets.all() if asset.state != AssetState.STRUCK]
    received = sum(asset.state == AssetState.EXAMINED and not asset.is_held for asset in counted)
    held = sum(asset.is_held for asset in counted)
    return {"declared": len(counted), "received": received, "held": held, "provisional": received < len(counted)}


def _mend(mend: str, case: Case) -> str:
    """The place that mends a line: on this page for the dentist's part, else the question to the site."""
    if not mend:
        return ""
    here = DENTISTS_PLACES.get(mend)
    return f"#{here}" if here else reverse("reading-ask", args=[case.public_id])


def _ask_instead(row: Any, mend: str, case: Case) -> Any:
    return row if mend in DENTISTS_PLACES else replace(row, mend_label="Ask")


def suggested(
    record: CaseRecord, codes: list[DiagnosisCode], label: Callable[[str], str]
) -> list[tuple[Suggestion, str, str]]:
    """What her findings speak for and the list of that day has, each with its tooth and gloss."""
    if record.review is None:
        return []
    known = {one.code: one.text for one in codes}
    chosen = [(one.code, one.tooth) for one in record.review.diagnoses]
    found = suggestions(record.review.findings, chosen)
    return [(one, label(one.tooth) if one.tooth else "", known[one.code]) for one in found if one.code in known]


def phrases_of(case: Case) -> dict[str, list[Phrase]]:
    """The practice's phrases by the place that they are for."""
    found: dict[str, list[Phrase]] = {}
    for phrase in Phrase.objects.filter(practice=case.practice_id):
        found.setdefault(phrase.section, []).append(phrase)
    return found


def codes_on(case: Case) -> list[DiagnosisCode]:
    """The diagnosis list of the day seen."""
    day = case.day_seen
    valid = DiagnosisCode.objects.filter(valid_from__lte=day).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=day)
    )
    return list(valid.order_by("code"))


def shown_of(case: Case, record: CaseRecord) -> list[Shown]:
    """The pictures of the case with what the draft, as its record has it, says of each."""
    review = record.review
    said = {view.image: view for view in review.views} if review else {}
    return [
        Shown(
            picture,
            said.get(picture.asset.public_id),
            bool(review and picture.asset.examined_at and picture.asset.examined_at > review.started_at),
        )
        for picture in pictures_of(case)
    ]
