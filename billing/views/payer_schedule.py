"""A payer's list of allowed amounts: pasted, shown line by line, and saved as rules after that."""

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing.access import get_payer
from billing.actions.payer_rules import save_schedule
from billing.claims.schedule import Fault, Priced, parse_schedule
from billing.forms import add_refusal
from billing.models import Payer, PayerRule
from billing.rule_changes import held_on, priced_rules, rows_by_code, touched_by_prices
from billing.rule_forms import ScheduleForm, digest_of
from billing.views.patients import FORM_METHODS
from billing.views.settings import CHECKED_AGAIN
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.days import today_in
from teledent.accounts.models import Role
from teledent.kit import clock


@dataclass(frozen=True, slots=True)
class PricedRow:
    price: Priced
    before: Decimal | None
    does: str


@dataclass(frozen=True, slots=True)
class Preview:
    rows: tuple[PricedRow, ...]
    faults: tuple[Fault, ...]
    changes: int
    touches: int


@require_http_methods(FORM_METHODS)
@role_required(Role.FRONT_DESK)
def schedule(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Shown with what each line does; sent again unchanged, and without a fault, it is saved."""
    payer, today = get_payer(request.actor, public_id), today_in(request.actor.practice, clock.now())
    form = ScheduleForm(request.POST or None, today=today)
    preview = None
    if request.method == "POST" and form.is_valid():
        prices, faults = parse_schedule(form.cleaned_data["rows"])
        preview = _preview(request, payer, prices, faults, form.said())
        if not faults and request.POST.get("looked") == _looked(form, preview):
            try:
                saved = save_schedule(actor=request.actor, payer=payer, prices=prices, said=form.said(), at=clock.now())
            except ValidationError as refusal:
                add_refusal(form, refusal)
            else:
                messages.success(request, f"{len(saved)} rules are saved. {CHECKED_AGAIN}")
                return redirect("payer-rules", public_id)
    return _page(request, payer, form, preview)


def _page(request: ActingRequest, payer: Payer, form: ScheduleForm, preview: Preview | None) -> HttpResponse:
    context: dict[str, Any] = {
        "payer": payer, "form": form, "preview": preview, "back_to": reverse("payer-rules", args=[payer.public_id]),
        "looked": _looked(form, preview) if preview and not preview.faults else "",
    }  # fmt: skip
    wrong = bool(form.errors) or bool(preview and preview.faults)
    return render(request, "claims/schedule.html", context, status=422 if wrong else 200)


def _looked(form: ScheduleForm, preview: Preview) -> str:
    """What was looked at: the list, and what each line of it does to the rules that stand."""
    does = [[row.price.code, str(row.before), row.does] for row in preview.rows]
    return f"{digest_of(form)}:{hashlib.sha256(json.dumps(does).encode()).hexdigest()}"


def _preview(
    request: ActingRequest, payer: Payer, prices: tuple[Priced, ...], faults: tuple[Fault, ...], said: dict[str, Any]
) -> Preview:
    rules = {rule.code: rule for rule in priced_rules(payer, prices, said)}
    standing, first = rows_by_code(payer), said["valid_from"]
    rows = tuple(_row(one, rules.get(one.code), held_on(standing.get(one.code, ()), first)) for one in prices)
    touches = touched_by_prices(payer, rules.values()).open_to(request.actor.person).count()
    return Preview(rows, faults, len(rules), touches)


def _row(price: Priced, rule: PayerRule | None, before: PayerRule | None) -> PricedRow:
    if rule is None:
        return PricedRow(price, price.amount, "As it stands")
    if before is None:
        return PricedRow(price, None, "A new rule")
    return PricedRow(price, before.allowed_amount, "Changes; what else the rule says is kept")
