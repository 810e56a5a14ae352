"""Steps of the follow-up, and merges of the patient, against what the timeline tells."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from cases.actions.following import told_of
from cases.models import Case, CaseEvent, FollowUp, PatientMerge, Proof
from cases.verifying_told import told
from teledent.kit import canonical

MERGED, UNMERGED = "patient_merged", "patient_unmerged"


def follow_up_misfits(case: Case) -> Iterator[str]:
    """Each step that the timeline tells of is there as it was recorded, and no step comes from nowhere."""
    events = [_step_told(event) for event in told(case, "follow_up")]
    hashed = [one for one in events if "digest" in one[2]]
    unhashed = [one for one in events if "digest" not in one[2]]  # recorded before the hash was told
    rows = [_step_there(row) for row in FollowUp.objects.filter(case=case)]
    left = Counter(map(_key, rows))
    left.subtract(map(_key, hashed))
    bare = Counter(_key(_without_hash(row)) for row in rows if left[_key(row)] > 0)
    bare.subtract(map(_key, unhashed))
    if any(left[_key(one)] < 0 for one in hashed) or any(bare.values()):
        yield f"{case.label}: the steps of its follow-up are not those that the timeline tells."


Step = tuple[Any, int | None, dict[str, Any]]


def _step_told(event: CaseEvent) -> Step:
    return event.at, event.person_id, event.details


def _step_there(row: FollowUp) -> Step:
    return row.recorded_at, row.recorded_by_id, canonical.plain(told_of(row))


def _without_hash(step: Step) -> Step:
    at, person, details = step
    unsaid = {"digest"} | (
        {"proof"} if details.get("proof") == Proof.UNSTATED else set()
    )  # rows from before it was asked
    return at, person, {name: value for name, value in details.items() if name not in unsaid}


def _key(step: Step) -> tuple[Any, int | None, str]:
    at, person, details = step
    return at, person, canonical.sha256_of(details)


def merge_misfits(case: Case) -> Iterator[str]:
    """Each merge and each taking apart that the timeline tells of stands in its row, with who, when and why; and a merge
    that moved this case is told of."""
    events = list(told(case, MERGED, UNMERGED))
    merges = {str(row.public_id): row for row in PatientMerge.objects.select_related("kept", "merged").filter(
        public_id__in=[event.details["merge"] for event in events]
    )}  # fmt: skip
    for event in events:
        row = merges.get(event.details["merge"])
        if row is None or not _as_told(row, event, case):
            yield f"{case.label}: a merge of its patient of {event.at:%Y-%m-%d %H:%M} UTC is gone or was changed."
    of_patient = PatientMerge.objects.filter(Q(kept=case.patient_id) | Q(merged=case.patient_id))
    for row in of_patient.exclude(public_id__in=list(merges)):
        if _moved(row, case):
            yield f"{case.label}: its patient was merged at {row.at:%Y-%m-%d %H:%M} UTC, and the timeline does not tell."


def _as_told(row: PatientMerge, event: CaseEvent, case: Case) -> bool:
    said = event.details
    whose = (str(row.kept.public_id), str(row.merged.public_id)) == (said["kept"], said["merged"])
    if event.kind == MERGED:
        happened = (row.at, row.person_id, row.reason) == (event.at, event.person_id, said["reason"])
        return whose and happened and _moved(row, case) == said["moved"]
    return whose and (row.undone_at, row.undone_by_id, row.undone_reason) == (event.at, event.person_id, said["reason"])


def _moved(row: PatientMerge, case: Case) -> bool:
    return case.pk in {moved["id"] for moved in row.moved.get("cases", ())}
