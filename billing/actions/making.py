"""From a signed case to its claims: the dentist's and, apart, the hygienist's (CL-4). Nobody clicks for it."""

from datetime import datetime

from billing.models import Claim, Part
from billing.moving import CHECK, record_event
from billing.numbers import claim_id
from billing.signed import services_of
from cases.actions.opening import next_number
from cases.codes import kind_of_image
from cases.models import Case
from teledent.jobs.queue import enqueue


def draft_claims(case: Case, at: datetime) -> None:
    """Inside the signing transaction, which a case passes once: the drafts and the jobs that check them, so that no
    signed case is forgotten."""
    for part in _parts_of(case):
        enqueue(CHECK, claim_id=draft_claim_of(case, part, at).pk)


def _parts_of(case: Case) -> list[str]:
    """RE-4: without an evaluation there is no dentist's claim. On-site services make the hygienist's (CA-3); pictures
    alone do not, they are the dentist's line (CL-6)."""
    parts = [Part.DENTIST.value] if case.signature.content["review"]["evaluation_code"] else []
    done = services_of(case.signature.review.submission)
    return [*parts, Part.HYGIENIST.value] if any(kind_of_image(one.code) is None for one in done) else parts


def draft_claim_of(case: Case, part: str, at: datetime) -> Claim:
    """The claim of one part of a signed case, not checked yet. Only inside a transaction that holds the case."""
    number = next_number(case.practice, "claim")
    claim = Claim.objects.create(
        practice=case.practice,
        case=case,
        part=part,
        number=number,
        claim_id=claim_id(case.practice_id, number),
        made_at=at,
    )
    record_event(claim, "made", person=None, at=at, details={"case": case.label, "part": part})
    return claim
