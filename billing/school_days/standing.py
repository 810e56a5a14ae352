"""How a child's plan stands on a day; pure. Not known and old are amber, and nothing here holds a child back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from billing.claims.facts import Verified, within
from billing.claims.verified import answered, counting, is_old


class Authorisation(StrEnum):
    """How a child stands whose plan wants an authorisation."""

    NOT_WANTED = ""
    MISSING = "missing"
    WAITING = "waiting"  # asked, and not answered
    APPROVED = "approved"  # one holds on the day


class Standing(StrEnum):
    NONE = "none"
    LAPSED = "lapsed"
    NOT_YET = "not_yet"
    UNVERIFIED = "unverified"
    OLD = "old"
    VERIFIED = "verified"


LABELS = {
    Standing.NONE: "No plan", Standing.LAPSED: "Ended", Standing.NOT_YET: "Not begun", Standing.UNVERIFIED: "Not verified",
    Standing.OLD: "Verified long ago", Standing.VERIFIED: "Verified",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One verification with the words that were learned."""

    verified: Verified
    reference: str
    note: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A primary plan. `told` was asked about the payer and member id that it has now, the oldest first; `mistaken` was
    too, and marked as entered in error."""

    public_id: UUID
    payer: str
    member_id: str
    valid_from: date | None
    valid_until: date | None
    holds_for: int | None  # days; None: the payer states no limit
    told: tuple[Told, ...] = ()
    mistaken: tuple[Told, ...] = ()
    approved: tuple[tuple[date, date | None], ...] = ()  # first and last day of each approval for this member id
    asked: bool = False  # a request for an authorisation has no answer yet

    @property
    def as_shown(self) -> str:
        """As `Coverage` words itself."""
        return f"{self.payer}, {self.member_id}"

    @property
    def newest(self) -> Told | None:
        return self.told[-1] if self.told else None

    def counting(self, day: date) -> Verified | None:
        return counting([one.verified for one in self.told], day, self.holds_for)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The last evaluation that is known of, and who made it where that was another practice."""

    on: date
    code: str
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class Child:
    public_id: UUID
    name: str
    birth_date: date
    grade: str
    room: str
    plan: Plan | None
    evaluated: Evaluated | None = None
    said: tuple[UUID, str] | None = None  # what the school's list says of her insurance, not made a plan yet

    def standing(self, day: date) -> Standing:
        return standing_of(self.plan, day)

    def wants_authorisation(self, day: date) -> bool:
        """As the verification that counts says; one that was never asked about is not known, and so not wanted."""
        told = self.plan.counting(day) if self.plan else None
        known = [one.verified for one in self.plan.told] if self.plan else []
        return told is not None and answered(known, told, "authorisation")[0] == "needed"

    def authorisation(self, day: date) -> Authorisation:
        """Whether one of any service holds on `day`; which service, the claim asks."""
        if self.plan is None or not self.wants_authorisation(day):
            return Authorisation.NOT_WANTED
        if any(within(day, first, last) for first, last in self.plan.approved):
            return Authorisation.APPROVED
        return Authorisation.WAITING if self.plan.asked else Authorisation.MISSING

    def needs_somebody(self, day: date) -> bool:
        return self.standing(day) != Standing.VERIFIED or self.authorisation(day) == Authorisation.MISSING


def plan_on(plans: Sequence[Plan], day: date) -> Plan | None:
    """The one in force on `day` that began last, as a claim would choose; else the one that ends last, for somebody to
    look at."""
    in_force = [plan for plan in plans if within(day, plan.valid_from, plan.valid_until)]
    if in_force:
        return max(in_force, key=lambda plan: plan.valid_from or date.min)
    return max(plans, key=lambda plan: plan.valid_until or date.max, default=None)


def standing_of(plan: Plan | None, day: date) -> Standing:
    if plan is None:
        return Standing.NONE
    if plan.valid_until is not None and plan.valid_until < day:
        return Standing.LAPSED
    if plan.valid_from is not None and plan.valid_from > day:
        return Standing.NOT_YET
    told = plan.counting(day)
    if told is None:
        return Standing.UNVERIFIED
    return Standing.OLD if is_old(told, day, plan.holds_for) else Standing.VERIFIED
