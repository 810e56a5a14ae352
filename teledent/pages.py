"""Every page that says that something is not possible: what happened, what to do, nothing lost, never a trace."""

import logging
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from teledent.accounts.acting import Actor
from teledent.accounts.trail import record_denial
from teledent.kit import clock

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Notice:
    """A status with its words: what happened, and what to do now."""

    status: int
    title: str
    sentence: str
    what_to_do: str = ""


BAD_REQUEST = Notice(
    400, "This could not be read", "The request was not one that a page here sends.", "Go back and try again."
)
DENIED = Notice(
    403, "This is not open to you", "Your account may not do this.", "If it should, ask the manager of your practice."
)
NOT_FOUND = Notice(
    404,
    "Nothing here",
    "There is no such page, or it is not yours to see.",
    "Check the address, or start from your workplace.",
)
WRONG_METHOD = Notice(
    405, "Not this way", "This address is not for opening.", "Go back and use the button on the page."
)
NO_LENGTH = Notice(
    411, "This could not be taken", "The request did not say how long it is.", "Send it with a Content-Length."
)
TOO_LARGE = Notice(
    413,
    "This is too large",
    "More was sent at once than this page takes. Nothing was changed.",
    "Pictures and documents go in through Capture.",
)
LOCKED_OUT = Notice(
    429,
    "Too many tries",
    "Signing in with this e-mail from this computer rests for 15 minutes, because the password was wrong five times.",
    "Wait, then try again, or set a new password by mail. Your work is untouched.",
)
BROKEN = Notice(
    500,
    "Something went wrong here",
    "The fault is ours. What was saved before is still there.",
    "Go back and try again. If it happens twice, pass on the reference below.",
)
CSRF_FAILED = Notice(
    403,
    "This page was open for too long",
    "The form no longer belongs to your session, so nothing was changed.",
    "Go back, reload the page and send it again. What you typed is still in the form.",
)
DEMONSTRATION_ONLY_HERE = Notice(
    403,
    "A demonstration stays on its own computer",
    "This installation shows a demonstration practice and answers on its own computer only.",
    "",
)


def notice_page(request: HttpRequest, notice: Notice) -> HttpResponse:
    """The notice as a page, as a strip at the top of the page when htmx asked, or as JSON for a script that accepts it."""
    context = {
        "title": notice.title,
        "sentence": notice.sentence,
        "what_to_do": notice.what_to_do,
        "request_id": getattr(request, "request_id", ""),
    }
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(
            {"title": notice.title, "sentence": notice.sentence, "what_to_do": notice.what_to_do}, status=notice.status
        )
    if request.headers.get("HX-Request") == "true":
        strip = render_to_string(
            "ui/_strip.html",
            {"kind": "wait", "title": notice.title + ".", "text": notice.sentence + " " + notice.what_to_do},
        )
        return HttpResponse(strip, status=notice.status, headers={"HX-Retarget": "#notices", "HX-Reswap": "innerHTML"})
    return render(request, "error.html", context, status=notice.status)


def bare_page(request: HttpRequest, notice: Notice) -> HttpResponse:
    """As `notice_page`, but without a look into session or database: for refusals before them and for failures of them."""
    context = {"title": notice.title, "sentence": notice.sentence, "what_to_do": notice.what_to_do}
    page = render_to_string("error.html", {**context, "request_id": getattr(request, "request_id", "")})
    return HttpResponse(page, status=notice.status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return bare_page(request, BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The exception's own sentence, where the code that raised it gave one."""
    keep_denial(request)
    said = str(exception)
    return notice_page(request, Notice(403, DENIED.title, said) if said else DENIED)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    keep_denial(request)
    return notice_page(request, NOT_FOUND)


def keep_denial(request: HttpRequest) -> None:
    """Put on the trail that a gate or a role said no: the address exists, but not for this person."""
    actor: Actor | None = getattr(request, "actor", None)
    match = request.resolver_match
    if actor is None or match is None:
        return
    public_id = next((value for value in match.kwargs.values() if isinstance(value, UUID)), None)
    record_denial(actor, noun=match.url_name or "page", public_id=public_id, at=clock.now())


def server_error(request: HttpRequest) -> HttpResponse:
    log.error("Request %s failed: %s %s", getattr(request, "request_id", "?"), request.method, request.path)
    return bare_page(request, BROKEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return notice_page(request, CSRF_FAILED)


def locked_out(
    request: HttpRequest, original: HttpResponse | None = None, credentials: dict[str, str] | None = None
) -> HttpResponse:
    """What django-axes shows after five wrong passwords."""
    page = notice_page(request, LOCKED_OUT)
    page["Retry-After"] = str(int(settings.AXES_COOLOFF_TIME * 3600))
    return page
