"""Who is behind a request, and for how long without a sign of life."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from teledent.accounts.acting import ACTING_PRACTICE, actor_for
from teledent.kit import clock

Respond = Callable[[HttpRequest], HttpResponse]
LAST_SEEN = "last_seen"
SIGNED_IN = "signed_in"
WRITE_EVERY = 60  # seconds between writes of LAST_SEEN, so that reading pages does not write sessions
IDLE = "You were signed out because nothing was touched for {minutes} minutes. What was saved is there."
LONG = "You were signed out because a day's work is over after 12 hours. What was saved is there."


def acting(respond: Respond) -> Respond:
    """Set `request.actor`: the signed-in person with her grants of today, or None."""

    def middleware(request: HttpRequest) -> HttpResponse:
        person = request.user
        request.actor = (  # type: ignore[attr-defined]
            actor_for(person, practice_id=request.session.get(ACTING_PRACTICE)) if person.is_authenticated else None
        )
        return respond(request)

    return middleware


def idle_sign_out(respond: Respond) -> Respond:
    """Sign out a session without a sign of life for IDLE_MINUTES, and any after SESSION_COOKIE_AGE (164.312(a)(2)(iii)).

    A page that polls sends `X-Background: 1`; that is no sign of life.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            seconds = int(clock.now().timestamp())
            over = _over(request, seconds)
            if over:
                logout(request)
                messages.info(request, over)
            elif request.headers.get("X-Background") != "1":
                _seen(request, seconds)
        return respond(request)

    return middleware


def _over(request: HttpRequest, seconds: int) -> str:
    """The sentence that says why the session ends now; empty while it goes on."""
    if seconds - request.session.get(LAST_SEEN, seconds) > settings.IDLE_MINUTES * 60:
        return IDLE.format(minutes=settings.IDLE_MINUTES)
    # every write of LAST_SEEN renews the cookie's age, so the whole length is counted here
    return LONG if seconds - request.session.get(SIGNED_IN, seconds) > settings.SESSION_COOKIE_AGE else ""


def _seen(request: HttpRequest, seconds: int) -> None:
    request.session.setdefault(SIGNED_IN, seconds)
    if seconds - request.session.get(LAST_SEEN, 0) > WRITE_EVERY:
        request.session[LAST_SEEN] = seconds


def peer_address(request: HttpRequest) -> str:
    """The address of the socket's other end: headers can be forged, and no proxy is trusted unless configured."""
    return str(request.META.get("REMOTE_ADDR", ""))
