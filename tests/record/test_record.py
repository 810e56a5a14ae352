"""The one page of a case: the same for every role that may see it, whole, and in the words that were signed."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.actions import consenting
from cases.models import Review, Signature
from cases.states import READABLE_SIGNED, Status
from tests import cast

SEEN_BY = {"dev": set(Status), "olu": set(Status), "hana": set(Status), "bo": set(), "rita": set(READABLE_SIGNED)}


@pytest.mark.parametrize("status", list(Status))
def test_each_role_sees_the_cases_that_are_hers(case_at, client_of, status):
    case = case_at(status)
    for name, seen in SEEN_BY.items():
        answer = client_of(name).get(f"/cases/{case.public_id}/")
        assert answer.status_code == (200 if status in seen else 404), name


def test_another_practice_and_nobody_see_nothing(case_at, client_of):
    case = case_at(Status.SIGNED)
    other = cast.build_world("Other-")
    assert {client_of(name, of=other).get(f"/cases/{case.public_id}/").status_code for name in other.people} == {404}
    assert "sign-in" in Client().get(f"/cases/{case.public_id}/").headers["Location"]


def test_the_review_is_read_from_the_signature(case_at, client_of):
    case = case_at(Status.SIGNED)
    text = client_of("rita").get(f"/cases/{case.public_id}/").content.decode()
    signature = Signature.objects.get(case=case)
    for said in (
        cast.REVIEW["conclusions"],
        "Examination and filling in person",
        "K02.52",
        "DDS-1497",
        "1497758544",
        signature.digest,
    ):
        assert said in text
    assert "D0140 with D9996" in text
    assert "Made without live contact" in text


def test_the_banner_and_what_was_gathered_stand_on_it(case_at, client_of):
    text = client_of("dev").get(f"/cases/{case_at(Status.SUBMITTED).public_id}/").content.decode()
    for said in (
        "Mateo Villanueva-Reyes",
        "14 Mar 2018",
        "AC-20417",
        "Penicillin",
        "Sensitive to cold",
        "Asthma",
        "L: Decay, occlusal",
    ):
        assert said in text


def test_the_timeline_is_newest_first_with_seconds_zone_and_hash(case_at, client_of):
    case = case_at(Status.SIGNED)
    answer = client_of("dev").get(f"/cases/{case.public_id}/")
    sentences = [one.sentence for one in answer.context["timeline"]]
    assert sentences[0] == "Dr. Dev Halloran signed the review of version 1"
    assert sentences[-1] == "Hana Okafor opened the case"
    newest = case.events.order_by("-seq").first()
    assert newest.digest[:12] in answer.context["timeline"][0].detail
    assert re.search(r"\d\d:\d\d:\d\d P[SD]T", answer.context["timeline"][0].detail)


def test_every_kind_of_event_has_its_sentence(case_at, client_of):
    for status in Status:
        told = client_of("dev").get(f"/cases/{case_at(status).public_id}/").context["timeline"]
        assert all("_" not in one.sentence and not one.sentence.endswith(": ") for one in told)


def test_a_dentist_starts_from_here_and_goes_on_from_here(case_at, client_of):
    waiting, held = case_at(Status.SUBMITTED), case_at(Status.IN_REVIEW)
    client = client_of("dev")
    assert "Start reading" in client.get(f"/cases/{waiting.public_id}/").content.decode()
    assert "Go on reading" in client.get(f"/cases/{held.public_id}/").content.decode()


def test_more_events_take_no_more_queries(world, case_at, client_of):
    case, client = case_at(Status.IN_REVIEW), client_of("dev")

    def queries():
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/cases/{case.public_id}/")
        return len(seen)

    queries()
    few = queries()
    hana = world.of("hana")
    for number in range(3):
        consenting.record_consent(
            actor=hana, patient=case.patient, scopes={"photographs": True}, signer_name=f"Aunt {number}", signer_authority="Guardian",
            evidence="paper", language="English", valid_from=case.day_seen, at=case.opened_at,
        )  # fmt: skip
    assert queries() == few


def test_a_draft_of_a_dentist_shows_on_no_record(case_at, client_of):
    case = case_at(Status.IN_REVIEW)
    Review.objects.filter(case=case).update(conclusions="Not yet for anyone")
    for name in ("dev", "hana", "olu"):
        assert "Not yet for anyone" not in client_of(name).get(f"/cases/{case.public_id}/").content.decode()
