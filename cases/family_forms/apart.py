"""One page of a PDF as a document of its own, in the bytes that the scanner gave it, and nothing of the pages beside it.

Pages of one file may share the dictionary in which their pictures stand: copied as it is, a page would bring the picture of
every other child along. So a page gets what its content names, and is given up where a picture is left that it does not draw.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Name, Page, Stream

KEPT = frozenset({"/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Contents", "/Resources"})
NAMING = "Do Tf gs cs CS scn SCN sh"  # the operators that take something out of the resources
NEVER_NAMED = frozenset({"/DefaultGray", "/DefaultRGB", "/DefaultCMYK"})  # these hold without being named
# What pikepdf raises where content or resources are not what they should be.
NOT_AS_IT_SHOULD_BE = (pikepdf.PdfError, AttributeError, LookupError, TypeError, ValueError)


class Apart:
    """Takes pages out of one document until `most` bytes are written."""

    def __init__(self, whole: pikepdf.Pdf | None, *, most: int) -> None:
        self.whole, self.left = whole, most

    def take(self, at: int, out: Path) -> bool:
        """Write the page of this number, from 0; False, with nothing written, where it cannot be had by itself."""
        if self.whole is None or at >= len(self.whole.pages) or self.left <= 0:
            return False
        try:
            written = _write(self.whole.pages[at], out)
        except NOT_AS_IT_SHOULD_BE:
            written = False
        if written:
            self.left -= out.stat().st_size
        if not written or self.left < 0:
            out.unlink(missing_ok=True)
            return False
        return True


@contextmanager
def apart(path: Path, *, pages: int, most: int) -> Iterator[Apart]:
    """`pages` as the one who draws them counts them: a damaged file of which two readers differ is not taken apart."""
    try:
        whole = pikepdf.Pdf.open(path)
    except pikepdf.PdfError:
        yield Apart(None, most=most)
        return
    with whole:
        yield Apart(whole if len(whole.pages) == pages else None, most=most)


def _write(page: Page, out: Path) -> bool:
    if "/Annots" in page.obj:  # fields and notes hang together with those of other pages
        return False
    steps = pikepdf.parse_content_stream(page, NAMING)
    named = NEVER_NAMED | {str(name) for step in steps for name in step.operands if isinstance(name, Name)}
    resources = {
        kind: Dictionary({name: one for name, one in some.items() if name in named})
        for kind, some in page.resources.items() if isinstance(some, Dictionary)
    }  # fmt: skip
    page.obj["/Resources"] = Dictionary(resources)  # in its place, for others may share the one it had
    for key in set(page.obj.keys()) - KEPT:
        del page.obj[key]
    with pikepdf.new() as one:
        one.pages.append(page)
        if not _draws_all(one):
            return False
        one.save(out)
    return True


def _draws_all(one: pikepdf.Pdf) -> bool:
    """Whether each picture in a document of one page stands in what that page names, or is the mask of one that does."""
    named = [each for _, each in one.pages[0].obj.Resources.get("/XObject", Dictionary()).items()]
    drawn = [each for each in named if each.get("/Subtype") == Name.Image]
    masks = [picture[key] for picture in drawn for key in ("/SMask", "/Mask") if isinstance(picture.get(key), Stream)]
    seen = {picture.objgen for picture in (*drawn, *masks)}
    kinds = (Name.Image, Name.Form)
    return {each.objgen for each in one.objects if isinstance(each, Stream) and each.get("/Subtype") in kinds} <= seen
