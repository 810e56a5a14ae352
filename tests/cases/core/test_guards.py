"""What the database itself refuses, tried by raw SQL; the whole file runs on PostgreSQL too."""

import pytest
from django.core import checks
from django.db import DatabaseError, connection, transaction

from cases.states import Status
from teledent.kit import readiness
from tests import cast


@pytest.fixture
def signed(world):
    case = cast.case_at(world, Status.SIGNED)
    cast.signing.add_addendum(
        actor=world.of("dev"), case=case, text="Seen again by phone", password=cast.PASSWORD, at=cast.AT
    )
    return case


def refused(statement, *parameters):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, parameters)
    except DatabaseError as error:
        return str(error)
    return ""


FROZEN = {
    "cases_caseevent": "kind",
    "cases_submission": "person_name",
    "cases_signature": "person_name",
    "cases_addendum": "text",
    "cases_review": "advice",
    "cases_reviewdiagnosis": "gloss",
    "cases_planline": "what",
    "cases_viewreading": "reason",
    "files_storedfile": "key",
}


def by_a_guard(said):
    return any(words in said for words in ("may only be added to", "never changes", "signed by its own act"))


@pytest.mark.parametrize(("table", "column"), FROZEN.items())
def test_an_update_is_refused(signed, table, column):
    assert by_a_guard(refused(f"UPDATE {table} SET {column} = {column}"))


@pytest.mark.parametrize("table", FROZEN)
def test_a_delete_is_refused(signed, table):
    assert by_a_guard(refused(f"DELETE FROM {table}"))


@pytest.mark.parametrize("table", FROZEN)
def test_replace_and_truncate_are_refused(signed, table):
    if connection.vendor == "sqlite":
        assert by_a_guard(refused(f"REPLACE INTO {table} SELECT * FROM {table}"))
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # PostgreSQL truncates no table with checks still to come
        assert by_a_guard(refused(f"TRUNCATE {table} CASCADE"))


CHILDREN = [
    (
        "cases_planline",
        "(review_id, tooth, what, priority, rationale) SELECT id, '', 'More', 1, 'Later thought' FROM cases_review",
    ),
    ("cases_reviewdiagnosis", "(review_id, code, gloss, tooth) SELECT id, 'K02.9', 'x', '' FROM cases_review"),
    (
        "cases_finding",
        "(case_id, review_id, tooth, surfaces, condition, note) SELECT case_id, id, 'UR6', '', 'decay', '' FROM cases_review",
    ),
]


@pytest.mark.parametrize(("table", "rest"), CHILDREN)
def test_nothing_is_added_to_a_signed_review(signed, table, rest):
    assert "signed review" in refused(f"INSERT INTO {table} {rest}")


def test_a_row_cannot_be_moved_from_a_draft_into_a_signed_review(world, signed):
    other = cast.case_at(world, Status.IN_REVIEW, patient=signed.patient)
    draft = cast.write(world, other, cast.AT)
    target = signed.signature.review_id
    assert "signed review" in refused("UPDATE cases_planline SET review_id = %s WHERE review_id = %s", target, draft.pk)


def test_a_draft_may_still_be_written(world):
    case = cast.case_at(world, Status.IN_REVIEW)
    review = cast.write(world, case, cast.AT)
    assert refused("UPDATE cases_review SET advice = 'Other' WHERE id = %s", review.pk) == ""
    assert refused("DELETE FROM cases_planline WHERE review_id = %s", review.pk) == ""


def test_a_review_is_not_born_signed(world):
    case = cast.case_at(world, Status.IN_REVIEW)
    columns = [
        f.column
        for f in case.reviews.model._meta.fields
        if f.column not in ("id", "signed_at", "public_id", "writer_id")
    ]
    picked = ", ".join(columns)
    statement = (
        f"INSERT INTO cases_review ({picked}, signed_at, public_id, writer_id) "
        f"SELECT {picked}, started_at, '00000000000000000000000000000001', {world.people['olu'].pk} FROM cases_review"
    )
    assert "signed by its own act" in refused(statement)


def test_an_original_is_neither_swapped_nor_taken_away(signed):
    assert "original never changes" in refused("UPDATE cases_asset SET original_id = NULL")
    assert "never removed" in refused("DELETE FROM cases_asset")


def test_a_missing_guard_is_named_by_the_check_and_fails_readiness(signed):
    assert not [
        said
        for said in checks.run_checks(databases=["default"], include_deployment_checks=True)
        if said.id == "cases.W001"
    ]
    assert readiness.problems()["guards"] == ""
    on = "" if connection.vendor == "sqlite" else " ON cases_caseevent"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER guard_cases_caseevent_update{on}")
    assert [
        said.id
        for said in checks.run_checks(databases=["default"], include_deployment_checks=True)
        if said.id == "cases.W001"
    ]
    assert readiness.problems()["guards"] == "1 guards are missing"
