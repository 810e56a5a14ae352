"""One dental arch seen in a mirror laid against the other jaw, turned upright."""

import numpy as np
from numpy.random import Generator

from cases.drawing.anatomy import Jaw, PlacedTooth, placed_jaw
from cases.drawing.crown_occlusal import OcclusalPose, draw_occlusal_crown
from cases.drawing.dentition import Dentition
from cases.drawing.gums import ATTACHED, MUCOSA, VESSEL, vessels, wetness
from cases.drawing.lesions import tint
from cases.drawing.surface import Colours, Material, Surface, Window, slopes
from cases.drawing.texture import Field, Streams, blurred, fractal_noise, smooth_minimum, smoothstep

_PALATE = (0.60, 0.265, 0.225)
_TONGUE = (0.56, 0.225, 0.205)
_COATING = (0.66, 0.48, 0.42)
_BEHIND_MIRROR = (0.20, 0.085, 0.07)


def draw_occlusal_scene(surface: Surface, dentition: Dentition, *, upper: bool, streams: Streams) -> None:
    """Paint the upper arch with its front teeth above, or the lower with its front teeth below."""
    jaw = placed_jaw(dentition, upper=upper, streams=streams)
    up = 1.0 if upper else -1.0
    front = float(jaw.arch.z.max())
    middle = front - 0.36 * float(2 * surface.whole().y.max())
    window = surface.whole()
    forward = window.y * up + middle
    _draw_ground(surface, jaw, window, forward, streams.of("ground"))
    for tooth in sorted(jaw.teeth, key=lambda tooth: tooth.z):
        if tooth.standing:
            draw_occlusal_crown(surface, occlusal_pose(tooth, up, middle), streams.of(tooth.key))
    _draw_mirror_edge(surface, up, streams.of("mirror"))


def occlusal_pose(tooth: PlacedTooth, up: float, middle: float) -> OcclusalPose:
    """Where a tooth stands in the picture; `middle` is the mouth's Z at the picture's centre."""
    outward = (float(np.sin(tooth.facing)), up * float(np.cos(tooth.facing)))
    side = -1.0 if tooth.on_left else 1.0
    mesial = (side * float(np.cos(tooth.facing)), -side * up * float(np.sin(tooth.facing)))
    inset = tooth.form.depth / 2
    return OcclusalPose(
        tooth=tooth,
        x=tooth.x - inset * outward[0],
        y=(tooth.z - middle) * up - inset * outward[1],
        outward=outward,
        mesial=mesial,
        light=0.78 + 0.26 * float(np.clip(tooth.z / 34.0, 0.0, 1.0)),
    )


def _draw_ground(surface: Surface, jaw: Jaw, window: Window, forward: Field, rng: Generator) -> None:
    """Everything but the teeth: ridges, palate or tongue, cheeks."""
    half_width, depth = float(jaw.arch.x.max()), float(jaw.arch.z.max())
    behind = np.clip(forward, 0.0, None)
    radius = (np.abs(window.x / half_width) ** 2.2 + np.abs(behind / depth) ** 2.2) ** (1 / 2.2)
    outside = np.asarray((radius - 1.0) * half_width, np.float32)  # about mm outward of the arch
    ridge = 4.2 * np.exp(-(((outside + 4.0) / 4.6) ** 2))
    height = ridge + 0.16 * fractal_noise(surface.shape, 6.0 * surface.px_per_mm, rng, 2)
    height += 0.016 * fractal_noise(surface.shape, 1.0 * surface.px_per_mm, rng, 2)
    colour = np.empty((*surface.shape, 3), np.float32)
    colour[:] = ATTACHED
    tint(colour, smoothstep(0.5, 3.5, outside), MUCOSA)
    if jaw.upper:
        height += _palate(window, forward, outside, colour, depth, rng)
    else:
        height += _tongue_and_floor(window, forward, outside, colour, depth, rng)
    network = vessels(surface.shape, surface.px_per_mm, rng)
    tint(colour, 0.45 * network * (smoothstep(1.0, 4.0, outside) + 0.3 * smoothstep(-8.0, -12.0, outside)), VESSEL)
    colour *= (1.0 + 0.05 * fractal_noise(surface.shape, 3.0 * surface.px_per_mm, rng, 3))[..., None]
    slope_x, slope_y = slopes(np.asarray(height, np.float32), surface.px_per_mm)
    light = (0.45 + 0.55 * smoothstep(-6.0, 22.0, forward)) * (1.0 - 0.6 * smoothstep(1.0, 8.0, outside))
    light = light * (0.85 + 0.15 * ridge / 4.2)
    gloss = wetness(surface.shape, surface.px_per_mm, rng)
    ones = np.ones(surface.shape, np.float32)
    surface.paint(window, ones, Material(colour, slope_x, slope_y, gloss, np.asarray(light, np.float32)))


