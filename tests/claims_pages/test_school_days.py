"""The list before a school day: on the screen, from its rows, and as a sheet that goes out and comes back."""

import base64
import hashlib
import io
import uuid
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.actions.sheets import record_sheet
from billing.models import CoverageSheet, Payer, SaidPlan, SeenElsewhere, Verification
from billing.school_days.columns import COLUMNS
from billing.school_days.reading import children_of
from cases.actions.merging import merge_patients
from cases.models.patient import stays_of
from teledent.kit.decisions import Conflict
from tests import cast
from tests.billing import cast as billing_cast
from tests.claims_pages.reading import tabs_of, text_of
from tests.services.standing import built_once

TUS = {"Tus-Resumable": "1.0.0"}
DAY = "2026-12-01"
TOLD = {
    "verified_on": "2026-11-20",
    "how": "portal",
    "asynchronous": "covered",
    "authorisation": "needed",
    "reference": "",
    "note": "",
}


def child(desk, given, born=date(2018, 5, 1)):
    return cast.make_patient(desk.world, given=given, family="Okafor", born=born)


@built_once
def class_(desk):
    """Five children of one room, each with another plan."""
    Payer.objects.filter(pk=desk.cedar.pk).update(verify_every_days=30)
    desk.cedar.refresh_from_db()
    named = {name: child(desk, name) for name in ("Ada", "Ben", "Cem", "Dov", "Eve")}
    billing_cast.cover(desk, named["Ben"], member_id="B-1", verified_on=None)
    billing_cast.cover(desk, named["Cem"], member_id="C-1", valid_until=date(2026, 11, 30))
    billing_cast.cover(desk, named["Dov"], member_id="D-1", verified_on=date(2026, 10, 31))
    billing_cast.cover(desk, named["Eve"], member_id="E-1")
    return named


def address(desk, **said):
    query = {"site": desk.world.school.public_id, "day": DAY, **said}
    return "/claims/school-days/?" + "&".join(f"{name}={value}" for name, value in query.items())


def test_every_child_stands_there_and_the_tabs_count_them(rita, desk, class_):
    page = rita.get(address(desk))
    assert tabs_of(page) == {
        "All": 5, "To ask about": 4, "No plan": 1, "Not in force": 1, "Not verified": 1, "Verified long ago": 1, "Authorisation": 0,
        "Verified": 1,
    }  # fmt: skip
    assert "Dov Okafor born 1 May 2018 12 grade 3 Cedar Mutual D-1 Verified long ago holds for 30 days" in text_of(page)
    assert "Ada" not in text_of(rita.get(address(desk, show="lapsed", payer="Cedar+Mutual")))
    assert "Nobody is enrolled there" in text_of(rita.get(address(desk, day="2025-05-01")))
    assert tabs_of(rita.get(address(desk, room="99")))["All"] == 5  # what is no choice is no filter
    assert "Enter a valid date" in text_of(rita.get(address(desk, day="soon")))


def test_a_list_of_many_takes_as_many_queries_as_one_of_few(rita, desk, class_):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert rita.get(address(desk)).status_code == 200
        return len(asked)

    queries()  # what a session asks once
    few = queries()
    for number in range(6):
        billing_cast.cover(desk, child(desk, f"More{number}"), member_id=f"M-{number}")
    assert queries() == few


def test_the_last_evaluation_is_ours_or_another_practices(desk, uninsured, class_):
    patient, person, school = uninsured.case.patient, desk.world.people["rita"], desk.world.school
    SeenElsewhere.objects.create(
        patient=class_["Ada"], entity="Hill Dental", code="D0140", service_date=date(2026, 9, 9), known_how="By phone",
        recorded_at=cast.AT, recorded_by=person,
    )  # fmt: skip
    found = {one.name: one.evaluated for one in children_of(school, date(2026, 12, 1), reader=person)}
    assert (found[patient.name].code, found[patient.name].elsewhere) == ("D0140", "")
    assert (found["Ada Okafor"].on, found["Ada Okafor"].elsewhere) == (date(2026, 9, 9), "Hill Dental")
    assert found["Eve Okafor"] is None


