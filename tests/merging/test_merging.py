"""Duplicates are merged and unmerged by one audited act (ID-1): what moves, what stays, what cannot go back."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from cases.actions import consenting, merging, opening, registering
from cases.actions.returned_forms import take_entry_back
from cases.models import Asset, Case, FormPage, Kind, Patient, PatientMerge
from cases.states import Status
from cases.verifying import misfits
from teledent.accounts.models import AccessEvent
from teledent.kit.decisions import Conflict, Refused
from tests import cast
from tests.access.test_table import scanned_page
from tests.events.conftest import plan

NAMES_MATTEO = {
    "identity": {"given_name": "Matteo", "family_name": "Villanueva", "birth_date": "2018-03-14", "id": ""}, "captured_at": None,
}  # fmt: skip
LATER = cast.AT + timedelta(hours=1)


def refused(statement, *parameters):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, parameters)
    except DatabaseError as error:
        return str(error)
    return ""


def test_everything_of_the_other_row_comes_to_the_one_that_stays(world, one, two, merge):
    cases = [cast.case_at(world, Status.DRAFT, patient=one), cast.case_at(world, Status.SUBMITTED, patient=two)]
    made = merge()
    assert set(Case.objects.filter(patient=one)) == set(cases)
    assert {row.site for row in one.enrolments.all()} == {world.school, world.other_school}
    assert {row.name for row in one.guardians.all()} == {"Lucia Villanueva", "Rosa Villanueva"}  # the mother once
    assert one.consents.count() == 2
    assert (two.merged_into, two.consents.count()) == (one, 0)
    assert {noun: len(rows) for noun, rows in made.moved.items()} == {
        "cases": 1, "consents": 1, "enrolments": 1, "guardians": 1, "school days": 0, "coverages": 0, "days billed once": 0,
        "plans that a school said": 0, "forms for the family": 0, "scanned forms": 0, "links to send by": 0,
    }  # fmt: skip


def test_every_timeline_of_both_tells_it_and_the_trail_has_it(world, one, two, merge):
    mine, hers = (cast.case_at(world, Status.DRAFT, patient=patient) for patient in (one, two))
    made = merge()
    said = [case.events.get(kind="patient_merged") for case in (mine, hers)]
    assert [event.details["moved"] for event in said] == [False, True]
    assert {event.details["merge"] for event in said} == {str(made.public_id)}
    assert {event.person for event in said} == {world.people["olu"]}
    changed = AccessEvent.objects.filter(verb="changed", noun="patient", person=world.people["olu"])
    assert {event.public_id for event in changed} == {one.public_id, two.public_id}


def test_what_was_signed_keeps_the_name_it_was_signed_with(world, one, two, merge):
    signed = cast.case_at(world, Status.SIGNED, patient=two)
    before = (signed.signature.content, signed.signature.digest)
    merge()
    signed = Case.objects.get(pk=signed.pk)
    assert signed.patient == one
    assert signed.signature.content["patient"]["given_name"] == "Matteo"
    assert (signed.signature.content, signed.signature.digest) == before
    assert not [said for said in misfits(signed) if "timeline" in said or "signed" in said]


@pytest.mark.parametrize("name", ["hana", "dev", "rita"])
def test_only_the_manager_merges(world, one, two, name):
    with pytest.raises(Refused, match="role"):
        merging.merge_patients(actor=world.of(name), kept=one, merged=two, reason="The mother told us", at=cast.AT)
    assert not PatientMerge.objects.exists()


def test_a_patient_is_merged_once_and_never_with_herself_or_another_practices(world, one, two, merge):
    with pytest.raises(Refused, match="two patients"):
        merge(kept=two)
    stranger = cast.make_patient(cast.build_world("Second "))
    with pytest.raises(Refused, match="your practice"):
        merge(gone=stranger)
    merge()
    with pytest.raises(Conflict):
        merge()


def test_the_files_of_open_cases_are_judged_beside_the_patient_that_stays(world, one, two, merge):
    """The same bytes on both rows were somebody else's picture; on one patient they are hers (ID-2)."""
    mine, hers = (cast.case_at(world, Status.DRAFT, patient=patient) for patient in (one, two))
    cast.put_file(mine, world.of("hana"), view="frontal", content=b"the same")
    other = cast.put_file(hers, world.of("hana"), view="frontal", content=b"the same")
    Asset.objects.filter(pk=other.pk).update(hold_code="bytes-elsewhere", hold_reason="Already on another patient.")
    merge()
    other.refresh_from_db()
    assert not other.is_held
    assert hers.events.filter(kind="hold_lifted").exists()


def test_a_picture_that_names_the_row_that_went_is_held_while_a_dentist_reads_it(world, one, two, merge):
    """The dentist cannot sign what may be another child's (ID-2)."""
    hers = cast.case_at(world, Status.IN_REVIEW, patient=two)
    hers.assets.update(examination=NAMES_MATTEO)
    assert not hers.assets.filter(hold_reason__gt="").exists()
    merge()
    assert {asset.is_held for asset in hers.assets.all()} == {True}
    assert hers.events.filter(kind="file_held").count() == hers.assets.count()


# --- afterwards -----------------------------------------------------------------------------------------------------


def test_searches_and_the_similar_question_find_the_one_that_stays(world, one, two, merge):
    merge()
    assert list(Patient.objects.filter(practice=world.practice).called("matteo")) == [one]
    alike = {"family_name": "Villanueva", "given_name": "Matteo", "birth_date": date(2018, 3, 14)}
    assert list(Patient.objects.all().resembling(practice=world.practice, **alike)) == [one]


