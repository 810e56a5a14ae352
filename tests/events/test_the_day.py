"""The list of the day: who is called up, who was absent or refused, and that expected always comes out (DE-2)."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.actions import attending, consenting, events, merging
from cases.event_reading import children_of, tally_of
from cases.models import EventChild, Scope
from cases.states import Status
from cases.views.events import day
from teledent.kit.decisions import Refused
from tests import cast
from tests.capture.conftest import words
from tests.events.conftest import DAY, page, plan


def standing(event, at=cast.AT):
    return {child.name: (child.standing.value, child.agreed.value) for child in children_of(event, at=at)}


def mark(client, event, patient, word):
    return client.post(reverse("event-mark", args=[event.public_id, patient.public_id]), {"mark": word})


def test_a_child_is_expected_then_absent_then_seen_after_all(world, as_person, event, mateo):
    hana = as_person("hana")
    assert standing(event) == {mateo.name: ("expected", "missing")}
    assert mark(hana, event, mateo, "absent").status_code == 302
    assert standing(event)[mateo.name][0] == "absent"
    cast.case_at(world, Status.DRAFT, patient=mateo)
    assert standing(event) == {mateo.name: ("begun", "given")}
    refused = mark(hana, event, mateo, "refused")
    assert refused.status_code == 422
    assert "she was seen" in refused.content.decode()


def test_a_submitted_case_is_done_and_a_withdrawn_one_is_not(world, event, mateo):
    case = cast.case_at(world, Status.SUBMITTED, patient=mateo)
    assert standing(event)[mateo.name][0] == "done"
    cast.submitting.withdraw_case(actor=world.of("hana"), case=case, reason="Wrong day", at=cast.AT)
    assert standing(event)[mateo.name][0] == "expected"


def test_a_mark_is_taken_back(as_person, event, mateo):
    hana = as_person("hana")
    mark(hana, event, mateo, "refused")
    mark(hana, event, mateo, "")
    place = EventChild.objects.get(patient=mateo)
    assert (place.mark, place.marked_by, place.marked_at) == ("", None, None)


def test_a_family_that_refused_counts_as_refused_by_itself(world, event, mateo):
    consenting.record_consent(
        actor=world.of("hana"), patient=mateo, scopes=dict.fromkeys((Scope.SCREENING, Scope.PHOTOGRAPHS, Scope.TELEDENTISTRY), False),
        signer_name="Lucia Villanueva", signer_authority="Mother", evidence="paper", language="Spanish", valid_from=date(2026, 9, 1),
        at=cast.AT,
    )  # fmt: skip
    assert standing(event)[mateo.name] == ("refused", "refused")
    assert tally_of(children_of(event, at=cast.AT)).unresolved == 0


def test_a_child_seen_without_being_expected_is_shown_and_put_on_the_list(world, as_person, event):
    stray = cast.make_patient(world, given="Ada", family="Stray", born=date(2018, 1, 1))
    cast.case_at(world, Status.DRAFT, patient=stray)
    hana = as_person("hana")
    assert "Seen, and not on the list" in hana.get(page(event)).content.decode()
    assert hana.post(reverse("event-put-on", args=[event.public_id, stray.public_id])).status_code == 302
    assert "Seen, and not on the list" not in hana.get(page(event)).content.decode()
    assert standing(event)[stray.name][0] == "begun"


def test_a_scanned_or_typed_tag_opens_the_child_and_a_wrong_one_nobody(as_person, event, mateo):
    hana, tag = as_person("hana"), EventChild.objects.get(patient=mateo).tag
    answer = hana.post(page(event), {"text": f" {tag[:2].lower()} {tag[2:].lower()}"})
    assert answer["Location"] == reverse("capture-patient", args=[mateo.public_id])
    wrong = tag[1] + tag[0] + tag[2:] if tag[0] != tag[1] else ("2" if tag[0] != "2" else "3") + tag[1:]
    assert "Nobody on this list" in hana.post(page(event), {"text": wrong}).content.decode()
    assert mateo.name in hana.post(page(event), {"text": "vill mat"}).content.decode()


def test_the_front_desk_sees_the_child_and_no_way_into_capture(as_person, event, mateo):
    tag = EventChild.objects.get(patient=mateo).tag
    answer = as_person("rita").post(page(event), {"text": tag})
    assert answer.status_code == 200
    assert "/capture/" not in answer.content.decode()


def test_everybody_enrolled_and_last_year_come_on_the_list_once(world, as_person, event, mateo):
    cast.make_patient(world, given="Nils", family="Berg", born=date(2019, 1, 1))
    older = cast.make_patient(world, given="Olga", family="Dahl", born=date(2016, 1, 1))
    older.enrolments.update(school_year=2025, grade="4", room="7")
    gone = cast.make_patient(world, given="Per", family="Foss", born=date(2013, 1, 1))
    gone.enrolments.update(school_year=2025, grade="8", room="9")
    rita = as_person("rita")
    rita.post(reverse("event-enrolled", args=[event.public_id]))
    assert set(standing(event)) == {mateo.name, "Nils Berg"}
    for _ in range(2):
        rita.post(reverse("event-last-year", args=[event.public_id]), {"grades": ["4"]})
    assert set(standing(event)) == {mateo.name, "Nils Berg", "Olga Dahl"}
    assert list(older.enrolments.filter(school_year=2026).values_list("grade", "room")) == [("5", "")]


def test_who_was_seen_is_not_taken_off_the_list(world, event, mateo):
    cast.case_at(world, Status.DRAFT, patient=mateo)
    with pytest.raises(Refused, match="she was seen"):
        attending.remove_child(actor=world.of("rita"), event=event, patient=mateo, at=cast.AT)


def test_a_list_that_was_called_off_is_not_changed(world, event, mateo):
    from_before = event
    type(event).objects.filter(pk=event.pk).update(
        cancelled_at=cast.AT, cancelled_by=world.people["olu"], cancelled_because="Snow"
    )
    with pytest.raises(Refused, match="called off"):
        attending.mark_child(actor=world.of("hana"), event=from_before, patient=mateo, mark="absent", at=cast.AT)


def test_the_answers_are_told_of_the_day_not_of_today(world, event, mateo):
    cast.consent_to(world, mateo)
    assert standing(event, at=cast.AT + timedelta(days=900))[mateo.name][1] == "given"


def test_as_many_queries_for_many_children_as_for_one(world, as_person, event, mateo):
    hana = as_person("hana")
    hana.get(page(event))

    def count():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert hana.get(page(event)).status_code == 200
        return len(seen)

    one = count()
    for number in range(15):
        child = cast.make_patient(world, given=f"Child{number}", family="Many", born=date(2018, 1, number + 1))
        attending.add_child(actor=world.of("hana"), event=event, patient=child, at=cast.AT)
        if number % 3 == 0:
            cast.case_at(world, Status.DRAFT, patient=child)
    assert count() == one


def test_another_school_and_another_practice_see_nothing(world, as_person, elsewhere, event, mateo):
    other = plan(elsewhere, site=elsewhere.school)
    for name, of in (("bo", None), ("olu", elsewhere), ("hana", elsewhere)):
        client = as_person(name, of)
        assert client.get(page(event)).status_code == 404
        assert mark(client, event, mateo, "absent").status_code == 404
    assert as_person("olu").get(page(other)).status_code == 404
    assert mark(as_person("hana", elsewhere), other, mateo, "absent").status_code == 404


def test_rows_of_one_child_put_together_stand_once_on_every_list(world, event, mateo):
    twin = cast.make_patient(world, given="Matteo", family="Villanueva")
    later = plan(world, first=DAY + timedelta(days=7))
    for one in (event, later):
        attending.add_child(actor=world.of("hana"), event=one, patient=twin, at=cast.AT)
    cast.case_at(world, Status.DRAFT, patient=twin)
    tag = EventChild.objects.get(event=later).tag
    merge = merging.merge_patients(
        actor=world.of("olu"), kept=mateo, merged=twin, reason="The mother told us", at=cast.AT
    )
    assert standing(event) == {mateo.name: ("begun", "given")}
    assert [(child.name, child.tag) for child in children_of(later, at=cast.AT)] == [(mateo.name, tag)]
    merging.unmerge_patients(actor=world.of("olu"), merge=merge, reason="Two children after all", at=cast.AT)
    assert set(standing(later)) == {"Matteo Villanueva"}


def test_the_summary_says_who_is_not_resolved_by_name_and_the_file_computes_nothing(world, as_person, event, mateo):
    hana, formula = as_person("hana"), cast.make_patient(world, given="=1+1", family="Ash", born=date(2018, 5, 5))
    attending.add_child(actor=world.of("hana"), event=event, patient=formula, at=cast.AT)
    cast.case_at(world, Status.SUBMITTED, patient=mateo)
    page = words(hana.get(reverse("event-summary", args=[event.public_id])))
    assert "2 on the list = 1 done + 0 absent + 0 refused + 1 not resolved" in page
    assert "=1+1 Ash room 12 · neither seen nor marked" in page
    content = b"".join(hana.get(reverse("event-csv", args=[event.public_id])).streaming_content).decode("utf-8-sig")
    assert '"Done","Consent given","TD-00001"' in content
    assert '"\'=1+1 Ash"' in content


def test_a_retracted_case_leaves_the_child_to_be_seen(world, event, mateo):
    cast.case_at(world, Status.RETRACTED, patient=mateo)
    assert standing(event)[mateo.name][0] == "expected"


def test_an_answer_for_later_changes_no_day_that_is_past(world, event, mateo):
    cast.consent_to(world, mateo)
    consenting.record_consent(
        actor=world.of("hana"), patient=mateo, scopes={Scope.SCREENING: False}, signer_name="Lucia Villanueva", signer_authority="Mother",
        evidence="paper", language="Spanish", valid_from=date(2027, 9, 1), at=cast.AT,
    )  # fmt: skip
    assert standing(event)[mateo.name] == ("expected", "given")


def test_a_mark_and_a_tag_of_a_row_that_was_merged_away_are_hers(world, as_person, event, mateo):
    twin = cast.make_patient(world, given="Matteo", family="Villanueva")
    attending.add_child(actor=world.of("hana"), event=event, patient=twin, at=cast.AT)
    hana, tag = as_person("hana"), EventChild.objects.get(patient=twin).tag
    mark(hana, event, twin, "absent")
    merging.merge_patients(actor=world.of("olu"), kept=mateo, merged=twin, reason="The mother told us", at=cast.AT)
    assert standing(event) == {mateo.name: ("absent", "missing")}
    assert hana.post(page(event), {"text": tag})["Location"] == reverse("capture-patient", args=[mateo.public_id])
    assert EventChild.objects.filter(event=event).count() == 2
    assert ">1<" in as_person("olu").get(reverse("events")).content.decode()
    assert "1 on the list: by room" in words(hana.get(reverse("capture-day")))
    mark(hana, event, mateo, "")
    assert standing(event) == {mateo.name: ("expected", "missing")}


def test_who_was_seen_without_being_expected_is_counted_in_full(world, as_person, event, monkeypatch):
    monkeypatch.setattr(day, "STRAYS_SHOWN", 2)
    for number in range(3):
        child = cast.make_patient(world, given=f"Stray{number}", family="Many", born=date(2018, 1, number + 1))
        cast.case_at(world, Status.DRAFT, patient=child)
    for address in (page(event), reverse("event-summary", args=[event.public_id])):
        assert "Seen, and not on the list 3, the first 2 are shown" in words(as_person("hana").get(address))


@pytest.mark.parametrize(
    ("grade", "after"), [("PK", "K"), ("pk ", "K"), ("K", "1"), ("KG", "1"), ("3", "4"), ("Oaks", "")]
)
def test_a_child_of_last_year_is_a_grade_further(grade, after):
    assert attending.next_grade(grade) == after


def test_days_do_not_move_away_from_who_was_seen_on_them(world, event, mateo):
    cast.case_at(world, Status.SUBMITTED, patient=mateo)
    moved = {
        "starts_on": DAY + timedelta(days=3),
        "ends_on": DAY + timedelta(days=3),
        "aim": 40,
        "note": "",
        "supervising_dentist": None,
    }
    with pytest.raises(Refused, match="was captured on 17 Nov 2026"):
        events.change_event(actor=world.of("olu"), event=event, details=moved, team=[], revision=0, at=cast.AT)
