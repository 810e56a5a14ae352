"""Files that a person brings in for herself come through the resumable receiver: announced by a POST, then sent in parts."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from teledent.accounts.acting import ActingRequest
from teledent.files import receiver
from teledent.files.models import StoredFile, Upload
from teledent.kit import clock
from teledent.kit.decisions import Refused


def announced(request: ActingRequest, announce: Callable[..., Any], *, address: str, **about: Any) -> HttpResponse:
    """`announce` takes on a file of which it is told actor, public id, name, size, hash and time, and what it is `about`;
    its parts go to the address of that name. 422 with the sentence when it is refused."""

    def admit(declared: receiver.Declared) -> None:
        announce(
            actor=request.actor, public_id=declared.public_id, name=declared.metadata.get("filename", ""), size=declared.size,
            sha256=declared.sha256, at=clock.now(), **about,
        )  # fmt: skip

    def address_of(public_id: UUID) -> str:
        return reverse(address, args=[public_id])

    try:
        return receiver.collection(request, sender_id=request.actor.person.pk, admit=admit, address=address_of)
    except Refused as refusal:
        return HttpResponse(refusal.sentence, status=422, content_type="text/plain")


def parts(
    request: ActingRequest, row: Any, arrived: Callable[[Any, StoredFile], None], *, public_id: UUID
) -> HttpResponse:
    """HEAD and PATCH of the file that `row` stands for; `arrived` is told of it when it is whole."""

    def finished(_: Upload, stored: StoredFile) -> None:
        arrived(row, stored)

    return receiver.resource(request, public_id=public_id, finished=finished)
