"""The grey that each possible sample of a radiograph is shown as (PS3.3 C.11.1, C.11.2 and C.7.6.3.1.2).

The way of a sample: stored value -> modality value (rescale or table) -> window, table or neither -> 0 to 255,
inverted for MONOCHROME1, padding black.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_modality_lut

from cases.imaging.dicom_facts import numbers, read_windows
from cases.imaging.facts import Window

Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class GreyScale:
    """What each bit pattern of a sample stands for: its grey, its modality value, and the window that a viewer starts from.

    `asked` says where the greys come from: a table of the file, a window of the file, or the percentiles of what occurs.
    `low` and `high` are the modality values that occur, `middle` their 1st and 99th percentile, padding left out.
    """

    greys: npt.NDArray[np.uint8]
    modality: Floats
    asked: str
    start: Window
    low: float
    high: float
    middle: tuple[float, float]


def grey_scale(dataset: Dataset, counts: Counts) -> GreyScale:
    """The grey for each bit pattern of a sample.

    `counts` (256 or 65,536 entries) says how often each pattern occurs; where the file asks for no window, the
    1st to 99th percentile of what occurs is shown, padding left out.
    """
    stored = _stored_values(dataset, len(counts))
    padding = _is_padding(dataset, stored)
    modality = _modality_values(dataset, stored)
    seen = np.where(padding, 0, counts)
    middle = _percentiles(modality, seen)
    asked, start, fraction = _asked_for(dataset, stored, modality, middle)
    if dataset.PhotometricInterpretation == "MONOCHROME1":
        fraction = 1.0 - fraction
    fraction[padding] = 0.0
    occurring = modality[seen > 0] if seen.any() else modality[:1]
    return GreyScale(
        greys=np.rint(255.0 * np.clip(fraction, 0.0, 1.0)).astype(np.uint8),
        modality=modality,
        asked=asked,
        start=start,
        low=float(occurring.min()),
        high=float(occurring.max()),
        middle=middle,
    )


def padding_of(dataset: Dataset) -> tuple[int, int] | None:
    """The lowest and highest stored value that stand for "no picture here" (PS3.3 C.7.5.1.1.2)."""
    first = dataset.get("PixelPaddingValue")
    if not isinstance(first, int):
        return None
    last = dataset.get("PixelPaddingRangeLimit")
    low, high = sorted((first, last if isinstance(last, int) else first))
    return low, high


def rescale_of(dataset: Dataset) -> tuple[float, float]:
    """Slope and intercept; a slope of nought would make every picture one flat grey, and is passed over."""
    slope, intercept = numbers(dataset.get("RescaleSlope")), numbers(dataset.get("RescaleIntercept"))
    return slope[0] if slope and slope[0] != 0 else 1.0, intercept[0] if intercept else 0.0


def _stored_values(dataset: Dataset, size: int) -> npt.NDArray[Any]:
    """Each bit pattern read as the number that it stands for: two's complement where samples are signed."""
    patterns = np.arange(size, dtype=np.uint8 if size == 256 else np.uint16)
    return patterns.view(f"i{patterns.dtype.itemsize}") if dataset.PixelRepresentation else patterns


def _is_padding(dataset: Dataset, stored: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    padding = padding_of(dataset)
    if padding is None:
        return np.zeros(stored.shape, bool)
    return (stored >= padding[0]) & (stored <= padding[1])


def _modality_values(dataset: Dataset, stored: npt.NDArray[Any]) -> Floats:
    if dataset.get("ModalityLUTSequence"):
        return np.asarray(apply_modality_lut(stored, dataset), np.float64)
    slope, intercept = rescale_of(dataset)
    return stored.astype(np.float64) * slope + intercept


def _asked_for(
    dataset: Dataset, stored: npt.NDArray[Any], modality: Floats, middle: tuple[float, float]
) -> tuple[str, Window, Floats]:
    """What the file itself asks for, as 0 to 1: its first VOI table, else its first window, else the percentiles."""
    windows = read_windows(dataset)
    if dataset.get("VOILUTSequence"):
        fraction = _through_table(dataset, stored, modality)
        return "table", windows[0] if windows else _like(fraction, modality), fraction
    if windows:
        return "window", windows[0], windowed(modality, windows[0])
    start = Window((middle[0] + middle[1]) / 2, max(middle[1] - middle[0], 1e-9), "LINEAR_EXACT", "")
    return "percentiles", start, windowed(modality, start)


def _through_table(dataset: Dataset, stored: npt.NDArray[Any], modality: Floats) -> Floats:
    """The first VOI table. Looked up here: pydicom counts the entries of an 8-bit table in 8 bits, and wraps."""
    values = np.rint(modality).astype(np.int64) if dataset.get("RescaleSlope") else stored.astype(np.int64)
    item = dataset.VOILUTSequence[0]
    count, first, depth = (int(number) for number in item.LUTDescriptor)
    table = _table_of(item, count or 1 << 16, little=dataset.original_encoding[1] is not False)
    looked_up = table[np.clip(values - first, 0, len(table) - 1)].astype(np.float64)
    return looked_up / float(max((1 << depth) - 1, looked_up.max()))  # some writers state 8 bits and store 16


def _table_of(item: Dataset, count: int, *, little: bool) -> npt.NDArray[Any]:
    data = item.LUTData
    if not isinstance(data, bytes):
        return np.atleast_1d(np.asarray(data, np.int64))
    if len(data) in (count, count + 1) and count > 1:  # 8-bit entries, two to a word
        return np.frombuffer(data, np.uint8)[:count]
    return np.frombuffer(data, "<u2" if little else ">u2")[:count]


def _like(fraction: Floats, modality: Floats) -> Window:
    """The plain window that comes nearest to a table: over the values that it shows neither black nor white."""
    between = modality[(fraction > 0.0) & (fraction < 1.0)]
    shown = between if between.size else modality
    low, high = float(shown.min()), float(shown.max())
    return Window((low + high) / 2, max(high - low, 1.0), "LINEAR_EXACT", "")


def windowed(values: Floats, window: Window) -> Floats:
    """Values as 0 to 1 through a window (PS3.3 C.11.2.1.2 and C.11.2.1.3)."""
    if window.function == "SIGMOID":
        return np.asarray(1.0 / (1.0 + np.exp(np.clip(-4.0 * (values - window.center) / window.width, -500.0, 500.0))))
    if window.function == "LINEAR_EXACT" or window.width == 1:
        return np.clip((values - window.center) / window.width + 0.5, 0.0, 1.0)
    return np.clip((values - (window.center - 0.5)) / (window.width - 1.0) + 0.5, 0.0, 1.0)


def _percentiles(modality: Floats, counts: Counts) -> tuple[float, float]:
    """The 1st and the 99th percentile of what occurs."""
    if not counts.any():
        return 0.0, 0.0
    order = np.argsort(modality, kind="stable")
    reached = np.cumsum(counts[order]) / counts.sum()
    low, high = (float(modality[order[np.searchsorted(reached, share)]]) for share in (0.01, 0.99))
    return low, high
