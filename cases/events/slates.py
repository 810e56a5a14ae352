"""The slate that is photographed before a child's pictures: what its square code holds, so that a picture of it tells whose
pictures follow. The school day and the child's tag on its list, nothing of her: whoever reads it elsewhere learns no name.
Pure, and without a model: the decoder's child reads by it."""

from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

import segno

from cases.events.tags import LENGTH, is_tag

MARK = "TDS1:"  # a code that begins so is a slate of ours, version 1; a family's form begins otherwise
ID = 32  # hexadecimal digits
QUIET = 4  # modules of white round a code, as readers want them


class Slate(NamedTuple):
    event: UUID
    tag: str


def code_of(slate: Slate) -> str:
    return f"{MARK}{slate.event.hex.upper()}{slate.tag}"  # capitals and digits alone make a smaller code


def slate_in(code: str) -> Slate | None:
    """The slate that a code names; None for whatever else was read."""
    bare = code.strip()
    said, tag = bare.removeprefix(MARK), bare[-LENGTH:]
    if not bare.startswith(MARK) or len(said) != ID + LENGTH or not is_tag(tag):
        return None
    try:
        return Slate(UUID(said[:ID]), tag)
    except ValueError:
        return None


class Square(NamedTuple):
    """A code to draw: modules of a side, and a bit for each in hexadecimal, row after row from the top left; 1 is dark."""

    side: int
    bits: str


def svg_of(slate: Slate) -> str:
    """For a page: without a size, without a class."""
    return str(_drawn(slate).svg_inline(border=QUIET, omitsize=True, svgclass=None, lineclass=None))


def _drawn(slate: Slate) -> segno.QRCode:
    """Always with the same mask: choosing the best of eight takes five times as long, and a reader needs none of it."""
    return segno.make_qr(code_of(slate), error="q", boost_error=False, mask=3)


@lru_cache(maxsize=4096)
def square_of(slate: Slate) -> Square:
    rows = _drawn(slate).matrix
    bits = "".join(str(module) for row in rows for module in row)
    digits = -(-len(bits) // 4)
    return Square(len(rows), f"{int(bits.ljust(4 * digits, '0'), 2):0{digits}x}")
