"""Requests to payers through the real actions."""

import uuid
from datetime import date
from typing import Any

from billing.actions import authorising
from billing.actions.authorising import Approval, Asked, SaidOfLine
from billing.models import Authorisation, Coverage, Payer, PayerRule
from tests.billing.cast import AT, Desk

ANSWERED = date(2026, 11, 16)


def begun(desk: Desk, coverage: Coverage, *lines: Asked, kind: str = "authorisation", **more: Any) -> Authorisation:
    """Written down by Rita: D0140, one unit, unless `lines` say otherwise."""
    return authorising.begin_request(
        actor=desk.rita, coverage=coverage, public_id=more.pop("public_id", None) or uuid.uuid4(), kind=kind,
        lines=lines or (Asked("D0140"),), at=AT, **more,
    )  # fmt: skip


def sent(desk: Desk, row: Authorisation, **more: Any) -> Authorisation:
    said = {"sent_on": date(2026, 11, 14), "sent_how": "portal", "reference": "T-1", **more}
    return authorising.mark_sent(actor=desk.rita, row=row, at=AT, **said)


def approve(
    desk: Desk, row: Authorisation, number: str = "PA-77", *, of_lines: dict[int, SaidOfLine] | None = None, **said: Any
) -> Authorisation:
    told = Approval(number, said.pop("answered_on", ANSWERED), **{"valid_from": date(2026, 11, 1), **said})
    return authorising.record_approval(actor=desk.rita, row=row, said=told, of_lines=of_lines or {}, at=AT)


def approved(desk: Desk, coverage: Coverage, *lines: Asked, number: str = "PA-77", **said: Any) -> Authorisation:
    return approve(desk, begun(desk, coverage, *lines), number, **said)


def wants_authorisation(desk: Desk, payer: Payer | None = None, code: str = "D0140", **said: Any) -> PayerRule:
    """The payer has one row for the code: it wants it authorised."""
    rita = desk.world.people["rita"]
    return PayerRule.objects.create(
        payer=payer or desk.cedar, code=code, valid_from=date(2026, 1, 1), source="An invented manual", verified_on=AT.date(),
        made_at=AT, made_by=rita, made_name="Rita", **{"covered": "yes", "authorisation": "always", **said},
    )  # fmt: skip
