"""Consent: recorded with who signed by what authority; withdrawn scope by scope, with effect at once (CO-2)."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from cases.consent_policies import consent_stands, scopes_needed
from cases.merging import require_standing
from cases.models import Asset, Case, Consent, ConsentScope, Evidence, FormPage, Patient, Scope
from cases.moving import lock, move_case, record_event
from cases.places import zone_of_patient_place
from cases.record import read_record
from cases.states import BILLABLE, READABLE_SIGNED, UNSIGNED
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person, Role
from teledent.files.models import StoredFile
from teledent.kit import clock
from teledent.kit.decisions import Refused
from teledent.kit.text import is_filler, printable

TEXT_VERSION = "family-2026-11"
TEXT = (
    "A hygienist looks at the teeth and takes pictures. A dentist who is somewhere else reads them later and writes what "
    "they show and what to do. Pictures cannot show everything; a visit to a dentist may still be needed. You may say no "
    "to any part, ask for a visit in person instead, and take your consent back at any time."
)
TEXT_SHA256 = hashlib.sha256(TEXT.encode()).hexdigest()


@transaction.atomic
def record_consent(
    *, actor: Actor, patient: Patient, scopes: Mapping[str, bool], signer_name: str, signer_authority: str, evidence: str,
    language: str, valid_from: date, at: datetime, valid_until: date | None = None, witness: str = "", scan: Asset | None = None,
    page: FormPage | None = None,
) -> Consent:  # fmt: skip
    """Record one signed answer; `scopes` says for each scope asked whether it was given or refused.

    A scan is a file of hers (`scans_of`), or a page of scanned forms that is filed under her and that the caller holds locked.
    """
    if not actor.has(Role.HYGIENIST, Role.FRONT_DESK) or patient.practice_id != actor.practice.pk:
        raise Refused("Hygienists and the front desk record consent.")
    if not scopes:
        raise Refused("Tick what the family answered: each part is given or refused.")
    patient = require_standing(patient)
    require_after_withdrawals(patient, scopes, valid_from)
    _require_after_refusals(patient, scopes, valid_from)
    form = page.form if page else None
    consent = Consent(
        patient=patient, text_version=form.text_version if form else TEXT_VERSION,
        text_sha256=form.text_sha256 if form else TEXT_SHA256, language=language, signer_name=printable(signer_name),
        signer_authority=printable(signer_authority), evidence=evidence, witness=printable(witness), valid_from=valid_from,
        valid_until=valid_until, recorded_by=actor.person, recorded_at=at, scan=_scanned(patient, evidence, scan, page),
    )  # fmt: skip
    consent.full_clean()
    anew = page is not None and page.changes.filter(consent__isnull=False).exists()
    keep_answer(consent, scopes, at=at, entered_anew=anew)
    return consent


def keep_answer(
    consent: Consent, scopes: Mapping[str, bool], *, at: datetime, name_of_nobody: str = "", entered_anew: bool = False
) -> None:
    """Write an answer with its scopes, and tell it on every case that it counts for. The patient is locked. `entered_anew`:
    what was entered from its page before was taken back."""
    consent.save(force_insert=True)
    ConsentScope.objects.bulk_create(
        ConsentScope(consent=consent, scope=scope, given=given) for scope, given in scopes.items()
    )
    details = {"given": [s for s, yes in scopes.items() if yes], "refused": [s for s, yes in scopes.items() if not yes],
               "signer": consent.signer_name, "authority": consent.signer_authority,
               **({"scan": consent.scan.sha256} if consent.scan else {}),
               **({"entered_anew": True} if entered_anew else {})}  # fmt: skip
    by = consent.recorded_by
    cases = consent.patient.cases.filter(status__in=[*UNSIGNED, *BILLABLE])  # a claim may wait for this consent
    counts_for = cases if consent.case is None else cases.filter(pk=consent.case.pk)
    for case_id in counts_for.order_by("pk").values_list("pk", flat=True):
        record_event(case_id, "consent_recorded", person=by, at=at, details=details, name_of_nobody=name_of_nobody)


def require_after_withdrawals(patient: Patient, scopes: Mapping[str, bool], valid_from: date) -> None:
    """An older paper entered again does not undo a withdrawal: a new consent begins on its day or later."""
    given = [scope for scope, yes in scopes.items() if yes]
    of_hers = ConsentScope.objects.counting().filter(consent__patient=patient)
    withdrawn = of_hers.filter(scope__in=given, withdrawn_at__isnull=False)
    latest = withdrawn.order_by("-withdrawn_at").first()
    if latest is None or latest.withdrawn_at is None:
        return
    enrolment = patient.enrolments.select_related("site").order_by("-school_year", "-pk").first()
    day = clock.local_date(latest.withdrawn_at, enrolment.site.time_zone if enrolment else "UTC")
    if valid_from < day:
        name = Scope(latest.scope).label.lower()
        raise Refused(f"Consent to {name} was withdrawn on {day:%-d %b %Y}. A new one begins on that day or later.")


def _require_after_refusals(patient: Patient, scopes: Mapping[str, bool], valid_from: date) -> None:
    """A yes on an older paper is overtaken by a no that was said after it; recorded, it would only look as if it stood."""
    given = [scope for scope, yes in scopes.items() if yes]
    refused = ConsentScope.objects.of_patients([patient.pk]).filter(
        scope__in=given, given=False, consent__valid_from__gt=valid_from
    )
    if latest := refused.select_related("consent").order_by("-consent__valid_from", "-pk").first():
        day, name = latest.consent.valid_from, Scope(latest.scope).label.lower()
        raise Refused(
            f"The family said no to {name} on {day:%-d %b %Y}, after this answer was signed. Leave that part as not asked."
        )


def scans_of(patient: Patient) -> QuerySet[Asset]:
    """Files that can be the scan of a signed form: sent into a case of this patient as a form, and in."""
    return Asset.objects.in_place().filter(case__patient=patient, view="form", original__isnull=False).order_by("-pk")


def _scanned(patient: Patient, evidence: str, scan: Asset | None, page: FormPage | None) -> StoredFile | None:
    """The bytes of the signed form; they stay when the file is struck off its case."""
    if evidence != Evidence.SCAN:
        return None
    if page is not None and page.patient_id == patient.pk:
        return page.file
    if scan is None or not scans_of(patient).filter(pk=scan.pk).exists():
        raise Refused("Choose the scanned form: a file sent into a case of this patient as a form or letter.")
    return scan.original


def scopes_taken(patient: Patient) -> Counter[Scope]:
    """How many unsigned cases of this patient take each scope: a withdrawal of it stops so many."""
    cases = Case.objects.filter(patient=patient, status__in=UNSIGNED).select_related("site", "patient")
    return Counter(scope for case in cases for scope in scopes_needed(read_record(case)))


@transaction.atomic
def withdraw_consent(*, actor: Actor, patient: Patient, scope: str, reason: str, at: datetime) -> int:
    """Take one scope back from today. Stops every unsigned case that takes it; signed ones keep their status. Returns stops."""
    if not actor.has(Role.HYGIENIST, Role.FRONT_DESK) or patient.practice_id != actor.practice.pk:
        raise Refused("Hygienists and the front desk record a withdrawal.")
    if is_filler(reason):
        raise Refused("Say who withdrew consent and how; the record keeps it.")
    patient = require_standing(patient)
    of_hers = ConsentScope.objects.counting().filter(consent__patient=patient)
    given = of_hers.filter(scope=scope, given=True, withdrawn_at__isnull=True)
    if not given.update(withdrawn_at=at, withdrawn_by=actor.person, withdrawn_reason=printable(reason)[:200]):
        raise Refused("There is no consent of this kind to withdraw.")
    cases = Case.objects.filter(patient=patient, status__in=[*UNSIGNED, *READABLE_SIGNED]).order_by("pk")
    stopped = 0
    for case_id in cases.values_list("pk", flat=True):
        case = lock(case_id)  # its status as of now: a signature may have come first
        details = {"scope": scope, "reason": printable(reason)}
        record_event(case_id, "consent_withdrawn", person=actor.person, at=at, details=details)
        if case.status in UNSIGNED and scope in scopes_needed(read_record(case)):
            move_case(case, "stop", person=None, at=at, details={"scope": scope}, lease_until=None)
            stopped += 1
    return stopped


@dataclass(frozen=True, slots=True)
class Rested:
    """How many cases of a child rested on an answer that was taken back, so that consent to them is lacking now; and in words
    what had been withdrawn on it, which the child's own family may have said."""

    unsigned: int
    signed: int
    withdrawn: tuple[str, ...]


