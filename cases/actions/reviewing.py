"""Reading: take a case under a lease, write the draft, ask for more, let it go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from cases import limits, teeth
from cases.annotations import carry_annotations
from cases.models import (
    URGENT,
    Asset,
    AssetState,
    Case,
    DiagnosisCode,
    Finding,
    InfoItem,
    InfoRequest,
    Order,
    PlanLine,
    Review,
    ReviewDiagnosis,
    ViewReading,
)
from cases.moving import lock, move_case, record_event
from cases.notices import tell_if_raised, tell_of_question
from cases.order_states import OrderStatus
from cases.permissions import may
from cases.record import image_facts, view_facts
from cases.states import Status
from teledent.accounts.acting import Actor
from teledent.kit.decisions import Conflict, Refused, require
from teledent.kit.text import is_filler, printable

LEASE = timedelta(minutes=20)
TEXTS = (
    "answer", "evaluation", "conclusions", "advice", "limits", "follow_up", "told_to", "told_how", "next_step", "why_text",
)  # fmt: skip
CHOICES = ("urgency", "sufficiency", "outcome", "told", "why")
TIMES = ("outcome_by", "told_at", "next_step_on")
TEXT_MAX = 5000
STALE = (
    "This review was changed on another page meanwhile. Your last words were not saved: copy them before you reload."
)


@transaction.atomic
def start_review(*, actor: Actor, case: Case, at: datetime) -> Review:
    """Take the case: compare-and-set under a lease. Her own case again only prolongs it; her draft is there as she left it."""
    case = lock(case.pk)
    require(may(actor, "start_review", case, at=at))
    submission = case.submissions.order_by("-version").first()
    assert submission is not None  # noqa: S101 - a case in these states was submitted
    if case.urgency not in URGENT and case.assets.counted().exclude(state=AssetState.EXAMINED).exists():
        raise Refused("Not every picture is in yet. Only urgent cases are read while pictures arrive.")
    if case.status == Status.IN_REVIEW and case.reader_id == actor.person.pk:
        Case.objects.filter(pk=case.pk, reader=actor.person).update(lease_until=at + LEASE)
    else:
        move_case(
            case, "start_review", person=actor.person, at=at, details={"version": submission.version, "lease_until": at + LEASE},
            reader=actor.person, lease_until=at + LEASE, review_started_at=case.review_started_at or at,
        )  # fmt: skip
    earlier = Review.objects.filter(case=case, writer=actor.person).order_by("-submission__version").first()
    review, is_new = Review.objects.get_or_create(
        case=case, writer=actor.person, submission=submission,
        defaults={"started_at": at, **_text_of(earlier)},
    )  # fmt: skip
    if is_new and earlier is not None:
        _carry_over(earlier, review)
    _follow_limits(review)
    return review


def follow_arrivals(*, actor: Actor, review: Review, at: datetime) -> None:
    """Pictures came in or were struck off while she reads: the limits say so. That is a new version of the draft, for no
    page may save its older text over it."""
    if _limits_of(review) == review.limits_offered:
        return
    with transaction.atomic():
        lock_draft(actor, review, at)
        _follow_limits(review)


def _limits_of(review: Review) -> dict[str, str]:
    return limits.sentences(image_facts(review.case), view_facts(review))


def _follow_limits(review: Review) -> None:
    """Bring the offered sentences of the limits up to date; what the dentist wrote or took out stays (cases.limits)."""
    review.refresh_from_db(fields=["limits", "limits_offered"])
    offered = _limits_of(review)
    if offered == review.limits_offered:
        return
    review.limits = limits.follow(review.limits, review.limits_offered, offered)[:TEXT_MAX]
    review.limits_offered = offered
    Review.objects.filter(pk=review.pk, signed_at__isnull=True).update(limits=review.limits, limits_offered=offered)


def _text_of(earlier: Review | None) -> dict[str, Any]:
    """The dentist's own text on an earlier version of this case, so that an answer back loses nothing."""
    return {name: getattr(earlier, name) for name in (*TEXTS, *CHOICES, *TIMES, "limits_offered")} if earlier else {}


