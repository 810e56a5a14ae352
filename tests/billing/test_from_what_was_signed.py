"""Claim and packet say what was signed, whatever becomes of the rows afterwards (RE-5, CL-10)."""

from datetime import date
from decimal import Decimal

from billing.actions import checking, making, settings
from billing.attachments import planned_attachments
from billing.claims.facts import ClaimFacts
from billing.models import Claim, Fee
from billing.packet.content import PacketContent
from billing.packet_content import packet_content
from cases.models import Asset, Case, OnSiteService
from tests import cast
from tests.billing import cast as money


def let_hygienists_render(desk) -> None:
    desk.cedar.rendering_on_site = "hygienist"
    settings.save_payer(actor=desk.rita, payer=desk.cedar, at=money.AT)


def claims_with_service(desk) -> dict[str, Claim]:
    let_hygienists_render(desk)
    patient = cast.make_patient(desk.world)
    money.cover(desk, patient)
    case = money.with_service(desk, patient=patient)
    money.run_jobs()
    return money.claims_of(case)


def packet_of(claim: Claim) -> PacketContent:
    return packet_content(claim, ClaimFacts.from_json(claim.facts), planned_attachments(claim))


def test_a_service_added_after_the_submission_reaches_no_claim(desk):
    claim = claims_with_service(desk)["hygienist"]
    fee = Fee(practice=desk.world.practice, code="D0190", amount=Decimal("9"), valid_from=date(2026, 1, 1))
    settings.save_fee(actor=desk.rita, at=money.AT, fee=fee)
    OnSiteService.objects.create(
        case=claim.case, code="D0190", operator=desk.world.people["hana"], ordered_by="nobody at all"
    )
    claim = checking.check_claim(claim.pk, at=money.LATER)
    assert (claim.status, [line["code"] for line in claim.draft["lines"]]) == ("ready", ["D0191"])


def test_a_service_removed_after_the_submission_stays_on_the_claim(desk):
    claim = claims_with_service(desk)["hygienist"]
    OnSiteService.objects.filter(case=claim.case).delete()
    claim = checking.check_claim(claim.pk, at=money.LATER)
    assert (claim.status, [line["code"] for line in claim.draft["lines"]]) == ("ready", ["D0191"])


def test_a_service_that_was_never_signed_makes_no_claim(desk):
    case = money.signed(desk)
    OnSiteService.objects.create(case=case, code="D0191", operator=desk.world.people["hana"], ordered_by="nobody")
    assert [one.part for one in making.make_claims(actor=desk.rita, case=case, at=money.LATER)] == ["dentist"]


def test_the_colleague_who_did_the_service_renders_it(desk):
    let_hygienists_render(desk)
    patient, world = cast.make_patient(desk.world), desk.world
    money.cover(desk, patient)
    case = cast.case_at(world, patient=patient)
    OnSiteService.objects.create(case=case, code="D0191", operator=world.people["bo"], ordered_by="Protocol 2026")
    money.reach_signature(desk, case)
    money.run_jobs()
    rendering = money.claims_of(case)["hygienist"].draft["rendering"]
    assert rendering["name"]["last"] == "Lindqvist"


def test_day_place_marks_and_pictures_are_those_of_the_signature(desk):
    claim = claims_with_service(desk)["dentist"]
    before, packet = claim.facts, packet_of(claim)
    Case.objects.filter(pk=claim.case_id).update(day_seen=date(2026, 11, 2), patient_state="WA", patient_place="home")
    claim.case.site.__class__.objects.filter(pk=claim.case.site_id).update(name="Another School")
    claim.case.findings.filter(review__isnull=True).update(tooth="LR6", condition="missing")
    Asset.objects.filter(case=claim.case).update(view="panoramic", device="Another", captured_at=money.LATER)
    claim = checking.check_claim(claim.pk, at=money.LATER)
    assert claim.facts == before
    assert packet_of(claim) == packet
