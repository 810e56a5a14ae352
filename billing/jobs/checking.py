"""Check claims again because something they rest on has changed. Each claim in a transaction of its own."""

from django.db.models import QuerySet

from billing.actions.checking import check_claim
from billing.models import Claim
from billing.moving import CHECK
from teledent.jobs.registry import Effect, job
from teledent.kit import clock


@job(CHECK)
def check_claims(
    *,
    claim_id: int | None = None,
    patient_id: int | None = None,
    payer_id: int | None = None,
    practice_id: int | None = None,
    **_: object,
) -> Effect | None:
    """One claim, or the unsent claims of a patient, a payer or a practice. A check done twice changes nothing."""
    for found in _named(claim_id, patient_id, payer_id, practice_id).values_list("pk", flat=True):
        check_claim(found, at=clock.now())
    return None


def _named(
    claim_id: int | None, patient_id: int | None, payer_id: int | None, practice_id: int | None
) -> "QuerySet[Claim]":
    by = {"pk": claim_id, "case__patient": patient_id, "coverage__payer": payer_id, "practice": practice_id}
    given = {column: value for column, value in by.items() if value is not None}
    claims = Claim.objects.filter(**given).to_check() if given else Claim.objects.none()
    return claims.order_by("case_id", "pk")
