"""What of the money half goes with a patient who is merged with another (ID-1): coverage, and the days billed once (CL-5)."""

from collections.abc import Iterator
from datetime import datetime

from billing.actions.checking import check_claim
from billing.authorisation_states import ENDED
from billing.models import Authorisation, BilledOnce, Claim, Coverage, SaidPlan
from billing.moving import CHECK
from billing.states import LABELS, SENT, STANDING, Status
from cases.merging import Back, Follower, Objection, Rows, as_rows, follow_merges, mover, mover_back, unchanged
from cases.models import Patient, PatientMerge
from teledent.jobs.queue import enqueue

Named = dict[int, tuple[Coverage | None, str]]  # by the key of a coverage: itself, and what names it


def follow() -> None:
    follow_merges(
        Follower(
            "coverages", lambda patient: Coverage.objects.filter(patient=patient).count(),
            lambda kept, merged: as_rows(Coverage.objects.filter(patient=merged).order_by("pk")),
            mover(Coverage), _coverages_back, mover_back(Coverage),
        )
    )  # fmt: skip
    follow_merges(
        Follower(
            "plans that a school said", lambda patient: SaidPlan.objects.filter(patient=patient).count(), _said, mover(SaidPlan),
            unchanged(SaidPlan, lambda row: f"What a school said: {row}"), mover_back(SaidPlan),
        )
    )  # fmt: skip
    follow_merges(
        Follower(
            "days billed once", lambda patient: BilledOnce.objects.filter(patient=patient).count(), _days, _days_over,
            lambda merge, rows, cases: Back(()), _days_back, _against,
        )
    )  # fmt: skip


def _said(kept: Patient, merged: Patient) -> Rows:
    """Not what was said of the one who stays, too."""
    there = set(SaidPlan.objects.open().filter(patient=kept).values_list("payer", "member_id"))
    return as_rows(
        row
        for row in SaidPlan.objects.filter(patient=merged).order_by("pk")
        if (row.payer, row.member_id) not in there or row.settled_at is not None
    )


# --- coverage -------------------------------------------------------------------------------------------------------


def _coverages_back(merge: PatientMerge, rows: Rows, cases: frozenset[int]) -> Back:
    """Unchanged ones, but for those that a sent claim or a request names whose case stays."""
    back = unchanged(Coverage, lambda row: f"Coverage with {row}")(merge, rows, cases)
    named = _asked_of_staying(merge, back.ids, cases) | _sent_of_staying(merge, back.ids, cases)
    told = (f"Coverage with {plan}: {why} and stays, so it stays with {merge.kept}." for plan, why in named.values())
    return Back(tuple(pk for pk in back.ids if pk not in named), (*back.stays, *told))


def _sent_of_staying(merge: PatientMerge, ids: tuple[int, ...], cases: frozenset[int]) -> Named:
    sent = Claim.objects.filter(coverage__in=ids, status__in=SENT, case__patient=merge.kept_id).exclude(case__in=cases)
    return {
        claim.coverage_id or 0: (claim.coverage, f"{claim.claim_id} was sent under it")
        for claim in sent.select_related("coverage__payer").defer("facts", "draft").order_by("pk")
    }


def _asked_of_staying(merge: PatientMerge, ids: tuple[int, ...], cases: frozenset[int]) -> Named:
    """What was asked of it for such a case, and counts: asked or billed under the plan of another it would be untrue."""
    asked = Authorisation.objects.filter(coverage__in=ids, case__patient=merge.kept_id).exclude(case__in=cases)
    standing = asked.exclude(status__in=sorted(ENDED)).select_related("coverage__payer").order_by("pk")
    return {row.coverage_id: (row.coverage, f"{row} is asked under it") for row in standing}


# --- days billed once -----------------------------------------------------------------------------------------------


def _twice(kept: Patient, merged: Patient) -> Iterator[tuple[BilledOnce, BilledOnce]]:
    """Pairs of one code and day that two claims hold, one of either row of the patient."""
    held = {(row.code, row.service_date): row for row in _held(kept)}
    for row in _held(merged):
        if (row.code, row.service_date) in held:
            yield held[row.code, row.service_date], row


def _held(patient: Patient) -> Iterator[BilledOnce]:
    return BilledOnce.objects.filter(patient=patient).select_related("claim").order_by("service_date", "pk").iterator()


def _gives_way(of_kept: BilledOnce, of_merged: BilledOnce) -> BilledOnce | None:
    """The one whose claim leaves the day to the other: to be voided, a void that was refused, or not sent yet. None: both are
    sent and stand."""
    for row in sorted((of_merged, of_kept), key=lambda row: row.claim.is_void):
        if row.claim.is_void or row.claim.void_wanted_at is not None or row.claim.status not in STANDING:
            return row
    return None


def _against(kept: Patient, merged: Patient) -> list[Objection]:
    return [_objection(*pair) for pair in _twice(kept, merged)]


def _objection(of_kept: BilledOnce, of_merged: BilledOnce) -> Objection:
    said = " and ".join(
        f"{row.claim.claim_id} ({LABELS[Status(row.claim.status)].lower()})" for row in (of_kept, of_merged)
    )
    what = f"{of_kept.code} on {of_kept.service_date:%-d %b %Y} stands on {said}, once for each"
    loser = _gives_way(of_kept, of_merged)
    if loser is None:
        return Objection(
            f"{what}, and both were sent. One patient is billed it once a day: retract the case that is the copy first, "
            "so that its claim is voided.",
            refuses=True,
        )
    if loser.claim.is_void:
        return Objection(f"{what}. {loser.claim.claim_id} is a void that was refused and leaves the day to the other.")
    if loser.claim.status in STANDING:
        return Objection(f"{what}. {loser.claim.claim_id} is to be voided and leaves the day to the other.")
    return Objection(f"{what}. {loser.claim.claim_id} will be held: one patient is billed it once a day.")


def _days(kept: Patient, merged: Patient) -> Rows:
    return [{"id": row.pk, "was": {"claim": row.claim.claim_id}} for row in _held(merged)]


def _days_over(kept: Patient, merged: Patient, rows: Rows, at: datetime) -> None:
    """The cases have moved. Whoever gives way loses the day; a claim not sent is held at once, by its own rule."""
    losers = [loser for pair in _twice(kept, merged) if (loser := _gives_way(*pair)) is not None]
    BilledOnce.objects.filter(pk__in=[loser.pk for loser in losers]).delete()
    BilledOnce.objects.filter(patient=merged).update(patient=kept)
    for loser in losers:
        check_claim(loser.claim_id, at=at)
    enqueue(CHECK, patient_id=kept.pk)


def _days_back(merge: PatientMerge, ids: tuple[int, ...], at: datetime) -> None:
    """A day follows the case of its claim; what was held for the other may be ready again."""
    BilledOnce.objects.filter(patient=merge.kept_id, claim__case__patient=merge.merged_id).update(
        patient=merge.merged_id
    )
    for patient_id in (merge.kept_id, merge.merged_id):
        enqueue(CHECK, patient_id=patient_id)
