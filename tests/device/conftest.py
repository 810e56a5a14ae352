"""A device of the practice that speaks over HTTP, with what it gathered."""

import json
import uuid
from types import SimpleNamespace

import pytest

from tests import cast
from tests.capture.conftest import announce, as_person, at, disk, elsewhere, hana, patch, work, world  # noqa: F401 - found by name
from tests.device import said
from tests.events.conftest import event, mateo  # noqa: F401 - fixtures are found by name

JSON = {"content_type": "application/json", "headers": {"Accept": "application/json"}}
STATEMENT = "submit-2026-11"


@pytest.fixture
def tablet(world, hana):  # noqa: F811 - the fixtures above
    """The id of a device that Hana registered."""
    return register(hana, "Tablet 3")


@pytest.fixture
def gathered(world, event):  # noqa: F811
    """Makes the manifest of a child on file as Hana's device gathered it."""

    def made(child, *, by="hana", **changed):
        person = str(world.people[by].public_id)
        content = said.manifest(
            site=str(world.school.public_id), event=str(event.public_id), opened={"at": "2026-11-17T09:31:02-08:00", "by": person},
            patient={"id": str(child.public_id), "new": None, "another": False} if child else None,
            finished={"at": "2026-11-17T09:39:00-08:00", "by": person, "statement": STATEMENT},
        )  # fmt: skip
        return {**content, **changed}

    return made


def register(client, name):
    public_id = uuid.uuid4()
    body = json.dumps(
        {"id": str(public_id), "name": name, "clock_offset_ms": None, "holds": None, "recovery_key": None}
    )
    assert client.post("/device/api/register", body, **JSON).status_code == 201
    return public_id


def put(client, tablet, content, **attempt):
    body = json.dumps(said.envelope(content, device=tablet, **attempt))
    return client.put(f"/device/api/cases/{content['case']}", body, **JSON)


def finish(client, tablet, content):
    body = {
        "device": str(tablet),
        "revision": content["revision"],
        "sent_at": "2026-11-17T15:03:00-08:00",
        "clock_offset_ms": -1200,
    }
    return client.post(f"/device/api/cases/{content['case']}/finish", json.dumps(body), **JSON)


def told(client, content, *, device=None):
    asking = f"?device={device}" if device else ""
    answer = client.get(f"/device/api/cases/{content['case']}{asking}", headers=JSON["headers"])
    assert answer.status_code == 200, answer.content
    return answer.json()


def send_files(client, content, bytes_of):
    """Every file of the manifest by the receiver of Capture, as its own sender does."""
    case = SimpleNamespace(public_id=content["case"])
    for one in content["files"]:
        answer = announce(client, case, bytes_of[one["id"]], public_id=one["id"])
        assert answer.status_code == 201, answer.content
        assert patch(client, answer["Location"], bytes_of[one["id"]], offset=0).status_code == 204


def new_child(world, number):  # noqa: F811
    family = f"Family{chr(97 + number // 26)}{chr(97 + number % 26)}"
    born = cast.date(2017, 1 + number // 28, 1 + number % 28)
    return cast.make_patient(world, given=f"Child{chr(97 + number % 26)}", family=family, born=born)
