"""A process killed while it writes an export: what was begun is done once, by whoever comes next."""

import signal

import pytest

from tests.services.product import SEED

POINTS = ["billing.export.composed", "billing.export.kept", "jobs.finish.written", "jobs.finish.committed"]
THE_OWNER_IS_DEAD = """
from datetime import timedelta
from teledent.jobs import queue
from teledent.jobs.models import Job
from teledent.kit import clock
Job.objects.filter(state="running").update(lease_until=clock.now() - timedelta(seconds=1))
queue.sweep(at=clock.now())
"""
BEGINNING = f"{SEED}\nmoney.signed(desk, patient=patient)\nmoney.run_jobs()"
COUNTED = """
SELECT (SELECT count(*) FROM billing_export WHERE state = 'done'), (SELECT value FROM billing_controlnumber),
       (SELECT count(*) FROM billing_exportclaim), (SELECT status FROM billing_claim),
       (SELECT count(*) FROM billing_export WHERE state <> 'done')
"""


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_leaves_one_export_with_one_number(product_begun, tmp_path, point):
    out = str(tmp_path / "out")
    killed = product_begun.start("manage.py", "export_claims", "--out", out, FAULT=point)
    assert killed.wait(timeout=120) == -signal.SIGKILL
    product_begun.ask(THE_OWNER_IS_DEAD)
    again = product_begun.start("manage.py", "export_claims", "--out", out)
    assert again.wait(timeout=120) == 0
    assert product_begun.rows(COUNTED) == [(1, 1, 1, "exported", 0)]
