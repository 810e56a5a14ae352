"""The limits follow the facts and never the dentist's words."""

import uuid

from hypothesis import given
from hypothesis import strategies as st

from cases.limits import follow, sentences
from cases.promises import promise_in
from cases.record_facts import ViewFact
from tests.cases.core.records import PICTURE, a_film, an_image

SENTENCE = st.sampled_from(
    ["Views not taken: upper.", "No radiographs were available.", "Could not be used: lower (dark)."]
)
OFFERED = st.dictionaries(st.sampled_from(["unusable", "not_taken", "radiographs"]), SENTENCE, max_size=3).filter(
    lambda offered: len(set(offered.values())) == len(offered)  # no two facts are said in one sentence
)
HER_WORDS = st.text("abc XYZ;-", min_size=1, max_size=30).map(lambda text: f"<{text.strip()}>")


def test_what_pictures_cannot_show_what_was_not_taken_and_no_radiographs_are_said():
    said = sentences((an_image(), an_image(public_id=uuid.UUID(int=9), view="upper")))
    assert said["not_taken"] == "Views not taken: right side, left side, lower."
    assert said["radiographs"] == "No radiographs were available."
    assert "stored with loss" in said["lossy"]
    assert "unusable" not in said


def test_a_radiograph_and_a_picture_without_loss_take_their_sentences_away():
    said = sentences((a_film(lossy=False),))
    assert "radiographs" not in said
    assert "lossy" not in said


def test_an_unusable_view_is_named_with_its_reason():
    said = sentences((an_image(),), (ViewFact(PICTURE, False, "Blurred"),))
    assert said["unusable"] == "Could not be used: frontal (blurred)."


def test_no_sentence_promises_health():
    said = sentences((an_image(),), (ViewFact(PICTURE, False, "Blurred"),))
    assert not promise_in(said.values())


@given(HER_WORDS, OFFERED, OFFERED)
def test_her_words_outlive_every_change_of_what_is_offered(words, before, after):
    assert words in follow(f"{words} {' '.join(before.values())}", before, after)


@given(OFFERED, OFFERED)
def test_an_untouched_text_says_exactly_what_is_offered_now(before, after):
    text = follow(" ".join(dict.fromkeys(before.values())), before, after)
    assert all(sentence in text for sentence in after.values() if sentence not in before.values())


def test_a_sentence_that_she_changed_or_took_out_stays_as_she_left_it():
    before, after = (
        {"unusable": "Could not be used: upper (dark)."},
        {"unusable": "Could not be used: upper (blurred)."},
    )
    assert follow("The upper view was too dark for me.", before, after) == "The upper view was too dark for me."
    assert follow("", before, after) == ""


def test_a_view_that_is_judged_usable_after_all_takes_its_sentence_out():
    before = {"unusable": "Could not be used: upper (dark).", "radiographs": "No radiographs were available."}
    text = "Could not be used: upper (dark). No radiographs were available. Seen by lamp light."
    assert (
        follow(text, before, {"radiographs": before["radiographs"]})
        == "No radiographs were available. Seen by lamp light."
    )
