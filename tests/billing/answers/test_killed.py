"""A process killed while it reads or posts a file: what was begun is done once, by whoever comes next."""

import signal

import pytest

from tests.billing.answers.paper import Clp, Svc, check, file_of
from tests.billing.test_export_killed import THE_OWNER_IS_DEAD
from tests.services.product import SEED

BEGINNING = f"""{SEED}
money.signed(desk, patient=patient)
money.run_jobs()
money.exported(desk)
from billing.models import Claim
print(Claim.objects.get().claim_id)
"""
COUNTED = """
SELECT (SELECT state FROM billing_edifile), (SELECT count(*) FROM billing_edipart), (SELECT state FROM billing_remittance),
       (SELECT count(*) FROM billing_claimpayment), (SELECT count(*) FROM billing_linepayment),
       (SELECT count(*) FROM billing_lineoutcome), (SELECT status FROM billing_claim)
"""
POINTS = [
    "billing.answers.kept", "billing.answers.staged", "billing.answers.taken", "billing.answers.posted", "jobs.finish.written",
    "jobs.finish.committed",
]  # fmt: skip


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_leaves_one_payment_posted_once(product_begun, beginning, tmp_path, point):
    claim_id = beginning.said.split()[-1]
    lines = [Svc("D0140", "72.00", "72.00", control=f"{claim_id}-1"), Svc("D9996", "0", "0", control=f"{claim_id}-2")]
    path = tmp_path / "remit.835"
    path.write_bytes(file_of(check(Clp(claim_id, "72.00", "72.00", lines))))
    killed = product_begun.start("manage.py", "import_edi", str(path), FAULT=point)
    assert killed.wait(timeout=120) == -signal.SIGKILL
    product_begun.ask(THE_OWNER_IS_DEAD)
    again = product_begun.start("manage.py", "import_edi", str(path))
    assert again.wait(timeout=120) == 0
    assert product_begun.rows(COUNTED) == [("read", 1, "posted", 1, 2, 2, "paid")]
    assert [float(paid) for (paid,) in product_begun.rows("SELECT paid FROM billing_claim")] == [72.0]
