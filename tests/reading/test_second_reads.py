"""A second read is blind, signed, never of record; what it differs in is the first reader's task (RE-2)."""

import pytest
from django.db import DatabaseError, transaction

from billing.models import Claim
from cases.actions.handing import hand_over
from cases.actions.second_reading import (
    ask_second_read,
    save_second_read,
    settle,
    sign_second_read,
    take_back_second_read,
)
from cases.models import Asset, AssetState, Case, InfoItem, Notice, SecondRead, Settlement, Signature
from cases.permissions import may
from cases.states import Status
from cases.verifying import misfits
from cases.verifying_seconds import second_misfits
from teledent.accounts.models import Membership, Person, Role
from teledent.kit import clock
from teledent.kit.decisions import Refused
from tests import cast
from tests.reading.test_queue import another_dentist, answer

OPINION = {
    "evaluation": "Two photographs.", "conclusions": "A stain in the pit, no shadow below it.", "advice": "Watch it at the next recall.",
    "limits": "Depth cannot be judged.", "urgency": "routine", "sufficiency": "limited", "outcome": "recall",
}  # fmt: skip


@pytest.fixture
def asked(world, case_at):
    """Eva is asked by the manager about a case at a status."""
    world.people["eva"] = another_dentist(world)

    def make(status):
        case = case_at(status)
        read = ask_second_read(
            actor=world.of("olu"), case=case, reader=world.people["eva"], question="Is L decayed?", at=clock.now()
        )
        return case, read

    return make


def signed_by_eva(world, read, **changed):
    eva, at = world.of("eva"), clock.now()
    version = save_second_read(actor=eva, read=read, version=read.version, at=at, **{**OPINION, **changed})
    return sign_second_read(actor=eva, read=read, version=version, password=cast.PASSWORD, at=at)


def test_the_second_reader_sees_nothing_of_the_first_until_she_has_signed(world, asked, client_of):
    case, read = asked(Status.SIGNED)
    client, first = client_of("eva"), cast.REVIEW["conclusions"]
    addresses = [f"/cases/{case.public_id}/", f"/reading/{case.public_id}/second/", f"/cases/{case.public_id}/report/family/",
                 f"/cases/{case.public_id}/report/colleague/", "/reading/", "/notices/"]  # fmt: skip
    for address in addresses:
        text = client.get(address, follow=True).content.decode()
        for told in (first, cast.REVIEW["advice"], "D0140", "K02.52"):
            assert told not in text, address
    assert client.post(f"/cases/{case.public_id}/report/family/print/").status_code == 422
    signed_by_eva(world, read)
    shown = client.get(f"/cases/{case.public_id}/").content.decode()
    assert first in shown
    assert OPINION["conclusions"] in shown


def test_nobody_sees_the_second_opinion_before_both_are_signed(world, asked, client_of):
    case, read = asked(Status.SUBMITTED)
    signed_by_eva(world, read)
    for name in ("dev", "olu", "hana", "eva"):
        assert OPINION["conclusions"] not in client_of(name).get(f"/cases/{case.public_id}/").content.decode()
    cast.start(world, case, clock.now())
    assert OPINION["conclusions"] not in client_of("dev").get(f"/reading/{case.public_id}/").content.decode()
    cast.sign(world, case, clock.now())
    assert OPINION["conclusions"] in client_of("dev").get(f"/cases/{case.public_id}/").content.decode()


def test_what_the_second_reader_sees_as_an_emergency_is_told_to_the_site_and_to_no_dentist(world, asked):
    case, read = asked(Status.SUBMITTED)
    signed_by_eva(world, read, urgency="emergency", outcome="emergency")
    told = Notice.objects.filter(case=case, about="raised")
    assert set(told.values_list("person__email", flat=True)) == {"hana@example.org"}
    assert not case.events.filter(kind="urgency_raised").exists()  # the timeline would tell the first reader


def test_a_second_reader_never_writes_the_review_of_record(world, asked, client_of):
    case, _ = asked(Status.SUBMITTED)
    assert "second read" in may(world.of("eva"), "start_review", case, at=clock.now()).reason
    assert client_of("eva").get("/reading/").context["next"] is None
    assert client_of("eva").post(f"/reading/{case.public_id}/start/").status_code == 422


@pytest.mark.parametrize("reader", ["dev", "hana", "rita"])
def test_the_first_reader_or_no_dentist_is_not_asked(world, case_at, reader):
    case = case_at(Status.SIGNED)
    with pytest.raises(Refused, match="cannot give a second opinion"):
        ask_second_read(
            actor=world.of("olu"), case=case, reader=world.people[reader], question="Is L decayed?", at=clock.now()
        )


