import pytest

from teledent import pages

EVERY_ANSWER = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
CSP = {"default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"}


def answers(client):
    """One answer of each kind: a page, a redirect, a refusal before and after the session, an error."""
    yield client.get("/people/")
    yield client.get("/")
    yield client.get("/no-such-page/")
    yield client.get("/sign-out/")
    yield client.get("/healthz")
    yield client.post("/sign-in/", data=b"x" * (2 << 20), content_type="text/plain")


def test_every_answer_carries_every_header(browser_of):
    for answer in answers(browser_of("olu")):
        assert {name: answer.get(name) for name in EVERY_ANSWER} == EVERY_ANSWER
        assert set(answer["Content-Security-Policy"].split("; ")) == CSP
        assert "geolocation=()" in answer["Permissions-Policy"]
        assert "no-store" in answer["Cache-Control"]
        assert len(answer["X-Request-Id"]) == 12


def test_a_page_forms_belong_to_its_own_site(client, db):
    """With "no-referrer" browsers send "Origin: null" on their own forms, and CSRF refuses them."""
    assert client.get("/sign-in/")["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "address", ["/people/", "/people/add/", "/people/sites/", "/people/practice/", "/password/", "/sign-in/"]
)
def test_no_page_brings_script_or_style_of_its_own(browser_of, client, address):
    page = (client if address == "/sign-in/" else browser_of("olu")).get(address).content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert " onclick=" not in page
    assert all("src=" in tag for tag in page.split("<script")[1:])


def test_an_error_shows_no_trace_and_a_reference(browser_of, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    client = browser_of("olu")
    client.raise_request_exception = False
    monkeypatch.setattr("teledent.accounts.views.places.sites_of", broken)
    answer = client.get("/people/sites/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert pages.BROKEN.sentence in page
    assert answer["X-Request-Id"] in page
    assert "secret detail" not in page
    assert "Traceback" not in page
