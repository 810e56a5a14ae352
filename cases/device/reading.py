"""JSON from a device, read by somebody who trusts nothing in it: every fault is a sentence with its place. Pure."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from teledent.kit import canonical
from teledent.kit.text import printable

T = TypeVar("T")
FAULTS_MAX = 50  # told at once: who reads them mends the first and asks again
DEPTH_MAX = 12
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
OFFSET_MAX = 100 * 366 * 86_400_000  # milliseconds: a clock that was never set


class Unreadable(Exception):
    """What came is not what was agreed on. `faults` are sentences, each with its place."""

    def __init__(self, *faults: str) -> None:
        super().__init__(faults[0])
        self.faults = faults


def read_json(raw: bytes, *, size_max: int) -> dict[str, Any]:
    """An object of whole numbers, texts, lists and objects, each key once. Raises Unreadable."""
    if len(raw) > size_max:
        raise Unreadable(f"This is larger than {size_max >> 10} kB.")
    try:
        found = json.loads(
            raw.decode(), parse_float=_no_number, parse_constant=_no_number, object_pairs_hook=_once_each
        )
        _look_at(found, DEPTH_MAX)
    except (ValueError, RecursionError):
        raise Unreadable("This is not JSON of whole numbers, texts, lists and objects, each key once.") from None
    if not isinstance(found, dict):
        raise Unreadable("This is not a JSON object.")
    return found


def sha256_of(content: Mapping[str, Any]) -> str:
    return canonical.sha256_of(content)


def _no_number(said: str) -> NoReturn:
    raise ValueError(said)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _look_at(value: Any, depth: int) -> None:
    """What no database keeps: NUL, halves of characters, numbers beyond 64 bits, nesting without end."""
    if depth == 0:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        value.encode()  # a UnicodeEncodeError is a ValueError
        if "\x00" in value:
            raise ValueError("NUL")
    elif isinstance(value, int):
        if abs(value) >= 1 << 63:
            raise ValueError("too large a number")
    elif isinstance(value, list | dict):
        for inner in (*value, *value.values()) if isinstance(value, dict) else value:
            _look_at(inner, depth - 1)


class Reader:
    """One object of the message. Each method reads a key of it, notes a fault where it does not fit, and goes on.

    What a method returns beside a fault is of the right kind and means nothing: `finish` raises before it is used.
    """

    def __init__(
        self, content: Any, place: str, keys: Collection[str], faults: list[str], *, optional: Collection[str] = ()
    ) -> None:
        self.place, self.faults = place, faults
        self.content: dict[str, Any] = content if isinstance(content, dict) else {}
        if not isinstance(content, dict):
            self.fault("", "is not an object.")
            return
        for key in content.keys() - {*keys, *optional}:
            self.fault(printable(key)[:40], "is not known here.")
        for key in set(keys) - content.keys():
            self.fault(key, "is missing.")

    def at(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place and key else self.place or key

    def fault(self, key: str, sentence: str) -> None:
        if len(self.faults) < FAULTS_MAX:
            self.faults.append(f"{self.at(key) or 'The message'} {sentence}")

    def inner(self, key: str, keys: Collection[str], *, optional: Collection[str] = ()) -> "Reader":
        return Reader(self.content.get(key, {}), self.at(key), keys, self.faults, optional=optional)

    def has(self, key: str) -> bool:
        return self.content.get(key) is not None

    def text(self, key: str, most: int, *, needed: bool = False) -> str:
        """Printable, without spaces around it."""
        value = self.content.get(key, "")
        if not isinstance(value, str):
            self.fault(key, "is not a text.")
            return ""
        said = printable(value).strip()
        if len(said) > most:
            self.fault(key, f"is longer than {most} characters.")
        elif needed and not said and key in self.content:
            self.fault(key, "is empty.")
        return said[:most]

    def choice(self, key: str, choices: Collection[str], *, needed: bool = True) -> str:
        value = self.content.get(key)
        if isinstance(value, str) and (value in choices or (value == "" and not needed)):
            return value
        if key in self.content:
            self.fault(key, "is none of the possible answers.")
        return ""

    def number(self, key: str, least: int, most: int) -> int:
        value = self.content.get(key)
        if type(value) is int and least <= value <= most:
            return value
        if key in self.content:
            self.fault(key, f"is not a whole number from {least} to {most}.")
        return least

    def offset(self, key: str = "clock_offset_ms") -> int | None:
        return self.number(key, -OFFSET_MAX, OFFSET_MAX) if self.has(key) else None

    def yes(self, key: str) -> bool:
        value = self.content.get(key, False)
        if not isinstance(value, bool):
            self.fault(key, "is neither true nor false.")
        return value is True

    def id(self, key: str) -> UUID:
        value = self.content.get(key)
        if isinstance(value, str) and _UUID.fullmatch(value):
            return UUID(value)
        if key in self.content:
            self.fault(key, "is not a UUID in lower case.")
        return UUID(int=0)

    def id_or_none(self, key: str) -> UUID | None:
        return self.id(key) if self.has(key) else None

    def sha256(self, key: str) -> str:
        value = self.content.get(key)
        if isinstance(value, str) and _SHA256.fullmatch(value):
            return value
        if key in self.content:
            self.fault(key, "is not a SHA-256 in 64 lower-case hexadecimal digits.")
        return ""

    def day(self, key: str, first: date, last: date) -> date:
        value = self.content.get(key)
        try:
            if (
                isinstance(value, str)
                and _DAY.fullmatch(value)
                and first <= (said := date.fromisoformat(value)) <= last
            ):
                return said
        except ValueError:
            pass
        if key in self.content:
            self.fault(key, f"is not a day from {first} to {last}, written like {first}.")
        return first

    def instant(self, key: str) -> datetime:
        """A moment with its offset, as the device's clock said it."""
        value = self.content.get(key)
        try:
            said = datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= 40 else None
            if said is not None and said.tzinfo is not None and _EARLIEST <= said <= _LATEST:
                return said
        except (ValueError, OverflowError):
            pass
        if key in self.content:
            self.fault(key, "is not a time with its offset, like 2026-11-17T09:31:02-08:00.")
        return _EARLIEST

    def instant_or_none(self, key: str) -> datetime | None:
        return self.instant(key) if self.has(key) else None

    def each(self, key: str, most: int, keys: Collection[str], read: "Callable[[Reader], T]") -> tuple[T, ...]:
        value = self.content.get(key, [])
        if not isinstance(value, list):
            self.fault(key, "is not a list.")
            return ()
        if len(value) > most:
            self.fault(key, f"has more than {most} entries.")
            return ()
        return tuple(read(one) for one in self._entries(key, value, keys))

    def _entries(self, key: str, value: list[Any], keys: Collection[str]) -> Iterator["Reader"]:
        for number, one in enumerate(value):
            yield Reader(one, f"{self.at(key)}[{number}]", keys, self.faults)

    def finish(self) -> None:
        if self.faults:
            raise Unreadable(*self.faults)
