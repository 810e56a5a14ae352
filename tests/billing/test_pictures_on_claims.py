"""Codes that pay for pictures: one line of the dentist, never alone, never without the order (CL-6, CA-2)."""

from datetime import date
from decimal import Decimal

import pytest

from billing.actions import checking, settings
from billing.models import Claim, Fee
from cases.actions import capturing
from cases.actions.importing_codes import import_codes
from cases.codes import kind_of_image
from cases.models import Case
from tests import cast
from tests.billing import cast as money


def rules(claim: Claim) -> list[str]:
    return [problem["rule"] for problem in claim.problems]


def lines(claim: Claim) -> list[str]:
    return [line["code"] for line in claim.draft["lines"]]


def prepared(desk, *codes: str) -> Case:
    """A case in progress with these codes of the practice's own list recorded as done on site."""
    desk.cedar.rendering_on_site = "hygienist"
    settings.save_payer(actor=desk.rita, payer=desk.cedar, at=money.AT)
    world = desk.world
    patient = cast.make_patient(world)
    money.cover(desk, patient)
    case = cast.case_at(world, patient=patient)
    for code in codes:
        import_codes(
            practice=world.practice, lines=["code,from,until,use,text", f"{code},2020-01-01,,on_site,our words"]
        )
        fee = Fee(practice=world.practice, code=code, amount=Decimal("30"), valid_from=date(2025, 1, 1))
        settings.save_fee(actor=desk.rita, at=money.AT, fee=fee)
        capturing.record_service(actor=world.of("hana"), case=case, code=code, ordered_by="Protocol 2026", at=money.AT)
    return case


def claims_with(desk, case: Case) -> dict[str, Claim]:
    money.reach_signature(desk, case)
    money.run_jobs()
    return money.claims_of(case)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("D0140", None), ("D0191", None), ("D9996", None), ("D1206", None), ("D0274", "radiograph"), ("D0330", "radiograph"),
        ("D0350", "photograph"), ("D0391", "half"), ("D0703", "half"), ("D0708", "half"), ("X0350", None),
    ],
)  # fmt: skip
def test_the_number_says_what_a_picture_code_pays_for(code, kind):
    assert kind_of_image(code) == kind


def test_a_picture_code_alone_makes_no_hygienists_claim_and_one_line_of_the_dentist(desk):
    claims = claims_with(desk, prepared(desk, "D0350"))
    assert list(claims) == ["dentist"]
    assert (claims["dentist"].status, lines(claims["dentist"])) == ("ready", ["D0140", "D9996", "D0350"])


def test_the_hygienists_other_services_stay_on_hers(desk):
    claims = claims_with(desk, prepared(desk, "D0350", "D0190"))
    assert {part: (claim.status, lines(claim)) for part, claim in claims.items()} == {
        "dentist": ("ready", ["D0140", "D9996", "D0350"]),
        "hygienist": ("ready", ["D0190"]),
    }


def test_a_claim_of_pictures_alone_that_was_made_before_is_held(desk):
    case = prepared(desk, "D0350")
    claims_with(desk, case)
    made_before = Claim.objects.create(
        practice=case.practice, case=case, part="hygienist", number=99, claim_id="OLD", made_at=money.AT
    )
    held = checking.recheck_claim(actor=desk.rita, claim=made_before, at=money.LATER)
    assert (held.status, rules(held)) == ("blocked", ["CL-6.alone"])


def test_half_a_picture_is_left_off_and_said(desk):
    claim = claims_with(desk, prepared(desk, "D0703"))["dentist"]
    assert (claim.status, lines(claim), rules(claim)) == ("ready", ["D0140", "D9996"], ["CL-6.half-left"])


def test_a_radiograph_without_its_order_is_not_billed_by_anybody(desk):
    case = prepared(desk, "D0274", "D0190")
    money.put_film(desk, case, ordered=False)
    claims = claims_with(desk, case)
    assert (claims["dentist"].status, rules(claims["dentist"])) == ("blocked", ["CA-2.billed"])
    assert lines(claims["hygienist"]) == ["D0190"]


def test_a_radiograph_with_its_order_is_billed(desk):
    case = prepared(desk, "D0274")
    money.put_film(desk, case)
    claim = claims_with(desk, case)["dentist"]
    assert (claim.status, lines(claim)) == ("ready", ["D0140", "D9996", "D0274"])


def test_a_picture_that_nobody_took_is_not_billed(desk):
    claim = claims_with(desk, prepared(desk, "D0274"))["dentist"]
    assert (claim.status, rules(claim)) == ("blocked", ["CL-6.twice"])
