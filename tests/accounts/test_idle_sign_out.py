from django.conf import settings


def test_thirty_minutes_without_a_sign_of_life_sign_out(browser_of, at):
    client = browser_of("olu")
    client.get("/people/")
    at(minutes=settings.IDLE_MINUTES, seconds=1)
    assert client.get("/people/").status_code == 302
    assert f"nothing was touched for {settings.IDLE_MINUTES} minutes" in client.get("/sign-in/").content.decode()


def test_reading_pages_keeps_the_session(browser_of, at):
    client = browser_of("olu")
    for _ in range(5):
        at(minutes=settings.IDLE_MINUTES - 1)
        assert client.get("/people/").status_code == 200


def test_a_page_that_polls_shows_no_sign_of_life(browser_of, at):
    client = browser_of("olu")
    client.get("/people/")
    for _ in range(settings.IDLE_MINUTES // 10):
        at(minutes=10)
        assert client.get("/people/", headers={"X-Background": "1"}).status_code == 200
    at(minutes=1)
    assert client.get("/people/", headers={"X-Background": "1"}).status_code == 302


def test_no_session_outlives_twelve_hours(browser_of, at):
    client = browser_of("olu")
    for _ in range(48):
        assert client.get("/people/").status_code == 200
        at(minutes=15)
    at(seconds=1)
    assert client.get("/people/").status_code == 302


def test_looking_again_within_a_minute_writes_no_session(browser_of, at, django_assert_num_queries):
    client = browser_of("olu")
    client.get("/people/sites/")
    at(seconds=30)
    with django_assert_num_queries(5):  # session, person, memberships, sites, notices
        client.get("/people/sites/")
