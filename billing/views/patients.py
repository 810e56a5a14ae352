"""Who answers for a patient's bill: coverage, what the card says, and consent to bill."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.access import get_coverage, get_said_plan, get_verification
from billing.actions.hearing import as_plan, said_of, settle_said
from billing.actions.patients import CARD_FIELDS, save_card
from billing.actions.settings import save_coverage
from billing.actions.verifying import mark_entered_in_error, record_verification
from billing.claim_forms import EnteredInErrorForm
from billing.claims.facts import Verified
from billing.claims.verified import counting, is_old
from billing.forms import BillingConsentForm, CardForm, CoverageForm, VerifyForm, add_refusal
from billing.models import Authorisation, Claim, Coverage, Payer, SaidPlan, SeenElsewhere, Verification
from billing.ordered_ahead import open_cases
from billing.permissions import may
from billing.snapshot import verified
from billing.views.authorisation_rows import Row, rows_of
from billing.views.telling import chip_of
from billing.views.worklist import READERS, UNREAD
from cases.access import get_patient
from cases.actions.consenting import TEXT, TEXT_VERSION, record_consent
from cases.models import Case, Enrolment, Patient
from cases.views.capture.consent import standing_of
from cases.views.showing import banner_of_patient, enrolment_of
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Person, Role
from teledent.accounts.trail import record_read
from teledent.kit import clock

FORM_METHODS = ["GET", "HEAD", "POST"]
A_YEAR = timedelta(days=364)
CLAIMS_SHOWN = 50
BY_WHOM = Prefetch("verifications", Verification.objects.select_related("recorded_by", "error_by"))


@require_safe
@role_required(*READERS)
def patient(request: ActingRequest, public_id: UUID) -> HttpResponse:
    return patient_page(request, found_patient(request, public_id))


def found_patient(request: ActingRequest, public_id: UUID) -> Patient:
    """The patient, and the reading on the trail."""
    patient = get_patient(request.actor, public_id)
    record_read(request.actor, noun="patient", public_id=patient.public_id, at=clock.now())
    return patient


def patient_page(
    request: ActingRequest,
    patient: Patient,
    *,
    failed: tuple[Coverage, VerifyForm] | None = None,
    doubted: tuple[SeenElsewhere, EnteredInErrorForm] | None = None,
    mistaken: tuple[Verification, EnteredInErrorForm] | None = None,
) -> HttpResponse:
    """The page; `failed` is a verification that was sent and has errors, with its coverage, `doubted` an "entered in
    error" likewise, and `mistaken` one about a verification."""
    about = about_patient(patient)
    verifying = {failed[0].pk: failed[1]} if failed else {}
    requests = Authorisation.objects.for_list().filter(coverage__patient=patient).open_to(request.actor.person)
    authorised = rows_of(list(requests.order_by("-pk")), today=about["day"])
    asked = request.GET.get("verify", "")  # the plan that was just added, to be verified next
    plans = [
        _plan(
            one,
            verifying.get(one.pk),
            about["day"],
            opened=asked == str(one.public_id),
            mistaken=mistaken,
            authorised=[row for row in authorised if row.row.coverage_id == one.pk],
        )
        for one in Coverage.objects.filter(patient=patient).select_related("payer").prefetch_related(BY_WHOM)
    ]
    claims = Claim.objects.for_list().defer(*UNREAD).filter(case__patient=patient)
    shown = claims.open_to(request.actor.person).order_by("-pk")[:CLAIMS_SHOWN]
    context = {
        **about, "row": patient, "may_keep": bool(may(request.actor, "keep_settings")),
        "plans": plans, "said": said_of(patient),
        "elsewhere": _elsewhere(patient, doubted),
        "standing": [one for one in standing_of(patient, about["day"]) if one.scope in BillingConsentForm.SCOPES],
        "claims": [(claim, *chip_of(claim)) for claim in shown],
        "unevaluated": _unevaluated(patient, request.actor.person),
    }  # fmt: skip
    return render(request, "claims/patient.html", context, status=422 if failed or doubted or mistaken else 200)


def _unevaluated(patient: Patient, person: Person) -> list[Case]:
    """Signed without an evaluation (RE-4), the newest first: why a claim of the dentist's is missing here."""
    return list(open_cases(patient, person).filter(signature__encounter_code="")[:CLAIMS_SHOWN])


