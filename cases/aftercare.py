"""From the rows of signed cases to where their follow-up stands: the only writer of `Aftercare`."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from cases.follow_up import Standing, Taken, is_settled, standing
from cases.follow_up_dates import Promise, again_on, due_at, is_urgent
from cases.models import Aftercare, Case, FollowUpPlan, Signature, Told
from cases.places import zone_of_patient_place
from teledent.accounts.models import Practice

COLUMNS = ("state", "outcome", "urgency", "urgent", "settled", "tries", "booked_for", "due_at", "again_on")


def promise_of(practice: Practice) -> Promise:
    """What the practice promises; the defaults where it never said."""
    plan = FollowUpPlan.objects.filter(practice=practice).first()
    if plan is None:
        return Promise()
    return Promise(plan.urgent_hours, plan.other_weeks, plan.most_tries, plan.again, plan.school_year_starts)


def keep_aftercare(case_id: int) -> Aftercare:
    """Work out anew where one signed case stands. Inside the transaction of what changed it."""
    return keep_all(Signature.objects.filter(case=case_id))[0]


def keep_all(signatures: Any) -> list[Aftercare]:
    """The same for the cases of a queryset of signatures: four queries and one write, however many."""
    found = list(signatures.select_related("case__practice", "case__site").prefetch_related("case__follow_ups"))
    promises = {practice: promise_of(practice) for practice in {one.case.practice for one in found}}
    rows = [_row(one, promises[one.case.practice]) for one in found]
    Aftercare.objects.bulk_create(
        rows, batch_size=200, update_conflicts=True, unique_fields=["case"], update_fields=list(COLUMNS)
    )
    return rows


def standing_of(case: Case, *, told_when_signed: bool, promise: Promise) -> Standing:
    return standing(_taken(case), told_when_signed=told_when_signed, most_tries=promise.most_tries)


def _taken(case: Case) -> Iterable[Taken]:
    return (Taken(row.step, row.happened_at, row.booked_for) for row in case.follow_ups.all())


def _row(signature: Signature, promise: Promise) -> Aftercare:
    case, review = signature.case, signature.content["review"]
    now = standing_of(case, told_when_signed=review["told"] == Told.TOLD, promise=promise)
    outcome, urgent = review["outcome"], is_urgent(review["urgency"], review["outcome"])
    outcome_by = date.fromisoformat(review["outcome_by"]) if review["outcome_by"] else None
    zone = zone_of_patient_place(case, case.site)
    due = due_at(
        now, urgent=urgent, outcome=outcome, outcome_by=outcome_by, signed_at=signature.at, zone=zone, promise=promise
    )
    return Aftercare(
        case=case, practice=case.practice, state=now.state, outcome=outcome, urgency=review["urgency"], urgent=urgent,
        settled=is_settled(outcome, now.state), tries=now.tries, booked_for=now.booked_for, due_at=due,
        again_on=again_on(case.day_seen, promise),
    )  # fmt: skip
