"""JSON for a script on a device: every refusal is a status and a sentence, also for who is not signed in."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from cases.device.reading import Reader, Unreadable
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.kit import canonical
from teledent.kit.decisions import Conflict, Refused
from teledent.pages import keep_denial

P = ParamSpec("P")
SIGNED_OUT = "Nobody is signed in here. Sign in, and it goes on where it stopped."
NOT_THERE = "There is nothing here by this id, or it is not yours to see. What is on the device is kept."


def answer(content: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """The same content is the same bytes: a receipt that is given again can be compared."""
    return HttpResponse(canonical.canonical(content), status=status, content_type="application/json")


def named_device(request: ActingRequest) -> UUID | None:
    """The device that asks, where it says who it is."""
    said = Reader({"device": request.GET.get("device")}, "", ("device",), [])
    device = said.id_or_none("device")
    said.finish()
    return device


def refusal(status: int, sentence: str, **more: Any) -> HttpResponse:
    return answer({"sentence": sentence, **more}, status=status)


def for_devices(
    view: Callable[Concatenate[ActingRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let a view run for hygienists, and say every no of a gate or a rule in JSON."""
    guarded = role_required(Role.HYGIENIST)(view)

    @login_not_required
    @wraps(view)
    def answering(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return refusal(401, SIGNED_OUT)
        try:
            return guarded(request, *args, **kwargs)
        except Unreadable as unreadable:
            return refusal(422, unreadable.faults[0], faults=list(unreadable.faults))
        except Conflict as conflict:
            return refusal(409, conflict.sentence)
        except Refused as refused:
            return refusal(422, refused.sentence)
        except PermissionDenied as denied:
            return refusal(403, str(denied))
        except Http404:
            keep_denial(request)
            return refusal(404, NOT_THERE)

    return answering  # type: ignore[return-value]  # mypy keeps the name of the first argument
