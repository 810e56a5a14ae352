"""Who has been given what a signed case says: whom a retraction has to reach (RE-5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cases.models import Case, FollowUpStep, Report, ReportState, Signature, Told


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person or paper: who it is, how it came to them, when."""

    who: str
    how: str
    at: datetime


def recipients_of(case: Case) -> list[Recipient]:
    """Everybody who was told and every report that was printed, oldest first; three queries."""
    return sorted((*_told_when_signed(case), *_told_since(case), *_printed(case)), key=lambda one: one.at)


def _told_when_signed(case: Case) -> Iterator[Recipient]:
    for signature in Signature.objects.filter(case=case):
        review = signature.content["review"]
        if review["told"] == Told.TOLD and review["told_at"]:
            yield Recipient(review["told_to"], review["told_how"], datetime.fromisoformat(review["told_at"]))


def _told_since(case: Case) -> Iterator[Recipient]:
    for row in case.follow_ups.filter(step=FollowUpStep.TOLD):
        yield Recipient(row.told_to, row.how, row.happened_at)


def _printed(case: Case) -> Iterator[Recipient]:
    printed = Report.objects.filter(case=case).exclude(state=ReportState.FAILED).select_related("requested_by")
    for report in printed:
        audience = report.get_audience_display().lower()
        yield Recipient(f"Report {audience}", f"printed by {report.requested_by}", report.requested_at)
