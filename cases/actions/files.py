"""Files of a case: declared, received, labelled, held and decided, moved, struck off. Bytes belong to the receiver."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from cases.counting import count_files
from cases.holding import hold_of
from cases.models import Asset, AssetState, Case, Origin
from cases.moving import lock, record_event
from cases.permissions import may
from cases.states import ENDED_UNSIGNED, READABLE_SIGNED, UNSIGNED, WITH_DENTISTS
from cases.view_labels import VIEWS, is_clinical
from teledent.accounts.acting import Actor
from teledent.accounts.models import Role, Site
from teledent.files.models import StoredFile
from teledent.jobs.queue import enqueue
from teledent.kit.decisions import ALLOWED, Conflict, Decision, Refused, refuse, require
from teledent.kit.text import is_filler, printable

EXAMINE = "cases.examine_asset"
FILES_MAX = 60  # in one case: a full-mouth series, its photographs and retakes
MOVED = "Somebody else moved this picture a moment ago. Reload the page; nothing was changed."
OTHER_BYTES = "This file was announced before with another size or hash. Announce it as a new file."
LATE = frozenset({AssetState.DECLARED, AssetState.REFUSED, AssetState.FAILED})  # may be struck off after the submit too
LABELS = ("view", "tooth", "mirrored", "device", "captured_at", "ordered_by", "ordered_on", "order_reason", "operator_name",
          "operator_licence", "retakes")  # fmt: skip


@transaction.atomic
def declare_file(
    *,
    actor: Actor,
    site: Site,
    case: Case | None,
    public_id: UUID,
    size: int,
    sha256: str,
    name: str,
    at: datetime,
    **labels: Any,
) -> Asset:
    """Say that a file will come, with its hash, size and label (CA-7). The same id again returns the same row.

    Raises Conflict when that id was announced for another place, size or hash: it signs for those bytes and no others.
    Without a case it goes to the site's tray. A file already in this case returns the row that holds its bytes.
    """
    if case is not None:
        case = lock(case.pk)  # as it now stands: a submit may have come since it was shown
    known = Asset.objects.filter(public_id=public_id).first()
    if known:
        said = (known.practice_id, known.site_id, known.declared_size, known.declared_sha256)
        if said != (actor.practice.pk, site.pk, size, sha256):
            raise Conflict(OTHER_BYTES)
        return known
    if case is not None:
        require(may(actor, "capture", case, at=at))
        same = (
            case.assets.filter(declared_sha256=sha256)
            .exclude(state__in=[AssetState.STRUCK, AssetState.REFUSED])
            .first()
        )
        if same:
            return same
        if case.assets.counted().count() >= FILES_MAX:
            raise Refused(f"A case takes {FILES_MAX} files. Strike off what is not needed, then send this one again.")
    elif not actor.at_site(Role.HYGIENIST, site.pk):
        raise Refused("You can import files at the sites where you work.")
    asset = Asset(
        public_id=public_id, practice=actor.practice, site=site, case=case, declared_name=printable(name)[:120],
        declared_size=size, declared_sha256=sha256, declared_by=actor.person, declared_at=at,
    )  # fmt: skip
    _label(asset, labels)
    asset.save(force_insert=True)
    if case is not None:
        record_event(case.pk, "file_declared", person=actor.person, at=at, details=named_file(asset))
    return asset


def takes_files(case: Case) -> Decision:
    """Whether declared files may still arrive: until the case is signed, withdrawn or stopped (CA-7)."""
    if case.status in UNSIGNED:
        return ALLOWED
    return refuse(f"The case is {case.shown_status.lower()}: nothing more is taken into it.")


def file_received(asset: Asset, stored: StoredFile, *, sent_at: datetime, at: datetime) -> None:
    """The receiver's effect: bytes are whole and verified. Runs inside the receiver's transaction with its row.

    Raises Conflict when they are not the declared ones, Refused when the case ended meanwhile: nothing is kept or queued.
    """
    asset, case = lock_file(asset.pk)
    if asset.original_id is not None or asset.state == AssetState.STRUCK:
        return  # a repeated last chunk: the first one did all of this; or struck off meanwhile
    if stored.sha256 != asset.declared_sha256:
        raise Conflict(OTHER_BYTES)
    if case is not None:
        require(takes_files(case))
    _write(asset, original=stored, state=AssetState.RECEIVED, sent_at=sent_at, received_at=at)
    if case is not None:
        record_event(
            case.pk, "file_received", person=asset.declared_by, at=at, details={**named_file(asset), "sent_at": sent_at},
            name_of_nobody=case.sending_link.sender if asset.declared_by is None and case.origin == Origin.LINK else "",
        )  # fmt: skip
    enqueue(EXAMINE, dedupe=f"{EXAMINE}:{asset.pk}", asset_id=asset.pk)


@transaction.atomic
def label_file(*, actor: Actor, asset: Asset, at: datetime, **labels: Any) -> None:
    """Set view, tooth, mirror, device, time or order. A flipped mirror mark makes the pictures anew."""
    asset, case = _editable(actor, asset, at)
    if asset.state == AssetState.STRUCK:
        raise Refused("This file was struck off; there is nothing to label.")
    view, mirrored = asset.view, asset.mirrored
    _label(asset, labels)
    asset.save(update_fields=[*labels, "mirrored", "captured_source"])
    record_event(case.pk, "file_labelled", person=actor.person, at=at, details=named_file(asset))
    if asset.view != view and asset.examination.get("slates"):
        _judge(asset, case, _accepted(case), at=at)
    if asset.mirrored != mirrored:
        _turn(asset)


def _turn(asset: Asset) -> None:
    """After a flip of the mirror mark: the file is in again when there are pictures the way it is marked now."""
    if asset.original_id is None or asset.state == AssetState.REFUSED:
        return
    if asset.examined_at and asset.derivatives.filter(mirrored=asset.mirrored).exists():
        _write(asset, state=AssetState.EXAMINED)
        return
    _write(asset, state=AssetState.RECEIVED)
    # A job of its own: named as one that is just finishing, PostgreSQL would wait here for that one's end, which waits for
    # the case that is held here; and one that runs with the mark of before would be taken for the one that is needed.
    enqueue(EXAMINE, asset_id=asset.pk)


@transaction.atomic
def order_films(*, actor: Actor, films: Sequence[Asset], at: datetime, **order: Any) -> None:
    """Set who ordered these radiographs, when and why, and who took them (CA-2): on all of them or on none."""
    for film in films:
        label_file(actor=actor, asset=film, at=at, **order)


@transaction.atomic
def accept_held_file(*, actor: Actor, asset: Asset, reason: str, at: datetime) -> None:
    """A person decides that a held file is this patient's, or counts with her slate in it (ID-2)."""
    if is_filler(reason):
        raise Refused("Say how you know that this picture is this patient's; the timeline keeps the reason.")
    shown = asset.hold_reason
    asset, case = _editable(actor, asset, at)
    if not asset.is_held:
        return
    if asset.hold_reason != shown:
        raise Conflict("This picture waits for another reason now. Reload the page and decide on that one.")
    _write(asset, hold_reason="", hold_code="")
    record_event(
        case.pk,
        "held_file_accepted",
        person=actor.person,
        at=at,
        details={**named_file(asset), "held": shown, "reason": printable(reason)},
    )


