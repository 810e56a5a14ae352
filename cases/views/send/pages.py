"""The pages of a link, in their order: begin, birth date, red flags, consent, questions, pictures, send, sent."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import flooding
from cases.actions import sending
from cases.actions.linking import hash_of
from cases.by_link.asking import VIEWS
from cases.by_link.words import WORDS
from cases.letters.catalogue import SHIPPED
from cases.letters.phrasing import day_in
from cases.models import AssetState
from cases.views.send.forms import AgreeForm, BirthForm, FinishForm, FlagsForm, QuestionsForm, SendingForm
from cases.views.send.visit import (
    STEPS,
    SendingRequest,
    Visit,
    by_link,
    changed,
    gone,
    keep,
    link_of,
    page,
    visit_of,
    wait,
)
from teledent.kit import clock

FORM_METHODS = ["GET", "HEAD", "POST"]
REACHED = {
    "spoke": "The sender says: called and spoke with someone",
    "nobody": "The sender says: called, and nobody answered",
    "not_called": "The sender says: has not called",
}


def _page_of(request: SendingRequest, name: str, step: str, **more: Any) -> HttpResponse:
    """A page that says how far it is."""
    place = {"step": STEPS.index(step), "steps": len(STEPS) - 1} if step in STEPS[1:] else None
    progress = request.visit.words["step"].format(**place) if place else ""
    return page(request, name, request.visit, progress=progress, **more)


def _form_page(request: SendingRequest, name: str, step: str, form: SendingForm, **more: Any) -> HttpResponse:
    return _page_of(request, name, step, form=form, status=422 if form.errors else 200, **more)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@require_http_methods(FORM_METHODS)
@login_not_required
def start(request: HttpRequest, token: str) -> HttpResponseBase:
    """Looking at it changes nothing; the button exchanges the token for a visit at an address without it."""
    at = clock.now()
    link = link_of(request, hash_of(token), at=at)
    if isinstance(link, HttpResponse):
        return link
    said = request.POST if request.method == "POST" else request.GET
    language = said.get("language", link.language)
    visit = Visit(link, language if language in WORDS else link.language)
    if request.method != "POST":
        other = next(code for code in WORDS if code != visit.language)
        return page(request, "start", visit, other=other)
    if flooding.asks_too_often(f"link:{link.pk}", at=at):
        return wait(request, 60)
    sending.open_link(link=link, at=at)
    return keep(redirect("send"), visit)


@require_safe
@by_link()
def where(request: SendingRequest) -> HttpResponseBase:
    """To the first step that is not done."""
    return redirect(request.visit.next)


@require_http_methods(FORM_METHODS)
@by_link("send-birth")
def birth(request: SendingRequest) -> HttpResponseBase:
    form, at = BirthForm(_posted(request), visit=request.visit), clock.now()
    if request.method == "POST":
        said = form.cleaned_data["birth_date"] if form.is_valid() else None
        if said is not None and sending.is_born_on(link=request.visit.link, said=said, at=at):
            changed(request, born=True)
            return redirect("send")
        if visit_of(request, at=at) is None:
            return gone(request)
        if said is not None:
            form.add_error("birth_date", request.visit.words["birth_wrong"])
    return _form_page(request, "birth", "send-birth", form)


@require_http_methods(FORM_METHODS)
@by_link("send-flags")
def flags(request: SendingRequest) -> HttpResponseBase:
    """First of all: what cannot wait says "call now" before anything else is asked (CA-5)."""
    visit = request.visit
    shown = () if visit.said_flags is None else visit.flags
    form = FlagsForm(_posted(request), visit=visit, initial={"flags": shown, "shown": shown})
    if request.method == "POST" and form.is_valid():
        has_case = visit.link.case is not None
        if has_case:
            sending.keep_flags(link=visit.link, flags=form.up, shown=form.cleaned_data["shown"], at=clock.now())
        changed(request, said_flags=form.up, flags_kept=has_case)
        return redirect("send-call" if form.up else "send")
    return _form_page(request, "flags", "send-flags", form)


@require_safe
@by_link()
def call(request: SendingRequest) -> HttpResponseBase:
    if not request.visit.flags:
        return redirect("send")
    return page(request, "call", request.visit)


@require_http_methods(FORM_METHODS)
@by_link("send-consent")
def consent(request: SendingRequest) -> HttpResponseBase:
    visit = request.visit
    form = AgreeForm(_posted(request), visit=visit)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        agreed = sending.Agreed(form.who, said["state"], said["place"], form.bills)
        try:
            sending.agree(link=visit.link, words=visit.words, agreed=agreed, flags=visit.flags, at=clock.now())
            changed(request, signed=True, flags_kept=True)
            return redirect("send")
        except sending.AgreedBefore:
            changed(request, flags_kept=True)
            return _agreed_before(request)
        except sending.Lacking as lacking:
            form.add_error("state", visit.say(visit.words[lacking.key]))
    if visit.link.case is not None:
        return _agreed_before(request)
    return _form_page(request, "consent", "send-consent", form)


def _agreed_before(request: SendingRequest) -> HttpResponse:
    return _page_of(request, "before", "send-consent", status=409)


@require_http_methods(FORM_METHODS)
@by_link("send-questions")
def questions(request: SendingRequest) -> HttpResponseBase:
    """What was said in this browser stands in it; what was said in another one is not shown."""
    visit = request.visit
    case = visit.link.case
    form = QuestionsForm(_posted(request), visit=visit, initial=case.answers if case and visit.mine else None)
    if request.method == "POST" and form.is_valid():
        sending.keep_answers(link=visit.link, answers=form.answers, at=clock.now())
        changed(request, mine=True)
        return redirect("send-pictures")
    return _form_page(request, "questions", "send-questions", form)


@require_safe
@by_link("send-pictures")
def pictures(request: SendingRequest) -> HttpResponseBase:
    """The places for pictures. What was sent is named and never shown: whoever holds the link may be somebody else by now."""
    visit = request.visit
    shown = list(sending.pictures_of(visit.link.case).counted()) if visit.link.case else []
    views = [
        (key, *visit.words.views[key], [one for one in shown if one.view == key]) for key in VIEWS[visit.link.kind]
    ]
    return _page_of(
        request,
        "pictures",
        "send-pictures",
        views=views,
        any=any(one.state != AssetState.DECLARED for one in shown),
    )


@require_POST
@by_link("send-pictures")
def away(request: SendingRequest, public_id: UUID) -> HttpResponseBase:
    sending.take_away(link=request.visit.link, public_id=public_id, at=clock.now())
    if request.headers.get("Accept") == "application/json":
        return HttpResponse(status=204)
    return redirect("send-pictures")


@require_http_methods(FORM_METHODS)
@by_link("send-finish")
def finish(request: SendingRequest) -> HttpResponseBase:
    visit, lacking = request.visit, ""
    case = visit.link.case
    form = FinishForm(_posted(request), visit=visit)
    if request.method == "POST" and form.is_valid():
        reached = REACHED.get(form.cleaned_data.get("reached", ""), "")
        try:
            sending.send_case(link=visit.link, sender=form.sender, reached=reached, at=clock.now())
            changed(request, sent=True)
            return redirect("send-sent")
        except sending.Lacking as refusal:
            lacking = visit.say(visit.words[f"lacking_{refusal.key}"])
    response = _form_page(
        request,
        "finish",
        "send-finish",
        form,
        count=sending.pictures_of(case).counted().exclude(state=AssetState.DECLARED).count() if case else 0,
        lacking=lacking,
        statement=visit.say(visit.words.statement),
    )
    response.status_code = 422 if lacking else response.status_code
    return response


@require_safe
@login_not_required
def sent(request: HttpRequest) -> HttpResponseBase:
    """That it was sent, for the browser that sent it and for half an hour."""
    visit = visit_of(request, at=clock.now())
    if visit is None:
        return gone(request)
    if not visit.sent:
        return redirect("send")
    told = visit.words["sent_text"].format(**visit.blanks, when=_when(visit))
    return page(request, "sent", visit, told=told)


def _when(visit: Visit) -> str:
    """Day and time in the language of the visit, where the practice is."""
    sent_at = visit.link.sent_at
    if sent_at is None:
        return ""
    local = sent_at.astimezone(ZoneInfo(visit.link.site.time_zone))
    return f"{day_in(SHIPPED[visit.language], local.date())}, {local:%H:%M}"
