"""Answers save section by section; a stale page and a field that cannot be read lose nothing."""

import pytest

from cases.models import Case
from tests import cast
from tests.capture.conftest import page_of, save, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world):
    return cast.case_at(world)


def test_a_saved_section_says_when_and_brings_checklist_bar_and_revision_up_to_date(case, hana):
    said = save(hana, case, "history", complaint=["cold"], conditions=["asthma"], allergies=["latex"]).content.decode()
    case.refresh_from_db()
    assert case.answers["complaint"] == ["cold"]
    assert "Saved" in said
    for part in ("live-banner", "live-top", "checklist", "live-foot", "live-flags"):
        assert f'id="{part}" hx-swap-oob="true"' in said or f'id="{part}"' in said.split('hx-swap-oob="true"', 1)[1]
    assert f'id="revision-why" value="{case.revision}"' in said


def test_the_live_parts_say_the_same_as_the_page_opened_anew(case, hana):
    answer = save(hana, case, "history", complaint=["pain"], allergies=["none_known"])
    anew = words(hana.get(page_of(case)))
    checklist = answer.content.decode().split('id="checklist"')[1].split("</section>")[0]
    for reason in [part.split("</small>")[0] for part in checklist.split("<small>")[1:]]:
        assert reason.replace("&#x27;", "'") in anew


def test_a_stale_page_gets_409_beside_its_fields_and_nothing_is_overwritten(case, hana):
    save(hana, case, "history", complaint=["cold"])
    answer = save(hana, case, "history", revision=0, complaint=["pain"])
    assert answer.status_code == 409
    assert "Not saved" in words(answer)
    assert "name=" not in answer.content.decode()  # no field is swapped away
    assert Case.objects.get().answers["complaint"] == ["cold"]


def test_without_javascript_a_stale_page_comes_back_with_what_was_typed(case, hana):
    save(hana, case, "why", why=["no_dentist"], day_seen="2026-11-17", patient_place="site", patient_state="OR")
    typed = {"why": "distance", "why_text": "Two hours by bus", "day_seen": "2026-11-17"}
    answer = save(hana, case, "why", htmx=False, revision=0, patient_place="site", patient_state="OR", **typed)
    assert answer.status_code == 409
    assert 'value="Two hours by bus"' in answer.content.decode()
    assert Case.objects.get().answers["why"] == "no_dentist"


def test_without_javascript_saving_leads_back_to_the_section(case, hana):
    answer = save(hana, case, "history", htmx=False, complaint=["cold"])
    assert answer.status_code == 302
    assert answer["Location"].endswith("#history")


def test_none_known_beside_a_named_allergy_gives_way_to_the_allergy(case, hana):
    save(hana, case, "history", allergies=["none_known", "penicillin"])
    assert Case.objects.get().answers["allergies"] == ["penicillin"]


def test_an_answer_taken_back_was_not_asked(case, hana):
    save(hana, case, "history", allergies=["none_known"])
    save(hana, case, "history", complaint=["cold"])
    assert "allergies" not in Case.objects.get().answers
    assert "Not asked" in words(hana.get(page_of(case)))


def test_words_for_other_count_only_while_other_is_chosen(case, hana):
    save(hana, case, "history", complaint=["other"], complaint_text="A seed between two teeth")
    assert Case.objects.get().answers["complaint_text"] == "A seed between two teeth"
    save(hana, case, "history", complaint=["cold"])
    assert "complaint_text" not in Case.objects.get().answers


def test_a_red_flag_shows_call_now_with_the_on_call_number_at_once(case, hana):
    said = save(hana, case, "triage", red_flags=["airway"], urgency="emergency").content.decode()
    assert 'href="tel:541-555-0199"' in said
    assert "Trouble breathing or swallowing" in said
    assert Case.objects.get().urgency == "emergency"


def test_a_day_that_cannot_be_read_is_refused_beside_the_section(case, hana):
    answer = save(hana, case, "why", why="no_dentist", day_seen="31.12.", patient_place="site", patient_state="OR")
    assert answer.status_code == 422
    assert "Day seen" in words(answer)
    assert not Case.objects.get().answers


@pytest.mark.parametrize(
    "field", ["status", "practice", "submitted_at", "number", "opened_by", "revision_of", "questionnaire"]
)
def test_fields_that_no_form_lists_change_nothing(case, hana, field):
    before = Case.objects.values().get()
    save(hana, case, "history", complaint=["cold"], **{field: "signed"})
    after = Case.objects.values().get()
    assert {k: v for k, v in after.items() if k not in ("answers", "revision")} == {
        k: v for k, v in before.items() if k not in ("answers", "revision")
    }


def test_the_reason_for_store_and_forward_carries_over_to_the_next_child_of_the_day(world, case, hana):
    save(hana, case, "why", why="distance", day_seen="2026-11-17", patient_place="site", patient_state="OR")
    second = cast.case_at(world, patient=cast.make_patient(world, given="Juniper", family="Tran"))
    assert second.answers == {"why": "distance"}
