"""A pile taken apart: as many pages as a school sends, each alone in its file, a note on an empty side seen."""

import io

import numpy as np
import pikepdf
import pytest
from pikepdf import Dictionary, Name, Stream
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from cases.family_forms import scanning
from cases.family_forms.scanning import Found, read_scan
from tests.corpus import documents


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Reads a pile, drawn small, and hands out where each page lies by itself."""
    monkeypatch.setattr(scanning, "LONG_SIDE", 300)

    def reading(content):
        (tmp_path / "pile.pdf").write_bytes(content)
        found = read_scan(source=str(tmp_path / "pile.pdf"), out_dir=str(tmp_path))
        return [tmp_path / page["file"] for page in found["pages"]] if found["ok"] else found["sentence"]

    return reading


def test_a_pile_is_longer_than_a_document_of_a_case_may_be(read):
    assert len(read(documents.saved(documents.pdf(25)))) == 25


def test_one_that_is_too_long_is_to_come_in_two_parts(read, monkeypatch):
    monkeypatch.setattr(scanning, "MOST_PAGES", 3)
    assert read(documents.saved(documents.pdf(4))) == scanning.SENTENCE_MANY


COLOURS = [(200, 30, 30), (30, 160, 30), (30, 30, 200)]


def scan_of(document, colour):
    """The picture of one sheet, as a scanner puts it into a file."""
    out = io.BytesIO()
    Image.new("RGB", (60, 80), colour).save(out, "JPEG")
    return document.make_indirect(
        Stream(
            document, out.getvalue(), Type=Name.XObject, Subtype=Name.Image, Width=60, Height=80, ColorSpace=Name.DeviceRGB,
            BitsPerComponent=8, Filter=Name.DCTDecode,
        )
    )  # fmt: skip


def on_pages(document, shared):
    document.Root.Pages.Resources = shared
    for page in document.pages:
        del page.obj["/Resources"]


def by_reference(document, shared):
    for page in document.pages:
        page.Resources = shared


def behind_a_form(document, shared):
    """Each page draws a form, and it is the form that shares."""
    for at, page in enumerate(document.pages):
        drawn = Stream(
            document, page.Contents.read_bytes(), Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 300, 400]
        )
        drawn.Resources = shared
        page.Resources = Dictionary(XObject=Dictionary({f"/F{at}": document.make_indirect(drawn)}))
        page.Contents = Stream(document, f"/F{at} Do".encode())


def hung_on(document, shared):
    """A picture of a picture, and what an editor put beside the page."""
    by_reference(document, shared)
    pictures = [shared.XObject[f"/I{at}"] for at in range(3)]
    pictures[0].Alternates = pikepdf.Array([Dictionary(Image=pictures[1])])
    document.pages[1].PieceInfo = Dictionary(Editor=pictures[2])
    document.pages[2].Annots = pikepdf.Array([Dictionary(Subtype=Name.Stamp, AP=Dictionary(N=pictures[0]))])


@pytest.mark.parametrize("way", [on_pages, by_reference, behind_a_form, hung_on])
def test_no_page_brings_the_picture_of_another_along(read, way):
    document = pikepdf.new()
    for at in range(3):
        page = document.add_blank_page(page_size=(300, 400))
        page.Contents = Stream(document, f"q 300 0 0 400 0 0 cm /I{at} Do Q".encode())
    way(document, document.make_indirect(
        Dictionary(XObject=Dictionary({f"/I{at}": scan_of(document, colour) for at, colour in enumerate(COLOURS)}))
    ))  # fmt: skip
    files = read(documents.saved(document))
    for path, colour in zip(files, COLOURS, strict=True):
        assert pictures_in(path) == [pytest.approx(colour, abs=12)]


def pictures_in(path):
    """What colour each picture in a file is, whether a page draws it or not."""
    if path.suffix == ".jpg":
        return [Image.open(path).convert("RGB").getpixel((100, 100))]
    with pikepdf.open(path) as document:
        assert len(document.pages) == 1
        found = [one for one in document.objects if isinstance(one, Stream) and one.get("/Subtype") == Name.Image]
        return [pikepdf.PdfImage(one).as_pil_image().convert("RGB").getpixel((10, 10)) for one in found]


def test_where_pages_share_only_their_dictionary_the_scanners_bytes_stay(read):
    document = documents.pdf(2)
    picture = scan_of(document, COLOURS[0])
    shared = document.make_indirect(Dictionary(XObject=Dictionary(I0=picture)))
    by_reference(document, shared)
    document.pages[0].Contents = Stream(document, b"q 612 0 0 792 0 0 cm /I0 Do Q")
    first, second = read(documents.saved(document))
    with pikepdf.open(first) as alone:
        assert alone.pages[0].Resources.XObject.I0.read_raw_bytes() == picture.read_raw_bytes()
    with pikepdf.open(second) as alone:
        assert not dict(alone.pages[0].Resources.XObject)


def test_a_large_picture_on_every_page_is_not_written_again_and_again(read, tmp_path):
    document = documents.pdf(30, size=(30, 40))
    noise = np.random.default_rng(1).integers(0, 255, (600, 600), "uint8")
    picture = document.make_indirect(
        Stream(
            document, noise.tobytes(), Type=Name.XObject, Subtype=Name.Image, Width=600, Height=600, BitsPerComponent=8,
            ColorSpace=Name.DeviceGray,
        )
    )  # fmt: skip
    by_reference(document, document.make_indirect(Dictionary(XObject=Dictionary(I0=picture))))
    for page in document.pages:
        page.Contents = Stream(document, b"q 30 0 0 40 0 0 cm /I0 Do Q")
    pile = documents.saved(document)
    files = read(pile)
    assert sum(path.stat().st_size for path in files if path.suffix == ".pdf") <= scanning.WRITTEN * len(pile)
    assert {path.suffix for path in files} == {".pdf", ".jpg"}


def page_of(*, shade=252):
    """The back of a sheet as a scanner sees it, with the grain of the paper."""
    noise = np.random.default_rng(7).normal(shade, 4, (2200, 1700))
    return Image.fromarray(np.clip(noise, 0, 255).astype("uint8"))


def pencilled(page, text="no shots", size=44):
    """Thin strokes that pencil leaves: pale, and two pixels wide."""
    written = Image.new("L", page.size, 255)
    ImageDraw.Draw(written).text((300, 1800), text, fill=120, font_size=size)
    return ImageChops.darker(page, written.filter(ImageFilter.GaussianBlur(0.8)))


def shone_through(page):
    """The print of the other side, mirrored and pale."""
    other = Image.new("L", page.size, 255)
    for line in range(40):
        ImageDraw.Draw(other).text((150, 150 + 48 * line), "Look at my child's teeth, take photographs of the teeth", fill=222,
                                   font_size=40)  # fmt: skip
    return ImageChops.darker(page, ImageOps.mirror(other.filter(ImageFilter.GaussianBlur(2))))


def dusty(page):
    drawing = ImageDraw.Draw(page)
    drawing.ellipse((796, 1196, 807, 1207), fill=30)  # over the corner of four places
    return page


def skewed(page):
    """A dark rim where the scanner saw past the sheet."""
    page.paste(20, (0, 0, 30, page.height))
    return page


@pytest.mark.parametrize(
    "back", [lambda page: page, shone_through, dusty, skewed], ids=["paper", "through", "dust", "rim"]
)
def test_an_empty_side_is_empty(back):
    assert blank(back(page_of()))
    assert blank(back(page_of(shade=225)))  # recycled paper


@pytest.mark.parametrize(
    "back", [lambda page: page, shone_through, dusty, skewed], ids=["paper", "through", "dust", "rim"]
)
def test_a_short_note_in_pencil_is_no_empty_side(back):
    assert not blank(back(pencilled(page_of())))
    assert not blank(back(pencilled(page_of(shade=225), "Asthma")))


def test_a_page_that_is_all_dark_is_for_a_person():
    assert not blank(page_of(shade=30))


def blank(page):
    return scanning._found((), page) == Found.BLANK
