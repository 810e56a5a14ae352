"""The certificate that this server shows: read and tried once at the start, so that a wrong file is a sentence and no riddle,
and again whenever its files change.

It is tried as a browser would that trusts whoever issued it: one handshake in memory tells whether the key fits, which
names the certificate holds for, and until when.
"""

import logging
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from teledent.serving.refusing import CannotServe

logger = logging.getLogger("gunicorn.error")  # where who runs the server looks
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


@dataclass
class Shown:
    """What connections get: one context for all, so that a browser that comes back goes on with its session.

    New files count as soon as they fit together. Until they do, as between the two copies of a renewal, the last pair that
    did is shown, and why is said once.
    """

    _lock: threading.Lock = field(default_factory=threading.Lock)  # connections are taken on in many threads
    _tried: tuple[object, ...] = ()
    _context: ssl.SSLContext | None = None

    def context(self, certificate: Path, key: Path) -> ssl.SSLContext:
        """Raises `CannotServe` or OSError where no pair has fitted since this process began."""
        with self._lock:
            found = _state_of(certificate), _state_of(key)
            if self._context is None or found != self._tried:
                self._tried, self._context = found, self._newest(certificate, key)
            return self._context

    def _newest(self, certificate: Path, key: Path) -> ssl.SSLContext:
        try:
            context = _server_context(certificate, key)
        except (CannotServe, OSError) as reason:
            if self._context is None:
                raise
            logger.error("%s Until then the certificate from before is shown.", reason)
            return self._context
        # where the reading of a slow client is ended (`patience`), it still hears the answer; a body says its length itself
        context.options |= ssl.OP_IGNORE_UNEXPECTED_EOF
        return context


def _state_of(path: Path) -> tuple[int, int, int] | None:
    """Another one for another file under the same name, and for other content of the same file; None for no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


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
