"""The mouth seen from the front or from one side, lips held away."""

import numpy as np

from cases.drawing.anatomy import Jaw, Kind, PlacedTooth, placed_jaw
from cases.drawing.crown_facial import FacialPose, draw_facial_crown
from cases.drawing.dentition import Dentition
from cases.drawing.gums import draw_facial_gum
from cases.drawing.mouth_frame import draw_cheeks, draw_lips_and_retractors
from cases.drawing.surface import Surface
from cases.drawing.texture import Streams

_CAMERA_MM = 170.0
# The camera's turn about the vertical: positive stands on the patient's right.
YAW = {"frontal": 0.0, "right": np.radians(58.0), "left": np.radians(-58.0)}


def draw_facial_scene(surface: Surface, view: str, dentition: Dentition, streams: Streams) -> None:
    """Paint a frontal, right or left view into the surface."""
    yaw = YAW[view]
    upper, lower = (placed_jaw(dentition, upper=up, streams=streams) for up in (True, False))
    centre = _centre(upper, yaw)
    pigment = max(0.0, streams.of("pigment").normal(-0.15, 0.4))
    draw_cheeks(surface, streams.of("cheeks"))
    jaws = [facial_poses(jaw, yaw, centre) for jaw in (lower, upper)]
    for poses, name in zip(jaws, ("lower gum", "upper gum"), strict=True):
        draw_facial_gum(surface, sorted(poses, key=lambda pose: pose.x), pigment, streams.of(name))
    for poses in jaws:
        # Far teeth first: a nearer one hides part of its neighbour.
        for pose in sorted(poses, key=lambda pose: pose.light):
            if pose.tooth.standing:
                draw_facial_crown(surface, pose, streams.of(pose.tooth.key))
    draw_lips_and_retractors(surface, rng=streams.of("lips"))


def facial_poses(jaw: Jaw, yaw: float, centre: float) -> list[FacialPose]:
    """Every tooth of the jaw whose outer side faces the camera, gaps included."""
    front = max(_depth(tooth, yaw) for tooth in jaw.teeth)
    poses = (_pose(tooth, yaw, centre, front) for tooth in jaw.teeth)
    return [pose for pose in poses if abs(pose.angle) < 1.25]


def _pose(tooth: PlacedTooth, yaw: float, centre: float, front: float) -> FacialPose:
    angle = tooth.facing + yaw
    behind = front - _depth(tooth, yaw)
    scale = _CAMERA_MM / (_CAMERA_MM + behind)
    form = tooth.form
    seen = form.width * max(np.cos(angle), 0.0) + 0.40 * form.depth * abs(np.sin(angle))
    away = 1.0 if tooth.upper else -1.0
    crown = form.crown * tooth.state.eruption
    overlap = 0.9 if form.kind in (Kind.INCISOR, Kind.CANINE) else 0.5
    edge = away * (form.crown - crown - overlap)
    across = tooth.x * np.cos(yaw) + tooth.z * np.sin(yaw)
    return FacialPose(
        tooth=tooth,
        x=float(across * scale) - centre,
        edge=edge * scale,
        half_width=float(seen * scale / 2),
        crown=crown * scale,
        away=away,
        mesial=-1.0 if tooth.on_left else 1.0,
        angle=float(angle + tooth.turn),
        light=float(np.exp(-behind / 26.0)) * (0.45 + 0.55 * float(np.cos(angle)) ** 0.5),
    )


def _depth(tooth: PlacedTooth, yaw: float) -> float:
    """How near the tooth stands to the camera, mm along its axis."""
    return float(-tooth.x * np.sin(yaw) + tooth.z * np.cos(yaw))


def _centre(upper: Jaw, yaw: float) -> float:
    """The picture's middle: the midline from the front, halfway between first incisor and last molar from the side."""
    if yaw == 0.0:
        return 0.0
    side = [tooth for tooth in upper.teeth if tooth.on_left == (yaw < 0)]
    across = [tooth.x * np.cos(yaw) + tooth.z * np.sin(yaw) for tooth in side]
    return float(min(across) + max(across)) / 2
