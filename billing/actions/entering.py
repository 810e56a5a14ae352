"""Paper remittances: their scans come in by the resumable receiver, their amounts by hand; both become the same rows as
an 835 and are posted by the same job."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from billing.models import PaperScan, Payer, ProviderAdjustment, Remittance, ScanState
from billing.outcomes.paper import check_fault, line_fault
from billing.permissions import may
from billing.staging import Tally, Twice, settle, write_claims
from billing.x12 import r835
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.accounts.days import zone_of
from teledent.files.models import StoredFile
from teledent.jobs.queue import enqueue
from teledent.kit import clock
from teledent.kit.decisions import Conflict, Refused, require
from teledent.kit.text import names_nothing, printable

READ_SCAN = "billing.read_scan"
LARGEST = 50 << 20  # bytes of one scan
MOST = 20  # scans of one remittance
MOST_CLAIMS = 50
METHODS = {"CHK": "Check", "ACH": "Transfer (EFT)", "NON": "No money"}


class EnteredBefore(Refused):
    """This very payment is here already: `remittance`."""

    def __init__(self, remittance: Remittance) -> None:
        super().__init__(
            f"Check {remittance} of this payer, day and amount came in on {clock.day_in_words(remittance.received_at.date())} "
            "already. Nothing was posted again."
        )
        self.remittance = remittance


@transaction.atomic
def announce_scan(*, actor: Actor, public_id: UUID, name: str, size: int, sha256: str, at: datetime) -> PaperScan:
    """A scan is about to be sent. Announcing it again is the same scan; one that is here already is refused."""
    require(may(actor, "import_answers"))
    if size > LARGEST:
        raise Refused(f"A scan may have {LARGEST >> 20} MB at most. Scan in black and white, or fewer pages at once.")
    same = PaperScan.objects.filter(practice=actor.practice, sha256=sha256)
    if known := same.filter(public_id=public_id, received_by=actor.person).first():
        return known
    if entered := same.filter(remittance__isnull=False).select_related("remittance").first():
        raise Refused(f"This scan is of check {entered.remittance}, which is entered already.")
    hers = PaperScan.objects.loose(actor.person, actor.practice)
    if hers.filter(sha256=sha256).exists():
        raise Refused("This scan is here already.")
    if hers.count() >= MOST:
        raise Refused(f"A remittance may have {MOST} scans at most.")
    same.filter(received_by=actor.person, state=ScanState.ANNOUNCED).delete()
    return PaperScan.objects.create(
        public_id=public_id, practice=actor.practice, name=printable(name).strip()[:200] or "Without a name", sha256=sha256,
        size=size, received_at=at, received_by=actor.person,
    )  # fmt: skip


def scan_arrived(scan: PaperScan, stored: StoredFile) -> None:
    """The announced bytes are whole: have them looked at. Only inside the transaction that makes them received."""
    taken = PaperScan.objects.filter(pk=scan.pk, state=ScanState.ANNOUNCED)
    if taken.update(state=ScanState.QUEUED, file=stored):
        enqueue(READ_SCAN, scan_id=scan.pk)


@transaction.atomic
def drop_scan(*, actor: Actor, scan: PaperScan) -> None:
    """A wrong scan, or one that could not be read, is taken off before anything is entered. Its bytes are kept."""
    require(may(actor, "import_answers"))
    hers = PaperScan.objects.loose(actor.person, actor.practice).filter(pk=scan.pk)
    if not hers.update(state=ScanState.OFF, reason=""):
        raise Conflict("This scan belongs to a remittance by now. Reload the page; nothing was changed.")


@transaction.atomic
def enter_paper(
    *,
    actor: Actor,
    public_id: UUID,
    payer: Payer,
    trace: str,
    method: str,
    paid_on: date,
    amount: Decimal,
    claims: Sequence[r835.ClaimPayment],
    others: Sequence[r835.ProviderAdjustment],
    at: datetime,
) -> Remittance:
    """Post a paper remittance with the scans that she brought in. The same `public_id` again is the same remittance.

    Raises Refused, saying by how much it does not balance or what is missing; EnteredBefore for one that is here.
    """
    require(may(actor, "import_answers"))
    if known := Remittance.objects.filter(public_id=public_id, practice=actor.practice).first():
        return known
    trace = printable(trace).strip()[:50]
    _require_sound(actor, payer, trace, paid_on, claims, at=at)
    _require_balance(amount, claims, others)
    if before := _before(payer, trace, paid_on, amount):
        raise EnteredBefore(before)
    scans = list(PaperScan.objects.loose(actor.person, actor.practice).select_for_update())
    _require_scans(scans)
    remittance = Remittance.objects.create(
        public_id=public_id, practice=actor.practice, payer=payer, amount=amount, method=method[:3], paid_on=paid_on, trace=trace,
        payer_name=payer.name, payer_identifier=payer.payer_id, received_at=at, entered_by=actor.person,
    )  # fmt: skip
    write_claims(remittance, list(claims))
    for one in others:
        ProviderAdjustment.objects.create(remittance=remittance, reason=one.reason[:3], amount=one.amount)
    PaperScan.objects.filter(pk__in=[scan.pk for scan in scans]).update(remittance=remittance)
    tally = Tally(
        len(claims), sum((one.paid for one in claims), Decimal(0)), sum((o.amount for o in others), Decimal(0))
    )
    try:
        settle(remittance, tally)
    except Twice as twice:
        raise Refused(str(twice)) from twice
    trail.record(
        "import", noun="remittance", public_id=remittance.public_id, person=actor.person, practice=actor.practice, at=at
    )
    return remittance


def _require_sound(
    actor: Actor, payer: Payer, trace: str, paid_on: date, claims: Sequence[r835.ClaimPayment], *, at: datetime
) -> None:
    if payer.practice_id != actor.practice.pk:
        raise Refused("This payer belongs to another practice.")
    if names_nothing(trace):
        raise Refused("Type the number of the check or transfer, as it is printed.")
    if paid_on > clock.local_date(at, zone_of(actor.practice)):
        raise Refused("The day of the check has not come yet.")
    if not claims:
        raise Refused("Add the claims that this remittance answers.")
    if len(claims) > MOST_CLAIMS:
        raise Refused(f"{MOST_CLAIMS} claims are entered from paper at most. Ask the payer for a file (835).")


def _require_balance(
    amount: Decimal, claims: Sequence[r835.ClaimPayment], others: Sequence[r835.ProviderAdjustment]
) -> None:
    for claim in claims:
        for line in claim.lines:
            if fault := line_fault(line):
                raise Refused(f"Claim {claim.claim_id}, line {line.code}. {fault}")
        if claim.out_by:
            raise Refused(f"Claim {claim.claim_id} is out by {claim.out_by}. Nothing was posted.")
    if fault := check_fault(amount, claims, others):
        raise Refused(f"{fault} Nothing was posted.")


def _before(payer: Payer, trace: str, paid_on: date, amount: Decimal) -> Remittance | None:
    """The same payment, whether it came as a file or was typed."""
    same = Remittance.objects.whole().filter(practice=payer.practice_id, trace=trace, paid_on=paid_on, amount=amount)
    return same.filter(Q(payer=payer) | Q(payer__isnull=True)).first()


def _require_scans(scans: Sequence[PaperScan]) -> None:
    if any(scan.state == ScanState.QUEUED for scan in scans):
        raise Refused("A scan is still being looked at. Try again in a moment; nothing you typed is lost.")
    if any(scan.state == ScanState.REFUSED for scan in scans):
        raise Refused("A scan could not be read. Take it off, and scan that page again.")
    if not scans:
        raise Refused("Bring in the scan of the remittance first: it is kept beside what you type.")
