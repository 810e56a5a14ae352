"""A tooth between tube and sensor: how much enamel, dentine, metal and bone the beam crosses.

Lengths in millimetres. Attenuation is in units that make a molar's full enamel about 1.5; only ratios matter.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from cases.drawing.anatomy import Kind, ToothForm
from cases.drawing.dentition import Condition, ToothState
from cases.drawing.surface import Window
from cases.drawing.texture import Field, fractal_noise, smooth_maximum, smooth_minimum, smoothstep

# Per millimetre of thickness; a metal filling stops nearly all.
_DENTINE, _ENAMEL, _METAL = 0.088, 0.30, 3.2


@dataclass(frozen=True)
class XrayPose:
    """Where a tooth's image falls: `neck` is the height of its cemento-enamel junction, `away` +1 with roots up."""

    key: str
    form: ToothForm
    state: ToothState
    x: float
    neck: float
    away: float
    mesial: float
    tilt: float
    root_share: float = 1.0
    buried: bool = False

    def moved(self, *, up: float, lean: float) -> "XrayPose":
        """The same tooth higher by `up` mm and leaning by `lean` radians more."""
        return replace(self, neck=self.neck + up, tilt=self.tilt + lean)

    @property
    def roots(self) -> tuple[tuple[float, float], ...]:
        """Each root's place and slant along u, from the mesial side."""
        if self.form.kind is not Kind.MOLAR:
            return ((0.0, 0.0),)
        flare = 0.42 if self.form.primary else 0.12
        return ((0.46, flare), (-0.46, -flare))


@dataclass(frozen=True)
class _Local:
    """u from -1 distal to 1 mesial at the crown's width; r mm from the neck, positive to the root."""

    u: Field
    r: Field


@dataclass(frozen=True)
class ToothImage:
    """What the tooth adds to the beam's path, and mm inside the part of it that bone surrounds."""

    attenuation: Field
    socket: Field


def tooth_image(window: Window, pose: XrayPose, rng: Generator) -> ToothImage:
    """One tooth's attenuation over the window."""
    local = _local(window, pose)
    half = pose.form.width / 2
    outer = _crown(pose, local, 0.0)
    core = _crown(pose, local, 1.0)
    root = _roots(pose, local)
    body = smooth_maximum(core, np.asarray(np.minimum(root, local.r + 2.5), np.float32), 1.2)
    pulp = _pulp(pose, local)
    depth = pose.form.depth
    dentine = _DENTINE * depth * _rounded(body, half) * (1.0 - 0.36 * smoothstep(-0.25, 0.45, pulp))
    # Beside the dentine the beam runs along the cap, over it only through its two thin plates.
    cap = smoothstep(-0.02, 0.55, outer) * (1.0 - 0.66 * smoothstep(-0.12, 0.22, core))
    enamel = _ENAMEL * 0.5 * depth * cap * smoothstep(0.5, -0.55 * pose.form.crown, local.r)
    attenuation = _with_condition(pose, local, np.asarray(dentine + enamel, np.float32), outer, rng)
    return ToothImage(np.asarray(attenuation, np.float32), np.maximum(outer, root) if pose.buried else root)


def _local(window: Window, pose: XrayPose) -> _Local:
    r = (window.y - pose.neck) * pose.away
    across = (window.x - pose.x) - np.float32(np.tan(pose.tilt)) * r * pose.away
    return _Local(np.asarray(across / (pose.form.width / 2) * pose.mesial, np.float32), np.asarray(r, np.float32))


def _fade(r: Field, reach: float) -> Field:
    """Distance that ends a shape `reach` mm beyond the neck."""
    return np.asarray(reach - r, np.float32)


def _rounded(inside: Field, radius: float) -> Field:
    """Thickness of a rounded body, 0 at its outline to 1 in its middle."""
    t = np.clip(inside / (0.75 * radius), 0.0, 1.0)
    return np.asarray(np.sqrt(t * (2.0 - t)), np.float32)


def _crown(pose: XrayPose, local: _Local, shrink: float) -> Field:
    """Millimetres inside the crown's outline; with `shrink` 1 inside the dentine under its enamel."""
    form = pose.form
    half, tall = form.width / 2, form.crown
    thick = (0.55 if form.primary else 0.9) * shrink
    height = np.clip(-local.r / tall, -0.3, 1.1)  # 0 neck, 1 cusp tip
    neck = {Kind.MOLAR: 0.80, Kind.PREMOLAR: 0.74}.get(form.kind, 0.70) - (0.04 if form.primary else 0.0)
    rise = np.clip(height / 0.62, 0.0, 1.0)
    width = neck + (1.0 - neck) * np.sin(rise * np.pi / 2) ** 0.9 - 0.10 * np.clip(height - 0.62, 0.0, 1.0) ** 1.2
    side = (width - np.abs(local.u)) * half - thick * np.clip(height * 1.9, 0.0, 1.0)
    top = tall - _biting_edge(form, local.u) - thick * (1.35 if form.kind is Kind.MOLAR else 1.2) + local.r
    return smooth_minimum(
        smooth_minimum(np.asarray(side, np.float32), np.asarray(top, np.float32), 1.5),
        _fade(local.r, 0.6),
        0.5,
    )


