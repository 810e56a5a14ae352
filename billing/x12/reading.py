"""X12 back to segments: files as they really arrive, streamed, one segment at a time.

A file holds one or more interchanges. What parts them, and what ends a segment, is read off each ISA by counting its
sixteen elements, because files in the wild trim its fixed widths. Tolerated: a byte order mark, UTF-8 mixed with the
Windows code page, text before and between interchanges, line breaks as terminator or after it, lines wrapped anywhere.
Not tolerated is what could hide lost money: a transaction set that is cut off, or counts other than its SE says, is
refused with the number of the segment; its neighbours are still read.

A segment is a list of elements, the tag first: `segment[4]` is the fourth element of the standard. Numbers count the
segments of the file from 1; text outside interchanges does not count.
"""

import codecs
import re
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import BinaryIO

CHUNK = 1 << 16  # bytes
MAX_SEGMENT = 1 << 16  # signs: nothing read here has a segment of a tenth of this
ISA = re.compile(r"(?<![A-Za-z0-9])ISA[^A-Za-z0-9\s]")
ISA_ELEMENTS = 16
ISA_ROOM = 400  # signs in which the sixteen elements must lie, wrapped lines included
AFTER_ISA = ("GS", "TA1", "IEA")
ENVELOPE = frozenset({"ISA", "GS", "ST", "GE", "IEA"})

Numbered = tuple[int, list[str]]


