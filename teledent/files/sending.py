"""Handing out bytes to a browser: in blocks, under headers that let it do nothing with them but show or keep them.

Who may have them is the view's matter, and so are the names: none that a person typed.
"""

from collections.abc import Iterator
from itertools import chain

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.utils.cache import patch_vary_headers

from teledent.files.models import StoredFile
from teledent.files.storage import StorageUnavailable

Answer = HttpResponse | StreamingHttpResponse
SANDBOX = "sandbox; default-src 'none'"
PACKED = "application/gzip"
REVALIDATED = "private, no-cache"  # the browser may keep it, and asks each time whether it still may show it


def send_blocks(
    request: HttpRequest, blocks: Iterator[bytes], *, size: int | None, media_type: str, name: str, what: str
) -> Answer:
    """A download that no cache keeps; `what` names it in the sentence of a 503. HEAD reads no block. `size` None: what is
    written while it goes out has no length yet."""
    answer = _streamed(request, blocks, size=size, media_type=media_type, what=what)
    return _guarded(answer, disposition=f'attachment; filename="{name}"', cache="no-store")


def send_content(content: bytes, *, media_type: str, name: str) -> Answer:
    """A small download that is in memory already."""
    answer = HttpResponse(content, content_type=media_type, headers={"Content-Length": str(len(content))})
    return _guarded(answer, disposition=f'attachment; filename="{name}"', cache="no-store")


def show(request: HttpRequest, stored: StoredFile, blocks: Iterator[bytes], *, name: str, what: str) -> Answer:
    """Bytes that a page shows; 304 when the browser holds these very ones. What is packed by gzip the browser unpacks."""
    etag = f'"{stored.sha256}"'
    answer: Answer
    if etag in (part.strip() for part in request.headers.get("If-None-Match", "").split(",")):
        answer = HttpResponseNotModified()
    else:
        packed = stored.media_type == PACKED
        media_type = "application/octet-stream" if packed else stored.media_type
        answer = _streamed(request, blocks, size=stored.size, media_type=media_type, what=what)
        if packed and answer.status_code == 200:
            answer["Content-Encoding"] = "gzip"
    if answer.status_code != 503:
        answer["ETag"] = etag
    return _guarded(answer, disposition=f'inline; filename="{name}"', cache=REVALIDATED)


def away(what: str) -> HttpResponse:
    """The store does not answer: 503 in words."""
    sentence = f"The file store does not answer just now. {what} is safe; try again shortly."
    return HttpResponse(sentence, status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": "10"})


def _streamed(request: HttpRequest, blocks: Iterator[bytes], *, size: int | None, media_type: str, what: str) -> Answer:
    """The first block is read here, while a 503 can still be said."""
    answer: Answer
    if request.method == "HEAD":
        answer = HttpResponse(content_type=media_type)
    else:
        try:
            first = next(blocks, b"")
        except StorageUnavailable:
            return away(what)
        answer = StreamingHttpResponse(chain((first,), blocks), content_type=media_type)
    if size is not None:
        answer["Content-Length"] = str(size)
    return answer


def _guarded(answer: Answer, *, disposition: str, cache: str) -> Answer:
    if answer.status_code == 200:
        answer["Content-Disposition"] = disposition
    answer["Cache-Control"] = "no-store" if answer.status_code == 503 else cache
    answer["Content-Security-Policy"] = SANDBOX
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    patch_vary_headers(answer, ["Cookie"])
    return answer
