"""What happens to every request before and after its view. The order in settings.MIDDLEWARE is part of the meaning."""

import re
import uuid
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from teledent import pages
from teledent.accounts.middleware import peer_address
from teledent.accounts.models import Practice
from teledent.kit.decisions import Conflict, Refused

Respond = Callable[[HttpRequest], HttpResponseBase]

UPLOAD_ADDRESS = re.compile(r"/uploads/[0-9a-f-]{36}/?\Z")
UPLOAD_LIMIT = 8 << 20  # bytes of one PATCH: a chunk is 256 kB to 2 MB
BODY_LIMIT = 1 << 20
LOOPBACK = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})
PERMISSIONS_POLICY = "camera=(self), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


def request_id(respond: Respond) -> Respond:
    """Give every request a reference that the error page shows and the log repeats."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.request_id = uuid.uuid4().hex[:12]  # type: ignore[attr-defined]
        response = respond(request)
        response["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response

    return middleware


def private_pages(respond: Respond) -> Respond:
    """Keep pages out of every cache unless the response says otherwise itself, and out of other sites' reach."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = respond(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
            patch_vary_headers(response, ["Cookie"])
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def body_cap(respond: Respond) -> Respond:
    """Refuse a body by its declared length before anything reads it: CSRF parses forms of anonymous callers."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        notice = _too_much(request)
        return pages.bare_page(request, notice) if notice else respond(request)

    return middleware


def _too_much(request: HttpRequest) -> pages.Notice | None:
    if request.META.get("HTTP_TRANSFER_ENCODING"):
        return pages.NO_LENGTH
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if not declared.isascii() or not declared.isdigit():
        return pages.NO_LENGTH
    is_chunk = request.method == "PATCH" and UPLOAD_ADDRESS.search(request.path_info)
    return pages.TOO_LARGE if int(declared) > (UPLOAD_LIMIT if is_chunk else BODY_LIMIT) else None


def loopback_only_while_demonstrating(respond: Respond) -> Respond:
    """While any practice here is a demonstration, answer this computer only: its passwords are printed on a screen.

    A loopback peer that forwards for somebody else is not this computer. No query is made for requests from here.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        is_here = peer_address(request) in LOOPBACK and not _is_forwarded(request)
        if not is_here and Practice.objects.filter(is_demonstration=True).exists():
            return pages.bare_page(request, pages.DEMONSTRATION_ONLY_HERE)
        return respond(request)

    return middleware


def _is_forwarded(request: HttpRequest) -> bool:
    return "HTTP_X_FORWARDED_FOR" in request.META or "HTTP_FORWARDED" in request.META


def refusals(respond: Respond) -> Respond:
    """Turn a rule's "no" into a page with its sentence, and keep sign-in out of the middle of a page."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = respond(request)
        if response.status_code == 405:
            return _wrong_method(request, response)
        return _sign_in_on_its_own_page(request, response)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return _refused(request, exception) if isinstance(exception, Refused) else None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    if isinstance(refusal, Conflict):
        return pages.notice_page(
            request, pages.Notice(409, "Somebody was faster", refusal.sentence, "Nothing was changed. Reload the page.")
        )
    return pages.notice_page(request, pages.Notice(422, "Not yet", refusal.sentence, "Nothing was changed."))


def _wrong_method(request: HttpRequest, response: HttpResponseBase) -> HttpResponse:
    page = pages.notice_page(request, pages.WRONG_METHOD)
    page["Allow"] = response["Allow"]
    return page


def _sign_in_on_its_own_page(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """htmx follows redirects inside the page; a redirect to sign-in has to replace the page instead."""
    sign_in = resolve_url(settings.LOGIN_URL)
    sent_there = response.status_code == 302 and response["Location"].split("?")[0] == sign_in
    if not sent_there or request.headers.get("HX-Request") != "true":
        return response
    here = request.htmx.current_url_abs_path or "/"  # type: ignore[attr-defined]
    return HttpResponseClientRedirect(f"{sign_in}?{urlencode({'next': here})}")
