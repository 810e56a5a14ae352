"""Examine a received file in the decoder's child: judge it, make its pictures, and say whose it may be."""

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from cases.actions.files import EXAMINE, lock_file
from cases.actions.preparing import pack_soon
from cases.consulting import told_of_taking
from cases.counting import count_files
from cases.derivatives import Made, keep_derived, record_derived
from cases.holding import hold_of
from cases.imaging.refusal import SENTENCES
from cases.matching import can_be_taken_at
from cases.models import Asset, AssetState, Case
from cases.moving import record_event
from cases.slates import slates_in
from cases.states import EDITABLE
from cases.view_labels import SLATE
from teledent.files.storage import local_copy, scratch_folder
from teledent.jobs.decoder import ChildFailed, in_child
from teledent.jobs.registry import Effect, job
from teledent.kit import clock

logger = logging.getLogger(__name__)
PROCESS = "cases.imaging.process:process_file"
A_MINUTE = timedelta(minutes=1)
GREEDY = "out-of-resources"
FILES_OWN_FAULT = frozenset({"memory", "cpu", "output"})  # a crash or a slow clock may be ours: those are tried again


def set_aside(*, asset_id: int, **_: object) -> None:
    """Five tries failed: the file is shown with a retry button and holds no case up silently."""
    for waiting in Asset.objects.filter(pk=asset_id, state=AssetState.RECEIVED):
        asset = lock_file(waiting.pk)[0]
        if Asset.objects.filter(pk=asset_id, state=AssetState.RECEIVED).update(state=AssetState.FAILED):
            _tell_case(asset, "processing_failed", at=clock.now())


@job(EXAMINE, heavy=True, on_parked=set_aside)
def examine_asset(*, asset_id: int, **_: object) -> Effect | None:
    asset = (
        Asset.objects.filter(pk=asset_id, original__isnull=False)
        .select_related("original", "case__patient", "case__site")
        .first()
    )
    if asset is None or asset.original is None:
        logger.info("Asset %s is gone; nothing to examine.", asset_id)
        return None
    with local_copy(asset.original.key) as source, scratch_folder() as scratch:
        try:
            found = in_child(PROCESS, source=str(source), out_dir=str(scratch), mirrored=asset.mirrored)
        except ChildFailed as failed:
            if failed.code not in FILES_OWN_FAULT:
                raise
            found = {"ok": False, "code": GREEDY, "sentence": SENTENCES[GREEDY]}
        kept = keep_derived(found.get("derived", []), scratch)
    return partial(_write, asset_id=asset_id, mirrored=asset.mirrored, found=found, kept=kept)


def _write(*, asset_id: int, mirrored: bool, found: dict[str, Any], kept: list[Made]) -> None:
    """The effect: pictures, facts, state, hold and event together.

    A file that is in already, or is marked otherwise than when this examination began, gets its pictures and nothing
    else: for the mark of now there is another job.
    """
    at = clock.now()
    asset, case = lock_file(asset_id)
    if asset.state == AssetState.STRUCK:
        return  # struck off meanwhile: the spare bytes are swept
    if not found["ok"]:
        _refuse(asset, found, at=at)
        return
    record_derived(asset, kept, mirrored=mirrored, at=at)
    if asset.state == AssetState.EXAMINED or asset.mirrored != mirrored:
        return
    first_time = asset.examined_at is None
    said = _said_instant(found["examination"], asset)
    signed = asset.captured_at if case is not None and case.status not in EDITABLE else None
    columns = _columns(asset, found["examination"], said=None if signed else said, at=at)
    if first_time and slates_in(found["examination"]) and _has_no_view(asset, case):
        asset.view = columns["view"] = SLATE
    if first_time and case:
        columns |= _told_by_office(asset, columns)
    hold = hold_of(asset, case, found["examination"]) if first_time and case else None
    if hold:
        columns |= {"hold_code": hold.code, "hold_reason": hold.sentence}
    Asset.objects.filter(pk=asset_id, state=asset.state).update(**columns)
    pack_soon(Asset.objects.get(pk=asset_id), at=at)
    if asset.case_id:
        count_files(asset.case_id)
    if first_time:
        details = {"code": hold.code} if hold else {}
        if signed and said and abs(said - signed) >= A_MINUTE:
            details["file_says"] = found["examination"]["captured_at"]["local"]
        _tell_case(asset, "file_held" if hold else "file_examined", at=at, **details)


def _has_no_view(asset: Asset, case: Case | None) -> bool:
    """Nobody said yet what it shows, and saying so changes nothing that was submitted."""
    return not asset.view and not asset.mirrored and (case is None or case.status in EDITABLE)


def _refuse(asset: Asset, found: dict[str, Any], *, at: datetime) -> None:
    if asset.state in (AssetState.EXAMINED, AssetState.REFUSED):
        return  # it could be read before, and stays in; or this was said before
    Asset.objects.filter(pk=asset.pk, state=asset.state).update(
        state=AssetState.REFUSED, refusal_code=found["code"], refusal_sentence=found["sentence"], examined_at=at
    )
    _tell_case(asset, "file_refused", at=at, code=found["code"])


def _columns(asset: Asset, examination: dict[str, Any], *, said: datetime | None, at: datetime) -> dict[str, Any]:
    """State and facts; the device and the capture time `said` fill in only where nobody said otherwise."""
    columns: dict[str, Any] = {
        "state": AssetState.EXAMINED,
        "media_type": examination["media_type"],
        "examination": examination,
        "examined_at": asset.examined_at or at,
        "refusal_code": "",
        "refusal_sentence": "",
    }
    if said and asset.captured_source != "person":
        columns |= {"captured_at": said, "captured_source": "file"}
    device = examination["device"]
    if not asset.device:
        columns["device"] = " ".join(part for part in (device["make"], device["model"]) if part)[:80]
    return columns


def _told_by_office(asset: Asset, columns: dict[str, Any]) -> dict[str, Any]:
    """What another office said of a file that was placed before it was looked at, where the file does not say it."""
    if asset.consultation is None:
        return {}
    found = Asset(captured_at=columns.get("captured_at", asset.captured_at), device=columns.get("device", asset.device))
    return told_of_taking(found, asset.consultation)


def _said_instant(examination: dict[str, Any], asset: Asset) -> datetime | None:
    """The file's own capture time: with its offset where it states one, else read on the site's wall clock.

    A time at which it cannot have been taken says nothing.
    """
    said = examination.get("captured_at")
    if not said:
        return None
    try:
        if said["offset"]:
            instant = datetime.fromisoformat(f"{said['local']}{said['offset']}")
        else:
            instant = datetime.fromisoformat(said["local"]).replace(tzinfo=ZoneInfo(asset.site.time_zone))
    except ValueError:
        return None
    return instant if can_be_taken_at(instant, known_at=asset.received_at or asset.declared_at) else None


def _tell_case(asset: Asset, kind: str, *, at: datetime, **details: Any) -> None:
    if asset.case_id is not None:
        record_event(
            asset.case_id, kind, person=None, at=at,
            details={"image": asset.public_id, "view": asset.view, "sha256": asset.declared_sha256, **details},
        )  # fmt: skip
