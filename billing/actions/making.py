"""From a signed case to its claims: the dentist's and, apart, the hygienist's (CL-4). A second click finds the first."""

from datetime import datetime

from django.db import transaction

from billing.actions.checking import CHECK, check_claim
from billing.models import Claim, Part
from billing.moving import record_event
from billing.numbers import claim_id
from billing.permissions import may
from billing.signed import services_of
from billing.states import Status
from cases.actions.opening import next_number
from cases.codes import kind_of_image
from cases.models import Case
from cases.moving import lock
from cases.states import BILLABLE
from teledent.accounts.acting import Actor
from teledent.jobs.queue import enqueue
from teledent.kit.decisions import Refused, require


@transaction.atomic
def make_claims(*, actor: Actor, case: Case, at: datetime) -> list[Claim]:
    """The claims of a signed case, made where there is none yet and checked. However often, one claim a part."""
    require(may(actor, "work_claims"))
    case = lock(case.pk)
    if case.practice_id != actor.practice.pk or case.status not in BILLABLE:
        raise Refused("Claims are made from signed cases of your practice.")
    _make_missing(case, at)
    live = Claim.objects.filter(case=case).exclude(status=Status.STOPPED).order_by("pk")
    return [check_claim(claim.pk, at=at, person=actor.person) for claim in live]


def draft_claims(case: Case, at: datetime) -> None:
    """Inside the signing transaction: the drafts and the job that checks them, so that no signed case is forgotten."""
    for claim in _make_missing(case, at):
        enqueue(CHECK, claim_id=claim.pk)


def _make_missing(case: Case, at: datetime) -> list[Claim]:
    """Only inside a transaction that holds the case's lock: so two clicks at once come one after the other."""
    there = set(Claim.objects.filter(case=case).exclude(status=Status.STOPPED).values_list("part", flat=True))
    return [_draft(case, part, at) for part in _parts_of(case) if part not in there]


def _parts_of(case: Case) -> list[str]:
    """RE-4: without an evaluation there is no dentist's claim. On-site services make the hygienist's (CA-3); pictures
    alone do not, they are the dentist's line (CL-6)."""
    parts = [Part.DENTIST.value] if case.signature.content["review"]["evaluation_code"] else []
    done = services_of(case.signature.review.submission)
    return [*parts, Part.HYGIENIST.value] if any(kind_of_image(one.code) is None for one in done) else parts


def _draft(case: Case, part: str, at: datetime) -> Claim:
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
