"""Teeth by a system-neutral key, and the systems people read and claims carry.

A key is quadrant + position from the midline: UR6 is a permanent, URD a primary tooth; a supernumerary tooth beside
either ends in S (UR3S, URDS). Universal "51" and FDI "51" are different teeth; keys never collide.
"""

from functools import cache

QUADRANTS = ("UR", "UL", "LL", "LR")
PERMANENT = "12345678"
PRIMARY = "ABCDE"
SURFACES = {"M": "mesial", "O": "occlusal", "D": "distal", "B": "buccal", "L": "lingual", "I": "incisal", "F": "facial"}
_NAMES = {
    **dict(zip(PERMANENT, ("central incisor", "lateral incisor", "canine", "first premolar", "second premolar",
                           "first molar", "second molar", "third molar"), strict=True)),
    **dict(zip(PRIMARY, ("central incisor", "lateral incisor", "canine", "first molar", "second molar"), strict=True)),
}  # fmt: skip
NUMBERINGS = {"universal": "Universal", "fdi": "FDI", "palmer": "Palmer"}  # Palmer reads as the neutral key: UR6, URE
EXAMPLES = {"universal": "1 to 32 or A to T", "fdi": "11 to 48 or 51 to 85", "palmer": "UR1 to LR8 or URA to LRE"}
_SIDES = {"UR": "upper right", "UL": "upper left", "LL": "lower left", "LR": "lower right"}


@cache
def universal_by_key() -> dict[str, str]:
    """Key to Universal: permanent 1-32 clockwise from the upper right third molar, primary A-T; supernumerary +50 or S."""
    table: dict[str, str] = {}
    for positions, labels in ((PERMANENT, [str(n) for n in range(1, 33)]), (PRIMARY, list("ABCDEFGHIJKLMNOPQRST"))):
        for number, quadrant in enumerate(QUADRANTS):
            # odd quadrants are walked from the midline outwards, even ones towards it
            walk = positions if number % 2 else positions[::-1]
            for place, position in enumerate(walk):
                label = labels[number * len(positions) + place]
                table[quadrant + position] = label
                table[quadrant + position + "S"] = str(int(label) + 50) if label.isdigit() else label + "S"
    return table


@cache
def key_by_universal() -> dict[str, str]:
    return {label: key for key, label in universal_by_key().items()}


def is_key(text: str) -> bool:
    return text in universal_by_key()


def is_primary(key: str) -> bool:
    return key[2] in PRIMARY


def universal(key: str) -> str:
    """'UR6' -> '3', 'LLD' -> 'L', 'UR8S' -> '51' (claims take only this system)."""
    return universal_by_key()[key]


def from_universal(label: str) -> str | None:
    """'3' -> 'UR6', 'l' -> 'LLD'; None for anything that is no tooth."""
    return key_by_universal().get(label.strip().upper())


def fdi(key: str) -> str:
    """'UR6' -> '16', 'LLD' -> '74'. Supernumerary teeth have no FDI number and keep the neighbour's with an S."""
    primary = is_primary(key)
    quadrant = QUADRANTS.index(key[:2]) + (5 if primary else 1)
    position = PRIMARY.index(key[2]) + 1 if primary else int(key[2])
    return f"{quadrant}{position}{key[3:]}"


def label(key: str, numbering: str = "universal") -> str:
    """The tooth as a reader of `numbering` calls it."""
    return _labels(numbering)[key]


def read(text: str, numbering: str = "universal") -> str | None:
    """The key of a tooth written in `numbering`, or as its key; None for anything else.

    "51" is one tooth in Universal and another in FDI, so the system is never guessed. A key is a label of neither.
    """
    said = text.strip().upper()
    return said if is_key(said) else _keys(numbering).get(said)


@cache
def _labels(numbering: str) -> dict[str, str]:
    keys = universal_by_key()
    return {"universal": keys, "fdi": {key: fdi(key) for key in keys}, "palmer": {key: key for key in keys}}[numbering]


@cache
def _keys(numbering: str) -> dict[str, str]:
    return {shown: key for key, shown in _labels(numbering).items()}


def is_extra(key: str) -> bool:
    """Whether this is a supernumerary tooth beside another."""
    return key.endswith("S")


def is_front(key: str) -> bool:
    """Incisors and canines: an edge and a facial surface where back teeth have an occlusal and a buccal one."""
    return key[2] in "123ABC"


def surfaces_of(key: str) -> str:
    """The five surfaces that this tooth has, in the order in which they are said."""
    return "MIDFL" if is_front(key) else "MODBL"


def name(key: str) -> str:
    """'LLD' -> 'lower left primary first molar'."""
    extra = "supernumerary beside " if key.endswith("S") else ""
    return f"{extra}{_SIDES[key[:2]]} {'primary ' if is_primary(key) else ''}{_NAMES[key[2]]}"
