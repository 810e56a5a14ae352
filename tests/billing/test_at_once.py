"""Two people, two processes, one instant: behind a barrier, on a database in a file and on PostgreSQL."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.services.fixtures import Installation
from tests.services.product import SEED

PROCESSES = 3
BARRIER = """
import sys, time
from pathlib import Path
from billing.actions import checking, ending, exporting, sending_anew
from billing.models import Claim, ControlNumber, Export, Receiver
from cases.actions import signing
from cases.models import Review
from teledent.accounts.acting import actor_for
from teledent.accounts.models import Person
from teledent.kit.decisions import Refused
from tests import cast
from tests.billing import cast as money
dev, rita = (actor_for(Person.objects.get(email=f"{name}@example.org")) for name in ("dev", "rita"))

def told(act):
    try:
        act()
        print("done")
    except Refused as refusal:
        print(refusal.sentence)

mine, folder = int(sys.argv[1]), Path(sys.argv[2])
(folder / f"ready-{mine}").touch()
while not (folder / "go").exists():
    time.sleep(0.002)
"""


@pytest.fixture
def at_once(product: Installation, tmp_path: Path) -> Callable[[str], list[str]]:
    def run(code: str) -> list[str]:
        """What each of PROCESSES prints as its last line, all let go at the same instant."""
        logs = [tmp_path / f"log-{n}" for n in range(PROCESSES)]
        script = f"import django; django.setup()\n{BARRIER}\n{code}"
        started = [product.start("-c", script, str(n), str(tmp_path), log=log) for n, log in enumerate(logs)]
        while len(list(tmp_path.glob("ready-*"))) < PROCESSES:
            assert all(process.poll() is None for process in started), [log.read_text() for log in logs]
        (tmp_path / "go").touch()
        assert [process.wait(timeout=120) for process in started] == [0] * PROCESSES, [log.read_text() for log in logs]
        return [log.read_text().strip().splitlines()[-1] for log in logs]

    return run


def test_signatures_at_once_make_one_claim(product, at_once):
    """No click makes a claim, the signature does: so it is the signature that is clicked in several windows at once."""
    product.ask(
        f"{SEED}\ncast.case_at(desk.world, 'in_review', patient=patient)\ncast.write(desk.world, Case.objects.get(), cast.AT)"
    )
    said = at_once(
        "review = Review.objects.get()\n"
        "attested = {'no_live_contact': True, 'not_same_building': True, 'password': cast.PASSWORD, 'at': cast.AT}\n"
        "told(lambda: signing.sign_review(\n"
        "    actor=dev, review=review, version=review.version, evaluation_code='D0140', **attested))"
    )
    assert said.count("done") == 1
    assert product.rows("SELECT part, status FROM billing_claim") == [("dentist", "draft")]
    assert product.rows("SELECT kind FROM billing_claimevent") == [("made",)]


def test_clicks_at_once_make_one_claim_ready_once(product, at_once):
    """Each click says how the claim stands; none is told of a conflict, and none writes what another wrote."""
    product.ask(f"{SEED}\nmoney.signed(desk, patient=patient)")
    said = at_once("print(checking.recheck_claim(actor=rita, claim=Claim.objects.get(), at=money.LATER).status)")
    assert said == ["ready"] * PROCESSES
    assert product.rows("SELECT kind FROM billing_claimevent ORDER BY id") == [("made",), ("make_ready",)]
    assert product.rows("SELECT code FROM billing_claimline ORDER BY number") == [("D0140",), ("D9996",)]
    assert product.rows("SELECT code FROM billing_billedonce") == [("D9996",)]


def test_a_claim_taken_up_again_by_several_is_taken_up_once(product, at_once):
    product.ask(
        f"{SEED}\nclaim = money.ready_claim(desk)\n"
        "ending.do_not_bill(actor=desk.rita, claim=claim, reason='grant', at=money.LATER)"
    )
    said = at_once(
        "claim = Claim.objects.get()\ntold(lambda: ending.bill_after_all(actor=rita, claim=claim, at=money.LATER))"
    )
    assert said.count("done") == 1
    assert {sentence.split(".")[0] for sentence in said} == {"done", "This claim is now ready"}
    kinds = [kind for (kind,) in product.rows("SELECT kind FROM billing_claimevent ORDER BY id")]
    assert kinds == ["made", "make_ready", "do_not_bill", "bill_after_all", "make_ready"]


def test_two_cases_of_one_day_checked_at_once_bill_d9996_once(product, at_once):
    product.ask(f"{SEED}\nfor _ in range({PROCESSES}): money.signed(desk, patient=patient)")
    at_once(
        "claim = Claim.objects.order_by('pk')[mine]\n"
        "print(checking.recheck_claim(actor=rita, claim=claim, at=money.LATER).status)"
    )
    counted = product.ask(
        "from billing.models import *; print(BilledOnce.objects.count(), Claim.objects.filter(status='ready').count())"
    )
    assert counted == "1 1"


def test_exports_asked_for_at_once_are_one_export(product, at_once):
    product.ask(f"{SEED}\nmoney.signed(desk, patient=patient)\nmoney.run_jobs()")
    said = at_once(
        "print(exporting.export_claims(actor=rita, receiver=Receiver.objects.get(), at=money.LATER).public_id)"
    )
    assert len(set(said)) == 1


def test_clicks_on_send_anew_at_once_make_one_export(product, at_once):
    product.ask(f"{SEED}\nmoney.signed(desk, patient=patient)\nmoney.run_jobs()\nmoney.exported(desk)")
    said = at_once(
        "import uuid\n"
        "print(sending_anew.send_claim_anew(actor=rita, claim=Claim.objects.get(), reason='The receiver lost the file',\n"
        "      public_id=uuid.uuid4(), at=money.LATER).public_id)"
    )
    assert len(set(said)) == 1
    counted = product.ask("from billing.models import *; print(Export.objects.count(), BilledOnce.objects.count())")
    assert counted == "2 1"


def test_control_numbers_never_repeat(product, at_once):
    """Exports that finish at once each take a number by compare-and-set; who loses begins again with the next."""
    product.ask(SEED)
    said = at_once(
        "import json\n"
        "from django.db import transaction\n"
        "from billing.outgoing import NumberTaken, take_number\n"
        "receiver, taken = Receiver.objects.get(), []\n"
        "while len(taken) < 8:\n"
        "    wanted = ControlNumber.objects.get().value + 1\n"
        "    try:\n"
        "        with transaction.atomic():\n"
        "            take_number(receiver, wanted)\n"
        "        taken.append(wanted)\n"
        "    except NumberTaken:\n"
        "        pass\n"
        "print(json.dumps(taken))"
    )
    taken = sorted(number for line in said for number in json.loads(line))
    assert taken == list(range(1, 8 * PROCESSES + 1))