def judge_again(case: Case, *, at: datetime) -> None:
    """Hold or free the files of a locked, open case anew, because its day or its patient was corrected (ID-2).

    What a person accepted in this case stays accepted.
    """
    accepted = _accepted(case)
    examined = case.assets.counted().filter(examined_at__isnull=False).exclude(state=AssetState.REFUSED)
    for asset in examined.select_for_update():
        _judge(asset, case, accepted, at=at)


def _accepted(case: Case) -> dict[str, list[str]]:
    """By the id of a file what it waited for, each time that a person let it count here.

    One that left is decided anew when it comes back: somebody said meanwhile that it is another's.
    """
    accepted: dict[str, list[str]] = {}
    told = case.events.filter(kind__in=["held_file_accepted", "file_moved_here"]).order_by("seq")
    for kind, details in told.values_list("kind", "details"):
        if kind == "file_moved_here":
            accepted.pop(details["image"], None)
        else:
            held = details.get("held", "")  # the oldest events name no reason
            accepted.setdefault(details["image"], []).append(held)
    return accepted


def _judge(asset: Asset, case: Case, accepted: Mapping[str, Sequence[str]], *, at: datetime) -> None:
    """Hold or free one examined file, under its lock and its case's."""
    hold = hold_of(asset, case, asset.examination, accepted=accepted.get(str(asset.public_id), ()))
    columns = {"hold_code": hold.code if hold else "", "hold_reason": hold.sentence if hold else ""}
    if columns["hold_reason"] == asset.hold_reason:
        return
    _write(asset, **columns)
    for name, value in columns.items():
        setattr(asset, name, value)
    kind, details = ("file_held", {"code": hold.code}) if hold else ("hold_lifted", {})
    record_event(case.pk, kind, person=None, at=at, details={**named_file(asset), **details})


