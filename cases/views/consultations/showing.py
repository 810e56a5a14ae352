"""One question of another office: what was sent, whose patient it is, and the answer on its way back."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cases.actions import consultations
from cases.consulting import facts_of, texts_of
from cases.models import AssetState, Consultation, Patient, ReportState
from cases.models.consultation import STANDS
from cases.practice_permissions import may_at_site
from cases.reporting import report_of
from cases.views.capture.page import thumbnails, tile_of
from cases.views.consultations.listing import READERS, state_of
from teledent.accounts.acting import ActingRequest, Actor, role_required
from teledent.accounts.forms import NameField
from teledent.accounts.models import Role
from teledent.accounts.trail import record_read
from teledent.kit import canonical, clock

NEW = "new"
FOUND_MAX = 10


class TakeUpForm(forms.Form):
    """Whose patient it is: somebody on file, by id, or somebody new."""

    patient = forms.CharField(max_length=36, error_messages={"required": "Choose who it is."})
    known_by = NameField(label="How you know that it is the same patient", max_length=200, required=False)

    def clean_patient(self) -> UUID | None:
        said = self.cleaned_data["patient"]
        try:
            return None if said == NEW else UUID(said)
        except ValueError:
            raise forms.ValidationError("Choose who it is.") from None


class TurnDownForm(forms.Form):
    because = NameField(label="Why", max_length=200)


@require_safe
@role_required(*READERS)
def consultation(request: ActingRequest, public_id: UUID) -> HttpResponse:
    return _page(request, _get(request.actor, public_id))


def _page(
    request: ActingRequest, asked: Consultation, *, form: forms.Form | None = None, down: forms.Form | None = None, query: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    at = clock.now()
    record_read(request.actor, noun="consultation", public_id=asked.public_id, at=at)
    takes_up = bool(may_at_site(request.actor, "take_up", asked.site)) and _waits(asked)
    word, kind, icon = state_of(asked, at)
    context: dict[str, Any] = {
        "asked": asked, "word": word, "kind": kind, "name": icon, "texts": texts_of(asked.said), "facts": facts_of(asked.said),
        "zone": asked.site.time_zone,
        "files": _files(asked) if takes_up else [], "count": asked.assets.counted().count(), "takes_up": takes_up,
        "form": form or TakeUpForm(), "down": down or TurnDownForm(), "query": query, "here": "follow-up", "now_at": "consultations",
        "opens_case": request.actor.has(Role.HYGIENIST),
        "may_revoke": _may_revoke(request.actor, asked),
        **_answering(request.actor, asked),
    }  # fmt: skip
    if takes_up:
        found = _called(request.actor, query) if query else consultations.alike(request.actor, asked)
        context["found"] = [(one, one.birth_date == asked.birth_date) for one in found]
    return render(request, "consultations/consultation.html", context, status=status)


def _may_revoke(actor: Actor, asked: Consultation) -> bool:
    open_still = asked.sent_at is None and asked.revoked_at is None
    return open_still and bool(may_at_site(actor, "make_consultations", asked.site))


def _waits(asked: Consultation) -> bool:
    return Consultation.objects.to_take_up().filter(pk=asked.pk).exists()


def _files(asked: Consultation) -> list[Any]:
    rows = asked.assets.counted().select_related("site").prefetch_related(thumbnails())
    return [tile_of(asset, editable=False) for asset in rows.exclude(state=AssetState.DECLARED)]


def _answering(actor: Actor, asked: Consultation) -> dict[str, Any]:
    """Whether she may let the answer out, and whether what was let out is still what the report says."""
    if asked.case is None or asked.case.status not in STANDS:
        return {"may_release": False}
    document = report_of(asked.case, audience="colleague", language="en")
    digest = canonical.sha256_of(canonical.plain(document.as_json())) if document else ""
    report, at = asked.report, clock.now()
    changed = report is not None and report.digest != digest
    again = report is not None and (report.state == ReportState.FAILED or asked.is_over(at))
    may = bool(may_at_site(actor, "answer_consultations", asked.site)) and asked.tries_left > 0
    return {"may_release": may and (report is None or changed or again), "changed": changed, "over": asked.is_over(at)}


def _called(actor: Actor, query: str) -> list[Patient]:
    return list(Patient.objects.visible_to(actor).called(query).order_by("family_key", "given_key", "pk")[:FOUND_MAX])


@require_POST
@role_required(Role.HYGIENIST)
def take_up(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """With `find`, only the list of whom it might be is another one; else a case is opened for who was chosen."""
    asked = _get(request.actor, public_id)
    if "find" in request.POST:
        return _page(request, asked, query=request.POST.get("text", "").strip()[:60])
    form = TakeUpForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, form=form, status=422)
    said = form.cleaned_data
    case = consultations.take_up(
        actor=request.actor, asked=asked, patient=said["patient"], known_by=said["known_by"], at=clock.now()
    )
    messages.success(
        request, f"{case.label} is open with what {asked.asker} sent. Ask the family for its consent and its history."
    )
    return redirect("capture-case", case.public_id)


@require_POST
@role_required(Role.HYGIENIST)
def turn_down(request: ActingRequest, public_id: UUID) -> HttpResponse:
    asked = _get(request.actor, public_id)
    form = TurnDownForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, down=form, status=422)
    consultations.turn_down(actor=request.actor, asked=asked, because=form.cleaned_data["because"], at=clock.now())
    messages.success(request, f"Turned down. The link says nothing of it: call {asked.office}, {asked.phone}.")
    return redirect("consultations")


@require_POST
@role_required(Role.HYGIENIST, Role.FRONT_DESK)
def release(request: ActingRequest, public_id: UUID) -> HttpResponse:
    asked = _get(request.actor, public_id)
    consultations.release_answer(actor=request.actor, asked=asked, at=clock.now())
    messages.success(
        request, f"{asked.asker} can collect the answer at the link for 30 days. Tell {asked.office}: {asked.phone}."
    )
    return redirect("consultation", public_id)


@require_POST
@role_required(Role.HYGIENIST, Role.FRONT_DESK)
def revoke(request: ActingRequest, public_id: UUID) -> HttpResponse:
    asked = _get(request.actor, public_id)
    consultations.revoke_consultation(actor=request.actor, asked=asked, at=clock.now())
    messages.success(request, "The link works no more.")
    return redirect("consultations")


def _get(actor: Actor, public_id: UUID) -> Consultation:
    rows = Consultation.objects.visible_to(actor).select_related(
        "site", "practice", "case__patient", "made_by", "released_by", "closed_by", "revoked_by", "report"
    )  # fmt: skip
    asked = rows.filter(public_id=public_id).first()
    if asked is None:
        raise Http404("No such question.")
    return asked
