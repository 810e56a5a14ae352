"""A phone that opened a link: what the mother does with it, page by page, as a browser would."""

import base64
import hashlib
import uuid
from collections.abc import Sequence
from typing import Any

from django.test import Client
from django.urls import reverse

from cases.models import Kind
from tests.sending.cast import SAID

TUS = {"Tus-Resumable": "1.0.0"}
AGREED = {"state": "OR", "place": "home", "photographs": "yes", "teledentistry": "yes", "billing": "yes", "authority": "mother",
          "signer": "Ana Reyes", "other_authority": ""}  # fmt: skip


def start_of(token: str) -> str:
    return reverse("send-start", args=[token])


def open_phone(token: str, **more: Any) -> Client:
    phone = Client(**more)
    assert phone.post(start_of(token)).status_code == 302
    return phone


def gets_to(phone: Client) -> str:
    """The name of the step to which /send/ leads."""
    response = phone.get(reverse("send"))
    return str(response.headers.get("Location", response.status_code))


def say_flags(phone: Client, *flags: str, shown: Sequence[str] = ()) -> Any:
    return phone.post(reverse("send-flags"), {"flags": list(flags) or ["none"], "shown": list(shown)})


def agree(phone: Client, **changes: str) -> Any:
    return phone.post(reverse("send-consent"), {**AGREED, **changes})


def answer(phone: Client, kind: str = Kind.POST_TREATMENT) -> Any:
    return phone.post(reverse("send-questions"), SAID[kind])


def announce(
    phone: Client,
    content: bytes,
    *,
    public_id: uuid.UUID | None = None,
    view: str = "lesion",
    name: str = "IMG_1.JPG",
    **headers: str,
) -> Any:
    said = {
        "id": str(public_id or uuid.uuid4()),
        "sha256": hashlib.sha256(content).hexdigest(),
        "view": view,
        "filename": name,
    }
    metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items())
    return phone.post(
        reverse("send-uploads"), headers={**TUS, "Upload-Length": str(len(content)), "Upload-Metadata": metadata, **headers}
    )  # fmt: skip


def bring(phone: Client, address: str, content: bytes, *, offset: int = 0) -> Any:
    return phone.patch(
        address, content[offset:], content_type="application/offset+octet-stream", headers={**TUS, "Upload-Offset": str(offset)}
    )  # fmt: skip


def send_picture(phone: Client, content: bytes) -> None:
    announced = announce(phone, content)
    assert announced.status_code == 201, announced.content
    assert bring(phone, announced.headers["Location"], content).status_code == 204


def finish(phone: Client, **more: str) -> Any:
    return phone.post(reverse("send-finish"), {"agree": "on", **more})


def walk(token: str, content: bytes) -> Client:
    """Everything up to "Send", on a phone of its own."""
    phone = open_phone(token)
    say_flags(phone)
    agree(phone)
    answer(phone)
    send_picture(phone, content)
    return phone
