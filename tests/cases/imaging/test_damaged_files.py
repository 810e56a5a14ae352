"""Whatever bytes are changed in a good file, the answer is pictures or a refusal, never an exception."""

import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pydicom import uid

from cases.imaging.process import process_file
from cases.imaging.refusal import SENTENCES
from tests.corpus import documents, photographs, radiographs

KINDS = (
    "JPEG",
    "PNG",
    "TIFF",
    "WEBP",
    "HEIF",
    "PDF",
    "plain",
    "deflated",
    "lossless",
    "JPEG-LS",
    "JPEG 2000",
    "HTJ2K",
    "RLE",
)


@cache
def whole(kind: str) -> bytes:
    if kind in ("JPEG", "PNG", "TIFF", "WEBP"):
        return photographs.encoded(photographs.four_corners(), kind, exif=photographs.exif(6))
    if kind == "HEIF":
        return photographs.encoded(Image.new("RGB", (64, 48), (9, 80, 70)), kind)
    if kind == "PDF":
        return documents.saved(documents.pdf(size=(30, 40)))
    return film(kind)


def film(kind: str) -> bytes:
    samples = radiographs.ramp(12)
    if kind in ("plain", "deflated"):
        plain = radiographs.radiograph(samples, bits=12, WindowCenter=2048, WindowWidth=4096)
        return plain if kind == "plain" else radiographs.deflated(plain)
    syntax, encode = {
        "lossless": (uid.JPEGLosslessSV1, radiographs.by_gdcm("JPEGLosslessProcess14_1")),
        "JPEG-LS": (uid.JPEGLSLossless, radiographs.by_charls(0)),
        "JPEG 2000": (uid.JPEG2000Lossless, radiographs.by_openjpeg),
        "HTJ2K": (uid.HTJ2KLossless, radiographs.by_openjph(True)),
        "RLE": (uid.RLELossless, radiographs.by_rle),
    }[kind]
    return radiographs.radiograph(samples, bits=12, syntax=syntax, frame=encode(samples, 12))


@st.composite
def damage(draw: st.DrawFn, content: bytes) -> bytes:
    """A few bytes changed, most of them in the headers, and now and then the end cut off."""
    changed = bytearray(content)
    near, far = st.integers(0, min(1500, len(content) - 1)), st.integers(0, len(content) - 1)
    for at, value in draw(st.lists(st.tuples(near | far, st.integers(0, 255)), max_size=6)):
        changed[at] = value
    return bytes(changed[: draw(st.just(len(changed)) | far)])


@pytest.mark.parametrize("kind", KINDS)
def test_an_undamaged_file_is_shown(process, kind):
    assert process(whole(kind)).code == "ok"


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_a_damaged_file_gets_an_answer(kind, data):
    content = data.draw(damage(whole(kind)))
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "file")
        source.write_bytes(content)
        answer = process_file(source=str(source), out_dir=folder, mirrored=False)
    assert answer["ok"] or answer["code"] in SENTENCES


@pytest.mark.parametrize(
    ("raised", "code"), [(ValueError("no contrast"), "decode-failed"), (MemoryError(), "out-of-resources")]
)
def test_what_the_reader_of_codes_raises_is_an_answer_too(process, monkeypatch, raised, code):
    """A picture in which no slate could be looked for may be another child's: it is turned away, and said so."""

    def fails(picture):
        raise raised

    monkeypatch.setattr("cases.imaging.process.square_codes", fails)
    assert process(whole("JPEG")).code == code
