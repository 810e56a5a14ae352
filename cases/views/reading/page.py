"""The reading page: pictures large, the record beside them, the draft under the hand. One function makes all of its context."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cases import teeth
from cases.access import get_case
from cases.actions.reviewing import release_review, start_review
from cases.models import AssetState, Case, DiagnosisCode, Finding, Review, ViewReading
from cases.permissions import may
from cases.policies import Step, blocking, checklist
from cases.record import read_record
from cases.views.reading.forms import REASONS, DiagnosisForm, FindingForm, PlanLineForm, ReviewForm
from cases.views.reading.gate import get_draft
from cases.views.reading.order_forms import DraftOrderForm
from cases.views.reading.rows import URGENCY_CHIPS
from cases.views.record.gallery import Picture, absent_of, pictures_of
from cases.views.record.page import exchange_of
from cases.views.showing import banner_of_case, enrolment_of, rows_of
from cases.wording import Mark, gathered_in_words, mark_of
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.kit import clock

DENTISTS_PLACES = {
    "answer": "id_answer", "evaluation": "id_evaluation", "conclusions": "id_conclusions", "advice": "id_advice", "limits": "id_limits",
    "sufficiency": "id_sufficiency", "review-why": "id_why", "review-urgency": "id_urgency", "diagnoses": "diagnoses",
    "plan": "plan", "outcome": "id_outcome", "told": "id_told", "views": "views", "findings": "findings",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnMark:
    """A mark in the dentist's layer, which she can take out."""

    pk: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class Tooth:
    """Both layers of one tooth, side by side."""

    label: str
    hygienist: tuple[Mark, ...]
    dentist: tuple[OwnMark, ...]
    to_agree: tuple[Finding, ...]  # the hygienist's marks that the dentist said nothing of yet
    differs: bool  # the dentist saw something else, or elsewhere on the tooth


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture with what the dentist said of it."""

    picture: Picture
    reading: ViewReading | None
    is_late: bool  # came in after this reading began


@require_safe
@role_required(Role.DENTIST)
def reading_case(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """The page of a case that she holds; any other case shows as its record, with the start or the reason against it."""
    at = clock.now()
    case = get_case(request.actor, public_id, at=at)
    if not may(request.actor, "write_review", case, at=at):
        return redirect("record", case.public_id)
    case, review = get_draft(request.actor, public_id, at=at)
    return reading_page(request, case, review, at=at)


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
    request: ActingRequest, case: Case, review: Review, *, at: datetime, failed: dict[str, forms.Form] | None = None
) -> HttpResponse:
    """The whole page; `failed` are forms with errors by name, shown with what was typed."""
    with timezone.override(ZoneInfo(case.site.time_zone)):
        context = reading_context(case, review, at=at, failed=failed) | _around(request, case, review)
        return render(request, "reading/case.html", context, status=422 if failed else 200)


def reading_context(
    case: Case, review: Review, *, at: datetime, failed: dict[str, forms.Form] | None = None
) -> dict[str, Any]:
    """What the panel shows and every partial of it: the draft, its lists, the checklist."""
    record = read_record(case, review=review)
    lines = checklist(record)
    diagnoses, version = list(review.diagnoses.all()), review.version
    given: dict[str, forms.Form] = {
        "form": ReviewForm.of(review),
        "diagnosis_form": DiagnosisForm(codes=codes_on(case), initial={"version": version}),
        "plan_form": PlanLineForm(diagnoses=diagnoses, initial={"version": version}),
        "finding_form": FindingForm(initial={"version": version}),
        "order_form": DraftOrderForm(plan=review.plan.all(), initial={"version": version}),
    }
    blocks = blocking(lines, Step.SIGN)
    return {
        "case": case, "review": review, "zone": case.site.time_zone, "version": version, "at": at,
        "diagnoses": [(one, teeth.universal(one.tooth) if one.tooth else "") for one in diagnoses],
        "plan": [(one, teeth.universal(one.tooth) if one.tooth else "") for one in review.plan.select_related("diagnosis")],
        "orders": review.orders.all(),
        "teeth": teeth_of(case, review), "shown": shown_of(case, review), "reasons": REASONS,
        "lines": [_ask_instead(row, line.mend, case) for row, line in zip(rows_of(lines, lambda m: _mend(m, case)), lines, strict=True)],
        "met": sum(line.state in ("met", "not_applicable") for line in lines), "blocks": blocks,
        "first_mend": _mend(blocks[0].mend, case) if blocks else "", **_received(case), **given, **(failed or {}),
    }  # fmt: skip


def _around(request: ActingRequest, case: Case, review: Review) -> dict[str, Any]:
    """What stands around the draft and does not change while it is written."""
    enrolment = enrolment_of(case.patient, site_id=case.site_id)
    kind, icon = URGENCY_CHIPS.get(case.urgency, ("", "circle"))  # type: ignore[call-overload]
    chosen = request.GET.get("picture", "1")
    return {
        "patient": banner_of_case(case, enrolment=enrolment), "gathered": gathered_in_words(review.submission.content),
        "exchange": exchange_of(case), "absent": absent_of(case.assets.all()), "urgency_kind": kind, "urgency_icon": icon,
        "here": "reading-queue", "current": int(chosen) if chosen.isdecimal() and len(chosen) < 4 else 1,
    }  # fmt: skip


def _received(case: Case) -> dict[str, Any]:
    """CA-7: how many of the declared files are in."""
    states = list(case.assets.counted().values_list("state", "hold_reason"))
    received = sum(state == AssetState.EXAMINED and not hold for state, hold in states)
    return {"declared": len(states), "received": received, "provisional": received < len(states)}


def _mend(mend: str, case: Case) -> str:
    """The place that mends a line: on this page for the dentist's part, else the question to the site."""
    if not mend:
        return ""
    here = DENTISTS_PLACES.get(mend)
    return f"#{here}" if here else reverse("reading-ask", args=[case.public_id])


