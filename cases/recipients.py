"""Who has been given what a signed case says: whom a retraction has to reach (RE-5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cases.models import (
    Case,
    FollowUpStep,
    Letter,
    PrintState,
    Referral,
    Report,
    ReportState,
    SchoolListLine,
    Signature,
    Told,
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person or paper: who it is, how it came to them, when."""

    who: str
    how: str
    at: datetime


def recipients_of(case: Case) -> list[Recipient]:
    """Everybody who was told, and every paper that was made of the case, oldest first; seven queries."""
    told = (*_told_when_signed(case), *_told_since(case))
    papers = (*_printed(case), *_letters(case), *_school_lists(case), *_referrals(case), *_answers(case))
    return sorted((*told, *papers), key=lambda one: one.at)


def _told_when_signed(case: Case) -> Iterator[Recipient]:
    for signature in Signature.objects.filter(case=case):
        review = signature.content["review"]
        if review["told"] == Told.TOLD and review["told_at"]:
            yield Recipient(review["told_to"], review["told_how"], datetime.fromisoformat(review["told_at"]))


def _told_since(case: Case) -> Iterator[Recipient]:
    """A letter counts here where somebody recorded it by hand; one of a run is among the papers."""
    told = [FollowUpStep.TOLD, FollowUpStep.DECLINED, FollowUpStep.LETTER]
    runs = Letter.objects.filter(case=case, run__handed_at__isnull=False).values("run__handed_at")
    for row in case.follow_ups.filter(step__in=told).exclude(step=FollowUpStep.LETTER, happened_at__in=runs):
        yield Recipient(row.told_to, row.how, row.happened_at)


def _printed(case: Case) -> Iterator[Recipient]:
    printed = Report.objects.filter(case=case).exclude(state=ReportState.FAILED).select_related("requested_by")
    for report in printed:
        audience = report.get_audience_display().lower()
        yield Recipient(f"Report {audience}", f"printed by {report.requested_by}", report.requested_at)


def _letters(case: Case) -> Iterator[Recipient]:
    """Printed counts: a sheet that lay in a tray may have gone home with a child."""
    for letter in Letter.objects.filter(case=case).select_related("run__requested_by"):
        run = letter.run
        how = f"letter, {run.handed_how}" if run.handed_at else f"letter, printed by {run.requested_by}"
        yield Recipient(letter.addressee, how, run.handed_at or run.requested_at)


def _school_lists(case: Case) -> Iterator[Recipient]:
    lines = SchoolListLine.objects.filter(case=case).select_related("school_list__site", "school_list__requested_by")
    for made in (line.school_list for line in lines):
        yield Recipient(f"{made.made_for}, {made.site}", f"school list, made by {made.requested_by}", made.requested_at)


def _referrals(case: Case) -> Iterator[Recipient]:
    for row in Referral.objects.filter(case=case).exclude(state=PrintState.FAILED).select_related("requested_by"):
        how = f"referral, {row.sent_how}" if row.sent_at else f"referral, made by {row.requested_by}"
        yield Recipient(row.to["name"], how, row.sent_at or row.requested_at)


def _answers(case: Case) -> Iterator[Recipient]:
    """From the timeline: what was let out later, of this case or of one that corrects it, takes nothing of it away."""
    for event in case.events.filter(kind__in=["answer_released", "answer_collected"]):
        how = "collected at a link" if event.kind == "answer_collected" else f"let out to a link by {event.person_name}"
        yield Recipient(event.details["to"], f"answer to the question of another office, {how}", event.at)
