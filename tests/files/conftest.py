"""A sender who speaks the protocol by hand, in process."""

import base64
import hashlib
import uuid
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.test import RequestFactory

from teledent.files import receiver
from teledent.files.storage import PrivateDisk

TUS = {"Tus-Resumable": "1.0.0"}
requests = RequestFactory()


@pytest.fixture(autouse=True)
def disk(tmp_path: Path, settings) -> PrivateDisk:
    """A private storage of this test's own."""
    here = {"BACKEND": "teledent.files.storage.PrivateDisk", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "default": here}
    storage = storages["default"]
    assert isinstance(storage, PrivateDisk)
    return storage


def encoded(**metadata: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in metadata.items())


class Sender:
    """Announces one file and sends parts of it; `arrived` lists what the app was told."""

    def __init__(self, content: bytes, *, sha256: str = "") -> None:
        self.content, self.public_id = content, uuid.uuid4()
        self.sha256 = sha256 or hashlib.sha256(content).hexdigest()
        self.arrived: list[str] = []

    def announce(self, admit=lambda declared: None, **changes: str):
        metadata = encoded(**{"id": str(self.public_id), "sha256": self.sha256, **changes})
        headers = {**TUS, "Upload-Length": changes.get("length", str(len(self.content))), "Upload-Metadata": metadata}
        request = requests.post("/uploads/", headers=headers)
        return receiver.collection(request, sender_id=1, admit=admit, address=lambda public_id: f"/uploads/{public_id}")

    def patch(self, start: int, stop: int | None = None, *, body: bytes | None = None, **headers: str):
        part = self.content[start:stop] if body is None else body
        given = {**TUS, "Upload-Offset": str(start), **headers}
        request = requests.generic("PATCH", "/", part, content_type="application/offset+octet-stream", headers=given)
        return self.answer(request)

    def head(self) -> int:
        return int(self.answer(requests.head("/", headers=TUS))["Upload-Offset"])

    def answer(self, request):
        def finished(upload, stored):
            self.arrived.append(stored.key)

        return receiver.resource(request, public_id=self.public_id, finished=finished)
