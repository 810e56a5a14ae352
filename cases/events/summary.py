"""What became of a school day: its reconciliation by room and grade, and how many families took part. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from cases.events.standing import Agreed, Standing, Tally, tally

ANSWERED = frozenset({Agreed.GIVEN, Agreed.PARTLY, Agreed.REFUSED})  # what ran out was said for another year


class Counted(Protocol):
    """A child of the list, as far as she is counted."""

    @property
    def standing(self) -> Standing: ...
    @property
    def agreed(self) -> Agreed: ...
    @property
    def urgent(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Part:
    """A room, a grade or the whole: who stands where, whose families answered and agreed, who is urgent."""

    label: str
    tally: Tally
    answered: int
    agreed: int
    seen_of_agreed: int
    urgent: int


def part(label: str, children: Sequence[Counted]) -> Part:
    return Part(
        label=label,
        tally=tally(child.standing for child in children),
        answered=sum(child.agreed in ANSWERED for child in children),
        agreed=sum(child.agreed == Agreed.GIVEN for child in children),
        seen_of_agreed=sum(child.agreed == Agreed.GIVEN and child.standing == Standing.DONE for child in children),
        urgent=sum(child.urgent for child in children),
    )


Child = TypeVar("Child", bound=Counted)


def parts_by(children: Iterable[Child], label: Callable[[Child], str]) -> list[Part]:
    """A part for each label, in the order in which the labels come first."""
    groups: dict[str, list[Child]] = {}
    for child in children:
        groups.setdefault(label(child), []).append(child)
    return [part(name, group) for name, group in groups.items()]
