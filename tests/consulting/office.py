"""A browser of another office: what the dentist does with her link, page by page."""

import base64
import hashlib
import re
import uuid
from typing import Any

from django.test import Client
from django.urls import reverse

from tests.consulting.cast import SAID

TUS = {"Tus-Resumable": "1.0.0"}


def start_of(token: str) -> str:
    return reverse("consult-start", args=[token])


def open_office(token: str, **more: Any) -> Client:
    office = Client(**more)
    assert office.post(start_of(token)).status_code == 302
    return office


def gets_to(office: Client) -> str:
    """Where /consult/ leads."""
    response = office.get(reverse("consult"))
    return str(response.headers.get("Location", response.status_code))


def hidden(office: Client, name: str) -> str:
    """Which question the page of that name is about, as it sends along."""
    found = re.search(r'(?:name="of" value|data-of)="([^"]*)"', office.get(reverse(name)).text)
    return found[1] if found else ""


def ask(office: Client, **changes: str) -> Any:
    return office.post(reverse("consult-question"), {"of": hidden(office, "consult-question"), **SAID, **changes})


def announce(
    office: Client, content: bytes, *, public_id: uuid.UUID | None = None, view: str = "panoramic", of: str = "", **headers: str
) -> Any:  # fmt: skip
    said = {
        "id": str(public_id or uuid.uuid4()), "sha256": hashlib.sha256(content).hexdigest(), "view": view, "filename": "PAN.DCM",
        "of": of or hidden(office, "consult-files"),
    }  # fmt: skip
    metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items())
    return office.post(
        reverse("consult-uploads"), headers={**TUS, "Upload-Length": str(len(content)), "Upload-Metadata": metadata, **headers}
    )  # fmt: skip


def bring(office: Client, address: str, content: bytes) -> Any:
    return office.patch(
        address, content, content_type="application/offset+octet-stream", headers={**TUS, "Upload-Offset": "0"}
    )  # fmt: skip


def send_film(office: Client, content: bytes) -> None:
    announced = announce(office, content)
    assert announced.status_code == 201, announced.content
    assert bring(office, announced.headers["Location"], content).status_code == 204


def finish(office: Client, **more: str) -> Any:
    return office.post(reverse("consult-finish"), {"agree": "on", "of": hidden(office, "consult-finish"), **more})


def walk(token: str, content: bytes) -> Client:
    """Everything up to "Send the question", in a browser of its own."""
    office = open_office(token)
    ask(office)
    send_film(office, content)
    return office
