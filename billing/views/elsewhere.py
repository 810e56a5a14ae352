"""What another billing entity has billed for a patient: recorded on the page of her coverage, taken back in the open."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from billing.access import get_seen_elsewhere
from billing.actions.elsewhere import FIELDS, mark_entered_in_error, record_seen_elsewhere
from billing.claim_forms import EnteredInErrorForm, SeenElsewhereForm
from billing.forms import add_refusal
from billing.views.patients import FORM_METHODS, about_patient, edit_page, found_patient, patient_page
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.accounts.trail import record_read
from teledent.kit import clock


@require_http_methods(FORM_METHODS)
@role_required(Role.FRONT_DESK)
def add(request: ActingRequest, public_id: UUID) -> HttpResponse:
    patient = found_patient(request, public_id)
    about = about_patient(patient)
    form = SeenElsewhereForm(request.POST or None, today=about["day"])
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in FIELDS}
        try:
            record_seen_elsewhere(
                actor=request.actor, patient=patient, public_id=form.cleaned_data["public_id"], said=said, at=clock.now()
            )  # fmt: skip
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, "Recorded. Claims of that day that were not sent say so now.")
            return redirect("claims-patient", public_id)
    return edit_page(request, form, about, "Billed elsewhere", patient)


@require_POST
@role_required(Role.FRONT_DESK)
def in_error(request: ActingRequest, public_id: UUID) -> HttpResponse:
    row = get_seen_elsewhere(request.actor, public_id)
    patient = row.patient.stays
    record_read(request.actor, noun="patient", public_id=patient.public_id, at=clock.now())
    form = EnteredInErrorForm(request.POST, auto_id=f"error_{row.pk}_%s")
    if not form.is_valid():
        return patient_page(request, patient, doubted=(row, form))
    mark_entered_in_error(actor=request.actor, row=row, at=clock.now(), **form.cleaned_data)
    messages.success(request, "Marked as entered in error. It stays readable and warns of nothing any more.")
    return redirect("claims-patient", patient.public_id)
