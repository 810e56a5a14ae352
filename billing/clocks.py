"""What runs out for a claim and when: filing, correction and appeal, side by side, and the payer's own time to answer. Pure.

A clock of n days that begins on a day is the half-open stretch [begin, begin + n + 1) of calendar days of the practice: the
last day on which something may still be done is `due`, the day after is too late. A limit that nobody has stated is not
known, and is said so: nothing is guessed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from billing.states import STANDING, Status

SOON = 7  # days left from which a clock is said in the ink of what waits
NO_DAY = date.max  # something is to be done and no day for it is known: it stands behind whatever has one


class Kind(StrEnum):
    FILING = "filing"  # from the day of service, until a claim was judged
    CORRECTION = "correction"  # from the payer's answer: a corrected claim in its place, also while that one waits
    APPEAL = "appeal"  # from the payer's answer
    ANSWER = "answer"  # from the day it went out: how long this payer is given
    VOID = "void"  # due at once: the payer holds a claim that is not true


class State(StrEnum):
    RUNNING = "running"
    SOON = "soon"
    PASSED = "passed"
    UNKNOWN = "unknown"  # it matters, and its limit or its first day is not known
    OFF = "off"  # it does not matter to a claim of this status


class Desk(StrEnum):
    """Who holds a claim up: the desk itself, or the payer until its time to answer is over."""

    NOBODY = ""
    ACT = "act"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Limits:
    """Days that a payer gives, as they hold for one claim; None is "not known"."""

    filing: int | None = None
    correction: int | None = None
    appeal: int | None = None
    answer: int | None = 30


@dataclass(frozen=True, slots=True)
class Standing:
    """What the clocks of one claim read: its status and the days on which they begin, in the practice's zone."""

    status: Status
    service_on: date | None = None
    sent_on: date | None = None  # the last time it went out
    answered_on: date | None = (
        None  # as the payer dated its answer; of a correction that waits, to the claim it corrects
    )
    void_wanted_on: date | None = None  # of a void, the day it was made
    changes: Literal["", "correction", "void"] = ""  # what this claim does to one that went out, by its frequency


@dataclass(frozen=True, slots=True)
class Clock:
    kind: Kind
    due: date | None  # the last day; None where it is not known or does not matter
    days_left: int | None  # 0 on the last day, negative afterwards
    state: State


MATTERS: dict[Status, tuple[Kind, ...]] = {
    Status.DRAFT: (Kind.FILING,),
    Status.BLOCKED: (Kind.FILING,),
    Status.READY: (Kind.FILING,),
    Status.REJECTED: (Kind.FILING,),  # nobody judged it: it counts as not filed
    Status.EXPORTED: (Kind.ANSWER,),
    Status.ACCEPTED: (Kind.ANSWER,),
    Status.DENIED: (Kind.CORRECTION, Kind.APPEAL),
    Status.PART_PAID: (Kind.CORRECTION, Kind.APPEAL),
}
# A void has no limit but to go out; once it was taken on nothing more is awaited of it.
OF_A_VOID: dict[Status, tuple[Kind, ...]] = {
    **dict.fromkeys(
        (Status.DRAFT, Status.BLOCKED, Status.READY, Status.REJECTED, Status.DENIED, Status.PART_PAID), (Kind.VOID,)
    ),
    Status.EXPORTED: (Kind.ANSWER,),
}
ACTED_ON = frozenset({Status.BLOCKED, Status.REJECTED, Status.DENIED, Status.PART_PAID})
WAITED_FOR = frozenset({Status.EXPORTED, Status.ACCEPTED})


def kinds_for(standing: Standing) -> tuple[Kind, ...]:
    """The clocks that matter now. A claim to be voided has no other: its money is not to be pursued. A correction that was
    not judged runs from the answer to the claim it corrects; before there is one, it can only be filed in time."""
    if standing.changes == "void":
        return OF_A_VOID.get(standing.status, ())
    if standing.void_wanted_on is not None and standing.status in STANDING:
        return (Kind.VOID,)
    kinds = MATTERS.get(standing.status, ())
    corrects = standing.changes == "correction" and standing.answered_on is not None
    return (Kind.CORRECTION,) if corrects and kinds == (Kind.FILING,) else kinds


def last_day(kind: Kind, standing: Standing, limits: Limits) -> date | None:
    """The last day of one clock, whether or not it matters now; None where its limit or its first day is not known."""
    begin, days = {
        Kind.FILING: (standing.service_on, limits.filing),
        Kind.CORRECTION: (standing.answered_on, limits.correction),
        Kind.APPEAL: (standing.answered_on, limits.appeal),
        Kind.ANSWER: (standing.sent_on, limits.answer),
        Kind.VOID: (standing.void_wanted_on, 0),
    }[kind]
    if begin is None or days is None:
        return None
    try:
        return begin + timedelta(days=days)
    except OverflowError:  # a payer's file dated its answer in the year 9999
        return None


def clocks_of(
    standing: Standing, limits: Limits, *, today: date, kinds: Iterable[Kind] = tuple(Kind)
) -> tuple[Clock, ...]:
    """One clock of each of these kinds, in their order."""
    matters = kinds_for(standing)
    return tuple(_clock(kind, standing, limits, today) if kind in matters else _off(kind) for kind in kinds)


def _off(kind: Kind) -> Clock:
    return Clock(kind, None, None, State.OFF)


def _clock(kind: Kind, standing: Standing, limits: Limits, today: date) -> Clock:
    due = last_day(kind, standing, limits)
    if due is None:
        return Clock(kind, None, None, State.UNKNOWN)
    left = (due - today).days
    return Clock(kind, due, left, State.PASSED if left < 0 else State.SOON if left <= SOON else State.RUNNING)


@dataclass(frozen=True, slots=True)
class Due:
    """What is kept on the claim, so that a list of many needs not compute it: true whatever day it is."""

    desk: Desk
    on: (
        date | None
    )  # the earliest last day of the clocks that matter; NO_DAY: none is known; None: nothing is to be done
    kind: Kind | None  # whose day that is


def due_of(standing: Standing, limits: Limits) -> Due:
    kinds = kinds_for(standing)
    if not kinds:
        return Due(Desk.NOBODY, None, None)
    known = [(due, kind) for kind in kinds if (due := last_day(kind, standing, limits)) is not None]
    day, kind = min(known, key=lambda one: one[0]) if known else (NO_DAY, kinds[0])
    return Due(_desk(standing, kinds), day, kind)


def _desk(standing: Standing, kinds: tuple[Kind, ...]) -> Desk:
    if (kinds == (Kind.VOID,) and standing.status in STANDING) or standing.status in ACTED_ON:
        return Desk.ACT
    return Desk.WAIT if standing.status in WAITED_FOR else Desk.NOBODY


def needs_a_person(due: Due, today: date) -> bool:
    """Whether the desk has something to do: at once, or because the payer's time to answer is over."""
    return due.desk == Desk.ACT or (due.desk == Desk.WAIT and due.on is not None and due.on < today)
