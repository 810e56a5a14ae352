"""A crown seen from its cheek or lip side: outline, relief, enamel colour, and what the condition adds."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from cases.drawing.anatomy import Kind, PlacedTooth
from cases.drawing.dentition import Condition
from cases.drawing.lesions import decay, spot_field, tint
from cases.drawing.surface import Colours, Material, Surface, Window, slopes, turned
from cases.drawing.texture import Field, fractal_noise, smooth_minimum, smoothstep


@dataclass(frozen=True)
class FacialPose:
    """Where a tooth stands in the picture (mm).

    `edge` is the height of its biting edge, `away` +1 where the root points up; `mesial` +1 where its mesial side is
    to the right; `angle` its turn from the viewer; `light` what reaches it, so deep in the mouth.
    """

    tooth: PlacedTooth
    x: float
    edge: float
    half_width: float
    crown: float
    away: float
    mesial: float
    angle: float
    light: float

    @property
    def margin(self) -> float:
        """Height of the gum margin at the middle of the tooth."""
        return self.edge + self.away * self.crown


@dataclass(frozen=True)
class _Local:
    """A crown's own coordinates: u from -1 (distal) to 1 (mesial), v mm from the biting edge, mm inside the outline."""

    u: Field
    v: Field
    inside: Field
    px_per_mm: float


def draw_facial_crown(surface: Surface, pose: FacialPose, rng: Generator) -> None:
    """Paint one crown, with the soft shadow that it throws on what lies behind."""
    reach = pose.half_width + 2.5
    bottom, top = sorted((pose.edge - pose.away * 2.5, pose.margin + pose.away * 2.5))
    window = surface.window(pose.x - reach, pose.x + reach, bottom, top)
    if window.x.size < 64 or min(window.x.shape) < 4:
        return
    local = _local(pose, window)
    surface.shadow(window, np.asarray(1.0 - 0.72 * np.exp(np.minimum(local.inside, 0.0) / 0.5), np.float32))
    relief = _relief(pose, local) + 0.007 * fractal_noise(local.u.shape, surface.px_per_mm * 0.8, rng, 2, stretch=3.0)
    colour = _enamel(pose, local, rng)
    gloss = np.full(local.u.shape, 0.62, np.float32)
    _show_condition(pose, local, colour, relief, gloss, rng)
    slope_x, slope_y = slopes(relief, surface.px_per_mm)
    light = pose.light * (0.80 + 0.20 * smoothstep(-0.1, 0.8, local.inside))
    cover = np.clip(local.inside * surface.px_per_mm + 0.5, 0.0, 1.0)
    surface.paint(window, cover, Material(colour, turned(slope_x, 0.8 * pose.angle), slope_y, gloss, light))


def _local(pose: FacialPose, window: Window) -> _Local:
    v = (window.y - pose.edge) * pose.away
    dx = window.x - pose.x - v * np.float32(np.tan(pose.tooth.tilt) * pose.away)
    u = np.asarray(dx / pose.half_width * pose.mesial, np.float32)
    kind = pose.tooth.form.kind
    height = np.clip(v / pose.crown, -0.2, 1.1)
    contact, neck = (0.22, 0.68) if kind is not Kind.MOLAR else (0.36, 0.80)
    if pose.tooth.form.primary:
        neck -= 0.03
    bulge = np.where(height < contact, 1.0 - 0.05 * ((contact - height) / contact) ** 2, 1.0)
    taper = np.where(
        height > contact, 1.0 - (1.0 - neck) * (np.clip(height - contact, 0.0, 1.0) / (1.0 - contact)) ** 1.35, bulge
    )
    side = np.asarray((taper - np.abs(u)) * pose.half_width, np.float32)
    biting = np.asarray(v - _biting_edge(pose, u), np.float32)
    gum_curve = 0.16 if kind in (Kind.INCISOR, Kind.CANINE) else 0.09
    neckward = np.asarray(pose.crown * (1.0 - gum_curve * np.clip(u - 0.08, -1.2, 1.2) ** 2) - v, np.float32)
    corner = 0.7 if kind is Kind.INCISOR else 1.5
    inside = smooth_minimum(smooth_minimum(side, biting, corner), neckward, 1.1)
    return _Local(u, np.asarray(v, np.float32), inside, window.px_per_mm)


