"""Scans of forms as work for a process that has no database: each page by itself, drawn, with the code found on it.

A person brings in what the scanner made of a pile: a PDF or TIFF of many pages, or one photograph a page. What is kept of a
child holds her page alone, so each page becomes a file of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from cases.family_forms.apart import Apart, apart
from cases.family_forms.codes import form_in
from cases.imaging.codes import square_codes
from cases.imaging.document import draw_page, open_document, refuse_cut_short
from cases.imaging.photo import pictures_of
from cases.imaging.refusal import Refused, refusing_bad_input
from cases.imaging.sniff import HEAD_BYTES, JPEG, PDF, TIFF, Family, MediaType, sniff

MOST_PAGES = 400  # of one scan
LONG_SIDE = 2200  # px: a letter page at 200 dpi; a module of the code is then 6 px
SHOWN = 1600  # px of the longer side of the picture that a person reads
QUALITY, QUALITY_ALONE = 82, 92  # of what is shown, of what is kept as the page itself
WRITTEN = 3  # times the size of the pile: what its pages may be together before they are kept as drawn
PENCIL = 40  # of 255: so much darker than its paper is written; what shines through from the other side is paler
DARK = 128  # of 255: paper is brighter, or nothing can be told
PLACE, MARKED = 16, 6  # px of the side of a place, two millimetres; so many dark px mark it
WRITTEN_ON = 6  # marked places: a speck lies in four at most
EDGE = 0.03  # of each side: there the scanner sees past the sheet
SENTENCE_MANY = f"A scan may have {MOST_PAGES} pages at most. Bring it in in two parts."
SENTENCE_KIND = "Bring the scanned forms as a PDF, or as pictures (JPEG, PNG, TIFF, HEIC)."


class Found(StrEnum):
    """What stood on a page: one code of ours, several, none of ours, or nothing at all."""

    FORM = "form"
    SEVERAL = "several"
    NO_CODE = "no_code"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Page:
    """`forms` are ids out of codes of ours; `file` is this page alone, "" where the scan is this one page."""

    number: int
    found: Found
    forms: tuple[str, ...]
    file: str
    media_type: str
    picture: str


def read_scan(*, source: str, out_dir: str) -> dict[str, Any]:
    """Read every page of ``source`` and write page files and pictures (JPEG) into ``out_dir``.

    Returns {"ok": True, "pages": [{number, found, forms, file, media_type, picture}, ...]}; or, for whatever is wrong
    with the file, {"ok": False, "sentence": text}: then none of its pages counts.
    """
    path, folder = Path(source), Path(out_dir)
    try:
        with refusing_bad_input():
            pages = [asdict(page) for page in _pages(path, folder)]
    except Refused as refused:
        return {"ok": False, "sentence": SENTENCE_MANY if refused.code == "too-many-pages" else refused.sentence}
    return {"ok": True, "pages": pages} if pages else {"ok": False, "sentence": SENTENCE_KIND}


def _pages(path: Path, folder: Path) -> Iterator[Page]:
    with path.open("rb") as stream:
        kind = sniff(stream.read(HEAD_BYTES))
    if kind is PDF:
        yield from _of_document(path, folder)
    elif kind is not None and kind.family is Family.PHOTOGRAPH:
        yield from _of_pictures(path, kind, folder)


def _of_document(path: Path, folder: Path) -> Iterator[Page]:
    refuse_cut_short(path)
    with (
        open_document(path, most=MOST_PAGES) as document,
        apart(path, pages=len(document), most=WRITTEN * path.stat().st_size) as pages,
    ):
        for at in range(len(document)):
            drawn = draw_page(document, at, LONG_SIDE)
            name, media_type = ("", PDF.mime) if len(document) == 1 else _alone(pages, at, drawn, folder)
            yield _page(at + 1, drawn, name, media_type, folder)


def _alone(pages: Apart, at: int, drawn: Image.Image, folder: Path) -> tuple[str, str]:
    """A file of this page and nothing else: the scanner's own bytes, or else the page as it was drawn."""
    name = f"page-{at + 1}.pdf"
    if pages.take(at, folder / name):
        return name, PDF.mime
    name = f"page-{at + 1}.jpg"
    drawn.save(folder / name, quality=QUALITY_ALONE)
    return name, JPEG.mime


def _of_pictures(path: Path, kind: MediaType, folder: Path) -> Iterator[Page]:
    for at, picture in enumerate(pictures_of(path, kind, LONG_SIDE, most=MOST_PAGES)):
        name = f"page-{at + 1}.png" if kind is TIFF else ""  # of other kinds a file is one page
        if name:
            picture.save(folder / name)
        yield _page(at + 1, picture, name, "image/png" if name else kind.mime, folder)


def _page(number: int, drawn: Image.Image, name: str, media_type: str, folder: Path) -> Page:
    codes = _codes(drawn)
    forms = tuple(sorted({form for form, _ in codes}))
    found = _found(forms, drawn)
    picture = f"picture-{number}.jpg"
    upright = drawn.rotate(codes[0][1], expand=True) if codes else drawn
    upright.thumbnail((SHOWN, SHOWN), Image.Resampling.BICUBIC, reducing_gap=1.0)
    upright.convert("RGB").save(folder / picture, quality=QUALITY)
    return Page(number, found, forms, name, media_type, picture)


def _found(forms: Sequence[str], drawn: Image.Image) -> Found:
    if forms:
        return Found.FORM if len(forms) == 1 else Found.SEVERAL
    return Found.BLANK if _is_blank(drawn) else Found.NO_CODE


def codes_on(picture: Image.Image) -> tuple[str, ...]:
    """Ids of the forms whose codes stand on a page, in any direction; other codes on it are none of ours."""
    return tuple(sorted({form for form, _ in _codes(picture)}))


def _codes(picture: Image.Image) -> list[tuple[str, int]]:
    """Each code of ours: its form, and by how many degrees the page is turned clockwise, in quarters."""
    found = ((form_in(text), turned) for text, turned in square_codes(picture))
    return [(str(form), turned) for form, turned in found if form]


def _is_blank(picture: Image.Image) -> bool:
    """The other side of a page, with what shines through or a speck of dust. A note is a thin line of pencil that runs on: too
    little ink to be told from dust by its amount, but it goes through many places where a speck lies in one."""
    grey = np.asarray(picture.convert("L"))
    rows, columns = (int(side * (1 - 2 * EDGE)) // PLACE for side in grey.shape)
    top, left = (int(side * EDGE) for side in grey.shape)
    inner = grey[top : top + rows * PLACE, left : left + columns * PLACE]
    paper = np.median(inner) if inner.size else 0
    marked = (inner < paper - PENCIL).reshape(rows, PLACE, columns, PLACE).sum(axis=(1, 3)) >= MARKED
    return bool(paper > DARK and marked.sum() < WRITTEN_ON)
