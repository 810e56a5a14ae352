"""What is made of every file, as a table. READ FIRST for derivatives.

Largest first: each is made from the one before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class Recipe:
    """How one derivative is made. `long_side` in pixels; `below_bytes` is a ceiling that the file stays under."""

    name: str
    version: int
    long_side: int
    media_type: str
    suffix: str
    pillow_format: str
    quality: int
    below_bytes: int | None = None
    options: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


REVIEW = Recipe("review", 1, 2048, "image/jpeg", ".jpg", "JPEG", 88)
# Payers' attachment services take JPEG and limit each file; 2 MB is the least that any of them is known to take.
CLAIM = Recipe("claim", 1, 2000, "image/jpeg", ".jpg", "JPEG", 85, below_bytes=2_000_000)
THUMBNAIL = Recipe("thumbnail", 1, 320, "image/webp", ".webp", "WEBP", 80, options=MappingProxyType({"method": 2}))

RECIPES = (REVIEW, CLAIM, THUMBNAIL)
SAMPLES, SAMPLES_VERSION = "samples", 1  # no picture: the stored samples of a grey radiograph, for the viewer
LARGEST_SIDE = max(recipe.long_side for recipe in RECIPES)
