"""The gum of one jaw as the camera sees it from the front or side."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from cases.drawing.crown_facial import FacialPose
from cases.drawing.lesions import tint
from cases.drawing.surface import Colours, Material, Surface, Window, slopes, turned
from cases.drawing.texture import Field, blurred, fractal_noise, smoothstep

ATTACHED = (0.60, 0.215, 0.185)
MUCOSA = (0.46, 0.082, 0.072)
PAPILLA = (0.60, 0.190, 0.168)
VESSEL = (0.36, 0.035, 0.05)
PIGMENT = (0.20, 0.085, 0.07)


def draw_facial_gum(surface: Surface, poses: list[FacialPose], pigment: float, rng: Generator) -> None:
    """Paint gum and mucosa behind the teeth of one jaw; `pigment` 0 to 1 is how much melanin it carries."""
    away = poses[0].away
    columns = surface.whole().x[0]
    border = _border(poses, columns)
    nearest, far = float((border * away).min()) - 1.5, surface.shape[0] / surface.px_per_mm
    window = surface.window(columns[0] - 1.0, columns[-1] + 1.0, *sorted((nearest * away, far * away)))
    depth = (window.y - border[None, :]) * away
    # Roots and the line to the loose mucosa follow the row of teeth, not each papilla.
    level = (window.y - _smoothed(border, len(columns) // 10)[None, :]) * away
    height = _relief(poses, window, depth, level, rng)
    slope_x, slope_y = slopes(height, surface.px_per_mm)
    angle = _along(columns, poses, [p.angle for p in poses])
    dim = _along(columns, poses, [p.light for p in poses])
    light = dim[None, :] * (1.0 - 0.55 * np.exp(-(((level - 14.0) / 2.8) ** 2))) * np.ones_like(depth)
    cover = smoothstep(-0.12, 0.12, depth) * _reach(poses, columns)[None, :]
    gloss = wetness(window.x.shape, surface.px_per_mm, rng) * (0.75 + 0.25 * smoothstep(3.0, 6.0, level))
    colour = _colour(depth, level, pigment, surface.px_per_mm, rng)
    surface.paint(window, cover, Material(colour, turned(slope_x, 0.75 * angle[None, :]), slope_y, gloss, light))


def _border(poses: list[FacialPose], columns: Field) -> Field:
    """Height of the gum's free border along the picture: at the margin of each tooth, up to a papilla between two."""
    knots: list[tuple[float, float]] = []
    for index, pose in enumerate(poses):
        if index:
            before = poses[index - 1]
            both = before.tooth.standing and pose.tooth.standing
            share = 0.55 if both else 0.70
            edge = (before.edge + pose.edge) / 2
            tip = edge + pose.away * share * min(before.crown, pose.crown)
            knots.append(((before.x + before.half_width + pose.x - pose.half_width) / 2, tip))
        for step in (-0.55, 0.0, 0.55):
            sink = 0.9 if pose.tooth.standing else 0.66
            knots.append((pose.x + step * pose.half_width, pose.edge + pose.away * sink * pose.crown))
    first, last = poses[0], poses[-1]
    for pose, side in ((first, -1.0), (last, 1.0)):
        knots.append((pose.x + side * (pose.half_width + 5.0), pose.edge + pose.away * (pose.crown + 7.0)))
    knots.sort()
    line = np.interp(columns, [k[0] for k in knots], [k[1] for k in knots])
    return _smoothed(line, len(columns) // 110)


def _smoothed(line: NDArray[np.floating], width: int) -> Field:
    """A running mean, twice, over an odd number of columns."""
    half = max(width // 4, 1)
    kernel = np.convolve(np.ones(2 * half + 1), np.ones(2 * half + 1)) / (2 * half + 1) ** 2
    return np.asarray(np.convolve(np.pad(line, 2 * half, mode="edge"), kernel, mode="valid"), np.float32)


def _along(columns: Field, poses: list[FacialPose], values: list[float]) -> Field:
    """A value known at each tooth, carried smoothly along the picture's columns."""
    line = np.interp(columns, [pose.x for pose in poses], values)
    return _smoothed(line, len(columns) // 20)


def _reach(poses: list[FacialPose], columns: Field) -> Field:
    """1 over the row of teeth, fading to 0 behind its ends, where the cheek takes over."""
    first, last = poses[0], poses[-1]
    left = smoothstep(first.x - first.half_width - 5.0, first.x - first.half_width - 0.5, columns)
    right = smoothstep(last.x + last.half_width + 5.0, last.x + last.half_width + 0.5, columns)
    return np.asarray(left * right, np.float32)


def _relief(poses: list[FacialPose], window: Window, depth: Field, level: Field, rng: Generator) -> Field:
    """Height of the gum, mm: a rolled free margin, swellings over the roots, the orange peel of attached gum."""
    px_per_mm = window.px_per_mm
    roll = 0.85 * (1.0 - np.exp(-np.clip(depth, -0.3, None) / 0.55))
    over_roots = np.zeros(window.x.shape[1], np.float32)
    for pose in poses:
        width = max(0.55 * pose.half_width, 1.6)
        over_roots += np.exp(-(((window.x[0] - pose.x) / width) ** 2)).astype(np.float32) * np.float32(pose.light)
    swelling = 0.42 * over_roots[None, :] * smoothstep(0.0, 3.0, level) * (1.0 - smoothstep(3.0, 9.0, level))
    attached = smoothstep(0.8, 1.8, depth) * (1.0 - smoothstep(3.6, 5.2, depth))
    stipple = 0.020 * fractal_noise(depth.shape, 0.6 * px_per_mm, rng, 1)
    folds = 0.17 * fractal_noise(depth.shape, 6.0 * px_per_mm, rng, 2, stretch=1.6)
    wet = 0.018 * fractal_noise(depth.shape, 1.0 * px_per_mm, rng, 2)
    return np.asarray(roll + swelling + attached * stipple + folds * smoothstep(2.0, 8.0, depth) + wet, np.float32)


def _colour(depth: Field, level: Field, pigment: float, px_per_mm: float, rng: Generator) -> Colours:
    uneven = fractal_noise(depth.shape, 3.0 * px_per_mm, rng, 3)
    where = depth + 0.45 * uneven
    colour = np.empty((*depth.shape, 3), np.float32)
    colour[:] = PAPILLA
    tint(colour, smoothstep(0.2, 1.6, where), ATTACHED)
    tint(colour, smoothstep(2.6, 5.0, level + 0.5 * uneven), MUCOSA)
    tint(colour, 0.55 * vessels(depth.shape, px_per_mm, rng) * smoothstep(2.5, 6.0, level), VESSEL)
    if pigment > 0:
        patches = smoothstep(-0.3, 1.2, blurred(uneven, 4.0))
        band = smoothstep(0.6, 1.6, depth) * (1.0 - smoothstep(3.5, 6.0, depth))
        tint(colour, pigment * patches * band, PIGMENT)
    colour *= (1.0 + 0.05 * uneven)[..., None]
    return colour


def wetness(shape: tuple[int, int], px_per_mm: float, rng: Generator) -> Field:
    """Gloss of moist tissue: a dull film with pools of saliva here and there."""
    pools = smoothstep(0.2, 1.6, fractal_noise(shape, 4.0 * px_per_mm, rng, 2))
    return np.asarray(0.10 + 0.50 * pools, np.float32)


def vessels(shape: tuple[int, int], px_per_mm: float, rng: Generator) -> Field:
    """Thin branching lines, 1 on a vessel: where a smooth noise crosses zero, broken up by another."""
    course = fractal_noise(shape, 4.5 * px_per_mm, rng, 4)
    steep = np.hypot(*np.gradient(course)).astype(np.float32) * px_per_mm + 0.15
    lines = np.exp(-((course / (steep * 0.14)) ** 2))
    return np.asarray(lines * smoothstep(-0.2, 0.9, fractal_noise(shape, 3.0 * px_per_mm, rng, 2)), np.float32)