def _ask_instead(row: Any, mend: str, case: Case) -> Any:
    return row if mend in DENTISTS_PLACES else replace(row, mend_label="Ask")


def codes_on(case: Case) -> list[DiagnosisCode]:
    """The diagnosis list of the day seen."""
    day = case.day_seen
    valid = DiagnosisCode.objects.filter(valid_from__lte=day).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=day)
    )
    return list(valid.order_by("code"))


def shown_of(case: Case, review: Review) -> list[Shown]:
    said = {view.asset_id: view for view in review.views.all()}
    return [
        Shown(
            picture,
            said.get(picture.asset.pk),
            bool(picture.asset.examined_at and picture.asset.examined_at > review.started_at),
        )
        for picture in pictures_of(case)
    ]


def teeth_of(case: Case, review: Review) -> list[Tooth]:
    """Every marked tooth with both layers, in the order of the Universal numbers."""
    layers = list(case.findings.filter(Q(review__isnull=True) | Q(review=review)).order_by("pk"))
    order = {key: place for place, key in enumerate(teeth.universal_by_key())}
    keys = sorted({finding.tooth for finding in layers}, key=order.__getitem__)
    return [_tooth(key, [finding for finding in layers if finding.tooth == key]) for key in keys]


def _tooth(key: str, findings: list[Finding]) -> Tooth:
    hers = [finding for finding in findings if finding.review_id is None]
    own = [finding for finding in findings if finding.review_id is not None]
    answered = {finding.condition for finding in own}
    seen = {(finding.condition, finding.surfaces) for finding in hers}
    return Tooth(
        label=teeth.universal(key),
        hygienist=tuple(mark_of(key, one.condition, one.surfaces, one.note) for one in hers),
        dentist=tuple(OwnMark(one.pk, mark_of(key, one.condition, one.surfaces, one.note)) for one in own),
        to_agree=tuple(one for one in hers if one.condition not in answered),
        differs=bool(hers) and any((one.condition, one.surfaces) not in seen for one in own),
    )
