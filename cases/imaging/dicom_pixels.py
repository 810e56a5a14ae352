"""From the stored samples of a radiograph to an 8-bit picture, by way of one table over all possible samples.

Windowing each pixel in floating point takes seconds on a panoramic; a table of 2^8 or 2^16 greys and one look-up a
pixel takes milliseconds and gives the same picture.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from pydicom import uid
from pydicom.dataset import Dataset
from pydicom.encaps import generate_fragments
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.processing import apply_color_lut

from cases.imaging.decoders import PLUGIN_OF_SYNTAX
from cases.imaging.facts import Film
from cases.imaging.greys import grey_scale
from cases.imaging.refusal import Refused
from cases.imaging.samples import film_of

Samples = npt.NDArray[Any]
_PIXELS_A_BLOCK = 1 << 20  # numpy widens indices to 8 bytes: by blocks this stays at 8 MB however large the picture


def refuse_short_pixel_data(dataset: Dataset) -> None:
    """Compare the length of the pixel data with what rows and columns promise, before anything is allocated."""
    data = dataset.PixelData
    if dataset.file_meta.TransferSyntaxUID.is_encapsulated:
        if not any(generate_fragments(data)):
            raise Refused("truncated")
        return
    promised = dataset.Rows * dataset.Columns * dataset.SamplesPerPixel * dataset.BitsAllocated // 8
    if dataset.PhotometricInterpretation == "YBR_FULL_422":
        promised = promised * 2 // 3
    if len(data) < promised or promised == 0:
        raise Refused("truncated")


def decode_samples(dataset: Dataset) -> Samples:
    """The stored samples, (rows, columns) or (rows, columns, 3), signed as the data set says, colour as RGB."""
    syntax = dataset.file_meta.TransferSyntaxUID
    plugin = PLUGIN_OF_SYNTAX[syntax]
    if syntax == uid.JPEGExtended12Bit and dataset.BitsStored == 8:
        plugin = PLUGIN_OF_SYNTAX[uid.JPEGBaseline8Bit]
    samples, _ = get_decoder(syntax).as_array(dataset, decoding_plugin=plugin, raw=False)
    return np.asarray(samples, samples.dtype.newbyteorder("="))  # big-endian files give big-endian arrays


def read_pixels(dataset: Dataset) -> tuple[Image.Image, Film | None]:
    """The radiograph at full size, windowed as the file asks, dense parts bright; with its samples where it is grey."""
    samples = decode_samples(dataset)
    if dataset.PhotometricInterpretation == "PALETTE COLOR":
        colours = apply_color_lut(samples, dataset)
        return Image.fromarray(_to_eight_bits(colours, 8 * colours.dtype.itemsize)), None
    if samples.ndim == 3:
        return Image.fromarray(_to_eight_bits(samples, dataset.BitsStored)), None
    patterns = samples.view(f"u{samples.dtype.itemsize}")
    scale = grey_scale(dataset, _histogram(patterns))
    return Image.fromarray(_looked_up(patterns, scale.greys)), film_of(dataset, patterns, scale)


def _to_eight_bits(colours: Samples, bits: int) -> npt.NDArray[np.uint8]:
    shifted = np.right_shift(colours, bits - 8) if bits > 8 else colours
    return np.ascontiguousarray(np.clip(shifted, 0, 255).astype(np.uint8))


def _histogram(patterns: Samples) -> npt.NDArray[np.int64]:
    """How often each bit pattern of 8 or 16 bits occurs."""
    size = 1 << (8 * patterns.dtype.itemsize)
    counts = np.zeros(size, np.int64)
    for block in _blocks(patterns.reshape(-1)):
        counts += np.bincount(block, minlength=size)
    return counts


def _looked_up(patterns: Samples, table: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    greys = np.empty(patterns.shape, np.uint8)
    for source, target in zip(_blocks(patterns.reshape(-1)), _blocks(greys.reshape(-1)), strict=True):
        np.take(table, source, out=target)
    return greys


def _blocks(flat: npt.NDArray[Any]) -> Iterator[npt.NDArray[Any]]:
    for start in range(0, flat.size, _PIXELS_A_BLOCK):
        yield flat[start : start + _PIXELS_A_BLOCK]
