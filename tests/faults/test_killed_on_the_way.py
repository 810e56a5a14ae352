"""Kill -9 at every named step of the trip: what the client was told is there, and there once."""

import random

import pytest

from teledent.kit import clock
from tests.faults.conftest import ROUNDS
from tests.faults.house import House
from tests.flows import pictures, trip
from tests.flows.visitor import Visitor

pytestmark = pytest.mark.faults

UPLOADING = [  # in the web server; a file of three parts writes three chunks, then the whole
    "files.synced@2", "files.synced@4", "files.chunk.renamed@3", "files.chunk.committed@2", "files.chunk.committed@3",
    "files.joined@1", "files.finish.written@1", "files.finish.committed@1",
]  # fmt: skip
EXAMINING = [  # in the worker; a file has three pictures
    "jobs.claimed@1", "files.synced@1", "files.synced@3", "jobs.ran@1", "jobs.finish.written@1", "jobs.finish.committed@1",
]  # fmt: skip
SIGNING = ["cases.sign.written@1", "cases.sign.committed@1"]
CHECKING = ["jobs.claimed@1", "jobs.ran@1", "jobs.finish.written@1", "jobs.finish.committed@1"]
EXPORTING = [
    "jobs.claimed@1", "billing.export.composed@1", "files.synced@1", "billing.export.kept@1", "jobs.ran@1", "jobs.finish.written@1",
    "jobs.finish.committed@1",
]  # fmt: skip


def drawn(points: list[str], seed: int) -> list[str]:
    """One point a round: all of them in an order by seed, again and again."""
    chance, found = random.Random(seed), []
    while len(found) < ROUNDS:
        found += chance.sample(points, len(points))
    return found[:ROUNDS]


def test_dozens_of_kills_lose_nothing_and_double_nothing(house, prepared):
    """One round is one trip. Processes go on from round to round; only what died starts again."""
    hana, dev, rita = (house.visitor(email) for email in (trip.HANA, trip.DEV, trip.RITA))
    points = (UPLOADING, EXAMINING, SIGNING, CHECKING, EXPORTING)
    steps = zip(*(drawn(one, seed) for seed, one in enumerate(points)), strict=True)
    for number, (case, (upload, examine, sign, check, export)) in enumerate(
        zip(prepared[1]["cases"], steps, strict=True)
    ):
        images = [
            send_while_dying(house, hana, case, upload, number),
            examine_while_dying(house, hana, case, examine, number),
        ]
        sign_while_dying(house, hana, dev, case, images, sign, check if number % 2 else "")
        export_while_dying(house, rita, prepared[1]["receiver"], export, asked=number % 3 == 0)
    house.await_no_work()
    assert house.misfits() == []


def send_while_dying(house: House, hana: Visitor, case: str, upload: str, number: int) -> str:
    """The web server dies while it takes a picture; the sender goes on until she has her receipt."""
    house.order("web", upload)
    (receipt,) = trip.send_pictures(hana, case, {"frontal": pictures.snapshot(2 * number)})
    assert house.has_died("web"), f"The web server came past {upload} alive."
    house.account["receipts"].append(receipt)
    return str(receipt["id"])


def examine_while_dying(house: House, hana: Visitor, case: str, examine: str, number: int) -> str:
    """The worker dies while it examines a picture."""
    house.await_no_work()
    house.order("worker", examine)
    (receipt,) = trip.send_pictures(hana, case, {"lower": pictures.snapshot(2 * number + 1)})
    house.account["receipts"].append(receipt)
    house.await_death_of_the_worker(examine)
    return str(receipt["id"])


def sign_while_dying(
    house: House, hana: Visitor, dev: Visitor, case: str, images: list[str], sign: str, check: str
) -> None:
    """The web server dies while it takes the signature, on some rounds the worker too, while it checks the claim that follows."""
    trip.submit(hana, case)
    house.await_no_work()
    trip.start(dev, case)
    trip.write_review(dev, case, images, today=clock.now().date())
    house.order("web", sign)
    if check:
        house.order("worker", check)
    dev.again(lambda: sign_or_find_signed(dev, case))
    assert house.has_died("web"), f"The web server came past {sign} alive."
    house.account["signed"].append(case)
    if check:
        house.await_death_of_the_worker(check)
    house.await_no_work()


def sign_or_find_signed(dev: Visitor, case: str) -> str:
    """What a dentist does whose page did not come: look whether it is signed, and sign if not."""
    if "<b>Dr. Dev Halloran</b>, NPI" in dev.get(f"/cases/{case}/").text:
        return ""
    return trip.sign(dev, case)


def export_while_dying(house: House, rita: Visitor, receiver: str, export: str, *, asked: bool) -> None:
    """The worker dies while it writes the file; on some rounds the web server too, between commit and answer."""
    house.order("worker", export)
    if asked:
        house.order("web", "billing.export.asked@1")
    rita.again(lambda: rita.post(f"/claims/receivers/{receiver}/export/"))
    assert house.has_died("web"), "The web server came past billing.export.asked alive."
    house.await_death_of_the_worker(export)
    house.account["exports"] += 1
