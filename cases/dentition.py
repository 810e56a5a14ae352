"""Which teeth stand in a mouth: what age makes likely, and what was seen of it instead. Pure.

Ages are round numbers of ordinary eruption. They only decide what the chart shows first; nothing that nobody said is
signed.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from cases import teeth
from cases.layers import Marked
from cases.models.finding import ABSENT, PRESENCE, Condition

_PERMANENT = {  # years at eruption by position: upper, lower
    "1": (7.5, 6.5), "2": (8.5, 7.5), "3": (11.5, 10), "4": (10.5, 10.5), "5": (11, 11.5), "6": (6.25, 6.25), "7": (12.5, 12),
    "8": (18, 18),
}  # fmt: skip
_PRIMARY = {"A": 0.8, "B": 1, "C": 1.6, "D": 1.4, "E": 2.4}
SUCCESSOR = dict(zip(teeth.PRIMARY, "12345", strict=True))
_YEAR = 365.2425
Marks = Mapping[str, Collection[str]]  # key -> conditions said of that tooth


def age_in_years(born: date, day: date) -> float:
    return max(0.0, (day - born).days / _YEAR)


def expected(key: str, age: float) -> Condition:
    """What is likely of a tooth at this age; a supernumerary tooth is never expected."""
    if teeth.is_extra(key):
        return Condition.MISSING
    if not teeth.is_primary(key):
        return Condition.PRESENT if age >= _erupts(key) else Condition.UNERUPTED
    if age >= _erupts(key[:2] + SUCCESSOR[key[2]]):
        return Condition.EXFOLIATED
    return Condition.PRESENT if age >= _PRIMARY[key[2]] else Condition.UNERUPTED


def _erupts(key: str) -> float:
    return _PERMANENT[key[2]][0 if key[0] == "U" else 1]


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the arch with the teeth that show there, the main one first."""

    key: str  # of its permanent tooth
    teeth: tuple[tuple[str, Condition], ...]


def place_of(key: str) -> str:
    """The permanent key of the place where a tooth stands: 'LLD' and 'LL4S' are at 'LL4'."""
    return key[:2] + SUCCESSOR.get(key[2], key[2])


def at_place(place: str) -> tuple[str, ...]:
    """Every tooth that can stand at a place: permanent, primary, and a supernumerary beside each."""
    primary = [place[:2] + letter for letter, number in SUCCESSOR.items() if number == place[2]]
    return tuple(key for one in (place, *primary) for key in (one, f"{one}S"))


def places(age: float, marks: Marks) -> tuple[Place, ...]:
    """The whole mouth, 32 places from the upper right third molar clockwise."""
    ordered = sorted((key for key in teeth.universal_by_key() if len(key) == 3 and key[2] in teeth.PERMANENT),
                     key=lambda key: int(teeth.universal(key)))  # fmt: skip
    return tuple(_place(key, age, marks) for key in ordered)


def _place(place: str, age: float, marks: Marks) -> Place:
    states = {key: _state(key, age, marks) for key in at_place(place)}
    shown = tuple((key, state) for key, state in states.items() if marks.get(key) or state not in ABSENT)
    # nothing there: the place of the permanent tooth, not erupted
    return Place(place, shown or ((place, states[place]),))


def _state(key: str, age: float, marks: Marks) -> Condition:
    said = [Condition(one) for one in marks.get(key, ()) if one in PRESENCE]
    if said:
        return said[0]
    if marks.get(key):  # decay on a tooth says that it is there
        return Condition.PRESENT
    likely = expected(key, age)
    rival = next((other for other in at_place(place_of(key)) if other != key and not teeth.is_extra(other)), None)
    if likely is Condition.PRESENT and rival and not teeth.is_extra(key) and _is_there(marks.get(rival, ())):
        return Condition.EXFOLIATED if teeth.is_primary(key) else Condition.UNERUPTED
    return likely


def _is_there(said: Collection[str]) -> bool:
    """Whether what was said of a tooth means that it stands in the mouth."""
    return bool(said) and not any(one in ABSENT for one in said)


def missing_teeth(hygienist: Iterable[Marked], dentist: Iterable[Marked]) -> set[str]:
    """Keys of the teeth that are missing; the dentist's word on a tooth stands above the hygienist's."""
    said = {mark.tooth: mark.condition for mark in (*hygienist, *dentist) if mark.condition in PRESENCE}
    return {tooth for tooth, condition in said.items() if condition == Condition.MISSING}
