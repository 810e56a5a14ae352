"""One file for each transfer syntax, depth and photometric, encoded by another library, compared with known pixels.

What "another" means, row by row: GDCM's JPEG codecs (the IJG's) against libjpeg-turbo and Pillow; pylibjpeg-rle against
pydicom; OpenJPH (in imagecodecs) against OpenJPEG for HTJ2K; an encoder of our own for 12-bit JPEG extended. JPEG-LS and
JPEG 2000 have one encoder in wheels each (CharLS, OpenJPEG), of the family that the product decodes with in another
build; there the files of other makers in pydicom's package are the second opinion (test_pydicom_files).
"""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pydicom import dcmread, uid

from cases.imaging.decoders import PLUGIN_OF_SYNTAX, register_decoders
from cases.imaging.dicom_pixels import decode_samples
from cases.imaging.examine import read
from cases.imaging.refusal import Refused
from tests.corpus import radiographs as corpus
from tests.corpus.extended_jpeg import encode_extended

Encoder = Callable[[np.ndarray, int], bytes] | None

EVERY_DEPTH = (8, 10, 12, 14, 16)
GREY = ("MONOCHROME1", "MONOCHROME2")


def extended(samples: np.ndarray, bits: int) -> bytes:
    return corpus.by_gdcm("JPEGExtendedProcess2_4")(samples, bits) if bits == 8 else encode_extended(samples)


# syntax -> (encoder, grey depths, depths tried with a sign, greatest difference, colour photometrics)
TABLE: dict[str, tuple[Encoder, tuple[int, ...], tuple[int, ...], int, tuple[str, ...]]] = {
    uid.ImplicitVRLittleEndian: (None, EVERY_DEPTH, EVERY_DEPTH, 0, ("RGB",)),
    uid.ExplicitVRLittleEndian: (None, EVERY_DEPTH, EVERY_DEPTH, 0, ("RGB",)),
    uid.ExplicitVRBigEndian: (None, EVERY_DEPTH, EVERY_DEPTH, 0, ("RGB",)),
    uid.DeflatedExplicitVRLittleEndian: (None, EVERY_DEPTH, EVERY_DEPTH, 0, ("RGB",)),
    uid.JPEGBaseline8Bit: (corpus.by_gdcm("JPEGBaselineProcess1"), (8,), (8,), 2, ("YBR_FULL",)),
    uid.JPEGExtended12Bit: (extended, (8, 10, 12), (8,), 2, ("YBR_FULL",)),
    uid.JPEGLossless: (corpus.by_gdcm("JPEGLosslessProcess14"), EVERY_DEPTH, EVERY_DEPTH, 0, ("RGB",)),
    uid.JPEGLosslessSV1: (corpus.by_gdcm("JPEGLosslessProcess14_1"), EVERY_DEPTH, EVERY_DEPTH, 0, ("RGB",)),
    uid.JPEGLSLossless: (corpus.by_charls(0, 2), EVERY_DEPTH, EVERY_DEPTH, 0, ("RGB",)),
    uid.JPEGLSNearLossless: (corpus.by_charls(2, 1), EVERY_DEPTH, (), 2, ("RGB",)),
    uid.JPEG2000Lossless: (corpus.by_openjpeg, EVERY_DEPTH, EVERY_DEPTH, 0, ("RGB", "YBR_RCT")),
    uid.JPEG2000: (corpus.by_openjpeg_lossy, EVERY_DEPTH, EVERY_DEPTH, 8, ()),
    uid.HTJ2KLossless: (corpus.by_openjph(True), EVERY_DEPTH, EVERY_DEPTH, 0, ("RGB", "YBR_RCT")),
    uid.HTJ2KLosslessRPCL: (corpus.by_openjph(True), EVERY_DEPTH, EVERY_DEPTH, 0, ("RGB", "YBR_RCT")),
    uid.HTJ2K: (corpus.by_openjph(False), EVERY_DEPTH, EVERY_DEPTH, 8, ("YBR_ICT",)),
    uid.RLELossless: (corpus.by_rle, (8, 10, 12, 14, 16), EVERY_DEPTH, 0, ("RGB",)),
}
# Near-lossless JPEG-LS has no signed rows: it knows no sign, and an error of two across nought would wrap.
# What the formats themselves cannot carry: baseline JPEG has 8 bits, extended JPEG 12.
DEPTHS_OF_FORMAT: dict[str, set[int]] = {uid.JPEGBaseline8Bit: {8}, uid.JPEGExtended12Bit: {8, 10, 12}}

