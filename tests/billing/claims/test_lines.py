"""Facts to lines: dates, places, people (CL-1 to CL-6)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billing.claims.facts import Diagnosis, Fee
from billing.claims.lines import draft_claim, is_epsdt
from tests.billing.claims.cast import (
    CLINIC,
    DAY_SEEN,
    DAY_SIGNED,
    DENTIST,
    HYGIENIST,
    PRACTICE,
    SCHOOL,
    SERVICES,
    SUPERVISOR,
    medicaid_child,
    school_child,
    with_case,
    with_patient,
    with_payer,
)


def test_the_dentist_s_claim_is_the_evaluation_and_its_add_on_on_one_date():
    draft = draft_claim(school_child(), "dentist")
    assert [(line.number, line.code, line.quantity, line.charge) for line in draft.lines] == [
        (1, "D0140", 1, Decimal("82.00")),
        (2, "D9996", 1, Decimal("0.00")),
    ]
    assert {line.service_date for line in draft.lines} == {draft.service_date}
    assert draft.total == Decimal("82.00")


def test_the_dentist_s_date_is_the_day_signed_where_the_patient_was():
    assert draft_claim(school_child(), "dentist").service_date == DAY_SIGNED
    eastern = with_case(school_child(), time_zone="America/New_York")
    assert draft_claim(eastern, "dentist").service_date == date(2026, 9, 16)


def test_a_payer_that_dates_by_capture_moves_the_whole_dentist_s_claim():
    draft = draft_claim(with_payer(school_child(), dos_basis="capture"), "dentist")
    assert {draft.service_date, *(line.service_date for line in draft.lines)} == {DAY_SEEN}


def test_the_hygienist_s_claim_is_the_on_site_services_on_the_day_seen():
    draft = draft_claim(school_child(), "hygienist")
    assert [(line.code, line.tooth) for line in draft.lines] == [("D0191", ""), ("D1354", "A"), ("D1354", "19")]
    assert draft.service_date == DAY_SEEN
    assert draft.total == Decimal("99.70")


def test_the_two_claims_never_share_a_line_or_a_place():
    dentist, hygienist = (draft_claim(school_child(), part) for part in ("dentist", "hygienist"))
    assert not {line.code for line in dentist.lines} & {line.code for line in hygienist.lines}
    assert (dentist.place_of_service, hygienist.place_of_service) == ("02", "03")


def test_a_patient_at_home_is_read_at_place_10_and_names_no_facility():
    draft = draft_claim(with_case(school_child(), patient_at_home=True), "dentist")
    assert {draft.place_of_service, *(line.place_of_service for line in draft.lines)} == {"10"}
    assert draft.service_facility is None


@pytest.mark.parametrize(
    ("where", "read", "done"), [("patient_at_home", "10", "12"), ("patient_elsewhere", "02", "99")]
)
def test_of_a_patient_away_from_the_site_no_claim_names_the_site(where: str, read: str, done: str):
    facts = with_case(school_child(), **{where: True})
    drafts = [draft_claim(facts, part) for part in ("dentist", "hygienist")]
    assert [(draft.place_of_service, draft.service_facility) for draft in drafts] == [(read, None), (done, None)]


def test_the_payer_s_profile_may_name_another_place_for_reading():
    assert draft_claim(medicaid_child(), "dentist").place_of_service == "03"
    at_home = with_case(with_payer(school_child(), place_at_home="12"), patient_at_home=True)
    assert draft_claim(at_home, "dentist").place_of_service == "12"


def test_the_facility_is_the_originating_site_unless_the_payer_wants_the_reading_address():
    originating = draft_claim(school_child(), "dentist").service_facility
    reading = draft_claim(with_payer(school_child(), service_facility="reading"), "dentist").service_facility
    assert originating is not None
    assert (originating.name, originating.address) == (SCHOOL.name, SCHOOL.address)
    assert reading is not None
    assert (reading.name, reading.address) == (PRACTICE.name, DENTIST.address)


def test_a_facility_at_the_billing_address_is_not_repeated():
    facts = replace(school_child(), site=CLINIC)
    assert draft_claim(facts, "hygienist").service_facility is None


def test_who_renders_on_site_is_the_payer_s_setting():
    by_setting = {
        setting: draft_claim(with_payer(school_child(), rendering_on_site=setting), "hygienist").rendering
        for setting in ("hygienist", "supervising", "not_billable", None)
    }
    assert by_setting == {"hygienist": HYGIENIST, "supervising": SUPERVISOR, "not_billable": None, None: None}


def test_a_rendering_hygienist_is_supervised_and_a_rendering_dentist_is_not():
    assert draft_claim(school_child(), "hygienist").supervising == SUPERVISOR
    assert draft_claim(medicaid_child(), "hygienist").supervising is None
    assert draft_claim(school_child(), "dentist").supervising is None


def test_without_an_evaluation_nothing_is_offered():
    draft = draft_claim(with_case(school_child(), evaluation_code=""), "dentist")
    assert (draft.lines, draft.total) == ((), Decimal("0.00"))


def test_diagnoses_go_along_only_where_the_payer_wants_them_each_once():
    twice = (Diagnosis("K02.62", "A"), Diagnosis("K02.62", "B"), Diagnosis("K03.6", on_claim=False))
    facts = replace(school_child(), diagnoses=twice)
    assert draft_claim(facts, "dentist").diagnoses == ()
    assert draft_claim(with_payer(facts, diagnosis_required=True), "dentist").diagnoses == ("K02.62",)


def test_a_line_points_at_the_diagnoses_of_its_tooth():
    pointers = {line.tooth: line.pointers for line in draft_claim(medicaid_child(), "hygienist").lines}
    assert pointers == {"": (1, 2, 3), "A": (1, 3), "19": (2, 3)}


def test_a_fee_is_the_one_of_the_day_and_counts_for_each_unit():
    fees = (
        Fee("D1354", Decimal("27.35"), None, date(2026, 9, 13)),
        Fee("D1354", Decimal("33.33"), date(2026, 9, 14)),
    )
    facts = replace(school_child(), fees=fees, services=(replace(SERVICES[1], quantity=3),))
    assert draft_claim(facts, "hygienist").lines[0].charge == Decimal("99.99")


def test_an_unknown_fee_is_no_zero():
    assert [line.charge for line in draft_claim(replace(school_child(), fees=()), "dentist").lines] == [None, None]


def test_childrens_medicaid_ends_on_the_twenty_first_birthday():
    born = with_patient(medicaid_child(), birth_date=date(2005, 9, 15))
    assert [is_epsdt(born, day) for day in (date(2026, 9, 14), date(2026, 9, 15))] == [True, False]
    assert not is_epsdt(school_child(), DAY_SEEN)


def test_a_case_signed_across_new_year_bears_the_year_signed():
    facts = with_case(school_child(), day_seen=date(2026, 12, 30), signed_at=datetime(2027, 1, 4, 20, tzinfo=UTC))
    assert {line.service_date.year for line in draft_claim(facts, "dentist").lines} == {2027}


def test_a_picture_taken_and_read_here_is_one_line_of_the_dentist_on_her_day():
    film = replace(SERVICES[0], code="D0270", quantity=1)
    facts = replace(school_child(), services=(*SERVICES, film))
    dentist, hygienist = draft_claim(facts, "dentist"), draft_claim(facts, "hygienist")
    assert [(line.code, line.service_date) for line in dentist.lines] == [
        ("D0140", DAY_SIGNED), ("D9996", DAY_SIGNED), ("D0270", DAY_SIGNED)
    ]  # fmt: skip
    assert "D0270" not in [line.code for line in hygienist.lines]


def test_no_picture_is_offered_where_nothing_was_evaluated():
    facts = replace(with_case(school_child(), evaluation_code=""), services=(replace(SERVICES[0], code="D0270"),))
    assert draft_claim(facts, "dentist").lines == ()
