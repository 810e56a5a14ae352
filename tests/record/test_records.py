"""The manager's list of all cases: filters in the address, names only in the body of a POST."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.states import Status
from tests import cast
from tests.reading.test_queue import copies


def test_only_the_manager_has_it_and_only_her_practice(case_at, client_of):
    case_at(Status.DRAFT)
    assert [client_of(name).get("/cases/").status_code for name in ("hana", "dev", "rita", "olu")] == [
        404,
        404,
        404,
        200,
    ]
    assert client_of("olu", of=cast.build_world("Other-")).get("/cases/").context["rows"] == []


@pytest.mark.parametrize(
    ("query", "found"), [("", 2), ("status=signed", 1), ("status=closed", 0), ("status=nonsense", 2)]
)
def test_filters_live_in_the_address(case_at, client_of, query, found):
    case_at(Status.SIGNED), case_at(Status.DRAFT)
    assert len(client_of("olu").get(f"/cases/?{query}").context["rows"]) == found


@pytest.mark.parametrize("text", ["villanueva", "Mateo", "mateo villanueva", "AC-20417"])
def test_a_name_or_pupil_id_finds_the_case_by_post(case_at, client_of, text):
    case = case_at(Status.SIGNED)
    answer = client_of("olu").post("/cases/", {"text": text})
    assert [row[0].pk for row in answer.context["rows"]] == [case.pk]


@pytest.mark.parametrize("write", ["{label}", "{number}", "td{number}"])
def test_a_case_number_leads_straight_to_its_record(case_at, client_of, write):
    case = case_at(Status.DRAFT)
    answer = client_of("olu").post("/cases/", {"text": write.format(label=case.label, number=case.number)})
    assert answer.url == f"/cases/{case.public_id}/"


def test_nobody_by_that_name_says_what_to_try(case_at, client_of):
    case_at(Status.DRAFT)
    assert "Nobody by that name" in client_of("olu").post("/cases/", {"text": "Zachariasson"}).content.decode()


def test_ten_rows_and_ten_thousand_take_the_same_number_of_queries(case_at, client_of):
    client, case = client_of("olu"), case_at(Status.SUBMITTED)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            client.get("/cases/")
        return len(seen)

    copies(case, 9)
    queries()
    few = queries()
    copies(case, 9_990, first=5000)
    assert queries() == few