def test_nothing_is_put_to_the_row_that_is_gone(world, one, two, merge):
    merge()
    hana = world.of("hana")
    stale = Patient.objects.get(pk=two.pk)
    with pytest.raises(Conflict, match="merged into Mateo"):
        opening.open_case(actor=hana, patient=stale, site=world.school, kind=Kind.SCREENING, at=LATER)
    with pytest.raises(Conflict):
        cast.consent_to(world, stale)
    with pytest.raises(Conflict):
        registering.enrol_patient(actor=hana, patient=stale, site=world.school, at=LATER)


def test_a_chain_leads_to_its_end_and_is_taken_apart_from_there(world, one, two, merge, apart):
    third = cast.make_patient(world, given="Teo")
    first = merge()
    merge(kept=third, gone=one)
    assert list(Patient.objects.all().called("matteo")) == [third]
    with pytest.raises(Refused, match="itself merged"):
        apart(first)


# --- apart again ----------------------------------------------------------------------------------------------------


def test_what_went_over_goes_back_and_nothing_else(world, one, two, merge, apart):
    mine, hers = (cast.case_at(world, Status.DRAFT, patient=patient) for patient in (one, two))
    made = merge()
    new = cast.case_at(world, Status.DRAFT, patient=one, at=LATER)
    undone = apart(made, at=LATER)
    assert undone.left == []
    assert list(two.cases.all()) == [hers]
    assert set(one.cases.all()) == {mine, new}
    assert two.merged_into is None
    assert (one.consents.count(), two.consents.count()) == (1, 1)
    assert {row.name for row in two.guardians.all()} == {"Lucia Villanueva", "Rosa Villanueva"}
    assert [row.site for row in two.enrolments.all()] == [world.other_school]
    assert [case.events.get(kind="patient_unmerged").details["moved"] for case in (mine, hers, new)] == [
        False,
        True,
        False,
    ]


def test_a_case_signed_since_names_the_other_one_and_stays(world, one, two, merge, apart):
    hers = cast.case_at(world, Status.DRAFT, patient=two)
    made = merge()
    cast.submit(world, hers, LATER)
    assert merging.what_would_stay(made) == apart(made, at=LATER).left
    (said,) = PatientMerge.objects.get().left
    assert hers.label in said
    assert "signed since" in said
    assert list(one.cases.all()) == [hers]


def test_a_row_changed_since_stays_and_is_named(world, one, two, merge, apart):
    made = merge()
    one.guardians.filter(name="Rosa Villanueva").update(phone="541-555-0177")
    one.enrolments.filter(site=world.other_school).delete()
    left = apart(made).left
    assert any("Rosa Villanueva" in said and "changed since" in said for said in left)
    assert any("removed since" in said for said in left)
    assert not two.guardians.filter(name="Rosa Villanueva").exists()


def test_a_page_whose_entry_was_taken_back_since_was_not_removed(world, one, two, merge, apart):
    page = scanned_page(world, plan(world), two)
    cast.consent_to(world, two)
    FormPage.objects.filter(pk=page.pk).update(consent=two.consents.get())
    made = merge()
    page.refresh_from_db()
    said = {"answer": page.consent.public_id, "reason": "Another name stands on it"}
    take_entry_back(actor=world.of("rita"), page=page, at=LATER, **said)
    left = apart(made, at=LATER).left
    assert left == [f"A scanned form, Page 1 of scan.pdf: not with {one} any more, stays where it is."]


def test_a_consent_withdrawn_since_goes_back_withdrawn_and_is_named(world, one, two, merge, apart):
    cast.consent_to(world, two)
    made = merge()
    consenting.withdraw_consent(
        actor=world.of("hana"), patient=one, scope="sealants", reason="The mother called", at=LATER
    )
    (said,) = apart(made, at=LATER).left
    assert "sealants" in said
    assert two.consents.get().scopes.get(scope="sealants").withdrawn_at == LATER


def test_it_is_taken_apart_once_and_can_be_merged_again(world, one, two, merge, apart):
    made = merge()
    apart(made)
    with pytest.raises(Conflict):
        apart(made)
    assert merge(at=LATER).pk != made.pk


# --- what the database refuses ---------------------------------------------------------------------------------------


def test_no_case_and_no_consent_changes_its_patient_by_any_other_way(world, one, two):
    cast.case_at(world, Status.SIGNED, patient=one)
    for table in ("cases_case", "cases_consent"):
        assert refused(f"UPDATE {table} SET patient_id = %s WHERE patient_id = %s", two.pk, one.pk)
    assert "its own act" in refused("UPDATE cases_patient SET merged_into_id = %s WHERE id = %s", one.pk, two.pk)


def test_a_merge_that_was_made_stands(world, one, two, merge):
    cast.consent_to(world, two)
    merge()
    assert "never changes" in refused("UPDATE cases_patientmerge SET moved = '{}'")
    assert "never removed" in refused("DELETE FROM cases_patientmerge")
    assert "its own act" in refused("UPDATE cases_patient SET merged_into_id = NULL WHERE id = %s", two.pk)
    assert refused(
        "UPDATE cases_consent SET signer_name = 'Other', patient_id = %s WHERE patient_id = %s", two.pk, one.pk
    )
