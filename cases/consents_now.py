"""Of which cases the families let something go out today: one query a scope however many (CO-2)."""

from collections.abc import Collection
from datetime import date

from cases.models import Case, ConsentScope, Scope
from teledent.kit.decisions import ALLOWED, Decision, refuse


def in_force(cases: Collection[Case], scope: Scope, *, day: date) -> set[int]:
    """Keys of the cases whose newest answer on `scope` that had begun by `day` is a yes, in its dates and not withdrawn."""
    newest = ConsentScope.objects.filter(scope=scope, consent__valid_from__lte=day).newest_by_case(cases)
    return {
        case
        for case, one in newest.items()
        if one.given
        and one.withdrawn_at is None
        and (one.consent.valid_until is None or one.consent.valid_until >= day)
    }


def taken_back(cases: Collection[Case], scope: Scope) -> dict[int, ConsentScope | None]:
    """Of signed cases, those whose newest answer on `scope` is a no, or was withdrawn: that answer by the case's key, and None
    where the only one was entered wrongly, so that none is left. One that merely ran out is none of these."""
    newest = ConsentScope.objects.filter(scope=scope).newest_by_case(cases)
    stands = {case for case, one in newest.items() if one.given and one.withdrawn_at is None}
    return {case.pk: newest.get(case.pk) for case in cases if case.pk not in stands}


def agreed_to_school(cases: Collection[Case], *, day: date) -> set[int]:
    """Keys of the cases whose families share the result with the school, and let a dentist read at all."""
    return in_force(cases, Scope.SCHOOL, day=day) & in_force(cases, Scope.TELEDENTISTRY, day=day)


def may_refer_now(case: Case, *, day: date) -> Decision:
    """A referral goes out while the family agrees to teledentistry: today, not only on the day seen."""
    if in_force([case], Scope.TELEDENTISTRY, day=day):
        return ALLOWED
    return refuse(
        "No consent to teledentistry is in force today, so no referral goes out. Record the family’s answer first."
    )