@transaction.atomic
def move_file(*, actor: Actor, asset: Asset, to: Case, reason: str, at: datetime) -> None:
    """Put a picture right: to another open case, or from the tray into a case; on both timelines (ID-3).

    It leaves a case that can be changed, or one that ended without a signature.

    It is judged anew beside its new patient: one that names somebody else waits there for a decision (ID-2).
    """
    if is_filler(reason):
        raise Refused("Say why the picture moves; both timelines keep the reason.")
    origin, to = _lock_both(asset.case_id, to.pk)
    asset, _ = _as_shown(asset)
    require(may(actor, "capture", to, at=at))
    if origin is not None:
        require(_may_leave(actor, origin, at=at))
    require_not_there(asset, to)
    details = {**named_file(asset), "reason": printable(reason)}
    if origin is not None:
        record_event(origin.pk, "file_moved_away", person=actor.person, at=at, details={**details, "to": to.label})
    hold = hold_of(asset, to, asset.examination) if asset.examination else None
    _write(
        asset,
        case=to,
        site=to.site,
        hold_code=hold.code if hold else "",
        hold_reason=hold.sentence if hold else "",
    )
    record_event(
        to.pk,
        "file_moved_here",
        person=actor.person,
        at=at,
        details={**details, "from": origin.label if origin else _tray_of(asset)},
    )


def _tray_of(asset: Asset) -> str:
    return f"the tray, where {asset.program} sent it" if asset.program else "the tray"


def require_not_there(asset: Asset, to: Case) -> None:
    """The same bytes lie in a case once."""
    same = to.assets.filter(declared_sha256=asset.declared_sha256)
    if same.exclude(state__in=[AssetState.STRUCK, AssetState.REFUSED]).exists():
        raise Refused("The same picture is already in that case. Nothing was moved.")


def _may_leave(actor: Actor, case: Case, *, at: datetime) -> Decision:
    if case.status in READABLE_SIGNED:
        return refuse(
            "This case is signed, and keeps its pictures. The dentist who signed it, or a manager, retracts it."
        )
    if case.status in ENDED_UNSIGNED and actor.at_site(Role.HYGIENIST, case.site_id):
        return ALLOWED
    return may(actor, "capture", case, at=at)


