"""What a practice promises about reading is set by its manager. Cases that wait keep the time they were promised."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from django.db import transaction

from cases.models import ReadingHours, ReadingTerms, Target
from cases.terms import DEFAULTS
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.accounts.models import Practice, Role
from teledent.kit.decisions import Refused


@transaction.atomic
def save_terms(
    *, actor: Actor, targets: Mapping[tuple[str, str], timedelta], hours: Mapping[int, tuple[time, time]], time_zone: str,
    answer_first_hours: int, at: datetime,
) -> None:  # fmt: skip
    """Replace targets, hours and the rest at once; a target that equals the default is not kept."""
    if not actor.has(Role.MANAGER):
        raise Refused("A manager sets how soon and when cases are read.")
    practice = Practice.objects.select_for_update().get(
        pk=actor.practice.pk
    )  # two managers: the later one counts, whole
    ReadingTerms.objects.update_or_create(
        practice=practice, defaults={"time_zone": time_zone, "answer_first_hours": answer_first_hours}
    )
    Target.objects.filter(practice=practice).delete()
    for (kind, urgency), length in targets.items():
        if length != DEFAULTS[urgency]:
            row = Target(practice=practice, kind=kind, urgency=urgency, minutes=length // timedelta(minutes=1))
            row.full_clean()
            row.save(force_insert=True)
    ReadingHours.objects.filter(practice=practice).delete()
    for weekday, (opens, closes) in hours.items():
        row_of_day = ReadingHours(practice=practice, weekday=weekday, opens=opens, closes=closes)
        row_of_day.full_clean()
        row_of_day.save(force_insert=True)
    trail.record(
        "changed", noun="readingterms", public_id=practice.public_id, person=actor.person, practice=practice, at=at
    )
