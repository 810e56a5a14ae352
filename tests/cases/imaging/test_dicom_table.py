"""One file for each transfer syntax, depth and photometric, encoded by another library, compared with known pixels.

What "another" means, row by row: GDCM's JPEG codecs (the IJG's) against libjpeg-turbo and Pillow; DCMTK's for a JPEG with
half the colour samples; pylibjpeg-rle against imagecodecs; OpenJPH (in imagecodecs) against OpenJPEG for HTJ2K; an encoder of
our own for 12-bit JPEG extended. JPEG-LS and JPEG 2000 have one encoder in wheels each (CharLS, OpenJPEG), of the family
that the product decodes with in another build; there the files of other makers in pydicom's package are the second
opinion (test_pydicom_files).
"""

import io
import struct
from collections.abc import Callable
from typing import Any

import imagecodecs
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

EVERY_DEPTH = tuple(range(8, 17))
GREY = ("MONOCHROME1", "MONOCHROME2")
OPEN = ("RGB", "YBR_FULL")  # colour that no codec turns: as it is packed it lies there


def extended(samples: np.ndarray, bits: int) -> bytes:
    return corpus.by_gdcm("JPEGExtendedProcess2_4")(samples, bits) if bits == 8 else encode_extended(samples)


# syntax -> (encoder, grey depths, depths tried with a sign, greatest difference, colour photometrics)
TABLE: dict[str, tuple[Encoder, tuple[int, ...], tuple[int, ...], int, tuple[str, ...]]] = {
    uid.ImplicitVRLittleEndian: (None, EVERY_DEPTH, EVERY_DEPTH, 0, OPEN),
    uid.ExplicitVRLittleEndian: (None, EVERY_DEPTH, EVERY_DEPTH, 0, OPEN),
    uid.ExplicitVRBigEndian: (None, EVERY_DEPTH, EVERY_DEPTH, 0, OPEN),
    uid.DeflatedExplicitVRLittleEndian: (None, EVERY_DEPTH, EVERY_DEPTH, 0, OPEN),
    uid.JPEGBaseline8Bit: (corpus.by_gdcm("JPEGBaselineProcess1"), (8,), (8,), 2, ("YBR_FULL", "YBR_FULL_422")),
    uid.JPEGExtended12Bit: (extended, (8, 9, 10, 11, 12), (8,), 2, ("YBR_FULL",)),
    uid.JPEGLossless: (corpus.by_gdcm("JPEGLosslessProcess14"), EVERY_DEPTH, EVERY_DEPTH, 0, ("RGB",)),
    uid.JPEGLosslessSV1: (corpus.by_gdcm("JPEGLosslessProcess14_1"), EVERY_DEPTH, EVERY_DEPTH, 0, ("RGB",)),
    uid.JPEGLSLossless: (corpus.by_charls(0, 2), EVERY_DEPTH, EVERY_DEPTH, 0, ("RGB",)),
    uid.JPEGLSNearLossless: (corpus.by_charls(2, 1), EVERY_DEPTH, (), 2, ("RGB",)),
    uid.JPEG2000Lossless: (corpus.by_openjpeg, EVERY_DEPTH, EVERY_DEPTH, 0, ("RGB", "YBR_RCT")),
    uid.JPEG2000: (corpus.by_openjpeg_lossy, EVERY_DEPTH, EVERY_DEPTH, 8, ("RGB", "YBR_ICT")),
    uid.HTJ2KLossless: (corpus.by_openjph(True), EVERY_DEPTH, EVERY_DEPTH, 0, ("RGB", "YBR_RCT")),
    uid.HTJ2KLosslessRPCL: (corpus.by_openjph(True), EVERY_DEPTH, EVERY_DEPTH, 0, ("RGB", "YBR_RCT")),
    uid.HTJ2K: (corpus.by_openjph(False), EVERY_DEPTH, EVERY_DEPTH, 8, ("RGB", "YBR_ICT")),
    uid.RLELossless: (corpus.by_rle, EVERY_DEPTH, EVERY_DEPTH, 0, OPEN),
}
# Near-lossless JPEG-LS has no signed rows: it knows no sign, and an error of two across nought would wrap.
# What a format cannot carry has no cell: baseline JPEG has 8 bits, extended JPEG 12, and neither has a sign beyond 8.
DEPTHS_OF_FORMAT: dict[str, tuple[int, ...]] = {uid.JPEGBaseline8Bit: (8,), uid.JPEGExtended12Bit: (8, 9, 10, 11, 12)}
SIGNED_OF_FORMAT: dict[str, tuple[int, ...]] = {uid.JPEGExtended12Bit: (8,), uid.JPEGLSNearLossless: ()}
# Which colour each has to be tried in; where nothing is said, RGB alone.
COLOUR_OF_FORMAT: dict[str, tuple[str, ...]] = {
    **{syntax: ("RGB", "YBR_FULL") for syntax, plugin in PLUGIN_OF_SYNTAX.items() if not plugin},
    uid.RLELossless: ("RGB", "YBR_FULL"),
    uid.JPEGBaseline8Bit: ("YBR_FULL", "YBR_FULL_422"),
    uid.JPEGExtended12Bit: ("YBR_FULL",),
    **dict.fromkeys((uid.JPEG2000Lossless, uid.HTJ2KLossless, uid.HTJ2KLosslessRPCL), ("RGB", "YBR_RCT")),
    **dict.fromkeys((uid.JPEG2000, uid.HTJ2K), ("RGB", "YBR_ICT")),
}

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


@pytest.mark.parametrize("syntax", PLUGIN_OF_SYNTAX)
def test_no_cell_of_the_table_is_empty(syntax):
    _, depths, signed_depths, _, colour = TABLE[syntax]
    of_format = DEPTHS_OF_FORMAT.get(syntax, EVERY_DEPTH)
    assert depths == of_format
    assert signed_depths == SIGNED_OF_FORMAT.get(syntax, of_format)
    assert colour == COLOUR_OF_FORMAT.get(syntax, ("RGB",))


def test_the_table_holds_what_the_product_opens_and_nothing_else():
    assert set(TABLE) == set(PLUGIN_OF_SYNTAX)


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
    path = tmp_path / "film.dcm"
    if photometric == "YBR_FULL_422":
        frame, samples = corpus.halved_by_dcmtk()
        path.write_bytes(corpus.radiograph(samples, bits=8, syntax=syntax, frame=frame, photometric=photometric))
    else:
        samples = corpus.colours()
        turned = photometric == "YBR_FULL" and TABLE[syntax][4] == OPEN
        path.write_bytes(packed(corpus.ybr(samples) if turned else samples, 8, syntax, photometric))
    found = np.asarray(read(path).pictures[0])
    assert largest_difference(found, samples) <= (8 if photometric.startswith("YBR_FULL") else TABLE[syntax][3])


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


def test_a_padding_byte_after_a_run_length_plane_is_no_fault(tmp_path):
    samples = corpus.ramp(12)
    planes = [imagecodecs.packbits_encode((samples >> shift).astype(np.uint8).tobytes()) + b"\0" for shift in (8, 0)]
    header = struct.pack("<16I", 2, 64, 64 + len(planes[0]), *[0] * 13)
    film = corpus.radiograph(samples, bits=12, syntax=uid.RLELossless, frame=header + b"".join(planes))
    register_decoders()
    assert np.array_equal(decode_samples(dcmread(io.BytesIO(film))), samples)