@transaction.atomic
def strike_file(*, actor: Actor, asset: Asset, reason: str, at: datetime) -> None:
    """Take a declared file out of account, with a reason. Its bytes and its row stay; a submitted version is not changed."""
    if is_filler(reason):
        raise Refused("Say why the file is struck off.")
    asset, case = _as_shown(asset)
    if asset.state == AssetState.STRUCK:
        return  # the first reason stands
    if case is None:
        if not actor.at_site(Role.HYGIENIST, asset.site_id):
            raise Refused("You can sort files of the sites where you work.")
    else:
        late = case.status in WITH_DENTISTS and asset.state in LATE
        if not late:
            require(may(actor, "capture", case, at=at))
        elif not actor.at_site(Role.HYGIENIST, case.site_id):
            raise Refused("A hygienist of that site strikes off what will not come, or came broken.")
        record_event(
            case.pk,
            "file_struck",
            person=actor.person,
            at=at,
            details={**named_file(asset), "reason": printable(reason)},
        )
    _write(asset, state=AssetState.STRUCK, struck_reason=printable(reason)[:200])
    if case is not None:
        count_files(case.pk)


@transaction.atomic
def examine_again(*, actor: Actor, asset: Asset, at: datetime) -> None:
    """The retry button of a file whose examination was set aside (processing failed)."""
    asset, case = _as_shown(asset)
    if asset.state != AssetState.FAILED:
        return
    if not actor.at_site(Role.HYGIENIST, case.site_id if case else asset.site_id):
        raise Refused("A hygienist of that site can try again.")
    _write(asset, state=AssetState.RECEIVED)
    enqueue(EXAMINE, dedupe=f"{EXAMINE}:{asset.pk}", asset_id=asset.pk)


# --- as it now stands -----------------------------------------------------------------------------------------------


def lock_file(asset_id: int) -> tuple[Asset, Case | None]:
    """A file and its case, read anew under their locks. Raises Conflict when it changes its case at this very moment."""
    return _locked_in(Asset.objects.values_list("case", flat=True).get(pk=asset_id), asset_id)


def _as_shown(shown: Asset) -> tuple[Asset, Case | None]:
    """The file as it now stands, under its lock, if it still lies where the page showed it."""
    return _locked_in(shown.case_id, shown.pk)


def _locked_in(case_id: int | None, asset_id: int) -> tuple[Asset, Case | None]:
    """The case is locked before its file, everywhere, so that nobody waits crosswise."""
    case = lock(case_id) if case_id else None
    Asset.objects.select_for_update().only("pk").get(pk=asset_id)  # locked first and read after, as `lock` says why
    asset = Asset.objects.select_related("site", "declared_by", "program", "consultation__site", "original").get(
        pk=asset_id
    )
    if asset.case_id != case_id:
        raise Conflict(MOVED)
    asset.case = case
    return asset, case


def _editable(actor: Actor, shown: Asset, at: datetime) -> tuple[Asset, Case]:
    asset, case = _as_shown(shown)
    if case is None:
        raise Refused("This file is in no case yet.")
    require(may(actor, "capture", case, at=at))
    return asset, case


def _lock_both(origin_id: int | None, to_id: int) -> tuple[Case | None, Case]:
    """Both cases of a move under their locks, taken in one order so that two moves never wait for each other."""
    locked = {case_id: lock(case_id) for case_id in sorted({to_id, origin_id or to_id})}
    return (locked[origin_id] if origin_id else None), locked[to_id]


def _write(asset: Asset, **columns: Any) -> None:
    """Change a locked file, if its place and its state are still those that were judged."""
    read = Asset.objects.filter(pk=asset.pk, case=asset.case_id, state=asset.state, hold_reason=asset.hold_reason)
    if not read.update(**columns):
        raise Conflict(MOVED)


def _label(asset: Asset, labels: dict[str, Any]) -> None:
    unknown = set(labels) - set(LABELS)
    if unknown:
        raise ValueError(f"Not a label of a file: {unknown}")
    view = labels.get("view")
    if view and view not in VIEWS:
        raise Refused("This is not one of the views.")
    for name, value in labels.items():
        setattr(asset, name, printable(value) if isinstance(value, str) else value)
    if "captured_at" in labels:
        asset.captured_source = "person" if asset.original_id else "device"
    if asset.view and not is_clinical(asset.view):
        asset.mirrored = False


def named_file(asset: Asset) -> dict[str, Any]:
    return {"image": asset.public_id, "view": asset.view, "sha256": asset.declared_sha256, "size": asset.declared_size}
