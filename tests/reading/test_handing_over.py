"""A draft changes its writer only by a recorded hand-over, and an answer comes back to who asked."""

from datetime import timedelta

import pytest

from cases.actions import correcting, ordering, reviewing, submitting
from cases.actions.handing import hand_over
from cases.models import Case, InfoItem, Notice, Review, Target
from cases.states import Status
from teledent.accounts.models import Membership
from teledent.kit import clock
from teledent.kit.decisions import Refused
from tests import cast
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


def test_what_the_draft_orders_is_ordered_by_who_signs_it(eva, world, case_at):
    case = case_at(Status.IN_REVIEW)
    draft = Review.objects.get(case=case)
    said = {"kind": "sealant", "reason": "Deep pits on this tooth", "tooth_keys": ["LLD"]}
    ordering.draft_orders(actor=world.of("dev"), review=draft, at=clock.now(), **said)
    hand_over(actor=world.of("dev"), case=case, to=eva, reason="My shift ends", at=clock.now())
    order = case.orders.get()
    assert (order.ordered_by, order.ordered_by_name) == (eva, "Dr. Eva Osei")


def test_a_case_that_was_kept_for_her_is_anybodys_once_she_puts_it_back(eva, world, case_at, client_of):
    case = asked(case_at)
    answer(world, case, InfoItem.objects.get(request__case=case))
    reviewing.start_review(actor=world.of("dev"), case=case, at=clock.now())
    reviewing.release_review(actor=world.of("dev"), case=case, at=clock.now())
    assert client_of("eva").get("/reading/").context["next"] == case


def test_an_answer_is_kept_for_nobody_who_left(eva, world, case_at, client_of):
    case = asked(case_at)
    Membership.objects.filter(person=world.people["dev"]).update(ends_on="2026-02-01")
    answer(world, case, InfoItem.objects.get(request__case=case))
    assert client_of("eva").get("/reading/").context["next"] == case
    assert not Notice.objects.filter(about="answered").exists()


def test_a_target_changed_meanwhile_moves_no_due_time_that_a_family_was_promised(world, case_at):
    case = asked(case_at)
    Target.objects.create(practice=world.practice, kind=case.kind, urgency=case.urgency, minutes=20 * 24 * 60)
    answer(world, case, InfoItem.objects.get(request__case=case))
    assert Case.objects.get(pk=case.pk).due_at == case.due_at


def test_a_case_that_was_taken_back_comes_again_to_who_was_reading_it(eva, world, case_at, client_of):
    case = case_at(Status.IN_REVIEW)
    Case.objects.filter(pk=case.pk).update(urgency="urgent")
    taken_back_and_sent_again(world, case)
    case.refresh_from_db()
    assert (case.status, case.offered_to) == (Status.SUBMITTED, world.people["dev"])
    assert client_of("eva").get("/reading/").context["next"] is None
    assert client_of("dev").get("/reading/").context["next"] == case
    assert not Notice.objects.filter(about="answered").exists()  # nobody asked anything
    assert Notice.objects.filter(about="urgent", person=world.people["dev"], key__endswith=":2").exists()


def test_words_written_of_a_picture_that_left_are_kept_with_a_warning(eva, world, case_at, client_of):
    case = case_at(Status.IN_REVIEW)
    cast.write(world, case, clock.now())
    assert client_of("dev").get(f"/reading/{case.public_id}/").context["gone"] == []
    taken_back_and_sent_again(world, case)
    page = client_of("dev").post(f"/reading/{case.public_id}/start/", follow=True)
    assert page.context["gone"] == ["Lower"]
    assert "No longer in this case: Lower." in page.content.decode()
    assert cast.REVIEW["conclusions"] in page.content.decode()


def taken_back_and_sent_again(world, case):
    hana, at = world.of("hana"), clock.now()
    right = cast.case_at(world, patient=cast.make_patient(world, given="Noor", family="Aydin"), at=at)
    asset = case.assets.get(view="lower")
    correcting.put_right(actor=hana, asset=asset, to=right, reason="The camera still named the child before", at=at)
    submitting.submit_case(actor=hana, case=case, at=at)
