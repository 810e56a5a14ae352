"""Whether the payer knows the dentist: told before a case is started, because afterwards the claim cannot be another's."""

from collections.abc import Sequence
from datetime import datetime

from billing.models import Coverage, Priority
from cases.models import Case
from teledent.accounts.models import Person


def warn_of_enrolment(person: Person, cases: Sequence[Case], at: datetime) -> dict[int, str]:
    """Cases whose first payer keeps a list of enrolled dentists on which `person` does not stand. One query."""
    by_patient: dict[int, str] = {}
    first = Coverage.objects.on(at.date()).filter(
        patient__in={case.patient_id for case in cases}, priority=Priority.PRIMARY
    )
    for coverage in first.select_related("payer"):
        listed = coverage.payer.enrolled_dentists
        if listed and str(person.public_id) not in listed:
            by_patient[coverage.patient_id] = (
                f"You are not enrolled with {coverage.payer.name}: the claim may be refused."
            )
    return {case.pk: by_patient[case.patient_id] for case in cases if case.patient_id in by_patient}
