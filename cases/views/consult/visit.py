"""A visit by the link of another office, and the one gate in front of every page of it, in the way of `cases.views.send.visit`:
the token is exchanged for a signed cookie of two hours, the row is asked again at every request, what does not open looks alike."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from cases import flooding
from cases.actions.asking_us import Shut
from cases.models import Consultation
from cases.views.send.visit import gone, no_link, wait
from teledent.kit import clock

COOKIE = "__Secure-consulting" if settings.SESSION_COOKIE_SECURE else "teledent-consulting"
PATH = "/consult/"
SALT = "cases.consulting"
LASTS = 2 * 60 * 60  # seconds without a new page: large films on a slow line take their time
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Said:
    """What the cookie keeps. `browser`: a word of its own, by which the question knows where it was typed; `born`: it knows the
    birth date."""

    consultation: int
    browser: str
    born: bool = False


class AskingRequest(HttpRequest):
    """A request by a link that is open; a view puts what changed here, and it goes into the cookie."""

    asked: Consultation
    kept: Said


View = Callable[Concatenate[AskingRequest, P], HttpResponseBase]


def by_office(
    *, sent: bool, mine: bool = True, born: bool = True, renews: bool = True
) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Let a view run for the holder of an open link, before or after the question was `sent`: before, for the browser in which it
    was typed (`mine`); after, for who knows the birth date (`born`). Others are led to where they stand, or see `gone`.
    A body that arrives for a minute `renews` no cookie: another link may have been opened in the browser meanwhile."""

    def decorate(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @login_not_required
        @wraps(view)
        def gated(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            at = clock.now()
            if not recognised(request):
                return gone(request)
            asked, kept = request.asked, request.kept  # type: ignore[attr-defined]
            if flooding.asks_too_often(f"consultation:{asked.pk}", at=at):
                return wait(request, 60)
            elsewhere = (sent and born and not kept.born) or (not sent and mine and asked.typed_in != kept.browser)
            if (asked.sent_at is not None) != sent or elsewhere:
                return keep(redirect(place_of(asked, kept)), kept)
            try:
                response = view(request, *args, **kwargs)  # type: ignore[arg-type]
            except Shut:  # it closed in the middle of this act
                return gone(request)
            return keep(response, request.kept) if renews else response  # type: ignore[attr-defined]

        return gated  # type: ignore[return-value]  # mypy keeps the name of the first argument

    return decorate


def place_of(asked: Consultation, kept: Said) -> str:
    """Where she goes on."""
    if asked.sent_at is not None:
        return "consult-answer" if kept.born else "consult-birth"
    return "consult-files" if asked.typed_in == kept.browser else "consult-question"


def recognised(request: HttpRequest) -> bool:
    """Whether the cookie names a link that is open; then `asked` and `kept` stand on the request."""
    try:
        kept = Said(**signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS))
    except signing.BadSignature:
        return False
    rows = Consultation.objects.usable(clock.now()).select_related("practice", "site", "case", "report__file")
    asked = rows.filter(pk=kept.consultation).first()
    if asked is None:
        return False
    request.asked, request.kept = asked, kept  # type: ignore[attr-defined]
    return True


def keep(response: HttpResponseBase, kept: Said) -> HttpResponseBase:
    """Renew the cookie."""
    response.set_cookie(
        COOKIE, signing.dumps(asdict(kept), salt=SALT), max_age=LASTS, path=PATH, secure=settings.SESSION_COOKIE_SECURE, httponly=True,
        samesite="Lax",
    )  # fmt: skip
    return response


def knows_birth_date(request: AskingRequest) -> None:
    request.kept = replace(request.kept, born=True)


def page(request: HttpRequest, name: str, asked: Consultation, *, status: int = 200, **more: Any) -> HttpResponse:
    practice = asked.practice
    context = {"asked": asked, "practice": practice, "on_call": practice.on_call_phone or practice.phone, **more}
    return render(request, f"consult/{name}.html", context, status=status)


def consultation_of(request: HttpRequest, token_sha256: str) -> Consultation | HttpResponse:
    """The open link of a token, or the page that says that there is none. Looking for links is counted by address."""
    at = clock.now()
    rows = Consultation.objects.usable(at).select_related("practice", "site")
    asked = rows.filter(token_sha256=token_sha256).first()
    if asked is not None:
        return asked
    return no_link(request, at=at)
