"""A manifest from a device becomes, or changes, a case (docs/decisions/0024). Whatever is refused stays on the device."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from cases.actions.devices import speaking
from cases.actions.gathering import write_fields
from cases.actions.identifying import Unsure, identified, require_same_patient
from cases.actions.opening import open_case
from cases.device.fields import fields_of
from cases.device.manifest import Manifest
from cases.device.merging import Disagreement, Merged, merge
from cases.device_state import files_standing, state_of
from cases.models import Case, Device, Forward, Patient, ScreeningEvent
from cases.moving import lock, record_event
from cases.permissions import may
from cases.practice_permissions import may_at_site
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person, Site
from teledent.kit import canonical, clock
from teledent.kit.decisions import Conflict, Refused, require

OTHER_CONTENT = "This revision came before with other content. Both are kept: the first here, this one on the device."
OLDER = "A newer revision of this case came already, {newest}. Send that one again, or one after it."
AT_ONCE = "Two devices sent the same at the same moment. Nothing was changed by this one; send it again."
OTHER_DAY = "Seen on {seen}: the school day is {days}. Look at the clock of the device, and say there on which day she was seen."
OTHER_KIND = "{case} was opened here as another kind of case. Open a new one on the device."
NOBODY = "opened.by is nobody who works here. Nothing was changed."


@dataclass(frozen=True, slots=True)
class Sending:
    """One attempt of a device: when, by its clock, and what was measured of that clock (server minus device)."""

    device: Device
    sent_at: datetime
    clock_offset_ms: int | None
    sha256: str  # over the manifest's canonical JSON


def forward_case(
    *, actor: Actor, sending: Sending, manifest: Manifest, site: Site, event: ScreeningEvent | None, at: datetime
) -> tuple[Forward, bool]:
    """Take a manifest in; the second says whether it is new. The same revision and hash again changes nothing.

    Where nobody can tell whom it means, it is kept without a case, and its receipt asks. Raises Conflict for other content
    under a revision, for an older one and for a case that takes no changes; Refused where a rule says no. `site` and
    `event` are the manifest's, each through its gate.
    """
    require(may_at_site(actor, "forward", site))
    try:
        with transaction.atomic():
            speaking(sending.device, clock_offset_ms=sending.clock_offset_ms, at=at)
            known = _known(manifest, sending.sha256)
            if known is not None:
                return known, False
            return _taken(actor, sending, manifest, site, event, at), True
    except IntegrityError:
        raise Conflict(AT_ONCE) from None


def _known(manifest: Manifest, sha256: str) -> Forward | None:
    """The same manifest, where it came before. Raises Conflict for one that contradicts what came."""
    came = Forward.objects.filter(case_public_id=manifest.case)
    same = came.filter(revision=manifest.revision).select_related("case").first()
    if same is not None and same.sha256 != sha256:
        raise Conflict(OTHER_CONTENT)
    if same is None and (newer := came.filter(revision__gt=manifest.revision).order_by("-revision").first()):
        raise Conflict(OLDER.format(newest=newer.revision))
    return same


def _taken(
    actor: Actor, sending: Sending, manifest: Manifest, site: Site, event: ScreeningEvent | None, at: datetime
) -> Forward:
    if manifest.day_seen > clock.local_date(at, site.time_zone):
        raise Refused("day_seen lies in the future. Look at the clock of the device, and correct the day.")
    if event is not None and event.site_id != site.pk:
        raise Refused("The school day is at another site than the case.")
    if event is not None and not event.starts_on <= manifest.day_seen <= event.ends_on:
        raise Refused(OTHER_DAY.format(seen=clock.day_in_words(manifest.day_seen), days=event.days))
    by = _gatherer(actor, manifest)
    there = Case.objects.filter(practice=actor.practice, public_id=manifest.case).first()
    try:
        patient = None if there else identified(actor, manifest.patient, site=site, event=event, at=at)
    except Unsure as unsure:
        return _kept(actor, sending, manifest, None, merge({}, {}, {}), whom=unsure.whom, at=at)
    case = (
        _gone_on_with(actor, there, manifest, site, at)
        if there
        else _opened(actor, sending, manifest, site, patient, by, at)
    )
    before = _newest_of(case, sending.device)
    hashes = {file.id: file.sha256 for file in manifest.files}
    stands = state_of(case, hashes)
    # what was opened just now holds nothing of anybody's: all that the device says counts
    merged = merge(before.base if before else {} if there else stands, fields_of(manifest), stands)
    write_fields(actor=actor, case=case, writes=merged.writes, manifest=manifest, by=by, at=at)
    forward = _kept(actor, sending, manifest, case, merged, before=before, at=at)
    details = {**_on_device(sending, manifest, by, actor), "sent_at": sending.sent_at.isoformat(), "revision": manifest.revision,
               "sha256": sending.sha256, "conflicts": len(forward.receipt["conflicts"])}  # fmt: skip
    record_event(case.pk, "forwarded", person=actor.person, at=at, details=details)
    return forward


def _gatherer(actor: Actor, manifest: Manifest) -> Person:
    """Who gathered it, by the device's word: anybody who ever worked in the practice."""
    found = Person.objects.filter(memberships__practice=actor.practice, public_id=manifest.opened.by).first()
    if found is None:
        raise Refused(NOBODY)
    return found


