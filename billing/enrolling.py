"""Whether the payer knows the dentist: told before a case is started, because afterwards the claim cannot be another's."""

from collections.abc import Sequence
from datetime import datetime

from billing.models import Coverage, Priority
from cases.models import Case
from cases.places import day_at_patient_place
from teledent.accounts.models import Person


def warn_of_enrolment(person: Person, cases: Sequence[Case], at: datetime) -> dict[int, str]:
    """Cases whose first payer keeps a list of enrolled dentists on which `person` does not stand. One query.

    The first payer is the one in force on the day it now is where the patient was: a signature would date the claim so.
    """
    primary = Coverage.objects.filter(patient__in={case.patient_id for case in cases}, priority=Priority.PRIMARY)
    known: dict[int, list[Coverage]] = {}
    for coverage in primary.select_related("payer"):
        known.setdefault(coverage.patient_id, []).append(coverage)
    return {case.pk: said for case in cases if (said := _warning(person, case, known.get(case.patient_id, ()), at))}


def _warning(person: Person, case: Case, primary: Sequence[Coverage], at: datetime) -> str:
    day = day_at_patient_place(case, at)
    for coverage in primary:
        listed = coverage.payer.enrolled_dentists
        if coverage.is_in_force(day) and listed and str(person.public_id) not in listed:
            return f"You are not enrolled with {coverage.payer.name}: the claim may be refused."
    return ""
