"""PDF documents: only pictures of their pages are ever shown, so nothing inside them can run or be followed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from cases.imaging.facts import NO_DEVICE, Examination, Reading
from cases.imaging.limits import MAX_PAGES
from cases.imaging.refusal import Refused, refusing_bad_input
from cases.imaging.sniff import PDF

_TAIL_BYTES = 65_536


def read_document(path: Path, long_side: int) -> Reading:
    """Draw each page of a PDF on white, `long_side` pixels long; raise Refused if it is locked, cut or too long."""
    refuse_cut_short(path)
    with open_document(path) as document:
        pictures = tuple(draw_page(document, page, long_side) for page in range(len(document)))
    examination = Examination(
        media_type=PDF.mime,
        family=PDF.family.value,
        width=pictures[0].width,
        height=pictures[0].height,
        pages=len(pictures),
        bits_stored=8,
        photometric="RGB",
        lossy=False,
        captured_at=None,
        device=NO_DEVICE,
        radiograph=None,
        identity=None,
    )
    return Reading(examination, pictures)


def refuse_cut_short(path: Path) -> None:
    """pdfium repairs a file whose end is missing and silently leaves pages out; a whole one says %%EOF near its end."""
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - _TAIL_BYTES))
        if b"%%EOF" not in stream.read():
            raise Refused("truncated")


@contextmanager
def open_document(path: Path, *, most: int = MAX_PAGES) -> Iterator[pypdfium2.PdfDocument]:
    """A PDF that has pages, `most` of them, and needs no password; raise Refused otherwise."""
    with refusing_bad_input():
        try:
            document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as error:
            raise Refused("encrypted-pdf" if error.err_code == pdfium.FPDF_ERR_PASSWORD else "decode-failed") from error
        try:
            if len(document) > most:
                raise Refused("too-many-pages")
            if len(document) == 0:
                raise Refused("decode-failed")
            document.init_forms()  # else what was typed into a form's fields would not be drawn
            yield document
        finally:
            document.close()


def draw_page(document: pypdfium2.PdfDocument, number: int, long_side: int) -> Image.Image:
    """The page of this number, from 0, on white and `long_side` pixels long."""
    page = document[number]
    width, height = page.get_size()
    if not (0 < width < 1e6 and 0 < height < 1e6):
        raise Refused("decode-failed")
    # Rounding up a hair of a page still gives a pixel; the limit on the long side bounds the bitmap.
    picture: Image.Image = (
        page.render(scale=long_side / max(width, height), may_draw_forms=True).to_pil().convert("RGB")
    )
    page.close()
    return picture
