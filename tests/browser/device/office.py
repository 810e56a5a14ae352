"""A server of the shapes in docs/device-api.md that keeps all in memory and breaks where a test says. It also serves a blank
page under the product's policy, with our modules beside it."""

import hashlib
import json
import re
from base64 import b64decode
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs
from urllib.request import urlopen

from teledent.kit import clock

ROOT = Path(__file__).resolve().parents[3]
POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
BLANK = b"<!doctype html><html lang=en><meta name=csrf-token content=''><link rel=icon href=/static/img/mark.svg><title>Blank"


class Office:
    """What came in. `breaks[path]` holds answers (status, body) that come first, one a request; status 0 hangs up."""

    def __init__(self, behind: str = "") -> None:
        """`behind` is the product's address: what is neither the API nor a file comes from there, asked as nobody."""
        self.behind = behind
        self.instead: dict[str, tuple[str, Callable[[str], str]]] = {}  # by path: what of the product, changed how
        self.signed_in = True
        self.ahead = timedelta(0)  # of the device's clock
        self.breaks: dict[str, list[tuple[int, Any]]] = defaultdict(list)
        self.log: list[str] = []
        self.manifests: dict[str, dict[str, Any]] = {}
        self.declared: dict[str, tuple[int, str]] = {}
        self.arriving: dict[str, bytes] = {}
        self.whole: dict[str, bytes] = {}
        self.marks: dict[str, Any] = {}
        self.day: dict[str, Any] = {}
        self.recovery: dict[str, str] | None = None
        self.wipe: dict[str, Any] | None = None
        self.retired = ""
        self.registered: list[dict[str, Any]] = []
        self.wiped: dict[str, Any] = {}
        self.times_whole: dict[str, int] = defaultdict(int)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Desk, self, directory=str(ROOT)))
        self.server.daemon_threads = True
        Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}/"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def hello(self, echo: str) -> dict[str, Any]:
        now = clock.now() + self.ahead
        return {
            "person": {"id": "p-hana", "name": "Hana"}, "practice": {"id": "p", "name": "Riverbend", "on_call_phone": ""},
            "numbering": "universal", "csrf": "token", "server_time": now.isoformat(), "version": "1", "echo": echo,
            "statement": {"key": "submit-2026-11", "text": "I gathered this myself."}, "recovery": self.recovery, "wipe": self.wipe,
            "retired": self.retired,
        }  # fmt: skip

    def receipt(self, case: str) -> dict[str, Any]:
        told = self.manifests[case]
        return {
            "case": case, "attached": True, "label": "TD-1", "revision": told["manifest"]["revision"], "sha256": told["sha256"],
            "received_at": "2026-11-17T18:43:00Z", "patient": "x", "whom": None, "conflicts": [], "files": self.files(case),
        }  # fmt: skip

    def files(self, case: str) -> dict[str, Any]:
        named = [one["id"] for one in self.manifests[case]["manifest"]["files"]]
        there = [one for one in named if one in self.whole]
        verified = [
            {"id": one, "sha256": hashlib.sha256(self.whole[one]).hexdigest(), "size": len(self.whole[one])}
            for one in there
        ]
        return {"lacking": [one for one in named if one not in there], "verified": verified, "unwanted": []}

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        """Of the API: status and JSON."""
        if not self.signed_in:
            return 401, {"sentence": "Sign in."}
        said = json.loads(body) if body else {}
        if path.startswith("hello"):
            return 200, self.hello(parse_qs(path.partition("?")[2])["echo"][0])
        if path == "events":
            return 200, {"events": [self.day["event"]]}
        if path.startswith("day/"):
            return 200, self.day
        if path.startswith("wipes/"):
            self.wiped[path[6:]], self.wipe = said, None
            return 200, {}
        if path == "register":
            self.registered.append(said)
            return 201, {**said, "retired": False, "sentence": ""}
        if path.startswith("marks/"):
            self.marks[path[6:]] = said
            return 200, {"act": path[6:], "applied": True, "received_at": "", "sentence": ""}
        return self.about_case(method, path.split("/"), said)

    def about_case(self, method: str, path: list[str], said: Any) -> tuple[int, Any]:
        case = path[1].partition("?")[0]
        if path[2:] == ["finish"]:
            return 200, {"submitted": True, "label": "TD-1", "version": 1, "at": "2026-11-17T18:43:00Z", "stops": []}
        if method == "GET":
            return 200, {"receipt": self.receipt(case), "now": {"files": self.files(case)}}
        canonical = json.dumps(said["manifest"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if hashlib.sha256(canonical.encode()).hexdigest() != said["sha256"]:
            return 422, {"sentence": "The hash is of something else."}
        self.manifests[case] = said
        return 201, self.receipt(case)


class _Desk(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, office: Office, *args: Any, **more: Any) -> None:
        self.office = office
        super().__init__(*args, **more)

    def handle_one(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.office.log.append(f"{self.command} {self.path.partition('?')[0]}")
        for place, answers in self.office.breaks.items():
            if answers and re.search(place, f"{self.command} {self.path}"):
                return self.broken(*answers.pop(0))
        if self.path.startswith("/capture/uploads/"):
            return self.upload(body)
        status, said = self.office.answer(self.command, self.path.removeprefix("/device/api/"), body)
        return self.say(status, json.dumps(said).encode(), **{"Content-Type": "application/json"})

    do_POST = do_PUT = do_PATCH = do_HEAD = handle_one  # noqa: N815 - http.server looks for these names

    def do_GET(self) -> None:
        if self.path.startswith("/device/api/"):
            return self.handle_one()
        if self.office.behind:
            return self.passed_on()
        if self.path != "/":
            return super().do_GET()
        return self.say(200, BLANK, **{"Content-Type": "text/html", "Content-Security-Policy": POLICY})

    def passed_on(self) -> None:
        try:
            path, edited = self.office.instead.get(self.path, (self.path, None))
            with urlopen(self.office.behind + path) as answer:  # noqa: S310 - the product of this very test
                body = edited(answer.read().decode()).encode() if edited else answer.read()
                kept = ("Content-Type", "Content-Security-Policy", "Cache-Control", "Service-Worker-Allowed")
                self.say(200, body, **{name: answer.headers[name] for name in kept if answer.headers[name]})
        except HTTPError as refused:
            self.say(refused.code, b"")

    def broken(self, status: int, said: Any) -> None:
        if status:
            return self.say(status, json.dumps(said).encode(), **{"Content-Type": "application/json"})
        self.close_connection = True
        return None

    def upload(self, body: bytes) -> None:
        office = self.office
        if self.command == "POST":
            pairs = dict(one.split(" ") for one in self.headers["Upload-Metadata"].split(","))
            told = {key: b64decode(value).decode() for key, value in pairs.items()}
            office.declared[told["id"]] = int(self.headers["Upload-Length"]), told["sha256"]
            office.arriving.setdefault(told["id"], b"")
            offset = str(len(office.arriving[told["id"]]))
            return self.say(201, b"", Location=f"/capture/uploads/{told['id']}/", **{"Upload-Offset": offset})
        name = self.path.split("/")[3]
        if self.command == "PATCH":
            office.arriving[name] = office.arriving[name][: int(self.headers["Upload-Offset"])] + body
        length, sha256 = office.declared[name]
        more = {}
        if len(office.arriving[name]) == length and hashlib.sha256(office.arriving[name]).hexdigest() == sha256:
            office.whole[name] = office.arriving[name]
            office.times_whole[name] += self.command == "PATCH"
            more = {"Upload-Receipt": "{}"}
        return self.say(204, b"", **{"Upload-Offset": str(len(office.arriving[name]))}, **more)

    def say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 204 and self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """The office keeps its own log."""