class BrokenEdiError(ValueError):
    """Something that cannot be read; `number` is the segment where it shows, 0 where no segment was found."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"Segment {number}: {reason}" if number else reason)
        self.number, self.reason = number, reason


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
        if segment[0] != "ISA":  # text after an IEA never comes here: read_segments begins each interchange with ISA
            raise AssertionError(segment[0])
        yield from _interchange(number, _envelope(segment), segments)


def element(segment: list[str], position: int) -> str:
    """The element at `position` without outer blanks; empty where the segment ends before it."""
    return segment[position].strip() if position < len(segment) else ""


def _envelope(isa: list[str]) -> Envelope:
    return Envelope(element(isa, 6), element(isa, 8), element(isa, 13), element(isa, 15), isa[ISA_ELEMENTS])


def _interchange(number: int, envelope: Envelope, segments: "_Segments") -> Iterator[TransactionSet | BrokenEdiError]:
    sets = 0
    for number, segment in segments:
        tag = segment[0]
        if tag == "ISA":
            segments.put_back(number, segment)
            break
        if tag == "IEA":
            return
        if tag == "GS":
            envelope, sets = replace(envelope, group_number=element(segment, 6), version=element(segment, 8)), 0
        elif tag == "TA1":
            yield TransactionSet("TA1", number, "", envelope, iter([(number, segment)]))
        elif tag == "ST":
            sets += 1
            found = _transaction_set(number, segment, envelope, segments)
            yield found
            with suppress(BrokenEdiError):  # whoever wanted the body has seen it
                deque(found.body, maxlen=0)
        elif tag == "GE":
            if (said := element(segment, 1)) != str(sets):
                yield BrokenEdiError(number, f"GE counts {said or 'no'} transaction sets, and {sets} stand before it.")
        else:
            yield BrokenEdiError(number, f"{tag[:8]!r} stands outside any transaction set.")
    yield BrokenEdiError(number, "The interchange ends without IEA: what came after this may be missing.")


def _transaction_set(number: int, st: list[str], envelope: Envelope, segments: "_Segments") -> TransactionSet:
    version = element(st, 3) or envelope.version
    return TransactionSet(element(st, 1), number, version, envelope, _body(number, element(st, 2), segments))


def _body(number: int, control: str, segments: "_Segments") -> Iterator[Numbered]:
    count = 1
    for number, segment in segments:
        count += 1
        tag = segment[0]
        if tag == "SE":
            if (said := element(segment, 1)) != str(count):
                raise BrokenEdiError(number, f"SE counts {said or 'no'} segments, and {count} were read.")
            if element(segment, 2) != control:
                raise BrokenEdiError(number, f"SE closes {element(segment, 2)!r}, and {control!r} is open.")
            return
        if tag in ENVELOPE:
            segments.put_back(number, segment)
            raise BrokenEdiError(number, f"{tag} comes before the SE that ends the transaction set.")
        yield number, segment
    raise BrokenEdiError(number, "The file ends inside a transaction set.")


class _Segments:
    """Segments with one step back."""

    def __init__(self, segments: Iterator[Numbered]) -> None:
        self._segments = segments
        self._again: Numbered | None = None

    def put_back(self, number: int, segment: list[str]) -> None:
        self._again = number, segment

    def __iter__(self) -> Iterator[Numbered]:
        return self

    def __next__(self) -> Numbered:
        if self._again is not None:
            again, self._again = self._again, None
            return again
        return next(self._segments)


def read_segments(stream: BinaryIO) -> Iterator[Numbered]:
    """Every segment of every interchange, numbered from 1. Raises BrokenEdiError where no interchange begins."""
    text, number = _Text(_decoded(stream)), 0
    while (isa := text.open_interchange(number + 1)) is not None:
        number += 1
        yield number, isa
        for segment in text.segments():
            number += 1
            yield number, segment
    if not number:
        raise BrokenEdiError(0, "Nothing in this file is an X12 interchange: it holds no ISA segment.")


class _Text:
    """The text of a file, opened interchange by interchange. Holds a chunk and the segment that runs across its end."""

    def __init__(self, chunks: Iterator[str]) -> None:
        self._chunks = chunks
        self._rest = ""
        self._separator = self._terminator = ""

    def open_interchange(self, number: int) -> list[str] | None:
        """Go to the next ISA, learn what parts and ends its segments, and give it; None at the end of the file."""
        while (found := ISA.search(self._rest)) is None:
            self._rest = self._rest[-4:]  # an ISA may run across the end of a chunk
            if not self._more():
                return None
        self._rest = self._rest[found.start() :]
        while len(self._rest) < ISA_ROOM and self._more():
            pass
        self._separator = self._rest[3]
        *isa, rest = self._rest[:ISA_ROOM].replace("\n", "").split(self._separator, ISA_ELEMENTS)
        if len(isa) < ISA_ELEMENTS or len(rest) < 2:
            raise BrokenEdiError(number, "The ISA segment is cut off: it has sixteen elements.")
        self._step_over_isa()
        return [*isa, rest[0]]

    def _step_over_isa(self) -> None:
        at = 0
        for _ in range(ISA_ELEMENTS):
            at = self._rest.index(self._separator, at) + 1
        after = self._rest[at:].lstrip("\n")[1:]  # ISA16 is one sign
        following = after.lstrip("\n")
        # A line break here is the terminator when a segment follows; otherwise a line was wrapped at this very place.
        ends_line = after != following and following.startswith(tuple(tag + self._separator for tag in AFTER_ISA))
        self._terminator = "\n" if ends_line else following[:1]
        self._rest = following if ends_line else following[1:]

    def segments(self) -> Iterator[list[str]]:
        """Up to IEA, the next ISA, a segment of impossible length or the end of the file, whichever is first."""
        terminator, separator, opening = self._terminator, self._separator, "ISA" + self._separator
        while True:
            pieces = self._rest.split(terminator)
            last = pieces.pop()
            for index, piece in enumerate(pieces):
                written = _unwrapped(piece)
                if not written:
                    continue
                if written.startswith(opening):
                    self._rest = terminator.join([*pieces[index:], last])
                    return
                segment = written.split(separator)
                if segment[0] == "IEA":
                    self._rest = terminator.join([*pieces[index + 1 :], last])
                    yield segment
                    return
                yield segment
            self._rest = last
            if len(last) > MAX_SEGMENT:
                return
            if not self._more():
                self._rest = ""
                if written := _unwrapped(last):  # a last segment without its terminator
                    yield written.split(separator)
                return

    def _more(self) -> bool:
        chunk = next(self._chunks, "")
        self._rest += chunk
        return bool(chunk)


def _unwrapped(piece: str) -> str:
    return (piece.replace("\n", "") if "\n" in piece else piece).strip()


def _decoded(stream: BinaryIO) -> Iterator[str]:
    """The stream's text in chunks. Line breaks are LF; NUL, which no database takes, is left out."""
    first = stream.read(CHUNK)
    encoding = "utf-16" if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    decoder = codecs.getincrementaldecoder(encoding)(errors="windows-1252")
    chunk = first
    while chunk:
        if text := decoder.decode(chunk):
            yield text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        chunk = stream.read(CHUNK)
    if text := decoder.decode(b"", final=True):
        yield text


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    """What is no UTF-8 was written on Windows: the usual case of names with accents in remittances."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("windows-1252", _as_windows_1252)
