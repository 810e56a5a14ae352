"""Diagnoses that findings speak for: one tap instead of a search. Pure; the dentist decides, and nothing is added by itself."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from cases import teeth
from cases.layers import Marked
from cases.models.finding import ABSENT, CARIES, Condition, Icdas

PIT, SMOOTH = {"enamel": "K02.51", "dentine": "K02.52"}, {"enamel": "K02.61", "dentine": "K02.62"}
_CHEWING = frozenset("O")
_SHALLOW = frozenset({Icdas.SOUND_OR_FIRST, Icdas.DISTINCT, Icdas.ENAMEL})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A code for a tooth, and the finding that speaks for it."""

    code: str
    tooth: str
    because: str


def suggestions(marks: Collection[Marked], chosen: Iterable[tuple[str, str]] = ()) -> tuple[Suggestion, ...]:
    """What the dentist's marks speak for, in their order, without what is chosen. Never on a tooth that is not there.

    `chosen` are (code, tooth). A tooth with a caries code has its caries named, whichever code it is.
    """
    absent = {mark.tooth for mark in marks if mark.condition in ABSENT}
    taken = {(_family(code), tooth) for code, tooth in chosen}
    found: dict[tuple[str, str], Suggestion] = {}
    for mark in marks:
        for one in _of(mark) if mark.tooth not in absent else ():
            key = (_family(one.code), one.tooth)
            if key not in taken:
                found.setdefault(key, one)
    return tuple(found.values())


def _family(code: str) -> str:
    """The three signs before the dot: one code of a family is enough for a tooth."""
    return code.partition(".")[0]


def _of(mark: Marked) -> Iterator[Suggestion]:
    if mark.condition in CARIES:
        yield Suggestion(_caries(mark), mark.tooth, _because(mark))
    elif mark.condition == Condition.BROKEN:
        yield Suggestion("K08.539", mark.tooth, "broken")
    elif mark.condition == Condition.PLAQUE:
        yield Suggestion("K03.6", "", "plaque")
    elif mark.condition == Condition.GUM_SWELLING:
        yield Suggestion("K05.10", "", "gum swelling")


def _caries(mark: Marked) -> str:
    """Where decides the family, how deep the code: a spot to watch is enamel, decay that nobody scored reaches dentine."""
    if not mark.surfaces:
        return "K02.9"
    table = PIT if _CHEWING & set(mark.surfaces) else SMOOTH
    if mark.icdas in _SHALLOW or (mark.condition != Condition.DECAY and mark.icdas in ("", Icdas.CANNOT_TELL)):
        return table["enamel"]
    return table["dentine"]


def _because(mark: Marked) -> str:
    where = " and ".join(teeth.SURFACES[letter] for letter in mark.surfaces)
    score = f", ICDAS {Icdas(mark.icdas).label.lower()}" if mark.icdas else ""
    return f"{Condition(mark.condition).label.lower()}{', ' + where if where else ''}{score}"
