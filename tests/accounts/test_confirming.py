"""A password asked again has as few tries as one at the door, in every process together."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from teledent.accounts.confirming import LIMIT, PAUSE, WrongPassword, confirm_password, forgive
from teledent.accounts.models import AccessEvent, PasswordTries, Person
from tests.cast import AT, PASSWORD


def wrong(person, *, times=1, at=AT):
    said = []
    for _ in range(times):
        with pytest.raises(WrongPassword) as refusal:
            confirm_password(person, "not-the-password", at=at)
        said.append(refusal.value.sentence)
    return said


def test_the_last_try_says_how_long_to_wait_and_the_right_password_waits_too(world):
    dev = world.people["dev"]
    said = wrong(dev, times=LIMIT)
    assert said == ["The password is not right."] * (LIMIT - 1) + [
        "The password was wrong 5 times. Try again in 15 minutes."
    ]
    with pytest.raises(WrongPassword, match=r"Try again in 3 minutes\."):
        confirm_password(dev, PASSWORD, at=AT + timedelta(minutes=12, seconds=30))


def test_waiting_is_not_made_longer_by_asking(world):
    dev = world.people["dev"]
    wrong(dev, times=LIMIT)
    wrong(dev, at=AT + PAUSE - timedelta(seconds=1))
    confirm_password(dev, PASSWORD, at=AT + PAUSE)


def test_the_right_password_clears_the_count(world):
    dev = world.people["dev"]
    for _ in range(3):
        wrong(dev, times=LIMIT - 1)
        confirm_password(dev, PASSWORD, at=AT)
    assert PasswordTries.objects.get(person=dev).taken == 0


def test_it_counts_for_one_person_only_and_can_be_forgiven(world):
    dev = world.people["dev"]
    wrong(dev, times=LIMIT)
    confirm_password(world.people["hana"], PASSWORD, at=AT)
    forgive(dev)
    confirm_password(dev, PASSWORD, at=AT)


def test_each_wrong_one_that_was_looked_at_stands_on_the_trail_without_its_text(world):
    dev = world.people["dev"]
    wrong(dev, times=LIMIT + 2)
    events = AccessEvent.objects.filter(verb="password-failed", person=dev, public_id=dev.public_id)
    assert events.count() == LIMIT
    assert "not-the-password" not in str(list(PasswordTries.objects.values()))


def test_requests_sent_at_once_share_the_same_tries(own_database, monkeypatch):
    dev = Person.objects.create_user("dev@example.org", PASSWORD, name="Dev")
    looked, together = [], threading.Barrier(12)
    monkeypatch.setattr(Person, "check_password", lambda self, typed: looked.append(typed))

    def guess():
        together.wait()
        try:
            with pytest.raises(WrongPassword):
                confirm_password(Person.objects.get(pk=dev.pk), "guess", at=AT)
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(looked) == LIMIT


def test_the_page_that_changes_the_password_counts_too(client, world):
    dev = world.people["dev"]
    client.force_login(dev)
    said = {"new_password1": "another-otter-sleeps-on", "new_password2": "another-otter-sleeps-on"}
    for _ in range(LIMIT):
        client.post("/password/", {"old_password": "guess", **said})
    answer = client.post("/password/", {"old_password": PASSWORD, **said})
    assert answer.status_code in (200, 422)
    assert "Try again in 15 minutes." in answer.content.decode()
    dev.refresh_from_db()
    assert dev.check_password(PASSWORD)
