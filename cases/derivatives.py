"""Derivatives from a decoder's scratch folder into the storage, and then, with what needs them, into rows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from cases.models import Asset, Derivative
from teledent.files import keeping

Made = tuple[dict[str, Any], keeping.Kept]  # what `Derived.as_json` says of it, and its bytes


def keep_derived(derived: list[dict[str, Any]], folder: Path) -> list[Made]:
    """Keep the bytes of each. Slow: outside transactions. Beside each other, for then the disk syncs them together."""
    with ThreadPoolExecutor() as pool:
        kept = pool.map(lambda one: keeping.keep_file(folder / one["file_name"], folder="derivatives"), derived)
        return list(zip(derived, kept, strict=True))


def record_derived(asset: Asset, made: list[Made], *, mirrored: bool, at: datetime) -> None:
    """The rows, for a file whose row is locked. What was made before, for instance when the mirror mark was set back,
    stays; the spare bytes are swept."""
    there = asset.derivatives.filter(mirrored=mirrored).values_list("recipe", "recipe_version", "page")
    known = set(there) if made else set()
    for one, kept in made:
        key = one["recipe"], one["version"], one.get("page", 1)
        if key not in known:
            stored = keeping.record(kept, at=at, media_type=one["media_type"])
            Derivative.objects.create(
                asset=asset, recipe=key[0], recipe_version=key[1], page=key[2], mirrored=mirrored, file=stored,
                width=one["width"], height=one["height"],
            )  # fmt: skip
