"""Tablets that forward, each over a line of its own: `benchmarks.thirty_devices` runs this in a process beside its reader.

Reads facts as one line of JSON, says that all is prepared, and begins at the next line; in the end it writes what became of it
into the file that it was given. (A pipe that nobody reads before the end would hold it up once it is full.)
They speak docs/device-api.md and the receiver as static/js/device/ and static/js/sender.js do: parts that grow while they are
quick, a pause when the server has no place.
"""

import base64
import hashlib
import io
import json
import random
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import requests
from PIL import Image

from tests.flows.visitor import TUS, Visitor

ROOT = Path(__file__).resolve().parents[1]
TOLD = "prepared"
PASSWORD = "gentle-otter-reads-late"  # noqa: S105
SMALLEST, LARGEST, QUICK, SLOW = (
    256 << 10,
    8 << 20,
    1.5,
    6.0,
)  # bytes of a part, seconds for it: as in static/js/sender.js
VIEWS = ("frontal", "upper", "lower", "right", "left", "smile", "face", "tongue")
ANSWERS = {
    "complaint": ["none_stated"], "conditions": ["none_known"], "allergies": ["none_known"], "medicines": ["none"],
    "dental_history": ["none_known"], "red_flags": ["none"], "why": "no_dentist", "marks": "nothing",
}  # fmt: skip


class Paced:
    """A body that a line takes so many bytes a second of."""

    def __init__(self, content: bytes, rate: float) -> None:
        self.rest, self.size, self.rate = io.BytesIO(content), len(content), rate

    def __len__(self) -> int:
        return self.size

    def read(self, size: int = -1) -> bytes:
        piece = self.rest.read(size)
        time.sleep(len(piece) / self.rate)
        return piece


