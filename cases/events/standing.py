"""How a child of an event stands: what the family answered, and whether she came (DE-2). Pure.

Being seen is what her case says; absent and refused are what a person says of a child without one, or her family by its
answer. Nobody is counted twice and nobody drops out: expected = done + absent + refused + unresolved.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cases.models.consent import Scope
from cases.states import Status

NEEDED = (Scope.SCREENING, Scope.TELEDENTISTRY, Scope.PHOTOGRAPHS)  # without one of them no picture is taken (CO-2)
GONE = frozenset(
    {Status.WITHDRAWN, Status.STOPPED, Status.RETRACTED}
)  # a case that came to nothing; its correction counts


class Agreed(StrEnum):
    """What the family answered about being looked at."""

    GIVEN = "given"
    PARTLY = "partly"
    REFUSED = "refused"
    EXPIRED = "expired"
    MISSING = "missing"


AGREED_WORDS = {
    Agreed.GIVEN: "Consent given", Agreed.PARTLY: "Consent in part", Agreed.REFUSED: "Consent refused",
    Agreed.EXPIRED: "Consent expired", Agreed.MISSING: "Form not returned",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """The newest answer of a family on one scope."""

    given: bool
    withdrawn: bool
    valid_from: date
    valid_until: date | None = None

    def in_force(self, day: date) -> bool:
        lasts = self.valid_until is None or day <= self.valid_until
        return self.given and not self.withdrawn and self.valid_from <= day and lasts

    @property
    def is_no(self) -> bool:
        return self.withdrawn or not self.given


def agreed(answers: Mapping[str, Answer], day: date) -> Agreed:
    """The answer as a whole on `day`: one no among what is needed is a no, and one that is lacking keeps the others back."""
    needed = [answers.get(scope) for scope in NEEDED]
    if any(one is not None and one.is_no for one in needed):
        return Agreed.REFUSED
    holds = [one is not None and one.in_force(day) for one in needed]
    if all(holds):
        return Agreed.GIVEN
    if any(one is not None and one.valid_until is not None and one.valid_until < day for one in needed):
        return Agreed.EXPIRED
    return Agreed.PARTLY if any(holds) else Agreed.MISSING


def scopes_in_force(answers: Mapping[str, Answer], day: date) -> tuple[str, ...]:
    """In the order in which scopes are asked."""
    return tuple(scope for scope in Scope if scope in answers and answers[scope].in_force(day))


class Standing(StrEnum):
    """Where a child stands on the day."""

    EXPECTED = "expected"
    BEGUN = "begun"
    DONE = "done"
    ABSENT = "absent"
    REFUSED = "refused"


STANDING_WORDS = {
    Standing.EXPECTED: "Expected", Standing.BEGUN: "Begun", Standing.DONE: "Done", Standing.ABSENT: "Absent",
    Standing.REFUSED: "Refused",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseThere:
    """A case of hers at the site on a day of the event."""

    status: Status
    submitted: bool  # at least once


def standing(mark: str, cases: Iterable[CaseThere], said: Agreed) -> Standing:
    """Her case says it where there is one that counts, else what was marked, else a family that refused, else she is expected."""
    counting = [one for one in cases if one.status not in GONE]
    if any(one.submitted for one in counting):
        return Standing.DONE
    if counting:
        return Standing.BEGUN
    if mark:
        return Standing(mark)
    return Standing.REFUSED if said == Agreed.REFUSED else Standing.EXPECTED


@dataclass(frozen=True, slots=True)
class Tally:
    """The reconciliation of an event."""

    expected: int
    done: int
    absent: int
    refused: int
    begun: int  # of the unresolved, those with a case that was not submitted

    @property
    def unresolved(self) -> int:
        return self.expected - self.done - self.absent - self.refused


def tally(standings: Iterable[Standing]) -> Tally:
    counted = Counter(standings)
    return Tally(
        expected=counted.total(), done=counted[Standing.DONE], absent=counted[Standing.ABSENT],
        refused=counted[Standing.REFUSED], begun=counted[Standing.BEGUN],
    )  # fmt: skip
