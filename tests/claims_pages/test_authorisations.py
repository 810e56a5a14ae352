"""What payers are asked beforehand, at the desk: from a plan or a held claim to the answer, and the list of what is open."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.actions import authorising
from billing.models import Authorisation, Claim, Coverage
from billing.views import authorisations
from teledent.kit import clock
from tests import cast
from tests.billing import cast as money
from tests.billing.authorised import Asked, approved, begun, sent, wants_authorisation
from tests.claims_pages.reading import named_in, tabs_of, text_of
from tests.services.standing import built_once

NOW = cast.AT + timedelta(days=3)
LIST = "/claims/authorisations/"


@pytest.fixture(autouse=True)
def today():
    """Nov 20, three days after the children were seen."""
    with clock.standing_at(NOW):
        yield


@built_once
def held(desk):
    """A dentist's claim that waits for an authorisation."""
    wants_authorisation(desk)
    patient = cast.make_patient(desk.world)
    money.cover(desk, patient)
    money.signed(desk, patient=patient)
    money.run_jobs()
    return Claim.objects.for_list().get(case__patient=patient, part="dentist")


def coverage_of(claim):
    return Coverage.objects.get(pk=claim.coverage_id)


def asking(**changes):
    """The form as the browser sends it, two rows of services and the second blank."""
    said = {
        "public_id": str(uuid.uuid4()), "kind": "authorisation", "reason": "Pain on biting", "rows": "2", "l0-code": "d1354",
        "l0-tooth": "a", "l0-units": "2", "l1-code": "", "l1-tooth": "", "l1-units": "1",
    }  # fmt: skip
    return {**said, **changes}


def test_a_held_claim_leads_to_the_request_and_the_answer_makes_it_ready(rita, held):
    page = rita.get(f"/claims/{held.public_id}/")
    assert "wants D0140 authorised beforehand, and no authorisation of it is recorded" in text_of(page)
    where = f"/claims/{held.public_id}/authorisation/"
    assert f'href="{where}"' in page.content.decode()
    form = rita.get(where).content.decode()
    assert 'value="D0140"' in form
    assert 'value="D9996"' not in form
    page = rita.post(where, asking(**{"l0-code": "D0140", "l0-tooth": "", "l0-units": "1"}), follow=True)
    row = Authorisation.objects.get()
    assert row.case == held.case
    assert "Written down." in text_of(page)
    said = {"number": "PA-77", "answered_on": "2026-11-18", "valid_from": "2026-11-01", "valid_until": "", "note": ""}
    answered = rita.post(f"{LIST}{row.public_id}/approved/", {**said, "units1": "1"}, follow=True)
    assert "Number PA-77 , 18 Nov 2026. Holds from 1 Nov 2026; the payer named no last day." in text_of(answered)
    held.refresh_from_db()
    assert held.status == "ready"
    assert "authorised under PA-77" in text_of(rita.get(f"/claims/{held.public_id}/"))
    assert str(held) in text_of(answered)


