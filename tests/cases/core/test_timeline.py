"""Append-only, chained, and recomputable: what was changed behind the product's back is named."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cases.guards import GUARDS
from cases.models import Case, CaseEvent
from cases.moving import move_case
from cases.states import Status
from cases.verifying import misfits
from teledent.kit.decisions import Conflict
from tests import cast


@pytest.fixture
def signed(world):
    return cast.case_at(world, Status.SIGNED)


@pytest.fixture
def unguarded(signed):
    """The database as somebody with a console could leave it: no triggers."""
    with connection.cursor() as cursor:
        for guard in GUARDS:
            for event in guard.events:
                name = guard.trigger(event)
                cursor.execute(
                    f"DROP TRIGGER IF EXISTS {name}{'' if connection.vendor == 'sqlite' else f' ON {guard.table}'}"
                )
    return signed


def without_files(case):
    return [sentence for sentence in misfits(Case.objects.get(pk=case.pk)) if "storage" not in sentence]


def test_an_untouched_record_fits(signed):
    assert without_files(signed) == []


def test_each_event_carries_the_hash_of_the_one_before(signed):
    events = list(CaseEvent.objects.filter(case=signed).order_by("seq"))
    assert [event.previous for event in events] == ["", *(event.digest for event in events[:-1])]
    assert Case.objects.get(pk=signed.pk).timeline_head == events[-1].digest


TAMPERING = [
    ("UPDATE cases_caseevent SET person_name = 'Somebody' WHERE seq = 2", "event 2"),
    ("DELETE FROM cases_caseevent WHERE seq = 3", "event 3 is missing"),
    ("DELETE FROM cases_caseevent WHERE seq = (SELECT MAX(seq) FROM cases_caseevent)", "the timeline ends at event"),
    ("UPDATE cases_review SET conclusions = 'Nothing at all'", "conclusions is not what was signed"),
    ("UPDATE cases_planline SET rationale = 'Because'", "plan is not what was signed"),
    ("UPDATE cases_signature SET digest = 'f'", "signed content was changed"),
    ("UPDATE cases_submission SET digest = 'f'", "version 1 was changed"),
    ("UPDATE cases_asset SET declared_sha256 = 'f' WHERE view = 'frontal'", "Frontal holds other bytes"),
]


@pytest.mark.parametrize(("statement", "named"), TAMPERING)
def test_what_was_changed_behind_our_back_is_named(unguarded, statement, named):
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert any(named in sentence for sentence in without_files(unguarded)), without_files(unguarded)


def test_the_command_exits_with_an_error_and_names_it(unguarded):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_review SET advice = 'Other advice'")
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_record", unguarded.label, stderr=said)
    assert "advice is not what was signed" in said.getvalue()


def test_a_move_from_the_wrong_status_changes_nothing(world):
    case = cast.case_at(world, Status.DRAFT)
    with pytest.raises(Conflict):
        move_case(case, "sign", person=None, at=cast.AT)
    assert Case.objects.get(pk=case.pk).timeline_count == case.timeline_count


def test_a_stale_page_loses_the_race(world):
    case = cast.case_at(world, Status.SUBMITTED)
    stale = Case.objects.get(pk=case.pk)
    cast.start(world, case, cast.AT)
    with pytest.raises(Conflict):
        move_case(stale, "withdraw", person=None, at=cast.AT)
