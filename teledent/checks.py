"""System checks: what makes a start unsafe is an error with the way to mend it. `manage.py serve` refuses on errors."""

import sqlite3
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004 - Django's own name

LOOPBACK = {"localhost", "127.0.0.1", "::1", ""}
SHORTEST_KEY = 32


def register_checks() -> None:
    for check in (secret_is_strong, sqlite_is_sound, connections_are_encrypted, decoder_can_load):
        checks.register(check)


def secret_is_strong(**_: Any) -> list[CheckMessage]:
    key = str(settings.SECRET_KEY)
    if len(key) >= SHORTEST_KEY and len(set(key)) >= 12:
        return []
    hint = "Leave SECRET_KEY unset to have one made in DATA_DIR/keys, or set 50 random characters."
    return [Error("SECRET_KEY is too short or too simple to sign sessions.", hint=hint, id="teledent.E001")]


def sqlite_is_sound(**_: Any) -> list[CheckMessage]:
    if "sqlite" not in settings.DATABASES["default"]["ENGINE"] or settings.SQLITE_SAFE_FOR_WAL:
        return []
    hint = "Install the pysqlite3 wheel where there is one. Until then the slower rollback journal is used."
    version = f"SQLite {sqlite3.sqlite_version} can corrupt a write-ahead log that two processes write."
    return [Warning(version, hint=hint, id="teledent.W001")]


def connections_are_encrypted(**_: Any) -> list[CheckMessage]:
    """Patients' data leaves this machine encrypted or not at all (45 CFR 164.312(e))."""
    problems: list[CheckMessage] = []
    database = settings.DATABASES["default"]
    encrypted = database.get("OPTIONS", {}).get("sslmode") in ("require", "verify-ca", "verify-full")
    if "postgresql" in database["ENGINE"] and not encrypted and not _stays_here(str(database.get("HOST") or "")):
        hint = "Add ?sslmode=verify-full to DATABASE_URL."
        problems.append(Error("The database is on another machine, not encrypted.", hint=hint, id="teledent.E002"))
    if settings.REDIS_URL and not _is_encrypted(settings.REDIS_URL, "rediss"):
        hint = "Use rediss:// in REDIS_URL."
        problems.append(Error("Redis is on another machine, not encrypted.", hint=hint, id="teledent.E003"))
    endpoint = settings.STORAGES["default"].get("OPTIONS", {}).get("endpoint_url")
    if endpoint and not _is_encrypted(endpoint, "https"):
        hint = "Use https:// in S3_ENDPOINT_URL."
        problems.append(Error("The file store is on another machine, not encrypted.", hint=hint, id="teledent.E004"))
    return problems


def decoder_can_load(**_: Any) -> list[CheckMessage]:
    missing = [name for name in settings.DECODER_PRELOAD if find_spec(name.partition(":")[0]) is None]
    hint = "DECODER_PRELOAD names modules, or module:function, that the decoder loads before it forks."
    return [Error(f"The decoder cannot load {', '.join(missing)}.", hint=hint, id="teledent.E005")] if missing else []


def _is_encrypted(address: str, scheme: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in (scheme, "unix") or _stays_here(parts.hostname or "")


def _stays_here(host: str) -> bool:
    return host in LOOPBACK or host.startswith("/")  # a path is a Unix socket
