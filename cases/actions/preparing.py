"""The viewer's samples of a radiograph: packed by a job of their own, once its pictures are there."""

from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction

from cases.imaging.limits import MOST_PIXELS
from cases.imaging.recipes import SAMPLES, SAMPLES_VERSION
from cases.models import Asset, AssetState
from teledent.jobs.queue import enqueue

PACK = "cases.pack_samples"
FILMS_FIRST = timedelta(seconds=2)  # films sent in a row are all to be seen before the first of them is packed


class Prepared(StrEnum):
    READY = "ready"
    QUEUED = "queued"
    NONE = "none"  # no grey radiograph, or larger than a browser can hold


@transaction.atomic
def prepare_samples(asset: Asset) -> Prepared:
    """Queue the packing of what a reader asks for; the same again while one is queued."""
    if not has_samples(asset):
        return Prepared.NONE
    if asset.derivatives.filter(recipe=SAMPLES, recipe_version=SAMPLES_VERSION, mirrored=asset.mirrored).exists():
        return Prepared.READY
    _queue_packing(asset, run_after=None)
    return Prepared.QUEUED


def pack_soon(asset: Asset, *, at: datetime) -> None:
    """Queue the packing of a radiograph that was just examined, in the transaction that says so."""
    if has_samples(asset):
        _queue_packing(asset, run_after=at + FILMS_FIRST)


def _queue_packing(asset: Asset, *, run_after: datetime | None) -> None:
    enqueue(PACK, dedupe=f"{PACK}:{asset.pk}:{asset.mirrored}", run_after=run_after, asset_id=asset.pk)


def has_samples(asset: Asset) -> bool:
    """Whether this file is one that samples are made of."""
    said = asset.examination
    if asset.state != AssetState.EXAMINED or asset.original_id is None or not said.get("radiograph"):
        return False
    return str(said["photometric"]).startswith("MONOCHROME") and said["width"] * said["height"] <= MOST_PIXELS
