"""Appeals up to where the letter stands still: one click drafts and packs, the desk chooses what is quoted, asks the
dentist or makes it ready. What follows is in `billing.actions.pursuing`."""

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from billing.appeal_content import Appealed, Material, denied_at, read_material
from billing.appeal_moving import move_appeal, tell_claim, write_appeal
from billing.appeal_signature import signature_digest
from billing.appeal_states import AppealStatus
from billing.appeals.deciding import first_reason, why_not
from billing.appeals.letter import Letter, Unsourced, compose
from billing.models import Appeal, AppealLine, Claim, Level, LineOutcome, Payer, SignedBy
from billing.outcomes.classify import Outcome
from billing.packet.codec import from_json, to_json
from billing.permissions import may
from billing.snapshot import read_consents
from billing.states import Status
from billing.terms import read_rules
from cases.models import Signature
from cases.moving import lock
from cases.states import BILLABLE
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.files.storage import open_streaming
from teledent.jobs.queue import enqueue
from teledent.kit import canonical, clock
from teledent.kit.decisions import ALLOWED, Conflict, Decision, Refused, refuse, require
from teledent.kit.text import is_filler, printable

PACK = "billing.pack_appeal"
QUOTED_FIRST = ("conclusions", "diagnoses")  # of what may be quoted, what the draft quotes until the desk chooses
NOTE_MAX = 1000  # letters of a cover note


def may_appeal(claim: Claim, *, at: datetime) -> Decision:
    """Whether an appeal may go out for this claim: it was denied or paid in part, its case is signed, consent stands."""
    if claim.status not in (Status.DENIED, Status.PART_PAID):
        return refuse("Only a claim that was denied or paid in part is appealed.")
    if claim.is_void:
        return refuse("A void asks for no money, so there is nothing to appeal. Ask the payer why it denied it.")
    if claim.void_wanted_at is not None or claim.case.status not in BILLABLE:
        return refuse(f"The case of claim {claim} was retracted. Ask the payer for a void; nothing of it goes out.")
    consents = read_consents(claim.case, at=at)
    if consents.lacking or not (consents.teledentistry and consents.bill_insurance):
        return refuse(f"The family has taken back a consent that claim {claim} rests on. Nothing of it goes out.")
    return ALLOWED


@transaction.atomic
def begin_appeal(*, actor: Actor, claim: Claim, at: datetime) -> Appeal:
    """Draft the next level's appeal of every line that may be appealed, and have its packet made. A second click finds
    the appeal that is on its way."""
    require(may(actor, "appeal"))
    claim = _locked(actor, claim)
    live = claim.appeals.exclude(status=AppealStatus.WITHDRAWN).order_by("pk")
    if known := live.filter(status__in=[AppealStatus.SENT, *_unsent()]).first():
        return known
    require(may_appeal(claim, at=at))
    level, outcomes = _next_level(list(live)), _to_appeal(claim)
    denied = denied_at(claim)
    if denied is None:
        raise Refused("No answer about money was posted for this claim.")
    payer, signature = claim.coverage.payer if claim.coverage else None, Signature.objects.get(case=claim.case_id)
    appeal = Appeal(
        practice=claim.practice, claim=claim, level=level, begun_at=at, begun_by=actor.person, denied_at=denied,
        reason=first_reason([(Outcome(one.outcome), (one.line.charge or Decimal(0)) - one.paid) for one in outcomes]),
        signature=_signed_by(payer, outcomes), dentist=signature.person,
        deadline=_deadline(claim, list(live), _days_to_appeal(claim, payer, again=bool(live))),
    )  # fmt: skip
    material = material_of(appeal, _as_appealed(outcomes))
    there = {one.key for one in material.basis.may_quote}
    appeal.quotes = [key for key in QUOTED_FIRST if key in there]
    _compose(appeal, material, day=clock.local_date(at, claim.case.site.time_zone))
    try:
        with transaction.atomic():
            appeal.save(force_insert=True)
    except IntegrityError as taken:
        raise Conflict("Somebody else began this appeal a moment ago. Reload the page.") from taken
    AppealLine.objects.bulk_create(
        AppealLine(appeal=appeal, line=one.line, outcome=one.outcome, charge=one.line.charge or 0, paid=one.paid, codes=one.codes)
        for one in outcomes
    )  # fmt: skip
    tell_claim(appeal, "begin", person=actor.person, at=at, details={"reason": appeal.reason})
    enqueue(PACK, appeal_id=appeal.pk)
    return appeal


