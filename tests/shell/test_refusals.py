import pytest
from django.test import Client

from teledent.accounts.views import places
from teledent.kit.decisions import Conflict, Refused


@pytest.fixture
def refusing(browser_of, monkeypatch):
    """A client whose page of sites meets a rule that says no."""

    def with_refusal(refusal):
        def refuse(*_):
            raise refusal

        monkeypatch.setattr(places, "sites_of", refuse)
        return browser_of("olu")

    return with_refusal


@pytest.mark.parametrize(
    ("refusal", "status"), [(Refused("The consent is missing."), 422), (Conflict("Dr. Osei has it."), 409)]
)
def test_a_refusal_becomes_a_page_with_its_sentence(refusing, refusal, status):
    answer = refusing(refusal).get("/people/sites/")
    assert answer.status_code == status
    assert refusal.sentence in answer.content.decode()
    assert "Nothing was changed." in answer.content.decode()


def test_for_htmx_it_becomes_a_strip_among_the_notices(refusing):
    answer = refusing(Refused("The consent is <missing>.")).get("/people/sites/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Retarget"]) == (422, "#notices")
    assert answer.content.decode().strip().startswith('<div class="strip wait">')
    assert "The consent is &lt;missing&gt;." in answer.content.decode()


def test_for_a_script_it_becomes_json(refusing):
    answer = refusing(Conflict("Dr. Osei has it.")).get("/people/sites/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["sentence"]) == (409, "Dr. Osei has it.")


def test_a_session_that_ended_replaces_the_page_not_a_part_of_it(client, db):
    answer = client.get("/people/sites/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/people/"})
    assert answer["HX-Redirect"] == "/sign-in/?next=%2Fpeople%2F"


def test_a_wrong_method_gets_a_page_and_the_right_ones(browser_of):
    answer = browser_of("olu").get("/act-for/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Not this way" in answer.content.decode()


def test_a_form_without_its_token_says_what_to_do(world):
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "x", "password": "y"})
    assert answer.status_code == 403
    assert "reload the page" in answer.content.decode()
