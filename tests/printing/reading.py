"""Read a PDF back: its words by an independent reader, its tags, its pictures."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2


def page_texts(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    try:
        return [flat(page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()


def flat(text: str) -> str:
    """One line of words: where lines break is the layout's affair. Break opportunities and direction marks have no
    look.
    """
    text = re.sub("[\u200b\u200e\u200f\ufffe\ufeff]", "", text)
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def unspaced(text: str) -> str:
    return re.sub(r"\s", "", flat(text))


@dataclass(frozen=True)
class Tag:
    """A structure element: its name, its alternative text, the scope of a header cell."""

    name: str
    alt: str
    scope: str


def tags(path: Path) -> list[Tag]:
    """Every structure element in reading order."""
    with pikepdf.open(path) as pdf:
        return list(_walk(pdf.Root.StructTreeRoot.K))


def _walk(node: Any) -> Iterator[Tag]:
    if isinstance(node, pikepdf.Array):
        for one in node:
            yield from _walk(one)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        stated = node.get("/A", pikepdf.Dictionary())
        attributes = list(stated) if isinstance(stated, pikepdf.Array) else [stated]
        yield Tag(str(node.S)[1:], str(node.get("/Alt", "")), "".join(str(one.get("/Scope", "")) for one in attributes))
        yield from _walk(node.get("/K"))


def says(whole: str, text: str) -> bool:
    """Whether ``whole`` holds ``text``, letter by letter.

    The reader gives the words of a right-to-left phrase in the order of the line when the line runs from left to
    right, so such a text is looked for word by word.
    """
    parts = text.split() if any(unicodedata.bidirectional(char) in {"R", "AL"} for char in text) else [text]
    return all(unspaced(part) in unspaced(whole) for part in parts)


def jpegs(path: Path) -> list[bytes]:
    """The raw bytes of every JPEG in the file."""
    with pikepdf.open(path) as pdf:
        streams = [one for one in pdf.objects if isinstance(one, pikepdf.Stream)]
        return [one.read_raw_bytes() for one in streams if one.get("/Filter") == pikepdf.Name.DCTDecode]