def test_a_request_from_the_plan_is_sent_and_stands_on_the_patients_page(rita, held):
    coverage = coverage_of(held)
    where = f"/claims/coverage/{coverage.public_id}/authorisation/"
    same = asking(kind="predetermination")
    for _ in range(2):  # two clicks
        rita.post(where, same)
    row = Authorisation.objects.get()
    assert [(one.code, one.tooth, one.units) for one in row.lines.all()] == [("D1354", "A", 2)]
    gone = {"sent_how": "portal", "sent_on": "2026-11-19", "reference": "T-1"}
    page = text_of(rita.post(f"{LIST}{row.public_id}/sent/", gone, follow=True))
    assert "Sent 19 Nov 2026, payer's portal. Number T-1 . The payer has not answered yet." in page
    patient = text_of(rita.get(f"/claims/patients/{held.case.patient.public_id}/"))
    assert f"{row.request_id} predetermination Waiting for an answer D1354 tooth A × 2 asked 1 day ago" in patient
    assert f"Asked already. {row.request_id} : D1354 tooth A × 2" in text_of(rita.get(where))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"l0-code": "1354"}, "A code is D or X and four digits."),
        ({"l0-tooth": "99"}, "1 to 32 or A to T."),
        ({"l0-code": ""}, "Add the code."),
        ({"l0-code": "", "l0-tooth": ""}, "Name at least one service."),
        ({"l0-units": "0"}, "greater than or equal to 1"),
        ({"l1-code": "D1354", "l1-tooth": "A"}, "A code stands twice for one tooth."),
        ({"kind": "favour"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(rita, held, wrong, sentence):
    answer = rita.post(f"/claims/{held.public_id}/authorisation/", asking(**wrong))
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert 'value="Pain on biting"' in answer.content.decode()
    assert not Authorisation.objects.exists()


def test_another_row_comes_with_what_was_typed_and_without_complaint(rita, held):
    page = rita.post(f"/claims/{held.public_id}/authorisation/", asking(do="more", **{"l0-code": "wrong"}))
    assert page.status_code == 200
    assert 'name="l2-code"' in page.content.decode()
    assert 'value="wrong"' in page.content.decode()


@pytest.mark.parametrize(
    ("verb", "said", "sentence"),
    [
        ("approved", {"number": "", "answered_on": "2026-11-18", "units1": "1"}, "Fill this in."),
        ("approved", {"number": "P-1", "answered_on": "2026-11-18", "units1": "0"}, "Record it as refused."),
        ("approved", {"number": "李", "answered_on": "2026-11-18", "units1": "1"}, "Latin letters and digits only"),
        ("approved", {"number": "P-1", "answered_on": "2026-11-18", "valid_until": "2026-11-01", "units1": "1"}, "before the first"),
        ("approved", {"number": "P-1", "answered_on": "2999-01-01", "units1": "1"}, "This day has not come yet."),
        ("approved", {"number": "P-1", "answered_on": "2026-11-18", "valid_from": "9999-12-01", "units1": "1"}, "ten years from"),
        ("approved", {"number": "P-1", "answered_on": "2026-11-18", "valid_until": "2037-01-01", "units1": "1"}, "ten years from"),
        ("refused", {"answered_on": "2026-11-18", "because": "-"}, "Say what the payer gave as its reason."),
        ("withdraw", {"reason": "-"}, "Say why; the request stays readable with it."),
        ("sent", {"sent_on": "2026-11-18"}, "Choose one."),
    ],
)  # fmt: skip
def test_an_act_that_is_wrong_stays_in_its_form(rita, desk, held, verb, said, sentence):
    row = begun(desk, coverage_of(held))
    answer = rita.post(f"{LIST}{row.public_id}/{verb}/", said)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    row.refresh_from_db()
    assert row.status == "drafted"


@pytest.mark.parametrize("rows", ["9" * 5000, "-1", "two", "0"])
def test_a_number_of_rows_that_no_page_sends_is_no_fault(rita, held, rows):
    page = rita.post(f"/claims/{held.public_id}/authorisation/", asking(do="more", rows=rows))
    assert page.status_code == 200


def test_a_start_at_the_end_of_the_calendar_breaks_no_page(rita, desk, held):
    """As a row from before days were bound may have it, under a rule by which it holds for ninety days."""
    wants_authorisation(desk, code="D0170", authorisation_days=90)
    late = begun(desk, coverage_of(held), Asked("D0170"))
    late.lines.update(units_approved=1)
    Authorisation.objects.filter(pk=late.pk).update(
        status="approved", number="PA-9", answered_on=NOW.date(), answered_at=NOW, answered_by=desk.rita.person,
        valid_from=date(9999, 12, 1),
    )  # fmt: skip
    for address in (LIST, f"{LIST}?show=soon", f"{LIST}{late.public_id}/"):
        assert rita.get(address).status_code == 200


def test_only_what_is_approved_promises_to_go_on_claims(rita, desk, held):
    row = approved(desk, coverage_of(held), Asked("D0170"))
    address = f"{LIST}{row.public_id}/"
    assert "On no claim yet" in text_of(rita.get(address))
    authorising.withdraw_request(actor=desk.rita, row=row, reason="The payer took it back", at=NOW)
    assert "On no claim yet" not in text_of(rita.get(address))


def test_a_refusal_and_an_error_are_told_and_count_nowhere(rita, desk, held):
    row = sent(desk, begun(desk, coverage_of(held)))
    said = {"answered_on": "2026-11-18", "because": "Not needed so soon", "note": ""}
    page = text_of(rita.post(f"{LIST}{row.public_id}/refused/", said, follow=True))
    assert "Refused 18 Nov 2026. Not needed so soon" in page
    assert "not yet" not in page
    assert "D0140" in text_of(rita.get(f"{LIST}?show=refused"))
    assert (
        rita.post(
            f"{LIST}{row.public_id}/approved/", {"number": "P", "answered_on": "2026-11-18", "units1": "1"}
        ).status_code
        == 409
    )
    page = text_of(rita.post(f"{LIST}{row.public_id}/error/", {"reason": "That was her sister"}, follow=True))
    assert "Entered in error. That was her sister It counts nowhere." in page
    held.refresh_from_db()
    assert held.status == "blocked"


def test_the_list_counts_what_is_open_and_running_out(rita, desk, held):
    coverage = coverage_of(held)
    begun(desk, coverage)
    sent(desk, begun(desk, coverage))
    approved(desk, coverage, number="PA-1", valid_until=date(2026, 11, 19))
    approved(desk, coverage, number="PA-2", valid_until=date(2026, 11, 20))
    approved(desk, coverage, number="PA-3", valid_until=date(2026, 12, 20))
    approved(desk, coverage, number="PA-4", valid_until=date(2026, 12, 21))
    approved(desk, coverage, number="PA-5")
    authorising.withdraw_request(actor=desk.rita, row=begun(desk, coverage), reason="Not needed any more", at=cast.AT)
    assert tabs_of(rita.get(LIST)) == {
        "To send": 1, "Waiting": 1, "Approved": 4, "Runs out soon": 2, "Run out": 1, "Refused": 0, "All": 8,
    }  # fmt: skip
    assert "PA-1" in text_of(rita.get(f"{LIST}?show=expired"))
    assert "Run out" in text_of(rita.get(f"{LIST}?show=expired&payer=no-such"))
    assert named_in(rita.get(f"{LIST}?show=all&payer={desk.state_plan.public_id}")) == []


def test_what_nobody_has_asked_yet_is_written_anew_by_the_same_form(rita, desk, held):
    row = begun(desk, coverage_of(held))
    where = f"{LIST}{row.public_id}/change/"
    assert f'href="{where}"' in rita.get(f"{LIST}{row.public_id}/").content.decode()
    assert 'value="D0140"' in rita.get(where).content.decode()
    said = asking(kind="predetermination")
    for _ in range(2):  # a second click finds the first one's
        assert rita.post(where, said).status_code == 302
    made = Authorisation.objects.get(public_id=said["public_id"])
    row.refresh_from_db()
    assert (made.kind, made.case, [(one.code, one.tooth) for one in made.lines.all()]) == (
        "predetermination", row.case, [("D1354", "A")],
    )  # fmt: skip
    assert (row.status, row.ended_because) == ("withdrawn", f"Written anew as {made}.")
    assert rita.get(where).status_code == 409
    assert rita.post(where, asking()).status_code == 409
    assert Authorisation.objects.count() == 2


def test_an_approval_without_an_end_runs_out_by_the_payers_rule(rita, desk, held):
    approved(desk, coverage_of(held))  # from Nov 1
    for days, tab in ((18, "Run out"), (19, "Runs out soon")):
        desk.cedar.rules.filter(active=True).update(active=False, ended_at=cast.AT)
        wants_authorisation(desk, authorisation_days=days)
        counts = tabs_of(rita.get(LIST))
        assert (counts[tab], counts["Approved"]) == (1, 1 if days == 19 else 0)
    assert "until 20 Nov 2026, by the payer's rule" in text_of(rita.get(f"{LIST}?show=soon"))


def test_a_search_finds_in_any_state_and_leaves_no_name_in_the_address(rita, desk, held, monkeypatch):
    row = approved(desk, coverage_of(held), number="A-4471")
    for typed in ("a-4471", row.request_id.lower(), "d0140", held.case.patient.family_name):
        assert named_in(rita.post(LIST, {"text": typed})) == [held.case.patient.name], typed
    assert "Nothing fits" in text_of(rita.post(LIST, {"text": "D9999"}))
    approved(desk, coverage_of(held), number="A-4472")
    monkeypatch.setattr(authorisations, "PER_PAGE", 1)
    page = rita.post(LIST, {"text": "d0140"})
    assert "The first 1 are shown." in text_of(page)
    assert "page=2" not in page.content.decode()  # the next page would have lost what was looked for


def test_a_list_of_many_takes_as_many_queries_as_one_of_few(rita, desk, held):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert rita.get(f"{LIST}?show=all").status_code == 200
        return len(asked)

    approved(desk, coverage_of(held))
    queries()  # what a session asks once
    few = queries()
    for number in range(12):
        patient = cast.make_patient(desk.world, given=f"Ada{number}")
        approved(desk, money.cover(desk, patient, member_id=f"M-{number}"), number=f"PA-{number}")
    assert queries() == few


def test_a_manager_reads_and_another_practice_sees_nothing(client_of, desk, held):
    row = begun(desk, coverage_of(held))
    address = f"{LIST}{row.public_id}/"
    page = client_of("olu").get(address)
    assert row.request_id in text_of(page)
    assert "Record the answer" not in text_of(page)
    assert client_of("olu").post(f"{address}withdraw/", {"reason": "Not needed any more"}).status_code in (403, 404)
    stranger = client_of("rita", of=money.build_desk(cast.build_world("Second ")).world)
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}withdraw/", {"reason": "Not needed any more"}).status_code == 404
    assert stranger.get(f"/claims/{held.public_id}/authorisation/").status_code == 404
    assert tabs_of(stranger.get(LIST))["All"] == 0
    row.refresh_from_db()
    assert row.status == "drafted"


def test_the_school_days_list_says_whether_one_is_there(rita, desk, held):
    coverage = coverage_of(held)
    money.verify(desk, coverage, date(2026, 11, 16), authorisation="needed")

    def shown(day="2026-11-17"):
        page = rita.get(f"/claims/school-days/?site={desk.world.school.public_id}&day={day}")
        return text_of(page), tabs_of(page)

    page, counts = shown()
    assert "Authorisation needed" in page
    assert (counts["Authorisation"], counts["To ask about"]) == (1, 1)
    row = begun(desk, coverage)
    page, counts = shown()
    assert "Authorisation needed" in page  # written down, and nobody has asked yet
    assert counts["To ask about"] == 1
    row = sent(desk, row)
    page, counts = shown()
    assert "Authorisation asked for" in page
    assert counts["To ask about"] == 0
    authorising.record_approval(
        actor=desk.rita, row=row, of_lines={}, at=cast.AT,
        said=authorising.Approval("PA-1", date(2026, 11, 16), valid_until=date(2026, 11, 30)),
    )  # fmt: skip
    assert "Authorised" in shown()[0]
    assert "Authorisation needed" in shown(day="2026-12-01")[0]


def test_a_plan_with_another_member_id_was_not_asked_about(rita, desk, held):
    row = approved(desk, coverage_of(held), Asked("D0140"))
    Coverage.objects.filter(pk=held.coverage_id).update(member_id="CM-NEW")
    assert "The plan is another one now:" in text_of(rita.get(f"{LIST}{row.public_id}/"))
    patient = text_of(rita.get(f"/claims/patients/{held.case.patient.public_id}/"))
    assert "asked for Cedar Mutual, CM-77204881" in patient
