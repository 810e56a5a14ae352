"""Noise, blur and steps: the small arithmetic that every drawn surface is made of. Arrays are float32."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

Field = NDArray[np.float32]
Grid = NDArray[np.floating]


class Streams:
    """Random numbers by name: what one part of a scene draws from its stream never shifts another part's."""

    def __init__(self, *seed: int) -> None:
        self._seed = seed

    def of(self, name: str) -> Generator:
        """A fresh generator, the same for the same seed and name."""
        return np.random.default_rng([*self._seed, *name.encode()])


def smoothstep(low: float, high: float, values: Grid) -> Field:
    """0 below `low`, 1 above `high`, a smooth S between."""
    t = np.clip((values - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t), np.float32)


def smooth_minimum(first: Field, second: Field, radius: float) -> Field:
    """The smaller of two distances, its corner rounded over `radius` (polynomial blend)."""
    overlap = np.clip(radius - np.abs(first - second), 0.0, None)
    return np.asarray(np.minimum(first, second) - overlap * overlap / (4.0 * radius), np.float32)


def smooth_maximum(first: Field, second: Field, radius: float) -> Field:
    """The larger of two distances, the seam between two shapes filled over `radius`."""
    return np.asarray(-smooth_minimum(-first, -second, radius), np.float32)


def resized(field: Field, shape: tuple[int, int]) -> Field:
    """The field stretched to `shape` (rows, columns), smoothly."""
    picture = Image.fromarray(np.ascontiguousarray(field, np.float32))
    return np.asarray(picture.resize((shape[1], shape[0]), Image.Resampling.BICUBIC), np.float32)


def value_noise(shape: tuple[int, int], cell: tuple[float, float], rng: Generator) -> Field:
    """Smooth noise of about unit variance whose blobs are `cell` pixels (rows, columns) large."""
    coarse = (int(shape[0] / cell[0]) + 4, int(shape[1] / cell[1]) + 4)
    return resized(rng.standard_normal(coarse, np.float32) * 1.3, shape)


def fractal_noise(shape: tuple[int, int], cell: float, rng: Generator, octaves: int = 3, stretch: float = 1.0) -> Field:
    """Value noise summed over octaves, each half as large and half as strong; `stretch` widens it along columns."""
    total = np.zeros(shape, np.float32)
    for octave in range(octaves):
        size = max(cell / 2**octave, 1.0)
        total += value_noise(shape, (size, size * stretch), rng) * np.float32(0.5**octave)
    return total


def blurred(field: Field, sigma: float) -> Field:
    """Gaussian blur by `sigma` pixels; a wide one is made on a reduced field and stretched back."""
    if sigma <= 0.2:
        return field
    if sigma > 3.0 and min(field.shape) > 8:
        factor = sigma / 1.5
        small = (max(int(field.shape[0] / factor), 4), max(int(field.shape[1] / factor), 4))
        picture = Image.fromarray(np.ascontiguousarray(field, np.float32))
        reduced = picture.resize((small[1], small[0]), Image.Resampling.BOX)
        return resized(_convolved(np.asarray(reduced, np.float32), 1.4), (field.shape[0], field.shape[1]))
    return _convolved(field, sigma)


def _convolved(field: Field, sigma: float) -> Field:
    reach = max(int(np.ceil(2.5 * sigma)), 1)
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2).astype(np.float32)
    weights /= weights.sum()
    for axis in (0, 1):
        padded = np.pad(field, [(reach, reach) if a == axis else (0, 0) for a in (0, 1)], mode="edge")
        length = field.shape[axis]
        field = sum(
            (w * (padded[i : i + length] if axis == 0 else padded[:, i : i + length]) for i, w in enumerate(weights)),
            start=np.zeros(field.shape, np.float32),
        )
    return field
