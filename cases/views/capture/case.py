"""The case: everything gathered for one child on one page, saved section by section as it is tapped and typed."""

from datetime import datetime
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cases.access import get_own_case
from cases.actions.capturing import save_answers
from cases.models import Case
from cases.views.capture.answers import SECTIONS, AnswersForm, columns_of, forms_of
from cases.views.capture.page import Live, case_page, is_htmx, part_and_live, pictures_context, to_case
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.kit import clock
from teledent.kit.decisions import Conflict


@require_safe
@role_required(Role.HYGIENIST)
def case(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    return case_page(request, get_own_case(request.actor, public_id, at=at), at=at)


@require_POST
@role_required(Role.HYGIENIST)
def save(request: ActingRequest, public_id: UUID, section: str) -> HttpResponse:
    """Save one section. A stale page gets 409 and keeps what was typed; so does a field that cannot be read (422)."""
    at = clock.now()
    case = get_own_case(request.actor, public_id, at=at)
    if section not in SECTIONS:
        raise Http404("No such section.")
    found = forms_of(section, case, request.POST)
    valid = [form.is_valid() for form in found]  # each says what it finds
    if not all(valid):
        return _not_saved(request, case, section, found, "Not saved: something here cannot be read.", status=422)
    questions = found[0]
    assert isinstance(questions, AnswersForm)  # noqa: S101 - forms_of puts it first
    try:
        save_answers(
            actor=request.actor,
            case=case,
            answers=questions.answers,
            revision=_revision(request),
            at=at,
            **columns_of(found),
        )
    except Conflict as conflict:
        return _not_saved(request, case, section, found, conflict.sentence, status=409)
    if not is_htmx(request):
        return to_case(case, section)
    day_before = case.day_seen
    response = part_and_live(request, case, "capture/_saved.html", {"section": section, "saved_at": at}, at=at)
    if case.day_seen != day_before:
        response.content += _pictures(request, case, at=at).encode()
    return response


def _pictures(request: ActingRequest, case: Case, *, at: datetime) -> str:
    """All pictures for htmx to put in their place: the day seen changed, and with it which of them are held."""
    live = Live(case, request.actor, at)
    context = {
        **pictures_context(request, case, live),
        "case": case,
        "live": live,
        "zone": live.zone,
        "out_of_band": True,
    }
    return render_to_string("capture/_pictures.html", context, request)


def _revision(request: ActingRequest) -> int:
    said = request.POST.get("revision", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else -1


def _not_saved(
    request: ActingRequest, case: Case, section: str, found: list[forms.Form], sentence: str, *, status: int
) -> HttpResponse:
    """Beside the section for htmx, which leaves the fields alone; as the whole page with what was typed for a form."""
    if is_htmx(request):
        errors = [
            f"{form[name].label}: {' '.join(map(str, said))}"
            for form in found
            for name, said in form.errors.items()
            if name in form.fields
        ]
        context = {
            "section": section,
            "sentence": sentence,
            "errors": errors,
            "is_stale": status == 409,
            "reload": reverse("capture-case", args=[case.public_id]),
        }
        return render(request, "capture/_not_saved.html", context, status=status)
    at = clock.now()
    case.refresh_from_db()
    return case_page(request, case, at=at, status=status, bound={section: found}, not_saved=sentence)
