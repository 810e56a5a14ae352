"""The nurse's list: only children whose families share with the school, nothing clinical, stopped and marked at once."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.actions import consenting, schools
from cases.actions.schools import PRINT
from cases.models import SchoolList, Scope
from cases.recipients import recipients_of
from cases.states import Status
from teledent.accounts.models import AccessEvent
from teledent.kit import clock
from teledent.kit.csv_cells import STARTS, csv_bytes, text_cell
from teledent.kit.decisions import Refused
from tests import cast
from tests.after.working import work


def make(world, case, name="rita", **said):
    days = {"first_day": case.day_seen, "last_day": case.day_seen, "made_for": "Nurse Ortiz"}
    return schools.make_school_list(actor=world.of(name), site=case.site, at=clock.now(), **(days | said))


def another(world, case_at, *scopes, given="Ada"):
    patient = cast.make_patient(world, given=given, family="Noor")
    cast.consent_to(world, patient, *scopes)
    return case_at(Status.SIGNED, patient=patient)


WITHOUT_SCHOOL = [scope for scope in Scope.values if scope != Scope.SCHOOL]


def test_only_families_that_share_are_named_and_the_others_counted(world, case_at, client_of):
    case = case_at(Status.SIGNED)
    silent = another(world, case_at, *WITHOUT_SCHOOL)
    rita = client_of("rita")
    answer = rita.post("/follow-up/schools/", {
        "site": world.school.public_id, "made_for": "Nurse Ortiz", "first_day": case.day_seen, "last_day": case.day_seen})  # fmt: skip
    assert answer.status_code == 302
    made = SchoolList.objects.get()
    assert [(line.case_id, line.room, line.word) for line in made.lines.all()] == [(case.pk, "12", "Early care")]
    assert made.withheld == 1
    work(PRINT)
    page = rita.get(f"/follow-up/schools/{made.public_id}/").content.decode()
    assert "1 more seen on these days" in page
    assert "Ada" not in page
    assert b"".join(rita.get(f"/follow-up/schools/{made.public_id}/pdf/").streaming_content).startswith(b"%PDF")
    assert case.events.filter(kind="school_list").count() == 1
    assert not silent.events.filter(kind="school_list").exists()
    assert AccessEvent.objects.filter(verb="school list", public_id=made.public_id).count() == 1


def test_it_says_nothing_that_is_clinical(world, case_at, client_of):
    made = make(world, case_at(Status.SIGNED))
    sheet = client_of("rita").get(f"/follow-up/schools/{made.public_id}/csv/").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(sheet)))
    assert rows[0] == ["Name", "Room", "Urgency", "By when", "What we ask of you"]
    assert rows[1][:3] == ["Mateo Villanueva-Reyes", "12", "Early care"]
    for clinical in ("decay", "tooth", "K02", "dentine", "asthma", "2018"):
        assert clinical not in sheet


def test_where_nobody_shares_there_is_no_list(world, case_at):
    case = another(world, case_at, *WITHOUT_SCHOOL)
    with pytest.raises(Refused, match="No family"):
        make(world, case)


@pytest.mark.parametrize("scope", [Scope.SCHOOL, Scope.TELEDENTISTRY])
def test_a_withdrawal_stops_a_finished_list_and_marks_its_line(world, case_at, client_of, scope):
    case, rita = case_at(Status.SIGNED), client_of("rita")
    made = make(world, case)
    work(PRINT)
    consenting.withdraw_consent(
        actor=world.of("rita"), patient=case.patient, scope=scope, reason="The father wrote", at=clock.now()
    )
    for kind in ("pdf", "csv"):
        assert rita.get(f"/follow-up/schools/{made.public_id}/{kind}/").status_code == 422
    assert (
        "does not share with the school any more" in rita.get(f"/follow-up/schools/{made.public_id}/").content.decode()
    )
    with pytest.raises(Refused, match="No family"):
        make(world, case)


def test_a_retraction_marks_the_line_and_lists_the_nurse(world, case_at, client_of):
    case = case_at(Status.SIGNED)
    made = make(world, case)
    cast.retract(world, case, clock.now())
    assert (
        "The review was retracted: tell the school."
        in client_of("rita").get(f"/follow-up/schools/{made.public_id}/").content.decode()
    )
    assert client_of("rita").get(f"/follow-up/schools/{made.public_id}/csv/").status_code == 422
    assert "Nurse Ortiz, Alder Creek Elementary" in [one.who for one in recipients_of(case)]


def test_a_newer_no_counts_more_than_an_older_yes(world, case_at):
    case = case_at(Status.SIGNED)
    consenting.record_consent(
        actor=world.of("hana"), patient=case.patient, scopes={Scope.SCHOOL: False}, signer_name="Lucia Villanueva",
        signer_authority="Mother", evidence="paper", language="Spanish",
        valid_from=clock.local_date(clock.now(), world.school.time_zone), at=clock.now(),
    )  # fmt: skip
    with pytest.raises(Refused, match="No family"):
        make(world, case)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [({"made_for": "-"}, "for whom"), ({"last_day": cast.date(2020, 1, 1)}, "one month at most"),
     ({"first_day": cast.date(2020, 1, 1)}, "one month at most")],
)  # fmt: skip
def test_bad_days_and_nobodys_list_are_refused(world, case_at, said, sentence):
    with pytest.raises(Refused, match=sentence):
        make(world, case_at(Status.SIGNED), **said)


def test_a_hygienist_of_another_school_makes_none(world, case_at):
    with pytest.raises(Refused, match="do not work"):
        make(world, case_at(Status.SIGNED), name="bo")


@pytest.mark.parametrize(
    "name", ['=HYPERLINK("x")', "@SUM(1)", "-2+3", "+1 541", "\t=1+1", " =1", "\r\n=cmd|' /C calc'!A0", "＝1"]
)
def test_no_cell_begins_like_a_formula(name):
    assert text_cell(name).startswith("'")


@given(st.lists(st.text(max_size=30), min_size=1, max_size=4))
def test_every_cell_is_text_and_a_row_stays_a_row(cells):
    content = csv_bytes([cells]).decode("utf-8-sig")
    (row,) = csv.reader(io.StringIO(content, newline=""))
    assert len(row) == len(cells)
    for cell in row:
        assert not cell.lstrip().startswith(tuple(STARTS))
        assert not any(part.lstrip().startswith(tuple(STARTS)) for part in cell.replace(";", ",").split(","))
