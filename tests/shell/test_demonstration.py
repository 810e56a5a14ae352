import pytest

from teledent.accounts.models import Practice

BANNER = "Every person and picture here is invented."


@pytest.fixture
def demonstrating(world):
    Practice.objects.filter(pk=world.practice.pk).update(is_demonstration=True)


def test_a_demonstration_answers_on_its_own_computer_only(client, demonstrating):
    assert client.get("/sign-in/").status_code == 200
    assert client.get("/sign-in/", REMOTE_ADDR="::1").status_code == 200
    assert client.get("/sign-in/", REMOTE_ADDR="192.168.1.20").status_code == 403


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
def test_a_proxy_on_this_computer_is_not_this_computer(client, demonstrating, header):
    assert client.get("/sign-in/", headers={header: "127.0.0.1"}).status_code == 403


def test_a_real_practice_answers_everywhere(client, world):
    assert client.get("/sign-in/", REMOTE_ADDR="192.168.1.20").status_code == 200


def test_every_page_says_so(client, browser_of, demonstrating):
    assert BANNER in client.get("/sign-in/").content.decode()
    for address in ("/people/", "/people/sites/", "/password/", "/no-such-page/"):
        assert BANNER in browser_of("olu").get(address).content.decode()


def test_no_other_page_does(client, browser_of):
    assert BANNER not in client.get("/sign-in/").content.decode()
    assert BANNER not in browser_of("olu").get("/people/").content.decode()
