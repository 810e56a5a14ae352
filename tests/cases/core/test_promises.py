"""Words that promise health are found; words that say what was seen in the pictures stand (RE-6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import limits
from cases.promises import promise_in

PROMISES = [
    "No cavities.", "There is no decay.", "no caries", "Caries-free mouth", "Healthy teeth.", "The teeth look healthy", "All clear",
    "Without decay", "No decay. Seen in the pictures: plaque.", "The mouth is decay free in the pictures seen",
    "No evidence of caries.", "No dental caries.", "No carious lesions.", "Cavities: none.", "Caries: none seen.",
    "No interproximal decay.", "He does not have any cavities.", "She doesn't have cavities.", "No cavities noted, good images.",
    "Caries not present.", "Decay is absent", "no tooth decay", "no new or active decay", "Decay\u2011free", "Dentition healthy.",
    "Teeth healthy.", "Teeth appear healthy.", "Mouth is very healthy.", "Child has healthy gingiva.", "Nothing wrong with the teeth.",
    "Healthy mouth seen in photographs.", "No cavities. The mouth is healthy.", "Everything looks fine", "Sin caries.", "Dientes sanos",
]  # fmt: skip
HONEST = [
    "No decay seen in these pictures.", "No cavity visible in the photographs provided; the back of 14 is not shown.",
    "In these photographs, no decay was seen.", "No obvious problem seen in the images provided.", "Decay on L.",
    "Healthy-looking margin cannot be judged.", "Decay cannot be excluded.", "No pain from the decay on K.",
    "The gums are not healthy.", "Unhealthy gums around 30", "No treatment of the decay was planned.",
    "Decay between the back teeth cannot be seen.", "Normal tooth brushing twice a day.", limits.PICTURES,
]  # fmt: skip


@pytest.mark.parametrize("sentence", PROMISES)
def test_a_sentence_that_promises_health_is_found(sentence):
    assert promise_in([f"Photographs read. {sentence}"])


@pytest.mark.parametrize("sentence", HONEST)
def test_a_sentence_that_says_what_was_seen_stands(sentence):
    assert promise_in([sentence]) == ""


@given(st.sampled_from(PROMISES), st.lists(st.sampled_from(HONEST), max_size=3), st.sampled_from(["\n", "  ", " \t"]))
def test_honest_words_around_it_hide_no_promise(promise, around, gap):
    said = [*around, promise, *around]
    assert promise_in([gap.join(f"{sentence.rstrip('.')}." for sentence in said)])


@given(st.text(max_size=200))
def test_any_text_is_looked_through(text):
    assert isinstance(promise_in([text]), str)
