"""The resumable receiver: tus 1.0.0 (create, HEAD, PATCH) for apps to mount behind their own gate.

An app answers who may send what; this room knows nothing of cases:

    def uploads(request):                 # POST, OPTIONS
        return receiver.collection(request, sender_id=..., admit=admit, address=lambda id: reverse("upload", args=[id]))

    def upload(request, public_id):       # HEAD, PATCH, OPTIONS
        asset = get_asset(request.actor, public_id)                                  # the app's gate, 404 if not hers
        return receiver.resource(request, public_id=public_id, finished=partial(file_arrived, asset=asset))

`admit(declared)` raises (`Refused`, `Http404`) unless this file was declared with this size and hash. `finished(upload,
stored)` writes rows only and runs in the transaction that makes the file received; then, and only then, comes the 204.

No lock: the server side of a silently dead connection would hold it for ever. A PATCH at or before the end of what has
arrived is taken, repeated bytes are harmless, only a gap is refused; one hash over the whole file decides at the end.
"""

import base64
import binascii
import hashlib
import json
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.shortcuts import get_object_or_404

from teledent.files import arriving, assembling, keeping
from teledent.files.assembling import Finished
from teledent.files.keeping import Kept
from teledent.files.models import Chunk, Upload
from teledent.files.storage import Blocks, StorageFull, StorageUnavailable, private
from teledent.kit import clock, faults

VERSION = "1.0.0"
BODY_MAX = 8 << 20  # bytes of one PATCH
READ_AT_ONCE = 64 << 10
DIGESTS = {"sha256": hashlib.sha256, "sha1": hashlib.sha1}
WHOLE_NUMBER = re.compile(r"[0-9]{1,18}")
HEX_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Declared:
    """What a sender announces: her own id for the file, its size in bytes and its SHA-256; the rest is her say-so."""

    public_id: uuid.UUID
    size: int
    sha256: str
    metadata: dict[str, str]


