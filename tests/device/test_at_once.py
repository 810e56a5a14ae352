"""Two devices that send the same case at the same moment: one of them opens it, and nothing is made twice."""

AT_ONCE = """
import threading, uuid
from django.db import connections
from cases.actions.devices import register_device
from cases.actions.forwarding import Sending, forward_case
from cases.device.manifest import read_manifest
from cases.device.reading import sha256_of
from cases.models import Case, Forward
from teledent.kit import clock
from teledent.kit.decisions import Conflict
from tests import cast
from tests.device import said

world, at = cast.build_world(), clock.now()
hana, patient, day = world.of("hana"), cast.make_patient(world), at.date()
content = said.manifest(
    site=str(world.school.public_id), day_seen="2026-11-17", opened={"at": "2026-11-17T09:31:02-08:00", "by": str(hana.person.public_id)},
    patient={"id": str(patient.public_id), "new": None, "another": False}, services=[],
)
manifest = read_manifest(content, today=day, file_size_max=1)
devices = [register_device(actor=hana, public_id=uuid.uuid4(), name=name, clock_offset_ms=0, at=at)[0] for name in "AB"]
ready, heard = threading.Barrier(4), []

def send(device):
    ready.wait(20)
    try:
        sending = Sending(device, at, 0, sha256_of(content))
        heard.append(forward_case(actor=hana, sending=sending, manifest=manifest, site=world.school, event=None, at=at)[1])
    except Conflict:
        heard.append("again")
    finally:
        connections.close_all()

threads = [threading.Thread(target=send, args=[device]) for device in devices * 2]
for one in threads:
    one.start()
for one in threads:
    one.join()
print(Case.objects.count(), Forward.objects.count(), heard.count(True), len(heard))
"""


def test_one_case_one_manifest_and_one_who_opened_it(product):
    assert product.ask(AT_ONCE) == "1 1 1 4"
