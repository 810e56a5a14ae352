"""READ FIRST for what comes after the signature: every state of a follow-up, every step between them, whose turn it is.

A step is a `FollowUp` row; the state is what the rows add up to (`standing`), never typed by anybody. `Aftercare` keeps
the result for lists and is written by `cases.aftercare` alone. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from cases.models.followup import FollowUpStep as Step
from cases.models.review import Outcome
from teledent.kit.moves import Move, move


class State(StrEnum):
    PENDING = "pending"  # signed, and nobody has told the family
    SENT = "sent"  # a letter was handed over or posted; whether it was read nobody knows
    TRIED = "tried"  # somebody tried to reach the family, in vain
    UNREACHABLE = "unreachable"  # so often in a row that the practice calls it that
    TOLD = "told"  # the family knows
    BOOKED = "booked"  # an appointment was made: when and where
    ATTENDED = "attended"  # the visit took place, and something proves it
    DECLINED = "declined"  # the family does not want it


LABELS = {
    State.PENDING: "To be told",
    State.SENT: "Letter on its way",
    State.TRIED: "Not reached yet",
    State.UNREACHABLE: "Unreachable",
    State.TOLD: "Told",
    State.BOOKED: "Appointment made",
    State.ATTENDED: "Attended, proven",
    State.DECLINED: "Declined",
}

PEOPLE, SYSTEM = "a hygienist of the site, a dentist or the front desk", "system, at the practice's number of tries"
OPEN = (State.PENDING, State.SENT, State.TRIED, State.UNREACHABLE)  # the family may not know yet
GIVE_UP = "give_up"  # the one move that no person records: the last try in a row

MOVES: tuple[Move, ...] = (
    move(Step.LETTER, OPEN[:1], State.SENT, PEOPLE),
    *(move(Step.LETTER, [state], state, PEOPLE) for state in State if state is not State.PENDING),
    move(Step.TRIED, [State.PENDING, State.SENT, State.TRIED], State.TRIED, PEOPLE),
    *(move(Step.TRIED, [state], state, PEOPLE) for state in State if state not in OPEN[:3]),
    move(GIVE_UP, [State.TRIED], State.UNREACHABLE, SYSTEM),
    move(Step.TOLD, [*OPEN, State.TOLD], State.TOLD, PEOPLE),
    *(move(Step.TOLD, [state], state, PEOPLE) for state in (State.BOOKED, State.ATTENDED, State.DECLINED)),
    move(Step.BOOKED, [state for state in State if state is not State.ATTENDED], State.BOOKED, PEOPLE),
    move(Step.MISSED, [State.BOOKED], State.TOLD, PEOPLE),
    move(Step.ATTENDED, list(State), State.ATTENDED, PEOPLE),
    move(Step.DECLINED, [state for state in State if state is not State.ATTENDED], State.DECLINED, PEOPLE),
)

_TARGETS = {(entry.name, source): State(entry.target) for entry in MOVES for source in entry.sources}

OWNERS: dict[State, str] = {
    State.PENDING: "the front desk or a hygienist of the site: tell the family, or hand over the letter",
    State.SENT: "the front desk or a hygienist of the site: ask whether the letter arrived",
    State.TRIED: "the front desk or a hygienist of the site: try again",
    State.UNREACHABLE: "the front desk: write, ask the school, or close with the reason",
    State.TOLD: "the front desk or a hygienist of the site: is there an appointment?",
    State.BOOKED: "the front desk: after the day, ask for proof",
    State.ATTENDED: "the front desk: close the case",
    State.DECLINED: "the front desk: close with what the family said",
}

NEXT = {
    State.PENDING: "Tell the family, or hand over the letter",
    State.SENT: "Ask whether the letter arrived",
    State.TRIED: "Try again",
    State.UNREACHABLE: "Write, ask the school, or close with the reason",
    State.TOLD: "Ask for the appointment",
    State.BOOKED: "After the day, ask for proof",
    State.ATTENDED: "Close the case",
    State.DECLINED: "Close with what the family said",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """One step as it was recorded."""

    step: str
    at: datetime
    booked_for: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a follow-up stands: `tries` in a row since anybody reached the family, `booked_for` while an appointment stands."""

    state: State
    tries: int = 0
    booked_for: datetime | None = None


def target_of(state: State, step: str) -> State | None:
    """Where a step leads from here; None where it makes no sense, such as an appointment missed that nobody made."""
    return _TARGETS.get((step, state))


def standing(taken: Iterable[Taken], *, told_when_signed: bool, most_tries: int) -> Standing:
    """What the steps, oldest first, add up to. A step that makes no sense where it stands changes nothing."""
    now = Standing(State.TOLD if told_when_signed else State.PENDING)
    for one in taken:
        now = _after(now, one, most_tries=most_tries)
    return now


def _after(now: Standing, one: Taken, *, most_tries: int) -> Standing:
    state = target_of(now.state, one.step)
    if state is None:
        return now
    if one.step == Step.TRIED:
        tries = now.tries + 1
        given_up = state is State.TRIED and tries >= most_tries
        return replace(now, state=_TARGETS[GIVE_UP, state] if given_up else state, tries=tries)
    tries = now.tries if one.step == Step.LETTER else 0
    booked_for = {Step.BOOKED: one.booked_for, Step.LETTER: now.booked_for, Step.TOLD: now.booked_for}.get(
        Step(one.step)
    )
    return Standing(state, tries, booked_for)


def is_proven(outcome: str, state: str) -> bool:
    """Whether the follow-up may end without a reason: a visit with proof; where nothing but the next look was advised, a
    family that has its letter or was told."""
    return state == State.ATTENDED or (outcome == Outcome.RECALL and state in (State.SENT, State.TOLD, State.BOOKED))


def is_settled(outcome: str, state: str) -> bool:
    """Whether nothing is left but to close: proven, or declined."""
    return is_proven(outcome, state) or state == State.DECLINED
