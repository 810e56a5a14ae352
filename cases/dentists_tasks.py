"""What another room asks of a dentist beside reading: a seam that billing fills, as `caution_through` is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from teledent.accounts.acting import Actor


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the reading room's list of tasks: what it is about, and where it is done."""

    icon: str
    name: str  # of the patient
    about: str  # numbers and place
    sentence: str
    address: str
    action: str


Asker = Callable[[Actor], Sequence[Task]]
_askers: list[Asker] = []


def ask_through(asker: Asker) -> None:
    """Let another room ask; filled by its `AppConfig.ready`. It answers with a fixed number of queries."""
    if asker not in _askers:
        _askers.append(asker)


def tasks_for(actor: Actor) -> list[Task]:
    return [task for asker in _askers for task in asker(actor)]
