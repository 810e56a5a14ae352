"""A process killed while it reads or posts a file: what was begun is done once, by whoever comes next."""

import signal

import pytest

from tests.billing.answers.paper import Clp, Svc, check, file_of
from tests.billing.test_export_killed import THE_OWNER_IS_DEAD
from tests.services.product import SEED

SENT = f"""{SEED}
money.signed(desk, patient=patient)
money.run_jobs()
money.exported(desk)
from billing.models import Claim
print(Claim.objects.get().claim_id)
"""
COUNTED = """
from billing.models import *
print(list(EdiFile.objects.values_list("state", flat=True)), list(Remittance.objects.values_list("state", flat=True)),
      ClaimPayment.objects.count(), LinePayment.objects.count(), LineOutcome.objects.count(), Claim.objects.get().status,
      Claim.objects.get().paid, EdiPart.objects.count())
"""
POINTS = [
    "billing.answers.kept", "billing.answers.staged", "billing.answers.taken", "billing.answers.posted", "jobs.finish.written",
    "jobs.finish.committed",
]  # fmt: skip


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_leaves_one_payment_posted_once(product, tmp_path, point):
    claim_id = product.ask(SENT).split()[-1]
    lines = [Svc("D0140", "72.00", "72.00", control=f"{claim_id}-1"), Svc("D9996", "0", "0", control=f"{claim_id}-2")]
    path = tmp_path / "remit.835"
    path.write_bytes(file_of(check(Clp(claim_id, "72.00", "72.00", lines))))
    killed = product.start("manage.py", "import_edi", str(path), FAULT=point)
    assert killed.wait(timeout=120) == -signal.SIGKILL
    product.ask(THE_OWNER_IS_DEAD)
    again = product.start("manage.py", "import_edi", str(path))
    assert again.wait(timeout=120) == 0
    assert product.ask(COUNTED) == "['read'] ['posted'] 1 2 2 paid 72.00 1"
