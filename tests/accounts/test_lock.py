import pytest
from axes.models import AccessAttempt

from tests.accounts.test_signing_in import sign_in

OLU = "olu@example.org"


@pytest.fixture
def locked(client, world):
    for _ in range(5):
        sign_in(client, OLU, "wrong-password-here")
    return client


def test_five_wrong_passwords_lock_the_right_one_out(locked):
    answer = sign_in(locked, OLU)
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert "Wait, then try again" in answer.content.decode()


def test_four_wrong_passwords_do_not(client, world):
    for _ in range(4):
        sign_in(client, OLU, "wrong-password-here")
    assert sign_in(client, OLU).status_code == 302


def test_the_person_gets_in_from_elsewhere(locked):
    assert (
        locked.post(
            "/sign-in/", {"username": OLU, "password": "gentle-otter-reads-late"}, REMOTE_ADDR="10.1.2.3"
        ).status_code
        == 302
    )


def test_other_people_get_in_from_the_same_place(locked):
    assert sign_in(locked, "rita@example.org").status_code == 302


def test_other_spellings_and_forged_headers_count_as_the_same(client, world):
    for spelling in ("olu@example.org", "Olu@example.org", "OLU@example.org", "olU@example.org", "oLu@example.org"):
        client.post(
            "/sign-in/",
            {"username": spelling, "password": "wrong"},
            headers={"X-Forwarded-For": f"10.0.0.{len(spelling)}"},
        )
    assert sign_in(client, OLU).status_code == 429


def test_what_was_typed_is_in_no_table(client, world):
    sign_in(client, "my-secret-password@example.org", "another-secret")
    attempt = AccessAttempt.objects.values().get()
    assert "secret" not in str(attempt)
