"""Which teeth fall on the sensor, and where."""

from dataclasses import replace

from cases.drawing.anatomy import form_of
from cases.drawing.dentition import Condition, Dentition, ToothState, milestones
from cases.drawing.texture import Streams
from cases.drawing.xray_tooth import XrayPose


def bitewing_rows(dentition: Dentition, *, on_left: bool, streams: Streams) -> list[list[XrayPose]]:
    """Upper and lower posterior teeth of one side, biting together; unerupted successors between the roots."""
    rows = []
    for upper in (True, False):
        away = 1.0 if upper else -1.0
        quadrant = (2 if upper else 3) if on_left else (1 if upper else 4)
        poses = quadrant_row(dentition, quadrant, away=away, bite=-0.35 * away, streams=streams)
        middle = _middle(poses)
        rows.append([replace(pose, x=pose.x - middle) for pose in poses])
    return rows


def periapical_row(dentition: Dentition, tooth: str, streams: Streams) -> list[XrayPose]:
    """The teeth around `tooth`, whole roots on the sensor."""
    upper = tooth[0] in "1256"
    away = 1.0 if upper else -1.0
    right, left = (1, 2) if upper else (4, 3)
    poses: list[XrayPose] = []
    for quadrant in (right, left):
        poses += quadrant_row(dentition, quadrant, away=away, bite=-11.5 * away, streams=streams)
    centre = next((pose.x for pose in poses if pose.key == tooth), 0.0)
    return [replace(pose, x=pose.x - centre) for pose in poses if abs(pose.x - centre) < 16.0]


def quadrant_row(dentition: Dentition, quadrant: int, *, away: float, bite: float, streams: Streams) -> list[XrayPose]:
    """One quadrant side by side from the midline (x = 0) outwards, the patient's left to the right."""
    side = 1.0 if quadrant in (2, 3) else -1.0
    poses: list[XrayPose] = []
    reached = 0.0
    for place, key in sorted(dentition.quadrant(quadrant).items()):
        form, state, rng = form_of(key), dentition.teeth[key], streams.of(f"set of {key}")
        x = side * (reached + form.width / 2)
        reached += form.width * 0.985
        sunk = (1.0 - state.eruption) * form.crown
        pose = XrayPose(
            key=key,
            form=form,
            state=state,
            x=x,
            neck=bite + away * (form.crown + sunk + rng.normal(0.0, 0.12)),
            away=away,
            mesial=-side,
            tilt=side * away * -0.03 * place / 5 + rng.normal(0.0, 0.02),
            root_share=_root_share(quadrant, place, key, dentition.age_years),
        )
        if state.condition is not Condition.MISSING:
            poses.append(pose)
        poses += _successor(pose, quadrant, place, dentition.age_years)
    return poses


def _root_share(quadrant: int, place: int, key: str, age_years: float) -> float:
    """How much of the root stands: primary ones dissolve before they are shed, permanent ones grow for three years."""
    when = milestones(quadrant)[place]
    if key[0] in "5678":
        return float(min(1.0, max(0.35, 0.35 + (when.shed - age_years) / 5.0)))
    return float(min(1.0, max(0.3, 0.6 + (age_years - when.erupts) / 7.0)))


def _successor(pose: XrayPose, quadrant: int, place: int, age_years: float) -> list[XrayPose]:
    """The permanent tooth that waits under a primary one, its crown first."""
    primary = pose.key[0] in "5678"
    growing = age_years < milestones(quadrant)[place].erupts + 0.5
    if not primary and not (pose.state.condition is Condition.MISSING and growing):
        return []
    key = f"{quadrant}{place}"
    form = form_of(key)
    wait = max(milestones(quadrant)[place].erupts - age_years, 0.0)
    depth = form.crown + 1.2 + 1.5 * wait
    grown = float(min(0.5, max(0.05, 0.5 - 0.12 * wait)))
    return [
        replace(
            pose,
            key=key,
            form=form,
            state=ToothState(),
            buried=True,
            neck=pose.neck + pose.away * depth,
            root_share=grown,
        )
    ]


def _middle(poses: list[XrayPose]) -> float:
    """Where the picture's middle lies: on the last premolar or primary molar, behind it once second molars stand."""
    near = [pose for pose in poses if pose.key[1] == "5"]
    pose = near[0] if near else poses[-1]
    share = -1.0 if any(other.key[1] == "7" for other in poses) else 0.2
    return pose.x + share * pose.mesial * pose.form.width / 2