def _carry_over(earlier: Review, review: Review) -> None:
    """Her diagnoses, plan, orders, findings, views and marks of an earlier version; those of pictures struck off or moved stay behind."""
    twin: dict[int | None, ReviewDiagnosis] = {}
    for diagnosis in earlier.diagnoses.all():
        kept = {"code": diagnosis.code, "gloss": diagnosis.gloss, "tooth": diagnosis.tooth}
        twin[diagnosis.pk] = ReviewDiagnosis.objects.create(review=review, **kept)
    PlanLine.objects.bulk_create(
        PlanLine(
            review=review, tooth=line.tooth, what=line.what, priority=line.priority, rationale=line.rationale,
            diagnosis=twin.get(line.diagnosis_id),
        ) for line in earlier.plan.all()
    )  # fmt: skip
    Finding.objects.bulk_create(
        Finding(
            case=review.case, review=review, tooth=f.tooth, surfaces=f.surfaces, condition=f.condition, icdas=f.icdas, note=f.note
        ) for f in earlier.findings.all()
    )  # fmt: skip
    drafted = Order.objects.filter(review=earlier, status=OrderStatus.DRAFTED)
    drafted.update(review=review, plan_line=None)  # its line is another row now; tooth and reason stand in the order
    ViewReading.objects.bulk_create(
        ViewReading(review=review, asset=view.asset, usable=view.usable, reason=view.reason)
        for view in earlier.views.filter(asset__in=review.case.assets.counted()).select_related("asset")
    )
    carry_annotations(earlier, review)


@transaction.atomic
def keep_lease(*, actor: Actor, case: Case, at: datetime) -> datetime:
    """The heartbeat of an open reading page. Raises Conflict when the case is held by somebody else or nobody."""
    until = at + LEASE
    kept = Case.objects.filter(pk=case.pk, status=Status.IN_REVIEW, reader=actor.person, lease_until__gte=at).update(
        lease_until=until
    )
    if not kept:
        raise Conflict("You do not hold this case any more. Your text is kept; start the case again to go on.")
    return until


@transaction.atomic
def save_review(*, actor: Actor, review: Review, version: int, at: datetime, **columns: Any) -> int:
    """Save some columns of the draft; returns the new version. A stale page gets Conflict and nothing is lost or written."""
    case = lock(review.case_id)
    require(may(actor, "write_review", case, at=at))
    unknown = set(columns) - {*TEXTS, *CHOICES, *TIMES}
    if unknown:
        raise Refused(f"The review has no field called {sorted(unknown)[0]!r}.")
    clean = {name: printable(value)[:TEXT_MAX] if name in TEXTS else value for name, value in columns.items()}
    for name, value in clean.items():
        setattr(review, name, value)
    review.full_clean(
        exclude=[f.name for f in Review._meta.fields if f.name not in columns], validate_constraints=False
    )
    saved = Review.objects.filter(pk=review.pk, writer=actor.person, version=version, signed_at__isnull=True).update(
        version=F("version") + 1, saved_at=at, **clean
    )
    if not saved:
        raise Conflict(STALE)
    keep_lease(actor=actor, case=case, at=at)
    if "urgency" in clean:
        tell_if_raised(case, clean["urgency"], person=actor.person, at=at, signed=False)
    return version + 1


@transaction.atomic
def add_diagnosis(
    *, actor: Actor, review: Review, code: str, at: datetime, tooth: str = "", version: int | None = None
) -> ReviewDiagnosis:
    """Add an ICD-10-CM code valid today, for a tooth where it has one."""
    case = lock_draft(actor, review, at, version=version)
    known = (
        DiagnosisCode.objects.filter(code=code.strip().upper(), valid_from__lte=case.day_seen)
        .order_by("-valid_from")
        .first()
    )
    if known is None or (known.valid_until and known.valid_until < case.day_seen):
        raise Refused("This diagnosis code is not in the list for that day. Choose one from the list.")
    if tooth and not teeth.is_key(tooth):
        raise Refused("This is not a tooth.")
    row, _ = ReviewDiagnosis.objects.get_or_create(
        review=review, code=known.code, tooth=tooth, defaults={"gloss": known.text}
    )
    return row


@transaction.atomic
def remove_diagnosis(
    *, actor: Actor, review: Review, diagnosis_id: int, at: datetime, version: int | None = None
) -> None:
    """Take a diagnosis out; plan lines that rest on it stay, without it, and the checklist says so."""
    lock_draft(actor, review, at, version=version)
    PlanLine.objects.filter(review=review, diagnosis_id=diagnosis_id).update(diagnosis=None)
    ReviewDiagnosis.objects.filter(review=review, pk=diagnosis_id).delete()


@transaction.atomic
def add_plan_line(
    *,
    actor: Actor,
    review: Review,
    what: str,
    rationale: str,
    at: datetime,
    tooth: str = "",
    priority: int = 1,
    diagnosis_id: int | None = None,
    version: int | None = None,
) -> PlanLine:
    lock_draft(actor, review, at, version=version)
    if tooth and not teeth.is_key(tooth):
        raise Refused("This is not a tooth.")
    diagnosis = ReviewDiagnosis.objects.filter(review=review, pk=diagnosis_id).first() if diagnosis_id else None
    line = PlanLine(
        review=review,
        tooth=tooth,
        what=printable(what),
        rationale=printable(rationale),
        priority=priority,
        diagnosis=diagnosis,
    )
    line.full_clean()
    line.save()
    return line


