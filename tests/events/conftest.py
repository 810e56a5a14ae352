"""A school day of Alder Creek with its list, the cast signed in."""

import base64
import hashlib
import uuid

import pytest
from django.urls import reverse

from cases.actions import attending, events
from cases.models import Roster
from teledent.jobs.performing import perform
from teledent.jobs.queue import claim
from teledent.kit import clock
from tests import cast
from tests.capture.conftest import TUS, as_person, at, disk, elsewhere, patch, world  # noqa: F401 - fixtures are found by name

DAY = cast.AT.date()


def plan(of, *, by="olu", site=None, first=DAY, last=None, team=("hana",), dentist="dev", aim=40):
    details = {
        "starts_on": first, "ends_on": last or first, "aim": aim, "note": "Room by the gym",
        "supervising_dentist": of.people[dentist] if dentist else None,
    }  # fmt: skip
    return events.plan_event(
        actor=of.of(by), site=site or of.school, public_id=uuid.uuid4(), details=details, team=[of.people[name] for name in team],
        at=cast.AT,
    )  # fmt: skip


@pytest.fixture
def event(world):  # noqa: F811 - the fixture above
    return plan(world)


@pytest.fixture
def mateo(world, event):  # noqa: F811 - the fixture above
    patient = cast.make_patient(world)
    attending.add_child(actor=world.of("hana"), event=event, patient=patient, at=cast.AT)
    return patient


def page(event):
    return reverse("event", args=[event.public_id])


def work():
    """Run what waits, with the real decoder."""
    kinds = ["cases.read_roster", "cases.take_roster", "cases.print_forms", "cases.read_form_scan"]
    while job := claim(owner="test", kinds=kinds, at=clock.now()):
        perform(job)


def brought(client, event, content, name="roster.csv"):
    """The roster after it came in by the real receiver and was read."""
    sent(client, reverse("roster-uploads", args=[event.public_id]), content, name)
    return Roster.objects.order_by("-pk").first()


def sent(client, address, content, name):
    """A file that was announced at an address, has arrived and was worked on."""
    answer = client.post(address, headers=announcement(content, name))
    assert answer.status_code == 201, answer.content
    assert patch(client, answer["Location"], content, offset=0).status_code == 204
    work()


def announcement(content, name, size=None):
    """The headers that announce a file to the receiver."""
    metadata = {"id": str(uuid.uuid4()), "sha256": hashlib.sha256(content).hexdigest(), "filename": name}
    said = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in metadata.items())
    return {**TUS, "Upload-Length": str(size or len(content)), "Upload-Metadata": said}
