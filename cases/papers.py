"""What the hashes of papers for others are over, beside the words of a report or a letter, which are hashed as they are."""

from collections.abc import Iterable, Mapping
from typing import Any

from cases.models import Asset, SchoolListLine


def referral_content(letter: Mapping[str, Any], report: Mapping[str, Any], pictures: Iterable[Asset]) -> dict[str, Any]:
    """Both papers, and each chosen picture with the hash of its original, in the order they were chosen."""
    files = [{"picture": one.public_id, "sha256": one.declared_sha256} for one in pictures]
    return {"letter": letter, "report": report, "files": files}


def line_content(line: SchoolListLine) -> dict[str, Any]:
    """What the nurse reads of one child."""
    return {name: getattr(line, name) for name in ("number", "name", "room", "word", "by_when", "asked")}
