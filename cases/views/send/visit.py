"""A visit by a link: which link, how far she got, and the one gate in front of every page of it.

The token is exchanged once for a signed cookie of half an hour that is sent to /send/ alone. The row is asked again at every
request. Whatever does not open, opens the same page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from cases import flooding
from cases.actions.sending import Shut, keep_flags
from cases.by_link.asking import flags_up, unanswered
from cases.by_link.words import WORDS, Words
from cases.models import SendingLink
from teledent.accounts.middleware import peer_address
from teledent.kit import clock
from teledent.kit.decisions import Refused

COOKIE = "__Secure-sending" if settings.SESSION_COOKIE_SECURE else "teledent-sending"
PATH = "/send/"
LASTS = 30 * 60  # seconds without a sign of life
SALT = "cases.sending"
STEPS = ("send-birth", "send-flags", "send-consent", "send-questions", "send-pictures", "send-finish")
OPENED = STEPS[3:]  # once the case is there she may go back and forth among these
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Visit:
    """`said_flags` is None until she has said in this browser which are up; `flags_kept`: the case holds them. `signed`: who agreed
    typed her name in it. `mine`: what the case holds was said in it. Only who `sent` it sees so."""

    link: SendingLink
    language: str
    born: bool = False
    said_flags: tuple[str, ...] | None = None
    flags_kept: bool = False
    signed: bool = False
    mine: bool = False
    sent: bool = False

    @property
    def words(self) -> Words:
        return WORDS[self.language]

    @property
    def flags(self) -> tuple[str, ...]:
        """Which red flags are up: what the case says once there is one, whoever said it."""
        case = self.link.case
        return flags_up(case.answers) if case else self.said_flags or ()

    @property
    def phone(self) -> str:
        return self.link.practice.on_call_phone or self.link.practice.phone

    @property
    def blanks(self) -> dict[str, str]:
        return {"name": self.link.initial, "practice": self.link.practice.name, "phone": self.phone}

    def say(self, text: str) -> str:
        """A text of the words with its blanks filled."""
        return text.format(**self.blanks)

    @property
    def next(self) -> str:
        """The first step that is not done."""
        if self.link.asks_birth_date and not self.born:
            return "send-birth"
        if self.said_flags is None:
            return "send-flags"
        case = self.link.case
        if case is None:
            return "send-consent"
        if unanswered(case.kind, case.answers):
            return "send-questions"
        return "send-finish" if case.assets.counted().exists() else "send-pictures"


class Saying(Mapping[str, str]):
    """What pages say, with the blanks of this visit filled: `say.title`."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit

    def __getitem__(self, key: str) -> str:
        return self.visit.say(self.visit.words[key])

    def __iter__(self) -> Any:
        return iter(self.visit.words.said)

    def __len__(self) -> int:
        return len(self.visit.words.said)


class SendingRequest(HttpRequest):
    """A request by a link that is open; a view puts a changed visit here, and it goes into the cookie."""

    visit: Visit


View = Callable[Concatenate[SendingRequest, P], HttpResponseBase]


