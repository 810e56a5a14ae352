"""The front desk's half: claims checked, ended, exported."""

from datetime import datetime, timedelta

from billing.actions.checking import check_claim
from billing.actions.desk import assign_claim, note_on_claim, snooze_claim
from billing.actions.ending import do_not_bill
from billing.actions.exporting import export_claims
from billing.demonstration.people import Cast
from billing.demonstration.stories import Story
from billing.demonstration.timing import Moments
from billing.models import Claim, ClaimEvent, Export, ExportState, Receiver
from billing.states import CHECKED, Status
from cases.importing.receiving import OWNER
from cases.models import Case
from teledent.accounts.days import today_in
from teledent.jobs import queue
from teledent.jobs.performing import perform
from teledent.kit import clock


def work_claims(cast: Cast, story: Story, case: Case, moments: Moments) -> None:
    """Check the case's claims as the worker does, and end what is not to be billed."""
    if story.quirk == "unchecked":
        return  # signed a moment ago: the worker's job is waiting
    for claim in Claim.objects.filter(case=case).order_by("pk"):
        checked = check_claim(claim.pk, at=moments.signed + timedelta(seconds=20))
        if story.told and checked.status in CHECKED:
            checked = check_claim(claim.pk, at=moments.later + timedelta(seconds=20))
        if story.claim in ("not_taken", "grant") and checked.status in CHECKED:
            text = "Paid by the county's school sealant grant" if story.claim == "grant" else ""
            do_not_bill(actor=cast.of("june"), claim=checked, reason=story.claim, text=text, at=moments.later)


def export_ready(cast: Cast, *, nth: int, at: datetime) -> None:
    """The desk's first or second export, of everything that is ready at that point of the telling."""
    receiver = Receiver.objects.get(practice=cast.practice)
    if Export.objects.filter(receiver=receiver, state=ExportState.DONE).count() >= nth:
        return
    with clock.standing_at(at):
        export = export_claims(actor=cast.of("june"), receiver=receiver, at=at)
        job = queue.claim_one(export.job_id or 0, owner=OWNER, at=at)
        if job is not None:
            perform(job)


def put_off_and_note(cast: Cast, *, at: datetime) -> None:
    """What June did this morning: the first denied claim is hers, with a note; a held one waits for the family's card. Done once."""
    june, at = cast.of("june"), at - timedelta(hours=2)
    if ClaimEvent.objects.filter(claim__practice=cast.practice, kind="noted").exists():
        return
    mine = Claim.objects.for_list().filter(practice=cast.practice)
    for claim in mine.filter(status=Status.DENIED).order_by("pk")[:1]:
        assign_claim(actor=june, claim=claim, to=june.person, at=at)
        note_on_claim(
            actor=june, claim=claim, text="Called the plan: it wants the photographs once more, by upload.", at=at
        )
    for claim in mine.filter(status=Status.BLOCKED, coverage__isnull=True).order_by("pk")[:1]:
        until = today_in(cast.practice, at) + timedelta(days=5)
        snooze_claim(
            actor=june, claim=claim, until=until, because="The family sends a picture of the card this week", at=at
        )
