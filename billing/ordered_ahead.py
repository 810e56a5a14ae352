"""What a signed case gives a payer to be asked about: its treatment orders that are still to be done, as codes."""

from django.db.models import QuerySet

from billing.actions.authorising import Asked
from cases import teeth
from cases.models import Case, Patient
from cases.models.second import hidden_cases
from cases.order_kinds import KINDS
from cases.order_states import LIVE
from cases.states import BILLABLE
from teledent.accounts.models import Person


def signed_cases(patient: Patient) -> QuerySet[Case]:
    """The newest first."""
    return Case.objects.filter(patient=patient, status__in=BILLABLE).order_by("-pk")


def open_cases(patient: Patient, person: Person) -> QuerySet[Case]:
    """Without those that tell what she is asked to judge for herself first (RE-2)."""
    return signed_cases(patient).exclude(hidden_cases(person, of="pk"))


def ordered_codes(case: Case) -> list[Asked]:
    """One line a code and tooth, in the order in which they were ordered; what pays for no code is left out."""
    asked: dict[tuple[str, str], int] = {}
    for order in case.orders.all():
        code = KINDS[order.kind].code
        if order.status in LIVE and code:
            key = code, teeth.universal(order.tooth) if order.tooth else ""
            asked[key] = asked.get(key, 0) + 1
    return [Asked(code, tooth, units) for (code, tooth), units in asked.items()]
