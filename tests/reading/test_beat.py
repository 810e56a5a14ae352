"""The heartbeat of an open page: what comes in or is struck off meanwhile, and what the limits then say."""

import json

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Asset

NO_FILM = "No radiographs were available."
LOSSY = "The pictures were stored with loss, so fine detail may be missing."


def followed(answer):
    return json.loads(answer.get("HX-Trigger", "{}")).get("limits-follow", {}).get("changes", [])


def test_a_picture_that_comes_in_takes_its_sentence_out_of_the_limits_and_the_open_page_follows(desk):
    film = desk.case.assets.get(view="lower")
    assert NO_FILM in desk.review.limits
    version = desk.review.version
    Asset.objects.filter(pk=film.pk).update(view="bitewing-left", examination={"lossy": True})
    answer = desk.post("beat/", htmx=True, received=1)
    assert NO_FILM not in desk.review.limits
    assert LOSSY in desk.review.limits
    assert [NO_FILM, ""] in followed(answer)
    assert ["", LOSSY] in followed(answer)
    told = json.loads(answer["HX-Trigger"])["draft-version"]["version"]
    assert told == desk.review.version == version + 1  # another page may not save its older text over it
    assert "1 more picture" in answer.content.decode()


def test_a_picture_that_is_struck_off_is_one_that_was_not_taken(desk):
    Asset.objects.filter(case=desk.case, view="lower").update(state="struck", struck_reason="Of a brother")
    answer = desk.post("beat/", htmx=True, received=2)
    assert "Views not taken: right side, left side, upper, lower." in desk.review.limits
    assert followed(answer)


def test_what_she_took_out_of_the_limits_does_not_come_back(desk):
    desk.post("save/", limits="Only what I write myself.")
    Asset.objects.filter(case=desk.case, view="lower").update(view="bitewing-left")
    desk.post("beat/", htmx=True, received=2)
    assert NO_FILM not in desk.review.limits
    assert "Only what I write myself." in desk.review.limits


def test_a_quiet_beat_writes_no_version_and_asks_little_of_the_database(desk):
    desk.post("beat/", htmx=True, received=2)
    version = desk.review.version
    with CaptureQueriesContext(connection) as asked:
        answer = desk.client.post(
            desk.root + "beat/", {"received": 2}, headers={"HX-Request": "true", "X-Background": "1"}
        )
    assert (answer.status_code, "HX-Trigger" in answer, desk.review.version) == (200, False, version)
    assert len(asked) <= 14