def test_of_several_words_of_a_school_the_newest_shows(desk, class_):
    for days, member in ((0, "OLD-1"), (2, "NEW-1"), (1, "MID-1")):
        SaidPlan.objects.create(
            patient=class_["Ada"], member_id=member, said_at=cast.AT + timedelta(days=days), said_by=desk.rita.person
        )
    (ada,) = [one for one in children_of(desk.world.school, date(2026, 12, 1), reader=desk.rita.person) if one.said]
    assert ada.said[1] == "NEW-1"


def test_what_was_heard_of_a_row_that_was_merged_twice_shows_with_her_who_stays(desk, class_):
    person, school, ada = desk.world.people["rita"], desk.world.school, class_["Ada"]
    second = cast.make_patient(desk.world, given="Adah")
    first = cast.make_patient(desk.world, given="Adda")
    SeenElsewhere.objects.create(
        patient=first, entity="Hill Dental", code="D0150", service_date=date(2026, 9, 9), known_how="By phone",
        recorded_at=cast.AT, recorded_by=person,
    )  # fmt: skip
    told = {"actor": desk.world.of("olu"), "reason": "The mother told us", "at": cast.AT}
    for kept, gone in ((second, first), (ada, second)):
        merge_patients(kept=kept, merged=gone, **told)
    found = {one.name: one.evaluated for one in children_of(school, date(2026, 12, 1), reader=person)}
    assert (found["Ada Okafor"].code, found["Ada Okafor"].elsewhere) == ("D0150", "Hill Dental")
    assert stays_of([ada.pk]) == {ada.pk: ada.pk, second.pk: ada.pk, first.pk: ada.pk}
    assert ada.with_merged() == {ada.pk, second.pk, first.pk}


def test_verifying_from_the_row_goes_on_to_the_next_who_has_to_be_asked_about(rita, desk, class_):
    ben, dov = (class_[name].coverages.get() for name in ("Ben", "Dov"))
    opened = rita.get(address(desk, verify=ben.public_id))
    assert "Verify Ben Okafor" in opened.content.decode()
    where = address(desk).replace("/?", f"/plans/{ben.public_id}/verify/?")
    wrong = rita.post(where, {**TOLD, "about": str(ben), "public_id": uuid.uuid4(), "how": "", "note": "Kept"})
    assert (wrong.status_code, 'value="Kept"' in wrong.content.decode()) == (422, True)
    done = rita.post(where, {**TOLD, "about": str(ben), "public_id": uuid.uuid4(), "next": ""}, follow=True)
    assert "Recorded for Ben Okafor." in text_of(done)
    assert f"verify={dov.public_id}" in done.redirect_chain[-1][0]
    assert '<option value="portal" selected>' in done.content.decode()
    assert tabs_of(done)["Authorisation"] == 1


def test_a_manager_reads_the_list_and_records_nothing(client_of, desk, class_):
    page = client_of("olu").get(address(desk))
    assert "Ben Okafor" in text_of(page)
    assert "Bring the sheet back" not in text_of(page)


# --- as a sheet ---------------------------------------------------------------------------------------------------


def handed_out(client, desk, **said):
    answer = client.get(address(desk, **said).replace("/?", "/list.xlsx?"))
    return openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def bring(client, desk, content, name="list.xlsx"):
    """Through the real receiver and decoder."""
    metadata = {"id": str(uuid.uuid4()), "sha256": hashlib.sha256(content).hexdigest(), "filename": name}
    said = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in metadata.items())
    headers = {**TUS, "Upload-Length": str(len(content)), "Upload-Metadata": said}
    answer = client.post(address(desk).replace("/?", "/uploads/?"), headers=headers)
    assert answer.status_code == 201, answer.content
    client.generic(
        "PATCH", answer["Location"], content, content_type="application/offset+octet-stream",
        headers={**TUS, "Upload-Offset": "0"},
    )  # fmt: skip
    billing_cast.run_jobs()
    return CoverageSheet.objects.latest("pk")


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def filled(book, **rows):
    """What the front desk types into the rows of children by given name."""
    sheet = book.active
    for row in sheet.iter_rows(min_row=2):
        for name, cells in rows.items():
            if row[0].value.startswith(name):
                for column, value in cells.items():
                    sheet.cell(row[0].row, COLUMNS.index(column) + 1, value)
    return saved(book)


LEARNED = {"Verified on": "11/21/2026", "How": "By phone", "Teledentistry": "Covered", "Note": "=SUM(A1)"}