def _gone_on_with(actor: Actor, there: Case, manifest: Manifest, site: Site, at: datetime) -> Case:
    case = lock(there.pk)
    allowed = may(actor, "capture", case, at=at)
    if not allowed:
        raise Conflict(allowed.reason)
    if case.kind != manifest.kind or case.site_id != site.pk:
        raise Conflict(OTHER_KIND.format(case=case.label))
    require_same_patient(case, manifest.patient)
    return case


def _opened(
    actor: Actor, sending: Sending, manifest: Manifest, site: Site, patient: Patient | None, by: Person, at: datetime
) -> Case:
    assert patient is not None  # noqa: S101 - identified above, where there was no case
    said = _on_device(sending, manifest, by, actor) | {"on_device_at": manifest.opened.at.isoformat()}
    case = open_case(
        actor=actor, patient=patient, site=site, kind=manifest.kind, at=at, public_id=manifest.case, opened_by=by, said=said
    )  # fmt: skip
    return lock(case.pk)


def _on_device(sending: Sending, manifest: Manifest, by: Person, actor: Actor) -> dict[str, Any]:
    """What the device said of the time, as it said it, and what was measured of its clock."""
    elsewhere = {} if by.pk == actor.person.pk else {"by": by.name}
    return {
        "device": sending.device.name, "on_device_at": manifest.made_at.isoformat(), "offset_ms": sending.clock_offset_ms, **elsewhere
    }  # fmt: skip


def _newest_of(case: Case, device: Device) -> Forward | None:
    """The manifest of the case that this device sent last: what another one said of it, this one does not know."""
    return Forward.objects.filter(case=case, device=device).order_by("-revision").first()


def _kept(
    actor: Actor, sending: Sending, manifest: Manifest, case: Case | None, merged: Merged, *, at: datetime,
    before: Forward | None = None, whom: Mapping[str, Any] | None = None,
) -> Forward:  # fmt: skip
    """The manifest as it came, with its receipt."""
    files = files_standing(case, {file.id: file.sha256 for file in manifest.files}) if case else _nothing_here(manifest)
    told = [_told(one) for one in (*merged.disagreements, *_of_the_patient(manifest, before, case))]
    receipt = {
        "case": manifest.case, "attached": case is not None, "label": case.label if case else "", "revision": manifest.revision,
        "sha256": sending.sha256, "received_at": at, "patient": case.patient.public_id if case else None, "whom": whom, "files": files,
        "conflicts": told,
    }  # fmt: skip
    return Forward.objects.create(
        case_public_id=manifest.case, case=case, device=sending.device, revision=manifest.revision, sha256=sending.sha256,
        content=manifest.content, person=actor.person, received_at=at, sent_at=sending.sent_at,
        clock_offset_ms=sending.clock_offset_ms, base=merged.base, receipt=canonical.plain(receipt),
    )  # fmt: skip


def _nothing_here(manifest: Manifest) -> dict[str, Any]:
    return {"lacking": [file.id for file in manifest.files], "verified": [], "unwanted": []}


def _of_the_patient(manifest: Manifest, before: Forward | None, case: Case | None) -> list[Disagreement]:
    """Details of a new patient count once: what a later manifest corrects is said on her page, and told here."""
    said, then = manifest.content["patient"]["new"], before.content["patient"]["new"] if before else None
    if case is None or said is None or then is None or said == then:
        return []
    return [Disagreement("patient", said, then)]


def _told(one: Disagreement) -> dict[str, Any]:
    where = "on the patient's page" if one.field == "patient" else "on the case's page"
    sentence = f"Changed here and on the device: what stands here was kept. Correct it {where} if the device is right."
    return {"field": one.field, "device": one.device, "server": one.server, "sentence": sentence}
