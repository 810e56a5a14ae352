"""Import a folder: each file is judged by its bytes, kept once, and put where it belongs or into the tray (ID-2).

The id of a file follows from where it goes and what it holds, so that a second run finds what the first one made.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings

from cases import matching
from cases.actions.files import declare_file, strike_file
from cases.holding import banner_of
from cases.imaging.sniff import DICOM
from cases.importing.folder import Found, look_through
from cases.importing.receiving import Changed, examine_here, receive_file
from cases.jobs.examining import PROCESS
from cases.models import Asset, AssetState, Case, Patient
from cases.states import Status
from teledent.accounts.acting import Actor
from teledent.accounts.models import Site
from teledent.files.storage import scratch_folder
from teledent.jobs.decoder import ChildFailed, in_child
from teledent.kit.decisions import Refused

IMPORTED = UUID("6f6f2a5e-6a0e-4d0b-9a5c-0c6f0b1f7d11")  # name space of ids of imported files


class Outcome(StrEnum):
    """What became of one file."""

    TAKEN = "taken"
    HERE = "already here"
    TRAY = "waiting in tray"
    HELD = "held"
    LATER = "still being examined"
    REFUSED = "refused"
    UNREADABLE = "not readable"
    NO_PICTURE = "not a picture"


DONE = frozenset({Outcome.TAKEN, Outcome.HERE, Outcome.TRAY, Outcome.HELD, Outcome.LATER})


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report."""

    name: str
    outcome: Outcome
    sentence: str = ""


def import_folder(*, actor: Actor, site: Site, folder: Path, case: Case | None, at: datetime) -> Iterator[Row]:
    """Import file by file, each reported when it is done. Raises `StorageFull` or `StorageUnavailable`, nothing lost."""
    for found in look_through(folder, size_max=settings.FILE_SIZE_MAX):
        if found.problem:
            yield Row(found.name, Outcome.UNREADABLE, found.problem)
        elif found.media_type is None:
            yield Row(found.name, Outcome.NO_PICTURE)
        else:
            yield _imported(actor, site, found, case, at)


def _imported(actor: Actor, site: Site, found: Found, case: Case | None, at: datetime) -> Row:
    known = known_file(site, case, found.sha256)
    if known is not None and known.state != AssetState.DECLARED:
        return _known_row(actor, found, examine_here(known))
    try:
        place = case or (known.case if known else _case_named_in(site, found))
        asset = declare_file(
            actor=actor, site=site, case=place, public_id=id_of(site, place, found.sha256), size=found.size,
            sha256=found.sha256, name=found.path.name, at=at,
        )  # fmt: skip
        if not receive_file(asset, found.path, at=at):
            return _known_row(actor, found, examine_here(_again(asset)))
    except Refused as refused:
        return Row(found.name, Outcome.REFUSED, refused.sentence)
    except Changed:
        return Row(found.name, Outcome.UNREADABLE, "It changed while it was read. Run the import again.")
    if place is not None:
        _clear_tray(actor, site, found.sha256, place, at)
    return _row(found, examine_here(_again(asset)))


def id_of(site: Site, case: Case | None, sha256: str, *, again: int = 0) -> UUID:
    """The same bytes into the same place have the same id, however often they are imported. `again`: how often a file of
    these bytes was struck off before."""
    name = f"{case.public_id if case else site.public_id} {sha256}"
    return uuid5(IMPORTED, f"{name} {again}" if again else name)


def id_in_tray(site: Site, sha256: str) -> UUID:
    """Of the file that stands, or is to stand, for these bytes in the tray: one that was struck off stands for nothing."""
    same = Asset.objects.filter(practice=site.practice_id, declared_sha256=sha256, state=AssetState.STRUCK)
    struck = set(same.values_list("public_id", flat=True))
    ids = (id_of(site, None, sha256, again=again) for again in count())
    return next(one for one in ids if one not in struck)


