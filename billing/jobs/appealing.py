"""Make the packet of one appeal from its letter as it stands: laid out in the decoder's child, kept, committed at once.

The letter names its exhibits by number and hash. If the records that it rests on read otherwise by now, nothing is made
and the appeal says so: a packet never encloses what its letter does not list.
"""

import logging
from datetime import datetime
from functools import partial
from pathlib import Path

from billing.actions.appealing import PACK, letter_of, material_of
from billing.appeal_content import Material
from billing.appeal_states import AppealStatus
from billing.appeals.letter import Letter
from billing.composing import NotComposable, copy_picture, render
from billing.models import Appeal, SignedBy
from billing.packet.appeal import AppealContent, AppealOrder, CoverNote, LetterSignature
from billing.packet.codec import to_json
from teledent.files import keeping
from teledent.files.storage import scratch_folder
from teledent.jobs.registry import Effect, job
from teledent.kit import clock, faults
from teledent.kit.decisions import Conflict, Refused
from teledent.printing.moments import Moment

logger = logging.getLogger(__name__)
RENDER = "billing.packet.render:render_appeal"
PARKED = "The packet could not be made. Try again; if it fails again, tell whoever keeps this installation."
OTHERWISE = "The records read otherwise than when the letter was composed. Withdraw this appeal and begin it anew."


def set_aside(*, appeal_id: int, **_: object) -> None:
    """Five tries failed: the appeal says so and offers to try again."""
    Appeal.objects.filter(pk=appeal_id, packet__isnull=True, sent_at__isnull=True).update(packet_fault=PARKED)


@job(PACK, heavy=True, on_parked=set_aside)
def pack_appeal(*, appeal_id: int, **_: object) -> Effect | None:
    waiting = Appeal.objects.filter(pk=appeal_id, packet__isnull=True, sent_at__isnull=True)
    appeal = (
        waiting.exclude(status=AppealStatus.WITHDRAWN)
        .select_related("claim__case__patient", "claim__case__site", "claim__coverage__payer", "practice", "dentist")
        .first()
    )
    if appeal is None:
        logger.info("The packet of appeal %s is made, or the appeal is gone.", appeal_id)
        return None
    at = clock.now().replace(microsecond=0)
    try:
        with scratch_folder() as scratch:
            pages = _print(appeal, scratch, at=at)
            faults.point("billing.appeal.printed")
            kept = keeping.keep_file(scratch / "packet.pdf", folder="appeals")
    except (NotComposable, Refused) as refusal:
        return partial(_say_fault, appeal, refusal.sentence)
    return partial(_finish, appeal, kept, pages, at=at)


def _print(appeal: Appeal, scratch: Path, *, at: datetime) -> int:
    """Write packet.pdf; returns how many pages it has."""
    letter, material = letter_of(appeal), material_of(appeal)
    if not _is_enclosed(letter, material):
        raise NotComposable(OTHERWISE)
    for picture in (one for part in material.planned for one in part.pictures):
        copy_picture(picture, scratch)
    order = AppealOrder(_content(appeal, letter, material), at)
    return int(render(RENDER, to_json(order), scratch, "packet.pdf")["pages"])


def _is_enclosed(letter: Letter, material: Material) -> bool:
    now = [(one.number, one.record.sha256) for one in material.basis.exhibits]
    return now == [(one.number, one.sha256) for one in letter.exhibits]


def _content(appeal: Appeal, letter: Letter, material: Material) -> AppealContent:
    zone = material.basis.zone
    signed = appeal.signed_at is not None
    return AppealContent(
        patient=material.patient,
        claim_number=appeal.claim.claim_id,
        letter=letter,
        letter_digest=appeal.letter_digest,
        signature=LetterSignature(
            appeal.signed_name, appeal.signed_licence, Moment(appeal.signed_at, zone), appeal.signed_digest
        ) if signed and appeal.signed_at else None,
        note=CoverNote(appeal.note, Moment(appeal.noted_at, zone), appeal.noted_by) if appeal.noted_at else None,
        record=material.record,
        answer=material.answer,
        proofs=material.proofs,
        by_practice=appeal.practice.name,
        to_be_signed="" if signed else _to_sign(appeal),
    )  # fmt: skip


def _to_sign(appeal: Appeal) -> str:
    """Whose signature is still to come; nobody's where none is wanted."""
    return {SignedBy.DENTIST: appeal.dentist.name, SignedBy.FRONT_DESK: "the front desk"}.get(
        SignedBy(appeal.signature), ""
    )


def _finish(appeal: Appeal, kept: keeping.Kept, pages: int, *, at: datetime) -> None:
    """The effect: only for the very letter, note and signature that were printed; otherwise another job makes it."""
    stored = keeping.record(kept, at=at, media_type="application/pdf")
    same = Appeal.objects.filter(
        pk=appeal.pk, packet__isnull=True, sent_at__isnull=True, letter_digest=appeal.letter_digest, note=appeal.note,
        signed_at=appeal.signed_at,
    )  # fmt: skip
    if not same.update(packet=stored, packet_pages=pages, packet_fault=""):
        raise Conflict("The letter of this appeal changed while its packet was made.")


def _say_fault(appeal: Appeal, sentence: str) -> None:
    same = Appeal.objects.filter(pk=appeal.pk, packet__isnull=True, letter_digest=appeal.letter_digest)
    same.update(packet_fault=sentence[:300])
