"""A few cases in every state, their bytes, their claims up to an export, and what follows a signature: what `make` leaves."""

import uuid
from datetime import date, timedelta
from typing import Any

import django

django.setup()

from billing.actions.authorising import Approval, record_approval  # noqa: E402
from cases.actions import merging, ordering, referring, reporting, schools, signing  # noqa: E402
from cases.actions.second_reading import (  # noqa: E402
    ask_second_read,
    save_second_read,
    settle,
    sign_second_read,
)
from cases.models import Asset, Case, ReferralPlace  # noqa: E402
from cases.states import Status  # noqa: E402
from teledent.accounts.acting import Actor  # noqa: E402
from teledent.accounts.models import Membership, Person  # noqa: E402
from teledent.files.storage import Blocks, private  # noqa: E402
from teledent.kit import clock  # noqa: E402
from tests import cast  # noqa: E402
from tests.billing import cast as billing_cast  # noqa: E402
from tests.billing.asking_ahead import cast as ahead  # noqa: E402

LATER = cast.AT + timedelta(days=1)
without_bytes = cast.put_file


def put_file(case: Case, actor: Actor, *, view: str, **kept: Any) -> Asset:
    """The cast's picture with the bytes behind it, which other tests do without."""
    content = f"invented picture {uuid.uuid4()}".encode()
    asset = without_bytes(case, actor, view=view, content=content, **kept)
    assert asset.original is not None
    private().save(asset.original.key, Blocks([content]))
    return asset


def tell() -> None:
    """One case in every state, one with an addendum, and claims that wait, are ready and went out."""
    cast.put_file = put_file
    desk = billing_cast.build_desk(cast.build_world())
    for number, status in enumerate(Status):
        patient = cast.make_patient(
            desk.world, given="Noor", family=f"Example-{number}", born=date(2017, 1, 1 + number)
        )
        cast.case_at(desk.world, status, patient=patient)
    billing_cast.ready_claim(desk, patient=cast.make_patient(desk.world, given="Åsa", family="Ready"))
    export = billing_cast.exported(desk)
    billing_cast.ready_claim(desk, patient=cast.make_patient(desk.world, given="Zoë", family="Next"))
    signed = export.contents.select_related("claim__case").get().claim.case
    signing.add_addendum(
        actor=desk.world.of("dev"), case=signed, text="The mother called: the tooth was sealed last year.",
        password=cast.PASSWORD, at=LATER,
    )  # fmt: skip
    asked_ahead(desk, signed)
    read_twice(desk.world, signed)
    passed_on(desk.world, signed)
    kept, merged = (cast.make_patient(desk.world, given=given, family="Twice") for given in ("Mia", "Mya"))
    merging.merge_patients(actor=desk.world.of("olu"), kept=kept, merged=merged, reason="The mother told us", at=LATER)


def asked_ahead(desk: billing_cast.Desk, case: Case) -> None:
    """A predetermination of planned care that went out by file and that its payer answered."""
    row = ahead.drafted(ahead.with_fees(desk), case)
    with clock.standing_at(LATER):
        ahead.sent(desk, row)
    day = LATER.date()
    said = Approval("PD-1", day, valid_from=day, valid_until=day + timedelta(days=180))
    record_approval(actor=desk.rita, row=row, said=said, of_lines={}, at=LATER)


def read_twice(world: cast.World, case: Case) -> None:
    """A second dentist reads it otherwise, and the first settles it; another second read is asked for and not written."""
    for key, name in (("eva", "Dr. Eva Osei"), ("una", "Dr. Una Brandt")):
        person = Person.objects.create_user(f"{key}@example.org", cast.PASSWORD, name=name)
        Membership.objects.create(person=person, practice=world.practice, role="dentist", starts_on=date(2026, 1, 1))
        cast.license_person(person, npi="1245319599", taxonomy="122300000X", title="DDS")
        world.people[key] = person
    asked = [
        ask_second_read(actor=world.of("dev"), case=case, reader=world.people[key], question="Is L decayed?", at=LATER)
        for key in ("eva", "una")
    ]
    said = {"evaluation": "Two photographs.", "conclusions": "A stain in the pit.", "advice": "Watch it.", "limits": "Its depth.",
            "urgency": "routine", "sufficiency": "limited", "outcome": "recall"}  # fmt: skip
    eva, read = world.of("eva"), asked[0]
    version = save_second_read(actor=eva, read=read, version=read.version, at=LATER, **said)
    read = sign_second_read(actor=eva, read=read, version=version, password=cast.PASSWORD, at=LATER)
    settle(
        actor=world.of("dev"), read=read, text="I stay with it.", by_addendum=False, password=cast.PASSWORD, at=LATER
    )


def passed_on(world: cast.World, case: Case) -> None:
    """What goes to others, asked for and not made yet: the worker is no part of this story."""
    dev, rita = world.of("dev"), world.of("rita")
    ordering.give_orders(actor=dev, case=case, kind="fluoride", reason="White spots", password=cast.PASSWORD, at=LATER)
    reporting.print_report(actor=dev, case=case, audience="family", language="en", at=LATER)
    place = ReferralPlace(practice=world.practice, name="Mill Street Dental", specialty="Children", phone="541-555-0160",
                          street="9 Mill Street", city="Springfield", state="OR", zip_code="97477")  # fmt: skip
    referring.save_place(actor=rita, place=place, at=LATER)
    referring.refer(
        actor=rita, case=case, place=place, urgency="urgent", reason="Pain on cold at L", pictures=[], at=LATER
    )
    schools.make_school_list(
        actor=rita, site=case.site, first_day=case.day_seen, last_day=case.day_seen, made_for="Nurse Ortiz", at=LATER
    )


if __name__ == "__main__":
    tell()
