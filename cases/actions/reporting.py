"""Printing a signed report, and handing the PDF out."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db import transaction

from cases.consents_now import taken_back
from cases.models import Case, Report, ReportState, Scope
from cases.moving import lock, record_event
from cases.permissions import may
from cases.report.document import Language
from cases.reporting import report_of
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.files.storage import open_streaming
from teledent.jobs.queue import enqueue
from teledent.kit import canonical
from teledent.kit.decisions import ALLOWED, Decision, Refused, refuse, require

PRINT = "cases.print_report"
STOPPED = (
    "The family took back its consent to teledentistry, so no report goes out any more (CO-2). The signed record stays."
)
UNANSWERED = (
    "No answer to teledentistry is on record any more: the one that was, was entered wrongly from a form. No report goes out "
    "until the family’s own answer is recorded (CO-2)."
)


def stopped(cases: Collection[Case]) -> dict[int, str]:
    """By the key of each signed case of which nothing may go out any more, why (CO-2). A consent that has merely run out stops
    nothing. One query."""
    gone = taken_back(cases, Scope.TELEDENTISTRY)
    return {case: UNANSWERED if answer is None else STOPPED for case, answer in gone.items()}


def may_print(case: Case) -> Decision:
    why = stopped([case]).get(case.pk)
    return refuse(why) if why else ALLOWED


@transaction.atomic
def print_report(*, actor: Actor, case: Case, audience: str, language: Language, at: datetime) -> Report:
    """Ask for the PDF of what the report says now; the same words again return the row that holds them."""
    require(may(actor, "report", case, at=at))
    case = lock(case.pk)
    require(may_print(case))
    document = report_of(case, audience=audience, language=language)
    if document is None:
        raise Refused("There is a report once the review is signed.")
    said = canonical.plain(document.as_json())
    report, made = Report.objects.get_or_create(
        case=case, audience=audience, language=document.language, digest=canonical.sha256_of(said),
        defaults={"document": said, "requested_by": actor.person, "requested_at": at.replace(microsecond=0)},
    )  # fmt: skip
    if made or report.state == ReportState.FAILED:
        Report.objects.filter(pk=report.pk).update(state=ReportState.QUEUED)
        enqueue(PRINT, dedupe=f"{PRINT}:{report.pk}", report_id=report.pk)
        record_event(case.pk, "report_printed", person=actor.person, at=at, details=_named(report))
    return report


def download_report(*, actor: Actor, report: Report, at: datetime) -> Iterator[bytes]:
    """The finished PDF in blocks; each download stands on the trail."""
    require(may(actor, "report", report.case, at=at))
    require(may_print(report.case))
    if report.file is None:
        raise Refused("This report is still being made. Try again in a moment.")
    case = report.case
    trail.record("report", noun="case", public_id=case.public_id, person=actor.person, practice=case.practice, at=at)
    return open_streaming(report.file.key)


def _named(report: Report) -> dict[str, str]:
    return {"audience": report.audience, "language": report.language, "digest": report.digest}
