"""Second reads and their settlements against what was signed and what the timeline tells."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from cases.models import Case, CaseEvent, SecondRead, Settlement
from cases.second import opinion, settled_content
from cases.verifying_told import digests, gone, told
from teledent.kit import canonical

Asking = tuple[datetime, int | None, str]


def second_misfits(case: Case) -> Iterator[str]:
    events = told(
        case,
        "second_read_asked",
        "second_read_taken_back",
        "second_read_signed",
        "second_read_differs",
        "second_read_settled",
    )
    by_kind = {kind: [event for event in events if event.kind == f"second_read_{kind}"] for kind in _KINDS}
    reads = list(case.second_reads.select_related("submission", "reader"))
    settlements = list(Settlement.objects.filter(second_read__case=case).select_related("second_read"))
    yield from _asked(case, _still_asked(by_kind["asked"], by_kind["taken_back"]), reads)
    yield from _signed(case, digests(by_kind["signed"]), reads)
    yield from _differing(case, by_kind["differs"], reads)
    yield from _settled(case, digests(by_kind["settled"]), settlements)


_KINDS = ("asked", "taken_back", "signed", "differs", "settled")


def _still_asked(asked: Iterable[CaseEvent], taken_back: Iterable[CaseEvent]) -> Iterator[CaseEvent]:
    gone_again = [(event.details["asked_at"], event.details["question"]) for event in taken_back]
    return (event for event in asked if (event.at.isoformat(), event.details["question"]) not in gone_again)


def _asked(case: Case, events: Iterable[CaseEvent], reads: Iterable[SecondRead]) -> Iterator[str]:
    """The row of each asking is there, with its person, moment and question; no row comes from nowhere."""
    asked: Counter[Asking] = Counter((event.at, event.person_id, event.details["question"]) for event in events)
    there: Counter[Asking] = Counter((read.asked_at, read.asked_by_id, read.question) for read in reads)
    for at, _, question in asked - there:
        yield f"{case.label}: the second read asked for at {at:%Y-%m-%d %H:%M} UTC (“{question}”) is gone or was changed."
    for at, _, question in there - asked:
        yield f"{case.label}: the timeline tells of no second read asked for at {at:%Y-%m-%d %H:%M} UTC (“{question}”)."


def _signed(case: Case, events: dict[str, CaseEvent], reads: Iterable[SecondRead]) -> Iterator[str]:
    signed = [read for read in reads if read.signed_at is not None]
    yield from gone(case, "the second read signed", events, [read.digest for read in signed])
    for read in signed:
        if read.digest not in events or not _says_what_was_signed(read, events[read.digest]):
            yield f"{case.label}: the second read of {read.person_name} was changed after it was signed."


def _says_what_was_signed(read: SecondRead, event: CaseEvent) -> bool:
    now = {
        "submission": {"version": read.submission.version, "digest": read.submission.digest},
        "question": read.question,
        "opinion": opinion(read),
        "person": read.person_name,
        "licence": read.licence,
    }
    frozen = canonical.sha256_of(read.content) == read.digest
    signer = (read.reader_id, read.signed_at) == (event.person_id, event.at)
    return frozen and signer and {key: read.content.get(key) for key in now} == now


def _differing(case: Case, events: Iterable[CaseEvent], reads: Iterable[SecondRead]) -> Iterator[str]:
    found = Counter((event.at, event.details["in"]) for event in events)
    there = Counter((read.differs_at, read.differs_in) for read in reads if read.differs_at or read.differs_in)
    if found != there:
        yield f"{case.label}: what a second read differs in is not what the timeline tells."


def _settled(case: Case, events: dict[str, CaseEvent], settlements: Iterable[Settlement]) -> Iterator[str]:
    yield from gone(case, "the settlement", events, [row.digest for row in settlements])
    for row in settlements:
        event = events.get(row.digest)
        content = canonical.sha256_of(settled_content(row, row.second_read))
        if event is None or content != row.digest or event.person_id != row.person_id:
            yield f"{case.label}: the settlement of {row.person_name} was changed after it was written."
