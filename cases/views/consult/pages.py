"""The pages of another office's link: begin, the question, the files, send; then the birth date, how far it is, the answer."""

import secrets
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from cases import flooding
from cases.actions import asking_us
from cases.actions.linking import hash_of
from cases.consulting import SENT_VIEWS, STATEMENT
from cases.models import AssetState
from cases.view_labels import VIEWS, Family
from cases.views.consult.forms import BirthForm, QuestionForm, SendForm, typed
from cases.views.consult.visit import (
    AskingRequest,
    Said,
    by_office,
    consultation_of,
    keep,
    knows_birth_date,
    page,
    place_of,
    recognised,
)
from cases.views.send.visit import gone, wait
from teledent.files.sending import send_blocks
from teledent.kit import clock

FORM_METHODS = ["GET", "HEAD", "POST"]
WHAT = "The answer"
ANOTHER = "The link of another question was opened in this browser meanwhile. Open the address of this one again; nothing was kept."
SHOWN = "The page you came from showed another question or patient. Look whether this is the one that you mean, then send it."
BROWSER_BYTES = 12  # of the word by which a browser is known to the question typed in it
HINTS = {Family.RADIOGRAPH: "DICOM, TIFF, PNG or JPEG, as your program exports it", Family.PHOTOGRAPH: "A photograph",
         Family.DOCUMENT: "PDF or a picture of the page"}  # fmt: skip


@require_http_methods(FORM_METHODS)
@login_not_required
def start(request: HttpRequest, token: str) -> HttpResponseBase:
    """Looking at it changes nothing; the button exchanges the token for a visit at an address without it."""
    asked = consultation_of(request, hash_of(token))
    if isinstance(asked, HttpResponse):
        return asked
    at = clock.now()
    if request.method != "POST":
        return page(request, "start", asked)
    if flooding.asks_too_often(f"consultation:{asked.pk}", at=at):
        return wait(request, 60)
    asking_us.open_consultation(asked=asked, at=at)
    if recognised(request) and request.kept.consultation == asked.pk:  # type: ignore[attr-defined]
        return keep(redirect("consult"), request.kept)  # type: ignore[attr-defined]  # what she typed here stays hers
    return keep(redirect("consult"), Said(asked.pk, secrets.token_urlsafe(BROWSER_BYTES)))


@require_safe
@login_not_required
def where(request: HttpRequest) -> HttpResponseBase:
    """To where she goes on."""
    if not recognised(request):
        return gone(request)
    return redirect(place_of(request.asked, request.kept))  # type: ignore[attr-defined]


@require_http_methods(FORM_METHODS)
@by_office(sent=False, mine=False)
def question(request: AskingRequest) -> HttpResponseBase:
    """What was typed stands in it for the browser that typed it; another one begins anew, and replaces it."""
    asked, browser, at = request.asked, request.kept.browser, clock.now()
    day = clock.local_date(at, asked.site.time_zone)
    initial = typed(asked) if asked.typed_in == browser else {"asker": asked.colleague, "callback": asked.phone}
    form = QuestionForm(request.POST if request.method == "POST" else None, day=day, initial=initial)
    if request.method == "POST" and request.POST.get("of") != str(asked.public_id):
        form.add_error(None, ANOTHER)
    if request.method == "POST" and form.is_valid():
        try:
            asking_us.keep_question(asked=asked, typed_in=browser, said=form.said, at=at)
            return redirect("consult-files")
        except asking_us.Lacking as refusal:
            form.add_error("state", refusal.sentence)
    return page(request, "question", asked, form=form, status=422 if form.errors else 200)


@require_safe
@by_office(sent=False)
def files(request: AskingRequest) -> HttpResponseBase:
    """The places for files. What was sent is named and never shown: whoever holds the link may be somebody else by now."""
    shown = list(asking_us.films_of(request.asked))
    views = [
        (key, VIEWS[key].label, HINTS[VIEWS[key].family], [one for one in shown if one.view == key])
        for key in SENT_VIEWS
    ]
    arrived = any(one.state != AssetState.DECLARED for one in shown)
    return page(request, "files", request.asked, views=views, any=arrived)


@require_POST
@by_office(sent=False)
def away(request: AskingRequest, public_id: UUID) -> HttpResponseBase:
    asking_us.take_away(asked=request.asked, typed_in=request.kept.browser, public_id=public_id, at=clock.now())
    if request.headers.get("Accept") == "application/json":
        return HttpResponse(status=204)
    return redirect("consult-files")


@require_http_methods(FORM_METHODS)
@by_office(sent=False)
def finish(request: AskingRequest) -> HttpResponseBase:
    asked, lacking = request.asked, ""
    form = SendForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            asking_us.send_question(asked=asked, stamp=request.POST.get("of", ""), at=clock.now())
            knows_birth_date(request)
            return redirect("consult-answer")
        except asking_us.AnotherShown:
            lacking = SHOWN
        except asking_us.Lacking as refusal:
            lacking = refusal.sentence
    count = asking_us.films_of(asked).exclude(state=AssetState.DECLARED).count()
    status = 422 if lacking or form.errors else 200
    statement = STATEMENT.format(practice=asked.practice.name)
    return page(request, "finish", asked, form=form, lacking=lacking, count=count, statement=statement, status=status)


@require_http_methods(FORM_METHODS)
@by_office(sent=True, born=False)
def birth(request: AskingRequest) -> HttpResponseBase:
    """Who comes back says whom she asked about. Five wrong ones lock the link."""
    form, at = BirthForm(request.POST if request.method == "POST" else None), clock.now()
    if request.method == "POST" and form.is_valid():
        if asking_us.is_born_on(asked=request.asked, said=form.cleaned_data["birth_date"], at=at):
            knows_birth_date(request)
            return redirect("consult-answer")
        if not recognised(request):
            return gone(request)
        form.add_error("birth_date", "This is not the birth date that was typed with the question. Look at it again.")
    return page(request, "birth", request.asked, form=form, status=422 if form.errors else 200)


@require_safe
@by_office(sent=True)
def answer(request: AskingRequest) -> HttpResponseBase:
    return page(request, "answer", request.asked, answer=asking_us.answer_of(request.asked))


@require_GET  # looking for its headers alone is no collecting
@by_office(sent=True)
def pdf(request: AskingRequest) -> HttpResponseBase:
    found = asking_us.collect(asked=request.asked, at=clock.now())
    return send_blocks(request, found.blocks, size=found.size, media_type="application/pdf", name=found.name, what=WHAT)