def known_file(site: Site, case: Case | None, sha256: str) -> Asset | None:
    """The file that holds these bytes there already. Without a case: in any case of the practice, then in the tray;
    one that was struck off only where there is no other."""
    same = Asset.objects.filter(practice=site.practice_id, declared_sha256=sha256).select_related("case", "site")
    if case is not None:
        mine = same.filter(case=case)
        return mine.exclude(state=AssetState.STRUCK).order_by("-pk").first() or mine.order_by("-pk").first()
    in_case = same.filter(case__isnull=False).exclude(state=AssetState.STRUCK).order_by("pk").first()
    ids = (id_in_tray(site, sha256), id_of(site, None, sha256))
    return in_case or next((row for one in ids if (row := same.filter(public_id=one).first())), None)


def _again(asset: Asset) -> Asset:
    return Asset.objects.select_related("case", "site").get(pk=asset.pk)


def _clear_tray(actor: Actor, site: Site, sha256: str, case: Case, at: datetime) -> None:
    """What waited in the tray has found its case: it is not offered twice."""
    for waiting in Asset.objects.in_tray(actor).filter(site=site, declared_sha256=sha256):
        strike_file(actor=actor, asset=waiting, reason=f"Imported into {case.label}", at=at)


# --- whose is it ----------------------------------------------------------------------------------------------------


def _case_named_in(site: Site, found: Found) -> Case | None:
    """The one open draft here of the one patient whose name, id and birth date the file states exactly; else None."""
    identity = _identity(found)
    born = identity.get("birth_date") if identity else None
    if identity is None or not born:
        return None
    patients = Patient.objects.standing().filter(practice=site.practice_id, birth_date=date.fromisoformat(born))
    named = [patient for patient in patients if matching.names_exactly(identity, banner_of(patient))]
    if len(named) != 1:
        return None
    drafts = Case.objects.filter(patient=named[0], site=site, status=Status.DRAFT).select_related("patient", "site")
    return drafts[0] if len(drafts[:2]) == 1 else None


def _identity(found: Found) -> dict[str, Any] | None:
    """Whom a DICOM file names; asked in the decoder's child, before anything is decided."""
    if found.media_type is not DICOM:
        return None
    with scratch_folder() as scratch:
        try:
            said = in_child(PROCESS, source=str(found.path.resolve()), out_dir=str(scratch), mirrored=False)
        except ChildFailed:
            return None  # the examination says what is wrong with it
    identity: dict[str, Any] | None = said["examination"]["identity"] if said["ok"] else None
    return identity


# --- the report -----------------------------------------------------------------------------------------------------


def _known_row(actor: Actor, found: Found, asset: Asset) -> Row:
    if asset.state == AssetState.REFUSED:
        return Row(found.name, Outcome.REFUSED, asset.refusal_sentence)
    if asset.state == AssetState.STRUCK:
        return Row(found.name, Outcome.HERE, f"Struck off earlier: {asset.struck_reason}")
    if asset.case is None:
        return Row(found.name, Outcome.HERE, "In the tray.")
    visible = Case.objects.visible_to(actor).filter(pk=asset.case.pk).exists()
    return Row(found.name, Outcome.HERE, f"In {asset.case.label}." if visible else "With a patient of another site.")


def _row(found: Found, asset: Asset) -> Row:
    place = f"In {asset.case.label}." if asset.case else "Nobody is named exactly: a person decides whose it is."
    if asset.state == AssetState.REFUSED:
        return Row(found.name, Outcome.REFUSED, asset.refusal_sentence)
    if asset.state == AssetState.FAILED:
        return Row(found.name, Outcome.REFUSED, "It could not be examined. Its page has a button to try again.")
    if asset.state != AssetState.EXAMINED:
        return Row(found.name, Outcome.LATER, place)
    if asset.is_held:
        return Row(found.name, Outcome.HELD, f"{asset.hold_reason} {place}")
    return Row(found.name, Outcome.TAKEN if asset.case else Outcome.TRAY, place)
