"""Forms that came back: brought in as scans, read by a job, filed by their codes or by a person, and entered."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from cases.actions.consenting import Rested, record_consent, tell_entered_wrongly
from cases.events.columns import INSURANCE
from cases.insurance_told import tell_of_insurance
from cases.merging import lock_patients, require_standing
from cases.models import (
    Consent,
    Evidence,
    FamilyForm,
    FormPage,
    FormPageChange,
    FormScan,
    PageFound,
    Patient,
    ScanState,
    ScreeningEvent,
)
from cases.practice_permissions import may_at_site
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.accounts.models import Role
from teledent.files.models import StoredFile
from teledent.jobs.queue import enqueue
from teledent.kit import clock
from teledent.kit.decisions import Conflict, Refused, require
from teledent.kit.text import is_filler, printable

READ_SCAN = "cases.read_form_scan"
MOST_BYTES = 200 << 20
LONGEST = FormPageChange._meta.get_field("was").max_length or 0
TOO_LARGE = f"A scan may have {MOST_BYTES >> 20} MB at most. Scan at 200 dpi, or bring it in in two parts."
SAME = "This very file came in before, on {day}. Its pages are on the list already."
DONE = "This page was entered or set aside meanwhile. Look at the list again; nothing was changed."
ANEW = "This file was brought in a second time while it was on its way. The second one counts; look at the list."
UNENTERED = "What was entered from this page was taken back meanwhile. Look at it again; nothing was changed."
REFILED = "This page was filed under another child meanwhile. Look whose it is; nothing was recorded."


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
    _let_go(event, sha256)
    if before := event.form_scans.filter(sha256=sha256).exclude(state=ScanState.REFUSED).first():
        raise Refused(SAME.format(day=f"{before.received_at:%-d %b %Y}"))
    return FormScan.objects.create(
        public_id=public_id, event=event, name=printable(name).strip()[:200] or "Without a name", sha256=sha256, size=size,
        received_at=at, received_by=actor.person,
    )  # fmt: skip


def _let_go(event: ScreeningEvent, sha256: str) -> None:
    """Remove sendings of this file of which nothing is here yet. Under their locks: the last part of one may be arriving, and
    what its sender was told of as taken is never removed."""
    on_their_way = event.form_scans.select_for_update().filter(sha256=sha256, state=ScanState.ANNOUNCED)
    FormScan.objects.filter(pk__in=[scan.pk for scan in on_their_way]).delete()


def scan_arrived(scan: FormScan, stored: StoredFile) -> None:
    """The announced bytes are whole: have them read. Only inside the transaction that makes them received. Raises Conflict, so
    that the sender is not told of success, where the same file was announced anew meanwhile."""
    if FormScan.objects.filter(pk=scan.pk, state=ScanState.ANNOUNCED).update(state=ScanState.QUEUED, file=stored):
        enqueue(READ_SCAN, scan_id=scan.pk)
    elif not FormScan.objects.filter(pk=scan.pk).exists():
        raise Conflict(ANEW)


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
def file_page(*, actor: Actor, page: FormPage, patient: Patient, is_ours: bool, at: datetime, reason: str = "") -> None:
    """A person says whose page it is. `is_ours`: it is the page that was printed for her, and so asks what that asks; where a code
    said which form it is, that stands. A page that is filed under another child goes from one to the other with a reason (ID-3)."""
    patient = require_standing(patient)
    page = _open(actor, page)
    form = page.form_of_code or (_printed_for(page, patient) if is_ours else None)
    if is_ours and form is None:
        raise Refused("No form was printed here for this child. Say that it is another paper.")
    if page.patient is not None and page.patient != patient and is_filler(reason):
        raise Refused(f"Say why it is not of {page.patient.name}; the page keeps it.")
    _keep_how_it_stood(actor, page, reason=reason, at=at)
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
    _keep_how_it_stood(actor, page, at=at)
    said = {"set_aside_at": at, "set_aside_by": actor.person, "set_aside_because": printable(because)[:200]}
    FormPage.objects.filter(pk=page.pk).update(**said)


@transaction.atomic
def take_page_up(*, actor: Actor, page: FormPage, at: datetime) -> None:
    """Back from where it was set aside."""
    require(may_at_site(actor, "keep_roster", page.scan.event.site))
    page = _locked(page)
    if page.set_aside_at is not None:
        _keep_how_it_stood(actor, page, at=at)
        FormPage.objects.filter(pk=page.pk).update(set_aside_at=None, set_aside_by=None, set_aside_because="")


def _keep_how_it_stood(actor: Actor, page: FormPage, *, at: datetime, reason: str = "") -> None:
    _keep(actor, page, _stands(page), reason=reason, at=at)


def _keep(
    actor: Actor, page: FormPage, was: str, *, reason: str, at: datetime, taken_back: Consent | None = None
) -> None:
    """Only inside the transaction that changes the page, which the caller holds locked."""
    kept = {"was": was[:LONGEST], "reason": printable(reason)[:200], "consent": taken_back}
    FormPageChange.objects.create(page=page, at=at, person=actor.person, **kept)
    trail.record(
        "changed", noun="form page", public_id=page.public_id, person=actor.person, practice=actor.practice, at=at
    )


def _stands(page: FormPage) -> str:
    """In words: "Filed under Mateo Reyes by its code on 10 Nov 2026", "Nobody's", and who set it aside and why."""
    whose = "Nobody’s"
    if page.patient is not None and page.filed_at is not None:
        by = page.filed_by.name if page.filed_by else "its code"
        whose = f"Filed under {page.patient.name}, born {page.patient.birth_date:%-d %b %Y}, by {by}"
        whose = f"{whose} on {_day(page, page.filed_at)}"
    if page.set_aside_by is None or page.set_aside_at is None:
        return whose
    aside = f"Set aside by {page.set_aside_by.name} on {_day(page, page.set_aside_at)}: {page.set_aside_because}"
    return f"{whose}. {aside}"


def _day(page: FormPage, at: datetime) -> str:
    return f"{clock.local_date(at, page.scan.event.site.time_zone):%-d %b %Y}"


@transaction.atomic
def enter_page(
    *, actor: Actor, page: FormPage, child: UUID, scopes: Mapping[str, bool], signer_name: str, signer_authority: str, language: str,
    valid_from: date, valid_until: date | None, insurance: Mapping[str, str], health: str, at: datetime,
) -> Consent:  # fmt: skip
    """Record what a family answered on a page, with the page itself as the evidence (CO-1). `health` is what it wrote of
    allergies, medicines and illnesses: kept as its words, and no answer to what a hygienist asks. `child` is whom she
    saw it filed under."""
    if page.patient is None:
        raise Refused("Say first whose page it is.")
    patient = require_standing(page.patient)  # before the page: a merge takes the locks in this order, too
    page = _open(actor, page)
    if page.patient_id != patient.pk or patient.public_id != child:
        raise Conflict(REFILED)
    if valid_from > clock.local_date(at, page.scan.event.site.time_zone):
        raise Refused("A paper cannot have been signed after today. Enter the day that stands on it.")
    consent = record_consent(
        actor=actor, patient=patient, scopes=scopes, signer_name=signer_name, signer_authority=signer_authority,
        evidence=Evidence.SCAN, language=language, valid_from=valid_from, valid_until=valid_until, page=page, at=at,
    )  # fmt: skip
    FormPage.objects.filter(pk=page.pk).update(consent=consent, health=printable(health).strip())
    if said := {column: printable(insurance[column]).strip() for column in INSURANCE if insurance.get(column)}:
        tell_of_insurance(actor, {patient.pk: said}, at)
    return consent


@transaction.atomic
def correct_health(*, actor: Actor, page: FormPage, health: str, reason: str, at: datetime) -> None:
    """Put right what an entered page says that its family wrote of health; without words nobody is shown it any more. What stood
    there is kept with the page, and the consent stands."""
    require(may_at_site(actor, "keep_roster", page.scan.event.site))
    page = _locked(page)
    if page.consent_id is None:
        raise Refused("Nothing was entered from this page yet. Enter what stands on it.")
    if is_filler(reason):
        raise Refused("Say why it is changed; the page keeps it.")
    said = printable(health).strip()
    if said == page.health:
        raise Refused(
            "These are the words that stand there already. Change them, or leave them empty to take them back."
        )
    _keep(actor, page, _wrote(page), reason=reason, at=at)
    FormPage.objects.filter(pk=page.pk).update(health=said)


@transaction.atomic
def take_entry_back(*, actor: Actor, page: FormPage, answer: UUID, reason: str, at: datetime) -> Rested:
    """What was entered from a page was another child's, or was read wrongly (ID-3). From now on the answer counts for nobody, the
    words of health are shown to nobody, and the page waits for a person who says whose it is. The answer stays on file with its
    page, and every case of the child tells it. `answer` is what she saw as entered. Signed cases and sent claims stay as they are."""
    require(may_at_site(actor, "keep_roster", page.scan.event.site))
    if not actor.has(Role.HYGIENIST, Role.FRONT_DESK):
        raise Refused("Hygienists and the front desk take an answer back.")
    if page.consent is None:
        raise Conflict(UNENTERED)
    patient = require_standing(page.consent.patient)  # before the page: a merge takes the locks in this order, too
    page = _locked(page)
    if page.consent is None or page.consent.public_id != answer or page.consent.patient_id != patient.pk:
        raise Conflict(UNENTERED)
    if is_filler(reason):
        raise Refused("Say why it is taken back; the page and the child’s cases keep it.")
    consent, said = page.consent, printable(reason)[:200]
    if page.health:
        _keep(actor, page, _wrote(page), reason=said, at=at)
    _keep(actor, page, f"{_stands(page)}. {_entered(page, consent)}", reason=said, at=at, taken_back=consent)
    nobodys = {"patient": None, "form": page.form_of_code, "filed_at": None, "filed_by": None}
    FormPage.objects.filter(pk=page.pk).update(consent=None, health="", **nobodys)
    zone = page.scan.event.site.time_zone
    return tell_entered_wrongly(
        consent, person=actor.person, reason=said, had_health=bool(page.health), zone=zone, at=at
    )


def _entered(page: FormPage, consent: Consent) -> str:
    by = consent.recorded_by.name if consent.recorded_by else ""
    return f"Entered by {by} on {_day(page, consent.recorded_at)}, signed by {consent.signer_name}"


def _wrote(page: FormPage) -> str:
    """Whole: the longest words fill the column by themselves."""
    told = f"Of health: {page.health or 'nothing'}"
    return told if len(told) <= LONGEST else page.health


def _open(actor: Actor, page: FormPage) -> FormPage:
    """The page under its lock, while it waits for a person."""
    require(may_at_site(actor, "keep_roster", page.scan.event.site))
    row = _locked(page)
    if row.consent_id is not None or row.set_aside_at is not None:
        raise Conflict(DONE)
    return row


def _locked(page: FormPage) -> FormPage:
    FormPage.objects.select_for_update(no_key=True).only("pk").get(pk=page.pk)
    named = ("scan__event__site", "patient", "form", "file", "filed_by", "set_aside_by", "consent__recorded_by")
    return FormPage.objects.select_related(*named).get(pk=page.pk)
