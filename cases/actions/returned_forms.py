"""Forms that came back: brought in as scans, read by a job, filed by their codes or by a person, and entered."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from cases.actions.consenting import record_consent
from cases.events.columns import INSURANCE
from cases.insurance_told import tell_of_insurance
from cases.merging import lock_patients, require_standing
from cases.models import (
    Consent,
    Evidence,
    FamilyForm,
    FormPage,
    FormScan,
    PageFound,
    Patient,
    ScanState,
    ScreeningEvent,
)
from cases.practice_permissions import may_at_site
from teledent.accounts.acting import Actor
from teledent.files.models import StoredFile
from teledent.jobs.queue import enqueue
from teledent.kit.decisions import Conflict, Refused, require
from teledent.kit.text import is_filler, printable

READ_SCAN = "cases.read_form_scan"
MOST_BYTES = 200 << 20
TOO_LARGE = f"A scan may have {MOST_BYTES >> 20} MB at most. Scan at 200 dpi, or bring it in in two parts."
SAME = "This very file came in before, on {day}. Its pages are on the list already."
DONE = "This page was entered or set aside meanwhile. Look at the list again; nothing was changed."


@transaction.atomic
def announce_scan(
    *, actor: Actor, event: ScreeningEvent, public_id: UUID, name: str, size: int, sha256: str, at: datetime
) -> FormScan:
    """Scanned forms of `event` are about to be sent. Announcing them again is the same scan; a file of which another sending
    was given up on the way is this one's."""
    require(may_at_site(actor, "keep_roster", event.site))
    if size > MOST_BYTES:
        raise Refused(TOO_LARGE)
    if known := FormScan.objects.filter(public_id=public_id).first():
        if known.event_id != event.pk:
            raise Refused("This scan was announced for another school day. Choose the file again.")
        return known
    ScreeningEvent.objects.select_for_update(no_key=True).only("pk").get(pk=event.pk)
    event.form_scans.filter(sha256=sha256, state=ScanState.ANNOUNCED).delete()  # nothing of it is here yet
    if before := event.form_scans.filter(sha256=sha256).exclude(state=ScanState.REFUSED).first():
        raise Refused(SAME.format(day=f"{before.received_at:%-d %b %Y}"))
    return FormScan.objects.create(
        public_id=public_id, event=event, name=printable(name).strip()[:200] or "Without a name", sha256=sha256, size=size,
        received_at=at, received_by=actor.person,
    )  # fmt: skip


def scan_arrived(scan: FormScan, stored: StoredFile) -> None:
    """The announced bytes are whole: have them read. Only inside the transaction that makes them received."""
    if FormScan.objects.filter(pk=scan.pk, state=ScanState.ANNOUNCED).update(state=ScanState.QUEUED, file=stored):
        enqueue(READ_SCAN, scan_id=scan.pk)


def filed_by_code(page: Mapping[str, Any], forms: Mapping[str, FamilyForm], at: datetime) -> dict[str, Any]:
    """Columns of a page that say what was found on it, and whose it is where one code of this day's forms says so."""
    form = forms.get(page["forms"][0]) if page["found"] == PageFound.FORM else None
    if form is None:
        return {"found": PageFound.STRANGE if page["found"] == PageFound.FORM else page["found"]}
    return {"found": PageFound.FORM, "form": form, "patient": form.patient.stays, "filed_at": at}


def forms_named(scan: FormScan, pages: Sequence[Mapping[str, Any]]) -> dict[str, FamilyForm]:
    """The forms of the scan's own school day that its codes name, their children locked: nobody is merged meanwhile."""
    named = [form for page in pages for form in page["forms"]]
    rows = FamilyForm.objects.filter(public_id__in=named, run__event=scan.event_id)
    lock_patients(*rows.values_list("patient", flat=True))
    return {str(form.public_id): form for form in rows.select_related("patient__merged_into")}


@transaction.atomic
def file_page(*, actor: Actor, page: FormPage, patient: Patient, is_ours: bool, at: datetime) -> None:
    """A person says whose page it is. `is_ours`: it is the page that was printed for her, and so asks what that asks."""
    patient = require_standing(patient)
    page = _open(actor, page)
    form = _printed_for(page, patient) if is_ours else None
    if is_ours and form is None:
        raise Refused("No form was printed here for this child. Say that it is another paper.")
    FormPage.objects.filter(pk=page.pk).update(patient=patient, form=form, filed_at=at, filed_by=actor.person)


def _printed_for(page: FormPage, patient: Patient) -> FamilyForm | None:
    """The newest form that was printed for a child on the page's school day."""
    rows = FamilyForm.objects.filter(patient=patient, run__event=page.scan.event_id)
    return rows.order_by("-run__requested_at", "-pk").first()


@transaction.atomic
def set_page_aside(*, actor: Actor, page: FormPage, because: str, at: datetime) -> None:
    """A page that no answer is entered from: an empty one, a copy, something else in the pile. It stays where it can be seen."""
    page = _open(actor, page)
    if is_filler(because):
        raise Refused("Say why the page is set aside; the list keeps it.")
    said = {"set_aside_at": at, "set_aside_by": actor.person, "set_aside_because": printable(because)[:200]}
    FormPage.objects.filter(pk=page.pk).update(**said)


@transaction.atomic
def take_page_up(*, actor: Actor, page: FormPage) -> None:
    """Back from where it was set aside."""
    require(may_at_site(actor, "keep_roster", page.scan.event.site))
    FormPage.objects.filter(pk=page.pk, set_aside_at__isnull=False).update(
        set_aside_at=None, set_aside_by=None, set_aside_because=""
    )


@transaction.atomic
def enter_page(
    *, actor: Actor, page: FormPage, scopes: Mapping[str, bool], signer_name: str, signer_authority: str, language: str,
    valid_from: date, valid_until: date | None, insurance: Mapping[str, str], health: str, at: datetime,
) -> Consent:  # fmt: skip
    """Record what a family answered on a page, with the page itself as the evidence (CO-1). `health` is what it wrote of
    allergies, medicines and illnesses: kept as its words, and no answer to what a hygienist asks."""
    if page.patient is None:
        raise Refused("Say first whose page it is.")
    patient = require_standing(page.patient)  # before the page: a merge takes the locks in this order, too
    page = _open(actor, page)
    if page.patient_id != patient.pk:
        raise Conflict(DONE)
    consent = record_consent(
        actor=actor, patient=patient, scopes=scopes, signer_name=signer_name, signer_authority=signer_authority,
        evidence=Evidence.SCAN, language=language, valid_from=valid_from, valid_until=valid_until, page=page, at=at,
    )  # fmt: skip
    FormPage.objects.filter(pk=page.pk).update(consent=consent, health=printable(health).strip())
    if said := {column: printable(insurance[column]).strip() for column in INSURANCE if insurance.get(column)}:
        tell_of_insurance(actor, {patient.pk: said}, at)
    return consent


def _open(actor: Actor, page: FormPage) -> FormPage:
    """The page under its lock, while it waits for a person."""
    require(may_at_site(actor, "keep_roster", page.scan.event.site))
    FormPage.objects.select_for_update(no_key=True).only("pk").get(pk=page.pk)
    row = FormPage.objects.select_related("scan", "patient", "form", "file").get(pk=page.pk)
    if row.consent_id is not None or row.set_aside_at is not None:
        raise Conflict(DONE)
    return row
