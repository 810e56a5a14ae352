"""A pixel data decoder for pydicom built on imagecodecs, and which decoder opens which transfer syntax.

pydicom with Pillow alone opens neither JPEG lossless nor JPEG-LS nor HTJ2K; imagecodecs opens them all, two to ten
times faster than its peers. Baseline JPEG stays with Pillow: imagecodecs returns RGB where pydicom expects YBR.
"""

from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from typing import Any

import imagecodecs
import numpy as np
from pydicom import uid
from pydicom.pixels.common import PhotometricInterpretation as Photometric
from pydicom.pixels.decoders.base import DecodeRunner, get_decoder

from cases.imaging.codestream import is_cut_short, read_frame_header

PLUGIN = "imagecodecs"

_READERS: dict[str, Callable[[bytes], Any]] = {
    uid.JPEGExtended12Bit: imagecodecs.jpeg8_decode,
    uid.JPEGLossless: imagecodecs.jpeg8_decode,
    uid.JPEGLosslessSV1: imagecodecs.jpeg8_decode,
    uid.JPEGLSLossless: imagecodecs.jpegls_decode,
    uid.JPEGLSNearLossless: imagecodecs.jpegls_decode,
    uid.JPEG2000Lossless: imagecodecs.jpeg2k_decode,
    uid.JPEG2000: imagecodecs.jpeg2k_decode,
    # OpenJPEG, not the faster OpenJPH behind htj2k_decode: that one returns half-filled memory for a damaged frame.
    uid.HTJ2KLossless: imagecodecs.jpeg2k_decode,
    uid.HTJ2KLosslessRPCL: imagecodecs.jpeg2k_decode,
    uid.HTJ2K: imagecodecs.jpeg2k_decode,
}
RLE = uid.RLELossless
_NATIVE = (uid.ImplicitVRLittleEndian, uid.ExplicitVRLittleEndian, uid.ExplicitVRBigEndian)

# Read by Decoder.add_plugin beside is_available: what is missing when a syntax is not available.
DECODER_DEPENDENCIES = {uid.UID(syntax): ("imagecodecs",) for syntax in (*_READERS, RLE)}

# Transfer syntax -> the plug-in that decodes it; "" where the samples lie open. Deflated data sets are inflated first.
PLUGIN_OF_SYNTAX: dict[str, str] = {
    **dict.fromkeys(_NATIVE, ""),
    uid.DeflatedExplicitVRLittleEndian: "",
    uid.JPEGBaseline8Bit: "pillow",
    **dict.fromkeys((*_READERS, RLE), PLUGIN),
}

# Whose samples are never those that the sensor gave, whatever the data set says of itself.
LOSSY_SYNTAXES = frozenset({uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit, uid.JPEGLSNearLossless})


def register_decoders() -> None:
    """Tell pydicom of the plug-in. Call it once at start, before threads: pydicom's registry is not thread safe."""
    for syntax in (*_READERS, RLE):
        decoder = get_decoder(syntax)
        if PLUGIN not in decoder.available_plugins:
            decoder.add_plugin(PLUGIN, (__name__, "decode_rle_frame" if syntax == RLE else "decode_frame"))


def is_available(syntax: str) -> bool:
    """Asked by pydicom when the plug-in is added."""
    return syntax in _READERS or syntax == RLE


def decode_frame(source: bytes, runner: DecodeRunner) -> bytes:
    """Decode one frame to interleaved little-endian samples; raise ValueError if it is not of the announced size."""
    if is_cut_short(source):
        raise ValueError("the compressed frame is truncated")
    header = read_frame_header(source)
    if (header.rows, header.columns, header.samples) != (runner.rows, runner.columns, runner.samples_per_pixel):
        raise ValueError("the compressed frame is not of the size that the data set states")
    if header.samples > 1 and runner.transfer_syntax == uid.JPEGExtended12Bit:
        raise ValueError("libjpeg would turn the colours of JPEG extended to RGB unasked")
    frame = np.asarray(_READERS[runner.transfer_syntax](source))
    if runner.samples_per_pixel > 1 and frame.shape[0] == runner.samples_per_pixel != frame.shape[-1]:
        frame = np.moveaxis(frame, 0, -1)  # JPEG-LS interleaved by plane
    runner.set_option("planar_configuration", 0)
    runner.set_option("bits_allocated", 8 * frame.dtype.itemsize)
    if runner.photometric_interpretation in (Photometric.YBR_ICT, Photometric.YBR_RCT):
        runner.set_option("photometric_interpretation", Photometric.RGB)
    return frame.astype(frame.dtype.newbyteorder("<"), copy=False).tobytes()


def decode_rle_frame(source: bytes, runner: DecodeRunner) -> bytes:
    """Unpack one frame, byte plane by byte plane (PS3.5, annex G): ten times as fast as pydicom, which does it in Python."""
    header = np.frombuffer(source[:64], "<u4")
    width, size = runner.bits_allocated // 8, runner.rows * runner.columns
    if header.size != 16 or header[0] != runner.samples_per_pixel * width:
        raise ValueError("the compressed frame has not the planes that the data set states")
    starts = [*(int(start) for start in header[1 : header[0] + 1]), len(source)]
    planes = [_rle_plane(source[start:end], size=size) for start, end in pairwise(starts)]
    runner.set_option("planar_configuration", 1)
    samples = np.frombuffer(b"".join(planes), np.uint8).reshape(runner.samples_per_pixel, width, size)
    return samples[:, ::-1].transpose(0, 2, 1).tobytes()  # the highest byte comes first in the file


def _rle_plane(packed: bytes, *, size: int) -> bytes:
    """The bytes of one plane. A padding byte at its end, which looks like the beginning of a run, is no fault."""
    for tried in (packed, packed[:-1]):
        with suppress(imagecodecs.PackbitsError):
            plane = bytes(imagecodecs.packbits_decode(tried))
            if len(plane) >= size:
                return plane[:size]
    raise ValueError("the compressed frame is truncated")
