"""A file as it really arrives, to segments: decoded, unwrapped, streamed.

What parts elements and what ends a segment is read off each ISA by counting its sixteen elements, because files in the
wild trim its fixed widths. Tolerated: a byte order mark, UTF-8 mixed with the Windows code page, text before and between
interchanges, line breaks as terminator or after it, lines wrapped anywhere, an interchange cut off where the next begins.

A segment is a list of elements, the tag first: `segment[4]` is the fourth element of the standard. Numbers count the
segments of the file from 1; text outside interchanges does not count.
"""

import codecs
import io
import re
from collections.abc import Generator, Iterator
from typing import BinaryIO

CHUNK = 1 << 16  # bytes
MAX_SEGMENT = 1 << 13  # signs: nothing read here has a segment of a tenth of this
BLANKS = " \t\n"  # not what str.strip() takes: delimiters may be the separators of ASCII, which it counts as blank
WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1)  # ISA01 to ISA15
DIGITS = {9: 0, 10: 0, 12: 5, 13: 1}  # elements of digits, with the fewest: what tells an ISA from words
AFTER_ISA = ("GS", "TA1", "IEA")
LOST = ""  # the tag of a segment that could not be read; its one element says why

Numbered = tuple[int, list[str]]


def _isa_pattern() -> str:
    """ISA01 to ISA15 with the separator behind each; half of their signs may be line breaks, and some run over."""
    elements = [
        rf"[0-9\n ]{{{DIGITS[at]},{2 * width + 8}}}" if at in DIGITS else rf"(?:(?!\1).){{0,{2 * width + 8}}}"
        for at, width in enumerate(WIDTHS, 1)
    ]
    return r"I\n?S\n?A\n?([^A-Za-z0-9 \t\n])(?=[A-Z0-9\n]{2,5}\1)" + r"\1".join([*elements, ""])


ISA = re.compile(_isa_pattern(), re.DOTALL)
ISA_ROOM = 400  # signs: no match of ISA is longer
STRAY = re.compile(r"(?<![A-Za-z0-9])S\n?T\n?([^A-Za-z0-9 \t\n])(?:\n?[0-9]){3}\n?\1")
ENDS_NOTHING = re.compile(r"[A-Za-z0-9 \t]|\Z")  # no terminator of segments
STRAYED = "A transaction set stands outside any interchange that can be read: an ISA is missing or damaged."
TOO_LONG = f"A segment of more than {MAX_SEGMENT:,} signs: what ended it is lost."