class _Answer(Exception):
    """Leaves the protocol with this status and sentence."""

    def __init__(self, status: int, sentence: str, **headers: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.headers = status, sentence, headers


def collection(
    request: HttpRequest, *, sender_id: int, admit: Callable[[Declared], None], address: Callable[[uuid.UUID], str]
) -> HttpResponse:
    """POST announces a file (201 with its address, also when announced before); OPTIONS tells what is spoken here."""
    if request.method == "OPTIONS":
        return _options()
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST, OPTIONS"})
    return _guarded(lambda: _create(request, sender_id=sender_id, admit=admit, address=address))


def resource(request: HttpRequest, *, public_id: uuid.UUID, finished: Finished) -> HttpResponse:
    """HEAD tells how far the file has arrived; PATCH brings more of it. 404 for what was never announced."""
    if request.method == "OPTIONS":
        return _options()
    if request.method not in ("HEAD", "PATCH"):
        return HttpResponse(status=405, headers={"Allow": "HEAD, PATCH, OPTIONS"})
    upload = get_object_or_404(Upload.objects.select_related("stored"), public_id=public_id)
    if request.method == "HEAD":
        return _guarded(lambda: _progress(upload, _received(upload), status=200))
    with arriving.body(public_id, request.META.get("gunicorn.socket")):
        return _guarded(lambda: _patch(request, upload, finished=finished))


def _guarded(answer: Callable[[], HttpResponse]) -> HttpResponse:
    """Turn what can go wrong on the way into a status with a sentence; nothing acknowledged is ever lost."""
    try:
        return answer()
    except _Answer as refusal:
        return _spoken(refusal.status, refusal.sentence, **refusal.headers)
    except StorageFull:
        return _spoken(507, "The server's disk is nearly full. What has arrived is safe; the rest is sent again later.")
    except StorageUnavailable:
        busy = "The file store does not answer just now. What has arrived is safe; the rest is sent again shortly."
        return _spoken(503, busy, **{"Retry-After": "10"})


def _create(
    request: HttpRequest, *, sender_id: int, admit: Callable[[Declared], None], address: Callable[[uuid.UUID], str]
) -> HttpResponse:
    _require_version(request)
    declared = _declared(request)
    admit(declared)
    upload, _ = Upload.objects.select_related("stored").get_or_create(
        public_id=declared.public_id,
        defaults={
            "sender_id": sender_id,
            "size": declared.size,
            "sha256": declared.sha256,
            "created_at": clock.now(),
        },
    )
    if (upload.size, upload.sha256) != (declared.size, declared.sha256):
        raise _Answer(409, "This file was announced before with another size or hash. Announce it as a new file.")
    response = _progress(upload, _received(upload), status=201)
    response["Location"] = address(upload.public_id)
    return response


def _received(upload: Upload) -> int:
    """How far it has come, with what a connection brought that the sender has given up."""
    if upload.stored is None:
        arriving.end(upload.public_id)
        upload.refresh_from_db()
    return assembling.received(upload)


def _patch(request: HttpRequest, upload: Upload, *, finished: Finished) -> HttpResponse:
    _require_version(request)
    offset, length = _range(request, upload)
    if upload.stored is not None:  # the answer to the last PATCH was lost on its way: the same receipt again
        return _progress(upload, upload.size, status=204)
    before = assembling.received(upload)
    if offset > before:
        raise _Answer(409, "Bytes before these are missing. Ask where to go on.", **{"Upload-Offset": str(before)})
    body, whole = _Body(request, length), None
    if offset + length > before:
        whole = _keep_chunk(upload, offset, body, at=clock.now())
    else:
        body.skip()  # all of it has arrived before
    arrived = upload.size if whole else assembling.received(upload)
    if arrived == upload.size and not body.cut:
        try:
            upload.stored = assembling.finish(upload, whole=whole, finished=finished, at=clock.now())
        except assembling.WrongHash:
            raise _Answer(422, "The file did not arrive as it was sent. It is sent again from the start.") from None
    if body.cut:
        resume = str(_shown(upload, arrived))
        raise _Answer(408, "The connection was cut. What arrived is kept.", **{"Upload-Offset": resume})
    return _progress(upload, arrived, status=204)


def _keep_chunk(upload: Upload, offset: int, body: "_Body", *, at: datetime) -> Kept | None:
    """One body, whole or cut, becomes one object and then one row.

    A body that is the whole file is kept where the file will lie, and comes back without a row: nothing is to be joined.
    """
    kept, key = None, f"chunks/{upload.public_id.hex}/{offset:012d}-{uuid.uuid4().hex}"
    if body.length == upload.size:
        kept = keeping.keep(body, folder="originals")
        key = kept.key
    else:
        private().save(key, Blocks(body))
    faults.point("files.chunk.renamed")
    if not body.arrived or body.is_damaged():
        private().delete(key)
        if body.arrived:
            raise _Answer(460, "This part did not arrive as it was sent. It is sent again.")
        return None
    if kept and not body.cut:
        upload.first_byte_at = upload.first_byte_at or at
        return kept
    with transaction.atomic():
        Chunk.objects.create(upload=upload, offset=offset, length=body.arrived, key=key, created_at=at)
        if upload.first_byte_at is None:
            Upload.objects.filter(pk=upload.pk, first_byte_at__isnull=True).update(first_byte_at=at)
    faults.point("files.chunk.committed")
    return None


class _Body:
    """The body of a PATCH, read once in blocks. A cut or silent connection ends it early instead of raising.

    How long a body may take is the server's to say (`teledent.serving`): it ends the reading.
    """

    def __init__(self, request: HttpRequest, length: int) -> None:
        self.request, self.length, self.arrived = request, length, 0
        self.digest, self.expected = _checksum(request)

    @property
    def cut(self) -> bool:
        return self.arrived < self.length

    def __iter__(self) -> Iterator[bytes]:
        while self.cut:
            try:
                block = self.request.read(min(READ_AT_ONCE, self.length - self.arrived))
            except (UnreadablePostError, OSError):
                return
            if not block:
                return
            self.arrived += len(block)
            if self.digest is not None:
                self.digest.update(block)
            yield block

    def skip(self) -> None:
        for _ in self:
            pass

    def is_damaged(self) -> bool:
        """Whether a whole body differs from its Upload-Checksum; a cut one is left to the hash of the whole file."""
        return self.digest is not None and not self.cut and self.digest.digest() != self.expected


def _declared(request: HttpRequest) -> Declared:
    size = _number(request, "Upload-Length")
    if size == 0:
        raise _Answer(400, "This file is empty. Take or choose it again.")
    if size > settings.FILE_SIZE_MAX:
        raise _Answer(413, f"A file may have {settings.FILE_SIZE_MAX >> 20} MB at most.")
    metadata = _metadata(request.headers.get("Upload-Metadata", ""))
    sha256 = metadata.get("sha256", "")
    if not HEX_SHA256.fullmatch(sha256):
        raise _Answer(400, "Upload-Metadata needs sha256: the file's SHA-256 as 64 lower-case hexadecimal digits.")
    try:
        public_id = uuid.UUID(metadata.get("id", ""))
    except ValueError:
        raise _Answer(400, "Upload-Metadata needs id: a UUID that the sender made for this file.") from None
    return Declared(public_id, size, sha256, metadata)


def _metadata(header: str) -> dict[str, str]:
    """Pairs of a key and a Base64 value, separated by commas (tus 1.0.0, Creation)."""
    pairs: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _, value = pair.partition(" ")
        try:
            pairs[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise _Answer(400, "Upload-Metadata is not pairs of a key and Base64.") from None
    return pairs


def _range(request: HttpRequest, upload: Upload) -> tuple[int, int]:
    if request.content_type != "application/offset+octet-stream":
        raise _Answer(415, "A part of a file is sent as application/offset+octet-stream.")
    if not request.headers.get("Content-Length"):
        raise _Answer(411, "A part of a file needs its Content-Length.")
    offset, length = _number(request, "Upload-Offset"), _number(request, "Content-Length")
    if length > BODY_MAX:
        raise _Answer(413, f"One part may have {BODY_MAX >> 20} MB at most. Send the file in smaller parts.")
    if offset + length > upload.size:
        raise _Answer(413, "These are more bytes than were announced.")
    return offset, length


def _number(request: HttpRequest, header: str) -> int:
    value = request.headers.get(header, "")
    if not WHOLE_NUMBER.fullmatch(value):
        raise _Answer(400, f"{header} must be a whole number of bytes.")
    return int(value)


def _checksum(request: HttpRequest) -> "tuple[hashlib._Hash | None, bytes]":
    header = request.headers.get("Upload-Checksum", "")
    if not header:
        return None, b""
    name, _, value = header.partition(" ")
    if name not in DIGESTS:
        raise _Answer(400, f"Upload-Checksum may use {' or '.join(DIGESTS)}.")
    try:
        return DIGESTS[name](), base64.b64decode(value, validate=True)
    except binascii.Error:
        raise _Answer(400, "Upload-Checksum is not Base64.") from None


def _require_version(request: HttpRequest) -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise _Answer(412, f"This receiver speaks tus {VERSION}.", **{"Tus-Version": VERSION})


def _shown(upload: Upload, arrived: int) -> int:
    """The offset as the sender sees it. The last byte counts only when the whole file is verified and stored.

    So a sender whose server died between the last chunk and the end sends one byte again, and that ends the upload.
    """
    return upload.size if upload.stored is not None else min(arrived, upload.size - 1)


def _progress(upload: Upload, arrived: int, *, status: int) -> HttpResponse:
    headers = {"Upload-Offset": str(_shown(upload, arrived)), "Upload-Length": str(upload.size)}
    if upload.stored is not None:
        stored = upload.stored
        receipt = {"id": str(upload.public_id), "sha256": stored.sha256, "size": stored.size}
        headers["Upload-Receipt"] = json.dumps({**receipt, "received_at": stored.created_at.isoformat()})
    return _spoken(status, "", **headers)


def _options() -> HttpResponse:
    headers = {
        "Tus-Version": VERSION,
        "Tus-Extension": "creation,checksum",
        "Tus-Max-Size": str(settings.FILE_SIZE_MAX),
        "Tus-Checksum-Algorithm": ",".join(DIGESTS),
    }
    return _spoken(204, "", **headers)


def _spoken(status: int, sentence: str, **headers: str) -> HttpResponse:
    always = {"Content-Type": "text/plain; charset=utf-8", "Tus-Resumable": VERSION, "Cache-Control": "no-store"}
    return HttpResponse(sentence, status=status, headers={**always, **headers})


class NoFormFiles(FileUploadHandler):
    """Refuses files inside forms (400): anybody could make the parser fill the disk before a view or a sign-in runs."""

    def new_file(self, *args: object, **kwargs: object) -> None:
        raise MultiPartParserError("Files are not sent in forms here; the page for capture sends them part by part.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
