"""The hygienist's signature by submitting (CA-6), and taking a case back."""

from dataclasses import asdict
from datetime import datetime
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases import questionnaires, teeth
from cases.access import get_own_case
from cases.actions.phrasing import numbering_of
from cases.actions.submitting import statement_of, submit_case, withdraw_case
from cases.indicator_words import indicators_in_words
from cases.models import Case, Urgency
from cases.permissions import licence_of
from cases.terms import read_terms
from cases.views.capture.forms import ReasonForm, SubmitForm, posted
from cases.views.capture.page import Live, load_files, tile_of, to_case
from cases.wording import marks_in_words, service_in_words
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.kit import clock
from teledent.kit.decisions import Conflict, Refused

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
@role_required(Role.HYGIENIST)
def submit(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """GET shows on one page what will be signed; POST signs it."""
    at = clock.now()
    case = get_own_case(request.actor, public_id, at=at)
    live = Live(case, request.actor, at)
    if not live.editable:
        messages.info(request, "This case is not open for submitting now.")
        return to_case(case)
    form = SubmitForm(posted(request))
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            submission = submit_case(actor=request.actor, case=case, at=at)
        except Conflict:
            raise
        except Refused as refusal:
            refused = refusal.sentence
        else:
            messages.success(request, f"{case.label} is signed and submitted, version {submission.version}.")
            return redirect("capture-case", case.public_id)
    status = 422 if refused or form.errors else 200
    return render(
        request, "capture/submit.html", _to_be_signed(request, case, live, form=form, refused=refused), status=status
    )


def _to_be_signed(
    request: ActingRequest, case: Case, live: Live, *, form: SubmitForm, refused: str
) -> dict[str, object]:
    asked, label = (
        questionnaires.questions_for(case.kind),
        partial(teeth.label, numbering=numbering_of(request.actor.person)),
    )
    return {
        "case": case, "live": live, "zone": live.zone, "form": form, "refused": refused, "statement": statement_of(case)[1],
        "licence": licence_of(request.actor.person, state=case.patient_state, day=live.day),
        "answers": [(q.legend, questionnaires.in_words(q, case.answers)) for q in asked if q.required or case.answers.get(q.key)],
        "tiles": [tile_of(asset, editable=False) for asset in load_files(case) if asset.state != "struck"],
        "marks": marks_in_words([asdict(one) for one in live.record.findings], label),
        "indicators": indicators_in_words([asdict(one) for one in live.record.indicators], label),
        "services": [service_in_words(asdict(one), label) for one in live.record.services],
        "exchange": live.record.exchange, **_read_when(case, live.at),
    }  # fmt: skip


def _read_when(case: Case, at: datetime) -> dict[str, object]:
    """When it is due, and outside reading hours when the next ones begin: told before the signature, not after."""
    terms = read_terms(case.practice)
    due = terms.due_at(case.submitted_at or at, kind=case.kind, urgency=case.urgency) if case.urgency else None
    return {
        "due": due, "next_reading": terms.next_reading(at), "reading_zone": terms.zone,
        "on_call": case.practice.on_call_phone if case.urgency == Urgency.EMERGENCY else "",
    }  # fmt: skip


@require_http_methods(FORM_METHODS)
@role_required(Role.HYGIENIST)
def withdraw(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    case = get_own_case(request.actor, public_id, at=at)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        withdraw_case(actor=request.actor, case=case, reason=form.cleaned_data["reason"], at=at)
        messages.success(request, f"{case.label} is withdrawn. What was gathered stays readable.")
        return redirect("capture-day")
    context = {"case": case, "live": Live(case, request.actor, at), "form": form}
    return render(request, "capture/withdraw.html", context, status=422 if form.errors else 200)
