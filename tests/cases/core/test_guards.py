"""What the guards let through, and for how long they hold; that each refuses is in tests/guards."""

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


def by_a_guard(said):
    words = ("may only be added to", "never changes", "never removed", "signed by its own act")
    return any(one in said for one in words)


def test_a_draft_may_still_be_written(world):
    case = cast.case_at(world, Status.IN_REVIEW)
    review = cast.write(world, case, cast.AT)
    assert refused("UPDATE cases_review SET advice = 'Other' WHERE id = %s", review.pk) == ""
    assert refused("DELETE FROM cases_planline WHERE review_id = %s", review.pk) == ""


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


def test_pictures_of_a_signed_case_may_be_made_anew(signed):
    stored = StoredFile.objects.create(key="tests/anew", sha256="e" * 64, size=1, created_at=cast.AT)
    asset = Asset.objects.filter(case=signed).first()
    made = Derivative.objects.create(
        asset=asset, recipe="claim", recipe_version=2, file=stored, width=1, height=1, mirrored=False
    )
    assert made.pk


def test_what_a_family_answered_is_withdrawn_once(world):
    cast.consent_to(world, cast.make_patient(world))
    withdrawn = "UPDATE cases_consentscope SET withdrawn_at = CURRENT_TIMESTAMP, withdrawn_by_id = %s"
    assert refused(withdrawn, world.people["hana"].pk) == ""
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
