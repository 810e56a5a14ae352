"""Canonical JSON: one sequence of bytes for one content, so that a hash over it can be computed again years later."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID


def canonical(content: Mapping[str, Any]) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces; money as strings, instants ISO 8601 in UTC. Floats are refused."""
    return json.dumps(_plain(content), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256_of(content: Mapping[str, Any]) -> str:
    """Hex SHA-256 of the canonical form."""
    return hashlib.sha256(canonical(content)).hexdigest()


def plain(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content as JSON types only, exactly as `canonical` writes it: what a JSONField should keep."""
    cleaned = _plain(content)
    assert isinstance(cleaned, dict)  # noqa: S101 - a Mapping always becomes a dict
    return cleaned


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            raise TypeError("Floats have no canonical form; use Decimal for money and int for counts.")
        case Decimal():
            return format(value, "f")
        case datetime():
            if value.tzinfo is None:
                raise TypeError("A naive time has no canonical form.")
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case Mapping():
            return {str(key): _plain(inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            items = sorted(value) if isinstance(value, set | frozenset) else value
            return [_plain(inner) for inner in items]
    raise TypeError(f"{type(value).__name__} has no canonical form.")
