"""What a school's list says of insurance is heard: kept as said, shown where plans are kept, made a plan by a person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from billing.models import Coverage, Payer, SaidPlan
from billing.permissions import may
from cases.events import columns as c
from cases.models import Patient
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.kit.decisions import Refused, require
from teledent.kit.text import search_key

CHILDRENS_MEDICAID = "MC"


def hear_insurance(actor: Actor, said: Mapping[int, Mapping[str, str]], at: datetime) -> None:
    """Keep what rows of a roster say, by patient key; not what is on file as a plan, nor what was
    heard before, though a person settled it. Three queries.

    Only inside the transaction that takes the roster on.
    """
    on_file = {(row.patient_id, search_key(row.member_id)) for row in Coverage.objects.filter(patient__in=said)}
    heard = {(row.patient_id, row.payer, row.member_id) for row in SaidPlan.objects.filter(patient__in=said)}
    SaidPlan.objects.bulk_create(
        SaidPlan(
            patient_id=patient, payer=row.get(c.PAYER, ""), member_id=row.get(c.MEMBER, ""), subscriber=row.get(c.SUBSCRIBER, ""),
            said_at=at, said_by=actor.person,
        )
        for patient, row in said.items()
        if (row.get(c.PAYER) or row.get(c.MEMBER))
        and (patient, search_key(row.get(c.MEMBER, ""))) not in on_file
        and (patient, row.get(c.PAYER, ""), row.get(c.MEMBER, "")) not in heard
    )  # fmt: skip


def as_plan(said: SaidPlan) -> dict[str, Any]:
    """What the form of a new plan begins with: the payer where one of ours is called so, and the rest as it was said."""
    ours = Payer.objects.filter(practice=said.patient.practice_id)
    name = search_key(said.payer)
    payer = next((one for one in ours if name and name in (search_key(one.name), search_key(one.payer_id))), None)
    given, _, family = said.subscriber.strip().rpartition(" ")
    own = payer is not None and payer.filing_code == CHILDRENS_MEDICAID
    return {
        "payer": payer.pk if payer else None, "member_id": said.member_id, "own_member_id": own,
        "subscriber_given_name": "" if own else given, "subscriber_family_name": "" if own else family,
    }  # fmt: skip


@transaction.atomic
def settle_said(*, actor: Actor, said: SaidPlan, at: datetime) -> None:
    """A plan was made of it, or it is set aside: it is shown no more. A second click changes nothing. Raises Refused."""
    require(may(actor, "keep_settings"))
    if said.patient.practice_id != actor.practice.pk:
        raise Refused("This belongs to another practice.")
    if SaidPlan.objects.open().filter(pk=said.pk).update(settled_at=at, settled_by=actor.person):
        trail.record(
            "changed", noun="coverage", public_id=said.public_id, person=actor.person, practice=actor.practice, at=at
        )


def said_of(patient: Patient) -> list[SaidPlan]:
    return list(SaidPlan.objects.open().filter(patient=patient).select_related("said_by"))
