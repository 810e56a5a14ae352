"""A case over HTTP: the cast signed in, a private storage of the test's own, and the worker run by hand."""

import base64
import hashlib
import re
import uuid

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse

from cases.models import Asset, Case
from teledent.jobs.models import Job
from teledent.jobs.performing import perform
from teledent.jobs.queue import claim
from teledent.kit import clock
from tests import cast
from tests.services.standing import built_once

TUS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture
def disk(world):
    """Where the files of this test lie: a copy of what lay on its stage."""
    return storages["default"]


@pytest.fixture(autouse=True)
def at(monkeypatch):
    """The clock stands at the cast's moment."""
    monkeypatch.setattr(clock, "now", lambda: cast.AT)
    return cast.AT


@built_once
def world():
    return cast.build_world()


@pytest.fixture
def elsewhere(world):
    return cast.build_world("Other-")


@pytest.fixture
def as_person(world):
    """A client in which the named person has signed in."""

    def signed_in(name: str, of: cast.World | None = None) -> Client:
        client = Client()
        client.force_login((of or world).people[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def hana(as_person) -> Client:
    return as_person("hana")


def words(response) -> str:
    """What the page says, without its markup."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.replace("&#x27;", "'").replace("’", "'").replace("&amp;", "&").split())


def page_of(case: Case) -> str:
    return reverse("capture-case", args=[case.public_id])


def save(client: Client, case: Case, section: str, *, htmx: bool = True, revision: int | None = None, **answers):
    case.refresh_from_db()
    headers = {"HX-Request": "true"} if htmx else {}
    data = {"revision": case.revision if revision is None else revision, **answers}
    return client.post(reverse("capture-save", args=[case.public_id, section]), data, headers=headers)


def announce(client: Client, case: Case, content: bytes, *, public_id: uuid.UUID | None = None, **labels: str):
    """POST as the page's own sender does."""
    metadata = {
        "id": str(public_id or uuid.uuid4()), "sha256": hashlib.sha256(content).hexdigest(), "case": str(case.public_id),
        "filename": "IMG_0001.JPG", "device": "Intraoral camera", **labels,
    }  # fmt: skip
    said = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in metadata.items() if value)
    headers = {**TUS, "Upload-Length": str(len(content)), "Upload-Metadata": said, "Accept": "application/json"}
    return client.post(reverse("capture-uploads"), headers=headers)


def patch(client: Client, address: str, part: bytes, *, offset: int):
    headers = {**TUS, "Upload-Offset": str(offset)}
    return client.generic("PATCH", address, part, content_type="application/offset+octet-stream", headers=headers)


def send(client: Client, case: Case, content: bytes, **labels: str) -> Asset:
    """A whole file by the real receiver, not yet examined."""
    answer = announce(client, case, content, **labels)
    assert answer.status_code == 201, answer.content
    assert patch(client, answer["Location"], content, offset=0).status_code == 204
    return Asset.objects.order_by("-pk").first()


def work() -> int:
    """Run every waiting job with the real decoder, in this process."""
    done = 0
    while job := claim(owner="test", kinds=["cases.examine_asset"], at=clock.now()):
        perform(job)
        done += 1
    assert not Job.objects.filter(state=Job.State.PARKED).exists()
    return done