def test_it_makes_no_claim_and_leaves_one_review_of_record(world, asked):
    case, read = asked(Status.SIGNED)
    before = Claim.objects.count()
    signed_by_eva(world, read)
    case.refresh_from_db()
    assert (case.status, Claim.objects.count(), Signature.objects.filter(case=case).count()) == (
        Status.SIGNED,
        before,
        1,
    )


@pytest.mark.parametrize("second_first", [True, False])
def test_a_difference_becomes_the_first_readers_task_whoever_signs_last(world, asked, client_of, second_first):
    case, read = asked(Status.SUBMITTED if second_first else Status.SIGNED)
    signed_by_eva(world, read)
    if second_first:
        cast.start(world, case, clock.now())
        cast.sign(world, case, clock.now())
    read.refresh_from_db()
    assert read.differs_in == "urgency, outcome"
    assert Notice.objects.get(about="differs").person == world.people["dev"]
    assert [row.pk for row in client_of("dev").get("/reading/").context["to_settle"]] == [read.pk]
    words = "Seen again together: the shadow is there; I stay with my reading."
    said = {"read": str(read.public_id), "text": words, "password": cast.PASSWORD}
    assert client_of("dev").post(f"/cases/{case.public_id}/settle/", said).status_code == 302
    assert client_of("dev").get("/reading/").context["to_settle"] == []
    assert said["text"] in client_of("eva").get(f"/cases/{case.public_id}/").content.decode()
    assert Notice.objects.get(about="settled").person == world.people["eva"]


def test_two_that_agree_leave_nothing_to_settle(world, asked):
    _, read = asked(Status.SIGNED)
    read = signed_by_eva(world, read, urgency="early", outcome="in_person")
    assert read.differs_at is None


def test_a_settlement_by_addendum_adds_one(world, asked):
    case, read = asked(Status.SIGNED)
    signed_by_eva(world, read)
    words = "Eva is right: this is a stain. Watch it at the next recall."
    settle(actor=world.of("dev"), read=read, text=words, by_addendum=True, password=cast.PASSWORD, at=clock.now())
    assert case.addenda.get().text == words


def test_an_unfinished_opinion_is_not_signed_and_stays_as_typed(world, asked, client_of):
    case, read = asked(Status.SIGNED)
    said = {**OPINION, "outcome": "", "version": read.version, "password": cast.PASSWORD, "act": "sign"}
    answer = client_of("eva").post(f"/reading/{case.public_id}/second/", said)
    assert answer.status_code == 422
    assert "Say this first: outcome." in answer.content.decode()
    read.refresh_from_db()
    assert (read.signed_at, read.conclusions) == (None, OPINION["conclusions"])


