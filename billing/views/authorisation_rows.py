"""How a request to a payer looks in a list, and its timeline in sentences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from billing.authorisation_states import AUTHORISATION_LABELS, AuthorisationStatus
from billing.authorised_days import last_days
from billing.models import Authorisation, AuthorisationEvent, AuthorisedLine, RequestKind
from billing.views.telling import Told
from teledent.kit import clock

CHIPS = {
    AuthorisationStatus.DRAFTED: ("info", "file-pen"), AuthorisationStatus.SENT: ("accent", "send"),
    AuthorisationStatus.APPROVED: ("ok", "badge-check"), AuthorisationStatus.REFUSED: ("wait", "circle-x"),
    AuthorisationStatus.RETURNED: ("wait", "triangle-alert"), AuthorisationStatus.WITHDRAWN: ("", "undo-2"),
    AuthorisationStatus.IN_ERROR: ("", "circle-x"),
}  # fmt: skip
ANSWERED = ("Answered", "ok", "badge-check")  # of a predetermination: it was no request for a yes
SAID = {
    "made": "wrote the request down", "send": "sent it", "approve": "recorded that it was approved",
    "refuse": "recorded that it was refused", "withdraw": "withdrew it", "mark_error": "marked it as entered in error",
    "turn_away": "was told that it was turned away on its way", "taken_on": "was told that it was taken on",
    "take_on": "was told that it was taken on after all",
    "turned_away_before": "was told late that an earlier file was turned away; it went out again since",
    "take_up": "took it up to send it again: its file got lost",
    "left_out": "left it out of a file",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One request as lists show it; `last` is the day after which it has run out."""

    row: Authorisation
    word: str
    kind: str
    icon: str
    services: str
    last: date | None
    days_left: int | None  # of an approval that holds
    waits: int | None  # days since it was sent, while there is no answer


def rows_of(rows: Sequence[Authorisation], *, today: date) -> list[Row]:
    """One query at most, however many rows; they come with payer and lines."""
    lasts = last_days(rows, day=today)
    return [_row(one, lasts[one.pk], today) for one in rows]


def _row(row: Authorisation, last: date | None, today: date) -> Row:
    status = AuthorisationStatus(row.status)
    holds = status == AuthorisationStatus.APPROVED
    chip = (AUTHORISATION_LABELS[status], *CHIPS[status])
    if holds and last is not None and last < today:
        chip = ("Run out", "wait", "history")
    elif holds and row.kind == RequestKind.PREDETERMINATION:
        chip = ANSWERED
    waits = (today - row.sent_on).days if status == AuthorisationStatus.SENT and row.sent_on else None
    left = (last - today).days if holds and last is not None and last >= today else None
    return Row(row, *chip, services=services_of(row.lines.all()), last=last, days_left=left, waits=waits)


def services_of(lines: Iterable[AuthorisedLine]) -> str:
    """ "D0140, D1354 tooth A × 2": what is asked; once something of it is approved, that."""
    said = [(one, one.units if one.units_approved is None else one.units_approved) for one in lines]
    shown = [(one, units) for one, units in said if units] or [(one, one.units) for one, _ in said]
    return ", ".join(
        f"{one.code}{f' tooth {one.tooth}' if one.tooth else ''}{f' × {units}' if units != 1 else ''}"
        for one, units in shown
    )


def told(event: AuthorisationEvent) -> Told:
    details: dict[str, Any] = event.details
    parts = [str(details[name]) for name in ("how", "number", "reason", "message") if details.get(name)]
    parts += [", ".join(details["codes"])] if details.get("codes") else []
    if on := details.get("on"):
        parts.append(clock.day_in_words(date.fromisoformat(on)))
    return Told(f"{event.person_name} {SAID.get(event.kind, event.kind)}", " · ".join(parts), event.at)
