"""Thirty tablets forward together while a dentist reads: is anything lost, and how much longer does she wait for a page?

Run: python -m benchmarks.thirty_devices [--devices N] [--mbit RATE]. `manage.py serve` on SQLite with its worker, as on a school's
laptop; each device has one child's case with eight photographs of 2400 x 1600 and a line of its own (2 Mbit/s). The dentist asks for the
queue and for a page of a case in turn, twice a second, first alone, then beside the devices. Prints median and 95th percentile and their
ratios. Ends with 1 when a hash is missing in the end or the queue's median is more than twice that of a dentist alone.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.devices import ROOT, TOLD
from tests.flows.processes import PRODUCT, manage
from tests.flows.visitor import Visitor
from tests.services.fixtures import Installation, Served, environment_for, serve
from tests.services.starting import end, wait_until

PASSWORD = "gentle-otter-reads-late"  # noqa: S105 - tests.cast, whose import would start Django here
PICTURES, EVERY, ALONE = 8, 0.5, 25.0  # pictures a child; seconds between two pages, and of reading alone
AIM = 2.0
PREPARE = """
import json, uuid
from datetime import date
from cases.actions import attending, events
from cases.states import Status
from teledent.kit import clock
from tests import cast
world, at = cast.build_world(), clock.now()
today = clock.local_date(at, world.school.time_zone)
details = {{"starts_on": today, "ends_on": today, "supervising_dentist": None, "aim": None, "note": ""}}
event = events.plan_event(actor=world.of("olu"), site=world.school, public_id=uuid.uuid4(), details=details, team=[], at=at)
children = []
for number in range({devices}):
    child = cast.make_patient(world, given=f"Child{{number}}", family=f"Berg{{number}}", born=date(2017, 1 + number // 28, 1 + number % 28))
    cast.consent_to(world, child)
    attending.add_child(actor=world.of("hana"), event=event, patient=child, at=at)
    children.append(str(child.public_id))
for number in range(30):
    cast.case_at(world, Status.SUBMITTED, patient=cast.make_patient(world, given=f"Ada{{number}}", family="Okafor"))
print(json.dumps({{"children": children, "event": str(event.public_id), "site": str(world.school.public_id),
    "by": str(world.people["hana"].public_id), "day": str(today)}}))
"""


class Reader:
    """A dentist with one case open. `times` are seconds by page and phase."""

    def __init__(self, address: str) -> None:
        self.visitor = Visitor((address,))
        self.visitor.sign_in("dev@example.org", PASSWORD)
        case = self.visitor.fill("/reading/", "/reading/next/")
        self.pages = {"queue": "/reading/", "case": case}
        self.times: dict[tuple[str, str], list[float]] = {}

    def read(self, phase: str, *, until: Any) -> None:
        """At an even pace, whatever the pages take, until `until()`."""
        due, turn = time.monotonic(), 0
        while not until():
            name = list(self.pages)[turn % 2]
            began = time.monotonic()
            self.visitor.get(self.pages[name])
            self.times.setdefault((phase, name), []).append(time.monotonic() - began)
            turn, due = turn + 1, max(due + EVERY, time.monotonic())
            time.sleep(due - time.monotonic() if due > time.monotonic() else 0)

    def ratio(self, name: str) -> float:
        return statistics.median(self.times["beside", name]) / statistics.median(self.times["alone", name])

    def report(self) -> None:
        for name in self.pages:
            for phase in ("alone", "beside"):
                times = sorted(self.times[phase, name])
                high = times[int(0.95 * (len(times) - 1))]
                print(
                    f"{name:6} {phase:7} {len(times):4} pages, median {statistics.median(times) * 1000:6.0f} ms, 95 % {high * 1000:6.0f} ms"
                )
            print(f"{name:6} ratio of the medians {self.ratio(name):5.2f}")


def run(folder: Path, told: argparse.Namespace) -> bool:
    data = folder / "data"
    data.mkdir()
    installation = Installation(data, environment_for(data, **PRODUCT))
    manage(installation, "migrate", "-v0")
    facts = json.loads(installation.ask(PREPARE.format(devices=told.devices)))
    served = serve(installation)
    try:
        reader = Reader(served.address)
        reader.read("warming", until=_after(3.0))
        reader.read("alone", until=_after(ALONE))
        facts |= {"pictures": PICTURES, "rate": told.mbit * 125_000}
        said = forward_beside(reader, served, facts, result=folder / "devices.json")
    finally:
        end(served.process)
        installation.end_all()
    stored = {row[0] for row in installation.rows("SELECT sha256 FROM files_storedfile")}
    lost = sorted(set(said["sent"]) - stored) + said["unproved"]
    reader.report()
    print(
        f"{told.devices} devices sent {len(said['sent'])} files, {said['bytes'] / 1e6:.0f} MB, in {said['seconds']:.0f} s "
        f"({said['bytes'] / said['seconds'] / 1e6:.1f} MB/s), asked to come back {said['busy']} times; "
        f"{said['submitted']} cases submitted, {len(lost)} files lost"
    )
    print(*said["stops"], sep="\n")
    return not lost and reader.ratio("queue") <= AIM


def _after(seconds: float) -> Any:
    until = time.monotonic() + seconds
    return lambda: time.monotonic() > until


def forward_beside(reader: Reader, served: Served, facts: dict[str, Any], *, result: Path) -> dict[str, Any]:
    """The devices in a process of their own, which is ready before it begins; what it wrote in the end."""
    command = [sys.executable, "-m", "benchmarks.devices", served.address, str(result)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as devices:
        assert devices.stdin
        assert devices.stdout
        devices.stdin.write(json.dumps(facts) + "\n")
        devices.stdin.flush()
        assert devices.stdout.readline().strip() == TOLD
        devices.stdin.write("go\n")
        devices.stdin.flush()
        reader.read("beside", until=lambda: devices.poll() is not None)
        wait_until(lambda: devices.poll() == 0, what="the devices to come to their end")
        return dict(json.loads(result.read_text()))


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--devices", type=int, default=30)
    asked.add_argument("--mbit", type=float, default=2.0)
    with tempfile.TemporaryDirectory() as folder:
        return 0 if run(Path(folder), asked.parse_args()) else 1


if __name__ == "__main__":
    sys.exit(main())
