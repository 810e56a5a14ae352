"""X12 back to transaction sets: files as they really arrive, streamed, one segment at a time.

A file holds one or more interchanges; `arriving` turns it into segments and says what is tolerated. Not tolerated is
what could hide lost money: a transaction set that is cut off or has a segment of impossible length, counts and numbers
of SE, GE and IEA that disagree with what was read, a transaction set outside any readable interchange. Each is said with
the number of its segment; its neighbours are still read.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import BinaryIO

from billing.x12.arriving import LOST, BrokenEdiError, Numbered, element, read_segments

__all__ = ["BrokenEdiError", "Envelope", "Numbered", "TransactionSet", "element", "read_sets"]

ENVELOPE = frozenset({"ISA", "GS", "ST", "SE", "GE", "IEA", LOST})


@dataclass(frozen=True, slots=True)
class Envelope:
    """ISA and GS around a transaction set, as sent, without outer blanks."""

    sender_id: str  # ISA06
    receiver_id: str  # ISA08
    control_number: str  # ISA13
    usage: str  # ISA15: T or P
    component: str  # ISA16: what parts the components of a composite
    group_number: str = ""  # GS06
    version: str = ""  # GS08


@dataclass(frozen=True, slots=True)
class TransactionSet:
    """One ST to SE, or a lone TA1. `body` yields the segments between and raises BrokenEdiError; read it or leave it."""

    kind: str  # ST01, or "TA1"
    number: int  # of the segment that opens it
    version: str  # ST03, else GS08
    envelope: Envelope
    body: Iterator[Numbered]


def read_sets(stream: BinaryIO) -> Iterator[TransactionSet | BrokenEdiError]:
    """Every transaction set of the file in its order, and a BrokenEdiError where an envelope is broken.

    Constant memory: a body is read off the stream; what the caller leaves of it is skipped before the next.
    Raises BrokenEdiError when nothing in the file is an interchange.
    """
    segments = _Segments(read_segments(stream))
    for number, segment in segments:
        if segment[0] == LOST:
            yield BrokenEdiError(number, segment[1])
        else:  # read_segments begins each interchange with ISA
            yield from _Interchange(number, segment, segments).read()


class _Segments:
    """Segments with one step back."""

    def __init__(self, ahead: Iterator[Numbered]) -> None:
        self.ahead = ahead  # straight at the source, while nothing was put back
        self._again: Numbered | None = None

    def put_back(self, numbered: Numbered) -> None:
        self._again = numbered

    def __iter__(self) -> Iterator[Numbered]:
        return self

    def __next__(self) -> Numbered:
        if self._again is not None:
            again, self._again = self._again, None
            return again
        return next(self.ahead)


class _Interchange:
    """From ISA to IEA: its transaction sets, and whether what closes it agrees with what was read."""

    def __init__(self, number: int, isa: list[str], segments: _Segments) -> None:
        self._number, self._segments = number, segments
        self._envelope = Envelope(element(isa, 6), element(isa, 8), element(isa, 13), element(isa, 15), isa[16])
        self._group = ""  # GS06 of the group that is open
        self._groups = self._sets = 0
        self._astray = False  # said already that segments stand where none may

    def read(self) -> Iterator[TransactionSet | BrokenEdiError]:
        number = self._number
        for number, segment in self._segments:
            tag = segment[0]
            if tag == "ISA":
                self._segments.put_back((number, segment))
                break
            if tag == "ST":
                found = self._transaction_set(number, segment)
                yield found
                with suppress(BrokenEdiError):  # whoever wanted the body has seen it
                    deque(found.body, maxlen=0)
            elif tag == "TA1":
                yield TransactionSet("TA1", number, "", self._envelope, iter([(number, segment)]))
            elif fault := self._fault(segment):
                yield BrokenEdiError(number, fault)
            if tag == "IEA":
                return
        yield BrokenEdiError(number, "The interchange ends without IEA: what came after this may be missing.")

    def _transaction_set(self, number: int, st: list[str]) -> TransactionSet:
        self._sets += 1
        self._astray = False
        version = element(st, 3) or self._envelope.version
        body = _body(number, element(st, 2), self._segments)
        return TransactionSet(element(st, 1), number, version, self._envelope, body)

    def _fault(self, segment: list[str]) -> str:
        """What is wrong with a segment between the transaction sets; empty when nothing is, or when it was said."""
        match segment[0]:
            case "GS":
                return self._open_group(segment)
            case "GE":
                return self._close_group(segment)
            case "IEA":
                return self._close(segment)
            case _ if self._astray:
                return ""
        self._astray = True
        return segment[1] if segment[0] == LOST else f"{segment[0][:8]!r} stands outside any transaction set."

    def _open_group(self, gs: list[str]) -> str:
        fault = "GS comes before the GE that ends the group before it." if self._group else ""
        self._group = element(gs, 6) or "?"
        self._envelope = replace(self._envelope, group_number=element(gs, 6), version=element(gs, 8))
        self._groups, self._sets, self._astray = self._groups + 1, 0, False
        return fault

    def _close_group(self, ge: list[str]) -> str:
        opened, self._group, self._astray = self._group, "", False
        if not opened:
            return "GE closes a group that no GS opened."
        return _disagreement(ge, self._sets, "transaction sets", opened)

    def _close(self, iea: list[str]) -> str:
        if self._group:
            return "IEA comes before the GE that ends the group: transaction sets may be missing."
        return _disagreement(iea, self._groups, "groups", self._envelope.control_number)


def _disagreement(trailer: list[str], count: int, counted: str, opened: str) -> str:
    """GE or IEA against what was read; leading zeros say nothing."""
    tag, said, closes = trailer[0], element(trailer, 1), element(trailer, 2)
    if not _same_number(said, str(count)):
        return f"{tag} counts {said[:20] or 'no'} {counted}, and {count} stand before it."
    if not _same_number(closes, opened):
        return f"{tag} closes {closes[:20]!r}, and {opened[:20]!r} is open: what lies between may be missing."
    return ""


def _same_number(one: str, other: str) -> bool:
    return one.lstrip("0") == other.lstrip("0") and bool(one)


def _body(first: int, control: str, segments: _Segments) -> Iterator[Numbered]:
    """The segments after ST, whose number is `first`, up to its SE. Raises BrokenEdiError when that does not agree."""
    for numbered in segments.ahead:
        if numbered[1][0] in ENVELOPE:
            _close_set(numbered, first, control, segments)
            return
        yield numbered
    raise BrokenEdiError(first, "The file ends inside the transaction set that begins here.")


def _close_set(numbered: Numbered, first: int, control: str, segments: _Segments) -> None:
    number, segment = numbered
    if segment[0] == LOST:
        _pass_over_set(segments)
        raise BrokenEdiError(number, segment[1])
    if segment[0] != "SE":
        segments.put_back(numbered)
        raise BrokenEdiError(number, f"{segment[0]} comes before the SE that ends the transaction set.")
    count = number - first + 1
    if not _same_number(said := element(segment, 1), str(count)):
        raise BrokenEdiError(number, f"SE counts {said[:20] or 'no'} segments, and {count} were read.")
    if (closes := element(segment, 2)) != control:
        raise BrokenEdiError(number, f"SE closes {closes[:20]!r}, and {control[:20]!r} is open.")


def _pass_over_set(segments: _Segments) -> None:
    """The rest of a set that is lost already: up to its SE, or to what cannot stand inside."""
    for numbered in segments.ahead:
        tag = numbered[1][0]
        if tag == "SE":
            return
        if tag in ENVELOPE and tag != LOST:
            segments.put_back(numbered)
            return
