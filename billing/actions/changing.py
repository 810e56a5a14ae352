"""Corrections and voids of claims that went out: each is a claim of its own, which names the one that it is about.

The claim that was sent stays as it was sent. It ends when its correction or its void is exported: until then the payer
knows nothing of either, and a person may drop them. Once a day (CL-5) holds throughout: what replaces a claim shares
its day and takes it over at the export; a void gives the day back there.
"""

import re
from datetime import datetime

from django.db import transaction

from billing.actions.checking import check_claim
from billing.actions.making import draft_claim_of
from billing.changed import is_unknown_to_payers
from billing.models import Claim, ClaimLine, Frequency
from billing.moving import CHECK, move_claim, record_event
from billing.numbers import claim_id
from billing.permissions import may
from billing.states import CHECKED, ENDED, LABELS, STANDING, Status
from cases.actions.opening import next_number
from cases.moving import lock
from cases.states import BILLABLE
from teledent.accounts.acting import Actor
from teledent.jobs.queue import enqueue
from teledent.kit.decisions import ALLOWED, Decision, Refused, refuse, require
from teledent.kit.text import is_filler, printable

WHY = "Say why it is changed; the timelines of both claims keep it."
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_-]{0,48}[A-Za-z0-9]")
COPIED = (
    "number", "code", "service_date", "charge", "quantity", "tooth", "surfaces", "authorisation", "predetermination",
)  # fmt: skip
NO_NUMBER = (
    "The payer's own number of claim {claim} is not known yet, and a payer finds by it what is to be changed. It comes with "
    "the payer's first answer (277CA or payment). If you have it from the payer's site or by phone, enter it."
)


@transaction.atomic
def correct_claim(*, actor: Actor, claim: Claim, reason: str, number: str, at: datetime) -> Claim:
    """Begin a correction: a new version of a sent claim, read anew from the case and checked as every claim.

    `number` is the payer's own number of the claim. A claim of which no payer holds anything has none, and its
    correction goes out as an original. A second click finds the correction that was begun.
    """
    claim, number = _locked(actor, claim, reason), printable(number).strip()
    if known := _open_successor(claim, void=False):
        return known
    require(may_correct(claim, number))
    made = _successor(claim, Frequency.REPLACEMENT if number else Frequency.ORIGINAL, number, reason, at=at)
    _tell(made, claim, "correction", actor, at=at)
    return check_claim(made.pk, at=at, person=actor.person)


@transaction.atomic
def void_claim(*, actor: Actor, claim: Claim, reason: str, number: str, at: datetime) -> Claim:
    """Make a void: the claim as it was sent, line for line, for the payer to take back. It is ready at once."""
    claim, number = _locked(actor, claim, reason), printable(number).strip()
    if known := _open_successor(claim, void=True):
        return known
    require(may_void(claim, number))
    made = _successor(claim, Frequency.VOID, number, reason, at=at)
    ClaimLine.objects.bulk_create(_copied(line, made) for line in claim.lines.all())
    _tell(made, claim, "void", actor, at=at)
    return move_claim(
        made, "make_ready", person=actor.person, at=at, checked_at=at, facts=claim.facts, draft=claim.draft,
        total=claim.total, service_date=claim.service_date,
    )  # fmt: skip


@transaction.atomic
def drop_change(*, actor: Actor, claim: Claim, reason: str, at: datetime) -> Claim:
    """Drop a correction or a void that has not gone out; the claim it is about stands as before."""
    claim = _locked(actor, claim, reason)
    if claim.replaces_id is None or claim.status not in CHECKED:
        raise Refused("Only a correction or a void that has not gone out can be dropped.")
    claim.billed_once.all().delete()
    reason = _said(reason)
    move_claim(claim, "drop", person=actor.person, at=at, details={"reason": reason}, stopped_because=reason)
    enqueue(CHECK, patient_id=claim.case.patient_id)
    return claim


@transaction.atomic
def bill_again(*, actor: Actor, claim: Claim, at: datetime) -> Claim:
    """Make the claim of a case anew after its claim was voided: another payer, another policyholder."""
    require(may(actor, "work_claims"))
    claim = _under_lock(actor, claim)
    if claim.status != Status.VOIDED or claim.case.status not in BILLABLE:
        raise Refused("A case is billed again only after its claim was voided, and while its review stands.")
    if refused := claim.successors.refused_voids().first():
        raise Refused(f"The payer refused the void {refused} and holds claim {claim} still. See that void first.")
    if Claim.objects.live().filter(case=claim.case_id, part=claim.part, frequency=Frequency.ORIGINAL).exists():
        raise Refused("Another claim of this case is under way. Work on that one.")
    made = draft_claim_of(claim.case, claim.part, at)
    return check_claim(made.pk, at=at, person=actor.person)