def _elsewhere(
    patient: Patient, doubted: tuple[SeenElsewhere, EnteredInErrorForm] | None
) -> list[tuple[SeenElsewhere, EnteredInErrorForm, bool]]:
    """What is known of other practices, newest first, each with its form "entered in error" and whether that is open."""
    sent = {doubted[0].pk: doubted[1]} if doubted else {}
    rows = SeenElsewhere.objects.about(patient).select_related("recorded_by", "error_by")
    return [(row, sent.get(row.pk) or EnteredInErrorForm(auto_id=f"error_{row.pk}_%s"), row.pk in sent) for row in rows]


def about_patient(patient: Patient) -> dict[str, Any]:
    enrolment = enrolment_of(patient)
    day = clock.local_date(clock.now(), zone_of(enrolment))
    return {"patient": banner_of_patient(patient, day=day, enrolment=enrolment), "zone": zone_of(enrolment), "day": day}


def zone_of(enrolment: Enrolment | None) -> str:
    return enrolment.site.time_zone if enrolment else "UTC"


@dataclass(frozen=True, slots=True)
class Plan:
    """One coverage with what was verified of it and asked about it, the newest first, and the form to verify it."""

    coverage: Coverage
    rows: list[tuple[Verification, EnteredInErrorForm, bool]]
    word: str
    kind: str
    icon: str
    form: VerifyForm
    opened: bool
    authorised: list[Row]


def _plan(
    coverage: Coverage,
    failed: VerifyForm | None,
    day: date,
    *,
    opened: bool,
    mistaken: tuple[Verification, EnteredInErrorForm] | None,
    authorised: list[Row],
) -> Plan:
    rows = list(coverage.verifications.all())
    sent = {mistaken[0].pk: mistaken[1]} if mistaken else {}
    told = [
        (row, sent.get(row.pk) or EnteredInErrorForm(auto_id=f"mistake_{row.pk}_%s"), row.pk in sent)
        for row in rows[::-1]
    ]
    chip = chip_of_verification(coverage, verified(coverage, rows), day)
    form = failed or VerifyForm(today=day, auto_id=f"verify_{coverage.pk}_%s", initial={"about": str(coverage)})
    return Plan(coverage, told, *chip, form=form, opened=opened or failed is not None, authorised=authorised)


def chip_of_verification(coverage: Coverage, known: Sequence[Verified], day: date) -> tuple[str, str, str]:
    """Word, tint and icon for what is known of a plan on `day`; unknown and old are amber."""
    holds_for = coverage.payer.verify_every_days
    found = counting(known, day, holds_for)
    if found is None:
        return "Not verified", "wait", "circle-alert"
    if is_old(found, day, holds_for):
        return "Verified long ago", "wait", "history"
    return "Verified", "ok", "circle-check"


