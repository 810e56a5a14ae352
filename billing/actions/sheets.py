"""A list of a school day comes back as a spreadsheet: announced, read by a job, looked at, and recorded once."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db import transaction

from billing.actions.verifying import verification
from billing.models import Claim, Coverage, CoverageSheet, SheetState, Verification
from billing.moving import CHECK
from billing.permissions import may
from billing.school_days.comparing import Line, Record, cells_told, compare, left_out
from billing.school_days.reading import children_of
from cases.merging import lock_patients
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person, Site
from teledent.files.models import StoredFile
from teledent.jobs.queue import enqueue
from teledent.kit import clock
from teledent.kit.decisions import Conflict, Refused, require
from teledent.kit.spreadsheets import MOST_BYTES, TOO_LARGE
from teledent.kit.text import printable

READ_SHEET = "billing.read_sheet"
MEANWHILE = "What is on file changed since you looked. Look at the rows again; nothing was recorded."


@dataclass(frozen=True, slots=True)
class Preview:
    """Every row with what becomes of it, the children without a row, and what a person agrees to by `digest`."""

    lines: list[Line]
    left_out: int
    digest: str

    @property
    def records(self) -> list[Record]:
        return [line.record for line in self.lines if line.record]


@transaction.atomic
def announce_sheet(
    *, actor: Actor, site: Site, day: date, public_id: UUID, name: str, size: int, sha256: str, at: datetime
) -> CoverageSheet:
    """A sheet about `site` on `day` is about to be sent. Announcing it again is the same sheet."""
    require(may(actor, "keep_settings"))
    if size > MOST_BYTES:
        raise Refused(TOO_LARGE)
    if known := CoverageSheet.objects.filter(public_id=public_id, practice=actor.practice).first():
        return known
    return CoverageSheet.objects.create(
        public_id=public_id, practice=actor.practice, site=site, day=day, name=printable(name).strip()[:200] or "Without a name",
        sha256=sha256, size=size, received_at=at, received_by=actor.person,
    )  # fmt: skip


def sheet_arrived(sheet: CoverageSheet, stored: StoredFile) -> None:
    """The announced bytes are whole: have them read. Only inside the transaction that makes them received."""
    taken = CoverageSheet.objects.filter(pk=sheet.pk, state=SheetState.ANNOUNCED)
    if taken.update(state=SheetState.QUEUED, file=stored):
        enqueue(READ_SHEET, sheet_id=sheet.pk)


def look_at(sheet: CoverageSheet, *, reader: Person, at: datetime) -> Preview:
    """What the sheet would record as things stand; as many queries however many rows it has."""
    children = children_of(sheet.site, sheet.day, reader=reader)
    rows = [(number, row) for number, row in sheet.rows]
    lines = compare(rows, children, day=sheet.day, today=clock.local_date(at, sheet.site.time_zone))
    return Preview(lines, left_out(rows, children), _digest(lines))


def _digest(lines: Iterable[Line]) -> str:
    """Over what would be recorded, and of which plan as it was asked about."""
    said = [
        [str(line.record.plan), line.child.plan.payer, line.child.plan.member_id, cells_told(line.record.told)]
        for line in lines
        if line.record and line.child and line.child.plan
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def record_sheet(*, actor: Actor, sheet: CoverageSheet, digest: str, at: datetime) -> CoverageSheet:
    """Record every changed row, and nothing of the others. A second click finds it done.

    Raises Conflict when something else would be recorded than what was looked at.
    """
    require(may(actor, "keep_settings"))
    sheet = CoverageSheet.objects.select_for_update(of=("self",)).select_related("site").get(pk=sheet.pk)
    if sheet.practice_id != actor.practice.pk:
        raise Refused("This sheet belongs to another practice.")
    if sheet.state == SheetState.RECORDED:
        return sheet
    if sheet.state != SheetState.READABLE:
        raise Refused("This sheet has not been read.")
    coverages = _locked(look_at(sheet, reader=actor.person, at=at))
    preview = look_at(sheet, reader=actor.person, at=at)  # as it stands under the locks
    if preview.digest != digest or any(record.plan not in coverages for record in preview.records):
        raise Conflict(MEANWHILE)
    rows = [_row(actor, sheet, record, coverages[record.plan], at=at) for record in preview.records]
    Verification.objects.bulk_create(rows, batch_size=500)
    sheet.state, sheet.recorded, sheet.recorded_at, sheet.recorded_by = SheetState.RECORDED, len(rows), at, actor.person
    sheet.save(update_fields=["state", "recorded", "recorded_at", "recorded_by"])
    _check_anew([row.coverage.patient_id for row in rows])
    trail.record(
        "import", noun="coverage sheet", public_id=sheet.public_id, person=actor.person, practice=actor.practice, at=at
    )
    return sheet


def _locked(preview: Preview) -> dict[UUID, Coverage]:
    """The coverages of the changed rows, their patients locked, so that none is verified or merged meanwhile."""
    ids = [record.plan for record in preview.records]
    coverages = {
        one.public_id: one for one in Coverage.objects.filter(public_id__in=ids).select_related("payer", "patient")
    }
    if coverages:
        lock_patients(*sorted({one.patient_id for one in coverages.values()}))
    return coverages


def _row(actor: Actor, sheet: CoverageSheet, record: Record, coverage: Coverage, *, at: datetime) -> Verification:
    told = record.told
    said = {
        "verified_on": told.verified.on, "how": told.verified.how, "asynchronous": told.verified.says,
        "authorisation": told.verified.authorisation, "reference": told.reference, "note": told.note,
    }  # fmt: skip
    row = verification(
        actor=actor, coverage=coverage, public_id=uuid5(sheet.public_id, str(coverage.public_id)), said=said, at=at
    )
    row.clean_fields(exclude={"coverage", "payer", "recorded_by"})  # known rows: no query for each
    return row


def _check_anew(patients: Sequence[int]) -> None:
    """In the background, for there may be hundreds."""
    unsent = (
        Claim.objects.filter(case__patient__in=patients).to_check().order_by().values_list("case__patient", flat=True)
    )
    for patient_id in sorted(set(unsent)):
        enqueue(CHECK, patient_id=patient_id)
