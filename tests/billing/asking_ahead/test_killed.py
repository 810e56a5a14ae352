"""A process killed while it writes a file of requests: it is written once, by whoever comes next, and asks once."""

import signal

import pytest

from tests.billing.test_export_killed import THE_OWNER_IS_DEAD
from tests.services.product import SEED

POINTS = [
    "billing.requests.asked", "billing.requests.composed", "billing.requests.kept", "jobs.finish.written", "jobs.finish.committed",
]  # fmt: skip
BEGINNING = f"""{SEED}
from tests.billing.asking_ahead import cast as ahead
ahead.with_fees(desk)
ahead.drafted(desk, money.signed(desk, patient=patient))
money.run_jobs()
"""
ASKS = """
import django; django.setup()
from billing.actions.asking_by_file import ask_by_file
from billing.models import Authorisation
from teledent.accounts.acting import actor_for
from teledent.accounts.models import Person
from teledent.kit.decisions import Refused
from tests.billing import cast as money
rita = actor_for(Person.objects.get(email="rita@example.org"))
try:
    ask_by_file(actor=rita, row=Authorisation.objects.get(), at=money.LATER)
except Refused as refusal:
    print(refusal.sentence)
money.run_jobs()
"""
COUNTED = """
SELECT (SELECT count(*) FROM billing_requestfile WHERE state = 'done'), (SELECT value FROM billing_controlnumber),
       (SELECT count(*) FROM billing_filedrequest), (SELECT status FROM billing_authorisation),
       (SELECT count(*) FROM billing_authorisationevent WHERE kind = 'send'),
       (SELECT count(*) FROM billing_requestfile WHERE state <> 'done')
"""


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_leaves_one_file_with_one_number(product_begun, point):
    killed = product_begun.start("-c", ASKS, FAULT=point)
    assert killed.wait(timeout=120) == -signal.SIGKILL
    product_begun.ask(THE_OWNER_IS_DEAD)
    again = product_begun.start("-c", ASKS)
    assert again.wait(timeout=120) == 0
    assert product_begun.rows(COUNTED) == [(1, 1, 1, "sent", 1, 0)]
