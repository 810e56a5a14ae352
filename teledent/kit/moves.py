"""Tables of moves: the shape that `cases.states` and `billing.states` share."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Move:
    """One permitted change of status. `owner` names in words who may make it; `target` None keeps the status."""

    name: str
    sources: frozenset[str]
    target: str
    owner: str


def move(name: str, sources: Iterable[str], target: str, owner: str) -> Move:
    return Move(name, frozenset(sources), target, owner)


def by_name(moves: Iterable[Move]) -> dict[str, Move]:
    """The table keyed by name; a name used twice is a mistake in the table."""
    table: dict[str, Move] = {}
    for entry in moves:
        if entry.name in table:
            raise ValueError(f"Move {entry.name!r} stands twice in the table.")
        table[entry.name] = entry
    return table


def as_mermaid(moves: Iterable[Move], *, initial: str) -> str:
    """The table as a mermaid state diagram, one arrow a source, in the table's own order."""
    arrows = [f"    [*] --> {initial}"]
    for entry in moves:
        arrows += [f"    {source} --> {entry.target}: {entry.name}" for source in sorted(entry.sources)]
    return "\n".join(["stateDiagram-v2", *arrows]) + "\n"
