"""A person at her browser without the browser: cookies, forms as the page gives them, one or several web servers.

With several addresses every request goes to the next one, as behind a balancer that knows no sessions.
"""

import base64
import hashlib
import itertools
import json
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

import lxml.html
import requests

TUS = {"Tus-Resumable": "1.0.0"}
Answer = TypeVar("Answer")
PATIENCE = 60.0  # seconds for a server that was killed to come back


class Unexpected(AssertionError):
    """The server answered something else than a person on her way would get."""


@dataclass
class Visitor:
    """One signed-in person. `log` is her own list of what was answered with 2xx or 3xx: method, path, web server."""

    addresses: tuple[str, ...]
    log: list[tuple[str, str, str]] = field(default_factory=list)
    http: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.next_address = itertools.cycle(self.addresses)

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        """One request to the next address. Redirects are answers; a cut connection raises."""
        parts = urlsplit(path)
        server = next(self.next_address)
        address = server + parts.path + (f"?{parts.query}" if parts.query else "")
        headers = {"X-CSRFToken": self.http.cookies.get("teledent-csrf", ""), **options.pop("headers", {})}
        answer = self.http.request(method, address, headers=headers, timeout=60, allow_redirects=False, **options)
        if answer.ok:
            self.log.append((method, parts.path, server))
        return answer

    def get(self, path: str) -> requests.Response:
        """A page, through its redirects."""
        answer = self.ask("GET", path)
        for _ in range(3):
            if not answer.is_redirect:
                break
            answer = self.ask("GET", answer.headers["Location"])
        return _expect(answer, 200)

    def post(self, path: str, **said: Any) -> str:
        """Send a form; where it leads. Everything that is no redirect is unexpected."""
        return _expect(self.ask("POST", path, data=said), 302).headers["Location"]

    def fill(self, page: str, action: str = "", **said: Any) -> str:
        """Open a page, take its form with that ending of its action as it stands, set what is `said`, send it."""
        root = lxml.html.fromstring(self.get(page).text)
        form = next(one for one in root.forms if _action(one, page).endswith(action or page))
        values: dict[str, Any] = defaultdict(list)
        for name, value in form.form_values():
            values[name].append(value)
        return self.post(_action(form, page), **{**values, **said})

    def sign_in(self, email: str, password: str) -> None:
        self.fill("/sign-in/", username=email, password=password)

    def again(self, step: Callable[[], Answer]) -> Answer:
        """Do it once more while connections are cut, as a person does who sees that the page did not come."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return step()
            except (requests.ConnectionError, requests.Timeout):
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)


def _action(form: lxml.html.FormElement, page: str) -> str:
    return urlsplit(form.action or page).path


def _expect(answer: requests.Response, status: int) -> requests.Response:
    """The answer, if it is the one that was meant; else what the page says against it."""
    if answer.status_code != status:
        page = lxml.html.fromstring(answer.text or "<p>")
        told = page.xpath("//*[@role='alert' or contains(@class, 'prob') or contains(@class, 'error')]") or page.xpath(
            "//main"
        )
        words = " / ".join(" ".join(one.text_content().split())[:500] for one in told) or answer.text[:300]
        raise Unexpected(f"{answer.request.method} {answer.url}: {answer.status_code}, not {status}. {words}")
    return answer


@dataclass
class Sender:
    """Sends one file by the resumable receiver and goes on after every cut. `acknowledged` counts the bytes of 2xx answers."""

    visitor: Visitor
    case: str
    content: bytes
    parts: int = 3
    public_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    acknowledged: int = 0

    def send(self, **labels: str) -> dict[str, object]:
        """The server's receipt: id, sha256, size."""
        location = self.visitor.again(lambda: self._announce(labels))
        receipt = self.visitor.again(lambda: self._go_on(location))
        return {**json.loads(receipt), "case": self.case}

    def _announce(self, labels: dict[str, str]) -> str:
        sha256 = hashlib.sha256(self.content).hexdigest()
        metadata = {"id": self.public_id, "sha256": sha256, "case": self.case, "filename": "IMG_0001.JPG", **labels}
        said = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in metadata.items())
        headers = {**TUS, "Upload-Length": str(len(self.content)), "Upload-Metadata": said}
        return _expect(self.visitor.ask("POST", "/capture/uploads/", headers=headers), 201).headers["Location"]

    def _go_on(self, location: str) -> str:
        """Ask how far it got and send the rest part by part; the receipt. What was acknowledged is never asked for again."""
        head = _expect(self.visitor.ask("HEAD", location, headers=TUS), 200)
        position, receipt = int(head.headers["Upload-Offset"]), head.headers.get("Upload-Receipt", "")
        if position < min(self.acknowledged, len(self.content) - 1):
            raise Unexpected(f"{self.acknowledged} bytes were acknowledged, {position} are left.")
        while not receipt:
            headers = {**TUS, "Upload-Offset": str(position), "Content-Type": "application/offset+octet-stream"}
            part = self.content[position : position + -(-len(self.content) // self.parts)]
            answer = _expect(self.visitor.ask("PATCH", location, headers=headers, data=part), 204)
            position = self.acknowledged = int(answer.headers["Upload-Offset"])
            receipt = answer.headers.get("Upload-Receipt", "")
        return receipt
