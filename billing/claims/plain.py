"""Plain JSON data back to dataclasses, by their own annotations: the inverse of `teledent.kit.canonical.plain`.

A claim freezes the facts it was built from and must read them back years later, exactly. Supported annotations: str,
bool, int, Decimal, date, datetime, Literal, dataclasses, `tuple[X, ...]` and `X | None`.
"""

import dataclasses
import types
from decimal import Decimal
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Record = TypeVar("Record")

SCALARS: tuple[type, ...] = (str, bool, int)


class NotPlainError(ValueError):
    """The JSON does not fit the dataclass: a missing or unknown key, or a value of another type."""


def from_plain(kind: type[Record], plain: Any) -> Record:
    """The dataclass `kind` from its plain form. Raises NotPlainError naming the key that does not fit.

    A key may be missing only where the field has a default: facts frozen before that field existed stay readable.
    """
    return cast(Record, _read(kind, plain, kind.__name__))


@cache
def _annotations(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, plain: Any, where: str) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        inner = next(option for option in get_args(kind) if option is not type(None))
        return None if plain is None else _read(inner, plain, where)
    if origin is Literal:
        if plain not in get_args(kind):
            raise NotPlainError(f"{where}: {plain!r} is none of {get_args(kind)}")
        return plain
    if origin is tuple:
        if not isinstance(plain, list):
            raise NotPlainError(f"{where}: a list was expected")
        return tuple(_read(get_args(kind)[0], item, f"{where}[{index}]") for index, item in enumerate(plain))
    if dataclasses.is_dataclass(kind):
        return _read_dataclass(cast(type, kind), plain, where)
    return _read_scalar(kind, plain, where)


def _read_dataclass(kind: type, plain: Any, where: str) -> Any:
    if not isinstance(plain, dict):
        raise NotPlainError(f"{where}: an object was expected")
    hints = _annotations(kind)
    if unknown := plain.keys() - hints.keys():
        raise NotPlainError(f"{where}: unknown keys {sorted(unknown)}")
    required = {field.name for field in dataclasses.fields(kind) if field.default is dataclasses.MISSING}
    if missing := required - plain.keys():
        raise NotPlainError(f"{where}: missing keys {sorted(missing)}")
    return kind(**{name: _read(hints[name], value, f"{where}.{name}") for name, value in plain.items()})


def _read_scalar(kind: Any, plain: Any, where: str) -> Any:
    if kind in SCALARS:
        if type(plain) is not kind:  # bool is an int to isinstance, not to us
            raise NotPlainError(f"{where}: {kind.__name__} was expected, found {plain!r}")
        return plain
    if not isinstance(plain, str):
        raise NotPlainError(f"{where}: text was expected, found {plain!r}")
    try:
        return Decimal(plain) if kind is Decimal else kind.fromisoformat(plain)
    except (ValueError, ArithmeticError) as problem:
        raise NotPlainError(f"{where}: {plain!r} is no {kind.__name__}") from problem
