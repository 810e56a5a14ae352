"""A patient away from the site: dated by the clock there, and never at the site's place (CL-1, CL-2, CL-3)."""

from datetime import UTC, date, datetime

import pytest

from billing.actions import settings
from billing.attachments import planned_attachments
from billing.claims.facts import ClaimFacts
from billing.packet_content import packet_content
from cases.actions import capturing
from cases.models import Case
from teledent.accounts.models import Licence
from teledent.printing.moments import moment_text
from tests import cast
from tests.billing import cast as money


def away(desk, state: str, *, place: str = "home") -> Case:
    world, patient = desk.world, cast.make_patient(desk.world)
    for name in ("hana", "dev"):
        credential = world.people[name].credential
        Licence.objects.get_or_create(
            credential=credential, state=state, defaults={"number": f"{state}1", "starts_on": date(2024, 1, 1), "ends_on": date(2028, 1, 1)}
        )  # fmt: skip
    money.cover(desk, patient)
    case = cast.case_at(world, patient=patient)
    capturing.save_answers(
        actor=world.of("hana"), case=case, answers={}, revision=case.revision, at=money.AT, patient_place=place, patient_state=state
    )  # fmt: skip
    case.refresh_from_db()
    return case


def test_the_day_signed_is_the_day_at_the_patients_home(desk):
    case = away(desk, "NY")
    cast.submit(desk.world, case, money.AT)
    signed_at = datetime(2026, 11, 18, 5, 30, tzinfo=UTC)  # 00:30 on the 18th in New York, still the 17th at the school
    cast.start(desk.world, case, signed_at)
    cast.sign(desk.world, case, signed_at)
    money.give_pictures(case)
    money.run_jobs(signed_at)
    claim = money.claims_of(case)["dentist"]
    assert (claim.status, claim.service_date, claim.draft["place_of_service"]) == ("ready", date(2026, 11, 18), "10")
    packet = packet_content(claim.case, claim.claim_id, ClaimFacts.from_json(claim.facts), planned_attachments(claim))
    assert moment_text(packet.signature.signed) == "Nov 18, 2026, 00:30:00 EST (UTC-05:00)"


@pytest.mark.parametrize(("place", "code"), [("home", "12"), ("elsewhere", "99")])
def test_the_hygienists_claim_of_a_patient_away_from_the_site_asks_where_it_was_done(desk, place, code):
    desk.cedar.rendering_on_site = "hygienist"
    settings.save_payer(actor=desk.rita, payer=desk.cedar, at=money.AT)
    case = away(desk, "OR", place=place)
    capturing.record_service(actor=desk.world.of("hana"), case=case, code="D0191", ordered_by="Protocol", at=money.AT)
    money.reach_signature(desk, case)
    money.run_jobs()
    claims = money.claims_of(case)
    held = claims["hygienist"]
    assert (held.status, [problem["rule"] for problem in held.blocking]) == ("blocked", ["CL-3.away"])
    assert (held.draft["place_of_service"], held.draft["service_facility"]) == (code, None)
    assert claims["dentist"].status == "ready"
