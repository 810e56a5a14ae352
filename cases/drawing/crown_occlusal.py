"""A crown seen on its chewing side: cusps, fissures, and what the condition adds."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from cases.drawing.anatomy import Kind, PlacedTooth
from cases.drawing.dentition import Condition
from cases.drawing.lesions import decay, spot_field, tint
from cases.drawing.surface import Colours, Material, Surface, Window, slopes
from cases.drawing.texture import Field, blurred, fractal_noise, smoothstep

# Cusp tips as (u, b, height mm): u -1 distal to 1 mesial, b -1 lingual to 1 buccal.
_UPPER_MOLAR = ((0.42, 0.55, 2.0), (-0.46, 0.56, 1.8), (0.34, -0.48, 2.1), (-0.58, -0.60, 1.3))
_LOWER_MOLAR = ((0.52, 0.52, 1.9), (-0.10, 0.56, 1.8), (-0.72, 0.30, 1.3), (0.46, -0.54, 2.0), (-0.36, -0.54, 1.9))
_PREMOLAR = ((0.02, 0.48, 2.0), (0.08, -0.50, 1.6))


@dataclass(frozen=True)
class OcclusalPose:
    """A tooth's centre in the picture (mm), its outward direction (unit vector, picture axes), and its light."""

    tooth: PlacedTooth
    x: float
    y: float
    outward: tuple[float, float]
    mesial: tuple[float, float]
    light: float


@dataclass(frozen=True)
class _Local:
    """u (distal -1, mesial 1), b (lingual -1, buccal 1), and mm inside the outline."""

    u: Field
    b: Field
    inside: Field
    px_per_mm: float


def draw_occlusal_crown(surface: Surface, pose: OcclusalPose, rng: Generator) -> None:
    """Paint one crown from above, with its soft shadow on the gum."""
    form = pose.tooth.form
    reach = 0.72 * max(form.width, form.depth) + 2.0
    window = surface.window(pose.x - reach, pose.x + reach, pose.y - reach, pose.y + reach)
    if min(window.x.shape) < 4:
        return
    local = _local(pose, window)
    surface.shadow(window, np.asarray(1.0 - 0.6 * np.exp(np.minimum(local.inside, 0.0) / 0.7), np.float32))
    relief, fissure = _relief(pose, local, rng)
    relief += 0.008 * fractal_noise(relief.shape, surface.px_per_mm, rng, 2)
    colour = _enamel(pose, local, relief, fissure, rng)
    gloss = np.full(relief.shape, 0.55, np.float32)
    relief = _show_condition(pose, local, colour, relief, gloss, fissure, rng)
    slope_x, slope_y = slopes(relief, surface.px_per_mm)
    hollow = np.clip(blurred(relief, 0.9 * surface.px_per_mm) - relief, 0.0, 0.6)
    light = pose.light * (1.0 - 0.85 * hollow) * (0.84 + 0.16 * smoothstep(-0.1, 1.2, local.inside))
    cover = np.clip(local.inside * surface.px_per_mm + 0.5, 0.0, 1.0)
    surface.paint(window, cover, Material(colour, slope_x, slope_y, gloss, light))


def _local(pose: OcclusalPose, window: Window) -> _Local:
    dx, dy = window.x - pose.x, window.y - pose.y
    form = pose.tooth.form
    turn = pose.tooth.turn
    along = dx * pose.mesial[0] + dy * pose.mesial[1]
    outward = dx * pose.outward[0] + dy * pose.outward[1]
    along, outward = along - turn * outward, outward + turn * along
    size = 0.62 + 0.38 * pose.tooth.state.eruption
    u, b = along / (form.width / 2 * size), outward / (form.depth / 2 * size)
    if form.kind in (Kind.INCISOR, Kind.CANINE):
        power, squeeze = 2.6, 1.0 - 0.30 * smoothstep(0.3, -1.0, b)
    elif form.kind is Kind.PREMOLAR:
        power, squeeze = 2.5, 1.0 - 0.08 * smoothstep(0.3, -1.0, b)
    else:
        power, squeeze = 3.4, 1.0 - 0.05 * smoothstep(0.3, -1.0, b)
    radius = (np.abs(u / squeeze) ** power + np.abs(b + 0.06 * u) ** power) ** (1 / power)
    inside = (1.0 - radius) * min(form.width, form.depth) / 2 * size
    return _Local(
        np.asarray(u, np.float32), np.asarray(b, np.float32), np.asarray(inside, np.float32), window.px_per_mm
    )


def _relief(pose: OcclusalPose, local: _Local, rng: Generator) -> tuple[Field, Field]:
    """Height of the crown, mm, and the fissures between cusps (1 in the groove)."""
    fall = -2.2 * np.clip(1.0 - local.inside / 1.2, 0.0, 1.6) ** 2
    if pose.tooth.form.kind in (Kind.INCISOR, Kind.CANINE):
        return np.asarray(_front_relief(pose, local) + fall, np.float32), np.zeros_like(local.u)
    cusps = _cusps(pose.tooth)
    half_width, half_depth = pose.tooth.form.width / 2, pose.tooth.form.depth / 2
    # No two molars have the same grooves.
    across = local.u + 0.055 * fractal_noise(local.u.shape, 2.4 * local.px_per_mm, rng, 2)
    aside = local.b + 0.055 * fractal_noise(local.u.shape, 2.4 * local.px_per_mm, rng, 2)
    cones = [
        height - 1.15 * np.sqrt(((across - u) * half_width) ** 2 + ((aside - b) * half_depth) ** 2 + 0.5)
        for u, b, height in cusps
    ]
    ordered = np.sort(np.stack(cones), axis=0)
    difference = ordered[-1] - ordered[-2]
    # Two neighbouring cusps meet in a rounded valley with a thin groove at its bottom.
    height = ordered[-1] + 0.38 * np.log1p(np.exp(-difference / 0.38))
    middle = smoothstep(0.7, 1.7, local.inside)
    fissure = np.exp(-((difference / 0.13) ** 2)) * middle
    rim = 0.42 * np.exp(-(((local.inside - 1.1) / 0.55) ** 2))
    return np.asarray(height + rim + fall - 0.30 * fissure, np.float32), np.asarray(fissure, np.float32)