@transaction.atomic
def change_appeal(
    *, actor: Actor, appeal: Appeal, quotes: Sequence[str], note: str, deadline: date | None, at: datetime
) -> Appeal:
    """Choose what the draft quotes, its deadline and a cover note; the letter and its packet are made anew.

    Raises Refused when something is to be quoted that is no signed field older than the denial.
    """
    require(may(actor, "appeal"))
    appeal = locked_appeal(actor, appeal)
    _require_drafted(appeal)
    said = printable(note).strip()[:NOTE_MAX]
    if said and is_filler(said):
        raise Refused("Say something in the cover note, or leave it empty.")
    appeal.quotes = list(dict.fromkeys(quotes))
    zone = appeal.claim.case.site.time_zone
    _compose(appeal, material_of(appeal), day=clock.local_date(at, zone))
    same = said == appeal.note
    noted = (appeal.noted_at, appeal.noted_by) if same else (at, actor.person.name) if said else (None, "")
    write_appeal(
        appeal, quotes=appeal.quotes, letter=appeal.letter, letter_digest=appeal.letter_digest, deadline=deadline, note=said,
        noted_at=noted[0], noted_by=noted[1], **unpacked(),
    )  # fmt: skip
    enqueue(PACK, appeal_id=appeal.pk)
    return appeal


@transaction.atomic
def finish_draft(*, actor: Actor, appeal: Appeal, at: datetime) -> Appeal:
    """The letter stands still from here: it goes to the dentist where the payer wants that, else it is ready."""
    require(may(actor, "appeal"))
    appeal = locked_appeal(actor, appeal)
    _require_drafted(appeal)
    require(may_appeal(appeal.claim, at=at))
    if appeal.signature == SignedBy.DENTIST:
        details = {"dentist": appeal.dentist.name}
        return move_appeal(appeal, "ask_signature", person=actor.person, at=at, details=details, sent_back_because="")
    signed = _front_desks(actor, appeal, at=at) if appeal.signature == SignedBy.FRONT_DESK else {}
    details = {"digest": appeal.letter_digest} if signed else {}
    move_appeal(
        appeal, "make_ready", person=actor.person, at=at, details=details, **signed, **(unpacked() if signed else {})
    )
    if signed or appeal.packet_id is None:
        enqueue(PACK, appeal_id=appeal.pk)
    return appeal


def _front_desks(actor: Actor, appeal: Appeal, *, at: datetime) -> dict[str, Any]:
    name = actor.person.name
    return {
        "signed_at": at, "signed_by": actor.person, "signed_name": name,
        "signed_digest": signature_digest(appeal, name=name, licence="", at=at),
    }  # fmt: skip


@transaction.atomic
def pack_again(*, actor: Actor, appeal: Appeal, at: datetime) -> Appeal:
    """Ask once more for a packet that could not be made."""
    require(may(actor, "appeal"))
    appeal = locked_appeal(actor, appeal)
    if appeal.packet_id is not None or not appeal.packet_fault:
        raise Conflict("The packet is made or on its way. Reload the page.")
    if appeal.status == AppealStatus.DRAFTED:
        _compose(appeal, material_of(appeal), day=clock.local_date(at, appeal.claim.case.site.time_zone))
    write_appeal(appeal, packet_fault="", letter=appeal.letter, letter_digest=appeal.letter_digest)
    enqueue(PACK, appeal_id=appeal.pk)
    return appeal


def download_packet(*, actor: Actor, appeal: Appeal, at: datetime) -> Iterator[bytes]:
    """The packet in blocks, the same bytes each time; on the trail. Refused while it is made."""
    require(may(actor, "appeal"))
    if appeal.practice_id != actor.practice.pk or appeal.packet is None:
        raise Refused("The packet is being made. Try again in a moment.")
    trail.record(
        "export", noun="appeal", public_id=appeal.public_id, person=actor.person, practice=actor.practice, at=at
    )
    return open_streaming(appeal.packet.key)


def material_of(appeal: Appeal, lines: Collection[Appealed] | None = None) -> Material:
    """What this appeal rests on, read from the rows as they are now: what came after the denial is in none of it."""
    appealed = lines if lines is not None else _of_rows(appeal)
    return read_material(
        appeal.claim, appealed, level=appeal.get_level_display(), outcome=appeal.reason, denied_on=appeal.denied_at
    )


def letter_of(appeal: Appeal) -> Letter:
    """The letter as it was composed last."""
    return from_json(Letter, json.dumps(appeal.letter))


