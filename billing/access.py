"""One gate a noun: a row of the actor's practice, or 404. Views have no other way in."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from billing.appeal_states import AppealStatus
from billing.models import (
    Appeal,
    Authorisation,
    Claim,
    ClaimPayment,
    Coverage,
    CoverageSheet,
    EdiFile,
    Export,
    Fee,
    PaperScan,
    Payer,
    PayerRule,
    Receiver,
    Remittance,
    RequestFile,
    SaidPlan,
    ScanState,
    SeenElsewhere,
    Verification,
)
from billing.permissions import may
from cases.blinding import require_open_eyes, require_open_eyes_on
from teledent.accounts.acting import Actor
from teledent.accounts.models import Role
from teledent.accounts.trail import record_read


def get_claim(actor: Actor, public_id: UUID, *, at: datetime) -> Claim:
    """The claim with its case, patient and payer; the reading is put on the trail."""
    claim = Claim.objects.for_list().filter(practice=actor.practice, public_id=public_id).first()
    if claim is None or not may(actor, "read_claims"):
        raise Http404("No such claim.")
    require_open_eyes(actor.person, claim.case)  # a manager who is asked for a second read sees no narrative yet
    record_read(actor, noun="claim", public_id=claim.public_id, at=at)
    return claim


def get_export(actor: Actor, public_id: UUID) -> Export:
    mine = Export.objects.filter(receiver__practice=actor.practice, public_id=public_id)
    export = mine.select_related("receiver", "file", "requested_by", "anew_of", "anew_claim").first()
    if export is None or not may(actor, "read_claims"):
        raise Http404("No such export.")
    require_open_eyes_on(actor.person, export.contents.values("claim__case"))  # its file holds their packets
    return export


def get_request_file(actor: Actor, public_id: UUID) -> RequestFile:
    mine = RequestFile.objects.filter(receiver__practice=actor.practice, public_id=public_id)
    file = mine.select_related("receiver__practice", "file", "requested_by").first()
    if file is None or not may(actor, "read_claims"):
        raise Http404("No such file of requests.")
    require_open_eyes_on(actor.person, file.contents.values("authorisation__case"))  # its file holds their packets
    return file


def get_receiver(actor: Actor, public_id: UUID) -> Receiver:
    receiver = Receiver.objects.filter(practice=actor.practice, public_id=public_id).first()
    if receiver is None or not may(actor, "read_claims"):
        raise Http404("No such receiver.")
    return receiver


def get_payer(actor: Actor, public_id: UUID) -> Payer:
    payer = Payer.objects.filter(practice=actor.practice, public_id=public_id).select_related("receiver").first()
    if payer is None or not may(actor, "read_claims"):
        raise Http404("No such payer.")
    return payer


def get_payer_rule(actor: Actor, public_id: UUID) -> PayerRule:
    mine = PayerRule.objects.filter(payer__practice=actor.practice, public_id=public_id)
    rule = mine.select_related("payer", "supersedes").first()
    if rule is None or not may(actor, "read_claims"):
        raise Http404("No such rule.")
    return rule


def get_coverage(actor: Actor, public_id: UUID) -> Coverage:
    mine = Coverage.objects.filter(patient__practice=actor.practice, public_id=public_id)
    coverage = mine.select_related("patient", "payer").first()
    if coverage is None or not may(actor, "read_claims"):
        raise Http404("No such coverage.")
    return coverage


def get_said_plan(actor: Actor, public_id: UUID) -> SaidPlan:
    said = (
        SaidPlan.objects.filter(patient__practice=actor.practice, public_id=public_id).select_related("patient").first()
    )
    if said is None or not may(actor, "read_claims"):
        raise Http404("Nothing was said by that name.")
    return said


def get_sheet(actor: Actor, public_id: UUID) -> CoverageSheet:
    """A sheet about a school day, with its school."""
    mine = CoverageSheet.objects.filter(practice=actor.practice, public_id=public_id)
    row = mine.select_related("site", "received_by", "recorded_by").first()
    if row is None or not may(actor, "read_claims"):
        raise Http404("No such sheet.")
    return row


def get_seen_elsewhere(actor: Actor, public_id: UUID) -> SeenElsewhere:
    mine = SeenElsewhere.objects.filter(patient__practice=actor.practice, public_id=public_id)
    row = mine.select_related("patient").first()
    if row is None or not may(actor, "read_claims"):
        raise Http404("No such row.")
    return row


def get_verification(actor: Actor, public_id: UUID) -> Verification:
    mine = Verification.objects.filter(coverage__patient__practice=actor.practice, public_id=public_id)
    row = mine.select_related("coverage__patient", "coverage__payer").first()
    if row is None or not may(actor, "read_claims"):
        raise Http404("No such verification.")
    return row


def get_authorisation(actor: Actor, public_id: UUID, *, at: datetime) -> Authorisation:
    """A request to a payer with its patient and lines; the reading is put on the trail."""
    row = Authorisation.objects.for_list().filter(practice=actor.practice, public_id=public_id).first()
    if row is None or not may(actor, "read_claims"):
        raise Http404("No such authorisation.")
    if row.case is not None:
        require_open_eyes(actor.person, row.case)  # its lines tell what the first reading plans
    record_read(actor, noun="authorisation", public_id=row.public_id, at=at)
    return row


def get_fee(actor: Actor, public_id: UUID) -> Fee:
    fee = Fee.objects.filter(practice=actor.practice, public_id=public_id).first()
    if fee is None or not may(actor, "read_claims"):
        raise Http404("No such fee.")
    return fee


def get_edi_file(actor: Actor, public_id: UUID) -> EdiFile:
    file = EdiFile.objects.filter(practice=actor.practice, public_id=public_id).select_related("received_by").first()
    if file is None or not may(actor, "read_claims"):
        raise Http404("No such file.")
    return file


def get_remittance(actor: Actor, public_id: UUID, *, at: datetime) -> Remittance:
    """A payment that was read to its end; the reading is put on the trail, because it names patients."""
    mine = Remittance.objects.whole().filter(practice=actor.practice, public_id=public_id)
    row = mine.select_related("payer", "part__file", "entered_by").first()
    if row is None or not may(actor, "read_claims"):
        raise Http404("No such remittance.")
    record_read(actor, noun="remittance", public_id=row.public_id, at=at)
    return row


def get_claim_payment(actor: Actor, public_id: UUID) -> ClaimPayment:
    mine = ClaimPayment.objects.filter(remittance__practice=actor.practice, public_id=public_id)
    row = mine.select_related("remittance").first()
    if row is None or not may(actor, "read_claims"):
        raise Http404("No such payment.")
    return row


def get_appeal(actor: Actor, public_id: UUID, *, at: datetime) -> Appeal:
    """An appeal with its claim, patient and payer; the reading is put on the trail."""
    row = _appeals(actor).filter(public_id=public_id).first()
    if row is None or not may(actor, "read_claims"):
        raise Http404("No such appeal.")
    require_open_eyes(actor.person, row.claim.case)
    record_read(actor, noun="appeal", public_id=row.public_id, at=at)
    return row


def get_appeal_to_sign(actor: Actor, public_id: UUID, *, at: datetime) -> Appeal:
    """A letter that waits for this very dentist's signature."""
    row = _appeals(actor).filter(public_id=public_id, status=AppealStatus.AWAITING, dentist=actor.person).first()
    if row is None or not actor.has(Role.DENTIST):
        raise Http404("No letter waits for your signature here.")
    record_read(actor, noun="appeal", public_id=row.public_id, at=at)
    return row


def get_scan(actor: Actor, public_id: UUID) -> PaperScan:
    """A scan of a remittance; while it is of none, hers alone who brought it in."""
    mine = PaperScan.objects.filter(practice=actor.practice, public_id=public_id).exclude(state=ScanState.OFF)
    scan = mine.select_related("remittance").first()
    if scan is None or not may(actor, "read_claims"):
        raise Http404("No such scan.")
    if scan.remittance is None and scan.received_by_id != actor.person.pk:
        raise Http404("No such scan.")
    if scan.remittance is not None:  # a sheet names every claim of its check
        require_open_eyes_on(actor.person, scan.remittance.payments.filter(claim__isnull=False).values("claim__case"))
    return scan


def _appeals(actor: Actor) -> QuerySet[Appeal]:
    mine = Appeal.objects.filter(practice=actor.practice)
    return mine.select_related(
        "claim__case__patient", "claim__case__site", "claim__coverage__payer", "packet", "dentist", "signed_by", "sent_by",
    )  # fmt: skip