def _cusps(tooth: PlacedTooth) -> tuple[tuple[float, float, float], ...]:
    if tooth.form.kind is Kind.PREMOLAR:
        return _PREMOLAR
    return _UPPER_MOLAR if tooth.upper else _LOWER_MOLAR


def _front_relief(pose: OcclusalPose, local: _Local) -> Field:
    """An incisor or canine from its edge: the edge, the hollow behind it, the cingulum near the gum."""
    edge = 0.42 if pose.tooth.form.kind is Kind.INCISOR else 0.30
    behind = edge - local.b
    relief = np.where(behind > 0, -1.9 * behind + 0.75 * behind**2, -5.0 * behind**2)
    relief = relief + 0.35 * np.exp(-(((local.b - edge) / 0.13) ** 2))
    relief += 0.55 * np.exp(-(((local.b + 0.62) / 0.28) ** 2 + (local.u / 0.55) ** 2))
    relief += 0.30 * np.exp(-(((np.abs(local.u) - 0.78) / 0.16) ** 2)) * smoothstep(0.5, -0.2, local.b)
    if pose.tooth.form.kind is Kind.CANINE:
        relief -= 0.9 * np.abs(local.u)
    return np.asarray(relief, np.float32)


def _enamel(pose: OcclusalPose, local: _Local, relief: Field, fissure: Field, rng: Generator) -> Colours:
    form = pose.tooth.form
    body = np.array((0.92, 0.84, 0.745) if form.primary else (0.88, 0.765, 0.62), np.float32)
    colour = np.empty((*relief.shape, 3), np.float32)
    colour[:] = body * np.float32(1.0 + rng.normal(0.0, 0.02))
    if form.kind in (Kind.INCISOR, Kind.CANINE):
        tint(colour, 0.35 * np.exp(-(((local.b - 0.42) / 0.2) ** 2)).astype(np.float32), (0.64, 0.65, 0.62))
        tint(colour, 0.30 * smoothstep(0.1, -0.9, local.b), (0.66, 0.50, 0.31))
    tint(colour, 0.28 * smoothstep(0.7, 0.0, local.inside), (0.66, 0.52, 0.36))
    groove = fissure * (0.22 + 0.25 * np.clip(fractal_noise(relief.shape, 1.0 * local.px_per_mm, rng, 2), -1, 1))
    tint(colour, np.clip(groove, 0.0, 0.7).astype(np.float32), (0.42, 0.27, 0.13))
    colour *= (1.0 + 0.025 * fractal_noise(relief.shape, 2.8 * local.px_per_mm, rng, 3))[..., None]
    return colour


_PLACES = {"O": (0.0, 0.0, 0.36), "M": (0.72, 0.0, 0.34), "D": (-0.72, 0.0, 0.34), "B": (0.0, 0.80, 0.30)}


def _show_condition(
    pose: OcclusalPose, local: _Local, colour: Colours, relief: Field, gloss: Field, fissure: Field, rng: Generator
) -> Field:
    """Change colour and gloss in place for what is seen from above; returns the changed relief."""
    condition = pose.tooth.state.condition
    if condition is Condition.SEALANT:
        return _sealed(local, colour, relief, gloss, fissure)
    places = {**_PLACES, "L": (0.0, -0.80, 0.30), "I": (0.0, 0.40, 0.34)}
    for letter in pose.tooth.state.surfaces:
        u, b, radius = places[letter]
        across = (local.u - u) * pose.tooth.form.width / 2
        along = (local.b - b) * pose.tooth.form.depth / 2
        size = radius * min(pose.tooth.form.width, pose.tooth.form.depth) / 2
        if condition is Condition.DECAY:
            decay(spot_field(np.hypot(across, along), size, local.px_per_mm, rng), colour, relief, gloss)
        elif condition is Condition.STAIN:
            near = np.exp(-((np.hypot(across, along) / (3.2 * size)) ** 2)).astype(np.float32)
            tint(colour, np.clip(1.1 * near * fissure**0.5, 0.0, 0.85), (0.19, 0.095, 0.04))
        elif condition is Condition.FILLING:
            spot = spot_field(np.hypot(across, along), size, local.px_per_mm, rng)
            filled = np.maximum(
                smoothstep(0.42, 0.50, spot), smoothstep(0.25, 0.45, blurred(fissure, 0.2 * local.px_per_mm)) * spot
            )
            tint(colour, np.asarray(0.94 * filled, np.float32), (0.27, 0.275, 0.285))
            relief = relief + filled * 0.7 * (blurred(relief, 0.55 * local.px_per_mm) - relief)
            gloss *= 1.0 + 0.2 * filled
    return relief


def _sealed(local: _Local, colour: Colours, relief: Field, gloss: Field, fissure: Field) -> Field:
    """Opaque white resin lies in the fissures, smooth and shining."""
    covered = smoothstep(0.025, 0.075, blurred(fissure, 0.34 * local.px_per_mm))
    tint(colour, 0.90 * covered, (0.93, 0.925, 0.91))
    gloss += 0.3 * covered
    return np.asarray(relief + covered * 0.85 * (blurred(relief, 0.5 * local.px_per_mm) + 0.12 - relief), np.float32)
