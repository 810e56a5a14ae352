"""A minimal list for the school nurse: made, printed, handed out as long as every family on it agrees (CO-2)."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from cases.consents_now import agreed_to_school
from cases.merging import taken_apart_since
from cases.models import Case, SchoolList, SchoolListLine, Signature
from cases.moving import record_event
from cases.papers import line_content
from cases.practice_permissions import may_at_site
from cases.school_words import COLUMNS, line_for, place_in_list
from cases.states import BILLABLE
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.accounts.models import Site
from teledent.files.storage import open_streaming
from teledent.jobs.queue import enqueue
from teledent.kit import canonical, clock
from teledent.kit.csv_cells import csv_bytes
from teledent.kit.decisions import Refused, require
from teledent.kit.text import is_filler, printable
from teledent.printing.moments import day_text

PRINT = "cases.print_school_list"
LONGEST = timedelta(days=31)
NOBODY = "No family of these days agreed to share the result with the school, so there is no list (CO-2)."


@transaction.atomic
def make_school_list(
    *, actor: Actor, site: Site, first_day: date, last_day: date, made_for: str, at: datetime
) -> SchoolList:
    """List the signed cases of a site's days: by name those whose families agreed, the others as a number."""
    require(may_at_site(actor, "school_list", site))
    if site.kind != Site.Kind.SCHOOL:
        raise Refused("Lists are made for schools.")
    if last_day < first_day or last_day - first_day > LONGEST:
        raise Refused("Choose days of one month at most, the first before the last.")
    if is_filler(made_for):
        raise Refused("Say for whom the list is made: the nurse's name.")
    signed = _signed(site, first_day, last_day)
    agreed = agreed_to_school([one.case for one in signed], day=clock.local_date(at, site.time_zone))
    named = [one for one in signed if one.case_id in agreed]
    if not named:
        raise Refused(NOBODY if signed else "No case of these days is signed yet.")
    made = SchoolList.objects.create(
        practice=actor.practice, site=site, first_day=first_day, last_day=last_day, made_for=printable(made_for),
        withheld=len(signed) - len(named), requested_by=actor.person, requested_at=at.replace(microsecond=0),
    )  # fmt: skip
    lines = SchoolListLine.objects.bulk_create(_lines(made, named))
    for line in lines:
        digest = canonical.sha256_of(line_content(line))
        details = {"for": made.made_for, "word": line.word, "list": made.public_id, "digest": digest}
        record_event(line.case_id, "school_list", person=actor.person, at=at, details=details)
    enqueue(PRINT, dedupe=f"{PRINT}:{made.pk}", list_id=made.pk)
    return made


def _signed(site: Site, first_day: date, last_day: date) -> list[Signature]:
    rows = Signature.objects.filter(
        case__site=site, case__day_seen__range=(first_day, last_day), case__status__in=BILLABLE
    )
    found = rows.select_related("case__patient").prefetch_related("case__patient__enrolments")
    return sorted(
        found, key=lambda one: (place_in_list(one.content["review"]["urgency"]), one.case.patient.family_key, one.pk)
    )


def _lines(made: SchoolList, named: Iterable[Signature]) -> Iterator[SchoolListLine]:
    for number, one in enumerate(named, start=1):
        review, patient = one.content["review"], one.case.patient
        by = date.fromisoformat(review["outcome_by"]) if review["outcome_by"] else None
        word, by_when, asked = line_for(review["urgency"], by)
        here = [row for row in patient.enrolments.all() if row.site_id == made.site_id]
        room = max(here, key=lambda row: (row.school_year, row.pk)).room if here else ""
        yield SchoolListLine(
            school_list=made, case=one.case, number=number, name=patient.name[:130], room=room, word=word, by_when=by_when, asked=asked,
        )  # fmt: skip


def stopped_lines(made: SchoolList, *, day: date) -> dict[int, str]:
    """Lines that may go out no more, by their number, with the reason: retracted, the family took its consent back, or it
    may name another child."""
    lines = list(made.lines.select_related("case"))
    agreed = agreed_to_school([line.case for line in lines], day=day)
    other = taken_apart_since((line.case_id for line in lines), made.requested_at)
    reasons = {line.number: _reason(line.case, agreed, other) for line in lines}
    return {number: reason for number, reason in reasons.items() if reason}


def _reason(case: Case, agreed: set[int], other: set[int]) -> str:
    if case.status not in BILLABLE:
        return "The review was retracted: tell the school."
    if case.pk in other:
        return "This patient was taken apart from another one since, so the name may be wrong: tell the school."
    return "" if case.pk in agreed else "The family does not share with the school any more: tell the school."


def _require_going(actor: Actor, made: SchoolList, at: datetime) -> None:
    require(may_at_site(actor, "school_list", made.site))
    if stopped_lines(made, day=clock.local_date(at, made.site.time_zone)):
        raise Refused("This list goes out no more: a line of it is marked. Make a new list; it says what is true now.")


def download_school_list(*, actor: Actor, made: SchoolList, at: datetime) -> Iterator[bytes]:
    """The finished PDF in blocks; each download stands on the trail."""
    _require_going(actor, made, at)
    if made.file is None:
        raise Refused("This list is still being made. Try again in a moment.")
    _leave_trail(actor, made, at)
    return open_streaming(made.file.key)


def school_list_csv(*, actor: Actor, made: SchoolList, at: datetime) -> bytes:
    """The same lines for a spreadsheet, in which nothing is computed."""
    _require_going(actor, made, at)
    _leave_trail(actor, made, at)
    rows = ((line.name, line.room, line.word, line.by_when, line.asked) for line in made.lines.all())
    return csv_bytes([COLUMNS, *rows])


def _leave_trail(actor: Actor, made: SchoolList, at: datetime) -> None:
    trail.record("school list", noun="school list", public_id=made.public_id, person=actor.person,
                 practice=made.practice, at=at)  # fmt: skip


def as_printed(made: SchoolList) -> dict[str, Any]:
    """What the PDF is laid out from."""
    lines = made.lines.all()
    return {
        "title": f"Dental results, {made.site.name}", "practice": made.practice.name, "phone": made.practice.phone,
        "site": made.site.name, "made_for": made.made_for, "made_by": made.requested_by.name,
        "first_day": day_text(made.first_day), "last_day": day_text(made.last_day), "withheld": made.withheld,
        "columns": list(COLUMNS), "rows": [[one.name, one.room, one.word, one.by_when, one.asked] for one in lines],
    }  # fmt: skip
