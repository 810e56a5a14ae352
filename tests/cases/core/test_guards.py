"""What the database itself refuses, tried by raw SQL; the whole file runs on PostgreSQL too."""

import pytest
from django.core import checks
from django.db import DatabaseError, connection, transaction

from cases.models import Asset, Derivative, InfoItem, InfoRequest
from cases.states import Status
from teledent.files.models import StoredFile
from teledent.kit import readiness
from tests import cast


def with_one_of_each(world, *ends):
    """A case in review with a mark and a service of the hygienist, a question and its answer; then `ends`."""
    case = cast.case_at(world)
    hana, at = world.of("hana"), cast.AT
    cast.capturing.record_service(actor=hana, case=case, code="D0191", ordered_by="Standing protocol", at=at)
    cast.submit(world, case, at)
    review = cast.start(world, case, at)
    asked = InfoRequest.objects.create(case=case, review=review, at=at, person=world.people["dev"], answered_at=at)
    InfoItem.objects.create(request=asked, ask="Since when?", answer="Since Sunday", answered_by=world.people["hana"])
    for reach in ends:
        reach(world, case, at)
    case.refresh_from_db()
    return case


@pytest.fixture
def signed(world):
    case = with_one_of_each(world, cast.sign)
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
    "cases_asset": "view",
    "cases_finding": "note",
    "cases_onsiteservice": "code",
    "cases_inforequest": "answered_at",
    "cases_infoitem": "answer",
    "cases_consent": "signer_name",
}


def by_a_guard(said):
    words = ("may only be added to", "never changes", "never removed", "signed by its own act")
    return any(one in said for one in words)


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


def test_an_original_is_neither_swapped_nor_taken_away(world):
    cast.put_file(cast.case_at(world), world.of("hana"), view="upper")
    assert "original never changes" in refused("UPDATE cases_asset SET original_id = NULL")
    assert "never removed" in refused("DELETE FROM cases_asset")


HELD = ["cases_asset", "cases_finding", "cases_onsiteservice", "cases_inforequest"]


@pytest.mark.parametrize("ends", [[cast.sign], [cast.sign, cast.close], [cast.sign, cast.retract]])
def test_nothing_leaves_or_joins_a_signed_closed_or_retracted_case(world, ends):
    """Nor does a row of an open case move into it."""
    case, in_review = with_one_of_each(world, *ends), with_one_of_each(world)
    for table in HELD:
        move = f"UPDATE {table} SET case_id = %s WHERE case_id = %s"
        assert "signed case" in refused(move, in_review.pk, case.pk)
        assert "signed case" in refused(move, case.pk, in_review.pk)
        assert by_a_guard(refused(f"DELETE FROM {table} WHERE case_id = %s", case.pk))
    assert "signed case" in refused("UPDATE cases_infoitem SET answer = 'Another'")
    assert refused("UPDATE cases_asset SET view = 'upper' WHERE case_id = %s AND view = 'lower'", in_review.pk) == ""


@pytest.mark.parametrize(
    "column", ["view = 'upper'", "mirrored = NOT mirrored", "state = 'received'", "captured_at = NULL"]
)
def test_the_label_and_state_of_a_signed_picture_stand(signed, column):
    assert "signed case" in refused(f"UPDATE cases_asset SET {column}")


@pytest.mark.parametrize(
    ("table", "columns", "values"),
    [
        ("cases_finding", "tooth, surfaces, condition, note", "'UR6', '', 'decay', ''"),
        (
            "cases_onsiteservice",
            "code, tooth, quantity, ordered_by, operator_id",
            "'D0190', '', 1, 'Nobody', opened_by_id",
        ),
    ],
)
def test_nothing_of_the_hygienist_is_added_to_a_signed_case(signed, table, columns, values):
    statement = f"INSERT INTO {table} (case_id, {columns}) SELECT id, {values} FROM cases_case"
    assert "signed case" in refused(statement)


def test_an_answer_is_not_added_to_a_question_of_a_signed_case(signed):
    columns = "request_id, asset_id, view, field, ask, answer, cannot_supply, answered_by_id"
    statement = f"INSERT INTO cases_infoitem ({columns}) SELECT {columns} FROM cases_infoitem"
    assert "signed case" in refused(statement)


def test_pictures_of_a_signed_case_may_be_made_anew(signed):
    stored = StoredFile.objects.create(key="tests/anew", sha256="e" * 64, size=1, created_at=cast.AT)
    asset = Asset.objects.filter(case=signed).first()
    made = Derivative.objects.create(
        asset=asset, recipe="claim", recipe_version=2, file=stored, width=1, height=1, mirrored=False
    )
    assert made.pk


def test_what_a_family_answered_never_changes_and_is_withdrawn_once(world):
    cast.consent_to(world, cast.make_patient(world))
    for changed in ("given = NOT given", "scope = 'teaching'"):
        assert "never changes" in refused(f"UPDATE cases_consentscope SET {changed} WHERE scope <> 'teaching'")
    assert "never removed" in refused("DELETE FROM cases_consentscope")
    withdrawn = "UPDATE cases_consentscope SET withdrawn_at = CURRENT_TIMESTAMP, withdrawn_by_id = %s"
    assert refused(withdrawn, world.people["hana"].pk) == ""
    assert "withdrawn once" in refused("UPDATE cases_consentscope SET withdrawn_at = NULL, withdrawn_by_id = NULL")
    assert "withdrawn once" in refused(withdrawn, world.people["hana"].pk)


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
