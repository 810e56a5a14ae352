"""Claim and packet say what was signed, whatever becomes of the rows afterwards (RE-5, CL-10)."""

from datetime import date, timedelta
from decimal import Decimal

from billing.actions import checking, settings
from billing.attachments import planned_attachments
from billing.claims.facts import ClaimFacts
from billing.claims.lines import ClaimDraft
from billing.models import Claim, Fee
from billing.packet.content import PacketContent
from billing.packet_content import packet_content
from billing.sheet_content import sheet_content
from cases.actions import annotating, ordering
from cases.models import Case, OnSiteService, Review
from teledent.accounts.models import Licence, Site
from tests import cast
from tests.billing import cast as money

M = timedelta(minutes=10)


def let_hygienists_render(desk) -> None:
    desk.cedar.rendering_on_site = "hygienist"
    settings.save_payer(actor=desk.rita, payer=desk.cedar, at=money.AT)


def submitted(desk, *, by: str = "hana") -> Case:
    """Submitted with an assessment done on site. What follows in a test is what a page left open too long could do."""
    let_hygienists_render(desk)
    world, patient = desk.world, cast.make_patient(desk.world)
    money.cover(desk, patient)
    case = cast.case_at(world, patient=patient)
    OnSiteService.objects.create(case=case, code="D0191", operator=world.people[by], ordered_by="Protocol 2026")
    cast.submit(world, case, money.AT + M)
    return case


def claims_of(desk, case: Case) -> dict[str, Claim]:
    """Read and signed as it now stands, and its claims checked."""
    case.refresh_from_db()
    for step, reach in ((2, cast.start), (3, cast.sign)):
        reach(desk.world, case, money.AT + step * M)
    money.give_pictures(case)
    money.run_jobs()
    return money.claims_of(case)


def packet_of(claim: Claim) -> PacketContent:
    return packet_content(claim.case, claim.claim_id, ClaimFacts.from_json(claim.facts), planned_attachments(claim))


def test_a_service_added_after_the_submission_reaches_no_claim(desk):
    case = submitted(desk)
    fee = Fee(practice=desk.world.practice, code="D0190", amount=Decimal("9"), valid_from=date(2026, 1, 1))
    settings.save_fee(actor=desk.rita, at=money.AT, fee=fee)
    OnSiteService.objects.create(case=case, code="D0190", operator=desk.world.people["hana"], ordered_by="nobody")
    claim = claims_of(desk, case)["hygienist"]
    assert (claim.status, [line["code"] for line in claim.draft["lines"]]) == ("ready", ["D0191"])


def test_a_service_removed_after_the_submission_stays_on_the_claim(desk):
    case = submitted(desk)
    case.services.all().delete()
    claim = claims_of(desk, case)["hygienist"]
    assert (claim.status, [line["code"] for line in claim.draft["lines"]]) == ("ready", ["D0191"])


def test_a_service_that_was_never_signed_makes_no_claim(desk):
    case = cast.case_at(desk.world, "submitted")
    OnSiteService.objects.create(case=case, code="D0191", operator=desk.world.people["hana"], ordered_by="nobody")
    assert list(claims_of(desk, case)) == ["dentist"]


def test_the_colleague_who_did_the_service_renders_it(desk):
    claim = claims_of(desk, submitted(desk, by="bo"))["hygienist"]
    assert claim.draft["rendering"]["name"]["last"] == "Lindqvist"


def test_who_did_it_is_asked_where_neither_the_version_nor_a_row_tells(desk):
    case = submitted(desk, by="bo")
    case.services.all().delete()
    claim = claims_of(desk, case)["hygienist"]
    assert [problem["rule"] for problem in claim.blocking] == ["PROV.missing"]


def test_day_and_place_are_those_of_the_signature(desk):
    claim = claims_of(desk, submitted(desk))["dentist"]
    before, packet = claim.facts, packet_of(claim)
    Case.objects.filter(pk=claim.case_id).update(day_seen=date(2026, 11, 2), patient_state="WA", patient_place="home")
    Site.objects.filter(pk=claim.case.site_id).update(name="Another School")
    claim = checking.check_claim(claim.pk, at=money.LATER)
    assert claim.facts == before
    assert packet_of(claim) == packet


def test_marks_and_pictures_are_those_of_the_version_that_was_read(desk):
    case = submitted(desk)
    case.findings.update(tooth="LR6", condition="missing")
    case.assets.update(device="Another", captured_at=money.LATER, tooth="LR6", ordered_by="Nobody")
    claim = claims_of(desk, case)["dentist"]
    assert claim.facts["patient"]["missing_teeth"] == []
    packet = packet_of(claim)
    assert [one.finding for one in packet.hygienist_findings] == ["Decay"]
    said = {(one.device, one.captured.at if one.captured else None, one.tooth, one.ordered_by) for one in packet.images}
    assert said == {("Intraoral camera", money.AT + M, "", "")}


def test_the_sheet_names_the_licence_that_was_signed_with(desk):
    claims = claims_of(desk, submitted(desk))
    for name in ("dev", "hana"):
        Licence.objects.create(
            credential=desk.world.people[name].credential, state="OR", number="A-NEW-1", starts_on=date(2026, 11, 17),
            ends_on=date(2031, 1, 1),
        )  # fmt: skip
    for part, number in (("dentist", "OR DDS-1497"), ("hygienist", "OR RDH-1888")):
        claim = checking.check_claim(claims[part].pk, at=money.LATER)
        facts, draft = ClaimFacts.from_json(claim.facts), ClaimDraft.from_json(claim.draft)
        items = [
            item for group in sheet_content("TD1", facts, draft, attachments=[]).after_lines for item in group.items
        ]
        assert next(item.value for item in items if item.number == "55") == number


def test_the_packet_tells_the_orders_and_marks_that_were_signed(desk):
    """What the dentist ordered and drew is part of the signature; both stand in the packet (CO-3, CL-10)."""
    case, dev = submitted(desk), desk.world.of("dev")
    cast.start(desk.world, case, money.AT + 2 * M)
    review, frontal = Review.objects.get(case=case), case.assets.get(view="frontal")
    annotating.annotate(
        actor=dev, review=review, asset=frontal, kind="circle", start=(80, 60), end=(110, 60), size=(160, 120), text="dark pit",
        at=money.AT + 2 * M,
    )  # fmt: skip
    ordering.draft_orders(
        actor=dev, review=review, kind="sealant", tooth_keys=["UR6"], reason="Deep grooves", at=money.AT + 2 * M
    )
    case.refresh_from_db()
    cast.sign(desk.world, case, money.AT + 3 * M)
    money.give_pictures(case)
    money.run_jobs()
    packet = packet_of(money.claims_of(case)["dentist"])
    assert [(one.what, one.reason) for one in packet.review.orders] == [("Seal 3", "Deep grooves")]
    assert [(one.view, one.text) for one in packet.review.picture_marks] == [
        ("Frontal", "circle “dark pit”, 69 % from the left, 50 % from the top")
    ]
    assert packet.done_under == ()
