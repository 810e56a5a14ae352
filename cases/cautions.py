"""What another room warns of before a dentist starts a case: a seam that billing fills, as `after_move` is (never a refusal)."""

from collections.abc import Callable, Sequence
from datetime import datetime

from cases.models import Case
from teledent.accounts.models import Person

Caution = Callable[[Person, Sequence[Case], datetime], dict[int, str]]
_cautions: list[Caution] = []


def caution_through(caution: Caution) -> None:
    """Let another room warn; filled by its `AppConfig.ready`. It answers for many cases with a fixed number of queries."""
    if caution not in _cautions:
        _cautions.append(caution)


def cautions_for(person: Person, cases: Sequence[Case], *, at: datetime) -> dict[int, str]:
    """Sentences by the primary key of the case, for those that have one."""
    found: dict[int, str] = {}
    for caution in _cautions:
        found |= caution(person, cases, at)
    return found
