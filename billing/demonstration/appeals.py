"""What the desk does about answers: an appeal that waits for the dentist's signature, and a check that came on paper."""

import hashlib
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from billing.actions import appealing
from billing.actions.entering import READ_SCAN, announce_scan, enter_paper, scan_arrived
from billing.demonstration.people import Cast
from billing.models import Appeal, Claim, PaperScan, Remittance
from billing.posting import POST
from billing.states import Status
from billing.x12 import r835
from cases.importing.receiving import OWNER
from teledent.files import keeping
from teledent.jobs import queue
from teledent.jobs.decoder import in_child
from teledent.jobs.performing import perform
from teledent.kit import clock

LETTER = "billing.demonstration.gallery:letter"
NUMBER = "0081733"
ID = uuid5(NAMESPACE_URL, "demonstration/paper")


def answer_back(cast: Cast, folder: Path, *, at: datetime) -> None:
    """Appeal what was paid short, and enter the paper. Each done once."""
    if not Appeal.objects.filter(practice=cast.practice).exists():
        _appeal(cast, at=at - timedelta(hours=2))
    if not Remittance.objects.filter(public_id=ID).exists():
        _enter(cast, folder, at=at - timedelta(hours=1))


def _appeal(cast: Cast, *, at: datetime) -> None:
    claim = Claim.objects.for_list().filter(practice=cast.practice, status=Status.PART_PAID).order_by("pk").first()
    if claim is None:
        return
    june = cast.of("june")
    with clock.standing_at(at):
        appeal = appealing.begin_appeal(actor=june, claim=claim, at=at)
        _work(appealing.PACK, at=at)
        appealing.finish_draft(actor=june, appeal=appeal, at=at + timedelta(minutes=6))


def _enter(cast: Cast, folder: Path, *, at: datetime) -> None:
    sent = Claim.objects.for_list().filter(practice=cast.practice, status__in=[Status.EXPORTED, Status.ACCEPTED])
    claim = sent.filter(void_wanted_at__isnull=True).order_by("-pk").first()
    if claim is None or claim.coverage is None:
        return
    june, payment = cast.of("june"), _judged(claim)
    with clock.standing_at(at):
        _scan(cast, folder, claim, payment, at=at)
        enter_paper(
            actor=june, public_id=ID, payer=claim.coverage.payer, trace=NUMBER, method="CHK", paid_on=(at - timedelta(days=1)).date(),
            amount=payment.paid, claims=[payment], others=[], at=at,
        )  # fmt: skip
        _work(POST, at=at)


def _judged(claim: Claim) -> r835.ClaimPayment:
    """Ten dollars above the agreed fee, the rest paid."""
    lines = []
    for number, line in enumerate(claim.lines.all(), start=1):
        charge = line.charge or Decimal("0.00")
        off = min(charge, Decimal("10.00"))
        taken = [r835.Adjustment("CO", "45", off)] if off else []
        lines.append(r835.Line(
            number=number, code=line.code, charge=charge, paid=charge - off, adjustments=taken, control_number=f"{claim}-{line.number}",
        ))  # fmt: skip
    paid = sum((one.paid for one in lines), Decimal("0.00"))
    return r835.ClaimPayment(
        number=1, claim_id=claim.claim_id, status="1", charge=claim.total, paid=paid, patient_share=Decimal("0.00"), filing_code="",
        payer_claim_number=f"P{claim.number:08d}", frequency="", patient_name=claim.case.patient.name, lines=lines,
    )  # fmt: skip


def _scan(cast: Cast, folder: Path, claim: Claim, payment: r835.ClaimPayment, *, at: datetime) -> None:
    """The sheet as it came out of the envelope, brought in and looked at."""
    if PaperScan.objects.filter(practice=cast.practice, public_id=ID).exists():
        return
    payer = claim.coverage.payer.name if claim.coverage else ""
    said = [
        payer, "", "Explanation of benefits", "", f"Check {NUMBER}  ${payment.paid}", "",
        f"Claim {claim}", f"Patient {payment.patient_name}", "",
        *(f"{one.code}   charged {one.charge}   paid {one.paid}" for one in payment.lines), "",
        "CO-45: above the agreed fee",
    ]  # fmt: skip
    sheet = folder / "remittance.pdf"
    in_child(LETTER, out=str(sheet), lines=said)
    content = sheet.read_bytes()
    scan = announce_scan(
        actor=cast.of("june"), public_id=ID, name="check-0081733.pdf", size=len(content), sha256=hashlib.sha256(content).hexdigest(),
        at=at,
    )  # fmt: skip
    kept = keeping.keep([content], folder="originals")
    with transaction.atomic():
        scan_arrived(scan, keeping.record(kept, at=at))
    _work(READ_SCAN, at=at)


def _work(kind: str, *, at: datetime) -> None:
    while job := queue.claim(owner=OWNER, kinds=[kind], at=at):
        perform(job)