def _biting_edge(form: ToothForm, u: Field) -> Field:
    if form.kind is Kind.INCISOR:
        return np.asarray(0.35 * np.abs(u) ** 3, np.float32)
    if form.kind is Kind.CANINE:
        return np.asarray(2.0 * np.hypot(u - 0.1, 0.15), np.float32)
    if form.kind is Kind.PREMOLAR:
        return np.asarray(1.3 * np.hypot(u, 0.2), np.float32)
    valley = 0.5 + 0.5 * np.cos(2 * np.pi * np.clip(u, -1.05, 1.05))
    return np.asarray((0.8 if form.primary else 1.15) * valley, np.float32)


def _roots(pose: XrayPose, local: _Local) -> Field:
    """Millimetres inside the roots, trunk included."""
    form = pose.form
    half, long = form.width / 2, max(form.root * pose.root_share, 0.5)
    down = np.clip(local.r / long, -0.2, 1.2)
    several = len(pose.roots) > 1
    base = {Kind.MOLAR: 0.80, Kind.PREMOLAR: 0.74}.get(form.kind, 0.70) - (0.04 if form.primary else 0.0)
    trunk_end = 2.2 if form.primary else 3.6
    inside = np.full(local.u.shape, -9.0, np.float32)
    for place, slant in pose.roots:
        width = (0.30 if several else base) * (1.0 - 0.55 * np.clip(down, 0, 1) ** 1.6)
        centre = place * (1.0 if several else 0.0) + slant * np.clip(down, 0, 1) ** 1.2
        side = (width - np.abs(local.u - centre - 0.10 * np.clip(down, 0, 1) ** 2 * -1)) * half
        tip = (1.0 - down) * long
        inside = np.maximum(inside, smooth_minimum(np.asarray(side, np.float32), np.asarray(tip, np.float32), 2.2))
    if several:
        trunk = (base - 0.03 * np.clip(local.r, 0, 4) - np.abs(local.u)) * half
        arch = trunk_end + 0.9 * np.abs(local.u / 0.4) ** 2 - local.r
        trunk = smooth_minimum(np.asarray(trunk, np.float32), np.asarray(arch, np.float32), 1.2)
        inside = smooth_maximum(inside, trunk, 1.0)
    return np.asarray(np.minimum(inside, local.r + 2.5), np.float32)


def _pulp(pose: XrayPose, local: _Local) -> Field:
    """Millimetres inside pulp chamber and canals: wide in the young and in primary teeth."""
    form = pose.form
    half = form.width / 2
    wide = 1.25 if form.primary else 1.0
    down = np.clip(local.r / max(form.root * pose.root_share, 0.5), 0.0, 1.0)
    canals = np.full(local.u.shape, -9.0, np.float32)
    for place, slant in pose.roots:
        centre = place * (1.0 if len(pose.roots) > 1 else 0.0) + slant * down**1.2 + 0.10 * down**2 * -1
        canal = (0.085 * wide * (1.0 - 0.75 * down) - np.abs(local.u - centre)) * half
        ends = np.minimum((0.97 - local.r / max(form.root * pose.root_share, 0.5)) * 9.0, local.r + 1.0)
        canals = np.maximum(canals, np.minimum(canal, ends))
    horn = 0.9 * (0.5 + 0.5 * np.cos(2 * np.pi * np.clip(local.u / 0.55, -1, 1))) if len(pose.roots) > 1 else 0.0
    breadth = (0.46 if len(pose.roots) > 1 else 0.16) * wide
    chamber = smooth_minimum(
        np.asarray((breadth - np.abs(local.u)) * half, np.float32),
        np.asarray(np.minimum(local.r + form.crown * 0.36 * wide - horn, 1.9 - local.r), np.float32),
        0.8,
    )
    return smooth_maximum(chamber, canals, 0.7)


def _with_condition(pose: XrayPose, local: _Local, attenuation: Field, outer: Field, rng: Generator) -> Field:
    """Decay takes mineral away, a filling puts metal or resin in its place."""
    state, form = pose.state, pose.form
    if state.condition not in (Condition.DECAY, Condition.FILLING):
        return attenuation
    for letter in state.surfaces:
        place = {"M": (0.88, 0.42), "D": (-0.88, 0.42), "O": (0.0, 0.74), "I": (0.0, 0.85)}.get(letter)
        if place is None:
            continue  # cheek and tongue sides lie in front of the whole crown and hardly show
        u, height = place
        across = (local.u - u) * form.width / 2
        along = local.r + height * form.crown
        ragged = 1.0 + 0.07 * fractal_noise((across.shape[0], across.shape[1]), 30.0, rng, 2)
        if state.condition is Condition.DECAY:
            hole = np.exp(-((np.hypot(across, along * 0.9) * ragged / (0.20 * form.width)) ** 2))
            attenuation = attenuation * (1.0 - 0.66 * smoothstep(0.05, 0.95, np.asarray(hole, np.float32)))
        else:
            deep = 2.4 if letter == "O" else 0.62 * form.crown
            wall = (0.24 if letter == "O" else 0.15) * form.width - np.abs(across) * ragged
            floor = np.asarray(deep - (local.r + form.crown), np.float32)
            body = smooth_minimum(smooth_minimum(np.asarray(wall, np.float32), floor, 0.8), outer + 0.05, 0.3)
            attenuation = np.maximum(attenuation, _METAL * smoothstep(-0.05, 0.12, body))
    return np.asarray(attenuation, np.float32)
