"""Claims for other programs: one schema, three forms, no cell that a spreadsheet computes."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import openpyxl
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings

from billing.handover.record import Outside, record_of
from billing.handover.writing import COLUMNS, as_csv, as_json, write_xlsx
from billing.models import Claim
from billing.x12.d837_claim import ClaimSubmission
from cases.models import Patient
from teledent.accounts.models import AccessEvent
from tests import cast
from tests.billing import cast as money
from tests.billing.x12.independent_reader import read
from tests.billing.x12.random_claims import submissions

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "claims.schema.json").read_text())
JUDGE = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
AT = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
FORMULA = '=HYPERLINK("http://x","y")'


def record(one: ClaimSubmission) -> dict:
    outside = Outside(
        one.claim_id, "ready", one.frequency, "TD-1" if one.frequency != "1" else "", "", one.payer_claim_number
    )
    return record_of(outside, one.facts, one.draft)


def test_the_schema_itself_is_one_and_can_refuse():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert not JUDGE.is_valid({"format": "teledent-claims-1", "made_at": AT.isoformat(), "claims": [{}]})


@given(submissions())
@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
def test_whatever_the_claim_its_json_fits_the_schema_and_adds_up_as_text(one: ClaimSubmission):
    said = json.loads(b"".join(as_json([record(one), record(one)], at=AT)))
    JUDGE.validate(said)
    assert said["claims"][0]["total"] == f"{one.draft.total:.2f}"
    assert not any(isinstance(value, float) for value in _leaves(said))


@given(submissions())
@settings(max_examples=10, suppress_health_check=list(HealthCheck), deadline=None)
def test_the_payers_numbers_of_a_line_are_handed_over_in_every_form(one: ClaimSubmission):
    lines = tuple(replace(line, authorisation="PA-1", predetermination="PD-1") for line in one.draft.lines)
    whole = record(replace(one, draft=replace(one.draft, lines=lines)))
    JUDGE.validate(json.loads(b"".join(as_json([whole], at=AT))))
    for row in csv.DictReader(io.StringIO(b"".join(as_csv([whole])).decode("utf-8-sig"))):
        assert (row["authorisation"], row["predetermination"]) == ("PA-1", "PD-1")


def _leaves(value):
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _leaves(inner)
    else:
        yield value


@given(submissions())
@settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
def test_a_row_a_line_in_csv_and_no_cell_begins_like_a_formula(one: ClaimSubmission):
    rows = list(csv.reader(io.StringIO(b"".join(as_csv([record(one)])).decode("utf-8-sig"))))
    assert rows[0] == list(COLUMNS)
    assert [len(row) for row in rows] == [len(COLUMNS)] * (1 + len(one.draft.lines))
    assert not [cell for row in rows for cell in row if cell.lstrip().startswith(("=", "+", "-", "@", "|", "%"))]


@given(submissions())
@settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
def test_excel_holds_the_same_and_computes_nothing(tmp_path_factory: pytest.TempPathFactory, one: ClaimSubmission):
    path = tmp_path_factory.mktemp("book") / "claims.xlsx"
    write_xlsx([record(one)], path)
    sheet = openpyxl.load_workbook(path)["Claims"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert sheet.max_row == 1 + len(one.draft.lines)
    charges = [sheet.cell(row, 1 + list(COLUMNS).index("charge")).value for row in range(2, sheet.max_row + 1)]
    assert charges == [float(line.charge or 0) for line in one.draft.lines]


@pytest.fixture
def rita(desk):
    client = Client()
    client.force_login(desk.world.people["rita"], backend="django.contrib.auth.backends.ModelBackend")
    return client


def body(answer) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_an_export_is_handed_over_as_json_that_says_what_its_837_says(desk, rita):
    claim = money.ready_claim(desk)
    export = money.exported(desk)
    Patient.objects.filter(pk=claim.case.patient_id).update(card_family_name="Other")  # since it went out
    said = json.loads(body(rita.get(f"/claims/exports/{export.public_id}/claims.json")))
    JUDGE.validate(said)
    (sent,) = read(money.unzipped(export)["claims.837d.edi"].decode()).claims
    (handed,) = said["claims"]
    assert (handed["claim_id"], handed["patient"]["last_name"].upper()) == (sent.clm[1], sent.patient["NM1"][3])
    assert [one["control_number"] for one in handed["lines"]] == [line.references["6R"] for line in sent.lines]
    assert handed["attachments"] == [paper[6] for paper in sent.paperwork]
    assert AccessEvent.objects.filter(verb="export", noun="export", public_id=export.public_id).count() == 2


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_the_filtered_list_is_handed_over_and_a_formula_in_a_name_stays_text(desk, rita, form):
    claim = money.ready_claim(desk, patient=cast.make_patient(desk.world, given="Ada"), member_id=FORMULA)
    held = money.signed(desk)
    money.run_jobs()
    content = body(rita.get(f"/claims/list/claims.{form}?show=ready"))
    if form == "csv":
        (row,) = {row["member_id"] for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))}
        assert row == f"'{FORMULA}"
    elif form == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(content))["Claims"]
        cell = sheet.cell(2, 1 + list(COLUMNS).index("member_id"))
        assert (cell.data_type, cell.value) == ("s", f"'{FORMULA}")
    else:
        said = json.loads(content)
        JUDGE.validate(said)
        assert [one["claim_id"] for one in said["claims"]] == [claim.claim_id]
    assert Claim.objects.filter(case=held).exists()
    assert AccessEvent.objects.filter(verb="export", noun="claims").count() == 1


def test_another_form_is_not_found(desk, rita):
    money.ready_claim(desk)
    export = money.exported(desk)
    assert rita.get(f"/claims/exports/{export.public_id}/claims.exe").status_code == 404
