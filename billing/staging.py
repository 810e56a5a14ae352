"""A remittance becomes rows while it streams: a batch at a time, unseen until its last segment agrees.

Only a payment that adds up is posted: what BPR says was paid must be what its claims and provider adjustments come to.
Another is kept, shown with the amount by which it is out, and posts nothing.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Q

from billing.models import (
    ClaimPayment,
    EdiFile,
    EdiPart,
    EdiPartState,
    LinePayment,
    Payer,
    ProviderAdjustment,
    Remittance,
    RemittanceState,
)
from billing.posting import POST
from billing.x12 import r835
from billing.x12.elements import ZERO
from billing.x12.reading import Numbered, TransactionSet
from teledent.accounts.models import Practice
from teledent.jobs.queue import enqueue
from teledent.kit import faults

BATCH = 200  # claims written together, and all that is held


class NotOurs(Exception):
    """The payment is for somebody else; the sentence says for whom."""


class Twice(Exception):
    """This very payment was here before; the sentence says when."""


@dataclass(slots=True)
class Tally:
    """What the claims and provider adjustments of one payment come to."""

    claims: int = 0
    paid: Decimal = ZERO
    provider: Decimal = ZERO
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def over(self, body: Iterator[Numbered]) -> Iterator[Numbered]:
        for number, segment in body:
            self.digest.update("*".join(segment).encode() + b"~")
            yield number, segment


def stage_remittance(file: EdiFile, found: TransactionSet, *, at: datetime) -> None:
    """Read one 835 into rows and, when it adds up, have it posted. Raises BrokenEdiError, NotOurs or Twice; then nothing
    of it stays."""
    tally = Tally()
    events = r835.read_835(replace(found, body=tally.over(found.body)))
    payment = next(events)
    assert isinstance(payment, r835.Payment)  # noqa: S101 - read_835 yields the payment first, or raises
    _require_ours(file.practice, payment)
    remittance = _begin(file, found, payment, at=at)
    try:
        _write_all(remittance, events, tally)
        faults.point("billing.answers.staged")
        settle(remittance, tally)
    except Exception:
        _discard(remittance)
        raise


def _require_ours(practice: Practice, payment: r835.Payment) -> None:
    named = [
        (payment.payee_npi, practice.group_npi),
        (payment.payee_tin.replace("-", ""), practice.tax_id.replace("-", "")),
    ]
    told = [(theirs, ours) for theirs, ours in named if theirs and ours]
    if told and all(theirs != ours for theirs, ours in told):
        raise NotOurs(f"This payment is for another practice ({payment.payee_name or told[0][0]}); nothing was posted.")


def _begin(file: EdiFile, found: TransactionSet, payment: r835.Payment, *, at: datetime) -> Remittance:
    with transaction.atomic():
        part = EdiPart.objects.create(file=file, segment=found.number, kind="835", state=EdiPartState.TAKEN)
        return Remittance.objects.create(
            practice=file.practice, part=part, payer=_payer(file.practice, payment), amount=payment.amount,
            method=payment.method[:3], paid_on=payment.paid_on, trace=payment.trace[:50], originator=payment.originator[:10],
            payer_name=payment.payer_name[:60], payer_identifier=payment.payer_id[:80], payee_npi=payment.payee_npi[:10],
            received_at=at,
        )  # fmt: skip


def _payer(practice: Practice, payment: r835.Payment) -> Payer | None:
    if not payment.payer_id:
        return None
    same = list(Payer.objects.filter(practice=practice, payer_id=payment.payer_id)[:2])
    return same[0] if len(same) == 1 else None


def _write_all(
    remittance: Remittance, events: Iterator[r835.Payment | r835.ClaimPayment | r835.ProviderAdjustment], tally: Tally
) -> None:
    batch: list[r835.ClaimPayment] = []
    for event in events:
        if isinstance(event, r835.ClaimPayment):
            tally.claims, tally.paid = tally.claims + 1, tally.paid + event.paid
            batch.append(event)
        elif isinstance(event, r835.ProviderAdjustment):
            tally.provider += event.amount
            ProviderAdjustment.objects.create(
                remittance=remittance, reason=event.reason[:3], reference=event.reference[:50], amount=event.amount
            )
        if len(batch) == BATCH:
            write_claims(remittance, batch)
            batch.clear()
    write_claims(remittance, batch)


def write_claims(remittance: Remittance, batch: list[r835.ClaimPayment]) -> None:
    """Claims of one payment and their lines as rows."""
    with transaction.atomic():
        rows = ClaimPayment.objects.bulk_create(_claim_row(remittance, one) for one in batch)
        LinePayment.objects.bulk_create(
            _line_row(row, number, line)
            for row, one in zip(rows, batch, strict=True)
            for number, line in enumerate(one.lines, start=1)
        )


def _claim_row(remittance: Remittance, one: r835.ClaimPayment) -> ClaimPayment:
    return ClaimPayment(
        remittance=remittance, segment=one.number, claim_identifier=one.claim_id[:38], status_code=one.status[:2],
        charge=one.charge, paid=one.paid, patient_share=one.patient_share, out_by=one.out_by,
        payer_claim_number=one.payer_claim_number[:50], authorisation_number=one.number_granted("G1")[:50],
        predetermination_number=one.number_granted("G3")[:50], patient_name=one.patient_name[:100], member_id=one.member_id[:80],
        service_date=one.service_date, remarks=one.remarks, adjustments=_plain(one.adjustments),
    )  # fmt: skip


def _line_row(payment: ClaimPayment, number: int, line: r835.Line) -> LinePayment:
    return LinePayment(
        payment=payment, number=number, code=line.code[:48], submitted_code=line.submitted_code[:48],
        control_number=line.control_number[:50], service_date=line.service_date, charge=line.charge, paid=line.paid,
        allowed=line.allowed, units=line.units, adjustments=_plain(line.adjustments), remarks=line.remarks,
    )  # fmt: skip


def _plain(adjustments: list[r835.Adjustment]) -> list[list[str]]:
    return [[one.group, one.reason, str(one.amount)] for one in adjustments]


def settle(remittance: Remittance, tally: Tally) -> None:
    """The set is whole: it becomes visible, held or on its way to be posted, or it is one that was here before."""
    remittance.claim_count, remittance.claims_total, remittance.provider_total = (
        tally.claims,
        tally.paid,
        tally.provider,
    )
    remittance.out_by = remittance.amount - (tally.paid - tally.provider)
    remittance.identity = _identity(remittance, tally)
    remittance.state = RemittanceState.HELD if remittance.out_by else RemittanceState.POSTING
    known = Remittance.objects.whole().filter(practice=remittance.practice_id).filter(_same(remittance)).first()
    if known is not None:
        raise Twice(_said_twice(remittance, known))
    try:
        with transaction.atomic():
            remittance.save()
            if not remittance.out_by:
                enqueue(POST, dedupe=f"post:{remittance.pk}", remittance_id=remittance.pk)
    except IntegrityError as taken:
        raise Twice(f"Check {remittance} came in twice at the same moment; the other one counts.") from taken


def _same(remittance: Remittance) -> Q:
    """Rows that are this very payment: of its identity, or typed from paper before its file came."""
    same = Q(identity=remittance.identity)
    if remittance.trace and remittance.payer_id is not None and remittance.part_id is not None:
        check = {"trace": remittance.trace, "paid_on": remittance.paid_on, "amount": remittance.amount}
        same |= Q(payer=remittance.payer_id, entered_by__isnull=False, **check)
    return same


def _identity(remittance: Remittance, tally: Tally) -> str:
    """Who paid how much, when, under which number; without a number, the set's own text."""
    if not remittance.trace:
        return tally.digest.hexdigest()
    who = remittance.originator or remittance.payer_identifier or remittance.payer_name
    parts = (who, remittance.trace, str(remittance.paid_on), str(remittance.amount))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _said_twice(remittance: Remittance, known: Remittance) -> str:
    when = f"{known.received_at:%-d %b %Y}"
    if (known.claim_count, known.claims_total) == (remittance.claim_count, remittance.claims_total):
        return f"Check {remittance} came in on {when} already. Nothing was posted again."
    return (
        f"Check {remittance} of the same day and amount came in on {when} with {known.claim_count} claims, and here it has "
        f"{remittance.claim_count}. Nothing of this one was posted: ask the payer which one counts."
    )


def _discard(remittance: Remittance) -> None:
    with transaction.atomic():
        part = remittance.part
        remittance.delete()
        if part is not None:
            part.delete()
