"""The receiver without a gate, and the two health pages."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from teledent import health
from teledent.files import receiver
from teledent.files.models import StoredFile, Upload
from teledent.files.storage import open_streaming
from tests.ground.kinds import leave_mark


def uploads(request: HttpRequest) -> HttpResponse:
    return receiver.collection(
        request,
        sender_id=1,
        admit=lambda declared: None,
        address=lambda public_id: reverse("upload", args=[public_id]),
    )


def upload(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    return receiver.resource(request, public_id=public_id, finished=note_arrival)


def note_arrival(upload: Upload, stored: StoredFile) -> None:
    leave_mark(f"arrived/{upload.public_id}")


def stored_bytes(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    stored = Upload.objects.get(public_id=public_id).stored
    assert stored is not None
    return HttpResponse(b"".join(open_streaming(stored.key)), content_type="application/octet-stream")


urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("uploads/", uploads),
    path("uploads/<uuid:public_id>", upload, name="upload"),
    path("bytes/<uuid:public_id>", stored_bytes),
]
