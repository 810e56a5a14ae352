"""Interchanges around transaction sets, in any dress in which they arrive: delimiters, line breaks, wraps, encodings."""

import codecs
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.billing.x12.remittances import Segment


@dataclass(frozen=True)
class Marks:
    """What parts the elements, components and repetitions, and what ends a segment, line breaks behind it included."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    end: str = "~"


PLAIN = Marks()
GROUPS = {"835": ("HP", "005010X221A1"), "999": ("FA", "005010X231A1"), "277": ("HN", "005010X214")}


def written(segments: Iterable[Segment], marks: Marks = PLAIN) -> str:
    return "".join(_segment(segment, marks) + marks.end for segment in segments)


def _segment(segment: Segment, marks: Marks) -> str:
    elements = [marks.component.join(one) if isinstance(one, list) else one for one in segment]
    while not elements[-1]:
        elements.pop()
    return marks.element.join(elements)


def interchange(
    sets: Sequence[list[Segment]], marks: Marks = PLAIN, *, control: int = 777, trimmed: bool = False
) -> str:
    """ISA to IEA with one group of `sets`, all of one kind; `trimmed` leaves out the blanks of ISA's fixed widths."""
    kind = str(sets[0][0][1])
    code, version = GROUPS[kind]
    group: list[Segment] = [
        ["GS", code, "EXDEN", "RBSOH01", "20261005", "1030", str(control), "X", version],
        *(segment for one in sets for segment in one),
        ["GE", str(len(sets)), str(control)],
        ["IEA", "1", f"{control:09}"],
    ]
    return isa(marks, control, trimmed=trimmed) + written(group, marks)


def acknowledged_interchange(ta1: Segment, marks: Marks = PLAIN, *, control: int = 778) -> str:
    """ISA to IEA with a TA1 alone."""
    return isa(marks, control) + written([ta1, ["IEA", "0", f"{control:09}"]], marks)


def isa(marks: Marks, control: int, *, trimmed: bool = False) -> str:
    elements = [
        "ISA", "00", " " * 10, "00", " " * 10, "ZZ", f"{'EXDEN':15}", "ZZ", f"{'RBSOH01':15}",
        "261005", "1030", marks.repetition, "00501", f"{control:09}", "0", "T", marks.component,
    ]  # fmt: skip
    return marks.element.join(one.strip(" ") if trimmed else one for one in elements) + marks.end


def wrapped(text: str, width: int, line_break: str = "\n") -> str:
    """Hard line breaks after every `width` signs, wherever that is."""
    return line_break.join(text[at : at + width] for at in range(0, len(text), width))


def encoded(text: str, encoding: str) -> bytes:
    """`utf-8`, `cp1252`, `utf-8-bom`, `utf-16-le` and `utf-16-be`, these with their mark."""
    if encoding == "utf-8-bom":
        return codecs.BOM_UTF8 + text.encode()
    marks = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
    return marks.get(encoding, b"") + text.encode(encoding)
