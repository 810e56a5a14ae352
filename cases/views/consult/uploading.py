"""The resumable receiver behind another office's link: files of its own question, so many and so large as a question takes."""

from functools import partial
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from cases.actions.asking_us import Shut, declare_film, films_of
from cases.actions.files import file_received
from cases.consulting import FILE_SIZE_MAX
from cases.models import Asset, AssetState
from cases.views.consult.visit import AskingRequest, by_office
from teledent.files import arriving, receiver
from teledent.files.models import StoredFile, Upload
from teledent.files.receiver import Declared
from teledent.kit import clock
from teledent.kit.decisions import Refused

AT_ONCE = 2  # bodies of one link
NOBODY = 0  # the receiver keeps who sends by the key of a person; here it is none of the practice


class _Known(Exception):
    """The question holds these bytes already."""

    def __init__(self, asset: Asset) -> None:
        self.asset = asset


@by_office(sent=False, renews=False)
def uploads(request: AskingRequest) -> HttpResponseBase:
    """POST announces a file. 409: it is there already; 422: the question does not take it."""
    try:
        return receiver.collection(request, sender_id=NOBODY, admit=partial(_admit, request), address=_address)
    except _Known as known:
        arrived = known.asset.state != AssetState.DECLARED
        return JsonResponse(
            {"id": str(known.asset.public_id), "arrived": arrived, "view": known.asset.view_label}, status=409
        )
    except Shut:
        raise
    except Refused as refusal:
        return HttpResponse(refusal.sentence, status=422, content_type="text/plain")


def _admit(request: AskingRequest, declared: Declared) -> None:
    if declared.size > FILE_SIZE_MAX:
        raise Refused("This file is too large.")
    asset = declare_film(
        asked=request.asked, stamp=declared.metadata.get("of", ""), public_id=declared.public_id, size=declared.size,
        sha256=declared.sha256, name=declared.metadata.get("filename", ""), view=declared.metadata.get("view", ""), at=clock.now(),
    )  # fmt: skip
    if asset.public_id != declared.public_id:
        raise _Known(asset)


def _address(public_id: UUID) -> str:
    return reverse("consult-upload", args=[public_id])


@by_office(sent=False, renews=False)
def upload(request: AskingRequest, public_id: UUID) -> HttpResponseBase:
    """HEAD and PATCH of one file of this question; another one's is not there."""
    asset = films_of(request.asked).filter(public_id=public_id).first()
    if asset is None:
        return HttpResponse(status=404)
    if request.method != "PATCH":
        return receiver.resource(request, public_id=public_id, finished=partial(_arrived, asset))
    place = f"consultation {request.asked.pk}"
    with arriving.place(place, request.META.get("gunicorn.socket"), most=AT_ONCE) as free:
        if not free:
            return HttpResponse(status=503, headers={"Retry-After": "1", "Tus-Resumable": receiver.VERSION})
        return receiver.resource(request, public_id=public_id, finished=partial(_arrived, asset))


def _arrived(asset: Asset, upload: Upload, stored: StoredFile) -> None:
    at = clock.now()
    file_received(asset, stored, sent_at=upload.first_byte_at or at, at=at)
