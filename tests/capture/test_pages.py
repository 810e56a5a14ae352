import pytest
from django.urls import reverse

from cases.models import Asset
from cases.states import Status
from tests import cast
from tests.capture.conftest import page_of, words


@pytest.mark.django_db
@pytest.mark.parametrize("status", list(Status))
def test_the_case_page_opens_in_every_status_and_says_who_and_where(world, hana, status):
    case = cast.case_at(world, status)
    answer = hana.get(page_of(case))
    assert answer.status_code == 200
    said = words(answer)
    assert "Mateo Villanueva-Reyes" in said
    assert "AC-20417" in said
    assert ("Sign and submit" in said) == (status in (Status.DRAFT, Status.NEEDS_INFO))


def test_the_day_lists_open_cases_with_the_question_back_first(world, hana):
    cast.case_at(world)
    asked = cast.case_at(world, Status.NEEDS_INFO, patient=cast.make_patient(world, given="Noor", family="Abernathy"))
    answer = hana.get(reverse("capture-day"))
    rows = list(answer.context["page"])
    assert rows[0] == asked
    assert len(rows) == 2
    assert "Dr. Dev Halloran asks about Noor Abernathy" in words(answer)


def test_what_was_submitted_today_has_a_list_of_its_own(world, hana):
    sent = cast.case_at(world, Status.SUBMITTED)
    assert list(hana.get(reverse("capture-day"), {"show": "sent"}).context["page"]) == [sent]
    assert not list(hana.get(reverse("capture-day")).context["page"])


@pytest.mark.parametrize("typed", ["mate", "Reyes", "villanueva mateo", "ac-204"])
def test_a_patient_is_found_by_any_part_of_the_name_or_by_the_id(world, hana, typed):
    patient = cast.make_patient(world)
    answer = hana.post(reverse("capture-day"), {"text": typed})
    assert answer.context["found"] == [patient]
    assert f'href="/capture/patients/{patient.public_id}/"' in answer.content.decode()


def test_a_name_in_the_address_of_the_day_finds_nobody(world, hana):
    cast.make_patient(world)
    assert hana.get(reverse("capture-day"), {"text": "mate", "q": "mate"}).context["found"] == []


def test_a_search_keeps_the_chosen_site_and_list(world, hana):
    address = f"{reverse('capture-day')}?show=sent"
    assert f'action="{address}"' in hana.get(address).content.decode()
    sent = cast.case_at(world, Status.SUBMITTED)
    assert list(hana.post(address, {"text": "mate"}).context["page"]) == [sent]


def test_the_day_takes_the_same_number_of_queries_for_one_case_and_for_ten(world, hana, django_assert_max_num_queries):
    cast.case_at(world)
    hana.get(reverse("capture-day"))
    with django_assert_max_num_queries(40) as first:
        hana.get(reverse("capture-day"))
    for number in range(9):
        cast.case_at(world, patient=cast.make_patient(world, given=f"Child {number}"))
    with django_assert_max_num_queries(len(first.captured_queries)):
        hana.get(reverse("capture-day"))


def test_the_case_page_takes_the_same_number_of_queries_for_two_pictures_and_for_eight(
    world, hana, django_assert_max_num_queries
):
    case = cast.case_at(world)
    cast.fill(world, case, cast.AT)
    hana.get(page_of(case))
    with django_assert_max_num_queries(60) as first:
        hana.get(page_of(case))
    for view in ("right", "left", "upper", "smile", "face", "tongue"):
        cast.put_file(case, world.of("hana"), view=view)
    with django_assert_max_num_queries(len(first.captured_queries)):
        hana.get(page_of(case))
    assert Asset.objects.count() == 8


@pytest.mark.parametrize("name", ["capture-day", "capture-tray", "capture-patient-add"])
def test_pages_without_a_case_open_for_a_hygienist_alone(world, as_person, name, client):
    assert as_person("hana").get(reverse(name)).status_code == 200
    for other in ("dev", "rita", "olu"):
        assert as_person(other).get(reverse(name)).status_code == 404
    assert client.get(reverse(name)).status_code == 302
