"""A screener's word on an indicator that is computed from her marks: given with a reason, kept beside what was computed."""

from datetime import datetime

from django.db import transaction

from cases.indicator_facts import indicators_of
from cases.indicators.computing import ABSENCES, CHOICES, Indicator
from cases.models import Case, IndicatorKey, PatientPlace, SaidIndicator
from cases.moving import lock, record_event
from cases.permissions import may
from cases.promises import refuse_promise
from teledent.accounts.acting import Actor
from teledent.kit.decisions import Refused, require
from teledent.kit.text import is_filler, printable


@transaction.atomic
def say_indicator(*, actor: Actor, case: Case, key: str, value: str, reason: str, at: datetime) -> SaidIndicator:
    """Put her word in the place of what was computed, until she takes it back. The timeline keeps both and the reason."""
    case = _open_to(actor, case, at)
    found = _indicator(case, key)
    if value not in CHOICES[key]:
        raise Refused("This is no value of that indicator. Choose one that is shown.")
    if value in ABSENCES and case.patient_place != PatientPlace.SITE:
        raise Refused("Nobody looked into the mouth: pictures alone never show that there is none.")
    if is_filler(reason):
        raise Refused("Say why you see it otherwise; the timeline keeps the reason.")
    refuse_promise(reason)
    row, _ = SaidIndicator.objects.update_or_create(
        case=case, key=key,
        defaults={
            "value": value, "computed": found.computed.value, "reason": printable(reason), "said_by": actor.person, "said_at": at,
        },
    )  # fmt: skip
    record_event(case.pk, "indicator_said", person=actor.person, at=at, details=said_content(row))
    return row


@transaction.atomic
def take_back_indicator(*, actor: Actor, case: Case, key: str, at: datetime) -> None:
    """What is computed counts again."""
    case = _open_to(actor, case, at)
    for row in SaidIndicator.objects.filter(case=case, key=key):
        record_event(case.pk, "indicator_taken_back", person=actor.person, at=at, details={"key": row.key})
        row.delete()


def said_content(row: SaidIndicator) -> dict[str, str]:
    """What the timeline keeps of a word, and what `cases.verifying_indicators` holds the row against."""
    return {"key": row.key, "value": row.value, "computed": row.computed, "reason": row.reason}


def _open_to(actor: Actor, case: Case, at: datetime) -> Case:
    """The case under its lock, as it now stands: a submit or a signature may have come since it was shown (CA-6)."""
    case = lock(case.pk)
    require(may(actor, "capture", case, at=at))
    return case


def _indicator(case: Case, key: str) -> Indicator:
    if key == IndicatorKey.EXPERIENCE:
        raise Refused("Caries experience follows from treated and untreated decay. Correct one of them.")
    marks = case.findings.filter(review__isnull=True)
    found = next((one for one in indicators_of(case, marks) if one.key == key), None)
    if found is None:
        raise Refused("This case has no such indicator.")
    return found