@dataclass
class Device:
    """One tablet with one case. `visitor` holds its own connection and the session of who forwards."""

    visitor: Visitor
    facts: dict[str, Any]
    child: str
    pictures: list[bytes]
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    case: str = field(default_factory=lambda: str(uuid.uuid4()))
    part: int = SMALLEST
    busy: int = 0
    submitted: bool = False
    stops: list[str] = field(default_factory=list)
    unproved: list[str] = field(default_factory=list)

    def forward(self) -> None:
        said = {
            "id": self.id,
            "name": f"Tablet {self.id[:4]}",
            "clock_offset_ms": 0,
            "recovery_key": None,
            "holds": None,
        }
        self.ask("POST", "register", said)
        manifest = self.manifest()
        canonical = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        envelope = {**self.now(), "sha256": hashlib.sha256(canonical).hexdigest(), "manifest": manifest}
        self.ask("PUT", f"cases/{self.case}", envelope)
        for one, content in zip(manifest["files"], self.pictures, strict=True):
            self.send(one, content)
        answer = self.ask("POST", f"cases/{self.case}/finish", {**self.now(), "revision": 1})
        self.submitted, self.stops = answer["submitted"], [stop["sentence"] for stop in answer["stops"]]
        now = self.ask("GET", f"cases/{self.case}", None)["now"]
        proved = {one["sha256"] for one in now["files"]["verified"]}
        self.unproved = [one["sha256"] for one in manifest["files"] if one["sha256"] not in proved]

    def ask(self, method: str, path: str, body: Any) -> Any:
        while True:
            headers = {"Accept": "application/json"}
            answer = self.visitor.ask(
                method, f"/device/api/{path}", headers=headers, **({"json": body} if body else {})
            )
            if not self.waits(answer):
                assert answer.ok, answer.text
                return answer.json()

    def waits(self, answer: requests.Response) -> bool:
        """Whether the server had no place; then the pause is over now."""
        if answer.status_code != 503:
            return False
        self.busy += 1
        time.sleep(int(answer.headers["Retry-After"]) * (1 + random.random()))  # noqa: S311
        return True

    def send(self, one: dict[str, Any], content: bytes) -> None:
        said = {"id": one["id"], "sha256": one["sha256"], "case": self.case, "filename": one["name"]}
        metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items())
        headers = {**TUS, "Upload-Length": str(len(content)), "Upload-Metadata": metadata}
        while self.waits(answer := self.visitor.ask("POST", "/capture/uploads/", headers=headers)):
            pass
        assert answer.status_code == 201, answer.text
        address, offset = answer.headers["Location"], 0
        while "Upload-Receipt" not in answer.headers:
            headers = {**TUS, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
            part = content[offset : offset + self.part]
            began = time.monotonic()
            answer = self.visitor.ask("PATCH", address, headers=headers, data=Paced(part, self.facts["rate"]))
            if self.waits(answer):
                continue
            assert answer.status_code == 204, answer.text
            self.grow(time.monotonic() - began, len(part))
            offset = int(answer.headers["Upload-Offset"])

    def grow(self, spent: float, sent: int) -> None:
        if spent > SLOW:
            self.part = max(self.part // 2, SMALLEST)
        elif spent < QUICK and sent == self.part:
            self.part = min(self.part * 2, LARGEST)

    def now(self) -> dict[str, Any]:
        return {"device": self.id, "sent_at": _instant(), "clock_offset_ms": 0}

    def manifest(self) -> dict[str, Any]:
        at, by = _instant(), self.facts["by"]
        files = [
            {
                "id": str(uuid.uuid4()), "sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "name": f"IMG_{n}.JPG",
                "view": view, "tooth": "", "mirrored": False, "device": "Camera", "captured_at": at, "source": "camera",
            } for n, (content, view) in enumerate(zip(self.pictures, VIEWS, strict=False))
        ]  # fmt: skip
        return {
            "version": 1, "case": self.case, "revision": 1, "event": self.facts["event"], "site": self.facts["site"],
            "kind": "screening", "opened": {"at": at, "by": by}, "patient": {"id": self.child, "new": None, "another": False},
            "day_seen": self.facts["day"], "patient_place": "site", "patient_state": "OR", "urgency": "routine", "answers": ANSWERS,
            "marks": [], "services": [], "files": files, "made_at": at,
            "finished": {"at": at, "by": by, "statement": "submit-2026-11"},
        }  # fmt: skip


def _instant() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())


def photograph() -> bytes:
    """A JPEG file of 2400 x 1600 pixels."""
    small = np.random.default_rng(7).integers(60, 200, (160, 240, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(small).resize((2400, 1600), Image.Resampling.BICUBIC).save(file, "JPEG", quality=90)
    return file.getvalue()


def marked(photo: bytes) -> bytes:
    """The same picture as other bytes: a comment says who it is."""
    return photo[:2] + b"\xff\xfe\x00\x12" + uuid.uuid4().bytes + photo[2:]


def main(address: str, result: Path) -> None:
    facts = json.loads(sys.stdin.readline())
    first, photo = Visitor((address,)), photograph()
    first.sign_in("hana@example.org", PASSWORD)
    devices = []
    for child in facts["children"]:
        visitor = Visitor((address,))
        visitor.http.cookies.update(first.http.cookies)
        devices.append(Device(visitor, facts, child, [marked(photo) for _ in range(facts["pictures"])]))
    print(TOLD, flush=True)
    sys.stdin.readline()
    began = time.monotonic()
    threads = [threading.Thread(target=one.forward) for one in devices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = [content for one in devices for content in one.pictures]
    said = {
        "seconds": time.monotonic() - began, "busy": sum(one.busy for one in devices), "bytes": sum(map(len, sent)),
        "sent": [hashlib.sha256(content).hexdigest() for content in sent], "submitted": sum(one.submitted for one in devices),
        "stops": sorted({stop for one in devices for stop in one.stops}),
        "unproved": [lost for one in devices for lost in one.unproved],
    }  # fmt: skip
    result.write_text(json.dumps(said))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