def _palate(window: Window, forward: Field, outside: Field, colour: Colours, depth: float, rng: Generator) -> Field:
    """Colours the palate in place; returns its vault, rugae and raphe as height, mm."""
    within = smoothstep(-7.0, -10.0, outside)
    tint(colour, within, _PALATE)
    tint(colour, 0.7 * within * smoothstep(9.0, -2.0, forward), MUCOSA)
    wander = fractal_noise(outside.shape, 7.0 * window.px_per_mm, rng, 2)
    aside = np.abs(window.x)
    fold = np.sin((forward - 0.28 * aside + 1.1 * wander) * (2 * np.pi / 3.6))
    front = smoothstep(depth - 25.0, depth - 18.0, forward) * smoothstep(1.2, 3.0, aside) * within
    rugae = 0.50 * np.clip(fold, -0.4, 1.0) * front * smoothstep(-9.0, -12.5, outside)
    raphe = -0.30 * np.exp(-((window.x / 0.7) ** 2)) * within
    papilla = 0.8 * np.exp(-((window.x / 1.6) ** 2 + ((forward - depth + 11.5) / 2.4) ** 2))
    vault = 0.010 * window.x**2 * within
    return np.asarray(rugae + raphe + papilla + vault, np.float32)


def _tongue_and_floor(
    window: Window, forward: Field, outside: Field, colour: Colours, depth: float, rng: Generator
) -> Field:
    """Colours floor and tongue in place; returns the tongue's body and papillae as height, mm."""
    tint(colour, smoothstep(-8.5, -11.0, outside), MUCOSA)
    wander = 0.8 * fractal_noise(outside.shape, 9.0 * window.px_per_mm, rng, 2)
    tip = depth - 15.5
    inside = smooth_minimum(-outside - 11.0 + wander, (tip - forward) * 1.1 - 0.022 * window.x**2 + wander, 7.0)
    body = 7.0 * np.sqrt(np.clip(inside / 11.0, 0.0, 1.0))
    on_tongue = smoothstep(0.0, 0.9, inside)
    tint(colour, on_tongue, _TONGUE)
    papillae = fractal_noise(outside.shape, 0.7 * window.px_per_mm, rng, 2)
    tint(colour, np.clip(0.30 + 0.14 * papillae, 0, 0.7) * smoothstep(1.5, 7.0, inside), _COATING)
    groove = -0.9 * np.exp(-((window.x / 1.3) ** 2)) * smoothstep(2.0, 9.0, inside)
    edge = np.exp(-((np.clip(inside, -9.0, 0.0) / 1.8) ** 2)) * (1.0 - on_tongue)
    colour *= (1.0 - 0.40 * edge)[..., None]
    return np.asarray(blurred(np.asarray(body, np.float32), 4.0) + 0.05 * papillae * on_tongue + groove, np.float32)


def _draw_mirror_edge(surface: Surface, up: float, rng: Generator) -> None:
    """The mirror's rounded outline, its bright bevel, and the blurred lip and glove beyond it."""
    window = surface.whole()
    wide, tall = float(window.x.max()) * 1.00, float(window.y.max()) * 1.16
    shift = 0.10 * tall * up
    radius = (np.abs(window.x / wide) ** 4.2 + np.abs((window.y - shift) / tall) ** 4.2) ** (1 / 4.2)
    inside = np.asarray((1.0 - radius) * tall, np.float32)
    beyond = np.empty((*surface.shape, 3), np.float32)
    beyond[:] = _BEHIND_MIRROR
    beyond *= (1.0 + 0.25 * fractal_noise(surface.shape, 9.0 * surface.px_per_mm, rng, 2))[..., None]
    flat = np.zeros(surface.shape, np.float32)
    surface.shadow(window, 0.55 + 0.45 * smoothstep(0.0, 3.0, inside))
    surface.paint(window, smoothstep(0.1, -0.1, inside), Material(beyond, flat, flat, 0.0, 0.8))
    bevel = np.exp(-(((inside + 0.35) / 0.22) ** 2)).astype(np.float32)
    pale = np.full((*surface.shape, 3), 0.75, np.float32)
    surface.paint(window, 0.75 * bevel, Material(pale, flat, flat, 0.0, 0.8))
