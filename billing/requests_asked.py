"""One request to a payer as a file would say it now: read from rows, with all that stands against it.

The only reader of rows for `billing.asking_ahead`; what goes out is frozen beside the file (`FiledRequest`).
"""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q

from billing.asking_ahead.plan import Planned, draft_request
from billing.asking_ahead.rules import check_request
from billing.authorisation_states import TO_SEND, AuthorisationStatus
from billing.claims.facts import ClaimFacts
from billing.claims.lines import ClaimDraft
from billing.claims.rule import Problem
from billing.models import Authorisation, Receiver, RequestKind
from billing.snapshot import read_snapshot
from billing.x12.d837_claim import Granted
from cases.models import Signature
from teledent.accounts.days import today_in


@dataclass(frozen=True, slots=True)
class Readable:
    """What a file would say of one request. Without a signed case there is nothing to say, only what is missing."""

    row: Authorisation
    problems: tuple[Problem, ...]
    facts: ClaimFacts | None = None
    draft: ClaimDraft | None = None

    @property
    def blocking(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.blocks)


def read_request(row: Authorisation, *, at: datetime) -> Readable:
    """`row` comes with its lines, its case and its coverage with payer and receiver. A fixed number of queries."""
    beside = _of_the_rows(row)
    if row.case is None or not Signature.objects.filter(case=row.case).exists():
        return Readable(row, (*beside, _NO_CASE))
    lines = list(row.lines.all())
    facts = read_snapshot(row.case, coverage=row.coverage, at=at, planned=[line.code for line in lines]).facts
    planned = [Planned(line.code, line.units, line.tooth) for line in lines]
    draft = draft_request(facts, planned, asked_on=today_in(row.practice, at))
    return Readable(row, (*beside, *check_request(facts, draft)), facts, draft)


def granted_before(row: Authorisation) -> tuple[Granted, ...]:
    """The number of the newest yes that stands to the same question about the same case, for the same member and for one
    of the same services at least: asked again, it is named. `row` comes with its lines."""
    asked = reduce(or_, (Q(lines__code=line.code, lines__tooth=line.tooth) for line in row.lines.all()), Q(pk__in=()))
    earlier = Authorisation.objects.filter(
        asked, case=row.case, coverage=row.coverage, kind=row.kind, payer=row.payer_id, member_id=row.member_id,
        status=AuthorisationStatus.APPROVED,
    )  # fmt: skip
    newest = earlier.exclude(pk=row.pk).exclude(number="").order_by("-answered_on", "-pk").first()
    if newest is None or row.case is None:
        return ()
    return (Granted("G1" if row.kind == RequestKind.AUTHORISATION else "G3", newest.number),)


def receiver_of(row: Authorisation) -> Receiver | None:
    """Where a file with this request goes: None where its payer takes no files."""
    return row.payer.receiver


def _of_the_rows(row: Authorisation) -> tuple[Problem, ...]:
    """What the facts cannot tell: where it would go, and whether the plan is still the one that was written down."""
    found = []
    if row.status not in TO_SEND:
        found.append(_NOT_TO_SEND)
    if receiver_of(row) is None:
        found.append(_NO_RECEIVER)
    if (row.payer_id, row.member_id) != (row.coverage.payer_id, row.coverage.member_id):
        found.append(_ANOTHER_PLAN)
    if row.case is not None and row.case.patient_id != row.coverage.patient_id:
        found.append(_ANOTHER_PATIENT)
    return tuple(found)


_NO_CASE = Problem(
    "ASK.case", "837D 2310B, PWK", "blocks", "case",
    "The request rests on no signed case, so a file has no dentist, place or record to name. Ask for it another way, or write "
    "it down from a signed case.",
)  # fmt: skip
_NOT_TO_SEND = Problem(
    "ASK.sent", "CL-8", "blocks", "case", "This request is on its way or has ended. It does not go out again by this.",
)  # fmt: skip
_NO_RECEIVER = Problem(
    "ASK.receiver", "payer profile", "blocks", "payer",
    "This payer takes no files from us: its profile names no receiver. Name one there, or ask on its site, by phone or fax.",
)  # fmt: skip
_ANOTHER_PLAN = Problem(
    "ASK.another-plan", "837D 2010BA, 2010BB", "blocks", "coverage",
    "The coverage names another payer or member id than when this was written down. Withdraw it and write it down anew.",
)  # fmt: skip
_ANOTHER_PATIENT = Problem(
    "ASK.another-patient", "ID-1", "blocks", "case",
    "The case is of another patient than the plan: they were merged, and taken apart again. Withdraw it, and write it down anew "
    "for the right one.",
)  # fmt: skip
