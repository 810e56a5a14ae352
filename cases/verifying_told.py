"""What the timeline of a case tells, for the checks that hold rows against it."""

from collections.abc import Iterable, Iterator

from cases.models import Case, CaseEvent


def told(case: Case, *kinds: str) -> list[CaseEvent]:
    """Events of these kinds, in their order."""
    return list(CaseEvent.objects.filter(case=case, kind__in=kinds).order_by("seq"))


def digests(events: Iterable[CaseEvent]) -> dict[str, CaseEvent]:
    return {event.details["digest"]: event for event in events if "digest" in event.details}


def gone(case: Case, noun: str, events: dict[str, CaseEvent], there: Iterable[str]) -> Iterator[str]:
    """What the timeline tells of, by digest, and no row holds any more."""
    left = set(there)
    for digest, event in events.items():
        if digest not in left:
            yield f"{case.label}: {noun} of {event.at:%Y-%m-%d %H:%M} UTC is gone, the timeline tells of it."
