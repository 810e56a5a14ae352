"""What schools and families write of insurance is heard by the money half, which the clinical half does not know."""

from collections.abc import Callable, Mapping
from datetime import datetime

from teledent.accounts.acting import Actor

Said = Mapping[int, Mapping[str, str]]  # by patient key, columns of `cases.events.columns.INSURANCE`
Hears = Callable[[Actor, Said, datetime], None]
_hear: list[Hears] = []


def hear_of_insurance(function: Hears) -> None:
    """Let another room hear; filled by its `AppConfig.ready`."""
    if function not in _hear:
        _hear.append(function)


def tell_of_insurance(actor: Actor, said: Said, at: datetime) -> None:
    """Only inside the transaction that keeps where it was said."""
    for hears in _hear:
        hears(actor, said, at)
