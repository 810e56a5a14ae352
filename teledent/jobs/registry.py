"""The kinds of background work. Apps register theirs with `@job` when Django is ready.

The one idea: a job function does the slow part outside any transaction and returns an *effect*, a function that only
writes rows. The effect runs in one transaction together with marking the job done, under the owner and fence of this
very claim. So the effect happens exactly once: a worker that lost its lease finds the row taken and rolls back.

    @job("cases.examine_asset", heavy=True, on_parked=set_aside)
    def examine_asset(*, asset_id: int, **_: object) -> Effect | None:
        found = in_child("cases.imaging.process:process_file", path=...)     # slow, no transaction
        return partial(write_findings, asset_id=asset_id, found=found)       # rows only

`**_` lets an older worker take a job of a newer release. `None` means nothing to write (the row it names is gone).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

Effect = Callable[[], None]
JobFunction = Callable[..., Effect | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """`heavy` kinds decode or lay out: the embedded worker runs them in a lane of their own, so they delay nobody."""

    name: str
    run: JobFunction
    heavy: bool
    schedule: timedelta | None
    on_parked: Callable[..., None] | None  # called with the ids, inside the transaction that parks the job


_kinds: dict[str, Kind] = {}


def job(
    name: str,
    *,
    heavy: bool = False,
    schedule: timedelta | None = None,
    on_parked: Callable[..., None] | None = None,
) -> Callable[[JobFunction], JobFunction]:
    """Register a function as the kind `name`; with `schedule` it also runs by itself, that far apart, without ids."""

    def register(function: JobFunction) -> JobFunction:
        known = _kinds.get(name)
        if known is not None and known.run is not function:
            raise ValueError(f"Two functions claim the job kind {name!r}.")
        _kinds[name] = Kind(name, function, heavy, schedule, on_parked)
        return function

    return register


def find(name: str) -> Kind | None:
    return _kinds.get(name)


def names(*, heavy: bool | None = None) -> list[str]:
    """Registered names; only heavy or only light ones when asked."""
    return [kind.name for kind in _kinds.values() if heavy is None or kind.heavy == heavy]


def scheduled() -> dict[str, timedelta]:
    return {kind.name: kind.schedule for kind in _kinds.values() if kind.schedule is not None}


def forget(name: str) -> None:
    """Take a kind out again; for tests that register their own."""
    _kinds.pop(name, None)