def tell_entered_wrongly(
    consent: Consent, *, person: Person, reason: str, had_health: bool, zone: str, at: datetime
) -> Rested:
    """Tell on every case of the child that an answer of hers was none, in the transaction that takes it back, her row locked.

    The answer was none of her family, so nothing is stopped: the checklist holds an unsigned case until her own is on record.
    A withdrawal that was written on it may be her family's word all the same; it counts no more, so it is told, by the days
    of `zone`.
    """
    given = set(consent.scopes.filter(given=True).values_list("scope", flat=True))
    withdrawn = tuple(_withdrawn_on(consent, zone))
    details = {"signer": consent.signer_name, "scopes": sorted(given), "reason": reason, "health": had_health,
               **({"withdrawn": list(withdrawn)} if withdrawn else {})}  # fmt: skip
    cases = Case.objects.filter(patient=consent.patient, status__in=[*UNSIGNED, *READABLE_SIGNED]).order_by("pk")
    rested = Counter[str]()
    for case_id in cases.values_list("pk", flat=True):
        case = lock(case_id)
        record_event(case_id, "consent_entered_wrongly", person=person, at=at, details=details)
        record = read_record(case)
        if not given & set(scopes_needed(record)):
            continue
        place = zone_of_patient_place(case, case.site)
        if not consent_stands(record, today=clock.local_date(at, place), zone=place):
            rested["unsigned" if case.status in UNSIGNED else case.status] += 1
    return Rested(rested["unsigned"], sum(rested[status] for status in BILLABLE), withdrawn)


def _withdrawn_on(consent: Consent, zone: str) -> Iterator[str]:
    """Which parts of an answer were withdrawn, when, who recorded it and why, in words."""
    rows = consent.scopes.filter(withdrawn_at__isnull=False).select_related("withdrawn_by").order_by("pk")
    for row in rows:
        if row.withdrawn_at is None or row.withdrawn_by is None:
            continue
        day = clock.local_date(row.withdrawn_at, zone)
        scope = Scope(row.scope).label.lower()
        yield f"{scope} on {day:%-d %b %Y}, recorded by {row.withdrawn_by.name}: {row.withdrawn_reason}"
