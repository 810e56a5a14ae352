"""A draft changes its writer only by a recorded hand-over, and an answer comes back to who asked."""

from datetime import timedelta

import pytest

from cases.actions import reviewing
from cases.actions.handing import hand_over
from cases.models import Case, InfoItem, Notice, Review
from cases.states import Status
from teledent.kit import clock
from teledent.kit.decisions import Refused
from tests.reading.test_queue import another_dentist, answer


@pytest.fixture
def eva(world):
    world.people["eva"] = another_dentist(world)
    return world.people["eva"]


def asked(case_at):
    """A case that is with the site since five minutes."""
    case = case_at(Status.NEEDS_INFO)
    Case.objects.filter(pk=case.pk).update(asked_at=clock.now() - timedelta(minutes=5))
    return case


def test_the_case_and_its_text_go_to_the_other_dentist(eva, world, case_at, client_of):
    case = case_at(Status.IN_REVIEW)
    draft = Review.objects.get(case=case)
    reviewing.save_review(
        actor=world.of("dev"), review=draft, version=draft.version, at=clock.now(), conclusions="Dark area on L."
    )
    said = {"to": str(eva.public_id), "reason": "My shift ends in a minute"}
    assert client_of("dev").post(f"/reading/{case.public_id}/hand-over/", said).url == "/reading/"
    case.refresh_from_db()
    assert (case.status, case.reader) == (Status.IN_REVIEW, eva)
    assert "Dark area on L." in client_of("eva").get(f"/reading/{case.public_id}/").content.decode()
    assert client_of("dev").get(f"/reading/{case.public_id}/").status_code == 302
    event = case.events.get(kind="hand_over")
    assert (event.person, event.details["to"], event.details["reason"]) == (
        world.people["dev"],
        eva.name,
        said["reason"],
    )
    for name in ("dev", "eva"):
        assert (
            "handed the case and its draft over to Dr. Eva Osei"
            in client_of(name).get(f"/cases/{case.public_id}/").content.decode()
        )
    assert Notice.objects.get(about="handed").person == eva


@pytest.mark.parametrize("to", ["dev", "rita", "hana"])
def test_only_another_dentist_who_may_read_it_can_take_it(eva, world, case_at, to):
    case = case_at(Status.IN_REVIEW)
    with pytest.raises(Refused, match="cannot read this case"):
        hand_over(actor=world.of("dev"), case=case, to=world.people[to], reason="My shift ends", at=clock.now())
    assert Case.objects.get(pk=case.pk).reader == world.people["dev"]


def test_a_hand_over_needs_a_reason_and_a_hold(eva, world, case_at):
    case = case_at(Status.IN_REVIEW)
    with pytest.raises(Refused, match="Say why"):
        hand_over(actor=world.of("dev"), case=case, to=eva, reason="-", at=clock.now())
    with pytest.raises(Refused, match="ran out"):
        hand_over(actor=world.of("dev"), case=case, to=eva, reason="My shift ends", at=clock.now() + timedelta(hours=1))


def test_an_answer_is_offered_to_who_asked_and_later_to_others(eva, world, case_at, client_of):
    case = asked(case_at)
    answer(world, case, InfoItem.objects.get(request__case=case))
    shown = client_of("eva").get("/reading/")
    assert shown.context["next"] is None
    assert "Kept for Dr. Dev Halloran" in shown.content.decode()
    mine = client_of("dev").get("/reading/?whose=me")
    assert mine.context["next"] == case
    assert mine.context["counts"]["answers"] == len(mine.context["rows"]) == 1
    assert Notice.objects.get(about="answered").person == world.people["dev"]
    Case.objects.filter(pk=case.pk).update(offered_until=clock.now() - timedelta(minutes=1))
    assert client_of("eva").get("/reading/").context["next"] == case


def test_the_family_s_time_goes_on_and_the_site_s_is_shown_apart(world, case_at, client_of):
    case = asked(case_at)
    due = case.due_at
    answer(world, case, InfoItem.objects.get(request__case=case))
    case.refresh_from_db()
    assert case.due_at == due
    assert timedelta(0) < case.asked_for <= timedelta(minutes=10)
    assert "with the site" in client_of("dev").get("/reading/").content.decode()
