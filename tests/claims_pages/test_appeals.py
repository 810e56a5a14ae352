"""The trip of an appeal through its pages, for the desk and the dentist; and nobody else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.models import Appeal, Payer
from teledent.accounts.models import Membership, Role
from teledent.kit import clock
from tests import cast
from tests.billing import cast as money
from tests.billing.appeals.conftest import DENIED, TODAY, deny
from tests.claims_pages.reading import text_of
from tests.services.standing import built_once


@built_once
def denied(desk):
    claim = money.ready_claim(desk)
    with clock.standing_at(money.LATER):
        money.exported(desk)
    claim.refresh_from_db()
    deny(desk, claim, at=DENIED)
    return claim


@pytest.fixture(autouse=True)
def today():
    with clock.standing_at(TODAY):
        yield


@pytest.fixture
def dev(client_of):
    return client_of("dev")


def at(name, appeal):
    return reverse(name, args=[appeal.public_id])


def test_the_trip_of_an_appeal(rita, dev, denied):
    page = rita.get(reverse("claim", args=[denied.public_id]))
    assert "Make the appeal packet" in text_of(page)
    answer = rita.post(reverse("appeal-begin", args=[denied.public_id]))
    appeal = Appeal.objects.get()
    assert answer["Location"] == at("appeal", appeal)
    money.run_jobs(at=TODAY)
    page = text_of(rita.get(at("appeal", appeal)))
    assert "too often for the plan" in page.lower()
    assert "Ask Dr. Dev Halloran to sign" in page

    rita.post(at("appeal-change", appeal), {"quotes": ["advice"], "note": "Call June.", "deadline": "2027-01-31"})
    page = text_of(rita.get(at("appeal", appeal)))
    assert "See a dentist for L within six weeks." in page
    assert "after the denial; no evidence" in page
    assert "Patient" in text_of(rita.get(reverse("appeals")))
    rita.post(at("appeal-ready", appeal))

    queue = text_of(dev.get(reverse("reading-queue")))
    assert "To sign for the front desk" in queue
    assert "Appeal to Cedar Mutual: too often for the plan. Due 31 Jan 2027." in queue
    page = dev.get(at("appeal-sign", appeal))
    assert "See a dentist for L within six weeks." in text_of(page)
    shown = page.context["form"]["shown"].value()
    wrong = dev.post(at("appeal-sign", appeal), {"shown": shown, "password": "guessed"})
    assert wrong.status_code == 422
    assert "password is not right" in text_of(wrong)
    assert dev.post(at("appeal-sign", appeal), {"shown": shown, "password": cast.PASSWORD}).status_code == 302
    assert dev.get(at("appeal-sign", appeal)).status_code == 404
    assert "To sign for the front desk" not in text_of(dev.get(reverse("reading-queue")))

    money.run_jobs(at=TODAY)
    first, again = (b"".join(rita.get(at("appeal-packet", appeal)).streaming_content) for _ in range(2))
    assert first == again
    assert first.startswith(b"%PDF-")
    assert rita.post(at("appeal-sent", appeal), {"sent_how": "mail"}).status_code == 422
    rita.post(at("appeal-sent", appeal), {"sent_how": "mail", "sent_on": "2026-12-19", "reference": "9400-1"})
    assert "Sent 19 Dec 2026, mail." in text_of(rita.get(at("appeal", appeal)))
    answered = {"outcome": "uphold", "answered_on": "2026-12-19", "answer": "Letter 7"}
    rita.post(at("appeal-answered", appeal), answered)
    assert "Decision upheld, 19 Dec 2026. Letter 7" in text_of(rita.get(at("appeal", appeal)))
    assert "Appeal to the next level" in text_of(rita.get(reverse("claim", args=[denied.public_id])))
    timeline = text_of(rita.get(reverse("claim", args=[denied.public_id])))
    assert "recorded the payer's answer: decision upheld" in timeline


def begun(rita, claim) -> Appeal:
    rita.post(reverse("appeal-begin", args=[claim.public_id]))
    return Appeal.objects.get()


def test_only_offered_quotes_are_taken_and_the_form_keeps_what_was_typed(rita, denied):
    appeal = begun(rita, denied)
    answer = rita.post(
        at("appeal-change", appeal), {"quotes": ["The child cried with pain"], "note": "Please call June."}
    )
    assert answer.status_code == 422
    assert "Please call June." in answer.content.decode()
    appeal.refresh_from_db()
    assert appeal.note == ""


def test_a_page_that_was_open_too_long_is_told_so(rita, denied):
    appeal = begun(rita, denied)
    rita.post(at("appeal-ready", appeal))
    for name in ("appeal-change", "appeal-ready"):
        assert rita.post(at(name, appeal), {"quotes": []}).status_code == 409
    assert rita.post(at("appeal-back", appeal), {"reason": "-"}).status_code == 422
    rita.post(at("appeal-back", appeal), {"reason": "The deadline moved"})
    assert "Back for a change. The deadline moved" in text_of(rita.get(at("appeal", appeal)))


def test_the_dentist_sends_it_back_from_the_signing_page(rita, dev, denied):
    appeal = begun(rita, denied)
    rita.post(at("appeal-ready", appeal))
    assert dev.post(at("appeal-sign", appeal), {"send_back": "yes", "reason": "."}).status_code == 422
    dev.post(at("appeal-sign", appeal), {"send_back": "yes", "reason": "Leave the advice out"})
    appeal.refresh_from_db()
    assert (appeal.status, appeal.sent_back_because) == ("drafted", "Leave the advice out")


def test_another_dentist_finds_no_letter_to_sign(rita, desk, client_of, denied):
    person = cast.Person.objects.create_user("una@example.org", cast.PASSWORD, name="Dr. Una Brandt")
    Membership.objects.create(
        person=person, practice=desk.world.practice, role=Role.DENTIST, starts_on=cast.date(2026, 1, 1)
    )
    desk.world.people["una"] = person
    appeal = begun(rita, denied)
    rita.post(at("appeal-ready", appeal))
    assert client_of("una").get(at("appeal-sign", appeal)).status_code == 404


@pytest.mark.parametrize("who", ["hana", "dev", "stranger"])
def test_an_appeal_is_shown_to_nobody_else(rita, desk, client_of, denied, who):
    appeal = begun(rita, denied)
    client = client_of("rita", cast.build_world("Second ")) if who == "stranger" else client_of(who)
    for name in ("appeal", "appeal-packet"):
        assert client.get(at(name, appeal)).status_code == 404
    for name in (
        "appeal-change",
        "appeal-ready",
        "appeal-sent",
        "appeal-answered",
        "appeal-withdraw",
        "appeal-back",
        "appeal-pack",
    ):
        assert client.post(at(name, appeal)).status_code == 404
    assert client.post(reverse("appeal-begin", args=[denied.public_id])).status_code == 404


def test_the_manager_reads_and_changes_nothing(rita, client_of, denied):
    appeal = begun(rita, denied)
    olu = client_of("olu")
    page = olu.get(at("appeal", appeal))
    assert page.status_code == 200
    assert b"<form" not in page.content.split(b"<main", 1)[1]
    assert olu.post(at("appeal-ready", appeal)).status_code == 404


@pytest.mark.parametrize("show", ["open", "all"])
def test_the_list_takes_as_many_queries_for_many_rows_as_for_one(rita, desk, denied, show):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert rita.get(f"{reverse('appeals')}?show={show}").status_code == 200
        return len(asked)

    Payer.objects.update(appeal_days=60)
    first = begun(rita, denied)
    queries()  # what a session asks once
    few = queries()
    for level in ("2", "external"):
        twin = Appeal.objects.get(pk=first.pk)
        twin.pk, twin.public_id, twin.level, twin.packet = None, cast.uuid.uuid4(), level, None
        twin.deadline = TODAY.date() - timedelta(days=int(level == "2"))
        twin.save(force_insert=True)
    assert queries() == few
    page = text_of(rita.get(f"{reverse('appeals')}?show={show}"))
    assert page.index("second level") < page.index("external review") < page.index("first level")
