"""Orthanc as the peer of `benchmarks.images`: Debian's own, without plugins, in a folder of its own that is gone afterwards."""

import json
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import requests

from cases.imaging.recipes import REVIEW
from tests.services.starting import end, free_port, wait_until

MISSING = "Orthanc is not installed. `apt install orthanc` brings it; its own service may stay off (`systemctl disable --now orthanc`)."
UNSUPPORTED = 415


def find() -> str | None:
    return shutil.which("Orthanc", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")


class Orthanc:
    """A running server, spoken to over one connection that is kept."""

    def __init__(self, address: str, password: str) -> None:
        self.address, self.http = address, requests.Session()
        self.http.auth = ("benchmark", password)

    def answers(self) -> bool:
        with suppress(requests.ConnectionError):
            return self.http.get(f"{self.address}/system", timeout=5).ok
        return False

    def films(self, contents: Sequence[bytes], *, width: int, height: int) -> float:
        """Seconds from sending the first file until the preview of the last, of at most this size, is here; then they
        are deleted, uncounted."""
        start = time.perf_counter()
        instances = [self._send(content) for content in contents]
        shown = [self._preview(instance, width=width, height=height) for instance in instances]
        spent = time.perf_counter() - start
        for instance in instances:
            self.http.delete(instance, timeout=60)
        assert all(one.ok and one.content[:2] == b"\xff\xd8" for one in shown)
        return spent

    def refuses(self, content: bytes) -> bool:
        """Whether it takes a file and cannot show it."""
        instance = self._send(content)
        answer = self._preview(instance, width=64, height=64)
        self.http.delete(instance, timeout=60)
        return answer.status_code == UNSUPPORTED

    def _send(self, content: bytes) -> str:
        sent = self.http.post(f"{self.address}/instances", data=content, timeout=60)
        sent.raise_for_status()
        return f"{self.address}/instances/{sent.json()['ID']}"

    def _preview(self, instance: str, *, width: int, height: int) -> requests.Response:
        wanted = {"width": width, "height": height, "quality": REVIEW.quality}
        return self.http.get(f"{instance}/rendered", params=wanted, headers={"Accept": "image/jpeg"}, timeout=60)


@contextmanager
def running(program: str, folder: Path) -> Iterator[Orthanc]:
    """A server on a free port of this machine, with sign-in, its files below `folder`."""
    port, password = free_port(), secrets.token_urlsafe(16)
    configuration = {
        "Name": "Benchmark", "StorageDirectory": str(folder / "files"), "IndexDirectory": str(folder / "index"), "Plugins": [],
        "HttpPort": port, "RemoteAccessAllowed": False, "DicomServerEnabled": False, "KeepAlive": True,
        "AuthenticationEnabled": True, "RegisteredUsers": {"benchmark": password},
    }  # fmt: skip
    folder.mkdir()
    said = folder / "orthanc.json"
    said.write_text(json.dumps(configuration))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, str(said)], stdout=log, stderr=subprocess.STDOUT)
    server = Orthanc(f"http://127.0.0.1:{port}", password)
    try:
        wait_until(lambda: server.answers() or process.poll() is not None, what="Orthanc to answer")
        assert process.poll() is None, (folder / "log").read_text()
        yield server
    finally:
        end(process)
