"""Requests as the front desk writes them down, of a signed case."""

import uuid
from datetime import date
from decimal import Decimal

from billing.actions import authorising, settings
from billing.actions.asking_by_file import ask_by_file
from billing.models import Authorisation, ExportState, Fee, RequestFile
from cases.models import Case
from tests import cast
from tests.billing import cast as money

LINES = (authorising.Asked("D1354", "19"), authorising.Asked("D1354", "A"), authorising.Asked("D1206"))


def with_fees(desk: money.Desk) -> money.Desk:
    for code, amount in (("D1354", "27.35"), ("D1206", "38.10")):
        settings.save_fee(actor=desk.rita, at=money.AT, fee=Fee(
            practice=desk.world.practice, code=code, amount=Decimal(amount), valid_from=date(2026, 1, 1)))  # fmt: skip
    return desk


def signed_case(desk: money.Desk, **kept) -> Case:
    patient = cast.make_patient(desk.world)
    money.cover(desk, patient, **kept)
    case = money.signed(desk, patient=patient)
    money.run_jobs()
    return case


def drafted(desk: money.Desk, case: Case, *, kind: str = "predetermination", lines=LINES) -> Authorisation:
    coverage = case.patient.coverages.select_related("payer", "patient").get()
    return authorising.begin_request(
        actor=desk.rita, coverage=coverage, public_id=uuid.uuid4(), kind=kind, lines=lines, case=case, at=money.AT
    )


def written(file: RequestFile) -> RequestFile:
    money.run_jobs()
    file.refresh_from_db()
    assert file.state == ExportState.DONE, file.state
    return file


def sent(desk: money.Desk, row: Authorisation) -> RequestFile:
    file = written(ask_by_file(actor=desk.rita, row=row, at=money.LATER))
    row.refresh_from_db()
    return file
