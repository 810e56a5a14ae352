"""What a payer's rule for days past would make of payments that were posted before it; one act judges them by it."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from billing.access import get_payer_rule
from billing.actions.judging_anew import Look, judge_posted_anew, look_at
from billing.judging import Otherwise
from billing.models import Claim, LineOutcome, PayerRule
from billing.outcomes.classify import LABELS, STEP_LABELS, Outcome, Step
from billing.permissions import may
from billing.views.patients import FORM_METHODS
from billing.views.worklist import READERS
from teledent.accounts.acting import ActingRequest, role_required
from teledent.kit import clock
from teledent.kit.decisions import Conflict


@dataclass(frozen=True, slots=True)
class JudgedLine:
    claim: Claim
    old: LineOutcome
    new: LineOutcome
    was: str
    then: str


@require_http_methods(FORM_METHODS)
@role_required(*READERS)
def judged(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Shown line by line; sent with what was shown, it is done. Each page looks at a stretch of claims."""
    rule, at, after = get_payer_rule(request.actor, public_id), clock.now(), _key(request)
    refused = ""
    if request.method == "POST":
        try:
            looked = request.POST.get("looked", "")
            count = judge_posted_anew(actor=request.actor, rule=rule, looked=looked, at=at, after=after)
        except Conflict as refusal:
            refused = refusal.sentence
        else:
            messages.success(
                request, f"{count} posted payment{'s are' if count != 1 else ' is'} judged by the rules of now."
            )
            return redirect("payer-rule", public_id)
    look = look_at(rule, person=request.actor.person, at=at, after=after)
    return _page(request, rule, look, refused)


def _page(request: ActingRequest, rule: PayerRule, look: Look, refused: str) -> HttpResponse:
    context = {
        "rule": rule, "payer": rule.payer, "rows": [line for one in look.shown for line in _lines(one)], "look": look,
        "refused": refused, "may_judge": bool(may(request.actor, "import_answers")), "now_at": "payers",
    }  # fmt: skip
    return render(request, "claims/rule_judged.html", context, status=409 if refused else 200)


def _lines(one: Otherwise) -> list[JudgedLine]:
    return [JudgedLine(one.posted.claim, old, new, _said(old), _said(new)) for old, new in one.changed]


def _said(row: LineOutcome) -> str:
    """ "Underpaid, short by $20.00. Appeal." """
    short = f", short by ${row.short_by}" if row.short_by else ""
    expected = "" if row.expected is None else f" The schedule allows ${row.expected}."
    return f"{LABELS[Outcome(row.outcome)]}{short}. {STEP_LABELS[Step(row.step)]}.{expected}"


def _key(request: ActingRequest) -> int:
    after = request.GET.get("after", "")
    return int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0
