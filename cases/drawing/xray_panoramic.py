"""The jaws unrolled, as a panoramic unit draws them: what lies around the teeth."""

import numpy as np
from numpy.random import Generator

from cases.drawing.dentition import Dentition
from cases.drawing.surface import Window
from cases.drawing.texture import Field, Streams, blurred, fractal_noise, smooth_maximum, smooth_minimum, smoothstep
from cases.drawing.xray_bone import trabeculae
from cases.drawing.xray_layout import quadrant_row
from cases.drawing.xray_tooth import XrayPose

# Curve of the occlusal plane over the picture: the ends of the row stand higher than its middle ("smile").
_SMILE = 0.0042
_FLOOR = -4.0


def smile(x: Field | float) -> Field:
    """Height of the occlusal plane at `x` mm from the midline."""
    return np.asarray(_FLOOR + _SMILE * np.square(x), np.float32)


def panoramic_rows(dentition: Dentition, streams: Streams) -> list[list[XrayPose]]:
    """Both whole rows, each tooth lifted onto the smile and leaning with it."""
    rows = []
    for quadrants, away in (((1, 2), 1.0), ((4, 3), -1.0)):
        poses = [
            pose
            for quadrant in quadrants
            for pose in quadrant_row(dentition, quadrant, away=away, bite=0.9 * away, streams=streams)
        ]
        rows.append([pose.moved(up=float(smile(pose.x)), lean=-0.0042 * pose.x) for pose in poses])
    return rows


def mandible_inside(window: Window) -> Field:
    """Millimetres inside the lower jaw's outline: body, angles, rami and condyles."""
    x = np.abs(window.x)
    lower_border = -34.0 + 0.0036 * np.clip(x - 6.0, 0.0, None) ** 2 + 0.010 * np.clip(x - 52.0, 0.0, None) ** 2
    crest = smile(window.x) - 9.5 + 0.02 * np.clip(x - 50.0, 0.0, None) ** 2
    body = smooth_minimum(
        np.asarray(window.y - lower_border, np.float32), np.asarray(crest - window.y, np.float32), 3.0
    )
    body = smooth_minimum(body, np.asarray(81.0 + 0.12 * window.y - x, np.float32), 9.0)
    axis = 70.0 + 0.16 * (window.y - 5.0)
    ramus = smooth_minimum(
        np.asarray(13.0 - 0.08 * np.clip(window.y, 0, 40) - np.abs(x - axis), np.float32),
        np.asarray(np.minimum(27.0 - window.y, window.y + 24.0), np.float32),
        6.0,
    )
    condyle = 5.5 - np.hypot((x - 78.5) * 0.9, (window.y - 35.0) * 0.75)
    neck = np.minimum(4.0 - np.abs(x - 77.0), np.minimum(window.y - 18.0, 36.0 - window.y))
    process = np.minimum(4.5 - np.abs(x - 63.0) - 0.16 * np.clip(window.y - 24.0, 0, None), 36.0 - window.y)
    process = np.minimum(process, window.y - 18.0)
    top = smooth_maximum(np.asarray(np.maximum(condyle, neck), np.float32), np.asarray(process, np.float32), 3.0)
    return smooth_maximum(smooth_maximum(body, ramus, 8.0), top, 4.0)


def surroundings(window: Window, rng: Generator) -> Field:
    """Attenuation of all but teeth and their sockets: jaw, maxilla with sinuses, palate, spine, airway."""
    shape = (window.x.shape[0], window.x.shape[1])
    x, y = np.abs(window.x), window.y
    inside = mandible_inside(window)
    texture = trabeculae(shape, window.px_per_mm, rng)
    jaw = smoothstep(-0.3, 2.0, inside) * (0.42 + 0.05 * texture)
    cortex = 0.60 * np.exp(-(((inside - 1.1) / 0.9) ** 2)) * smoothstep(-13.0, -22.0, y - 0.40 * x)
    canal = -0.10 * np.exp(-(((inside - 9.0) / 1.3) ** 2)) * smoothstep(24.0, 34.0, x) * smoothstep(72.0, 62.0, x)
    crest = smile(window.x) + 8.5
    maxilla = smoothstep(0.0, 3.0, y - crest) * smoothstep(60.0, 50.0, x) * smoothstep(40.0, 26.0, y)
    sinus = 11.0 - np.hypot((x - 33.0) * 0.55, (y - 27.0) * 1.0)
    nose = 8.0 - np.hypot(x * 0.75, (y - 31.0) * 0.75)
    upper = maxilla * (0.40 + 0.05 * texture)
    for cavity in (sinus, nose):
        upper = upper * (1.0 - 0.55 * smoothstep(-0.5, 1.5, cavity)) + 0.20 * np.exp(-((cavity / 0.8) ** 2)) * maxilla
    palate = 0.32 * np.exp(-(((y - 20.0 - 0.0016 * x**2) / 0.9) ** 2)) * smoothstep(56.0, 46.0, x)
    spine = 0.55 * smoothstep(96.0, 112.0, x) * (0.9 + 0.1 * np.sin(y / 2.6))
    ghost = 0.30 * np.exp(-((window.x / 13.0) ** 2)) * smoothstep(5.0, -30.0, y)
    airway = -0.10 * np.exp(-(((x - 62.0) / 5.0) ** 2)) * smoothstep(24.0, 10.0, np.abs(y - 4.0))
    veil = 0.20 + 0.04 * fractal_noise(shape, 22.0 * window.px_per_mm, rng, 2)
    total = jaw + cortex + canal + upper + palate + spine + ghost + airway + veil
    return blurred(np.asarray(np.clip(total, 0.02, None), np.float32), 0.35 * window.px_per_mm)
