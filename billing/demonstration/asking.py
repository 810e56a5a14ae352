"""What payers were asked beforehand: one approval that stands on a claim, and one request that waits for its answer."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from billing.actions.authorising import Approval, Asked, begin_request, mark_sent, record_approval
from billing.actions.verifying import record_verification
from billing.demonstration.people import Cast
from billing.models import Authorisation, Claim, Coverage, Part, PlanSays, RequestHow, RequestKind, VerifiedHow, Wanted
from billing.states import Status
from teledent.kit import clock

APPROVED, WAITING = (uuid5(NAMESPACE_URL, f"demonstration/authorisation/{name}") for name in ("approved", "waiting"))
NUMBER = "A-4471-2088"


@transaction.atomic
def ask_beforehand(cast: Cast, *, at: datetime) -> None:
    """Once, when the claims are there; nothing where the demonstration has too few of them."""
    ready = Claim.objects.filter(practice=cast.practice, status=Status.READY, part=Part.DENTIST, coverage__isnull=False)
    claim = ready.select_related("case", "coverage__patient").order_by("pk").first()
    if claim is None or claim.coverage is None or Authorisation.objects.filter(practice=cast.practice).exists():
        return
    _approved(cast, claim, claim.coverage, at=at)
    others = Coverage.objects.filter(patient__practice=cast.practice).exclude(patient=claim.case.patient_id)
    other = others.filter(valid_until__isnull=True, patient__merged_into__isnull=True).order_by("-pk").first()
    if other is not None:
        _waiting(cast, other, at=at)


def _approved(cast: Cast, claim: Claim, coverage: Coverage, *, at: datetime) -> None:
    """The payer's portal said yes before the child was seen, to two units."""
    june, code = cast.of("june"), claim.lines.order_by("number").values_list("code", flat=True)[0]
    day, asked_at = claim.service_date or at.date(), at - timedelta(minutes=50)
    row = begin_request(
        actor=june, coverage=coverage, public_id=APPROVED, kind=RequestKind.AUTHORISATION, lines=[Asked(code, units=2)],
        reason="The group wants evaluations by teledentistry asked for", at=asked_at,
    )  # fmt: skip
    with clock.standing_at(at - timedelta(minutes=45)):
        mark_sent(
            actor=june, row=row, sent_on=day - timedelta(days=6), sent_how=RequestHow.PORTAL, reference="W-20931", at=clock.now(),
        )  # fmt: skip
        said = Approval(NUMBER, day - timedelta(days=4), day - timedelta(days=4), day + timedelta(days=24))
        record_approval(actor=june, row=row, said=said, of_lines={}, at=clock.now())


def _waiting(cast: Cast, coverage: Coverage, *, at: datetime) -> None:
    """The plan said that it wants one; the fax went out five days ago."""
    june, day = cast.of("june"), (at - timedelta(days=5)).date()
    told = {"verified_on": day, "how": VerifiedHow.PHONE, "asynchronous": PlanSays.UNKNOWN, "authorisation": Wanted.NEEDED,
            "reference": "", "note": "Treatment only after approval"}  # fmt: skip
    record_verification(
        actor=june, coverage=coverage, public_id=uuid5(WAITING, "verified"), said=told, at=at - timedelta(minutes=42)
    )
    row = begin_request(
        actor=june, coverage=coverage, public_id=WAITING, kind=RequestKind.AUTHORISATION, lines=[Asked("D1354", "A", 1)],
        reason="Decay into dentine, seen in the pictures", at=at - timedelta(minutes=40),
    )  # fmt: skip
    mark_sent(actor=june, row=row, sent_on=day, sent_how=RequestHow.FAX, at=at - timedelta(minutes=38))
