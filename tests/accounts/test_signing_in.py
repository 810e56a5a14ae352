import pytest

from teledent.accounts.models import AccessEvent
from tests.cast import PASSWORD

SAME_SENTENCE = "E-mail and password do not fit together."


def sign_in(client, email, password=PASSWORD, **extra):
    return client.post("/sign-in/", {"username": email, "password": password, **extra})


def test_the_right_password_lands_in_the_workplace(client, world):
    answer = client.post("/sign-in/", {"username": "olu@example.org", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain == [("/", 302), ("/people/", 302)]


def test_an_email_is_the_same_in_any_case(client, world):
    assert sign_in(client, " OLU@Example.org").status_code == 302


@pytest.mark.parametrize("email", ["olu@example.org", "nobody@example.org", "closed@example.org", "new@example.org"])
def test_every_wrong_pair_gets_the_same_answer(client, world, email):
    world.people["olu"].__class__.objects.create_user("closed@example.org", PASSWORD, name="Closed", is_active=False)
    world.people["olu"].__class__.objects.create_user("new@example.org", None, name="New")
    answer = sign_in(client, email, "wrong-password-here" if email.startswith("olu") else PASSWORD)
    assert answer.status_code == 422
    assert answer.content.decode().count(SAME_SENTENCE) == 1


def test_what_was_typed_stays_but_never_the_password(client, world):
    page = sign_in(client, "olu@example.org", "wrong-password-here").content.decode()
    assert 'value="olu@example.org"' in page
    assert "wrong-password-here" not in page


def test_signing_in_leaves_an_event_with_the_person(client, world):
    sign_in(client, "olu@example.org")
    assert AccessEvent.objects.get(verb="sign-in").person == world.people["olu"]


def test_a_failure_keeps_the_account_meant_and_no_text(client, world):
    sign_in(client, "olu@example.org", "wrong-password-here")
    sign_in(client, "my-secret-password@example.org", "x")
    named, unnamed = AccessEvent.objects.filter(verb="sign-in-failed").order_by("id")
    assert (named.public_id, named.person) == (world.people["olu"].public_id, None)
    assert unnamed.public_id is None


def test_a_session_from_before_is_worth_nothing_after(client, world):
    client.get("/sign-in/")
    client.session["planted"] = 1
    client.session.save()
    before = client.session.session_key
    sign_in(client, "olu@example.org")
    assert client.session.session_key != before


@pytest.mark.parametrize("next_page", ["//evil.example/", "https://evil.example/", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(client, world, next_page):
    assert sign_in(client, "olu@example.org", next=next_page)["Location"] == "/"


def test_signing_in_goes_on_where_one_was_sent_from(client, world):
    asked = client.get("/people/sites/")
    assert asked["Location"] == "/sign-in/?next=/people/sites/"
    assert sign_in(client, "olu@example.org", next="/people/sites/")["Location"] == "/people/sites/"


def test_signing_out_takes_a_post(browser_of):
    client = browser_of("olu")
    assert client.get("/sign-out/").status_code == 405
    assert client.get("/people/").status_code == 200


def test_signing_out_ends_the_session_and_clears_the_cache_only(browser_of):
    client = browser_of("olu")
    kept = client.cookies["teledent-session"].value
    answer = client.post("/sign-out/")
    assert answer["Clear-Site-Data"] == '"cache"'
    client.cookies["teledent-session"] = kept
    assert client.get("/people/").status_code == 302


def test_someone_without_a_role_is_told_whom_to_ask(browser_of, world):
    world.people["olu"].memberships.all().delete()
    client = browser_of("olu")
    assert b"no role today" in client.get("/").content
    assert client.get("/people/").status_code == 403
