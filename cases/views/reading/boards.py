"""Where a picture lies in its set: radiographs as in a mount, photographs as one looks at the mouth. Pure.

The patient's right is on the viewer's left, in both. Empty rows and columns are left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
Slot = tuple[int, int]  # row, column

PHOTOGRAPHS: dict[str, Slot] = {
    "upper": (1, 2), "right": (2, 1), "frontal": (2, 2), "left": (2, 3), "lower": (3, 2),
}  # fmt: skip
OTHERS = 9  # the row of what has no place of its own
WIDEST = 7  # columns of a board; a mount has no more
_FROM_THE_MIDLINE = {
    **dict.fromkeys("12AB", 0),
    **dict.fromkeys("3C", 1),
    **dict.fromkeys("45DE", 2),
    **dict.fromkeys("678", 3),
}
_MIDDLE_COLUMN = 4


@dataclass(frozen=True, slots=True)
class Cell(Generic[T]):
    """One place of a board with what lies there; `name` is the same whatever else lies on the board."""

    name: str
    tiles: tuple[T, ...]


@dataclass(frozen=True, slots=True)
class Board(Generic[T]):
    title: str
    columns: int
    rows: tuple[tuple[Cell[T], ...], ...]


def slot_of(view: str, tooth: str) -> Slot:
    """Row and column of a view: bitewings between the upper and the lower periapicals, these by their tooth."""
    if view in PHOTOGRAPHS:
        return PHOTOGRAPHS[view]
    if view in ("bitewing-right", "bitewing-left"):
        return 2, 2 if view == "bitewing-right" else 6
    if view in ("periapical", "occlusal") and tooth:
        side = -1 if tooth[1] == "R" else 1
        return 1 if tooth[0] == "U" else 3, _MIDDLE_COLUMN + side * _FROM_THE_MIDLINE[tooth[2]]
    return OTHERS, 1


def board_of(title: str, placed: Iterable[tuple[Slot, T]]) -> Board[T]:
    """The board with just the rows and columns that something lies in; below, what has no place, in rows as wide as it fits."""
    listed = list(placed)
    columns = sorted({slot[1] for slot, _ in listed if slot[0] != OTHERS}) or [1]
    others = [tile for slot, tile in listed if slot[0] == OTHERS]
    rows = [tuple(_cell(listed, (row, column), title) for column in columns)
            for row in sorted({slot[0] for slot, _ in listed if slot[0] != OTHERS})]  # fmt: skip
    width = max(len(columns), min(len(others), WIDEST))
    cells = [Cell(f"{title}, further {number}", (tile,)) for number, tile in enumerate(others, start=1)]
    rows += [tuple(cells[start : start + width]) for start in range(0, len(cells), width)]
    return Board(title, width, tuple(rows))


def _cell(listed: Sequence[tuple[Slot, T]], slot: Slot, title: str) -> Cell[T]:
    return Cell(f"{title}, row {slot[0]}, column {slot[1]}", tuple(tile for at, tile in listed if at == slot))