def by_link(step: str = "") -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Let a view run for the holder of an open link who got as far as `step`; others are led to theirs, or see `gone`."""

    def decorate(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @login_not_required
        @wraps(view)
        def gated(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            at = clock.now()
            visit = visit_of(request, at=at)
            if visit is None:
                return gone(request)
            if flooding.asks_too_often(f"link:{visit.link.pk}", at=at):
                return wait(request, 60)
            if visit.sent:
                return redirect("send-sent")  # without a new cookie: its half an hour is over one day
            try:
                visit = request.visit = _with_flags_kept(visit, at=at)  # type: ignore[attr-defined]
                if not (_may_stand_at(visit, step) or _agrees_late(request, visit, step)):
                    return keep(redirect(visit.next), visit)
                response = view(request, *args, **kwargs)  # type: ignore[arg-type]
            except Shut:  # it closed in the middle of this act
                return gone(request)
            except Refused:  # in words for the staff, who may read what it tells of the chart
                return refused(request, visit)
            return keep(response, request.visit)  # type: ignore[attr-defined]

        return gated  # type: ignore[return-value]  # mypy keeps the name of the first argument

    return decorate


def _with_flags_kept(visit: Visit, *, at: datetime) -> Visit:
    """The red flags that were said in this browser before another one agreed stand beside those of the case, once (CA-5)."""
    case = visit.link.case
    if case is None or visit.said_flags is None or visit.flags_kept:
        return visit
    if visit.said_flags:
        keep_flags(link=visit.link, flags=visit.said_flags, at=at)
        case.refresh_from_db()
    return replace(visit, flags_kept=True)


def _agrees_late(request: HttpRequest, visit: Visit, step: str) -> bool:
    """Whether she agrees after somebody did in another browser: the page says so, she is not merely led on."""
    has_case = visit.link.case is not None and visit.next in OPENED
    return step == "send-consent" and request.method == "POST" and has_case and not visit.signed


def _may_stand_at(visit: Visit, step: str) -> bool:
    if not step or step == visit.next:
        return True
    if step in OPENED:
        return visit.next in OPENED
    return step == "send-flags" and STEPS.index(visit.next) > STEPS.index(step)  # said again at any time


def visit_of(request: HttpRequest, *, at: datetime) -> Visit | None:
    """The visit that the cookie names, while its link is open; None for every other cookie."""
    try:
        said = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    rows = SendingLink.objects.select_related("practice", "site", "patient", "case__site")
    link = (rows if said["sent"] else rows.usable(at)).filter(pk=said["link"]).first()
    if link is None:
        return None
    flags = None if said["flags"] is None else tuple(said["flags"])
    return Visit(
        link, said["language"], said["born"], flags, said.get("flags_kept", False), said.get("signed", False), said["mine"],
        said["sent"],
    )  # fmt: skip


def keep(response: HttpResponseBase, visit: Visit) -> HttpResponseBase:
    """Renew the cookie: half an hour from now."""
    said = {"link": visit.link.pk, "language": visit.language, "born": visit.born, "flags": visit.said_flags,
            "flags_kept": visit.flags_kept, "signed": visit.signed, "mine": visit.mine, "sent": visit.sent}  # fmt: skip
    response.set_cookie(
        COOKIE, signing.dumps(said, salt=SALT), max_age=LASTS, path=PATH, secure=settings.SESSION_COOKIE_SECURE, httponly=True,
        samesite="Lax",
    )  # fmt: skip
    return response


def changed(request: SendingRequest, **said: Any) -> Visit:
    request.visit = replace(request.visit, **said)
    return request.visit


def gone(request: HttpRequest) -> HttpResponse:
    """Unknown, run out, revoked, locked, used, guessed: one page for all of them."""
    return render(request, "send/gone.html", {"english": WORDS["en"], "spanish": WORDS["es"]}, status=404)


def page(request: HttpRequest, name: str, visit: Visit, *, status: int = 200, **more: Any) -> HttpResponse:
    """A page in the words of the visit."""
    context = {"say": Saying(visit), "words": visit.words, "visit": visit, **more}
    return render(request, f"send/{name}.html", context, status=status)


def refused(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Whatever a rule says no to that the sender cannot mend: the reason is the practice's to tell."""
    return page(request, "refused", visit, status=403)


def wait(request: HttpRequest, seconds: int) -> HttpResponse:
    response = render(request, "send/wait.html", status=429)
    response["Retry-After"] = str(seconds)
    return response


def link_of(request: HttpRequest, token_sha256: str, *, at: datetime) -> SendingLink | HttpResponse:
    """The open link of a token, or the page that says that there is none. Looking for links is counted by address.

    A true token opens whoever asked before from there: behind a proxy many families share one address.
    """
    rows = SendingLink.objects.select_related("practice", "patient").usable(at)
    link = rows.filter(token_sha256=token_sha256).first()
    if link is not None:
        return link
    return no_link(request, at=at)


def no_link(request: HttpRequest, *, at: datetime) -> HttpResponse:
    """Looking for links that are none is counted by address, and slowed down."""
    address = peer_address(request)
    if flooding.looked_too_often(address, at=at):
        return wait(request, int(flooding.WINDOW.total_seconds()))
    flooding.count_one(flooding.of_address(address), at=at)
    return gone(request)