def may_correct(claim: Claim, number: str) -> Decision:
    """Whether a correction of `claim` may be begun, the payer's number being `number`."""
    if claim.void_wanted_at is not None or claim.case.status not in BILLABLE:
        return refuse(f"The case of claim {claim} was retracted. Void the claim; there is nothing to correct it by.")
    never_taken_on = not number and is_unknown_to_payers(claim)
    return _may_change(claim) if never_taken_on else _numbered(claim, number)


def may_void(claim: Claim, number: str) -> Decision:
    """Whether `claim` may be voided, the payer's number being `number`."""
    if claim.coverage is not None and claim.coverage.payer.receiver_id is None:
        return refuse(f"{claim.coverage.payer.name} names no receiver, so there is nowhere to send the void.")
    return _numbered(claim, number)


def _numbered(claim: Claim, number: str) -> Decision:
    standing = _may_change(claim)
    if not standing:
        return standing
    if not number:
        return refuse(NO_NUMBER.format(claim=claim))
    if not NUMBER.fullmatch(number):
        return refuse(
            "The payer's number has 2 to 50 letters, digits, spaces, hyphens, points or slashes. Copy it as it stands."
        )
    return ALLOWED


def _may_change(claim: Claim) -> Decision:
    if claim.status in ENDED:
        return refuse(
            f"Claim {claim} is {LABELS[Status(claim.status)].lower()} already. Work on the claim that did it."
        )
    if claim.status not in STANDING:
        return refuse(f"Claim {claim} has not gone out. Mend what it rests on and check it again.")
    if claim.is_void:
        return refuse(
            "A void is not changed. If the payer turned it away or denied it, mend what it says and send it anew."
        )
    if open_one := claim.successors.exclude(status=Status.STOPPED).first():
        return refuse(f"Claim {open_one} already changes this one. Finish or drop it first.")
    return ALLOWED


def _locked(actor: Actor, claim: Claim, reason: str) -> Claim:
    require(may(actor, "work_claims"))
    if is_filler(reason):
        raise Refused(WHY)
    return _under_lock(actor, claim)


def _under_lock(actor: Actor, claim: Claim) -> Claim:
    if claim.practice_id != actor.practice.pk:
        raise Refused("This claim belongs to another practice.")
    lock(claim.case_id)
    return Claim.objects.for_list().get(pk=claim.pk)


def _open_successor(claim: Claim, *, void: bool) -> Claim | None:
    """What an earlier click made of the same kind and that has not gone out."""
    begun = claim.successors.filter(status__in=CHECKED)
    return (begun.filter(frequency=Frequency.VOID) if void else begun.exclude(frequency=Frequency.VOID)).first()


def _successor(claim: Claim, frequency: str, number: str, reason: str, *, at: datetime) -> Claim:
    """The new claim: its own id, so that its answer never posts to the one before."""
    count = next_number(claim.practice, "claim")
    return Claim.objects.create(
        practice=claim.practice, case=claim.case, part=claim.part, coverage=claim.coverage, number=count,
        claim_id=claim_id(claim.practice_id, count), made_at=at, frequency=frequency, replaces=claim, follows=claim.follows,
        original_number=number, changed_because=_said(reason), with_marks=claim.with_marks, diagnoses_left=claim.diagnoses_left,
        attachment_numbers=claim.attachment_numbers,
    )  # fmt: skip


def _tell(made: Claim, of: Claim, kind: str, actor: Actor, *, at: datetime) -> None:
    details = {"reason": made.changed_because, "number": made.original_number}
    record_event(made, "made", person=actor.person, at=at, details={"kind": kind, "of": of.claim_id, **details})
    record_event(of, f"{kind}_made", person=actor.person, at=at, details={"claim": made.claim_id, **details})


def _copied(line: ClaimLine, to: Claim) -> ClaimLine:
    return ClaimLine(claim=to, **{name: getattr(line, name) for name in COPIED})


def _said(reason: str) -> str:
    return printable(reason).strip()[:300]
