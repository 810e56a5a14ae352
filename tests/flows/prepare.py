"""Make the practice, its people and its billing desk in the installation of the environment: `python -m tests.flows.prepare`.

With a number, so many children with consent and coverage besides, and for each a draft that lacks its pictures.
Prints what a test needs to know.
"""

import json
import sys
from datetime import date, timedelta

import django

django.setup()

from cases.actions import capturing, charting, consenting, opening  # noqa: E402 - models can be imported from here on
from cases.models import Kind, Patient, Scope  # noqa: E402
from teledent.kit import clock  # noqa: E402
from tests import cast  # noqa: E402
from tests.billing.cast import build_desk, cover  # noqa: E402


def consent_from_today(world: cast.World, child: Patient) -> None:
    at = clock.now()
    consenting.record_consent(
        actor=world.of("hana"), patient=child, scopes=dict.fromkeys(Scope.values, True), signer_name="Lucia Villanueva",
        signer_authority="Mother", evidence="paper", language="Spanish", valid_from=at.date() - timedelta(days=30),
        valid_until=at.date() + timedelta(days=300), at=at,
    )  # fmt: skip


def main(children: int) -> None:
    world = cast.build_world()
    desk = build_desk(world)
    at = clock.now()
    cases = []
    for number in range(children):
        child = cast.make_patient(world, given=f"Mateo {number}", born=date(2018, 3, 14) + timedelta(days=number))
        cover(desk, child)
        consent_from_today(world, child)
        case = opening.open_case(actor=world.of("hana"), patient=child, site=world.school, kind=Kind.SCREENING, at=at)
        capturing.save_answers(
            actor=world.of("hana"), case=case, answers=cast.ANSWERS, revision=case.revision, at=at, urgency="early"
        )
        charting.mark_tooth(actor=world.of("hana"), case=case, tooth="LLD", condition="decay", surfaces="O", at=at)
        cases.append(str(case.public_id))
    print(json.dumps({"site": str(world.school.public_id), "receiver": str(desk.receiver.public_id), "cases": cases}))  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
