"""A receiver on a web server in a hurry, and clients that take their time."""

import hashlib
import socket
import ssl
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests

from tests.files.conftest import TUS, encoded
from tests.flows.processes import start_web
from tests.services.fixtures import Installation
from tests.serving.authority import Authority

PHOTO = hashlib.shake_256(b"a photograph").digest(700_000)
OFFSET = {**TUS, "Content-Type": "application/offset+octet-stream"}


def hurried(installation: Installation, own: Authority | None = None, **limits: float) -> str:
    """The address of a web server whose limits (`teledent.serving.patience`) are these; encrypted with a certificate."""
    folder = installation.folder.parent
    lines = ["from teledent.serving.web import *", "from teledent.serving import patience"]
    config = folder / "hurried.py"
    config.write_text("\n".join([*lines, *(f"patience.{name} = {limit}" for name, limit in limits.items())]))
    command = ["--config", str(config), "--log-level", "info"]
    address = start_web(installation, *command, log=folder / "web.log", **(own.environment if own else {})).address
    requests.get(
        f"{address}/healthz", timeout=30, verify=own.trusted if own else None
    )  # the first pays for a cold server
    return address


@dataclass
class Sending:
    """One announced file at a receiver, spoken to by hand."""

    address: str
    verify: str | bool = True
    path: str = field(init=False)

    def __post_init__(self) -> None:
        said = encoded(id=str(uuid.uuid4()), sha256=hashlib.sha256(PHOTO).hexdigest())
        headers = {**TUS, "Upload-Length": str(len(PHOTO)), "Upload-Metadata": said}
        self.path = urlsplit(self.ask("POST", "/uploads/", headers=headers).headers["Location"]).path

    def ask(self, method: str, path: str, **options: object) -> requests.Response:
        return requests.request(method, self.address + path, timeout=30, verify=self.verify, **options)  # type: ignore[arg-type]

    def patch(self, start: int, stop: int | None = None) -> requests.Response:
        return self.ask("PATCH", self.path, headers={**OFFSET, "Upload-Offset": str(start)}, data=PHOTO[start:stop])

    def offset(self) -> int:
        return int(self.ask("HEAD", self.path, headers=TUS).headers["Upload-Offset"])

    def stored(self) -> bytes:
        return self.ask("GET", f"/bytes/{self.path.rpartition('/')[2]}").content

    @contextmanager
    def slowly(self, sent: int) -> Iterator[socket.socket]:
        """A connection that promises the whole file and has sent so many bytes of it."""
        head = f"PATCH {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpload-Offset: 0\r\nContent-Length: {len(PHOTO)}\r\n"
        rest = "".join(f"{name}: {value}\r\n" for name, value in OFFSET.items())
        with connected(self.address, self.verify) as connection:
            connection.sendall(f"{head}{rest}\r\n".encode() + PHOTO[:sent])
            yield connection


@contextmanager
def connected(address: str, verify: str | bool = True) -> Iterator[socket.socket]:
    parts = urlsplit(address)
    with ExitStack() as stack:
        plain = stack.enter_context(socket.create_connection((parts.hostname, parts.port), timeout=20))
        if parts.scheme == "http":
            yield plain
        else:
            context = ssl.create_default_context(cafile=str(verify))
            yield stack.enter_context(context.wrap_socket(plain, server_hostname=parts.hostname))


def head_of(connection: socket.socket) -> str:
    """The first line of what is answered; "" when nothing is."""
    return connection.recv(4000).decode().partition("\r\n")[0]
