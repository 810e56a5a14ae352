"""Two people, two processes, one instant, on a database in a file and on PostgreSQL: what may happen once happens once."""

import json
from pathlib import Path

from tests.services.fixtures import Installation
from tests.services.starting import wait_until

CHEAP = {"DJANGO_SETTINGS_MODULE": "tests.reading.race_settings"}  # else hashing the password decides who comes first
DRAFT = """
from tests import cast
world = cast.build_world()
case = cast.case_at(world)
cast.fill(world, case, cast.AT)
print(case.pk)
"""
IN_REVIEW = """
from tests import cast
world = cast.build_world()
case = cast.case_at(world, "in_review")
cast.write(world, case, cast.AT)
print(case.pk)
"""
RACER = """
import json, sys, time
from pathlib import Path
from cases.actions import consenting, signing, submitting
from cases.models import Case, Review
from teledent.accounts.acting import actor_for
from teledent.accounts.models import Person
from teledent.kit.decisions import Refused
from tests import cast
mine, folder, case = sys.argv[1], Path(sys.argv[2]), Case.objects.get()
hana, dev = (actor_for(Person.objects.get(email=f"{name}@example.org")) for name in ("hana", "dev"))

def submit():
    submitting.submit_case(actor=hana, case=case, at=cast.AT)

def sign():
    review = Review.objects.get()
    signing.sign_review(actor=dev, review=review, version=review.version, evaluation_code="D0140", no_live_contact=True,
                        not_same_building=True, password=cast.PASSWORD, at=cast.AT)

def withdraw_consent():
    cast.stop(cast.World(case.practice, case.site, case.site, {"hana": hana.person}), case, cast.AT)

(folder / f"ready-{mine}").touch()
while not (folder / "go").exists():
    time.sleep(0.001)
try:
    vars()[sys.argv[3]]()
    print(json.dumps("done"))
except Refused as refusal:
    print(json.dumps(refusal.sentence))
"""


def race(product: Installation, folder: Path, *verbs: str) -> list[str]:
    """What each process says that does its verb, all let go at the same instant."""
    script = f"import django; django.setup()\n{RACER}"
    logs = [folder / f"log-{n}" for n in range(len(verbs))]
    racers = [
        product.start("-c", script, str(n), str(folder), verb, log=logs[n], **CHEAP)
        for n, verb in enumerate(verbs)
    ]  # fmt: skip
    wait_until(lambda: len(list(folder.glob("ready-*"))) == len(verbs), what="all racers to be ready")
    (folder / "go").touch()
    assert [racer.wait(timeout=60) for racer in racers] == [0] * len(verbs), [log.read_text() for log in logs]
    return [json.loads(log.read_text().splitlines()[-1]) for log in logs]


def events(product: Installation, kind: str) -> int:
    return int(product.rows(f"SELECT count(*) FROM cases_caseevent WHERE kind = '{kind}'")[0][0])


def test_a_case_submitted_by_two_at_once_has_one_version(product, tmp_path):
    product.ask(DRAFT, **CHEAP)
    said = race(product, tmp_path, "submit", "submit", "submit")
    assert said.count("done") == 1
    assert product.rows("SELECT version FROM cases_submission") == [(1,)]
    assert events(product, "submit") == 1


def test_consent_withdrawn_in_the_instant_of_signing_never_leaves_a_claim(product, tmp_path):
    """Either the signature came first, and its claim is not billed; or the case stopped, and nothing was signed."""
    product.ask(IN_REVIEW, **CHEAP)
    said = race(product, tmp_path, "sign", "withdraw_consent")
    assert said[1] == "done"
    status = product.rows("SELECT status FROM cases_case")[0][0]
    assert status == ("signed" if said[0] == "done" else "stopped")
    assert product.rows("SELECT count(*) FROM cases_signature")[0][0] == (status == "signed")
    assert product.rows("SELECT count(*) FROM billing_claim WHERE status NOT IN ('draft', 'blocked')") == [(0,)]
