"""Keep a character that no typeface can draw from stopping a document: it is printed by its code point, like [U+1F9B7].

An accessible PDF may not hold a character without a glyph, so the replacing is done before layout, and the document
lists at its end what was replaced.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from teledent.printing.fonts import FAMILIES, code_points

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# The joiners, direction marks, isolates and variation selectors that ordinary text uses; none of them needs a glyph.
_SILENT = frozenset(
    [0x0A, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0x2066, 0x2067, 0x2068, 0x2069, *range(0xFE00, 0xFE10)]
)
# Overrides and embeddings can make a line read otherwise than it was typed, so they are shown and not obeyed.
_DECEIVING = frozenset(range(0x202A, 0x202F))
_FORBIDDEN_KINDS = frozenset(["Cc", "Cn", "Co", "Cs"])


def printable(tree: Any) -> tuple[Any, tuple[str, ...]]:
    """The same JSON-like tree with every string made printable, and what was replaced, like "U+1F9B7 TOOTH", in code
    order.
    """
    replaced: set[str] = set()
    made = _walk(tree, replaced)
    return made, tuple(f"U+{ord(char):04X} {unicodedata.name(char, 'without a name')}" for char in sorted(replaced))


def _walk(value: Any, replaced: set[str]) -> Any:
    if isinstance(value, str):
        return printable_text(value, replaced)
    if isinstance(value, dict):
        return {key: _walk(one, replaced) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_walk(one, replaced) for one in value]
    return value


def printable_text(text: str, replaced: set[str]) -> str:
    """``text`` with each character that cannot be printed written as its code point; those are added to
    ``replaced``.
    """
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return "".join(_printable_cluster(cluster, replaced) for cluster in _clusters(text))


def _clusters(text: str) -> Iterator[str]:
    """A base with the marks on it: they are drawn from one typeface or not at all."""
    start = 0
    for index, char in enumerate(text):
        if index > start and not unicodedata.combining(char):
            yield text[start:index]
            start = index
    if text:
        yield text[start:]


def _printable_cluster(cluster: str, replaced: set[str]) -> str:
    shown = [char for char in cluster if ord(char) not in _SILENT]
    if all(_allowed(char) for char in shown) and _one_family_has("".join(shown)):
        return cluster
    return "".join(_by_itself(char, replaced) for char in cluster)


def _by_itself(char: str, replaced: set[str]) -> str:
    # A mark whose letter is set from another typeface has nothing to sit on there: it is named as well.
    if ord(char) in _SILENT or (_allowed(char) and not unicodedata.combining(char) and _one_family_has(char)):
        return char
    replaced.add(char)
    return f"[U+{ord(char):04X}]"


def _allowed(char: str) -> bool:
    return ord(char) not in _DECEIVING and unicodedata.category(char) not in _FORBIDDEN_KINDS and char != "\ufeff"


def _one_family_has(text: str) -> bool:
    needed = {ord(char) for char in text}
    composed = {ord(char) for char in unicodedata.normalize("NFC", text)}
    return any(needed <= code_points(family) or composed <= code_points(family) for family in FAMILIES)
