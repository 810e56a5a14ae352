"""Which teeth stand in an invented mouth, and in what state.

Teeth are named by their FDI (ISO 3950) number as text: "11" to "48" permanent, "51" to "85" primary.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from numpy.random import Generator


class Condition(StrEnum):
    """What a drawn tooth shows."""

    SOUND = "sound"
    DECAY = "decay"
    SEALANT = "sealant"
    FILLING = "filling"
    STAIN = "stain"
    MISSING = "missing"
    ERUPTING = "erupting"


@dataclass(frozen=True)
class ToothState:
    """One tooth's condition; `surfaces` are letters of M, O, D, B, L, I where the condition has a place."""

    condition: Condition = Condition.SOUND
    surfaces: str = ""

    @property
    def eruption(self) -> float:
        """How much of the crown stands out of the gum, 0 to 1."""
        return 0.5 if self.condition is Condition.ERUPTING else 1.0


@dataclass(frozen=True)
class Dentition:
    """The teeth of one mouth at one age. Every place in the row has one key; a gap is a MISSING tooth."""

    age_years: float
    teeth: Mapping[str, ToothState]

    def marked(self, key: str, condition: Condition, surfaces: str = "") -> "Dentition":
        """A copy with the tooth `key` in another condition. KeyError where no such tooth has its place."""
        if key not in self.teeth:
            raise KeyError(f"tooth {key} has no place in this mouth")
        if set(surfaces) - set("MODBLI"):
            raise ValueError(f"surfaces are letters of MODBLI, not {surfaces!r}")
        teeth = {**self.teeth, key: ToothState(condition, surfaces)}
        return replace(self, teeth=MappingProxyType(teeth))

    def quadrant(self, quadrant: int) -> dict[int, str]:
        """Place (1 central incisor to 8) to tooth key for quadrant 1 to 4, permanent or primary."""
        wanted = (str(quadrant), str(quadrant + 4))
        return {int(key[1]): key for key in self.teeth if key[0] in wanted}


@dataclass(frozen=True)
class _Milestones:
    """Mean ages in years at which a place loses its primary tooth and shows its permanent one."""

    shed: float
    erupts: float


# Means of the usual eruption charts, rounded; both jaws differ mostly in the front teeth.
_UPPER = {
    1: _Milestones(6.9, 7.2),
    2: _Milestones(7.9, 8.2),
    3: _Milestones(11.1, 11.3),
    4: _Milestones(10.4, 10.6),
    5: _Milestones(11.1, 11.3),
    6: _Milestones(0.0, 6.4),
    7: _Milestones(0.0, 12.3),
    8: _Milestones(0.0, 19.0),
}
_LOWER = {
    1: _Milestones(6.0, 6.3),
    2: _Milestones(7.2, 7.4),
    3: _Milestones(9.9, 10.1),
    4: _Milestones(10.3, 10.5),
    5: _Milestones(11.2, 11.4),
    6: _Milestones(0.0, 6.2),
    7: _Milestones(0.0, 11.9),
    8: _Milestones(0.0, 19.0),
}
_ERUPTION_YEARS = 0.45


def milestones(quadrant: int) -> Mapping[int, _Milestones]:
    """The eruption table of a permanent quadrant 1 to 4, by place."""
    return _UPPER if quadrant in (1, 2) else _LOWER


def dentition_for(age_years: float, rng: Generator) -> Dentition:
    """An ordinary mouth of that age (3 and up), all present teeth sound or erupting.

    Children differ by some months from the mean, their two sides by weeks. Wisdom teeth are left out.
    """
    if age_years < 3:
        raise ValueError("a dentition is drawn from 3 years of age")
    maturity = age_years + rng.normal(0.0, 0.35)
    teeth: dict[str, ToothState] = {}
    for quadrant in (1, 2, 3, 4):
        for place, when in milestones(quadrant).items():
            occupant = _occupant(quadrant, place, when, maturity + rng.normal(0.0, 0.08))
            if place < 8 and occupant is not None:
                key, condition = occupant
                teeth[key] = ToothState(condition)
    return Dentition(age_years=age_years, teeth=MappingProxyType(teeth))


def _occupant(quadrant: int, place: int, when: _Milestones, maturity: float) -> tuple[str, Condition] | None:
    permanent, primary = f"{quadrant}{place}", f"{quadrant + 4}{place}"
    if maturity >= when.erupts + _ERUPTION_YEARS:
        return permanent, Condition.SOUND
    if maturity >= when.erupts:
        return permanent, Condition.ERUPTING
    if place > 5:
        return None
    return (primary, Condition.SOUND) if maturity < when.shed else (permanent, Condition.MISSING)
