"""From light to picture: the lens's softness and falling corners, the sensor's noise, the camera's colours."""

import numpy as np
from numpy.random import Generator
from PIL import Image

from cases.drawing.surface import Colours
from cases.drawing.texture import Field, blurred, resized


def developed(light: Colours, *, size: tuple[int, int], rng: Generator) -> Image.Image:
    """An 8-bit RGB picture of `size` (width, height) from linear light of any size."""
    width, height = size
    light = light * _vignette(light.shape[:2])[..., None] * _white_balance(rng)
    glow = np.clip(light - 0.9, 0.0, 1.5)
    planes = []
    grain = rng.standard_normal((height, width), np.float32)
    for channel in range(3):
        plane = light[..., channel] + 0.35 * blurred(glow[..., channel], 9.0)
        plane = resized(blurred(plane, 0.55), (height, width))
        plane = _tone(np.clip(plane, 0.0, None))
        speckle = 0.7 * grain + 0.5 * np.roll(grain, 7 * (channel + 1), axis=1)
        plane += speckle * (0.0055 + 0.006 * (1.0 - np.clip(plane, 0, 1)))
        planes.append(np.clip(plane * 255.0 + 0.5, 0, 255).astype(np.uint8))
    return Image.fromarray(np.dstack(planes))


def _vignette(shape: tuple[int, ...]) -> Field:
    y, x = np.meshgrid(np.linspace(-1, 1, shape[0]), np.linspace(-1, 1, shape[1]), indexing="ij")
    return np.asarray(1.0 / (1.0 + 0.30 * (x**2 + 0.6 * y**2)) ** 1.4, np.float32)


def _white_balance(rng: Generator) -> Field:
    warmth = rng.normal(0.015, 0.022)
    exposure = rng.normal(0.93, 0.03)
    return np.array([1.0 + warmth, 1.0, 1.0 - warmth], np.float32) * np.float32(exposure)


def _tone(linear: Field) -> Field:
    """sRGB-like curve with a shoulder, so that highlights roll off instead of cutting."""
    shoulder = linear * (1.0 + linear / 3.2) / (1.0 + linear * 0.62)
    return np.asarray(np.power(np.clip(shoulder, 0.0, 1.0), 1 / 2.2), np.float32)
