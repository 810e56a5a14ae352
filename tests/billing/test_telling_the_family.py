"""What the family was told and when, as the packet and the payer's rule see it (CH-2, CL-1, CL-10)."""

from datetime import UTC, datetime, timedelta

import pytest

from billing.actions import checking, settings
from billing.attachments import planned_attachments
from billing.claims.facts import ClaimFacts
from billing.models import Claim
from billing.packet.content import PacketContent
from billing.packet.narrative import narrative
from billing.packet_content import packet_content
from cases.actions import following, reviewing, signing
from cases.models import FollowUp
from cases.states import Status
from tests import cast
from tests.billing import cast as money


def packet_of(claim: Claim) -> PacketContent:
    return packet_content(claim.case, claim.claim_id, ClaimFacts.from_json(claim.facts), planned_attachments(claim))


def test_the_time_of_telling_is_told_in_the_zone_of_the_site(desk):
    world, told = desk.world, datetime(2026, 11, 18, 1, 30, tzinfo=UTC)  # 17:30 on the 17th at the school
    case = cast.case_at(world, Status.IN_REVIEW, at=told - timedelta(minutes=30))
    review = cast.write(world, case, told)
    review.version = reviewing.save_review(
        actor=world.of("dev"), review=review, version=review.version, at=told, told="told", told_to="The mother",
        told_how="by phone", told_at=told,
    )  # fmt: skip
    signing.sign_review(
        actor=world.of("dev"), review=review, version=review.version, evaluation_code="D0140", no_live_contact=True,
        not_same_building=True, password=cast.PASSWORD, at=told + timedelta(minutes=5),
    )  # fmt: skip
    money.give_pictures(case)
    money.run_jobs()
    outcome = packet_of(money.claims_of(case)["dentist"]).review.outcome
    assert "Told to The mother by phone on Nov 17, 2026, 17:30:00 PST" in outcome


def test_what_was_pending_at_the_signature_and_told_later_are_both_said(desk):
    claim = money.ready_claim(desk)
    told_at = datetime(2026, 11, 19, 3, 0, tzinfo=UTC)
    following.record_follow_up(
        actor=desk.rita, case=claim.case, step="told", told_to="The mother", how="By phone", happened_at=told_at,
        at=told_at + timedelta(hours=1),
    )  # fmt: skip
    claim.refresh_from_db()
    packet = packet_of(claim)
    assert "When this was signed, still to be told: Nurse calls the mother on Nov 20, 2026" in packet.review.outcome
    (row,) = packet.follow_ups
    assert (row.when.at, row.when.zone, row.step) == (told_at, "America/Los_Angeles", "The family was told")
    assert (row.who, row.recorded_by) == ("The mother, By phone", "Rita Castellane")
    assert "By phone" not in " ".join(narrative(packet))  # the narrative is composed of signed words alone


@pytest.mark.parametrize(
    ("to", "how", "before"),
    [("-", "By phone", 0), ("The mother", "x", 0), ("The mother", "By phone", 600)],
)
def test_a_telling_that_says_nothing_or_lies_before_the_signature_satisfies_no_payer(desk, to, how, before):
    desk.cedar.outcome_told = True
    settings.save_payer(actor=desk.rita, payer=desk.cedar, at=money.AT)
    patient = cast.make_patient(desk.world)
    money.cover(desk, patient)
    case = money.signed(desk, patient=patient)
    money.run_jobs()
    claim = money.claims_of(case)["dentist"]
    FollowUp.objects.create(
        case=case, step="told", told_to=to, how=how, happened_at=case.signed_at - timedelta(seconds=before),
        recorded_by=desk.rita.person, recorded_at=money.LATER,
    )  # fmt: skip
    claim = checking.check_claim(claim.pk, at=money.LATER)
    assert [problem["rule"] for problem in claim.blocking] == ["CH-2.outcome"]
    assert packet_of(claim).follow_ups == ()
