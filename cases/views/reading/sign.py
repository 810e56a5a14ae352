"""The signature: exactly what will be frozen on one screen, the evaluation performed, the attestations, the password."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cases import codes, teeth
from cases.actions.phrasing import numbering_of
from cases.actions.signing import STATEMENT_TEXT, digest_to_sign, evaluations_offered, sign_review
from cases.consent_policies import consent_stands
from cases.models import Case, Review, Sufficiency
from cases.permissions import may
from cases.places import zone_of_patient_place
from cases.policies import Step, blocking, checklist, dates_stand
from cases.record import CaseRecord, concluded, read_record
from cases.views.reading.forms import SignForm
from cases.views.reading.gate import get_draft
from cases.views.reading.page import DENTISTS_PLACES, shown_of
from cases.views.record.gallery import absent_of
from cases.views.showing import banner_of_case, enrolment_of
from cases.wording import concluded_in_words, gathered_in_words
from teledent.accounts.acting import ActingRequest, Actor, role_required
from teledent.accounts.confirming import WrongPassword
from teledent.accounts.models import Role
from teledent.kit import canonical, clock
from teledent.kit.decisions import Conflict, Refused


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.DENTIST)
def sign(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    case, review = get_draft(request.actor, public_id, at=at)
    offered = evaluations_offered(case, at=at)
    assessable = review.sufficiency != Sufficiency.NOT_ASSESSABLE
    record = read_record(case, review=review)
    if request.method != "POST":
        seen = {"version": review.version, "shown": digest_to_sign(record, submission=review.submission)}
        return _page(
            request, case, review, record, SignForm(offered=offered, assessable=assessable, initial=seen), at=at
        )
    form = SignForm(request.POST, offered=offered, assessable=assessable)
    if form.is_valid() and _signed(request.actor, review, form, at=at):
        messages.success(
            request, f"{case.label} is signed. The record below is frozen; later knowledge is an addendum."
        )
        return redirect("record", case.public_id)
    return _page(request, case, review, record, form, at=at)


def _signed(actor: Actor, review: Review, form: SignForm, *, at: datetime) -> bool:
    """Sign; a refusal goes beside its field. A page that is no longer true is a 409."""
    said = form.cleaned_data
    names = ("version", "shown", "evaluation_code", "no_live_contact", "not_same_building", "password")
    try:
        sign_review(actor=actor, review=review, at=at, **{name: said[name] for name in names})
    except Conflict:
        raise
    except WrongPassword as refusal:
        form.add_error("password", refusal.sentence)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
    return not form.errors


def _page(
    request: ActingRequest, case: Case, review: Review, record: CaseRecord, form: SignForm, *, at: datetime
) -> HttpResponse:
    content = canonical.plain(concluded(record, submission=review.submission))
    label = partial(teeth.label, numbering=numbering_of(request.actor.person))
    context: dict[str, Any] = {
        "case": case, "review": review, "form": form, "zone": case.site.time_zone, "here": "reading-queue",
        "patient": banner_of_case(case, enrolment=enrolment_of(case.patient, site_id=case.site_id)),
        "gathered": gathered_in_words(review.submission.content, label), "concluded": concluded_in_words(content, label),
        "shown": shown_of(case, record), "absent": absent_of(case.assets.all()), "statement": STATEMENT_TEXT,
        "problems": problems_of(request.actor, case, record, at=at), "assessable": form.assessable,
        "asynchronous": codes.ASYNCHRONOUS, "synchronous": codes.SYNCHRONOUS, "submission": review.submission,
    }  # fmt: skip
    return render(request, "reading/sign.html", context, status=422 if form.errors else 200)


def problems_of(actor: Actor, case: Case, record: CaseRecord, *, at: datetime) -> list[dict[str, Any]]:
    """What keeps the case from being signed now, each with the place that mends it."""
    page = reverse("reading-case", args=[case.public_id])
    ask = reverse("reading-ask", args=[case.public_id])
    problems = [
        {
            "sentence": line.label, "why": line.note, "blocks": True,
            "mend_url": f"{page}#{DENTISTS_PLACES[line.mend]}" if line.mend in DENTISTS_PLACES else ask,
        } for line in blocking(checklist(record), Step.SIGN)
    ]  # fmt: skip
    late = sum(not image.is_in for image in record.counted_images)
    if late:
        total = len(record.counted_images)
        why = f"{total - late} of {total} received. Signing waits for each, or for the site to strike it off with a reason."
        problems.append(
            {"sentence": "Not every picture is in", "why": why, "blocks": True, "mend_url": page, "mend_label": "Back"}
        )
    zone = zone_of_patient_place(case, case.site)
    for decision in (
        consent_stands(record, today=clock.local_date(at, zone), zone=zone),
        dates_stand(record, at, zone=zone),
        may(actor, "sign", case, at=at),
    ):
        if not decision:
            problems.append({"sentence": decision.reason, "why": "", "blocks": True})
    return problems
