"""A file made to exhaust the reader costs it a few megabytes, and it comes to an end."""

import io
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import chain, repeat

import pytest

from billing.x12.r835 import read_835
from billing.x12.reading import BrokenEdiError, read_sets
from tests.billing.x12.envelopes import interchange
from tests.billing.x12.reading_back import read_back, told
from tests.billing.x12.remittances import ZERO, Answer, Check, remittance

CHECK = Check("EFT1", (Answer("TD26-1", ZERO),))
TEXT = interchange([remittance(CHECK)]).encode()
HEAD = TEXT[: TEXT.index(b"LX*1")]
IN_CLAIM = TEXT[: TEXT.index(b"DTM*232")]
MEGABYTE = 1 << 20


class Endless(io.RawIOBase):
    """A file of pieces that never stands in memory as a whole."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def read(self, size: int = -1) -> bytes:
        while len(self._rest) < size and (piece := next(self._pieces, b"")):
            self._rest += piece
        given, self._rest = self._rest[:size], self._rest[size:]
        return given


def cost_of(pieces: Iterator[bytes]) -> tuple[int, int]:
    """Megabytes at the peak, and the faults that were said."""
    faults = 0
    tracemalloc.start()
    try:
        for one in read_sets(Endless(pieces)):  # type: ignore[arg-type]
            if isinstance(one, BrokenEdiError):
                faults += 1
                continue
            try:
                for _ in read_835(one):
                    pass
            except BrokenEdiError:
                faults += 1
    except BrokenEdiError:
        faults += 1
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return peak // MEGABYTE, faults


def megabytes(count: int, of: bytes) -> Iterator[bytes]:
    return repeat(of * (MEGABYTE // len(of)), count)


FILES: dict[str, Callable[[], Iterator[bytes]]] = {
    "one segment without an end": lambda: chain([HEAD, b"NTE*"], megabytes(32, b"X")),
    "empty segments": lambda: chain([HEAD], megabytes(2, b"~")),
    "line breaks": lambda: chain([HEAD], megabytes(32, b"\r\n")),
    "blanks": lambda: chain([HEAD], megabytes(32, b" ")),
    "NULs": lambda: chain([TEXT], megabytes(32, b"\0"), [HEAD]),
    "empty elements": lambda: chain([HEAD], megabytes(8, b"*")),
    "words": lambda: megabytes(8, b"We pay what we owe. "),
    "ISA again and again": lambda: megabytes(1, b"ISA*00*ISA*"),
    "whole ISAs and nothing else": lambda: megabytes(1, TEXT[: TEXT.index(b"GS*")]),
    "I again and again": lambda: megabytes(2, b"I\n"),
    "one claim without an end": lambda: chain([IN_CLAIM], megabytes(4, b"SVC*AD:D0120*1*1~CAS*CO*45*1~")),
    "remarks without an end": lambda: chain([IN_CLAIM], megabytes(2, b"MOA***N1*N2*N3*N4*N5~")),
    "adjustments without an end": lambda: chain([IN_CLAIM], megabytes(2, b"PLB*1*20261231*WO:1*1~")),
    "strays": lambda: chain([TEXT[: TEXT.index(b"ST*")]], megabytes(2, b"CLP*1*2*3~")),
    "text of no kind": lambda: (bytes((7 * at + at * at // 3) % 256 for at in range(1 << 16)) for _ in range(16)),
}


@pytest.mark.parametrize("make", FILES.values(), ids=FILES.keys())
def test_a_hostile_file_costs_a_few_megabytes_and_ends(make: Callable[[], Iterator[bytes]]):
    peak, faults = cost_of(make())
    assert peak < 16
    assert faults > 0


@pytest.mark.parametrize("name", ["one segment without an end", "strays", "one claim without an end"])
def test_a_hostile_set_is_said_a_few_times_only(name: str):
    assert cost_of(FILES[name]())[1] <= 3


def test_a_segment_too_long_costs_its_set_and_no_other():
    long = TEXT.replace(b"LX*1", b"LX*1~NTE*" + b"X" * 100_000)
    both = interchange([remittance(CHECK, "0001"), remittance(CHECK, "0002")]).encode()
    found = read_back(both.replace(b"LX*1", b"LX*1~NTE*" + b"X" * 100_000, 1) + long + TEXT)
    assert [one for one in found if not isinstance(one, BrokenEdiError)] == [told(CHECK), told(CHECK)]
    assert [one.reason[:9] for one in found if isinstance(one, BrokenEdiError)] == ["A segment", "A segment"]
