"""The chart as pure functions: numbers that never collide, teeth that age makes likely, layers and what they differ in."""

from dataclasses import dataclass, replace

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import charting, dentition, teeth
from cases.layers import differences, differs
from cases.models import Finding
from cases.models.finding import ABSENT, CARIES, PRESENCE, Condition, Icdas
from cases.suggesting import suggestions
from tests import cast

KEYS = st.sampled_from(sorted(teeth.universal_by_key()))
NUMBERINGS = st.sampled_from(sorted(teeth.NUMBERINGS))


@dataclass(frozen=True)
class Mark:
    tooth: str
    condition: str
    surfaces: str = ""
    icdas: str = ""


@st.composite
def marks(draw):
    condition = draw(st.sampled_from(Condition.values))
    surfaces = (
        "" if condition in PRESENCE else "".join(draw(st.lists(st.sampled_from("MODBL"), unique=True, max_size=5)))
    )
    icdas = draw(st.sampled_from(["", *Icdas.values])) if condition in CARIES else ""
    return Mark(draw(KEYS), condition, surfaces, icdas)


LAYER = st.lists(marks(), max_size=8)


@given(KEYS, NUMBERINGS)
def test_every_label_reads_back_as_its_tooth(key, numbering):
    assert teeth.read(teeth.label(key, numbering), numbering) == key
    assert teeth.read(key.lower(), numbering) == key


@pytest.mark.parametrize("numbering", teeth.NUMBERINGS)
def test_no_two_teeth_share_a_label_and_no_label_is_the_key_of_another_tooth(numbering):
    labels = {key: teeth.label(key, numbering) for key in teeth.universal_by_key()}
    assert len(set(labels.values())) == 104
    assert all(labels[key] == key or not teeth.is_key(labels[key]) for key in labels)


def test_51_is_a_primary_incisor_in_fdi_and_a_supernumerary_in_universal():
    assert (teeth.read("51", "fdi"), teeth.read("51", "universal")) == ("URA", "UR8S")
    assert teeth.read("A", "universal") == "URE"
    assert teeth.read("A", "palmer") is None


@settings(deadline=None)  # a whole mouth each time
@given(st.floats(0, 90), LAYER, LAYER)
def test_every_mark_is_shown_whatever_the_age_and_every_place_has_a_tooth(age, hers, own):
    quadrants = charting.chart(hers, own, age=age, label=teeth.universal)
    drawn = [tooth for quadrant in quadrants for row in quadrant.rows for tooth in row if tooth]
    assert {mark.tooth for mark in (*hers, *own)} <= {tooth.key for tooth in drawn}
    assert len({tooth.key for tooth in drawn}) == len(drawn)
    assert all(all(quadrant.rows[0]) and len(quadrant.rows[0]) == 8 for quadrant in quadrants)
    assert len({(tooth.column, tooth.row) for tooth in drawn}) == len(drawn)


def shown(age, *marked):
    quadrants = charting.chart(marked, age=age, label=teeth.universal)
    return {tooth.key: tooth.state for quadrant in quadrants for row in quadrant.rows for tooth in row if tooth}


def test_an_eight_year_old_has_first_molars_beside_primary_ones():
    teeth_of_eight = shown(8.7)
    assert teeth_of_eight["UR6"] == teeth_of_eight["LLD"] == Condition.PRESENT
    assert "LL4" not in teeth_of_eight
    assert teeth_of_eight["UR7"] == Condition.UNERUPTED


def test_a_retained_primary_tooth_keeps_the_expected_one_under_the_gum():
    assert shown(14)["LL5"] == Condition.PRESENT
    retained = shown(14, Mark("LLE", "present"))
    assert retained["LLE"] == Condition.PRESENT
    assert "LL5" not in retained


def test_the_dentists_word_on_presence_stands_above_the_hygienists():
    quadrants = charting.chart([Mark("LLD", "missing")], [Mark("LLD", "present")], age=8, label=teeth.universal)
    (tooth,) = [one for quadrant in quadrants for row in quadrant.rows for one in row if one and one.key == "LLD"]
    assert (tooth.state, tooth.differs) == (Condition.PRESENT, True)
    assert dentition.missing_teeth([Mark("LLD", "missing"), Mark("UR3", "missing")], [Mark("LLD", "present")]) == {
        "UR3"
    }


def test_a_tooth_speaks_its_number_name_state_and_both_layers():
    quadrants = charting.chart(
        [Mark("LLD", "decay", "O")], [Mark("LLD", "decay", "OD", "4")], age=8, label=teeth.universal
    )
    (tooth,) = [one for quadrant in quadrants for row in quadrant.rows for one in row if one and one.key == "LLD"]
    assert tooth.spoken == (
        "L, lower left primary first molar, present. Hygienist: decay, occlusal. "
        "You: decay, occlusal and distal, ICDAS 4. Differs."
    )


@given(LAYER, LAYER)
def test_the_differ_is_symmetric(one, other):
    there, back = differences(one, other), differences(other, one)
    assert (there.only_one, there.only_other, there.otherwise) == (back.only_other, back.only_one, back.otherwise)
    assert bool(there) == bool(back)


@given(LAYER)
def test_who_agrees_in_everything_differs_in_nothing(layer):
    assert not differences(layer, layer)
    assert not differs(layer, layer)


def test_an_order_of_surfaces_is_no_difference_and_a_score_is_one():
    decay = Mark("LLD", "decay", "OD")
    assert not differs([decay], [replace(decay, surfaces="DO")])
    assert differs([decay], [replace(decay, icdas="4")])


@given(LAYER)
def test_no_diagnosis_is_suggested_for_a_tooth_that_is_not_there(layer):
    absent = {mark.tooth for mark in layer if mark.condition in ABSENT}
    assert not absent & {one.tooth for one in suggestions(layer) if one.tooth}


@given(LAYER)
def test_what_was_chosen_is_not_suggested_again(layer):
    chosen = [(one.code, one.tooth) for one in suggestions(layer)]
    assert suggestions(layer, chosen) == ()


@pytest.mark.parametrize(
    ("mark", "code"),
    [(Mark("LLD", "decay", "O"), "K02.52"), (Mark("LLD", "decay", "OD", "5"), "K02.52"), (Mark("UR6", "watch", "O"), "K02.51"),
     (Mark("UR6", "decay", "O", "3"), "K02.51"), (Mark("URA", "decay", "M"), "K02.62"), (Mark("URA", "watch", "F"), "K02.61"),
     (Mark("UR6", "suspected", "O", "5"), "K02.52"), (Mark("UR6", "decay"), "K02.9"), (Mark("LR6", "broken"), "K08.539")],
)  # fmt: skip
def test_findings_speak_for_their_code(mark, code):
    assert [(one.code, one.tooth) for one in suggestions([mark])] == [(code, mark.tooth)]


def test_a_sealant_speaks_for_no_diagnosis():
    assert suggestions([Mark("UR6", "sealant", "O")]) == ()


@pytest.mark.django_db
def test_the_database_keeps_scores_to_decay_and_to_the_scale(world):
    case = cast.case_at(world)
    for said in ({"condition": "sealant", "icdas": "4"}, {"condition": "decay", "icdas": "1"}):
        with pytest.raises(IntegrityError, match="icdas_is_of_decay"), transaction.atomic():
            Finding.objects.create(case=case, tooth="UR6", **said)
