"""Pack the samples of an examined radiograph for the viewer: until they are there, a reader sees the review copy."""

import logging
from functools import partial

from cases.actions.files import lock_file
from cases.actions.preparing import PACK, has_samples
from cases.derivatives import Made, keep_derived, record_derived
from cases.models import Asset, AssetState
from teledent.files.storage import local_copy, scratch_folder
from teledent.jobs.decoder import in_child
from teledent.jobs.registry import Effect, job
from teledent.kit import clock

logger = logging.getLogger(__name__)
PACK_FILM = "cases.imaging.process:pack_film"


@job(PACK, heavy=True)
def pack_samples(*, asset_id: int, **_: object) -> Effect | None:
    asset = Asset.objects.filter(pk=asset_id).select_related("original").first()
    if asset is None or asset.original is None or not has_samples(asset):
        logger.info("Asset %s is gone or changed; nothing to pack.", asset_id)
        return None
    with local_copy(asset.original.key) as source, scratch_folder() as scratch:
        found = in_child(PACK_FILM, source=str(source), out_dir=str(scratch), mirrored=asset.mirrored)
        kept = keep_derived(found["derived"], scratch)
    return partial(_write, asset_id=asset_id, mirrored=asset.mirrored, kept=kept)


def _write(*, asset_id: int, mirrored: bool, kept: list[Made]) -> None:
    """The effect. It changes nothing that was said of the file: it is in already."""
    asset, _ = lock_file(asset_id)
    if asset.state != AssetState.STRUCK:
        record_derived(asset, kept, mirrored=mirrored, at=clock.now())