@transaction.atomic
def remove_plan_line(*, actor: Actor, review: Review, line_id: int, at: datetime, version: int | None = None) -> None:
    lock_draft(actor, review, at, version=version)
    PlanLine.objects.filter(review=review, pk=line_id).delete()


@transaction.atomic
def read_view(
    *,
    actor: Actor,
    review: Review,
    asset: Asset,
    usable: bool,
    at: datetime,
    reason: str = "",
    version: int | None = None,
) -> ViewReading:
    """Say of one view whether it could be used, and why not."""
    lock_draft(actor, review, at, version=version)
    if asset.case_id != review.case_id:
        raise Refused("This picture belongs to another case.")
    if not usable and is_filler(reason):
        raise Refused("Say why the view cannot be used: blurred, dark, wet, cropped or the wrong view.")
    row, _ = ViewReading.objects.update_or_create(
        review=review, asset=asset, defaults={"usable": usable, "reason": "" if usable else printable(reason)[:60]}
    )
    _follow_limits(review)
    return row


@transaction.atomic
def release_review(*, actor: Actor, case: Case, at: datetime) -> None:
    """Put the case back in the queue, kept for her no longer and opened by nobody; the draft stays its writer's."""
    case = lock(case.pk)
    require(may(actor, "write_review", case, at=at))
    free: dict[str, Any] = {"offered_to": None, "offered_until": None} if case.offered_to_id == actor.person.pk else {}
    move_case(
        case, "release", person=actor.person, at=at, reader=None, lease_until=None, review_started_at=None, **free
    )


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing asked of the site: about a picture, for a view that is missing, or about an answer."""

    ask: str
    asset: Asset | None = None
    view: str = ""
    field: str = ""


@transaction.atomic
def request_info(*, actor: Actor, review: Review, asks: Sequence[Ask], at: datetime) -> InfoRequest:
    """Send the case back with questions. The family's due time goes on; the dentist stays named for the answer."""
    case = lock_draft(actor, review, at)
    if not asks or any(not ask.ask.strip() for ask in asks):
        raise Refused("Say what you need, for each picture or answer.")
    request = InfoRequest.objects.create(case=case, review=review, at=at, person=actor.person)
    InfoItem.objects.bulk_create(
        InfoItem(request=request, asset=ask.asset, view=ask.view, field=ask.field, ask=printable(ask.ask)[:300])
        for ask in asks
    )
    details: Mapping[str, Any] = {
        "asked": [{"ask": a.ask, "view": a.view or (a.asset.view if a.asset else ""), "field": a.field} for a in asks]
    }
    moved = move_case(case, "request_info", person=actor.person, at=at, details=details, lease_until=None, asked_at=at)
    tell_of_question(moved, request, at=at)
    return request


def lock_draft(actor: Actor, review: Review, at: datetime, *, version: int | None = None) -> Case:
    """Lock the case and raise the draft's version, so that nothing is signed that was not on the page; `version` is the page's."""
    case = lock(review.case_id)
    require(may(actor, "write_review", case, at=at))
    if review.writer_id != actor.person.pk or review.signed_at is not None:
        raise Refused("This draft belongs to another dentist.")
    mine = Review.objects.filter(pk=review.pk, signed_at__isnull=True)
    mine = mine if version is None else mine.filter(version=version)
    if not mine.update(version=F("version") + 1, saved_at=at):
        raise Conflict(STALE)
    review.refresh_from_db(fields=["version", "saved_at"])
    case.lease_until = keep_lease(actor=actor, case=case, at=at)
    return case


@transaction.atomic
def answer_request(*, actor: Actor, item: InfoItem, at: datetime, answer: str = "", cannot_supply: str = "") -> None:
    """The site's answer to one question, or why it cannot be supplied. Submit makes the new version."""
    case = lock(item.request.case_id)
    require(may(actor, "capture", case, at=at))
    if case.submissions.filter(version__gt=item.request.review.submission.version).exists():
        raise Refused("This answer was submitted with a later version, and does not change. Answer the open questions.")
    if bool(answer.strip()) == bool(cannot_supply.strip()):
        raise Refused("Write an answer, or say why it cannot be supplied.")
    InfoItem.objects.filter(pk=item.pk).update(
        answer=printable(answer)[:500], cannot_supply=printable(cannot_supply)[:200], answered_by=actor.person
    )
    record_event(
        case.pk, "question_answered", person=actor.person, at=at,
        details={"ask": item.ask, "answer": printable(answer), "cannot_supply": printable(cannot_supply)},
    )  # fmt: skip
    if not item.request.items.filter(answer="", cannot_supply="").exists():
        InfoRequest.objects.filter(pk=item.request_id).update(answered_at=at)
