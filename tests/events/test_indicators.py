"""What was seen of a school year, counted: whom it counts, who may see it, and what may leave the practice."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.actions import attending, capturing, charting, consenting, merging, submitting
from cases.indicator_reading import children_of_day, children_of_years
from cases.indicators.figures import group
from cases.models import Enrolment, Scope
from cases.states import Status
from teledent.accounts.models import AccessEvent
from tests import cast
from tests.capture.conftest import words
from tests.events.conftest import plan

pytestmark = pytest.mark.django_db
YEARS = range(2026, 2027)


@pytest.fixture
def child(world, event):
    """Children on the list, each of her own day; `grade` and whether she is screened, with or without decay."""
    made = []

    def one(*, grade="3", screened=True, decay=True, listed=True, urgency="early", site=None):
        number = len(made)
        patient = cast.make_patient(
            world, given=f"Ada{number}", family=f"Berg{number}", born=date(2018, 1, 1) + timedelta(days=number)
        )
        patient.enrolments.update(grade=grade)
        if listed:
            attending.add_child(actor=world.of("hana"), event=event, patient=patient, at=cast.AT)
        made.append(patient)
        if screened:
            screen(world, patient, decay=decay, urgency=urgency)
        return patient

    return one


def screen(world, patient, *, decay=True, urgency="early"):
    hana, case = world.of("hana"), cast.case_at(world, patient=patient)
    answers = {**cast.ANSWERS, "marks": "marked" if decay else "nothing"}
    capturing.save_answers(actor=hana, case=case, answers=answers, revision=case.revision, at=cast.AT, urgency=urgency)
    cast.put_file(case, hana, view="frontal")
    if decay:
        charting.mark_tooth(actor=hana, case=case, tooth="LLD", condition="decay", at=cast.AT)
    case.refresh_from_db()
    submitting.submit_case(actor=hana, case=case, at=cast.AT)
    case.refresh_from_db()
    return case


def counted(world):
    return group("all", children_of_years([world.school.pk, world.other_school.pk], YEARS))


def untreated(found):
    result = found.results["untreated"]
    return (result.number("yes"), result.of, result.without)


def sheet_of(client, query=""):
    content = client.get(f"{reverse('indicators-csv')}{query}").content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content)))


def test_screened_and_expected_and_each_value_with_its_number(world, child):
    child(), child(decay=False, urgency="routine"), child(screened=False)
    found = counted(world)
    assert (found.expected, found.screened, found.screened_of_expected, found.participation) == (3, 2, 2, "66.7 %")
    assert untreated(found) == (1, 2, 0)
    assert found.results["urgency"].numbers == (0, 1, 1)


def test_silence_is_counted_as_without_a_value(world, child):
    cast.case_at(world, Status.SUBMITTED, patient=child(screened=False))  # decay marked, nothing said of the rest
    found = counted(world)
    assert untreated(found) == (1, 1, 0)
    treated = found.results["treated"]
    assert (treated.of, treated.without) == (0, 1)


@pytest.mark.parametrize(
    ("status", "screened"),
    [("draft", 0), ("submitted", 1), ("signed", 1), ("withdrawn", 0), ("stopped", 0), ("retracted", 0)],
)
def test_what_came_to_nothing_is_not_counted(world, child, status, screened):
    cast.case_at(world, status, patient=child(screened=False))
    assert counted(world).screened == screened


def test_another_kind_of_case_is_no_screening(world, child):
    cast.case_at(world, patient=child(screened=False), kind="emergency")
    assert counted(world).screened == 0


def test_a_child_screened_twice_counts_once_by_the_newest(world, child):
    patient = child()
    screen(world, patient, decay=False, urgency="routine")
    assert counted(world).screened == 1
    assert untreated(counted(world)) == (0, 1, 0)


def test_two_rows_of_one_child_count_once(world, child):
    kept, twin = child(), child()
    assert counted(world).screened == 2
    merging.merge_patients(actor=world.of("olu"), kept=kept, merged=twin, reason="The mother told us", at=cast.AT)
    found = counted(world)
    assert (found.screened, found.expected) == (1, 1)


def test_who_was_seen_without_consent_or_whose_family_took_it_back_is_left_out(world, child):
    patient = child()
    child()
    consenting.record_consent(
        actor=world.of("hana"), patient=patient, scopes={Scope.SCREENING: False}, signer_name="Lucia Villanueva",
        signer_authority="Mother", evidence="paper", language="Spanish", valid_from=cast.AT.date() + timedelta(days=1), at=cast.AT,
    )  # fmt: skip
    found = counted(world)
    assert (found.screened, found.left_out) == (1, 1)
    assert untreated(found) == (1, 1, 0)


def test_a_screening_from_before_there_were_indicators_has_no_value(world, child, monkeypatch):
    monkeypatch.setattr("cases.record.indicator_facts", lambda case, marks: ())
    child()
    assert untreated(counted(world)) == (0, 0, 1)


def test_the_day_counts_its_own_children_and_who_was_not_on_the_list(world, event, child):
    child(), child(listed=False)
    other = plan(world, site=world.school, first=cast.AT.date() + timedelta(days=7))
    found = group("day", children_of_day(event))
    assert (found.expected, found.screened, found.screened_of_expected) == (1, 2, 1)
    assert group("day", children_of_day(other)).screened == 0


def test_a_school_day_that_was_called_off_expects_nobody(world, event, child):
    child(screened=False)
    type(event).objects.filter(pk=event.pk).update(
        cancelled_at=cast.AT, cancelled_by=world.people["olu"], cancelled_because="Snow"
    )
    assert counted(world).expected == 0


def test_the_page_by_school_grade_and_year(world, as_person, child):
    child(), child(grade="K"), child(grade="3", decay=False, urgency="routine")
    olu = as_person("olu")
    page = words(olu.get(reverse("indicators")))
    assert "Untreated decay Yes 2 3 66.7 %" in page
    detail = words(olu.get(reverse("indicators"), {"show": "untreated"}))
    assert "By school Untreated decay by school School" in detail
    assert detail.index("Grade K") < detail.index("Grade 3")
    assert "2026-2027" in detail
    urgency = words(olu.get(reverse("indicators"), {"show": "urgency"}))
    assert "Screened Urgent Early No obvious problem seen Of" in urgency


def test_the_summary_of_the_day_shows_them_to_who_may_read_them(as_person, event, child):
    child()
    address = reverse("event-summary", args=[event.public_id])
    assert "Untreated decay 1 of 1 100.0 %" in words(as_person("hana").get(address))
    assert "Screening indicators" not in words(as_person("rita").get(address))


def test_the_urgent_list_says_whom_somebody_told_and_what_the_school_may_know(world, as_person, event, child):
    patient = child(urgency="urgent")
    child(urgency="routine", decay=False)
    page = words(as_person("hana").get(reverse("event-summary", args=[event.public_id])))
    assert f"{patient.name} TD-00001 12 Urgent Nobody yet Yes" in page
    case = patient.cases.get()
    cast.start(world, case, cast.AT)
    cast.sign(world, case, cast.AT)
    cast.following.record_follow_up(
        actor=world.of("hana"), case=case, step="told", told_to="The mother", how="By phone", happened_at=cast.AT, at=cast.AT
    )  # fmt: skip
    consenting.withdraw_consent(
        actor=world.of("hana"), patient=patient, scope=Scope.SCHOOL, reason="The mother called", at=cast.AT
    )
    page = words(as_person("hana").get(reverse("event-summary", args=[event.public_id])))
    assert "Urgent The mother, By phone No consent to share" in page


def test_the_file_hides_small_numbers_and_what_would_give_them_away(world, as_person, child):
    for _ in range(6):
        child(grade="3")
    child(grade="K"), child(grade="K")
    rows = sheet_of(as_person("olu"))
    head = rows[0]
    assert "Percent" in head
    told = {(row[1], row[2], row[7], row[8]): row[9:12] for row in rows if len(row) == len(head)}
    assert told[("Grade", "Grade K", "Untreated decay", "Yes")] == ["hidden"] * 3
    assert told[("Grade", "Grade 3", "Untreated decay", "Yes")] == ["hidden"] * 3
    assert told[("All schools", "All schools", "Untreated decay", "Yes")] == ["8", "8", "100.0"]
    figures = [cell for row in rows[1:] for cell in row[3:7] + row[9:]]
    assert not {"1", "2", "3", "4"} & set(figures)
    assert any("Numbers of 1 to 4 children are hidden" in cell for row in rows for cell in row)
    assert AccessEvent.objects.filter(verb="export", noun="screening indicators").count() == 1


def test_a_name_of_a_school_or_a_grade_computes_nothing_in_a_spreadsheet(world, as_person, child):
    world.school.name = "=1+1"
    world.school.save(update_fields=["name"])
    child(grade="@cmd")
    text = as_person("olu").get(reverse("indicators-csv")).content.decode("utf-8-sig")
    assert '"\'=1+1"' in text
    assert '"=1+1"' not in text


def test_a_hygienist_counts_her_own_schools_and_takes_no_file_out(world, as_person, elsewhere, child):
    child()
    mine, other = as_person("hana"), as_person("bo")
    assert "Alder Creek" in words(mine.get(reverse("indicators"), {"show": "untreated"}))
    assert "Nothing to count yet" in words(other.get(reverse("indicators")))
    assert "Nothing to count yet" in words(other.get(reverse("indicators"), {"school": str(world.school.public_id)}))
    assert "Nothing to count yet" in words(as_person("olu", elsewhere).get(reverse("indicators")))
    assert mine.get(reverse("indicators-csv")).status_code == 422
    assert len({row[2] for row in sheet_of(as_person("olu", elsewhere)) if len(row) > 2}) == 2
    for name in ("rita", "dev"):
        assert as_person(name).get(reverse("indicators")).status_code == 404


def test_as_many_queries_for_many_children_as_for_one(world, as_person, event, child):
    olu, addresses = as_person("olu"), (
        reverse("indicators"), f"{reverse('indicators')}?show=urgency", reverse("event-summary", args=[event.public_id]),
        reverse("indicators-csv"),
    )  # fmt: skip

    def count(address):
        with CaptureQueriesContext(connection) as seen:
            assert olu.get(address).status_code == 200
        return len(seen)

    child(urgency="urgent")
    for address in addresses:
        count(address)  # the first look at a school day is put on the trail
    before = [count(address) for address in addresses]
    for number in range(6):
        child(grade=str(number), urgency="urgent" if number % 2 else "early")
    Enrolment.objects.filter(grade="5").update(grade="K")
    assert [count(address) for address in addresses] == before
