"""Sizes of teeth and the two dental arches, in millimetres.

The mouth's axes: X to the patient's left, Z forward out of the mouth, Y up; the occlusal plane is Y = 0.
Sizes are rounded means as dental anatomy texts print them.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from cases.drawing.dentition import Condition, Dentition, ToothState
from cases.drawing.texture import Field, Streams


class Kind(StrEnum):
    INCISOR = "incisor"
    CANINE = "canine"
    PREMOLAR = "premolar"
    MOLAR = "molar"


@dataclass(frozen=True)
class ToothForm:
    """A tooth's size: width mesial to distal, crown height, depth buccal to lingual, root length (mm)."""

    kind: Kind
    width: float
    crown: float
    depth: float
    root: float
    primary: bool = False


def _forms(rows: str, *, primary: bool) -> dict[int, ToothForm]:
    forms = {}
    for row in rows.split(";"):
        place, kind, *sizes = row.split()
        width, crown, depth, root = (float(size) for size in sizes)
        forms[int(place)] = ToothForm(Kind(kind), width, crown, depth, root, primary)
    return forms


_UPPER_PERMANENT = _forms(
    "1 incisor 8.6 10.2 7.0 13; 2 incisor 6.6 9.0 6.0 13; 3 canine 7.6 10.0 8.0 17; 4 premolar 7.1 8.4 9.0 14;"
    "5 premolar 6.8 8.0 9.0 14; 6 molar 10.2 7.3 11.0 13; 7 molar 9.4 7.0 11.0 12; 8 molar 8.5 6.5 10.0 11",
    primary=False,
)
_LOWER_PERMANENT = _forms(
    "1 incisor 5.2 9.0 6.0 12.5; 2 incisor 5.8 9.3 6.4 14; 3 canine 6.9 10.4 7.6 16; 4 premolar 7.0 8.5 7.6 14;"
    "5 premolar 7.1 8.0 8.2 14.5; 6 molar 11.0 7.4 10.4 14; 7 molar 10.4 7.0 10.0 13; 8 molar 10.0 7.0 9.5 11",
    primary=False,
)
_UPPER_PRIMARY = _forms(
    "1 incisor 6.5 6.0 5.0 10; 2 incisor 5.2 5.6 4.2 10; 3 canine 6.9 6.5 7.0 12; 4 molar 7.3 5.2 8.4 9;"
    "5 molar 8.8 5.8 9.8 10",
    primary=True,
)
_LOWER_PRIMARY = _forms(
    "1 incisor 4.2 5.2 4.0 9; 2 incisor 4.4 5.4 4.2 9.5; 3 canine 5.4 6.2 5.0 11; 4 molar 7.9 5.8 7.0 9;"
    "5 molar 9.9 5.8 8.8 10",
    primary=True,
)


def form_of(key: str) -> ToothForm:
    """The size of the tooth with this FDI number."""
    upper = key[0] in "1256"
    if key[0] in "5678":
        return (_UPPER_PRIMARY if upper else _LOWER_PRIMARY)[int(key[1])]
    return (_UPPER_PERMANENT if upper else _LOWER_PERMANENT)[int(key[1])]


@dataclass(frozen=True)
class Arch:
    """The curve on which a jaw's teeth stand, sampled densely from the patient's right end to the left.

    `arc` is the signed length from the midline, `facing` the angle of the outward normal (0 forward, positive left).
    """

    arc: Field
    x: Field
    z: Field
    facing: Field

    def at(self, arc: float) -> tuple[float, float, float]:
        """(x, z, facing) at a signed length from the midline."""
        return (
            float(np.interp(arc, self.arc, self.x)),
            float(np.interp(arc, self.arc, self.z)),
            float(np.interp(arc, self.arc, self.facing)),
        )


@dataclass(frozen=True)
class PlacedTooth:
    """A tooth on its arch. `tilt` and `turn` are the small irregularities (radians) that no mouth is without."""

    key: str
    state: ToothState
    form: ToothForm
    upper: bool
    arc: float
    x: float
    z: float
    facing: float
    tilt: float
    turn: float

    @property
    def on_left(self) -> bool:
        """True on the patient's left."""
        return self.arc > 0

    @property
    def standing(self) -> bool:
        return self.state.condition is not Condition.MISSING


@dataclass(frozen=True)
class Jaw:
    """An arch and every tooth or gap on it, from the patient's right to the left."""

    upper: bool
    arch: Arch
    teeth: tuple[PlacedTooth, ...]


def arch_for(*, upper: bool, age_years: float) -> Arch:
    """Half a slightly squared ellipse, as wide and deep as the jaw at that age."""
    growth = float(np.clip(0.88 + 0.012 * (age_years - 5.0), 0.86, 1.0))
    half_width, depth = (29.0, 41.0) if upper else (27.0, 38.5)
    t = np.linspace(-2.0, 2.0, 800)
    x = half_width * growth * np.sign(t) * np.abs(np.sin(t)) ** 0.90
    z = depth * growth * np.sign(np.cos(t)) * np.abs(np.cos(t)) ** 0.95
    steps = np.hypot(np.diff(x), np.diff(z))
    arc = np.concatenate([[0.0], np.cumsum(steps)]) - steps[:400].sum() + steps[399] / 2
    facing = np.arctan2(-np.gradient(z), np.gradient(x))
    return Arch(*(np.asarray(a, np.float32) for a in (arc, x, z, facing)))


def placed_jaw(dentition: Dentition, *, upper: bool, streams: Streams) -> Jaw:
    """Every tooth and gap of one jaw, set side by side on its arch."""
    arch = arch_for(upper=upper, age_years=dentition.age_years)
    right, left = (1, 2) if upper else (4, 3)
    teeth: list[PlacedTooth] = []
    for quadrant, side in ((right, -1.0), (left, 1.0)):
        reached = 0.0
        for _, key in sorted(dentition.quadrant(quadrant).items()):
            form = form_of(key)
            arc = side * (reached + form.width / 2)
            # Primary incisors stand a little apart; later the contacts close.
            reached += form.width * (1.05 if form.primary and int(key[1]) <= 3 else 0.995)
            x, z, facing = arch.at(arc)
            rng = streams.of(f"set of {key}")
            tilt, turn = rng.normal(0.0, 0.025), rng.normal(0.0, 0.05)
            teeth.append(PlacedTooth(key, dentition.teeth[key], form, upper, arc, x, z, facing, tilt, turn))
    return Jaw(upper, arch, tuple(sorted(teeth, key=lambda tooth: tooth.arc)))