ROWS = [
    (syntax, bits, signed, photometric)
    for syntax, (_, depths, signed_depths, _, _) in TABLE.items()
    for signed, tried in ((False, depths), (True, signed_depths))
    for bits in tried
    for photometric in GREY
]
COLOUR_ROWS = [(syntax, photometric) for syntax, row in TABLE.items() for photometric in row[4]]


def packed(samples: np.ndarray, bits: int, syntax: str, photometric: str, **attributes: Any) -> bytes:
    encoder = TABLE[syntax][0]
    plain = syntax == uid.DeflatedExplicitVRLittleEndian
    whole = corpus.radiograph(
        samples,
        bits=bits,
        syntax=uid.ExplicitVRLittleEndian if plain else syntax,
        frame=encoder(samples, bits) if encoder else None,
        photometric=photometric,
        **attributes,
    )
    return corpus.deflated(whole) if plain else whole


def largest_difference(found: np.ndarray, expected: np.ndarray) -> int:
    assert found.shape == expected.shape
    return int(np.abs(found.astype(np.int64) - expected.astype(np.int64)).max())


def test_no_cell_of_the_table_is_empty():
    assert set(TABLE) == set(PLUGIN_OF_SYNTAX)
    assert {s: set(row[1]) for s, row in TABLE.items()} == {
        s: DEPTHS_OF_FORMAT.get(s, set(EVERY_DEPTH)) for s in PLUGIN_OF_SYNTAX
    }


@pytest.mark.parametrize(("syntax", "bits", "signed", "photometric"), ROWS)
def test_a_radiograph_shows_the_pixels_that_were_packed(syntax, bits, signed, photometric, tmp_path):
    samples, tolerance = corpus.ramp(bits, signed=signed), TABLE[syntax][3]
    low, span = int(samples.min()), (1 << bits) - 1
    window = {"WindowCenter": low + span / 2, "WindowWidth": span, "VOILUTFunction": "LINEAR_EXACT"}
    path = tmp_path / "film.dcm"
    path.write_bytes(packed(samples, bits, syntax, photometric, **window))
    reading = read(path)
    greys = (samples.astype(float) - low) * 255 / span
    expected = np.rint(255 - greys if photometric == "MONOCHROME1" else greys)
    allowed = 1 + tolerance * 255 // span  # one for rounding
    assert largest_difference(np.asarray(reading.pictures[0]), expected) <= allowed
    facts = reading.examination
    assert facts.radiograph is not None
    assert (facts.bits_stored, facts.radiograph.transfer_syntax) == (bits, syntax)


@pytest.mark.parametrize(("syntax", "bits", "signed"), sorted({row[:3] for row in ROWS}))
def test_samples_come_back_to_the_last_bit_where_the_syntax_promises_it(syntax, bits, signed):
    samples, tolerance = corpus.ramp(bits, signed=signed), TABLE[syntax][3]
    register_decoders()
    found = decode_samples(dcmread(io.BytesIO(packed(samples, bits, syntax, "MONOCHROME2"))))
    assert largest_difference(found, samples) <= tolerance


@pytest.mark.parametrize(("syntax", "photometric"), COLOUR_ROWS)
def test_colour_comes_back_as_it_was_packed(syntax, photometric, tmp_path):
    samples = corpus.colours()
    path = tmp_path / "film.dcm"
    path.write_bytes(packed(samples, 8, syntax, photometric))
    found = np.asarray(read(path).pictures[0])
    assert largest_difference(found, samples) <= (8 if photometric == "YBR_FULL" else TABLE[syntax][3])


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("syntax", [syntax for syntax, row in TABLE.items() if row[0] is not None])
def test_a_frame_that_was_cut_short_is_refused_and_never_shown_half(syntax, share, tmp_path):
    encoder, depths, *_ = TABLE[syntax]
    assert encoder is not None
    bits = depths[-1]
    samples = np.random.default_rng(3).integers(0, 1 << bits, (64, 64)).astype(np.uint8 if bits == 8 else np.uint16)
    frame = encoder(samples, bits)
    path = tmp_path / "film.dcm"
    path.write_bytes(corpus.radiograph(samples, bits=bits, syntax=syntax, frame=frame[: int(share * len(frame))]))
    with pytest.raises(Refused):
        read(path)