def test_the_database_keeps_a_signed_opinion_and_its_settlement(world, asked):
    case, read = asked(Status.SIGNED)
    signed_by_eva(world, read)
    settle(
        actor=world.of("dev"),
        read=read,
        text="I stay with it.",
        by_addendum=False,
        password=cast.PASSWORD,
        at=clock.now(),
    )
    rows = SecondRead.objects.filter(pk=read.pk)
    for change in (
        lambda: rows.update(conclusions="Another"), lambda: rows.update(differs_in=""), rows.delete,
        lambda: rows.update(signed_at=None), lambda: Settlement.objects.update(text="Another"), Settlement.objects.all().delete,
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    case.refresh_from_db()
    assert [misfit for misfit in misfits(case) if "second read" in misfit or "settlement" in misfit] == []


def a_third_dentist(world):
    person = Person.objects.create_user("ines@example.org", cast.PASSWORD, name="Dr. Ines Marsh")
    Membership.objects.create(person=person, practice=world.practice, role=Role.DENTIST, starts_on="2026-01-01")
    cast.license_person(person, npi="1669409090", taxonomy="122300000X", title="DMD")
    world.people["ines"] = person
    return person


def ask(world, case, reader, *, by="olu"):
    said = {"question": "Is L decayed?", "at": clock.now()}
    return ask_second_read(actor=world.of(by), case=case, reader=world.people[reader], **said)


def test_who_handed_the_draft_over_gives_no_second_opinion_on_it(world, case_at):
    world.people["eva"] = another_dentist(world)
    a_third_dentist(world)
    case = case_at(Status.IN_REVIEW)
    hand_over(actor=world.of("dev"), case=case, to=world.people["eva"], reason="My shift ends", at=clock.now())
    with pytest.raises(Refused, match="cannot give a second opinion"):
        ask(world, case, "dev")


def test_nobody_asks_herself_with_the_record_before_her(world, case_at):
    world.people["eva"] = another_dentist(world)
    case = case_at(Status.SIGNED)
    with pytest.raises(Refused, match="cannot give a second opinion"):
        ask(world, case, "eva", by="eva")


def test_the_only_dentist_is_left_for_the_review_of_record(world, case_at):
    case = case_at(Status.SUBMITTED)
    with pytest.raises(Refused, match="She reads it first"):
        ask(world, case, "dev")


def test_another_second_reader_stays_blind_to_the_first_and_to_the_second(world, asked, client_of):
    case, read = asked(Status.SIGNED)
    a_third_dentist(world)
    ask(world, case, "ines")
    signed_by_eva(world, read)
    said = "I see it as she does, in part: watch L."
    settle(actor=world.of("dev"), read=read, text=said, by_addendum=False, password=cast.PASSWORD, at=clock.now())
    shown = client_of("ines").get(f"/cases/{case.public_id}/").content.decode()
    for told in (OPINION["conclusions"], said, "Differs in"):
        assert told not in shown
    assert client_of("ines").get(f"/cases/{case.public_id}/refer/").status_code == 422


def page_of(client, case):
    return client.get(f"/reading/{case.public_id}/second/")


def test_a_version_that_came_meanwhile_is_looked_at_before_it_is_signed(world, asked, client_of):
    case, read = asked(Status.NEEDS_INFO)
    client = client_of("eva")
    said = {
        **OPINION,
        "password": cast.PASSWORD,
        "act": "sign",
        "version": 0,
        "shown": page_of(client, case).context["shown"],
    }
    answer(world, case, InfoItem.objects.get(request__case=case))
    refused = client.post(f"/reading/{case.public_id}/second/", said)
    assert refused.status_code == 422
    assert "changed since you looked" in refused.content.decode()
    again = {**said, "version": 1, "shown": refused.context["shown"]}
    assert client.post(f"/reading/{case.public_id}/second/", again).status_code == 302
    read.refresh_from_db()
    assert read.submission.version == 2


def test_nothing_is_signed_while_a_picture_is_on_its_way(world, asked):
    case, read = asked(Status.SUBMITTED)
    Asset.objects.filter(case=case, view="lower").update(state=AssetState.RECEIVED)
    with pytest.raises(Refused, match="Not every declared picture is in"):
        signed_by_eva(world, read)


def test_nothing_is_signed_after_the_family_took_its_consent_back(world, asked):
    case, read = asked(Status.SIGNED)
    cast.stop(world, case, clock.now())
    with pytest.raises(Refused, match="took back its consent"):
        signed_by_eva(world, read)


def test_who_gathered_something_meanwhile_does_not_sign(world, asked):
    case, read = asked(Status.NEEDS_INFO)
    Asset.objects.filter(case=case, view="lower").update(declared_by=world.people["eva"])
    with pytest.raises(Refused, match="gathered part of this case"):
        signed_by_eva(world, read)


def test_it_waits_for_her_only_while_there_is_something_to_read(world, asked, client_of):
    case, read = asked(Status.SUBMITTED)
    assert client_of("eva").get("/reading/").context["second_reads"] == [read]
    Case.objects.filter(pk=case.pk).update(status=Status.DRAFT)  # as the site takes it back
    assert client_of("eva").get("/reading/").context["second_reads"] == []


@pytest.mark.parametrize("who", ["olu", "dev"])
def test_who_asked_takes_it_back_while_it_is_unwritten(world, case_at, client_of, who):
    world.people["eva"] = another_dentist(world)
    case = case_at(Status.SIGNED)
    read = ask(world, case, "eva", by=who)
    notice = Notice.objects.get(about="second")
    said = {"read": str(read.public_id), "reason": "Asked on the wrong case"}
    assert "Take back a second read" in client_of(who).get(f"/cases/{case.public_id}/").content.decode()
    assert client_of(who).post(f"/cases/{case.public_id}/second-read/back/", said).status_code == 302
    assert not SecondRead.objects.exists()
    assert not Notice.objects.filter(pk=notice.pk).exists()
    event = case.events.get(kind="second_read_taken_back")
    asked = {"asked_at": read.asked_at.isoformat(), "question": read.question}
    assert event.details == {"reader": "Dr. Eva Osei", "reason": said["reason"], **asked}
    assert list(second_misfits(case)) == []
    assert cast.REVIEW["conclusions"] in client_of("eva").get(f"/cases/{case.public_id}/").content.decode()


def test_a_notice_read_before_it_was_taken_back_leads_to_the_record(world, asked, client_of):
    case, read = asked(Status.SIGNED)
    notice = Notice.objects.get(about="second")
    assert client_of("eva").get(f"/notices/{notice.public_id}/").url.endswith("/second/")
    take_back_second_read(actor=world.of("olu"), read=read, reason="Asked on the wrong case", at=clock.now())
    assert client_of("eva").get(f"/notices/{notice.public_id}/").url == f"/cases/{case.public_id}/"


def test_it_is_not_taken_back_by_another_or_once_something_is_written(world, asked):
    _, read = asked(Status.SIGNED)
    with pytest.raises(Refused, match="Only who asked"):
        take_back_second_read(actor=world.of("dev"), read=read, reason="Not needed any more", at=clock.now())
    save_second_read(actor=world.of("eva"), read=read, version=0, at=clock.now(), advice="Watch it.")
    with pytest.raises(Refused, match="before anything is written"):
        take_back_second_read(actor=world.of("olu"), read=read, reason="Not needed any more", at=clock.now())
    assert SecondRead.objects.filter(pk=read.pk).exists()


def test_the_words_settle_the_difference_that_they_were_written_about(world, asked, client_of):
    case, earlier = asked(Status.SIGNED)
    a_third_dentist(world)
    later = ask(world, case, "ines")
    save_second_read(actor=world.of("ines"), read=later, version=0, at=clock.now(), **OPINION)
    sign_second_read(actor=world.of("ines"), read=later, version=1, password=cast.PASSWORD, at=clock.now())
    said = {"read": str(later.public_id), "text": "I stay with it, as said to Ines.", "password": cast.PASSWORD}
    signed_by_eva(world, earlier)  # while the words are written
    assert client_of("dev").post(f"/cases/{case.public_id}/settle/", said).status_code == 302
    assert Settlement.objects.get().second_read == later


def test_a_retracted_case_is_read_a_second_time_no_more_and_shows_to_her_again(world, asked, client_of):
    case, read = asked(Status.SIGNED)
    save_second_read(actor=world.of("eva"), read=read, version=0, at=clock.now(), advice="Watch it.")
    cast.retract(world, case, clock.now())
    page = client_of("eva").get(f"/reading/{case.public_id}/second/", follow=True)
    assert "nothing to read a second time" in page.content.decode()
    assert cast.REVIEW["conclusions"] in page.content.decode()


def test_whoever_asked_is_told_when_it_is_signed(world, asked):
    _, read = asked(Status.SUBMITTED)
    assert not Notice.objects.filter(about="opinion").exists()
    signed_by_eva(world, read)
    assert Notice.objects.get(about="opinion").person == world.people["olu"]


@pytest.fixture
def differing(world, asked):
    """Eva's signed opinion differs from what Dev signed; Una could have read the case too."""
    world.people["una"] = another_dentist(world, "una", "Dr. Una Brandt")
    case, read = asked(Status.SIGNED)

    def signed():
        signed_by_eva(world, read)
        return case, read

    return signed


def settled_by(world, name, read):
    return settle(
        actor=world.of(name), read=read, text="Seen again together: I follow her.", by_addendum=False, password=cast.PASSWORD,
        at=clock.now(),
    )  # fmt: skip


def test_while_the_signer_is_here_nobody_else_settles(world, differing, client_of):
    _, read = differing()
    with pytest.raises(Refused, match="who signed the review of record"):
        settled_by(world, "una", read)
    assert client_of("una").get("/reading/").context["to_settle"] == []


@pytest.mark.parametrize("leaves_first", [True, False])
def test_once_she_left_another_who_could_have_read_it_settles(world, differing, client_of, leaves_first):
    leave = world.people["dev"].memberships.all().delete
    if leaves_first:
        leave()
    case, read = differing()
    leave()
    if leaves_first:
        assert Notice.objects.get(about="differs").person == world.people["una"]
    assert [row.pk for row in client_of("una").get("/reading/").context["to_settle"]] == [read.pk]
    acts = {act.name for act in client_of("una").get(f"/cases/{case.public_id}/").context["acts"]}
    assert "settle" in acts
    with pytest.raises(Refused):
        settled_by(world, "eva", read)
    assert settled_by(world, "una", read).person_name == "Dr. Una Brandt"
    assert list(second_misfits(case)) == []
