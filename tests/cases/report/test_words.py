"""What a report says: every signed word for its reader, in the family's language, and never a promise of health."""

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import view_labels
from cases.models import Condition, Outcome, Urgency
from cases.promises import promise_in
from cases.report.colleague import colleague_report
from cases.report.document import Paragraphs, Table, section
from cases.report.family import family_report
from cases.report.phrases import PHRASES, language_of
from tests.cases.report.samples import REVIEW, amended, facts, retracted


def in_english(said):
    return family_report(said, language="en")


def in_spanish(said):
    return family_report(said, language="es")


def words(document) -> str:
    return json.dumps(document.as_json(), ensure_ascii=False)


def values(phrases) -> list:
    return [getattr(phrases, field.name) for field in dataclasses.fields(phrases)]


def fixed(value) -> list[str]:
    match value:
        case str():
            return [value]
        case tuple():
            return [text for one in value for text in fixed(one)]
        case _:
            return list(value.values())


@pytest.mark.parametrize("language", PHRASES)
def test_no_phrase_promises_health(language):
    said = [text for phrase in values(PHRASES[language]) for text in fixed(phrase)]
    assert len(said) > 40
    assert promise_in(said) == ""


@pytest.mark.parametrize("language", PHRASES)
def test_every_choice_of_the_forms_has_its_words(language):
    say = PHRASES[language]
    assert set(say.conditions) == set(Condition.values)
    assert set(say.urgency) == set(Urgency.values)
    assert set(say.outcome) == set(Outcome.values)
    assert set(say.views) == {view for view in view_labels.VIEWS if view_labels.is_clinical(view)}


def test_languages_say_the_same_with_the_same_blanks():
    def blanks(phrases):
        return [sorted(part.split("}")[0] for part in text.split("{")[1:]) for text in phrases]

    texts = [[value for value in values(one) if isinstance(value, str)] for one in PHRASES.values()]
    assert blanks(texts[0]) == blanks(texts[1])


def test_a_family_reads_who_took_who_looked_what_and_by_when():
    said = words(family_report(facts(), language="en"))
    for part in (
        "On Nov 17, 2026, Hana Okafor took 2 photographs and 1 X-ray of Mateo Villanueva-Reyes at Alder Creek Elementary",
        "Dr. Dev Halloran, a dentist with license DDS-1497 (OR), looked at them on Nov 18, 2026.",
        "did not meet Mateo",
        REVIEW["advice"],
        REVIEW["limits"],
        "Tooth L: decay",
        "Tooth L: Examination and filling in person",
        "These pictures could not be used: the upper teeth.",
        "within the next weeks, by Dec 29, 2026",
        "Call Riverbend Dental: 541-555-0142. Say the case number TD-24817.",
    ):
        assert part in said
    for clinical in ("K02.52", "SHA-256", "slate", "D0140"):
        assert clinical not in said


def test_in_spanish_the_frame_is_spanish_and_the_dentists_words_stay():
    said = words(family_report(facts(), language="es"))
    for part in (
        "El 17 de noviembre de 2026",
        "2 fotografías y 1 radiografía",
        "Diente L: caries",
        "antes del 29 de diciembre de 2026",
    ):
        assert part in said
    assert REVIEW["advice"] in said
    assert "en inglés" in said


@pytest.mark.parametrize(
    ("views", "counted"),
    [
        ({"a": "frontal"}, "1 photograph of"),
        ({"c": "panoramic"}, "1 X-ray of"),
        ({"a": "frontal", "d": "slate", "e": "form"}, "1 photograph of"),
    ],
)
def test_pictures_are_counted_by_what_they_are(views, counted):
    assert counted in words(family_report(facts(views=views), language="en"))


def test_a_live_reading_does_not_say_that_nobody_met():
    assert "did not meet" not in words(family_report(facts(no_live_contact=False), language="en"))


def test_a_colleague_reads_the_evidence_and_the_signature():
    said = words(colleague_report(facts()))
    for part in ("K02.52", "DDS-1497 (OR), NPI 1497758544", "RDH-1888 (OR)", "5f5f", "not usable: Blurred", "Suspected decay, occlusal",
                 "Decay, occlusal", "Asthma", "Penicillin", "Seems deep", "18 Nov 2026, 16:43:00 PST", "not recorded"):  # fmt: skip
        assert part in said
    assert "D0140" not in said  # a report is no bill


@pytest.mark.parametrize("write", [colleague_report, in_english, in_spanish])
def test_a_retraction_stands_above_everything_and_an_addendum_below(write):
    plain, gone, more = write(facts()), write(retracted(facts())), write(amended(facts()))
    assert (plain.warning, more.warning) == ("", "")
    assert "2026" in gone.warning
    assert "Cold bothers her less." in words(more)
    assert "Cold bothers" not in words(plain)


def test_what_is_empty_is_left_out():
    assert section("Nothing", Paragraphs(()), Table(("A",), ()), None) is None
    headings = [part.heading for part in colleague_report(facts(findings=[], plan=[], diagnoses=[])).sections]
    assert "Diagnosis" not in headings


@pytest.mark.parametrize(
    ("home", "language"),
    [
        ("Spanish", "es"),
        ("español", "es"),
        ("Spanish, Mixtec", "es"),
        ("English", "en"),
        ("", "en"),
        ("Estonian", "en"),
        ("Esperanto", "en"),
    ],
)
def test_the_language_at_home_is_read_as_it_is_typed(home, language):
    assert language_of(home) == language


@given(name=st.text(min_size=1, max_size=40), text=st.text(max_size=200))
def test_whatever_people_wrote_is_data(name, text):
    said = facts(name=name, advice=text)
    for document in (family_report(said, language="es"), colleague_report(said)):
        assert document.patient == name
        for table in (block for part in document.sections for block in part.blocks if isinstance(block, Table)):
            assert all(len(row) == len(table.columns) for row in table.rows)


ORDER = {
    "label": "TO-00012", "kind": "sealant", "tooth": "UR6", "reason": "Deep grooves", "valid_until": "2027-03-14",
    "ordered_by": "Dr. Dev Halloran",
}  # fmt: skip
CIRCLE = {
    "image": "a", "page": 1, "kind": "circle", "x": 100, "y": 50, "to_x": 120, "to_y": 50, "width": 400, "height": 300,
    "text": "dark pit",
}  # fmt: skip


def test_a_colleague_reads_what_was_ordered_and_what_was_marked():
    said = facts(orders=[ORDER], annotations=[CIRCLE])
    visit = dataclasses.replace(said, gathered={**said.gathered, "orders": [{**ORDER, "label": "TO-00007"}]})
    text = words(colleague_report(visit))
    for part in (
        "TO-00012: Seal 3, until 14 Mar 2027: Deep grooves",
        "TO-00007: Seal 3",
        "circle “dark pit”, 30 % from the left",
    ):
        assert part in text


def test_a_signature_from_before_there_were_any_says_nothing_of_orders_and_marks():
    headings = [part.heading for part in colleague_report(facts()).sections]
    assert not {"Marked in the pictures", "Ordered of the hygienist", "Done under these orders"} & set(headings)
