"""The practice's phrases: kept by dentists and managers, checked before they are kept, and nobody else's business."""

import pytest

from cases.models import Phrase
from cases.phrasing import STARTING
from cases.promises import promise_in


@pytest.fixture
def dev(client_of):
    return client_of("dev")


def keep(client, text, section="advice"):
    return client.post("/reading/phrases/", {"section": section, "text": text})


def test_a_phrase_is_kept_with_who_wrote_it_and_once(dev, world):
    assert keep(dev, "  See a dentist  within six weeks. ").status_code == 302
    keep(dev, "See a dentist within six weeks.")
    phrase = Phrase.objects.get()
    assert (phrase.text, phrase.written_by) == ("See a dentist within six weeks.", world.people["dev"])
    assert "Dr. Dev Halloran" in dev.get("/reading/phrases/").content.decode()


def test_a_phrase_that_promises_health_is_refused_with_its_words(dev):
    answer = keep(dev, "No cavities.", "conclusions")
    assert answer.status_code == 422
    assert "“no cavities” promises what pictures cannot show" in answer.content.decode()
    assert not Phrase.objects.exists()


@pytest.mark.parametrize(
    ("section", "text"), [("", "Words"), ("poem", "Words"), ("advice", ""), ("advice", "n/a"), ("advice", "x" * 301)]
)
def test_a_phrase_without_place_or_words_is_refused(dev, section, text):
    assert keep(dev, text, section).status_code == 422
    assert not Phrase.objects.exists()


def test_a_set_to_begin_with_is_taken_over_in_one_go(client_of):
    olu = client_of("olu")
    assert "Take over a set" in olu.get("/reading/phrases/").content.decode()
    olu.post("/reading/phrases/", {"start": "1"})
    assert Phrase.objects.count() == len(STARTING)


@pytest.mark.parametrize("text", [text for _, text in STARTING])
def test_no_phrase_of_the_set_promises_health(text):
    assert not promise_in([text])


def test_a_phrase_is_removed_by_its_own_practice_only(dev, world, client_of):
    keep(dev, "Brush twice a day.")
    number = Phrase.objects.get().pk
    assert client_of("hana").post(f"/reading/phrases/{number}/remove/").status_code == 404
    assert dev.post(f"/reading/phrases/{number}/remove/").status_code == 302
    assert not Phrase.objects.exists()
