"""Each line of the documentation checklist with a met, a filler and a not-asked case (CH-1)."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.policies import LABELS, PayerNeeds, State, Step, blocking, checklist
from cases.questionnaires import questions_for
from cases.record_facts import AnnotationFact, FindingFact, PlanFact
from tests.cases.core.records import PICTURE, a_film, a_record, a_review, an_image


def line(record, key, needs=None):
    lines = checklist(record, needs) if needs else checklist(record)
    return next(entry for entry in lines if entry.key == key)


def test_a_complete_record_has_eight_lines_and_none_blocks_signing():
    lines = checklist(a_record(review=a_review()))
    assert [entry.label for entry in lines] == list(LABELS.values())
    assert blocking(lines, Step.SIGN) == ()


def test_before_the_reading_the_dentists_lines_wait_and_block_only_the_signature():
    lines = checklist(a_record())
    assert [entry.key for entry in lines if entry.state is State.LATER] == ["concluded", "plan", "outcome"]
    assert blocking(lines, Step.SUBMIT) == ()


MISSING_AT_SUBMIT = [
    ("gathered", {"images": ()}),
    ("gathered", {"images": (an_image(held=True),)}),
    ("gathered", {"images": (an_image(state="refused", refusal="Incomplete"),)}),
    ("gathered", {"images": (an_image(state="failed"),)}),
    ("gathered", {"images": (an_image(view=""),)}),
    ("gathered", {"images": (an_image(view="slate"),)}),
    ("gathered", {"images": (an_image(state="struck", struck_reason="Twice"),)}),
    ("collected", {"images": (an_image(captured_at=None),)}),
    ("collected", {"images": (an_image(device=""),)}),
    ("collected", {"images": (an_image(device="n/a"),)}),
    ("collected", {"images": (an_image(device="-"),)}),
    ("collected", {"answers": {"why": ""}}),
    ("collected", {"answers": {"why_text": "n/a"}}),
    ("history", {"answers": {"complaint": []}}),
    ("history", {"answers": {"complaint": ["other"], "complaint_text": "..."}}),
    ("history", {"answers": {"conditions": []}}),
    ("history", {"answers": {"allergies": []}}),
    ("history", {"answers": {"medicines": []}}),
    ("history", {"answers": {"red_flags": []}}),
    ("history", {"answers": {"red_flags": ["fever"]}}),
    ("history", {"answers": {"red_flags": ["fever"], "reached": "xxx"}}),
    ("history", {"urgency": ""}),
    ("findings", {"findings": ()}),
    ("findings", {"answers": {"marks": "nothing"}}),
    ("images", {"images": ()}),
]


@pytest.mark.parametrize(("key", "changes"), MISSING_AT_SUBMIT)
def test_what_is_missing_or_filler_blocks_submitting(key, changes):
    found = line(a_record(**changes), key)
    assert found.state is State.MISSING
    assert found.blocks is Step.SUBMIT
    assert found.mend


@pytest.mark.parametrize("unusable", [{"state": "refused", "refusal": "Incomplete"}, {"state": "failed"}])
def test_a_picture_to_be_taken_again_is_not_asked_for_its_time_and_device(unusable):
    images = (an_image(), an_image(captured_at=None, device="", **unusable))
    assert line(a_record(images=images), "collected").state is State.MET
    assert line(a_record(images=images), "gathered").note == "Frontal: take again or strike off"


@pytest.mark.parametrize("name", ["ordered_by", "order_reason", "operator_name", "operator_licence"])
@pytest.mark.parametrize("filler", ["", "-", "x", "n/a", "tbd"])
def test_an_order_of_fillers_is_no_order(name, filler):
    found = line(a_record(images=(a_film(**{name: filler}),)), "images")
    assert (found.state, found.blocks, found.mend) == (State.MISSING, Step.CLAIM, "radiographs")


def test_an_order_without_its_day_is_no_order():
    assert line(a_record(images=(a_film(ordered_on=None),)), "images").state is State.MISSING


def test_short_names_of_devices_and_people_are_names():
    film = a_film(device="S2", ordered_by="Li", operator_name="Bo")
    lines = checklist(a_record(images=(film,)))
    assert {found.state for found in lines if found.key in ("collected", "images")} == {State.MET}


def test_a_note_of_filler_beside_a_mark_changes_nothing_and_no_mark_at_all_is_missing():
    marked = a_record(findings=(FindingFact("LLD", "O", "decay", "n/a"),))
    assert line(marked, "findings").state is State.MET
    assert line(a_record(findings=(), answers={"marks": ""}), "findings").state is State.MISSING


MET_ANSWERS = [
    {"complaint": ["none_stated"]},
    {"complaint": ["other"], "complaint_text": "Mouth ulcer for a week"},
    {"conditions": ["none_known"]},
    {"red_flags": ["fever"], "reached": "Dr. Halloran at 10:50"},
    {"why_text": "The nearest dentist is two hours away"},
]


@pytest.mark.parametrize("answers", MET_ANSWERS)
def test_none_known_and_real_words_are_answers(answers):
    assert blocking(checklist(a_record(answers=answers)), Step.SUBMIT) == ()


def test_nothing_to_mark_is_an_answer():
    assert line(a_record(findings=(), answers={"marks": "nothing"}), "findings").state is State.MET


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        ("emergency", "where is the patient now"),
        ("second_opinion", "the question to answer"),
        ("post_treatment", "what was done"),
    ],
)
def test_each_kind_asks_its_own_questions(kind, missing):
    assert missing in line(a_record(kind=kind), "history").note


OPINION = {
    "question": "Is a bridge the right way?",
    "requester": "The patient",
    "existing_plan": "Bridge from 18 to 20",
}


def test_a_second_opinion_is_signed_with_its_written_answer_and_no_other_kind_asks_for_one():
    asked = {
        "kind": "second_opinion",
        "answers": {**OPINION, "complaint": ["other"], "complaint_text": "Told to have a bridge"},
    }
    found = line(a_record(review=a_review(answer="-"), **asked), "concluded")
    assert (found.state, found.blocks, found.mend) == (State.MISSING, Step.SIGN, "answer")
    said = a_review(answer="A bridge is one of two ways that these pictures leave open.")
    assert blocking(checklist(a_record(review=said, **asked)), Step.SIGN) == ()
    assert line(a_record(review=a_review()), "concluded").state is State.MET


def test_an_emergency_cannot_have_no_complaint():
    found = line(
        a_record(
            kind="emergency",
            answers={"present_place": "At school", "callback": "541-555-0100", "since": "This morning"},
        ),
        "history",
    )
    assert found.state is State.MET
    assert "none_stated" not in questions_for("emergency")[0].choices


def test_a_picture_on_its_way_lets_submit_and_blocks_the_signature():
    found = line(a_record(images=(an_image(), an_image(state="declared", received_at=None))), "gathered")
    assert (found.state, found.blocks) == (State.PENDING, Step.SIGN)
    assert found.note == "1 of 2 received"


@pytest.mark.parametrize("lacking", ["ordered_by", "ordered_on", "order_reason", "operator_name", "operator_licence"])
def test_a_radiograph_without_its_order_blocks_only_the_claim(lacking):
    film = a_film(**{lacking: None if lacking == "ordered_on" else ""})
    found = line(a_record(images=(an_image(), film)), "images")
    assert (found.state, found.blocks) == (State.MISSING, Step.CLAIM)


def test_a_radiograph_with_its_order_is_met():
    assert line(a_record(images=(an_image(), a_film())), "images").note == "1 radiograph with its order"


MISSING_AT_SIGN = [
    ("concluded", {"evaluation": ""}), ("concluded", {"conclusions": "ok"}), ("concluded", {"advice": "n/a"}),
    ("concluded", {"limits": "-"}),
    ("concluded", {"sufficiency": ""}), ("concluded", {"why": ""}), ("concluded", {"urgency": ""}),
    ("concluded", {"conclusions": "No cavities. Brush well."}),
    ("plan", {"diagnoses": ()}), ("plan", {"plan": ()}),
    ("plan", {"plan": (PlanFact("", "Filling in person", 1, "xx", "K02.52"),)}),
    ("plan", {"plan": (PlanFact("", "Filling in person", 1, "Decay reaches dentine", ""),)}),
    ("outcome", {"outcome": ""}), ("outcome", {"follow_up": "..."}), ("outcome", {"outcome_by": None}),
    ("outcome", {"told_to": "x"}), ("outcome", {"told_at": None}), ("outcome", {"told": ""}),
    ("outcome", {"told": "pending"}), ("outcome", {"told": "pending", "next_step": "Call the mother"}),
    ("images", {"views": ()}),
]  # fmt: skip


@pytest.mark.parametrize(("key", "changes"), MISSING_AT_SIGN)
def test_what_the_reading_lacks_blocks_the_signature(key, changes):
    found = line(a_record(review=a_review(**changes)), key)
    assert found.state is State.MISSING
    assert found.blocks is Step.SIGN


PENDING = {
    "told": "pending",
    "told_to": "",
    "told_at": None,
    "next_step": "Nurse calls the mother",
    "next_step_on": date(2026, 11, 20),
}


def test_an_outcome_still_to_be_told_is_amber_and_blocks_only_where_the_payer_says_so():
    record = a_record(review=a_review(**PENDING))
    assert (line(record, "outcome").state, line(record, "outcome").blocks) == (State.PENDING, None)
    assert line(record, "outcome", PayerNeeds(outcome_told=True)).blocks is Step.CLAIM


def test_a_family_told_after_the_signature_meets_the_line():
    record = a_record(review=a_review(**PENDING), told_later=True)
    assert line(record, "outcome", PayerNeeds(outcome_told=True)).state is State.MET


def test_what_cannot_be_assessed_needs_no_plan_but_a_visit():
    review = a_review(sufficiency="not_assessable", diagnoses=(), plan=(), views=())
    assert line(a_record(review=review), "plan").state is State.NOT_APPLICABLE
    assert line(a_record(review=replace(review, outcome_by=None)), "outcome").state is State.MISSING


def test_payer_needs_never_change_what_blocks_submit_or_sign():
    record = a_record(review=a_review(**PENDING))
    for step in (Step.SUBMIT, Step.SIGN):
        assert blocking(checklist(record), step) == blocking(checklist(record, PayerNeeds(outcome_told=True)), step)


@pytest.mark.parametrize(
    "said",
    [
        {"limits": "No cavities. Plaque hides the rest."},
        {"answer": "There are no cavities, so no bridge."},
        {"next_step": "Tell the mother: healthy teeth"},
        {"plan": (PlanFact("", "Nothing, no decay", 1, "Seen whole", "K02.52"),)},
        {"findings": (FindingFact("LLD", "", "watch", "caries: none"),)},
        {"annotations": (AnnotationFact(PICTURE, 1, "text", 1, 1, 1, 1, 9, 9, "no decay"),)},
    ],
)
def test_a_promise_of_health_anywhere_in_the_review_blocks_the_signature(said):
    found = line(a_record(review=a_review(**said)), "concluded")
    assert (found.state, found.blocks) == (State.MISSING, Step.SIGN)
    assert "cannot be concluded from pictures" in found.note


@given(st.text(max_size=40))
def test_no_text_breaks_the_checklist(text):
    lines = checklist(
        a_record(
            answers={"why_text": text, "complaint": ["other"], "complaint_text": text},
            review=a_review(conclusions=text, advice=text),
        )
    )
    assert len(lines) == 8
