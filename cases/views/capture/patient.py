"""A patient: found or made, corrected, and a case opened for her. A similar one asks first (ID-1)."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.access import get_own_patient, get_site
from cases.actions.identifying import similar_to
from cases.actions.opening import open_case
from cases.actions.phrasing import numbering_of
from cases.actions.registering import correct_patient, enrol_patient, register_patient
from cases.models import Case, Patient
from cases.models.case import OPENED_BY_HAND
from cases.views.capture.consent import standing_of
from cases.views.capture.day import sites_of
from cases.views.capture.forms import OpenForm, PatientForm, guardian_initial, posted
from cases.views.capture.orders import orders_of
from cases.views.showing import banner_of_patient, enrolment_of
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.accounts.trail import record_read
from teledent.kit import clock
from teledent.kit.decisions import Refused

FORM_METHODS = ["GET", "HEAD", "POST"]
ANOTHER = "another"  # the deliberate answer: none of those shown, a new patient
TYPED = "typed"  # no answer: back to the form, to correct what was typed


@require_http_methods(FORM_METHODS)
@role_required(Role.HYGIENIST)
def patient_add(request: ActingRequest) -> HttpResponse:
    """The form; then, where somebody similar is known, the question; then the patient."""
    form = PatientForm(posted(request), sites=sites_of(request.actor))
    if request.method == "POST" and form.is_valid():
        similar = similar_to(request.actor, form.details, but=form.cleaned_data["public_id"])
        meant = request.POST.get("is_patient", "")
        if similar and not meant:
            return render(request, "capture/similar.html", {"form": form, "similar": similar}, status=422)
        if meant not in ("", ANOTHER, TYPED):
            return _take_known(request, form, similar, meant)
        if meant != TYPED:
            made = _register(request, form)
            messages.success(request, f"{made.name} is on your list.")
            return redirect("capture-patient", made.public_id)
    context = {"form": form, "title": "New patient", "action": "Go on"}
    return render(request, "capture/patient_form.html", context, status=422 if form.errors else 200)


def _take_known(request: ActingRequest, form: PatientForm, similar: list[Patient], meant: str) -> HttpResponse:
    """It is one of those shown: the known patient joins this site; nothing typed replaces what is on file."""
    known = next((patient for patient in similar if str(patient.public_id) == meant), None)
    if known is None:
        raise Http404("No such patient among those shown.")
    said = form.cleaned_data
    enrol_patient(
        actor=request.actor, patient=known, site=said["site"], at=clock.now(), grade=said["grade"], room=said["room"]
    )
    messages.info(request, f"{known.name} was known already and is on your list now. Nothing was made twice.")
    return redirect("capture-patient", known.public_id)


def _register(request: ActingRequest, form: PatientForm) -> Patient:
    said = form.cleaned_data
    return register_patient(
        actor=request.actor, site=said["site"], public_id=said["public_id"], details=form.details, at=clock.now(),
        grade=said["grade"], room=said["room"], guardian=form.guardian,
    )  # fmt: skip


@require_http_methods(FORM_METHODS)
@role_required(Role.HYGIENIST)
def patient_edit(request: ActingRequest, public_id: UUID) -> HttpResponse:
    patient = get_own_patient(request.actor, public_id)
    enrolment, guardian = enrolment_of(patient), patient.guardians.order_by("pk").first()
    initial = {**guardian_initial(guardian), "public_id": patient.public_id}
    if enrolment:
        initial |= {"site": enrolment.site.public_id, "grade": enrolment.grade, "room": enrolment.room}
    form = PatientForm(posted(request), sites=sites_of(request.actor), instance=patient, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        correct_patient(
            actor=request.actor, patient=patient, site=said["site"], details=form.details, at=clock.now(), grade=said["grade"],
            room=said["room"], guardian=form.guardian,
        )  # fmt: skip
        messages.success(request, "Saved. What was signed before keeps the name under which it was signed.")
        return redirect("capture-patient", patient.public_id)
    context = {"form": form, "title": f"Correct {patient.name}", "action": "Save", "patient": patient}
    return render(request, "capture/patient_form.html", context, status=422 if form.errors else 200)


@require_safe
@role_required(Role.HYGIENIST)
def patient(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    patient = get_own_patient(request.actor, public_id)
    record_read(request.actor, noun="patient", public_id=patient.public_id, at=at)
    sites = list(sites_of(request.actor))
    enrolment = enrolment_of(patient)
    here = next((site for site in sites if enrolment and site.pk == enrolment.site_id), sites[0] if sites else None)
    zone = here.time_zone if here else "UTC"
    day = clock.local_date(at, zone)
    cases = (
        Case.objects.captured_by(request.actor)
        .filter(patient=patient)
        .select_related("site")
        .order_by("-opened_at", "-pk")
    )
    context = {
        "patient": patient, "banner": banner_of_patient(patient, day=day, enrolment=enrolment), "sites": sites,
        "nearest": here, "zone": zone,
        "kinds": OPENED_BY_HAND, "orders": orders_of(request.actor, patient),
        "numbering": numbering_of(request.actor.person), "open_id": uuid4(), "cases": cases[:20],
        "standing": standing_of(patient, day),
        "guardians": patient.guardians.all(), "enrolment": enrolment,
    }  # fmt: skip
    return render(request, "capture/patient.html", context)


@require_POST
@role_required(Role.HYGIENIST)
def open_for(request: ActingRequest, public_id: UUID) -> HttpResponse:
    patient = get_own_patient(request.actor, public_id)
    form = OpenForm(request.POST)
    if not form.is_valid():
        raise Refused("Choose what kind of case this is, and where.")
    said = form.cleaned_data
    case = open_case(
        actor=request.actor, patient=patient, site=get_site(request.actor, said["site"]), kind=said["kind"], at=clock.now(),
        public_id=said["public_id"],
    )  # fmt: skip
    return redirect("capture-case", case.public_id)
