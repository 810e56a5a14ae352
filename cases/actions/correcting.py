"""A picture or a whole case of another child put right, in every state (ID-3).

While a case can be changed, or ended unsigned, the picture moves. With the dentists, the case comes back to the site in
the same act. A retracted case keeps what was signed: its picture is copied, over the same bytes, and a corrected case
can take its place.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from cases.actions.files import EXAMINE, LABELS, move_file, named_file, require_not_there
from cases.actions.indicators import said_content
from cases.actions.opening import open_case
from cases.merging import require_standing
from cases.models import (
    Asset,
    AssetState,
    Because,
    Case,
    Consultation,
    Finding,
    OnSiteService,
    Order,
    Patient,
    SaidIndicator,
)
from cases.moving import lock, move_case, record_event
from cases.order_moving import move_order
from cases.order_states import OrderStatus
from cases.permissions import may
from cases.states import ENDED_UNSIGNED, WITH_DENTISTS, Status
from teledent.accounts.acting import Actor
from teledent.jobs.queue import enqueue
from teledent.kit.decisions import Refused, require
from teledent.kit.text import is_filler, printable

COPIED = (
    *LABELS, "practice_id", "declared_name", "declared_size", "declared_sha256", "declared_by_id", "declared_at", "captured_source",
    "program_id", "consultation_id", "sent_at", "received_at", "original_id", "media_type",
)  # fmt: skip


@transaction.atomic
def put_right(*, actor: Actor, asset: Asset, to: Case, reason: str, at: datetime) -> None:
    """Bring the picture to its right child's case by the way that the state of its present case leaves open."""
    if is_filler(reason):
        raise Refused("Say why the picture moves; both timelines keep the reason.")
    origin = _lock_both(asset.case_id, to.pk)
    if origin is not None and origin.status == Status.RETRACTED:
        copy_file(actor=actor, asset=asset, to=to, reason=reason, at=at)
        return
    if origin is not None and origin.status in WITH_DENTISTS:
        _call_back(actor, origin, asset, to, reason=reason, at=at)
    move_file(actor=actor, asset=asset, to=to, reason=reason, at=at)


def _lock_both(origin_id: int | None, to_id: int) -> Case | None:
    """In one order, as every move of a picture takes them."""
    locked = {case_id: lock(case_id) for case_id in sorted({to_id, origin_id or to_id})}
    return locked[origin_id] if origin_id else None


def _call_back(actor: Actor, case: Case, asset: Asset, to: Case, *, reason: str, at: datetime) -> None:
    """The submitted version stays as it was signed; the case is the site's again, and is submitted anew without the picture.

    Whoever read it until now is remembered: it is kept for her first when it comes again. The family's time goes on, and
    from now on it is the site that is told when it runs out.
    """
    require(may(actor, "call_back", case, at=at))
    details = {**named_file(asset), "to": to.label, "reason": printable(reason), "reader": str(case.reader or "")}
    columns: dict[str, Any] = {
        "reader": None,
        "lease_until": None,
        "offered_to": case.reader,
        "offered_until": None,
        "told_due": 0,
    }
    move_case(case, "call_back", person=actor.person, at=at, details=details, **columns)


@transaction.atomic
def copy_file(*, actor: Actor, asset: Asset, to: Case, reason: str, at: datetime) -> Asset:
    """A picture of a retracted case for its right child: a row of its own over the same bytes, examined and judged anew.

    Whoever took it stays named as the one who took it, so she does not read that case either (RE-1).
    """
    origin = _lock_both(asset.case_id, to.pk)
    to = Case.objects.select_related("site").get(pk=to.pk)
    asset = Asset.objects.get(pk=asset.pk)
    if origin is None or origin.status != Status.RETRACTED or asset.case_id != origin.pk:
        raise Refused("Only a picture of a retracted case is copied; any other moves.")
    require(may(actor, "correct", origin, at=at))
    require(may(actor, "capture", to, at=at))
    if asset.original_id is None or asset.state == AssetState.STRUCK:
        raise Refused("This picture never came in, or was struck off. There is nothing to copy.")
    require_not_there(asset, to)
    copy = Asset(case=to, site=to.site, copied_from=asset, state=AssetState.RECEIVED)
    for name in COPIED:
        setattr(copy, name, getattr(asset, name))
    copy.save(force_insert=True)
    said = {**named_file(asset), "reason": printable(reason)}
    record_event(origin.pk, "file_copied_away", person=actor.person, at=at, details={**said, "to": to.label})
    here = {**said, "image": copy.public_id, "copy_of": asset.public_id, "from": origin.label}
    record_event(to.pk, "file_copied_here", person=actor.person, at=at, details=here)
    enqueue(EXAMINE, dedupe=f"{EXAMINE}:{copy.pk}", asset_id=copy.pk)
    return copy


