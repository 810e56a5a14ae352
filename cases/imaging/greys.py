"""The grey that each possible sample of a radiograph is shown as (PS3.3 C.11.1, C.11.2 and C.7.6.3.1.2).

The way of a sample: stored value -> modality value (rescale or table) -> window, table or neither -> 0 to 255,
inverted for MONOCHROME1, padding black.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_modality_lut, apply_voi_lut

from cases.imaging.dicom_facts import numbers, read_windows
from cases.imaging.facts import Window

Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def grey_table(dataset: Dataset, counts: Counts) -> npt.NDArray[np.uint8]:
    """Return one grey for each bit pattern of a sample.

    `counts` (256 or 65,536 entries) says how often each pattern occurs; where the file asks for no window, the
    1st to 99th percentile of what occurs is shown, padding left out.
    """
    stored = _stored_values(dataset, len(counts))
    padding = _is_padding(dataset, stored)
    modality = _modality_values(dataset, stored)
    fraction = _asked_for(dataset, stored, modality)
    if fraction is None:
        fraction = _percentiles(modality, np.where(padding, 0, counts))
    if dataset.PhotometricInterpretation == "MONOCHROME1":
        fraction = 1.0 - fraction
    fraction[padding] = 0.0
    return np.rint(255.0 * np.clip(fraction, 0.0, 1.0)).astype(np.uint8)


def _stored_values(dataset: Dataset, size: int) -> npt.NDArray[Any]:
    """Each bit pattern read as the number that it stands for: two's complement where samples are signed."""
    patterns = np.arange(size, dtype=np.uint8 if size == 256 else np.uint16)
    return patterns.view(f"i{patterns.dtype.itemsize}") if dataset.PixelRepresentation else patterns


def _is_padding(dataset: Dataset, stored: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """The values that stand for "no picture here": one value, or all between two (PS3.3 C.7.5.1.1.2)."""
    first = dataset.get("PixelPaddingValue")
    if not isinstance(first, int):
        return np.zeros(stored.shape, bool)
    last = dataset.get("PixelPaddingRangeLimit")
    low, high = sorted((first, last if isinstance(last, int) else first))
    return (stored >= low) & (stored <= high)


def _modality_values(dataset: Dataset, stored: npt.NDArray[Any]) -> Floats:
    if dataset.get("ModalityLUTSequence"):
        return np.asarray(apply_modality_lut(stored, dataset), np.float64)
    slope, intercept = numbers(dataset.get("RescaleSlope")), numbers(dataset.get("RescaleIntercept"))
    usable = bool(slope) and slope[0] != 0  # a slope of nought would make every picture one flat grey
    return stored.astype(np.float64) * (slope[0] if usable else 1.0) + (intercept[0] if intercept else 0.0)


def _asked_for(dataset: Dataset, stored: npt.NDArray[Any], modality: Floats) -> Floats | None:
    """What the file itself asks for, as 0 to 1: its first VOI table, else its first window, else nothing."""
    if dataset.get("VOILUTSequence"):
        entries = np.rint(modality).astype(np.int64) if dataset.get("RescaleSlope") else stored
        looked_up = np.asarray(apply_voi_lut(entries, dataset, index=0), np.float64)
        depth = int(dataset.VOILUTSequence[0].LUTDescriptor[2])
        return looked_up / float(max((1 << depth) - 1, looked_up.max()))  # some writers state 8 bits and store 16
    windows = read_windows(dataset)
    return windowed(modality, windows[0]) if windows else None


def windowed(values: Floats, window: Window) -> Floats:
    """Values as 0 to 1 through a window (PS3.3 C.11.2.1.2 and C.11.2.1.3)."""
    if window.function == "SIGMOID":
        return np.asarray(1.0 / (1.0 + np.exp(np.clip(-4.0 * (values - window.center) / window.width, -500.0, 500.0))))
    if window.function == "LINEAR_EXACT" or window.width == 1:
        return np.clip((values - window.center) / window.width + 0.5, 0.0, 1.0)
    return np.clip((values - (window.center - 0.5)) / (window.width - 1.0) + 0.5, 0.0, 1.0)


def _percentiles(modality: Floats, counts: Counts) -> Floats:
    """Spread the 1st to the 99th percentile of what occurs over all greys."""
    if not counts.any():
        return np.zeros(modality.shape)
    order = np.argsort(modality, kind="stable")
    reached = np.cumsum(counts[order]) / counts.sum()
    low, high = (modality[order[np.searchsorted(reached, share)]] for share in (0.01, 0.99))
    return np.asarray(np.clip((modality - low) / max(high - low, 1e-9), 0.0, 1.0))