def locked_appeal(actor: Actor, appeal: Appeal) -> Appeal:
    """The appeal read anew under its case's lock."""
    if appeal.practice_id != actor.practice.pk:
        raise Refused("This appeal belongs to another practice.")
    lock(appeal.claim.case_id)
    mine = Appeal.objects.select_related("claim__case__patient", "claim__case__site", "claim__coverage__payer")
    return mine.select_related("dentist", "packet", "practice").get(pk=appeal.pk)


def unpacked() -> dict[str, Any]:
    """Columns of an appeal whose packet is no longer what its letter says; the bytes of that one are kept."""
    return {"packet": None, "packet_pages": 0, "packet_fault": ""}


def _compose(appeal: Appeal, material: Material, *, day: date) -> None:
    try:
        letter = compose(material.basis, quotes=appeal.quotes, written_on=day)
    except Unsourced as refusal:
        raise Refused(refusal.sentence) from refusal
    appeal.letter = json.loads(to_json(letter))
    appeal.letter_digest = canonical.sha256_of(appeal.letter)


def _unsent() -> tuple[AppealStatus, ...]:
    return (AppealStatus.DRAFTED, AppealStatus.AWAITING, AppealStatus.READY)


def _next_level(live: Sequence[Appeal]) -> Level:
    """Level by level: the next one opens when the payer stayed with its decision, or gave in only in part."""
    levels = list(Level)
    if not live:
        return levels[0]
    if live[-1].status == AppealStatus.OVERTURNED:
        raise Refused("The last appeal was won. What was promised and not paid is asked for by phone, with its date.")
    at = levels.index(Level(live[-1].level)) + 1
    if at == len(levels):
        raise Refused("Every level of appeal was used. What is left is a complaint with the state's insurance office.")
    return levels[at]


def _to_appeal(claim: Claim) -> list[LineOutcome]:
    rows = LineOutcome.objects.filter(claim=claim).select_related("line").order_by("line__number")
    judged = [(one, why_not(Outcome(one.outcome), one.codes)) for one in rows]
    found = [one for one, why in judged if not why]
    if not found:
        raise Refused(next((why for _, why in judged if why), "The payer has not judged any line of this claim."))
    return found


def _as_appealed(outcomes: Sequence[LineOutcome]) -> list[Appealed]:
    return [
        Appealed(one.line.code, one.outcome, one.line.charge or Decimal("0.00"), one.paid, tuple(one.codes))
        for one in outcomes
    ]


def _of_rows(appeal: Appeal) -> list[Appealed]:
    rows = appeal.lines.select_related("line")
    return [Appealed(one.line.code, one.outcome, one.charge, one.paid, tuple(one.codes)) for one in rows]


def _days_to_appeal(claim: Claim, payer: Payer | None, *, again: bool) -> int | None:
    """By the payer's dated rules, else by its profile, which has one number for every level."""
    first: int | None = claim.rule_limits.get("appeal", payer.appeal_days if payer else None)
    second: int | None = claim.rule_limits.get("second_appeal", first)
    return second if again else first


def _signed_by(payer: Payer | None, outcomes: Sequence[LineOutcome]) -> str:
    """Whose signature the payer wants: of several dated rules the one that asks for most, else its profile's."""
    if payer is None:
        return SignedBy.DENTIST
    lines = [one.line for one in outcomes]
    book = read_rules([payer.pk], {line.code for line in lines})
    rules = (book.rule_for(payer.pk, one.code, plan=payer.filing_code, day=one.service_date) for one in lines)
    wanted = [rule.appeal_signed_by for rule in rules if rule is not None and rule.appeal_signed_by]
    return max(wanted, key=SignedBy.values.index, default=payer.appeal_signed_by)


def _deadline(claim: Claim, live: Sequence[Appeal], days: int | None) -> date | None:
    """Counted from the answer that this level appeals; None where the payer's days are not known."""
    if days is None:
        return None
    answered = live[-1].answered_on if live else None
    if answered is None and claim.answered_at is not None:
        answered = clock.local_date(claim.answered_at, claim.case.site.time_zone)
    return answered + timedelta(days=days) if answered else None


def _require_drafted(appeal: Appeal) -> None:
    if appeal.status != AppealStatus.DRAFTED:
        raise Conflict("The letter of this appeal stands still by now. Reload the page; nothing was changed.")


def _locked(actor: Actor, claim: Claim) -> Claim:
    if claim.practice_id != actor.practice.pk:
        raise Refused("This claim belongs to another practice.")
    lock(claim.case_id)
    return Claim.objects.for_list().select_related("practice").get(pk=claim.pk)
