"""The product as `benchmarks.images` measures it: served for real on a folder of its own, spoken to as Capture speaks."""

import base64
import hashlib
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.cast import PASSWORD
from tests.flows.processes import PRODUCT, manage, run_module
from tests.flows.visitor import TUS, Visitor
from tests.services.fixtures import Installation, environment_for, serve
from tests.services.starting import end

SMALLEST, LARGEST = 256 << 10, 8 << 20  # bytes of a part, as static/js/capture/sender.js begins and ends
PAUSE = 0.02  # seconds between two looks whether the preview is there; each look costs the server, too
PATIENCE = 60.0


class Product:
    """A hygienist at Capture, over one connection that is kept. `sending` is what the last film took until its receipt."""

    def __init__(self, visitor: Visitor, cases: list[str]) -> None:
        self.visitor, self.cases, self.sending, self.part = visitor, cases, 0.0, SMALLEST

    def films(self, contents: Sequence[bytes], *, case: str, view: str) -> float:
        """Seconds from announcing the first film until the review copy of the last is here, polling included.

        As Capture does, one after the other without waiting for what the worker makes of them. It comes back when their
        samples are packed too.
        """
        start = time.perf_counter()
        waiting = []
        for content in contents:
            began = time.perf_counter()
            waiting.append(self._send(content, case=case, view=view))
            self.sending = time.perf_counter() - began
        for film in waiting:
            assert self._wait_for(film, "review")[:2] == b"\xff\xd8"
        spent = time.perf_counter() - start
        for film in waiting:  # uncounted, so that nothing of ours goes on in the peer's turn
            self._wait_for(film, "samples")
        return spent

    def _wait_for(self, film: str, recipe: str) -> bytes:
        until = time.perf_counter() + PATIENCE
        while time.perf_counter() < until:
            shown = self.visitor.ask("GET", f"/pictures/{film}/{recipe}/1/")
            if shown.ok:
                return bytes(shown.content)
            time.sleep(PAUSE)
        raise TimeoutError(f"No {recipe} after {PATIENCE:.0f} s.")

    def _send(self, content: bytes, *, case: str, view: str) -> str:
        """Announced, then sent in parts until the receipt; the file's id."""
        public_id = str(uuid.uuid4())
        said = {
            "id": public_id, "sha256": hashlib.sha256(content).hexdigest(), "case": case, "filename": "FILM.DCM", "view": view,
        }  # fmt: skip
        metadata = ",".join(f"{key} {_base64(value.encode())}" for key, value in said.items())
        headers = {**TUS, "Upload-Length": str(len(content)), "Upload-Metadata": metadata}
        answer = self.visitor.ask("POST", "/capture/uploads/", headers=headers)
        assert answer.status_code == 201, answer.text
        address, offset = answer.headers["Location"], 0
        while offset < len(content):
            part = content[offset : offset + self.part]
            headers = {
                **TUS, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream",
                "Upload-Checksum": f"sha256 {_base64(hashlib.sha256(part).digest())}",
            }  # fmt: skip
            answer = self.visitor.ask("PATCH", address, headers=headers, data=part)
            assert answer.status_code == 204, answer.text
            offset += len(part)
            if len(part) == self.part:
                self.part = min(2 * self.part, LARGEST)
        assert answer.headers.get("Upload-Receipt")
        return public_id


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


@contextmanager
def running_product(folder: Path, *, children: int) -> Iterator[Product]:
    """`manage.py serve` with its worker, so many children with a draft each, and a signed-in hygienist."""
    data = folder / "data"
    data.mkdir(parents=True)
    installation = Installation(data, environment_for(data, **PRODUCT))
    manage(installation, "migrate", "-v0")
    cases = run_module(installation, "tests.flows.prepare", str(children))["cases"]
    served = serve(installation)
    try:
        visitor = Visitor((served.address,))
        visitor.sign_in("hana@example.org", PASSWORD)
        yield Product(visitor, cases)
    finally:
        end(served.process)
        installation.end_all()
