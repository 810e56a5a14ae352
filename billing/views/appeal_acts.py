"""What is done to an appeal, one verb an address; and the page on which the dentist signs its letter."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.access import get_appeal, get_appeal_to_sign, get_claim
from billing.actions import appealing, pursuing
from billing.actions.appealing import letter_of, material_of
from billing.appeal_forms import AnsweredForm, LetterForm, ReasonForm, SentForm, SignAppealForm
from billing.appeal_signature import STATEMENT_TEXT
from billing.appeal_states import AppealStatus
from billing.models import Appeal
from billing.views.appeals import appeal_page
from cases.views.showing import banner_of_case, enrolment_of
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.confirming import WrongPassword
from teledent.accounts.models import Role
from teledent.files.sending import Answer, send_blocks
from teledent.kit import clock
from teledent.kit.decisions import Conflict, Refused

Act = Callable[..., Appeal]


@require_POST
@role_required(Role.FRONT_DESK)
def begin(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """One click on a claim; the packet is made in the background."""
    at = clock.now()
    claim = get_claim(request.actor, public_id, at=at)
    return redirect("appeal", appealing.begin_appeal(actor=request.actor, claim=claim, at=at).public_id)


@require_POST
@role_required(Role.FRONT_DESK)
def change(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    appeal = get_appeal(request.actor, public_id, at=at)
    if appeal.status != AppealStatus.DRAFTED:
        raise Conflict("The letter of this appeal stands still by now. Reload the page; nothing was changed.")
    form = LetterForm(request.POST, offered=material_of(appeal).basis.may_quote, auto_id="letter_%s")
    said = "The letter says so now; its packet is being made."
    return _done(request, appeal, "change", form, appealing.change_appeal, said, at=at)


@require_POST
@role_required(Role.FRONT_DESK)
def ready(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """The letter stands still: to the dentist, or ready to send."""
    at = clock.now()
    appeal = get_appeal(request.actor, public_id, at=at)
    done = appealing.finish_draft(actor=request.actor, appeal=appeal, at=at)
    waits = done.status == AppealStatus.AWAITING
    said = f"{done.dentist.name} finds the letter in the reading room." if waits else "Ready: send the packet."
    messages.success(request, said)
    return redirect("appeal", public_id)


@require_POST
@role_required(Role.FRONT_DESK)
def pack(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    appealing.pack_again(actor=request.actor, appeal=get_appeal(request.actor, public_id, at=at), at=at)
    return redirect("appeal", public_id)


@require_POST
@role_required(Role.FRONT_DESK)
def back(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """The desk takes the letter back to change it."""
    at = clock.now()
    appeal = get_appeal(request.actor, public_id, at=at)
    form = ReasonForm(request.POST, auto_id="back_%s")
    return _done(request, appeal, "back", form, pursuing.send_back, "The letter is a draft again.", at=at)


@require_POST
@role_required(Role.FRONT_DESK)
def sent(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    appeal = get_appeal(request.actor, public_id, at=at)
    form = SentForm(request.POST, auto_id="sent_%s")
    return _done(request, appeal, "sent", form, pursuing.record_sent, "Recorded. What was sent never changes.", at=at)


@require_POST
@role_required(Role.FRONT_DESK)
def answered(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    appeal = get_appeal(request.actor, public_id, at=at)
    form = AnsweredForm(request.POST, auto_id="answered_%s")
    said = "Recorded. Money counts as recovered when its remittance is posted."
    return _done(request, appeal, "answered", form, pursuing.record_answer, said, at=at)


@require_POST
@role_required(Role.FRONT_DESK)
def withdraw(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    appeal = get_appeal(request.actor, public_id, at=at)
    form = ReasonForm(request.POST, auto_id="withdraw_%s")
    return _done(request, appeal, "withdraw", form, pursuing.withdraw_appeal, "Withdrawn.", at=at)


def _done(
    request: ActingRequest, appeal: Appeal, name: str, form: forms.Form, act: Act, said: str, *, at: datetime
) -> HttpResponse:
    """Act on a valid form; a refusal stands in the form, with everything that was typed."""
    if form.is_valid():
        try:
            act(actor=request.actor, appeal=appeal, at=at, **form.cleaned_data)
        except Conflict:
            raise
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, said)
            return redirect("appeal", appeal.public_id)
    return appeal_page(request, appeal, at=at, failed=(name, form))


@require_safe
@role_required(Role.FRONT_DESK)
def packet(request: ActingRequest, public_id: UUID) -> Answer:
    """The packet's PDF: the same bytes each time, each download on the trail."""
    at = clock.now()
    appeal = get_appeal(request.actor, public_id, at=at)
    blocks = appealing.download_packet(actor=request.actor, appeal=appeal, at=at)
    size = appeal.packet.size if appeal.packet else 0
    name = f"appeal-{appeal.claim.claim_id}-{appeal.level}.pdf"
    return send_blocks(request, blocks, size=size, media_type="application/pdf", name=name, what="The packet")


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.DENTIST)
def sign(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """The letter word for word, and the password; or back to the desk with a reason."""
    at = clock.now()
    appeal = get_appeal_to_sign(request.actor, public_id, at=at)
    posted = request.POST if request.method == "POST" else None
    if posted is not None and "send_back" in posted:
        reason = ReasonForm(posted, auto_id="back_%s")
        if reason.is_valid():
            pursuing.send_back(actor=request.actor, appeal=appeal, at=at, **reason.cleaned_data)
            messages.success(request, "Sent back to the front desk with your reason.")
            return redirect("reading-queue")
        return _signing_page(request, appeal, SignAppealForm(initial={"shown": appeal.letter_digest}), reason)
    form = SignAppealForm(posted, initial={"shown": appeal.letter_digest})
    if posted is not None and form.is_valid() and _signed(request, appeal, form, at=at):
        messages.success(request, "Signed. The front desk sends the letter as you read it.")
        return redirect("reading-queue")
    return _signing_page(request, appeal, form, ReasonForm(auto_id="back_%s"))


def _signed(request: ActingRequest, appeal: Appeal, form: SignAppealForm, *, at: datetime) -> bool:
    """Sign; a refusal goes beside its field. A page that is no longer true is a 409."""
    try:
        pursuing.sign_appeal(actor=request.actor, appeal=appeal, at=at, **form.cleaned_data)
    except Conflict:
        raise
    except WrongPassword as refusal:
        form.add_error("password", refusal.sentence)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
    return not form.errors


def _signing_page(request: ActingRequest, appeal: Appeal, form: SignAppealForm, reason: ReasonForm) -> HttpResponse:
    case = appeal.claim.case
    context: dict[str, Any] = {
        "appeal": appeal, "letter": letter_of(appeal), "form": form, "reason": reason, "zone": case.site.time_zone,
        "patient": banner_of_case(case, enrolment=enrolment_of(case.patient, site_id=case.site_id)), "here": "reading-queue",
        "statement": STATEMENT_TEXT,
    }  # fmt: skip
    return render(request, "claims/appeal_sign.html", context, status=422 if form.errors or reason.errors else 200)
