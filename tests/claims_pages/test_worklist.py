from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.billing import cast as billing_cast
from tests.claims_pages.reading import named_in, tabs_of, text_of


def child(world, given, family="Park", born=date(2018, 5, 5)):
    return cast.make_patient(world, given=given, family=family, born=born)


def test_a_signed_case_without_coverage_needs_somebody_and_says_how(rita, uninsured):
    page = rita.get("/claims/")
    assert named_in(page) == ["Mateo Villanueva-Reyes"]
    assert "There is nobody to bill" in text_of(page)
    assert f"/claims/patients/{uninsured.case.patient.public_id}/coverage/add/" in page.content.decode()


def test_the_tabs_count_and_split(rita, desk, uninsured):
    billing_cast.ready_claim(desk, patient=child(desk.world, "Anneliese"))
    assert tabs_of(rita.get("/claims/")) == {
        "Needs you": 1, "Ready": 1, "With the payer": 0, "Answered, to do": 0, "Done": 0, "Not billed": 0, "All": 2,
    }  # fmt: skip
    assert named_in(rita.get("/claims/?show=ready")) == ["Anneliese Park"]
    assert len(named_in(rita.get("/claims/?show=all"))) == 2


def test_an_unknown_tab_or_filter_is_no_filter(rita, uninsured):
    page = rita.get("/claims/?show=nonsense&payer=%27--&part=x&page=99")
    assert page.status_code == 200
    assert len(named_in(page)) == 1


@pytest.mark.parametrize("query", ["payer=none", "part=dentist"])
def test_filters_in_the_address_find_the_claim(rita, uninsured, query):
    assert len(named_in(rita.get(f"/claims/?{query}"))) == 1


@pytest.mark.parametrize("typed", ["villanueva", "{case}", "1", "{claim}"])
def test_a_search_finds_the_claim_in_any_state(rita, desk, uninsured, typed):
    billing_cast.ready_claim(desk, patient=child(desk.world, "Anneliese"))
    typed = typed.format(case=uninsured.case.label, claim=uninsured.claim_id.lower())
    answer = rita.post("/claims/?show=ready", {"text": typed})
    assert named_in(answer) == ["Mateo Villanueva-Reyes"]
    assert "1 claim found in any state" in text_of(answer)
    assert tabs_of(answer)["Ready"] == 1


def test_a_search_that_finds_nothing_says_what_to_try(rita, uninsured):
    for typed in ("nobody", "99999999999"):
        assert "No claim is called that" in text_of(rita.post("/claims/", {"text": typed}))


def test_an_empty_search_is_none_and_a_name_in_the_address_finds_nothing(rita, uninsured):
    assert len(named_in(rita.post("/claims/", {"text": " "}))) == 1
    assert len(named_in(rita.get("/claims/?q=nobody&text=nobody"))) == 1


def test_a_search_with_many_hits_shows_the_first_and_asks_for_more_of_the_name(rita, desk, uninsured, monkeypatch):
    billing_cast.signed(desk, patient=child(desk.world, "Anneliese", "Villanueva"))
    billing_cast.run_jobs()
    monkeypatch.setattr("billing.views.worklist.PER_PAGE", 1)
    answer = rita.post("/claims/", {"text": "villa"})
    assert len(named_in(answer)) == 1
    assert "2 claims found in any state" in text_of(answer)
    assert "Write more of the name." in text_of(answer)


def test_filters_leave_out_what_does_not_fit(rita, desk, uninsured):
    for query in (f"payer={desk.cedar.public_id}", "part=hygienist"):
        assert "No claim fits these filters" in text_of(rita.get(f"/claims/?{query}"))


def test_both_parts_of_a_case_stand_apart(rita, desk):
    patient = child(desk.world, "Noor", "Abernathy")
    billing_cast.cover(desk, patient)
    billing_cast.with_service(desk, patient=patient)
    billing_cast.run_jobs()
    assert "Who renders on-site services for Cedar Mutual" in text_of(rita.get("/claims/?part=hygienist"))
    assert named_in(rita.get("/claims/?show=ready&part=dentist")) == ["Noor Abernathy"]


def test_the_empty_list_says_what_to_do_next(rita, desk):
    assert "Claims appear here when a dentist signs" in text_of(rita.get("/claims/"))


def test_names_are_shown_and_never_run(rita, desk):
    billing_cast.signed(desk, patient=child(desk.world, "<script>alert(1)</script>", '"><img src=x onerror=y>'))
    billing_cast.run_jobs()
    page = rita.get("/claims/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &quot;&gt;&lt;img src=x onerror=y&gt;" in page
    assert "<img" not in page
    assert "<script>alert" not in page


def test_more_claims_cost_no_more_queries(rita, desk):
    billing_cast.signed(desk, patient=child(desk.world, "One"))
    billing_cast.run_jobs()
    few = queries_of(rita, "/claims/?show=all")
    for given in ("Two", "Three", "Four"):
        patient = child(desk.world, given, f"P{given}")
        billing_cast.cover(desk, patient)
        billing_cast.signed(desk, patient=patient)
    billing_cast.run_jobs()
    assert queries_of(rita, "/claims/?show=all") == few


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)
