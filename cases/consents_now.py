"""Which families of many let something go out today: two queries however many (CO-2)."""

from collections.abc import Collection
from datetime import date

from cases.models import ConsentScope, Patient, Scope
from teledent.kit.decisions import ALLOWED, Decision, refuse


def in_force(patient_ids: Collection[int], scope: Scope, *, day: date) -> set[int]:
    """Patients whose newest answer on `scope` that had begun by `day` is a yes, in its dates and not withdrawn."""
    answers = ConsentScope.objects.filter(
        consent__patient__in=patient_ids, scope=scope, consent__valid_from__lte=day
    ).select_related("consent")
    newest = {
        one.consent.patient_id: one for one in answers.order_by("consent__valid_from", "consent__recorded_at", "pk")
    }
    return {
        patient
        for patient, one in newest.items()
        if one.given
        and one.withdrawn_at is None
        and (one.consent.valid_until is None or one.consent.valid_until >= day)
    }


def taken_back(patient_ids: Collection[int], scope: Scope) -> set[int]:
    """Patients whose newest answer on `scope` is a no, or was withdrawn; one that merely ran out is neither."""
    answers = ConsentScope.objects.filter(consent__patient__in=patient_ids, scope=scope).select_related("consent")
    newest = {one.consent.patient_id: one for one in answers.order_by("consent__valid_from", "pk")}
    return {patient for patient, one in newest.items() if not one.given or one.withdrawn_at is not None}


def agreed_to_school(patient_ids: Collection[int], *, day: date) -> set[int]:
    """Families who share the result with the school, and let a dentist read at all."""
    return in_force(patient_ids, Scope.SCHOOL, day=day) & in_force(patient_ids, Scope.TELEDENTISTRY, day=day)


def may_refer_now(patient: Patient, *, day: date) -> Decision:
    """A referral goes out while the family agrees to teledentistry: today, not only on the day seen."""
    if in_force([patient.pk], Scope.TELEDENTISTRY, day=day):
        return ALLOWED
    return refuse(
        "No consent to teledentistry is in force today, so no referral goes out. Record the family’s answer first."
    )
