"""What disease leaves on a crown, the same from every side."""

import numpy as np
from numpy.random import Generator

from cases.drawing.surface import Colour, Colours
from cases.drawing.texture import Field, Grid, fractal_noise, smoothstep


def tint(colour: Colours, strength: Field, towards: Colour) -> None:
    """Draw the colour, in place, `strength` of the way towards another."""
    colour += strength[..., None] * (np.array(towards, np.float32) - colour)


def spot_field(distance: Grid, radius: float, px_per_mm: float, rng: Generator) -> Field:
    """1 at the heart of a lesion and 0 away from it, its border uneven; `distance` and `radius` in mm."""
    ragged = 1.0 + 0.10 * fractal_noise((distance.shape[0], distance.shape[1]), 0.9 * px_per_mm, rng, 2)
    return np.asarray(np.exp(-0.7 * (distance * ragged / radius) ** 2), np.float32)


def decay(spot: Field, colour: Colours, relief: Field, gloss: Field) -> None:
    """A cavity, in place: chalky rim, brown slope, near-black floor, dull and sunken."""
    tint(colour, 0.55 * smoothstep(0.12, 0.35, spot), (0.86, 0.83, 0.76))
    tint(colour, 0.85 * smoothstep(0.32, 0.55, spot), (0.30, 0.15, 0.055))
    tint(colour, 0.95 * smoothstep(0.50, 0.80, spot), (0.030, 0.016, 0.009))
    hole = smoothstep(0.42, 0.72, spot)
    relief -= 0.55 * hole
    gloss *= 1.0 - 0.93 * smoothstep(0.2, 0.5, spot)
