"""What the front desk does to a claim, one verb an address."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from billing.access import get_claim
from billing.actions.checking import choose_diagnoses, confirm_name, recheck_claim
from billing.actions.ending import bill_after_all, do_not_bill
from billing.actions.marking import choose_marks
from billing.actions.numbering import name_attachments
from billing.actions.sending_anew import send_claim_anew
from billing.attachments import planned_attachments
from billing.claim_forms import DiagnosesForm, DoNotBillForm, NameForm, SendAnewForm
from billing.forms import add_refusal
from billing.models import Claim
from billing.states import Status
from billing.views.claim import claim_page, numbers_form
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.kit import clock
from teledent.kit.decisions import Refused

SAID = {
    Status.READY: "Checked: ready. The next export takes it.",
    Status.BLOCKED: "Checked: something still stands in the way. Each problem names its mend.",
}


@require_POST
@role_required(Role.FRONT_DESK)
def check(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    claim = get_claim(request.actor, public_id, at=at)
    return _back(request, recheck_claim(actor=request.actor, claim=claim, at=at))


@require_POST
@role_required(Role.FRONT_DESK)
def end(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Do not bill. A refusal of the form stands in it, with everything that was typed."""
    at = clock.now()
    claim = get_claim(request.actor, public_id, at=at)
    form = DoNotBillForm(request.POST, auto_id="end_%s")
    if not form.is_valid():
        return claim_page(request, claim, at=at, failed=form)
    do_not_bill(actor=request.actor, claim=claim, at=at, **form.cleaned_data)
    messages.success(request, "Not billed. The claim can be taken up again until the payer's filing limit.")
    return redirect("claim", public_id)


@require_POST
@role_required(Role.FRONT_DESK)
def resume(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    claim = get_claim(request.actor, public_id, at=at)
    return _back(request, bill_after_all(actor=request.actor, claim=claim, at=at))


@require_POST
@role_required(Role.FRONT_DESK)
def anew(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """This one claim in a new file, from the facts that went out; the page of the export follows it."""
    at = clock.now()
    claim = get_claim(request.actor, public_id, at=at)
    form = SendAnewForm(request.POST, auto_id="anew_%s")
    if not form.is_valid():
        return claim_page(request, claim, at=at, again=form)
    return redirect("export", send_claim_anew(actor=request.actor, claim=claim, at=at, **form.cleaned_data).public_id)


@require_POST
@role_required(Role.FRONT_DESK)
def name(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """The corrected name and the signed one are of the same patient."""
    at = clock.now()
    claim = get_claim(request.actor, public_id, at=at)
    form = NameForm(request.POST, auto_id="name_%s")
    if not form.is_valid():
        return claim_page(request, claim, at=at, naming=form)
    return _back(request, confirm_name(actor=request.actor, claim=claim, at=at, **form.cleaned_data))


@require_POST
@role_required(Role.FRONT_DESK)
def diagnoses(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    claim = get_claim(request.actor, public_id, at=at)
    known = {one["code"]: one["code"] for one in claim.facts.get("diagnoses", ())}
    form = DiagnosesForm(request.POST, known=known)
    if not form.is_valid():
        raise Refused("Choose among the diagnoses of the signed review.")
    return _back(request, choose_diagnoses(actor=request.actor, claim=claim, left=form.left, at=at))


@require_POST
@role_required(Role.FRONT_DESK)
def marks(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    claim = get_claim(request.actor, public_id, at=at)
    choose_marks(actor=request.actor, claim=claim, drawn=request.POST.get("drawn") == "yes", at=at)
    return redirect(f"{reverse('claim', args=[claim.public_id])}#attachments-title")


@require_POST
@role_required(Role.FRONT_DESK)
def attachment_numbers(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """What the clearinghouse calls the attachments; a refusal stands in the form, with what was typed."""
    at = clock.now()
    claim = get_claim(request.actor, public_id, at=at)
    form = numbers_form(claim, planned_attachments(claim), request.POST)
    if form.is_valid():
        try:
            said = form.cleaned_data
            name_attachments(
                actor=request.actor, claim=claim, numbers=said, shared_because=said["shared_because"], at=at
            )
        except ValidationError as refusal:
            add_refusal(form, refusal)
    if not form.is_valid():
        return claim_page(request, claim, at=at, numbering=form)
    return redirect(f"{reverse('claim', args=[claim.public_id])}#attachments-title")


def _back(request: ActingRequest, claim: Claim) -> HttpResponse:
    """To the claim, saying how it stands now."""
    status = Status(claim.status)
    messages.add_message(
        request,
        messages.SUCCESS if status == Status.READY else messages.INFO,
        SAID.get(status, "This claim is not being worked on any more; nothing was changed."),
    )
    return redirect("claim", claim.public_id)
