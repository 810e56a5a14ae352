"""Have the viewer's samples made for a radiograph that was examined before there were any."""

from enum import StrEnum

from django.db import transaction

from cases.actions.files import EXAMINE
from cases.imaging.recipes import SAMPLES, SAMPLES_VERSION
from cases.imaging.samples import MOST_PIXELS
from cases.models import Asset, AssetState
from teledent.jobs.queue import enqueue


class Prepared(StrEnum):
    READY = "ready"
    QUEUED = "queued"
    NONE = "none"  # no grey radiograph, or larger than a browser can hold


@transaction.atomic
def prepare_samples(asset: Asset) -> Prepared:
    """Queue the examination that makes what is missing and changes nothing else; the same again while one is queued."""
    if not has_samples(asset):
        return Prepared.NONE
    if asset.derivatives.filter(recipe=SAMPLES, recipe_version=SAMPLES_VERSION, mirrored=asset.mirrored).exists():
        return Prepared.READY
    enqueue(EXAMINE, dedupe=f"{EXAMINE}:{asset.pk}:{asset.mirrored}", asset_id=asset.pk)
    return Prepared.QUEUED


def has_samples(asset: Asset) -> bool:
    """Whether this file is one that samples are made of."""
    said = asset.examination
    if asset.state != AssetState.EXAMINED or asset.original_id is None or not said.get("radiograph"):
        return False
    return str(said["photometric"]).startswith("MONOCHROME") and said["width"] * said["height"] <= MOST_PIXELS
