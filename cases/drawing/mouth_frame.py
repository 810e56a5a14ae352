"""What surrounds the teeth: the dark of the mouth, cheeks, lips and the plastic that holds them away."""

import numpy as np
from numpy.random import Generator

from cases.drawing.surface import Material, Surface, slopes
from cases.drawing.texture import Field, fractal_noise, smoothstep

_CHEEK = (0.40, 0.085, 0.075)
_LIP = (0.56, 0.20, 0.185)
_PLASTIC = (0.62, 0.60, 0.58)


def draw_cheeks(surface: Surface, rng: Generator) -> None:
    """Fill the picture with the wet inside of the cheeks, darkest where the mouth is deepest."""
    window = surface.whole()
    width = window.x.max()
    height = 0.4 * fractal_noise(window.x.shape, 9.0 * surface.px_per_mm, rng, 2)
    slope_x, slope_y = slopes(height, surface.px_per_mm)
    colour = np.empty((*surface.shape, 3), np.float32)
    colour[:] = _CHEEK
    colour *= (1.0 + 0.06 * fractal_noise(window.x.shape, 3.0 * surface.px_per_mm, rng, 3))[..., None]
    level = np.exp(-((window.y / 7.0) ** 2))
    light = 0.55 - 0.50 * level * smoothstep(1.02 * width, 0.80 * width, np.abs(window.x))
    surface.paint(window, np.ones(surface.shape, np.float32), Material(colour, slope_x, slope_y, 0.3, light))


def _opening(surface: Surface, rng: Generator) -> Field:
    """Millimetres inside the stretched mouth opening; negative on lips and beyond."""
    window = surface.whole()
    wide, tall = float(window.x.max()) * 0.985, float(window.y.max()) * 1.02
    uneven = 0.5 * fractal_noise(surface.shape, 26.0 * surface.px_per_mm, rng, 2)
    x = np.abs(window.x / (wide + uneven)) ** 3.2
    y = np.abs((window.y + 0.6) / (tall + uneven)) ** 2.6
    return np.asarray((1.0 - (x + y) ** 0.36) * tall, np.float32)


def draw_lips_and_retractors(surface: Surface, rng: Generator) -> None:
    """Paint the lips at the border of the opening and the clear rims of the cheek retractors over them."""
    window = surface.whole()
    inside = _opening(surface, rng)
    surface.shadow(window, 0.35 + 0.65 * smoothstep(-0.5, 5.0, inside))
    height = -0.10 * np.clip(-inside - 3.0, -4.0, 9.0) ** 2 / 3.0
    height += 0.03 * fractal_noise(surface.shape, 1.0 * surface.px_per_mm, rng, 2)
    slope_x, slope_y = slopes(np.asarray(height, np.float32), surface.px_per_mm)
    colour = np.empty((*surface.shape, 3), np.float32)
    colour[:] = _LIP
    colour *= (1.0 + 0.05 * fractal_noise(surface.shape, 1.2 * surface.px_per_mm, rng, 3))[..., None]
    surface.paint(window, smoothstep(0.15, -0.15, inside), Material(colour, slope_x, slope_y, 0.16, 0.7))
    _draw_rim(surface, inside)


def _draw_rim(surface: Surface, inside: Field) -> None:
    window = surface.whole()
    across = (inside + 0.2) / 1.7
    sides = smoothstep(0.60, 0.74, np.abs(window.x) / window.x.max())
    height = 1.2 * np.sqrt(np.clip(1.0 - across**2, 0.0, 1.0))
    slope_x, slope_y = slopes(np.asarray(height, np.float32), surface.px_per_mm)
    colour = np.empty((*surface.shape, 3), np.float32)
    colour[:] = _PLASTIC
    cover = 0.62 * sides * smoothstep(1.0, 0.9, np.abs(across))
    surface.paint(window, cover, Material(colour, slope_x, slope_y, 0.9, 0.85))