class BrokenEdiError(ValueError):
    """Something that cannot be read; `number` is the segment where it shows, 0 where no segment was found."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"Segment {number}: {reason}" if number else reason)
        self.number, self.reason = number, reason


def element(segment: list[str], position: int) -> str:
    """The element at `position` without outer blanks; empty where the segment ends before it."""
    try:
        return segment[position].strip(BLANKS)
    except IndexError:
        return ""


def read_segments(stream: BinaryIO) -> Iterator[Numbered]:
    """Every segment of every interchange, numbered from 1; one with the tag LOST says what could not be read.

    Raises BrokenEdiError where no interchange begins.
    """
    text, number = _Text(_decoded(stream)), 0
    while True:
        isa = text.open_interchange()
        if isa is None and not number:
            raise BrokenEdiError(0, "Nothing in this file is an X12 interchange: it holds no whole ISA segment.")
        if text.strayed:
            yield number + 1, [LOST, STRAYED]
        if isa is None:
            return
        number += 1
        yield number, isa
        number = yield from text.segments(number)


class _Text:
    """The text of a file, opened interchange by interchange. Holds a chunk and the segment that runs across its end."""

    def __init__(self, chunks: Iterator[str]) -> None:
        self._chunks = chunks
        self._rest = ""
        self._separator = self._terminator = ""
        self.strayed = False

    def open_interchange(self) -> list[str] | None:
        """Go to the next ISA, learn what parts and ends its segments, and give it; None at the end of the file.

        Afterwards `strayed` says whether a transaction set was passed over on the way.
        """
        self.strayed = False
        while (found := self._go_to_isa()) is not None:
            if (isa := self._header(found[0], found[1])) is not None:
                return isa
            self.strayed = True
        return None

    def _go_to_isa(self) -> re.Match[str] | None:
        while (found := ISA.search(self._rest)) is None:
            self._leave_behind(len(self._rest))
            self._rest = self._rest[-ISA_ROOM:]  # one may run across the end of a chunk
            if not self._more():
                return None
        self._leave_behind(found.start())
        self._rest = self._rest[found.end() :]
        return found

    def _leave_behind(self, until: int) -> None:
        self.strayed = self.strayed or STRAY.search(self._rest, 0, until) is not None

    def _header(self, written: str, separator: str) -> list[str] | None:
        """The sixteen elements of the ISA behind which the text stands; None where what should end it is none."""
        while len(self._rest) < ISA_ROOM and self._more():
            pass
        after = self._rest.lstrip("\n")
        component, after = after[:1], after[1:]
        following = after.lstrip("\n")
        # A line break here is the terminator when a segment follows; otherwise a line was wrapped at this very place.
        ends_line = after != following and following.startswith(tuple(tag + separator for tag in AFTER_ISA))
        self._separator, self._terminator = separator, "\n" if ends_line else following[:1]
        self._rest = following if ends_line else following[1:]
        if ENDS_NOTHING.match(self._terminator):
            return None
        return [*written.replace("\n", "").split(separator)[:-1], component]

    def segments(self, number: int) -> Generator[Numbered, None, int]:
        """Up to IEA, the next ISA or the end of the file, whichever is first; gives the number of the last."""
        terminator, separator, ended = self._terminator, self._separator, False
        while not ended:
            text, ended = self._until_isa()
            *whole, last = (text if terminator == "\n" else text.replace("\n", "")).split(terminator)
            if ended:  # a last segment without its terminator
                whole, last = [*whole, last], ""
            pieces = iter(whole)
            for piece in pieces:
                if written := piece.strip(BLANKS):
                    number += 1
                    segment = written.split(separator) if len(written) <= MAX_SEGMENT else [LOST, TOO_LONG]
                    yield number, segment
                    if segment[0] == "IEA":
                        self._rest = terminator.join([*pieces, last]) + self._rest
                        return number
            self._rest = last[: MAX_SEGMENT + 1] + self._rest  # enough to see that it is too long
        return number

    def _until_isa(self) -> tuple[str, bool]:
        """Take the text that surely stands before the next ISA; True when it reaches to it or to the end of the file.

        An ISA counts wherever it stands: what was cut off in the middle of a segment must not swallow the next file.
        """
        found, ended = ISA.search(self._rest), False
        if found is None:
            ended = not self._more()
            found = ISA.search(self._rest)
        room = 0 if ended else ISA_ROOM
        cut = found.start() if found is not None else max(len(self._rest) - room, 0)
        taken, self._rest = self._rest[:cut], self._rest[cut:]
        return taken, ended or found is not None

    def _more(self) -> bool:
        chunk = next(self._chunks, "")
        self._rest += chunk
        return bool(chunk)


def _decoded(stream: BinaryIO) -> Iterator[str]:
    """The stream's text in chunks, none of them empty. Line breaks are LF; NUL, which no database takes, is left out."""
    chunk = stream.read(2)
    encoding = "utf-16" if chunk in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
    decoder = io.IncrementalNewlineDecoder(
        codecs.getincrementaldecoder(encoding)(errors="windows-1252"), translate=True
    )
    while chunk:
        if text := decoder.decode(chunk).replace("\0", ""):
            yield text
        chunk = stream.read(CHUNK)
    if text := decoder.decode(b"", final=True).replace("\0", ""):
        yield text


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    """What is no UTF-8 was written on Windows: the usual case of names with accents in remittances."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("windows-1252", _as_windows_1252)
