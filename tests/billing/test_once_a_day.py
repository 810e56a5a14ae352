"""D9996 once per patient and date, over live claims (CL-5)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from billing.actions import checking, ending
from billing.models import BilledOnce
from billing.snapshot import read_snapshot
from tests import cast
from tests.billing import cast as money
from tests.services.standing import built_once


@built_once
def two(desk):
    """Two cases of one patient, signed on the same day."""
    first = money.ready_claim(desk)
    case = money.signed(desk, patient=first.case.patient, at=money.AT + timedelta(hours=1))
    money.run_jobs()
    return first, money.claims_of(case)["dentist"]


def test_the_second_case_of_the_day_names_the_claim_that_has_it(two):
    first, second = two
    assert (first.status, second.status) == ("ready", "blocked")
    (problem,) = second.blocking
    assert problem["rule"] == "CL-5.once-a-day"
    assert first.claim_id in problem["sentence"]


def test_the_day_goes_to_the_second_when_the_first_is_not_billed(desk, two):
    first, second = two
    ending.do_not_bill(actor=desk.rita, claim=first, reason="grant", at=money.LATER)
    money.run_jobs()
    second.refresh_from_db()
    assert second.status == "ready"
    assert BilledOnce.objects.get().claim == second
    assert ending.bill_after_all(actor=desk.rita, claim=first, at=money.LATER).status == "blocked"


def test_the_day_goes_to_the_second_when_the_first_is_retracted(desk, two):
    first, second = two
    cast.retract(desk.world, first.case, money.LATER)
    money.run_jobs()
    second.refresh_from_db()
    assert second.status == "ready"


def test_another_day_is_another_encounter(desk):
    first = money.ready_claim(desk)
    case = money.signed(desk, patient=first.case.patient, at=money.AT + timedelta(days=3))
    money.run_jobs()
    assert money.claims_of(case)["dentist"].status == "ready"


def test_a_claim_that_loses_the_day_at_the_last_moment_is_held(desk, monkeypatch):
    """The other claim commits between our look and our insert: the constraint decides, and the facts are read anew."""
    first = money.ready_claim(desk)
    case = money.signed(desk, patient=first.case.patient)
    monkeypatch.setattr(checking, "read_snapshot", _blind(read_snapshot))
    money.run_jobs()
    claim = money.claims_of(case)["dentist"]
    assert [p["rule"] for p in claim.blocking] == ["CL-5.once-a-day"]


def _blind(read):
    """Sees nothing of the other claim the first time that a claim of this case is read."""
    read_before = set()

    def blind(case, **kwargs):
        seen, key = read(case, **kwargs), kwargs["claim"].pk
        if key in read_before:
            return seen
        read_before.add(key)
        return replace(seen, facts=replace(seen.facts, billed_before=()))

    return blind


def test_the_database_itself_holds_one_row_a_day(two):
    row = BilledOnce.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
