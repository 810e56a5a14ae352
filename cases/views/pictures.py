"""Serving bytes: derivatives inline to whoever may see the case, originals as attachments to few; never by their name."""

from itertools import chain
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.urls import path
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from cases.access import get_asset, get_derivative
from cases.models import Asset
from cases.permissions import may
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.accounts.trail import record
from teledent.files.models import StoredFile
from teledent.files.storage import StorageUnavailable, open_streaming
from teledent.kit import clock
from teledent.kit.decisions import Refused, require

Answer = HttpResponse | StreamingHttpResponse
SANDBOX = "sandbox; default-src 'none'"
AWAY = "The file store does not answer just now. The picture is safe; load it again shortly."
SUFFIXES = {
    "image/jpeg": "jpg", "image/webp": "webp", "image/png": "png", "application/gzip": "gz", "application/octet-stream": "bin",
}  # fmt: skip


@require_safe
@role_required()
def picture(request: ActingRequest, public_id: UUID, recipe: str, page: int) -> Answer:
    """A derivative. Authorised each time; 304 when the browser holds these very bytes."""
    derivative = get_derivative(request.actor, public_id, recipe, page, at=clock.now())
    stored = derivative.file
    etag = f'"{stored.sha256}"'
    response: Answer
    if etag in (part.strip() for part in request.headers.get("If-None-Match", "").split(",")):
        response = HttpResponseNotModified()
    else:
        response = _streamed(request, stored, media_type=stored.media_type)
        suffix = SUFFIXES.get(stored.media_type, "bin")
        response["Content-Disposition"] = f'inline; filename="{public_id}-{recipe}-{page}.{suffix}"'
    response["ETag"] = etag
    return _guarded(response)


@require_safe
@role_required(Role.HYGIENIST, Role.DENTIST, Role.MANAGER)
def original(request: ActingRequest, public_id: UUID) -> Answer:
    """The untouched original, as a download that no browser opens; each one stands on the trail."""
    at = clock.now()
    asset = get_asset(request.actor, public_id, at=at)
    if asset.case is not None:
        require(may(request.actor, "original", asset.case, at=at))
    if asset.original is None:
        raise Refused("The original has not arrived yet.")
    _keep_on_trail(request, asset)
    response = _streamed(request, asset.original, media_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{public_id}.bin"'
    response["Cache-Control"] = "no-store"
    return _guarded(response)


def _keep_on_trail(request: ActingRequest, asset: Asset) -> None:
    actor = request.actor
    record(
        "original",
        noun="asset",
        public_id=asset.public_id,
        person=actor.person,
        practice=actor.practice,
        at=clock.now(),
    )


def _streamed(request: HttpRequest, stored: StoredFile, *, media_type: str) -> Answer:
    """In blocks, never as a whole; HEAD opens nothing. The first block is read here, while a 503 can still be said."""
    response: Answer
    if request.method == "HEAD":
        response = HttpResponse(content_type=media_type)
    else:
        blocks = open_streaming(stored.key)
        try:
            first = next(blocks, b"")
        except StorageUnavailable:
            return HttpResponse(
                AWAY, status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": "10"}
            )
        response = StreamingHttpResponse(chain((first,), blocks), content_type=media_type)
    response["Content-Length"] = str(stored.size)
    return response


def _guarded(response: Answer) -> Answer:
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Cookie"])
    return response


picture_urls = [path("<uuid:public_id>/<slug:recipe>/<int:page>/", picture, name="picture")]
original_urls = [path("<uuid:public_id>/", original, name="original")]
