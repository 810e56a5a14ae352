"""verify_record holds the steps of the follow-up and the merges of the patient against the timeline."""

import pytest

from cases.actions import following, merging
from cases.models import PatientMerge
from cases.moving import record_event
from cases.states import Status
from teledent.kit import clock
from tests import cast
from tests.after.conftest import case_at
from tests.record.test_verifying import after, drop_guards_here, what_is_named

__all__ = ["case_at"]
COLUMNS = "case_id, told_to, how, happened_at, place, proof, note, recorded_by_id, recorded_at"
STEPS, MERGE = "the steps of its follow-up", "a merge of its patient"


def a_step(world, case):
    at = clock.now()
    return following.record_follow_up(
        actor=world.of("rita"), case=case, step="told", told_to="Lucia Villanueva", how="Phone", note="She calls back", at=at,
        happened_at=at,
    )  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM cases_followup", "UPDATE cases_followup SET told_to = 'Another'", "UPDATE cases_followup SET step = 'tried'",
        "UPDATE cases_followup SET happened_at = '2026-01-01'", "UPDATE cases_followup SET recorded_at = '2026-01-01'",
        "UPDATE cases_followup SET note = 'Another'",
        "UPDATE cases_followup SET recorded_by_id = (SELECT opened_by_id FROM cases_case LIMIT 1)",
        f"INSERT INTO cases_followup (step, {COLUMNS}) SELECT 'declined', {COLUMNS} FROM cases_followup",
    ],
)  # fmt: skip
def test_a_step_that_is_changed_behind_our_back_is_named(world, case_at, statement):
    case = case_at(Status.SIGNED)
    a_step(world, case)
    assert what_is_named(case) == []
    drop_guards_here()
    assert any(STEPS in one for one in after(case, statement))


def test_a_step_from_before_its_hash_was_told_fits_as_far_as_its_event_says(world, case_at, monkeypatch):
    def as_it_told(case_id, kind, *, details, **said):
        return record_event(case_id, kind, details={k: v for k, v in details.items() if k != "digest"}, **said)

    case = case_at(Status.SIGNED)
    monkeypatch.setattr("cases.actions.following.record_event", as_it_told)
    a_step(world, case)
    assert what_is_named(case) == []
    drop_guards_here()
    assert any(STEPS in one for one in after(case, "UPDATE cases_followup SET how = 'Another'"))


@pytest.fixture
def merged(world, case_at):
    """A case that a merge moved, and one that was there; the merge was undone and made again."""
    stays = case_at(Status.DRAFT)
    moved = case_at(Status.SIGNED, patient=cast.make_patient(world, given="Matteo"))
    said = {"actor": world.of("olu"), "reason": "The mother told us"}
    first = merging.merge_patients(kept=stays.patient, merged=moved.patient, at=clock.now(), **said)
    merging.unmerge_patients(merge=first, at=clock.now(), **said)
    merging.merge_patients(kept=stays.patient, merged=moved.patient, at=clock.now(), **said)
    return stays, moved


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM cases_patientmerge", "UPDATE cases_patientmerge SET reason = 'Another'",
        "UPDATE cases_patientmerge SET at = '2026-01-01'", "UPDATE cases_patientmerge SET moved = '{}'",
        "UPDATE cases_patientmerge SET kept_id = merged_id, merged_id = kept_id",
        "UPDATE cases_patientmerge SET undone_reason = 'Another' WHERE undone_at IS NOT NULL",
        "UPDATE cases_patientmerge SET person_id = (SELECT opened_by_id FROM cases_case LIMIT 1)",
    ],
)  # fmt: skip
def test_a_merge_that_is_changed_behind_our_back_is_named(merged, statement):
    stays, moved = merged
    assert (what_is_named(stays), what_is_named(moved)) == ([], [])
    drop_guards_here()
    assert any(MERGE in one for one in after(moved, statement))


def test_a_merge_that_no_timeline_tells_of_is_named(world, case_at, merged):
    _, moved = merged
    drop_guards_here()
    made = PatientMerge.objects.get(undone_at__isnull=True)
    made.pk, made.public_id = None, "5b1d7a52-53a1-4c1a-9d59-0a2f3c9c9f11"
    made.undone_at, made.undone_by, made.undone_reason = made.at, made.person, "Two children"
    made.save(force_insert=True)
    assert any("the timeline does not tell" in one for one in what_is_named(moved))
