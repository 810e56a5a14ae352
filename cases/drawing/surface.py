"""What the camera sees before light falls on it: colour, slope, gloss and how much light gets there.

Every element of a scene paints itself into one `Surface`; `lit` then lights the whole picture at once.
Lengths are millimetres, the picture's centre is (0, 0), y points up; colours are linear light, 0 to 1.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cases.drawing.texture import Field, blurred

Colour = tuple[float, float, float]
Colours = NDArray[np.float32]


@dataclass(frozen=True)
class Window:
    """A rectangle of the picture: its rows and columns, and the millimetre grids `x` and `y` over it."""

    rows: slice
    columns: slice
    x: Field
    y: Field
    px_per_mm: float


@dataclass(frozen=True)
class Material:
    """What one element paints: colour (rows, columns, 3), slopes to the right and up, gloss, light that reaches it."""

    colour: Colours
    slope_x: Field
    slope_y: Field
    gloss: Field | float
    light: Field | float = 1.0


class Surface:
    """The picture's layers, each (rows, columns) float32."""

    def __init__(self, shape: tuple[int, int], px_per_mm: float) -> None:
        self.shape = shape
        self.px_per_mm = px_per_mm
        self.colour = np.zeros((*shape, 3), np.float32)
        self.slope_x = np.zeros(shape, np.float32)
        self.slope_y = np.zeros(shape, np.float32)
        self.gloss = np.zeros(shape, np.float32)
        self.light = np.ones(shape, np.float32)

    def whole(self) -> Window:
        """The window over the whole picture."""
        height, width = self.shape
        return self.window(-width, width, -height, height)

    def window(self, left: float, right: float, bottom: float, top: float) -> Window:
        """The part of the picture between these millimetres (clipped to it; may be empty)."""
        height, width = self.shape
        first, last = (np.clip(round(width / 2 + x * self.px_per_mm), 0, width) for x in (left, right))
        above, below = (np.clip(round(height / 2 - y * self.px_per_mm), 0, height) for y in (top, bottom))
        x = (np.arange(first, last) + 0.5 - width / 2) / self.px_per_mm
        y = (height / 2 - np.arange(above, below) - 0.5) / self.px_per_mm
        grid_x, grid_y = np.meshgrid(x.astype(np.float32), y.astype(np.float32))
        rows, columns = slice(int(above), int(below)), slice(int(first), int(last))
        return Window(rows, columns, grid_x, grid_y, self.px_per_mm)

    def paint(self, window: Window, cover: Field, material: Material) -> None:
        """Lay a material over the window where `cover` is 1, blending at its edge."""
        at = (window.rows, window.columns)
        self.colour[at] += cover[..., None] * (material.colour - self.colour[at])
        layers = ((self.slope_x, material.slope_x), (self.slope_y, material.slope_y))
        for layer, value in (*layers, (self.gloss, material.gloss), (self.light, material.light)):
            layer[at] += cover * (value - layer[at])

    def shadow(self, window: Window, factor: Field) -> None:
        """Let less light reach the window."""
        self.light[window.rows, window.columns] *= factor


def slopes(height_mm: Field, px_per_mm: float) -> tuple[Field, Field]:
    """Slopes of a height field to the right and up."""
    down, right = np.gradient(height_mm)
    return np.asarray(-right * px_per_mm, np.float32), np.asarray(down * px_per_mm, np.float32)


def turned(slope_x: Field, angle: float | Field) -> Field:
    """The horizontal slope of a surface that is turned about the vertical by `angle` (radians, positive right)."""
    tangent = np.clip(np.tan(angle), -2.5, 2.5)
    return np.asarray((slope_x + tangent) / np.maximum(1.0 - slope_x * tangent, 0.35), np.float32)


# A close-up flash: two tubes beside the lens and a weak one above, as direction towards the lamp and strength.
_LAMPS = ((-0.42, 0.10, 0.90, 0.60), (0.42, 0.10, 0.90, 0.60), (0.0, 0.55, 0.83, 0.22))
# Light scatters under the surface, red the farthest: shade is softened by so much a channel.
_WRAP = np.array([0.42, 0.26, 0.22], np.float32)


def lit(surface: Surface) -> Colours:
    """The surface in the light of the flash: (rows, columns, 3), linear, highlights above 1 possible."""
    length = np.sqrt(1.0 + surface.slope_x**2 + surface.slope_y**2)
    normal = (surface.slope_x / length, surface.slope_y / length, 1.0 / length)
    diffuse = np.zeros((*surface.shape, 3), np.float32)
    glint = np.zeros(surface.shape, np.float32)
    for *direction, strength in _LAMPS:
        unit = np.array(direction) / np.linalg.norm(direction)
        facing = sum(n * np.float32(d) for n, d in zip(normal, unit, strict=True))
        diffuse += strength * np.clip((facing[..., None] + _WRAP) / (1.0 + _WRAP), 0.0, None)
        halfway = unit + np.array([0.0, 0.0, 1.0])
        halfway /= np.linalg.norm(halfway)
        mirror = np.clip(sum(n * np.float32(h) for n, h in zip(normal, halfway, strict=True)), 0.0, 1.0)
        sheen = mirror**8
        sheen *= sheen  # to the 16th: a broad wet sheen; to the 128th and beyond: the lamp's own image
        glint += strength * (0.05 * sheen + 1.1 * smooth_lamp(mirror))
    glint *= surface.gloss * surface.light
    soft = np.stack([blurred(diffuse[..., c], 1.2 - 0.4 * c) for c in range(3)], axis=-1)
    # Light that reached the depth has met gum on its way and is redder.
    reaching = np.stack([surface.light**power for power in (0.88, 1.04, 1.10)], axis=-1)
    return np.asarray(surface.colour * soft * reaching + glint[..., None], np.float32)


def smooth_lamp(mirror: Field) -> Field:
    """The lamp's reflection: flat and bright inside its width, falling off softly."""
    t = np.clip((mirror - 0.9925) / 0.006, 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t), np.float32)
