"""Opening a case: one capture of one patient at one site on one day."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F

from cases import questionnaires
from cases.actions.capturing import carried_over
from cases.merging import require_standing
from cases.models import Case, Counter, Patient
from cases.moving import record_event
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person, Practice, Role, Site
from teledent.kit import clock
from teledent.kit.decisions import Refused


def next_number(practice: Practice, noun: str) -> int:
    """The next human number of a noun. Inside a transaction: the counter's row stays locked until it commits."""
    Counter.objects.get_or_create(practice=practice, noun=noun)
    Counter.objects.filter(practice=practice, noun=noun).update(value=F("value") + 1)
    return Counter.objects.values_list("value", flat=True).get(practice=practice, noun=noun)


@transaction.atomic
def open_case(
    *, actor: Actor, patient: Patient, site: Site, kind: str, at: datetime, public_id: UUID | None = None,
    follows: Case | None = None, because: str = "", opened_by: Person | None = None, said: Mapping[str, Any] | None = None,
    answers: Mapping[str, Any] | None = None, **elsewhere: Any,
) -> Case:  # fmt: skip
    """Open a draft. The same `public_id` again returns the case it made: a second tap opens no second case.

    `follows` is the case that it is a visit for, or that it corrects. `opened_by` is who gathered where somebody else forwards
    it, `said` what a device says of it. What another office sent begins with `answers` of it and with `elsewhere`: its question,
    origin, place and state.
    """
    if (
        not actor.at_site(Role.HYGIENIST, site.pk)
        or patient.practice_id != actor.practice.pk
        or site.practice_id != actor.practice.pk
    ):
        raise Refused("You can open cases at the sites where you work.")
    known = Case.objects.filter(practice=actor.practice, public_id=public_id).first() if public_id else None
    if known:
        return known
    patient = require_standing(patient)
    day = clock.local_date(at, site.time_zone)
    before = Case.objects.filter(practice=actor.practice, opened_by=actor.person, site=site, day_seen=day).order_by(
        "-pk"
    )
    case = Case.objects.create(
        public_id=public_id or uuid4(),
        practice=actor.practice,
        site=site,
        patient=patient,
        number=next_number(actor.practice, "case"),
        kind=kind,
        opened_by=opened_by or actor.person,
        opened_at=at,
        follows=follows,
        follows_because=because,
        day_seen=day,
        questionnaire=questionnaires.VERSION,
        answers=carried_over(before=before[:3]) if answers is None else dict(answers),
        **{"patient_state": site.state, **elsewhere},
    )
    record_event(
        case.pk,
        "opened",
        person=actor.person,
        at=at,
        details={"kind": kind, "site": site.name, **_linked(follows, because), **(said or {})},
    )
    return case


def _linked(follows: Case | None, because: str) -> dict[str, str]:
    return {"follows": follows.label, "because": because} if follows else {}