@require_http_methods(FORM_METHODS)
@role_required(Role.FRONT_DESK)
def card(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Names as the card prints them, and the address."""
    patient = found_patient(request, public_id)
    about = about_patient(patient)
    form = CardForm(request.POST or None, instance=patient)
    if request.method == "POST" and form.is_valid():
        try:
            told = {name: form.cleaned_data[name] for name in CARD_FIELDS}
            save_card(actor=request.actor, patient=patient, card=told, at=clock.now())
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, "Saved. Claims that were not sent are checked again.")
            return redirect("claims-patient", public_id)
    return edit_page(request, form, about, "Name on the card and address", patient)


@require_http_methods(FORM_METHODS)
@role_required(Role.FRONT_DESK)
def consent(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """What the family answered about billing, and about the reading that a claim is for (CO-1)."""
    patient = found_patient(request, public_id)
    about = about_patient(patient)
    form = BillingConsentForm(request.POST or None, initial=_signer(patient, about["day"]))
    if request.method == "POST" and form.is_valid():
        record_consent(actor=request.actor, patient=patient, at=clock.now(), **form.answer)
        messages.success(request, "The family's answer is recorded. Claims that were not sent are checked again.")
        return redirect("claims-patient", public_id)
    context = {**about, "row": patient, "form": form, "text": TEXT, "text_version": TEXT_VERSION}
    return render(request, "claims/consent.html", context, status=422 if form.errors else 200)


def _signer(patient: Patient, day: date) -> dict[str, Any]:
    guardian = patient.guardians.filter(has_authority=True).order_by("pk").first()
    who = {"signer_name": guardian.name, "signer_authority": guardian.relationship} if guardian else {}
    return {"valid_from": day, "valid_until": day + A_YEAR, "language": patient.language or "English", **who}


@require_http_methods(FORM_METHODS)
@role_required(Role.FRONT_DESK)
def coverage_add(request: ActingRequest, public_id: UUID) -> HttpResponse:
    patient = found_patient(request, public_id)
    return _coverage(request, Coverage(patient=patient), "Add a coverage")


@require_http_methods(FORM_METHODS)
@role_required(Role.FRONT_DESK)
def coverage(request: ActingRequest, public_id: UUID) -> HttpResponse:
    row = get_coverage(request.actor, public_id)
    record_read(request.actor, noun="patient", public_id=row.patient.public_id, at=clock.now())
    return _coverage(request, row, "Coverage")


def _coverage(request: ActingRequest, row: Coverage, title: str) -> HttpResponse:
    about, is_new = about_patient(row.patient), row._state.adding
    said = _said(request, row.patient) if is_new else None
    if is_new and _was_sent_before(request.POST.get("public_id", ""), row.patient):
        return redirect("claims-patient", row.patient.public_id)
    form = CoverageForm(
        request.POST or None,
        instance=row,
        initial=as_plan(said) if said else None,
        payers=Payer.objects.filter(practice=request.actor.practice),
    )
    if request.method == "POST" and form.is_valid():
        if is_new:
            form.instance.public_id = form.cleaned_data["public_id"]
        try:
            save_coverage(actor=request.actor, coverage=form.instance, at=clock.now())
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            if said:
                settle_said(actor=request.actor, said=said, at=clock.now())
            messages.success(request, "The coverage is saved. Claims that were not sent are checked again.")
            back = reverse("claims-patient", args=[row.patient.public_id])
            return redirect(f"{back}?verify={row.public_id}#plan-{row.pk}" if is_new else back)
    return edit_page(request, form, about, title, row.patient)


def _said(request: ActingRequest, patient: Patient) -> SaidPlan | None:
    """What a school said, where the form begins with it."""
    asked = request.GET.get("said", "")
    return next((one for one in said_of(patient) if str(one.public_id) == asked), None)


@require_POST
@role_required(Role.FRONT_DESK)
def said_aside(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """What a school said is not so, or is on file in other words."""
    said = get_said_plan(request.actor, public_id)
    settle_said(actor=request.actor, said=said, at=clock.now())
    messages.success(request, "Set aside.")
    return redirect("claims-patient", said.patient.public_id)


def _was_sent_before(public_id: str, patient: Patient) -> bool:
    """A new coverage takes the id that was made with its form: the second of two clicks finds the first."""
    try:
        return Coverage.objects.filter(public_id=UUID(public_id), patient=patient).exists()
    except ValueError:
        return False


@require_POST
@role_required(Role.FRONT_DESK)
def verify(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Somebody asked about the plan: when, how, what it said, and by her name."""
    row = get_coverage(request.actor, public_id)
    form = VerifyForm(request.POST, today=about_patient(row.patient)["day"], auto_id=f"verify_{row.pk}_%s")
    if not form.is_valid():
        return patient_page(request, row.patient, failed=(row, form))
    record_verification(
        actor=request.actor,
        coverage=row,
        public_id=form.cleaned_data["public_id"],
        said=form.cleaned_data,
        at=clock.now(),
        about=form.cleaned_data["about"],
    )
    messages.success(request, "Recorded. The plan says when, how and by whom.")
    return redirect("claims-patient", row.patient.public_id)


@require_POST
@role_required(Role.FRONT_DESK)
def verified_in_error(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """It was of another child, or misheard: it counts no more and stays readable."""
    row = get_verification(request.actor, public_id)
    patient = row.coverage.patient
    record_read(request.actor, noun="patient", public_id=patient.public_id, at=clock.now())
    form = EnteredInErrorForm(request.POST, auto_id=f"mistake_{row.pk}_%s")
    if not form.is_valid():
        return patient_page(request, patient, mistaken=(row, form))
    mark_entered_in_error(actor=request.actor, row=row, at=clock.now(), **form.cleaned_data)
    messages.success(request, "Marked as entered in error. It stays readable and counts no more.")
    return redirect("claims-patient", patient.public_id)


def edit_page(
    request: ActingRequest, form: forms.BaseForm, about: Mapping[str, Any], title: str, patient: Patient
) -> HttpResponse:
    back = reverse("claims-patient", args=[patient.public_id])
    context = {**about, "form": form, "title": title, "back_to": back, "action": "Save"}
    return render(request, "claims/edit.html", context, status=422 if form.errors else 200)
