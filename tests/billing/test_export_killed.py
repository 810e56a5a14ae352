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
COUNTED = """
from billing.models import *
done = list(Export.objects.filter(state="done"))
print(len(done), ControlNumber.objects.get().value, ExportClaim.objects.count(),
      sorted(Claim.objects.values_list("status", flat=True)), Export.objects.exclude(state="done").count())
"""


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_leaves_one_export_with_one_number(product, tmp_path, point):
    product.ask(f"{SEED}\nmoney.signed(desk, patient=patient)\nmoney.run_jobs()")
    out = str(tmp_path / "out")
    killed = product.start("manage.py", "export_claims", "--out", out, FAULT=point)
    assert killed.wait(timeout=120) == -signal.SIGKILL
    product.ask(THE_OWNER_IS_DEAD)
    again = product.start("manage.py", "export_claims", "--out", out)
    assert again.wait(timeout=120) == 0
    assert product.ask(COUNTED) == "1 1 1 ['exported'] 0"
