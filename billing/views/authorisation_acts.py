"""What is done to a request to a payer, one verb an address."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from billing.access import get_authorisation, get_claim, get_coverage
from billing.actions import authorising
from billing.actions.authorising import Asked
from billing.authorisation_forms import ApprovedForm, AskForm, EndForm, RefusedForm, RequestSentForm, TakeUpForm
from billing.claims.about_authorisations import to_ask_for
from billing.claims.facts import ClaimFacts
from billing.claims.lines import ClaimDraft
from billing.models import Authorisation, Claim, Coverage
from billing.ordered_ahead import open_cases, ordered_codes, signed_cases
from billing.views.authorisation_rows import rows_of
from billing.views.authorisations import authorisation_page
from billing.views.patients import about_patient
from cases.blinding import require_open_eyes
from cases.models import Case
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.accounts.trail import record_read
from teledent.kit import clock
from teledent.kit.decisions import Conflict, Refused

FORM_METHODS = ["GET", "HEAD", "POST"]
CHECKED_ANEW = "Claims that were not sent are checked again."


@require_http_methods(FORM_METHODS)
@role_required(Role.FRONT_DESK)
def begin(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """A request about one plan, from the patient's page."""
    coverage = get_coverage(request.actor, public_id)
    record_read(request.actor, noun="patient", public_id=coverage.patient.public_id, at=clock.now())
    return _begin(request, coverage, back=reverse("claims-patient", args=[coverage.patient.public_id]))


@require_http_methods(FORM_METHODS)
@role_required(Role.FRONT_DESK)
def begin_for_case(request: ActingRequest, public_id: UUID, case_id: UUID) -> HttpResponse:
    """A request for what the dentist of a signed case ordered: filled in, for the desk to choose from. It rests on the
    record, so a file can carry it."""
    coverage = get_coverage(request.actor, public_id)
    case = signed_cases(coverage.patient).filter(public_id=case_id).first()
    if case is None:
        raise Http404("No such signed case.")
    require_open_eyes(request.actor.person, case)
    record_read(request.actor, noun="patient", public_id=coverage.patient.public_id, at=clock.now())
    back = reverse("authorisation-begin", args=[coverage.public_id])
    return _begin(request, coverage, back=back, lines=ordered_codes(case), case=case)