def _biting_edge(pose: FacialPose, u: Field) -> Field:
    """How far the biting edge stands back from the cusp tip, mm, along the tooth."""
    kind, primary = pose.tooth.form.kind, pose.tooth.form.primary
    if kind is Kind.INCISOR:
        mamelons = 0.10 if not primary and pose.tooth.state.condition is Condition.ERUPTING else 0.03
        edge = 0.30 * np.clip(-u, 0.0, 1.2) ** 3 + 0.10 * np.abs(u) ** 3 + mamelons * (1 - np.cos(3 * np.pi * u)) / 2
    elif kind is Kind.CANINE:
        edge = (1.0 if primary else 1.5) * np.hypot(u - 0.1, 0.12) * np.where(u > 0.1, 0.85, 1.0)
    elif kind is Kind.PREMOLAR:
        edge = 1.5 * np.hypot(u, 0.15)
    else:
        edge = (0.55 if primary else 0.8) * (0.5 + 0.5 * np.cos(2 * np.pi * np.clip(u, -1.1, 1.1)))
    return np.asarray(edge, np.float32)


def _relief(pose: FacialPose, local: _Local) -> Field:
    """Height of the crown's facial surface, mm: rounded sides, a full middle, faint lobes or a buccal groove."""
    u, height = local.u, local.v / pose.crown
    rim = 1.0 - np.clip(local.inside / 1.15, -0.4, 1.0)
    relief = -0.85 * rim**2.2 - 0.75 * u**2 * pose.half_width / 4.0
    relief -= 2.4 * (height - 0.60) ** 2 * pose.crown / 9.0
    kind = pose.tooth.form.kind
    if kind is Kind.INCISOR:
        relief -= 0.09 * (1.0 - smoothstep(0.3, 0.75, height)) * np.exp(-(((np.abs(u) - 0.33) / 0.16) ** 2))
    elif kind is Kind.MOLAR:
        relief -= 0.28 * np.exp(-((u / 0.13) ** 2)) * (1.0 - smoothstep(0.35, 0.7, height))
    else:
        relief += 0.16 * np.exp(-(((u - 0.05) / 0.4) ** 2)) * (1.0 - smoothstep(0.4, 0.9, height))
    return np.asarray(relief, np.float32)


def _enamel(pose: FacialPose, local: _Local, rng: Generator) -> Colours:
    """Enamel over dentine: warm at the neck, bluish and clearer towards the biting edge, never even."""
    form = pose.tooth.form
    body = np.array((0.90, 0.83, 0.745) if form.primary else (0.86, 0.755, 0.615), np.float32)
    body = body * np.float32(1.0 + rng.normal(0.0, 0.02)) * (0.93 if form.kind is Kind.CANINE else 1.0)
    neck = body * np.array((0.90, 0.80, 0.64), np.float32)
    clear = body * np.array((0.78, 0.79, 0.84), np.float32)
    height = local.v / pose.crown
    warmth = smoothstep(0.45, 1.05, height)[..., None]
    clearness = (1.0 - smoothstep(0.4, 2.4, local.v)) * (0.55 if form.kind is Kind.INCISOR else 0.25)
    clearness = np.maximum(clearness, 0.3 * smoothstep(0.75, 1.0, np.abs(local.u)))[..., None]
    colour = body + warmth * (neck - body)
    colour += clearness * (clear - colour)
    cloud = fractal_noise(local.u.shape, 3.6 * local.px_per_mm, rng, 3)
    return np.asarray(colour * (1.0 + 0.022 * cloud)[..., None], np.float32)


def _show_condition(
    pose: FacialPose, local: _Local, colour: Colours, relief: Field, gloss: Field, rng: Generator
) -> None:
    """Change colour, relief and gloss in place for what is seen from this side."""
    state = pose.tooth.state
    for surface_letter in state.surfaces:
        spot = _spot(pose, local, surface_letter, rng)
        if spot is None:
            continue
        if state.condition is Condition.DECAY:
            decay(spot, colour, relief, gloss)
        elif state.condition is Condition.STAIN:
            tint(colour, 0.55 * smoothstep(0.2, 0.8, spot), (0.40, 0.25, 0.11))
        elif state.condition is Condition.FILLING:
            filled = smoothstep(0.45, 0.52, spot)
            tint(colour, 0.85 * filled, (0.72, 0.67, 0.57))
            gloss *= 1.0 - 0.45 * filled


def _spot(pose: FacialPose, local: _Local, letter: str, rng: Generator) -> Field | None:
    """1 at the heart of the named surface, 0 away from it, its border uneven; None where it is not seen from here."""
    places = {"M": (0.80, 0.42, 0.30), "D": (-0.80, 0.42, 0.30), "B": (0.0, 0.80, 0.46), "I": (0.1, 0.04, 0.4)}
    if letter not in places:
        return None
    u, height, radius = places[letter]
    across = (local.u - u) * pose.half_width
    along = (local.v - height * pose.crown) * (1.5 if letter == "B" else 0.8)
    return spot_field(np.hypot(across, along), radius * pose.half_width, local.px_per_mm, rng)
