"""What an acknowledgement says becomes rows, and moves the claims and requests it names.

An answer about a file (TA1, 999, a batch in a 277CA) that turns it away turns away everything whose newest file it
was: nothing of it reached the payer. One that takes the file on moves nothing, because only a 277CA speaks of claims.
What names nothing of ours is kept and waits for a person.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from billing.acknowledging_requests import tell_request, turn_requests_away
from billing.changed import follow_void, is_unknown_to_payers, let_go
from billing.models import (
    Acknowledgement,
    Authorisation,
    Claim,
    EdiFile,
    EdiPart,
    EdiPartState,
    Export,
    ExportClaim,
    ExportState,
    RequestFile,
    Verdict,
)
from billing.moving import lock_cases, move_claim, write
from billing.states import UNANSWERED, Status
from billing.still_held import take_on_late
from billing.x12 import answers
from billing.x12.reading import Envelope, TransactionSet
from cases.models import Case

File = TypeVar("File", Export, RequestFile)
BATCH = 500  # as many answers as an export has claims
READERS = {"TA1": answers.read_ta1, "999": answers.read_999, "277": answers.read_277ca}
Answer = answers.InterchangeAnswer | answers.SetAnswer | answers.GroupAnswer | answers.BatchAnswer | answers.ClaimAnswer


def take_acknowledgements(file: EdiFile, found: TransactionSet, *, at: datetime) -> None:
    """Read one TA1, 999 or 277CA; in one transaction, because it is short: as many answers as one export has claims.

    Raises BrokenEdiError; then nothing of it stays.
    """
    with transaction.atomic():
        part = EdiPart.objects.create(file=file, segment=found.number, kind=found.kind, state=EdiPartState.TAKEN)
        events: Iterator[Answer] = iter(READERS[found.kind](found))
        while batch := list(islice(events, BATCH)):
            _take(part, found.envelope, batch, at=at)


def _take(part: EdiPart, envelope: Envelope, batch: Sequence[Answer], *, at: datetime) -> None:
    practice = part.file.practice_id
    named = [one.claim_id for one in batch if isinstance(one, answers.ClaimAnswer)]
    mine = Claim.objects.filter(practice=practice, claim_id__in=named)
    lock_cases(Case.objects.filter(claims__in=mine))
    claims = {claim.claim_id: claim for claim in mine.select_related("coverage__payer").defer("facts", "draft")}
    asked = Authorisation.objects.filter(practice=practice, request_id__in=set(named) - claims.keys())
    requests = {row.request_id: row for row in asked}
    for answer in batch:
        row = _row(part, answer, at=at)
        if isinstance(answer, answers.ClaimAnswer):
            row.claim, row.authorisation = claims.get(answer.claim_id), requests.get(answer.claim_id)
        else:
            _name_file(row, part, envelope, answer)
        row.save()
        _follow(row, at=at)


def _follow(row: Acknowledgement, *, at: datetime) -> None:
    if row.claim is not None:
        _move(row.claim, row, at=at)
    elif row.authorisation is not None:
        tell_request(row.authorisation, row, at=at)
    elif row.verdict == Verdict.REJECTED and row.export is not None:
        _turn_away(row.export, row, at=at)
    elif row.verdict == Verdict.REJECTED and row.request_file is not None:
        turn_requests_away(row.request_file, row, at=at)


def _row(part: EdiPart, answer: Answer, *, at: datetime) -> Acknowledgement:
    row = Acknowledgement(part=part, practice=part.file.practice, kind=part.kind, segment=answer.number, received_at=at)
    match answer:
        case answers.InterchangeAnswer():
            row.names, row.verdict, row.codes = answer.control_number, answer.verdict, [answer.note or "000"]
        case answers.SetAnswer():
            row.names, row.verdict = f"{answer.group_number}/{answer.set_number}", answer.verdict
            row.codes = [f"{one.segment} {one.position} {one.element} {one.code}".strip() for one in answer.faults][:50]
        case answers.GroupAnswer():
            row.names, row.verdict = answer.group_number, answer.verdict
        case answers.BatchAnswer() | answers.ClaimAnswer():
            row.verdict = Verdict.ACCEPTED if answer.accepted else Verdict.REJECTED
            row.codes = [":".join(filter(None, (one.category, one.code, one.entity))) for one in answer.statuses]
    match answer:
        case answers.BatchAnswer():
            row.names = answer.batch_id
        case answers.ClaimAnswer():
            row.names, row.payer_claim_number = answer.claim_id, answer.payer_claim_number[:50]
            row.answered_on, row.message = answer.answered_on, answer.message[:300]
    row.names = row.names[:80]
    return row


def _name_file(row: Acknowledgement, part: EdiPart, envelope: Envelope, answer: Answer) -> None:
    """The file of ours that an answer about a file names; none when more than one could be meant. Files of claims and of
    requests count up one row of numbers, so a number is of one of them."""
    found = [
        *_meant(Export.objects.filter(receiver__practice=part.file.practice_id), answer),
        *_meant(RequestFile.objects.filter(receiver__practice=part.file.practice_id), answer),
    ]
    same = [one for one in found if one.receiver.receiver_id == envelope.sender_id] or found
    if isinstance(answer, answers.BatchAnswer):
        same = found
    if len(same) == 1:
        file = same[0]
        row.export = file if isinstance(file, Export) else None
        row.request_file = file if isinstance(file, RequestFile) else None


def _meant(files: QuerySet[File], answer: Answer) -> list[File]:
    """Finished files that bear the number. Control numbers rise for each receiver, so two receivers may share one."""
    done = files.filter(state=ExportState.DONE).select_related("receiver")
    match answer:
        case answers.BatchAnswer():
            return list(done.filter(batch_id=answer.batch_id)) if answer.batch_id else []
        case answers.InterchangeAnswer():
            number = answer.control_number
        case answers.SetAnswer() | answers.GroupAnswer():
            number = answer.group_number
        case _:
            return []
    return list(done.filter(control_number=int(number))) if number.isdecimal() and len(number) <= 9 else []


def _move(claim: Claim, row: Acknowledgement, *, at: datetime) -> None:
    """One claim, its case locked, was taken on or turned away. After an answer about money neither changes anything."""
    accepted = row.verdict == Verdict.ACCEPTED
    name, target = ("accept", Status.ACCEPTED) if accepted else ("reject", Status.REJECTED)
    known = {"payer_claim_number": row.payer_claim_number} if row.payer_claim_number else {}
    told = {"codes": row.codes, "message": row.message}
    if claim.status in UNANSWERED and claim.status != target:
        move_claim(claim, name, person=None, at=at, details=told, **known)
        _after_verdict(claim, at=at)
    elif accepted and claim.was_let_go:
        take_on_late(claim, person=None, at=at, details=told, **known)
    elif known and known["payer_claim_number"] != claim.payer_claim_number:
        write(claim, **known)


def _after_verdict(claim: Claim, *, at: datetime) -> None:
    """What was turned away and is to be voided needs no void; a void that was turned away took nothing back."""
    if claim.is_void:
        follow_void(claim, at=at)
    elif claim.void_wanted_at is not None and is_unknown_to_payers(claim):
        let_go(claim, because=claim.void_because, at=at)


def _turn_away(export: Export, row: Acknowledgement, *, at: datetime) -> None:
    """A file that was refused: its claims never arrived, but for those that went out again since."""
    later = ExportClaim.objects.filter(export__state=ExportState.DONE, export_id__gt=export.pk).values("claim")
    claims = Claim.objects.filter(exports__export=export).exclude(pk__in=later)
    lock_cases(Case.objects.filter(claims__in=claims))
    exported = claims.filter(status=Status.EXPORTED).select_related("coverage__payer")
    for claim in exported.defer("facts", "draft").order_by("pk"):
        move_claim(claim, "reject", person=None, at=at, details={"codes": row.codes, "kind": row.kind})
        _after_verdict(claim, at=at)
