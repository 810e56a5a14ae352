"""Pictures to whoever may see the case: derivatives inline, originals as attachments to few; never by their name."""

from uuid import UUID

from django.urls import path
from django.views.decorators.http import require_safe

from cases.access import get_asset, get_derivative
from cases.models import Asset
from cases.permissions import may
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.accounts.trail import record
from teledent.files.sending import Answer, send_blocks, show
from teledent.files.storage import open_streaming
from teledent.kit import clock
from teledent.kit.decisions import Refused, require

SUFFIXES = {
    "image/jpeg": "jpg", "image/webp": "webp", "image/png": "png", "application/gzip": "gz", "application/octet-stream": "bin",
}  # fmt: skip
PICTURE = "The picture"


@require_safe
@role_required()
def picture(request: ActingRequest, public_id: UUID, recipe: str, page: int) -> Answer:
    """A derivative. Authorised each time, also when the browser holds these very bytes."""
    stored = get_derivative(request.actor, public_id, recipe, page, at=clock.now()).file
    name = f"{public_id}-{recipe}-{page}.{SUFFIXES.get(stored.media_type, 'bin')}"
    return show(request, stored, open_streaming(stored.key), name=name, what=PICTURE)


@require_safe
@role_required(Role.HYGIENIST, Role.DENTIST, Role.MANAGER)
def original(request: ActingRequest, public_id: UUID) -> Answer:
    """The untouched original, as a download that no browser opens; each one stands on the trail."""
    at = clock.now()
    asset = get_asset(request.actor, public_id, at=at)
    if asset.case is not None:
        require(may(request.actor, "original", asset.case, at=at))
    stored = asset.original
    if stored is None:
        raise Refused("The original has not arrived yet.")
    _keep_on_trail(request, asset)
    return send_blocks(
        request, open_streaming(stored.key), size=stored.size, media_type="application/octet-stream", name=f"{public_id}.bin", what=PICTURE,
    )  # fmt: skip


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


picture_urls = [path("<uuid:public_id>/<slug:recipe>/<int:page>/", picture, name="picture")]
original_urls = [path("<uuid:public_id>/", original, name="original")]
