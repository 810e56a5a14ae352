"""The printed content to JSON text and back, so that a process without a database can lay it out from a file."""

import json
import types
import typing
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

Content = TypeVar("Content")

_FROM_TEXT: dict[type, Callable[[str], Any]] = {
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    Decimal: Decimal,
}


def to_json(content: object) -> str:
    """The content dataclass as canonical JSON: sorted keys, times with their offset, money as strings, no floats."""
    return json.dumps(_plain(content), ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def from_json(kind: type[Content], text: str) -> Content:
    """The inverse of ``to_json``.

    Raises ValueError naming the field when the text does not hold a ``kind``: nothing is guessed, nothing left out.
    """
    value: Content = _build(kind, json.loads(text), kind.__name__)
    return value


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date):  # a datetime is a date, too
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _build(kind: Any, value: Any, where: str) -> Any:
    origin = typing.get_origin(kind)
    if origin is types.UnionType:
        (inner,) = (one for one in typing.get_args(kind) if one is not types.NoneType)
        return None if value is None else _build(inner, value, where)
    if origin is tuple:
        if not isinstance(value, list):
            raise ValueError(f"{where}: a list is needed here.")
        return tuple(_build(typing.get_args(kind)[0], one, f"{where}[{i}]") for i, one in enumerate(value))
    if origin is typing.Literal:
        if value not in typing.get_args(kind):
            raise ValueError(f"{where}: {value!r} is not one of {typing.get_args(kind)}.")
        return value
    if is_dataclass(kind):
        return _build_dataclass(kind, value, where)
    return _scalar(kind, value, where)


def _build_dataclass(kind: Any, value: Any, where: str) -> Any:
    hints = typing.get_type_hints(kind)
    if not isinstance(value, dict) or value.keys() != hints.keys():
        raise ValueError(f"{where}: exactly these fields are needed: {', '.join(hints)}.")
    return kind(**{name: _build(hint, value[name], f"{where}.{name}") for name, hint in hints.items()})


def _scalar(kind: type, value: Any, where: str) -> Any:
    try:
        built = _FROM_TEXT[kind](value) if kind in _FROM_TEXT else value
    except (ArithmeticError, TypeError, ValueError) as exc:
        raise ValueError(f"{where}: {value!r} is not a {kind.__name__}.") from exc
    if type(built) is not kind:  # bool is an int to isinstance, and a datetime a date
        raise ValueError(f"{where}: {value!r} is not a {kind.__name__}.")
    return built
