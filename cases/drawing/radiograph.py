"""Dental radiographs of invented mouths, as an intraoral sensor reads them."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from cases.drawing.dentition import Dentition
from cases.drawing.surface import Surface, Window
from cases.drawing.texture import Field, Streams, blurred, fractal_noise, resized, smoothstep
from cases.drawing.xray_bone import bone_image
from cases.drawing.xray_layout import bitewing_rows, periapical_row
from cases.drawing.xray_panoramic import panoramic_rows, surroundings
from cases.drawing.xray_tooth import XrayPose, tooth_image


class RadiographView(StrEnum):
    """The views that can be drawn."""

    BITEWING_RIGHT = "bitewing_right"
    BITEWING_LEFT = "bitewing_left"
    PERIAPICAL = "periapical"
    PANORAMIC = "panoramic"


@dataclass(frozen=True)
class _Detector:
    """Rows and columns, millimetres a pixel, the share of that size that is drawn, and rounded corners (px)."""

    shape: tuple[int, int]
    spacing: float
    drawn: float
    corner: float


PIXEL_SPACING_MM = 0.02
PANORAMIC_SPACING_MM = 0.1
_LYING = _Detector((1300, 1700), PIXEL_SPACING_MM, 0.5, 110.0)
_STANDING = _Detector((1700, 1300), PIXEL_SPACING_MM, 0.5, 110.0)
_PANORAMIC = _Detector((1000, 1960), PANORAMIC_SPACING_MM, 0.75, 8.0)


def draw_radiograph(
    view: RadiographView | str, dentition: Dentition, *, seed: int, bits: int = 12, tooth: str = "11"
) -> NDArray[np.uint16]:
    """Stored values (rows, columns), uint16 below 2**bits, bright where the beam was stopped (MONOCHROME2).

    Shown as from outside the face: the patient's right on the viewer's left. `tooth` is the one that a periapical
    view is centred on. Pixels are PIXEL_SPACING_MM wide, in a panoramic PANORAMIC_SPACING_MM. The same seed gives the same values.
    """
    if bits not in (8, 12, 14, 16):
        raise ValueError("bits is 8, 12, 14 or 16")
    view = RadiographView(view)
    streams = Streams(seed, 100 + list(RadiographView).index(view))
    if view is RadiographView.PANORAMIC:
        surface = _blank(_PANORAMIC)
        attenuation = surroundings(surface.whole(), streams.of("jaws"))
        for poses in panoramic_rows(dentition, streams):
            attenuation += _teeth_image(surface, poses, streams)[0]
        return _exposed(attenuation, _PANORAMIC, bits, streams.of("sensor"))
    if view is RadiographView.PERIAPICAL:
        detector, rows = _STANDING, [periapical_row(dentition, tooth, streams)]
    else:
        detector, rows = _LYING, bitewing_rows(dentition, on_left=view is RadiographView.BITEWING_LEFT, streams=streams)
    surface = _blank(detector)
    attenuation = _soft_tissue(surface.whole(), streams.of("soft tissue"))
    for row, poses in enumerate(rows):
        rng = streams.of(f"bone {row}")
        teeth, sockets = _teeth_image(surface, poses, streams)
        below_crest = _below_crest(surface.whole(), poses, rng)
        attenuation += teeth + bone_image(surface.whole(), below_crest, sockets, rng)
    return _exposed(attenuation, detector, bits, streams.of("sensor"))


def _blank(detector: _Detector) -> Surface:
    rows, columns = (round(side * detector.drawn) for side in detector.shape)
    return Surface((rows, columns), detector.drawn / detector.spacing)


def _teeth_image(surface: Surface, poses: list[XrayPose], streams: Streams) -> tuple[Field, Field]:
    """One jaw's teeth, each drawn in its own window: their attenuation, and mm inside what bone surrounds."""
    teeth = np.zeros(surface.shape, np.float32)
    roots = np.full(surface.shape, -9.0, np.float32)
    for pose in poses:
        reach = pose.form.width * 0.75 + 2.5
        bottom, top = sorted((pose.neck - pose.away * (pose.form.crown + 1.0), pose.neck + pose.away * 22.0))
        part = surface.window(pose.x - reach, pose.x + reach, bottom, top)
        if min(part.x.shape) < 4:
            continue
        image = tooth_image(part, pose, streams.of(pose.key))
        at = (part.rows, part.columns)
        teeth[at] += image.attenuation
        roots[at] = np.maximum(roots[at], image.socket)
    return teeth, roots


def _below_crest(window: Window, poses: list[XrayPose], rng: Generator) -> Field:
    """Millimetres under the alveolar crest, which runs about 1.3 mm rootward of the necks."""
    away = poses[0].away
    ordered = sorted((pose for pose in poses if not pose.buried), key=lambda pose: pose.x)
    line = np.interp(window.x[0], [pose.x for pose in ordered], [pose.neck for pose in ordered])
    wave = 0.25 * fractal_noise((1, window.x.shape[1]), 6.0 * window.px_per_mm, rng, 1)[0]
    return np.asarray((window.y - line[None, :]) * away - 1.3 + wave[None, :], np.float32)


def _soft_tissue(window: Window, rng: Generator) -> Field:
    """Cheek, lip and gum before the bone: a faint uneven veil, thin where the jaws part."""
    shape = (window.x.shape[0], window.x.shape[1])
    veil = 0.05 + 0.07 * smoothstep(1.5, 9.0, np.abs(window.y))
    return np.asarray(veil + 0.012 * fractal_noise(shape, 12.0 * window.px_per_mm, rng, 2), np.float32)


def _exposed(attenuation: Field, detector: _Detector, bits: int, rng: Generator) -> NDArray[np.uint16]:
    """The sensor's reading: focal blur, quantum noise, uneven tube field, dead border, at full size."""
    shape = detector.shape
    dose = np.exp(-resized(blurred(attenuation, 0.9), shape))
    y, x = np.meshgrid(np.linspace(-1, 1, shape[0]), np.linspace(-1, 1, shape[1]), indexing="ij")
    dose *= (1.0 - 0.05 * (x**2 + y**2) + rng.normal(0, 0.03) * x).astype(np.float32)
    grain = rng.standard_normal(shape, np.float32)
    grain += 0.6 * np.roll(grain, 1, axis=1) + 0.6 * np.roll(grain, 1, axis=0)
    dose += 0.0075 * np.sqrt(np.clip(dose, 0.02, None)) * grain
    # Sensor software stores the logarithm's like: more mineral, higher value, air near 0.
    bright = (1.0 - np.clip(dose, 0.0, 1.0) ** 0.85) * 0.96 * _sensor_outline(detector)
    top = float(2**bits - 1)
    return np.asarray(np.clip(bright * top + 0.5, 0.0, top), np.uint16)


def _sensor_outline(detector: _Detector) -> Field:
    """1 on the sensor, 0 outside its rounded corners, soft over some pixels."""
    shape = detector.shape
    y = np.abs(np.arange(shape[0], dtype=np.float32) - (shape[0] - 1) / 2)[:, None]
    x = np.abs(np.arange(shape[1], dtype=np.float32) - (shape[1] - 1) / 2)[None, :]
    radius = detector.corner
    out_y, out_x = np.clip(y - shape[0] / 2 + radius, 0, None), np.clip(x - shape[1] / 2 + radius, 0, None)
    return smoothstep(radius, radius - 6.0, np.hypot(out_y, out_x))
