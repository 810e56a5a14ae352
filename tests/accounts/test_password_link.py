import re

import pytest
from django.core import mail

from teledent.accounts.jobs import mail_link
from teledent.accounts.models import Person
from teledent.jobs.models import Job
from tests.accounts.test_lock import OLU, locked  # noqa: F401 - a fixture
from tests.accounts.test_signing_in import sign_in

NEW = "four-quiet-herons-wade"


def work():
    """What the worker does with every job that waits."""
    for job in Job.objects.order_by("id"):
        effect = mail_link(**job.payload)
        if effect:
            effect()
        job.delete()


def ask(client, email):
    return client.post("/password/link/", {"email": email}, follow=True)


def link_in_mail():
    (link,) = re.findall(r"http://testserver(/password/\S+)", str(mail.outbox[-1].body))
    return link


def set_password(client, link, password=NEW):
    form = client.get(link, follow=True)
    return client.post(
        form.redirect_chain[-1][0] if form.redirect_chain else link,
        {"new_password1": password, "new_password2": password},
    )


@pytest.mark.parametrize("email", ["olu@example.org", "nobody@example.org"])
def test_the_answer_and_the_work_are_the_same_for_everyone(client, world, email):
    answer = ask(client, email)
    assert "If there is an account" in answer.content.decode()
    assert Job.objects.count() == 1


def test_only_an_account_gets_mail(client, world):
    ask(client, "nobody@example.org")
    ask(client, "olu@example.org")
    work()
    assert [message.to for message in mail.outbox] == [["olu@example.org"]]


def test_a_closed_account_gets_none(client, world):
    Person.objects.filter(email=OLU).update(is_active=False)
    ask(client, OLU)
    work()
    assert mail.outbox == []


def test_asking_over_and_over_sends_one_mail_in_five_minutes(client, world, at):
    for _ in range(3):
        ask(client, OLU)
        work()
    assert len(mail.outbox) == 1
    at(minutes=6)
    ask(client, OLU)
    work()
    assert len(mail.outbox) == 2


def test_the_link_sets_a_password_once(client, world):
    ask(client, OLU)
    work()
    link = link_in_mail()
    assert set_password(client, link).status_code == 302
    assert sign_in(client, OLU, NEW).status_code == 302
    client.post("/sign-out/")
    assert "This link is used up" in client.get(link).content.decode()


def test_the_token_leaves_the_address(client, world):
    ask(client, OLU)
    work()
    link = link_in_mail()
    assert client.get(link)["Location"].endswith("/set-password/")


def test_a_weak_password_is_refused_with_the_reason(client, world):
    ask(client, OLU)
    work()
    page = set_password(client, link_in_mail(), "password123")
    assert "too short" in page.content.decode()
    assert not Person.objects.get(email=OLU).check_password("password123")


def test_a_new_password_lifts_the_lock(locked, world):  # noqa: F811
    ask(locked, OLU)
    work()
    set_password(locked, link_in_mail())
    assert sign_in(locked, OLU, NEW).status_code == 302


def test_a_changed_password_ends_other_sessions(browser_of):
    here, there = browser_of("olu"), browser_of("olu")
    form = {"old_password": "gentle-otter-reads-late", "new_password1": NEW, "new_password2": NEW}
    assert here.post("/password/", form).status_code == 302
    assert here.get("/people/").status_code == 200
    assert there.get("/people/").status_code == 302