@require_http_methods(FORM_METHODS)
@role_required(Role.FRONT_DESK)
def begin_for_claim(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """A request for what a claim is held for: its codes are filled in, and its signed case goes with it."""
    claim = get_claim(request.actor, public_id, at=clock.now())
    if claim.coverage is None:
        raise Conflict("This claim names no plan yet. Add the patient's coverage first.")
    coverage = get_coverage(request.actor, claim.coverage.public_id)
    back = reverse("claim", args=[claim.public_id])
    return _begin(request, coverage, back=back, lines=_wanted(claim), case=claim.case)


@require_http_methods(FORM_METHODS)
@role_required(Role.FRONT_DESK)
def change(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """What is not asked yet, to be asked otherwise: the same form, filled in with what it says."""
    row, _ = _row(request, public_id)
    if request.method != "POST":
        authorising.require_drafted(row)
    lines = [Asked(one.code, one.tooth, one.units) for one in row.lines.all()]
    back = reverse("authorisation", args=[public_id])
    return _begin(request, row.coverage, back=back, lines=lines, case=row.case, row=row)


def _wanted(claim: Claim) -> list[Asked]:
    """What the payer asks for and nothing covers; where it asks for nothing, the services of the claim."""
    if not claim.draft:
        return []
    lines = to_ask_for(ClaimFacts.from_json(claim.facts), ClaimDraft.from_json(claim.draft))
    asked: dict[tuple[str, str], int] = {}
    for line in lines:
        asked[line.code, line.tooth] = asked.get((line.code, line.tooth), 0) + line.quantity
    return [Asked(code, tooth, units) for (code, tooth), units in asked.items()]


def _begin(
    request: ActingRequest, coverage: Coverage, *, back: str, lines: Sequence[Asked] = (), case: Case | None = None,
    row: Authorisation | None = None,
) -> HttpResponse:  # fmt: skip
    """The form of a request; `row` is the one in whose place it comes."""
    more = request.POST.get("do") == "more"
    begins = {"kind": row.kind, "reason": row.reason} if row else {}
    form = AskForm(request.POST if request.method == "POST" else None, lines=lines, more=more, begins=begins)
    if request.method == "POST" and not more and form.is_valid():
        said = {"lines": form.asked, "at": clock.now(), **form.head.cleaned_data}
        try:
            if row is None:
                made = authorising.begin_request(actor=request.actor, coverage=coverage, case=case, **said)
            else:
                made = authorising.write_request_anew(actor=request.actor, row=row, **said)
        except Conflict:
            raise
        except Refused as refusal:
            form.head.add_error(None, refusal.sentence)
        else:
            messages.success(request, "Written down. Record how it is sent, or what the payer says.")
            return redirect("authorisation", made.public_id)
    about = about_patient(coverage.patient)
    person = request.actor.person
    others = coverage.authorisations.exclude(pk=row.pk) if row else coverage.authorisations.all()
    open_ones = list(others.open().open_to(person).for_list())
    cases = open_cases(coverage.patient, person).prefetch_related("orders") if case is None and row is None else []
    context: dict[str, Any] = {
        **about, "form": form, "cases": [(one, ordered_codes(one)) for one in cases], "coverage": coverage, "back_to": back, "case": case,
        "open_ones": rows_of(open_ones, today=about["day"]),
    }  # fmt: skip
    wrong = request.method == "POST" and not more
    return render(request, "claims/authorisation_begin.html", context, status=422 if wrong else 200)


@require_POST
@role_required(Role.FRONT_DESK)
def sent(request: ActingRequest, public_id: UUID) -> HttpResponse:
    row, at = _row(request, public_id)
    form = RequestSentForm(request.POST, auto_id="send_%s")
    said = "Recorded. It waits for an answer under “Waiting”."
    return _done(request, row, "send", form, authorising.mark_sent, said, at=at)


@require_POST
@role_required(Role.FRONT_DESK)
def approved(request: ActingRequest, public_id: UUID) -> HttpResponse:
    row, at = _row(request, public_id)
    form = ApprovedForm(request.POST, auto_id="approve_%s", row=row)
    said = f"The answer is recorded. {CHECKED_ANEW}"
    return _done(
        request, row, "approve", form, authorising.record_approval, said, at=at, told=lambda: form.answer
    )  # fmt: skip


@require_POST
@role_required(Role.FRONT_DESK)
def refused(request: ActingRequest, public_id: UUID) -> HttpResponse:
    row, at = _row(request, public_id)
    form = RefusedForm(request.POST, auto_id="refuse_%s")
    said = f"The refusal is recorded. {CHECKED_ANEW}"
    return _done(request, row, "refuse", form, authorising.record_refusal, said, at=at)


@require_POST
@role_required(Role.FRONT_DESK)
def take_up(request: ActingRequest, public_id: UUID) -> HttpResponse:
    row, at = _row(request, public_id)
    form = TakeUpForm(request.POST, auto_id="take_up_%s")
    said = "It is to be sent again. Write the file below."
    return _done(request, row, "take_up", form, authorising.take_up_again, said, at=at)


@require_POST
@role_required(Role.FRONT_DESK)
def withdraw(request: ActingRequest, public_id: UUID) -> HttpResponse:
    row, at = _row(request, public_id)
    form = EndForm(request.POST, auto_id="withdraw_%s")
    said = f"Withdrawn. {CHECKED_ANEW}"
    return _done(request, row, "withdraw", form, authorising.withdraw_request, said, at=at)


@require_POST
@role_required(Role.FRONT_DESK)
def in_error(request: ActingRequest, public_id: UUID) -> HttpResponse:
    row, at = _row(request, public_id)
    form = EndForm(request.POST, auto_id="mark_error_%s")
    said = f"Marked as entered in error. It stays readable and counts no more. {CHECKED_ANEW}"
    return _done(request, row, "mark_error", form, authorising.mark_request_in_error, said, at=at)


def _row(request: ActingRequest, public_id: UUID) -> tuple[Authorisation, datetime]:
    at = clock.now()
    return get_authorisation(request.actor, public_id, at=at), at


def _done(
    request: ActingRequest,
    row: Authorisation,
    name: str,
    form: forms.Form,
    act: Callable[..., Authorisation],
    said: str,
    *,
    at: datetime,
    told: Callable[[], dict[str, Any]] | None = None,
) -> HttpResponse:
    """Act on a valid form; a refusal stands in the form, with everything that was typed."""
    if form.is_valid():
        try:
            act(actor=request.actor, row=row, at=at, **(told() if told else form.cleaned_data))
        except Conflict:
            raise
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, said)
            return redirect("authorisation", row.public_id)
    return authorisation_page(request, row, at=at, failed=(name, form))
