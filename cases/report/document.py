"""A report as plain frozen data: sections of paragraphs, pairs, lists and tables. The page and the PDF both show this.

All wording is decided before: whoever lays it out adds nothing and leaves nothing out. Language "en" or "es".
"""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Language = Literal["en", "es"]


@dataclass(frozen=True, slots=True)
class Paragraphs:
    texts: tuple[str, ...]
    kind: str = field(default="paragraphs", init=False)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Labels and what they name."""

    rows: tuple[tuple[str, str], ...]
    kind: str = field(default="pairs", init=False)


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[str, ...]
    kind: str = field(default="bullets", init=False)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns; each row has a cell for every column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: str = field(default="table", init=False)

    def labelled(self) -> list[list[tuple[str, str]]]:
        """Each row as its cells with the names of their columns."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


Block = Paragraphs | Pairs | Bullets | Table


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """`sender` is name, address and phone, a line each. `warning` stands above everything: a retraction, or empty."""

    title: str
    language: Language
    sender: tuple[str, ...]
    patient: str
    born: str
    case: str
    sections: tuple[Section, ...]
    warning: str = ""

    def as_json(self) -> dict[str, Any]:
        """The same as a dict that json.dumps takes."""
        return asdict(self)


def section(heading: str, *blocks: Block | None) -> Section | None:
    """A section of the blocks that hold anything; None when none does."""
    full = tuple(block for block in blocks if block is not None and _holds(block))
    return Section(heading, full) if full else None


def paragraphs(*texts: str) -> Paragraphs:
    """Each text as its paragraphs, empty ones left out."""
    return Paragraphs(tuple(part.strip() for text in texts for part in text.split("\n\n") if part.strip()))


def pairs(*rows: tuple[str, str]) -> Pairs:
    return Pairs(tuple(row for row in rows if row[1].strip()))


def _holds(block: Block) -> bool:
    match block:
        case Paragraphs(texts):
            return bool(texts)
        case Bullets(items):
            return bool(items)
        case Pairs(rows) | Table(_, rows):
            return bool(rows)
