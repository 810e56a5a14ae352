"""Consent of the family: what stands today, what was answered before, a new answer, a withdrawal (CO-1, CO-2)."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases.access import get_own_patient
from cases.actions.consenting import TEXT, TEXT_VERSION, record_consent, scans_of, scopes_taken, withdraw_consent
from cases.models import Asset, Case, Consent, ConsentScope, Patient, Scope
from cases.states import UNSIGNED
from cases.views.capture.forms import ConsentForm, WithdrawConsentForm, posted
from cases.views.showing import banner_of_patient, enrolment_of
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.kit import clock
from teledent.kit.decisions import Refused

A_YEAR = timedelta(days=364)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one scope stands on a day: a word, a chip's kind and icon, and the row it comes from."""

    scope: Scope
    word: str
    kind: str
    icon: str
    row: ConsentScope | None = None
    stops: int = 0  # so many unsigned cases take this scope
    of_cases: tuple[str, ...] = ()  # those for which alone it was given at a link, and stands

    @property
    def can_be_withdrawn(self) -> bool:
        stands = self.row is not None and self.row.given and self.row.withdrawn_at is None
        return stands or bool(self.of_cases)


def standing_of(patient: Patient, day: date) -> list[Standing]:
    """Every scope, by its newest answer that is of no single case; one query."""
    rows = ConsentScope.objects.of_patients([patient.pk]).select_related("consent", "withdrawn_by")
    newest = {row.scope: row for row in rows.oldest_first()}
    return [_standing(scope, newest.get(scope.value), day) for scope in Scope]


def _standing(scope: Scope, row: ConsentScope | None, day: date) -> Standing:
    if row is None:
        return Standing(scope, "Not asked", "", "circle-question-mark")
    if row.withdrawn_at:
        return Standing(scope, "Withdrawn", "wait", "undo-2", row)
    if not row.given:
        return Standing(scope, "Refused", "wait", "circle-x", row)
    if day < row.consent.valid_from:
        return Standing(scope, "Not yet in force", "wait", "clock", row)
    if row.consent.valid_until and day > row.consent.valid_until:
        return Standing(scope, "Ended", "wait", "clock", row)
    return Standing(scope, "In force", "ok", "circle-check", row)


def _with_stops(patient: Patient, standing: list[Standing]) -> list[Standing]:
    """With the cases that a withdrawal touches: those it stops, and those that a family agreed to at a link."""
    taken, of_cases = scopes_taken(patient), defaultdict[str, list[str]](list)
    at_links = ConsentScope.objects.filter(consent__case__patient=patient, given=True, withdrawn_at__isnull=True)
    for row in at_links.select_related("consent__case").oldest_first():
        of_cases[row.scope].append(row.consent.case.label)  # type: ignore[union-attr]  # the query asks for one
    return [replace(one, stops=taken[one.scope], of_cases=tuple(of_cases[one.scope])) for one in standing]


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.HYGIENIST)
def consent(request: ActingRequest, public_id: UUID) -> HttpResponse:
    patient = get_own_patient(request.actor, public_id)
    enrolment = enrolment_of(patient)
    at = clock.now()
    day = clock.local_date(at, enrolment.site.time_zone if enrolment else "UTC")
    guardian = patient.guardians.filter(has_authority=True).order_by("pk").first()
    initial = {"valid_from": day, "valid_until": day + A_YEAR, "language": patient.language or "English"}
    if guardian:
        initial |= {"signer_name": guardian.name, "signer_authority": guardian.relationship}
    form = ConsentForm(posted(request), initial=initial, scans=list(scans_of(patient).select_related("case")))
    if request.method == "POST" and form.is_valid():
        record_consent(actor=request.actor, patient=patient, at=at, **form.answer)
        messages.success(request, "The family's answer is recorded.")
        return redirect(_back(request, patient))
    standing = _with_stops(patient, standing_of(patient, day))
    context = {
        "patient": patient, "banner": banner_of_patient(patient, day=day, enrolment=enrolment), "form": form, "day": day,
        "standing": standing, "stands": any(one.can_be_withdrawn for one in standing), "earlier": _earlier(patient), "text": TEXT,
        "text_version": TEXT_VERSION, "back": _back(request, patient), "case": request.GET.get("case", ""),
        "open_cases": Case.objects.filter(patient=patient, status__in=UNSIGNED).order_by("pk"),
        "zone": enrolment.site.time_zone if enrolment else "UTC",
    }  # fmt: skip
    return render(request, "capture/consent.html", context, status=422 if form.errors else 200)


def _earlier(patient: Patient) -> list[tuple[Consent, Asset | None]]:
    """Answers on file, newest first, each with the case's file whose bytes are its scan; a page of a pile is its `form_page`, or
    that of how it was `entered_wrongly`."""
    scopes = Prefetch("scopes", ConsentScope.objects.order_by("pk"))
    beside = ("recorded_by", "form_page", "entered_wrongly__page", "entered_wrongly__person", "case")
    answers = patient.consents.select_related(*beside).prefetch_related(scopes)
    files = Asset.objects.filter(case__patient=patient, original__isnull=False, view="form")
    scans = {file.original_id: file for file in files}
    return [(one, scans.get(one.scan_id)) for one in answers.order_by("-valid_from", "-recorded_at")]


def _back(request: ActingRequest, patient: Patient) -> str:
    """Where the page was opened from: the case named in the address if it is this patient's, else the patient."""
    try:
        wanted = UUID(request.GET.get("case", ""))
    except ValueError:
        wanted = None
    mine = (
        Case.objects.captured_by(request.actor).filter(patient=patient, public_id=wanted)
        if wanted
        else Case.objects.none()
    )
    name, target = ("capture-case", wanted) if mine.exists() else ("capture-patient", patient.public_id)
    return str(redirect(name, target)["Location"])


@require_POST
@role_required(Role.HYGIENIST)
def withdraw(request: ActingRequest, public_id: UUID) -> HttpResponse:
    patient = get_own_patient(request.actor, public_id)
    form = WithdrawConsentForm(request.POST)
    if not form.is_valid():
        raise Refused("Say who took the consent back, and how; the record keeps it.")
    stopped = withdraw_consent(actor=request.actor, patient=patient, at=clock.now(), **form.cleaned_data)
    label = Scope(form.cleaned_data["scope"]).label
    told = f" {stopped} unsigned case{'' if stopped == 1 else 's'} stopped." if stopped else ""
    messages.success(request, f"Consent withdrawn: {label.lower()}.{told}")
    return redirect("capture-consent", patient.public_id)
