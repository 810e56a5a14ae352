"""Asking for more: per picture, per view that is missing, per answer; the case goes back to the site with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases import questionnaires, view_labels
from cases.actions.reviewing import Ask, request_info
from cases.models import Asset, Case, Review
from cases.view_labels import STANDARD_PHOTOGRAPHS
from cases.views.reading.gate import get_draft
from cases.views.record.gallery import Picture, pictures_of
from cases.views.record.page import exchange_of
from cases.views.showing import banner_of_case, enrolment_of
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.kit import clock
from teledent.kit.text import printable

ASK_MAX = 300
EMPTY = "Write what you need beside at least one picture, view or answer. Nothing was sent."


@dataclass(frozen=True, slots=True)
class Place:
    """One thing that may be asked about: the field's name, what it is, what stands there now, and what is asked."""

    name: str
    label: str
    now: str
    ask: str
    picture: Picture | None = None


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.DENTIST)
def ask(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    case, review = get_draft(request.actor, public_id, at=at)
    asks = list(_asks(case, request)) if request.method == "POST" else []
    if asks:
        request_info(actor=request.actor, review=review, asks=asks, at=at)
        messages.success(
            request,
            f"{case.label} went back to {case.site.name} with your questions. Your text is kept for the answer.",
        )
        return redirect("reading-queue")
    typed = request.POST if request.method == "POST" else _suggested(review)
    context = {
        "case": case, "here": "reading-queue", "patient": banner_of_case(case, enrolment=enrolment_of(case.patient, site_id=case.site_id)),
        "pictures": list(_pictures(case, typed)), "views": list(_views(case, typed)), "answers": list(_answers(case, typed)),
        "error": EMPTY if request.method == "POST" else "", "ask_max": ASK_MAX, "zone": case.site.time_zone,
        "exchange": exchange_of(case),
    }  # fmt: skip
    return render(request, "reading/ask.html", context, status=422 if request.method == "POST" else 200)


def _asks(case: Case, request: ActingRequest) -> Iterable[Ask]:
    """What was written, by the name of its field; a name that this case does not have is passed over."""
    files: dict[str, Asset] = {str(picture.asset.public_id): picture.asset for picture in pictures_of(case)}
    known = {question.key for question in questionnaires.questions_for(case.kind)}
    for name, value in request.POST.items():
        said = printable(str(value)).strip()[:ASK_MAX]
        about, _, key = name.partition(":")
        if not said:
            continue
        if about == "picture" and key in files:
            yield Ask(said, asset=files[key], view=files[key].view)
        elif about == "view" and key in view_labels.VIEWS:
            yield Ask(said, view=key)
        elif about == "answer" and key in known:
            yield Ask(said, field=key)


def _suggested(review: Review) -> dict[str, str]:
    """A view that was not usable is asked for again, with the reason as its words."""
    poor = review.views.filter(usable=False).select_related("asset")
    return {
        f"picture:{view.asset.public_id}": f"Take it once more: {view.reason[:1].lower()}{view.reason[1:]}"
        for view in poor
    }


def _pictures(case: Case, typed: "dict[str, str]") -> Iterable[Place]:
    for picture in pictures_of(case):
        if picture.page == 1:
            name = f"picture:{picture.asset.public_id}"
            yield Place(name, picture.label, picture.described, typed.get(name, ""), picture)


def _views(case: Case, typed: "dict[str, str]") -> Iterable[Place]:
    there = set(case.assets.counted().values_list("view", flat=True))
    wanted = [*STANDARD_PHOTOGRAPHS, "bitewing-right", "bitewing-left", "periapical"]
    for key in wanted:
        if key not in there:
            yield Place(
                f"view:{key}", view_labels.label_of(key), "Not among the pictures", typed.get(f"view:{key}", "")
            )


def _answers(case: Case, typed: "dict[str, str]") -> Iterable[Place]:
    for asked in questionnaires.questions_for(case.kind):
        name = f"answer:{asked.key}"
        yield Place(name, asked.legend, questionnaires.in_words(asked, case.answers), typed.get(name, ""))
