"""The certificate that this server shows: read and tried once at the start, so that a wrong file is a sentence and no riddle.

It is tried as a browser would that trusts whoever issued it: one handshake in memory tells whether the key fits, which
names the certificate holds for, and until when.
"""

import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from teledent.serving.preparing import CannotServe

SOON = timedelta(days=14)
WHATEVER_THE_DATE = 0x200000  # X509_V_FLAG_NO_CHECK_TIME: how dates stand is said in our words


@dataclass(frozen=True, slots=True)
class Certificate:
    """Two files that fit together; the names (hosts, addresses) that the certificate holds for; what speaks against it."""

    certificate: Path
    key: Path
    names: tuple[str, ...]
    warnings: tuple[str, ...]


def read_certificate(certificate: str, key: str, *, at: datetime) -> Certificate | None:
    """None when neither file is named. Raises `CannotServe` when one is missing, cannot be read or does not fit."""
    if not certificate and not key:
        return None
    if not certificate or not key:
        raise CannotServe("--tls-cert and --tls-key (TLS_CERT, TLS_KEY) belong together. Name both files, or neither.")
    files = Path(certificate).resolve(), Path(key).resolve()
    for path, what in zip(files, ("certificate", "key"), strict=True):
        _require_readable(path, what)
    said = _as_a_browser_sees_it(_server_context(*files), files[0])
    names = tuple(name for kind, name in said.get("subjectAltName", ()) if kind in ("DNS", "IP Address"))
    return Certificate(*files, names, tuple(_speaks_against(said, names, at=at)))


def _require_readable(path: Path, what: str) -> None:
    try:
        path.read_bytes()
    except OSError as error:
        raise CannotServe(f"The TLS {what} {path} cannot be read ({error.strerror}). Name another file.") from None


def _server_context(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate, key, password=_no_passphrase)
    except _NeedsPassphrase:
        raise CannotServe(
            f"The TLS key {key} is locked with a passphrase, which nobody can type at each start. "
            "Unlock a copy (openssl pkey -in KEY -out COPY) that only this account can read."
        ) from None
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise CannotServe(f"The TLS key {key} does not fit the certificate {certificate}. Name its own.") from None
        raise CannotServe(
            f"{certificate} and {key} are not a certificate and a key in PEM form ({error.reason}). Name others."
        ) from None
    return context


class _NeedsPassphrase(Exception):
    pass


def _no_passphrase() -> str:
    raise _NeedsPassphrase  # without this OpenSSL would ask on the terminal and wait


def _as_a_browser_sees_it(server: ssl.SSLContext, certificate: Path) -> dict[str, Any]:
    """What `ssl.SSLSocket.getpeercert` says after a handshake in memory; the certificate itself is trusted."""
    browser = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    browser.check_hostname = False
    browser.load_verify_locations(certificate)
    browser.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VerifyFlags(WHATEVER_THE_DATE)
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours, theirs = server.wrap_bio(there, back, server_side=True), browser.wrap_bio(back, there)
    try:
        for _ in range(4):
            for side in (theirs, ours):
                with suppress(ssl.SSLWantReadError):
                    side.do_handshake()
    except ssl.SSLError as error:
        raise CannotServe(
            f"Browsers will not accept the TLS certificate {certificate} ({getattr(error, 'verify_message', error.reason)}). "
            "Make one for a server (docs/howto/school-laptop.md)."
        ) from None
    return dict(theirs.getpeercert() or {})


def _speaks_against(said: dict[str, Any], names: tuple[str, ...], *, at: datetime) -> list[str]:
    begins, ends = (
        datetime.fromtimestamp(ssl.cert_time_to_seconds(said[one]), UTC) for one in ("notBefore", "notAfter")
    )
    found = []
    if at >= ends:
        found.append(f"The TLS certificate expired on {_day(ends)}: browsers refuse it or warn. Make a new one.")
    elif at < begins:
        found.append(f"The TLS certificate holds from {_day(begins)} only. Look at this machine's clock.")
    elif ends - at < SOON:
        found.append(f"The TLS certificate ends on {_day(ends)}. Make a new one before.")
    if not names:
        found.append("The TLS certificate names no host (subjectAltName): browsers refuse it. Make a new one.")
    return found


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
