"""Two people looked at the same teeth: what each said, and where they differ. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol


class Marked(Protocol):
    """A mark on a tooth: a row, or a fact that was signed."""

    @property
    def tooth(self) -> str: ...
    @property
    def condition(self) -> str: ...
    @property
    def surfaces(self) -> str: ...
    @property
    def icdas(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Differences:
    """(tooth, condition) that stand in one layer only, and those that both have in another way."""

    only_one: frozenset[tuple[str, str]]
    only_other: frozenset[tuple[str, str]]
    otherwise: frozenset[tuple[str, str]]

    def __bool__(self) -> bool:
        return bool(self.only_one or self.only_other or self.otherwise)


def differences(one: Iterable[Marked], other: Iterable[Marked]) -> Differences:
    """Symmetric: exchanging the layers exchanges `only_one` and `only_other` and leaves `otherwise`."""
    left, right = _said(one), _said(other)
    both = left.keys() & right.keys()
    return Differences(
        frozenset(left.keys() - right.keys()),
        frozenset(right.keys() - left.keys()),
        frozenset(key for key in both if left[key] != right[key]),
    )


def differs(hygienist: Collection[Marked], dentist: Collection[Marked]) -> bool:
    """Whether the dentist sees a tooth differently: something else, or elsewhere. Silence of either is no difference."""
    if not hygienist or not dentist:
        return False
    found = differences(hygienist, dentist)
    return bool(found.only_other or found.otherwise)


def _said(marks: Iterable[Marked]) -> dict[tuple[str, str], tuple[frozenset[str], str]]:
    return {(mark.tooth, mark.condition): (frozenset(mark.surfaces), mark.icdas) for mark in marks}
