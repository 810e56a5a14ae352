"""The resumable receiver behind a link: pictures of its own case, of its views, so many and so large as a link takes."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from cases.actions.files import file_received
from cases.actions.sending import Shut, declare_picture, pictures_of
from cases.by_link.asking import FILE_SIZE_MAX
from cases.matching import can_be_taken_at
from cases.models import Asset, AssetState
from cases.views.send.visit import SendingRequest, Visit, by_link
from teledent.files import arriving, receiver
from teledent.files.models import StoredFile, Upload
from teledent.files.receiver import Declared
from teledent.kit import clock
from teledent.kit.decisions import Refused

AT_ONCE = 2  # bodies of one link
NOBODY = 0  # the receiver keeps who sends by the key of a person; here it is none of the practice


class _Known(Exception):
    """The case holds these bytes already."""

    def __init__(self, asset: Asset) -> None:
        self.asset = asset


@by_link("send-pictures")
def uploads(request: SendingRequest) -> HttpResponseBase:
    """POST announces a picture. 409: it is there already; 422: the link does not take it."""
    visit = request.visit
    try:
        return receiver.collection(request, sender_id=NOBODY, admit=partial(_admit, visit), address=_address)
    except _Known as known:
        arrived = known.asset.state != AssetState.DECLARED
        return JsonResponse(
            {"id": str(known.asset.public_id), "arrived": arrived, "view": known.asset.view_label}, status=409
        )
    except Shut:
        raise
    except Refused:
        return HttpResponse(visit.say(visit.words["enough"]), status=422, content_type="text/plain")


def _admit(visit: Visit, declared: Declared) -> None:
    at = clock.now()
    if declared.size > FILE_SIZE_MAX:
        raise Refused("This file is too large.")
    asset = declare_picture(
        link=visit.link, public_id=declared.public_id, size=declared.size, sha256=declared.sha256,
        name=declared.metadata.get("filename", ""), view=declared.metadata.get("view", ""),
        captured_at=_taken_at(declared.metadata.get("captured_at", ""), at=at), at=at,
    )  # fmt: skip
    if asset.public_id != declared.public_id:
        raise _Known(asset)


def _taken_at(said: str, *, at: datetime) -> datetime | None:
    """When the sender's device says that it was taken; None where that cannot be."""
    try:
        taken = datetime.fromisoformat(said)
    except ValueError:
        return None
    return taken if taken.tzinfo and can_be_taken_at(taken, known_at=at) else None


def _address(public_id: UUID) -> str:
    return reverse("send-upload", args=[public_id])


@by_link("send-pictures")
def upload(request: SendingRequest, public_id: UUID) -> HttpResponseBase:
    """HEAD and PATCH of one picture of this link's case; another case's is not there. So many bodies at a time: one link on a
    slow line must not hold the places of everybody."""
    asset = pictures_of(request.visit.link.case).counted().filter(public_id=public_id).first()  # type: ignore[arg-type]  # the gate
    if asset is None:
        return HttpResponse(status=404)
    if request.method != "PATCH":
        return receiver.resource(request, public_id=public_id, finished=partial(_arrived, asset))
    with arriving.place(f"link {request.visit.link.pk}", request.META.get("gunicorn.socket"), most=AT_ONCE) as free:
        if not free:
            return HttpResponse(status=503, headers={"Retry-After": "1", "Tus-Resumable": receiver.VERSION})
        return receiver.resource(request, public_id=public_id, finished=partial(_arrived, asset))


def _arrived(asset: Asset, upload: Upload, stored: StoredFile) -> None:
    at = clock.now()
    file_received(asset, stored, sent_at=upload.first_byte_at or at, at=at)