@pytest.fixture
def brought(rita, desk, class_):
    content = filled(
        handed_out(rita, desk), Ben={**LEARNED, "Note": "'-2 left"}, Dov={"Verified on": "2026-11-22"},
        Eve={"How": "By pigeon"}, Ada=LEARNED,
    )  # fmt: skip
    return bring(rita, desk, content)


def test_a_sheet_is_looked_at_before_anything_is_recorded_and_recorded_once(rita, desk, class_, brought):
    where = f"/claims/school-days/sheets/{brought.public_id}/"
    page = rita.get(where)
    assert tabs_of(page) == {"Changed": 2, "Doubtful": 1, "Cannot be read": 1, "Unchanged": 1}
    assert "2 rows would be recorded." in text_of(page)
    assert "“By pigeon” is not known under “How”." in text_of(rita.get(f"{where}?show=wrong"))
    assert "Add the coverage" in text_of(rita.get(f"{where}?show=doubtful"))
    before = Verification.objects.count()
    digest = page.context["preview"].digest
    for _ in range(2):
        done = rita.post(f"{where}record/", {"digest": digest}, follow=True)
    assert Verification.objects.count() == before + 2
    assert "2 verifications recorded by Rita Castellane" in text_of(done)
    assert tabs_of(done)["Unchanged"] == 3
    kept = class_["Ben"].coverages.get().verifications.get()
    assert (kept.verified_on, kept.how, kept.asynchronous, kept.note) == (
        date(2026, 11, 21),
        "phone",
        "covered",
        "-2 left",
    )
    assert kept.recorded_by == desk.world.people["rita"]
    assert {line.verdict for line in bring_again(rita, desk, brought)} >= {"unchanged"}


def bring_again(rita, desk, sheet):
    """What the list says now, brought in once more, records nothing."""
    page = rita.get(f"/claims/school-days/sheets/{bring(rita, desk, saved(handed_out(rita, desk))).public_id}/")
    assert "Nothing to record." in text_of(page)
    return page.context["preview"].lines


def test_what_changed_since_it_was_looked_at_is_not_recorded(rita, desk, class_, brought):
    page = rita.get(f"/claims/school-days/sheets/{brought.public_id}/")
    billing_cast.verify(desk, class_["Dov"].coverages.get(), date(2026, 11, 25))
    before = Verification.objects.count()
    with pytest.raises(Conflict, match="changed since you looked"):
        record_sheet(actor=desk.rita, sheet=brought, digest=page.context["preview"].digest, at=billing_cast.LATER)
    assert Verification.objects.count() == before


def test_looking_at_many_rows_takes_as_many_queries_as_at_few(rita, desk, class_):
    def queries():
        where = (
            f"/claims/school-days/sheets/{bring(rita, desk, saved(handed_out(rita, desk))).public_id}/?show=unchanged"
        )
        with CaptureQueriesContext(connection) as asked:
            assert rita.get(where).status_code == 200
        return len(asked)

    few = queries()
    for number in range(5):
        billing_cast.cover(desk, child(desk, f"More{number}"), member_id=f"M-{number}")
    assert queries() == few


def test_a_file_that_is_no_sheet_says_so_on_its_page(rita, desk, class_):
    sheet = bring(rita, desk, b"PK\x03\x04 hostile")
    page = text_of(rita.get(f"/claims/school-days/sheets/{sheet.public_id}/"))
    assert "Nothing was recorded. This is no spreadsheet that can be read." in page
    assert rita.post(f"/claims/school-days/sheets/{sheet.public_id}/record/", {"digest": ""}).status_code == 422
    assert "Could not be read" in text_of(rita.get(address(desk).replace("/?", "/sheets/?")))


def test_a_sheet_that_is_too_large_is_refused_before_it_is_sent(rita, desk, class_):
    headers = {**TUS, "Upload-Length": str(6 << 20), "Upload-Metadata": (
        f"id {base64.b64encode(str(uuid.uuid4()).encode()).decode()},sha256 {base64.b64encode(b'a' * 64).decode()}")}  # fmt: skip
    answer = rita.post(address(desk).replace("/?", "/uploads/?"), headers=headers)
    assert (answer.status_code, b"5 MB" in answer.content) == (422, True)


def test_a_csv_of_one_tab_holds_that_tab_alone(rita, desk, class_):
    answer = rita.get(address(desk, show="unverified").replace("/?", "/list.csv?"))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith('"Ben Okafor","2018-05-01"')
