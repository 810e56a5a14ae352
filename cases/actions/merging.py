"""Two rows of one patient put together by one audited act, and taken apart again by another (ID-1).

What was signed keeps the name under which it was signed; rows move, contents never.
"""

from datetime import datetime

from django.db import transaction

from cases.actions.files import judge_again
from cases.merging import Back, followers, lock_patients, objections
from cases.models import Case, Patient, PatientMerge
from cases.moving import lock, record_event
from cases.permissions import allowed_to
from cases.states import UNSIGNED
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.kit.decisions import Conflict, Refused, require
from teledent.kit.text import is_filler, printable

MEANWHILE = "One of these two was merged or taken apart a moment ago. Open the page anew; nothing was changed."


@transaction.atomic
def merge_patients(*, actor: Actor, kept: Patient, merged: Patient, reason: str, at: datetime) -> PatientMerge:
    """Everything of `merged` goes to `kept`; links and searches that find `merged` lead there from now on.

    Raises Refused with the reason when something cannot belong to one patient, Conflict when somebody was faster.
    """
    require(allowed_to(actor, "merge"))
    if kept.pk == merged.pk or {kept.practice_id, merged.practice_id} != {actor.practice.pk}:
        raise Refused("Choose two patients of your practice.")
    if is_filler(reason):
        raise Refused("Say how you know that these two are one person; the record keeps it.")
    rows = lock_patients(kept.pk, merged.pk)
    kept, merged = rows[kept.pk], rows[merged.pk]
    if kept.merged_into_id is not None or merged.merged_into_id is not None:
        raise Conflict(MEANWHILE)
    _lock_cases(kept.pk, merged.pk)
    against = next((one for one in objections(kept, merged) if one.refuses), None)
    if against:
        raise Refused(f"{against.sentence} Nothing was merged.")
    moved = {follower.noun: follower.rows(kept, merged) for follower in followers()}
    merge = PatientMerge.objects.create(
        practice=actor.practice, kept=kept, merged=merged, reason=printable(reason)[:300], at=at, person=actor.person,
        person_name=actor.person.name, moved=moved,
    )  # fmt: skip
    if not Patient.objects.filter(pk=merged.pk, merged_into__isnull=True).update(merged_into=kept):
        raise Conflict(MEANWHILE)
    for follower in followers():
        follower.over(kept, merged, moved[follower.noun], at)
    _tell(actor, merge, "patient_merged", cases=[row["id"] for row in moved["cases"]], reason=merge.reason, at=at)
    return merge


@transaction.atomic
def unmerge_patients(*, actor: Actor, merge: PatientMerge, reason: str, at: datetime) -> PatientMerge:
    """Put back exactly what was moved and has not been changed since; `left` then says what stays, and why."""
    require(allowed_to(actor, "merge"))
    if merge.practice_id != actor.practice.pk:
        raise Refused("This is not a merge of your practice.")
    if is_filler(reason):
        raise Refused("Say how you know that these are two persons; the record keeps it.")
    rows = lock_patients(merge.kept_id, merge.merged_id)
    merge = PatientMerge.objects.select_for_update(of=("self",)).select_related("kept", "merged").get(pk=merge.pk)
    if merge.undone_at is not None or rows[merge.merged_id].merged_into_id != merge.kept_id:
        raise Conflict(MEANWHILE)
    if onward := rows[merge.kept_id].merged_into:
        raise Refused(f"{merge.kept} was itself merged into {onward}. Take that apart first.")
    _lock_cases(merge.kept_id, merge.merged_id)
    backs = _what_goes_back(merge)
    left = [sentence for back in backs.values() for sentence in back.stays]
    PatientMerge.objects.filter(pk=merge.pk).update(
        undone_at=at, undone_by=actor.person, undone_reason=printable(reason)[:300], left=left
    )
    for follower in followers():
        follower.back(merge, backs[follower.noun].ids, at)
    Patient.objects.filter(pk=merge.merged_id, merged_into=merge.kept_id).update(merged_into=None)
    _tell(actor, merge, "patient_unmerged", cases=list(backs["cases"].ids), reason=printable(reason)[:300], at=at)
    merge.refresh_from_db()
    return merge


def _what_goes_back(merge: PatientMerge) -> dict[str, Back]:
    backs: dict[str, Back] = {}
    for follower in followers():
        cases = frozenset(backs["cases"].ids) if "cases" in backs else frozenset()
        backs[follower.noun] = follower.going_back(merge, merge.moved.get(follower.noun, []), cases)
    return backs


def what_would_stay(merge: PatientMerge) -> list[str]:
    """What could not go back if it were taken apart now, in words; for the page that asks."""
    return [sentence for back in _what_goes_back(merge).values() for sentence in back.stays]


def _lock_cases(*patients: int) -> None:
    for case_id in Case.objects.filter(patient__in=patients).order_by("pk").values_list("pk", flat=True):
        lock(case_id)


def _tell(actor: Actor, merge: PatientMerge, kind: str, *, cases: list[int], reason: str, at: datetime) -> None:
    """On every timeline of both, those that moved marked; files of unsigned cases are compared with the patient as she is now:
    also where a dentist reads the case, who then cannot sign while a picture of it waits for a decision."""
    said = {"kept": merge.kept.public_id, "merged": merge.merged.public_id, "merge": merge.public_id, "reason": reason}
    both = Case.objects.filter(patient__in=[merge.kept_id, merge.merged_id]).order_by("pk")
    for case_id in both.values_list("pk", flat=True):
        details = {**said, "moved": case_id in cases}
        record_event(case_id, kind, person=actor.person, at=at, details=details)
        case = lock(case_id)
        if case.status in UNSIGNED:
            judge_again(case, at=at)
    for patient in (merge.kept, merge.merged):
        trail.record(
            "changed", noun="patient", public_id=patient.public_id, person=actor.person, practice=actor.practice, at=at
        )
