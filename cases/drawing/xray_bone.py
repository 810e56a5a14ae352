"""Jaw bone on a radiograph: trabeculae, the crest between teeth, lamina dura and the ligament's dark line."""

import numpy as np
from numpy.random import Generator

from cases.drawing.surface import Window
from cases.drawing.texture import Field, fractal_noise, smoothstep, value_noise


def trabeculae(shape: tuple[int, int], px_per_mm: float, rng: Generator) -> Field:
    """A net of bright struts around dark marrow spaces, about -1 to 1."""
    net = np.zeros(shape, np.float32)
    for cell, share in ((0.85, 0.55), (0.5, 0.5)):
        one = value_noise(shape, (cell * px_per_mm, 1.35 * cell * px_per_mm), rng)
        two = value_noise(shape, (1.35 * cell * px_per_mm, cell * px_per_mm), rng)
        struts = np.exp(-((one / 0.6) ** 2)) * np.exp(-((two / 1.6) ** 2)) + 0.8 * np.exp(-((two / 0.5) ** 2))
        net += share * (struts - 0.75).astype(np.float32)
    return np.asarray(net + 0.25 * fractal_noise(shape, 4.0 * px_per_mm, rng, 2), np.float32)


def bone_image(window: Window, below_crest: Field, root_inside: Field, rng: Generator) -> Field:
    """Attenuation of one jaw's bone; `below_crest` mm under the crest, `root_inside` mm inside any root of the jaw."""
    shape = (window.x.shape[0], window.x.shape[1])
    texture = trabeculae(shape, window.px_per_mm, rng)
    ramp = smoothstep(-0.25, 0.55, below_crest) * (0.80 + 0.20 * smoothstep(0.0, 8.0, below_crest))
    bone = ramp * (0.62 + 0.15 * texture)
    crest_line = 0.22 * np.exp(-(((below_crest - 0.30) / 0.22) ** 2))
    outside = -root_inside
    lamina = 0.30 * np.exp(-(((outside - 0.52) / 0.17) ** 2)) * smoothstep(0.2, 1.2, below_crest)
    ligament = np.exp(-(((outside - 0.16) / 0.15) ** 2)) * smoothstep(-0.2, 0.8, below_crest)
    bone = (bone + crest_line + lamina) * (1.0 - 0.62 * ligament)
    within = smoothstep(-0.05, 0.15, root_inside)
    # Bone before and behind the root still weakens the beam.
    return np.asarray(
        bone * (1.0 - within) + within * smoothstep(-1.0, 3.5, below_crest) * (0.24 + 0.06 * texture), np.float32
    )