@transaction.atomic
def open_corrected(
    *, actor: Actor, case: Case, patient: Patient, pictures: Sequence[UUID], at: datetime, public_id: UUID | None = None
) -> Case:
    """A new draft in place of a retracted case: its answers, marks and services, and the pictures that are right.

    `patient` is the same child, or the one whose case it is. A second tap returns the draft that the first one opened.
    """
    asked = _lock_question(case)
    of_office: dict[str, Any] = {"origin": case.origin, "consultation": asked} if asked else {}
    patient = require_standing(patient)
    case = lock(case.pk)
    require(may(actor, "correct", case, at=at))
    known = Case.objects.filter(follows=case, follows_because=Because.CORRECTION)
    there = known.exclude(status__in=[Status.WITHDRAWN, Status.STOPPED]).first()
    if there is not None:
        return there
    corrected = open_case(
        actor=actor, patient=patient, site=case.site, kind=case.kind, at=at, public_id=public_id, follows=case,
        because=Because.CORRECTION, **of_office,
    )  # fmt: skip
    if asked:
        Consultation.objects.filter(pk=asked.pk).update(case=corrected)
    _copy_gathered(case, corrected)
    _copy_words(actor, case, corrected, at=at)
    if patient.pk == case.patient_id:
        _carry_orders(case, corrected, at=at)
    for asset in case.assets.filter(public_id__in=pictures).order_by("pk"):
        copy_file(actor=actor, asset=asset, to=corrected, reason=f"Corrects {case.label}", at=at)
    record_event(case.pk, "corrected", person=actor.person, at=at, details={"by": corrected.label})
    return corrected


def _lock_question(case: Case) -> Consultation | None:
    """What another office asked stays asked, and the corrected case answers it: who corrects gathered it as little as before. Locked
    before patient and case, as whoever takes a question up does. Raises Refused where another case answers it by now."""
    if case.consultation_id is None:
        return None
    Consultation.objects.select_for_update().only("pk").get(pk=case.consultation_id)
    asked = Consultation.objects.select_related("case").get(pk=case.consultation_id)
    now = asked.case
    if now is not None and now.pk != case.pk and now.follows_id != case.pk and now.status not in ENDED_UNSIGNED:
        raise Refused(f"{now.label} answers the question of {asked.office} now. Nothing was opened.")
    return asked


def _copy_gathered(case: Case, corrected: Case) -> None:
    columns = ("day_seen", "patient_place", "patient_state", "questionnaire", "answers", "urgency")
    Case.objects.filter(pk=corrected.pk).update(**{name: getattr(case, name) for name in columns})
    corrected.refresh_from_db()
    Finding.objects.bulk_create(
        Finding(case=corrected, tooth=f.tooth, surfaces=f.surfaces, condition=f.condition, icdas=f.icdas, note=f.note)
        for f in case.findings.filter(review__isnull=True)
    )
    same = corrected.patient_id == case.patient_id
    OnSiteService.objects.bulk_create(
        OnSiteService(
            case=corrected, code=s.code, tooth=s.tooth, quantity=s.quantity, operator=s.operator, ordered_by=s.ordered_by,
            order=s.order if same else None,
        ) for s in case.services.select_related("operator", "order")
    )  # fmt: skip


def _copy_words(actor: Actor, case: Case, corrected: Case, *, at: datetime) -> None:
    """Words on indicators are said anew by who opens the corrected case: its own timeline tells each."""
    for row in case.said_indicators.all():
        said = said_content(row)
        SaidIndicator.objects.create(case=corrected, said_by=actor.person, said_at=at, **said)
        record_event(corrected.pk, "indicator_said", person=actor.person, at=at, details=said)


def _carry_orders(case: Case, corrected: Case, *, at: datetime) -> None:
    """What was done in a retracted visit is told by the corrected one, which fulfils the order when it is submitted."""
    for order in Order.objects.filter(visit=case, status=OrderStatus.DONE):
        move_order(order, "carry_over", person=None, at=at, details={"visit": corrected.label}, visit=corrected)
