"""A payer's dated rules: a list, one rule with its history, and forms that say what they touch before anything is saved."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from billing.access import get_payer, get_payer_rule
from billing.actions.payer_rules import clash_in_words, end_rule, require_last_day, require_not_ended, save_rule
from billing.claims.facts import ASYNCHRONOUS
from billing.claims.neighbours import companion_doubts
from billing.forms import add_refusal
from billing.judging import judged_before
from billing.models import Claim, PayerRule
from billing.permissions import may
from billing.rule_changes import SAYS, Change, Foreseen, change_to, ending_of, foresee, touched_by
from billing.rule_examples import BY_KEY, EXAMPLES, Example
from billing.rule_forms import EndRuleForm, RuleForm, digest_of
from billing.rule_words import in_short, is_stale, said_by, state_of
from billing.views.patients import FORM_METHODS
from billing.views.settings import CHECKED_AGAIN
from billing.views.telling import chip_of
from billing.views.worklist import READERS
from cases.models import ProcedureCode
from cases.views.showing import Tab
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.days import today_in
from teledent.accounts.models import Role
from teledent.context import Shell
from teledent.kit import clock
from teledent.kit.decisions import Conflict

PER_PAGE = 25
SHOWN = 20  # claims named before a change is saved; the rest is counted
HISTORY = 50  # rows of one code
KEPT = ("code", "plan", "source", *SAYS)  # what a change begins with


@dataclass(frozen=True, slots=True)
class RuleRow:
    rule: PayerRule
    words: str  # the practice's own for the code
    short: str
    word: str
    kind: str
    icon: str
    stale: bool


@dataclass(frozen=True, slots=True)
class TouchedClaim:
    claim: Claim
    word: str
    kind: str
    icon: str
    foreseen: Foreseen | None  # None: it was sent


@dataclass(frozen=True, slots=True)
class Touched:
    """What a change does to open claims: all of them counted, the first ones named."""

    change: Change
    count: int
    rows: tuple[TouchedClaim, ...]
    is_another: bool  # a rule gives way that the form did not begin with, and that nobody has seen there
    doubts: tuple[str, ...]  # what the rule says and hardly can be

    @property
    def is_worth_a_look(self) -> bool:
        return bool(self.count or self.change.unknown_from or self.is_another or self.doubts)

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


@require_safe
@role_required(*READERS)
def rules(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """A payer's rules by code, those in use or those of the past; as many queries however many there are."""
    payer, today = get_payer(request.actor, public_id), today_in(request.actor.practice, clock.now())
    mine = PayerRule.objects.filter(payer=payer)
    standing = Q(active=True) & (Q(valid_until__isnull=True) | Q(valid_until__gte=today))
    counts = mine.aggregate(now=Count("pk", filter=standing), past=Count("pk", filter=~standing))
    show = "past" if request.GET.get("show") == "past" else "now"
    page = Paginator(mine.filter(standing if show == "now" else ~standing), PER_PAGE).get_page(request.GET.get("page"))
    words = _words(request)
    context = {
        "payer": payer, "page": page, "rows": [_row(rule, words, today) for rule in page], "show": show,
        "tabs": [_tab(request, name, label, counts[name], show) for name, label in (("now", "In use"), ("past", "Past"))],
        "may_keep": bool(may(request.actor, "keep_settings")), "examples": EXAMPLES, "now_at": "payers",
    }  # fmt: skip
    return render(request, "claims/rules.html", context)


def _tab(request: ActingRequest, name: str, label: str, count: int, show: str) -> Tab:
    return Tab(f"{request.path}?{urlencode({'show': name})}", label, count, name == show)


def _words(request: ActingRequest) -> dict[str, str]:
    rows = ProcedureCode.objects.filter(practice=request.actor.practice).order_by("valid_from")
    return dict(rows.values_list("code", "text"))


def _row(rule: PayerRule, words: dict[str, str], today: date) -> RuleRow:
    holds = rule.active and (rule.valid_until is None or rule.valid_until >= today)
    stale = holds and is_stale(rule.verified_on, today)
    return RuleRow(rule, words.get(rule.code, ""), in_short(rule), *state_of(rule, today), stale)


@require_safe
@role_required(*READERS)
def rule(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """What one rule says, where it is written, and every rule that stood for the code before and after it. What it would judge
    otherwise is for its own page: that many claims are not read here."""
    row, today = get_payer_rule(request.actor, public_id), today_in(request.actor.practice, clock.now())
    beside, words = PayerRule.objects.beside(row).order_by("-valid_from", "-pk"), _words(request)
    context = {
        "payer": row.payer, "row": _row(row, words, today), "said": said_by(row), "count": beside.count(),
        "history": [_row(one, words, today) for one in beside[:HISTORY]],
        "may_keep": bool(may(request.actor, "keep_settings")) and row.active, "now_at": "payers",
        "zone": Shell(request).zone, "judged": judged_before(row).open_to(request.actor.person).exists(),
    }  # fmt: skip
    return render(request, "claims/rule.html", context)


@require_http_methods(FORM_METHODS)
@role_required(Role.FRONT_DESK)
def add(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """A new rule, empty or begun with a documented example."""
    payer = get_payer(request.actor, public_id)
    example = BY_KEY.get(request.GET.get("example", ""))
    begins = {"code": example.code, **example.says} if example else {"code": request.GET.get("code", "")}
    title = f"A rule of {payer.name}"
    return _rule(
        request, PayerRule(payer=payer), begins, title, reverse("payer-rules", args=[payer.public_id]), example
    )


@require_http_methods(FORM_METHODS)
@role_required(Role.FRONT_DESK)
def change(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """A new row that begins with what this one says; it takes its place from its first day on."""
    old = get_payer_rule(request.actor, public_id)
    begins = {name: getattr(old, name) for name in KEPT} | {"valid_until": old.valid_until}
    new, back = PayerRule(payer=old.payer, plan=old.plan, code=old.code), reverse("payer-rule", args=[public_id])
    return _rule(request, new, begins, f"Change the rule for {old.code}", back, None, old=old)


def _rule(
    request: ActingRequest,
    row: PayerRule,
    begins: dict[str, Any],
    title: str,
    back: str,
    example: Example | None,
    old: PayerRule | None = None,
) -> HttpResponse:
    today = today_in(request.actor.practice, clock.now())
    form = RuleForm(request.POST or None, instance=row, actor=request.actor, today=today, begins=begins)
    for name in ("code", "plan") if old else ():
        form.fields[name].disabled = True

    def save(at: datetime, seen: Change | None) -> PayerRule:
        return save_rule(actor=request.actor, rule=form.instance, at=at, seen=seen)

    def planned() -> Change | None:
        if PayerRule.objects.filter(public_id=form.instance.public_id, payer=row.payer).exists():
            return None
        found = change_to(form.instance)
        if found.clash is not None:
            raise ValidationError({"valid_until": clash_in_words(found.clash)})
        return found

    return _looked_at(
        request, form, planned, save, {"title": title, "back_to": back, "example": example, "payer": row.payer}, old
    )


@require_http_methods(FORM_METHODS)
@role_required(Role.FRONT_DESK)
def end(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """The end of a rule with nothing in its place."""
    row = get_payer_rule(request.actor, public_id)
    form = EndRuleForm(request.POST or None)

    def save(at: datetime, _seen: Change | None) -> PayerRule:
        said = {name: form.cleaned_data[name] for name in ("last_day", "reason")}
        return end_rule(actor=request.actor, rule=row, at=at, **said)

    def planned() -> Change:
        require_not_ended(row)
        require_last_day(row, form.cleaned_data["last_day"])
        return ending_of(row, form.cleaned_data["last_day"])

    back, title = reverse("payer-rule", args=[public_id]), f"End the rule for {row.code}"
    return _looked_at(request, form, planned, save, {"title": title, "back_to": back, "payer": row.payer}, row)


def _looked_at(
    request: ActingRequest,
    form: RuleForm | EndRuleForm,
    planned: Callable[[], Change | None],
    save: Callable[[datetime, Change | None], PayerRule],
    context: dict[str, Any],
    old: PayerRule | None = None,
) -> HttpResponse:
    """Valid, it shows what it touches; sent again unchanged, or where it touches nothing, it is saved.

    `planned` is None of a form that was saved already. What somebody else changed since it was shown is shown anew.
    """
    touched, conflict = None, False
    if request.method == "POST" and form.is_valid():
        try:
            change = planned()
            touched = _touched(request, change, old) if change else None
            if touched is None or not touched.is_worth_a_look or request.POST.get("looked") == _looked(form, touched):
                row = save(clock.now(), change)
                messages.success(request, f"Saved: {row.code}, {row.payer.name}. {CHECKED_AGAIN}")
                return redirect("payer-rule", row.public_id)
        except ValidationError as refusal:
            touched = None
            add_refusal(form, refusal)
        except Conflict as refusal:
            touched, conflict = None, True
            form.add_error(None, refusal.sentence)
    looked = _looked(form, touched) if touched else ""
    context |= {"form": form, "touched": touched, "looked": looked, "now_at": "payers"}
    return render(request, "claims/rule_edit.html", context, status=409 if conflict else 422 if form.errors else 200)


def _looked(form: RuleForm | EndRuleForm, touched: Touched) -> str:
    """What was looked at: the words of the form, and what they do to the rule that stands."""
    return f"{digest_of(form)}:{touched.change.effect}"


def _touched(request: ActingRequest, change: Change, old: PayerRule | None) -> Touched:
    """Two queries, and the check of at most `SHOWN` claims that were not sent, as it would be."""
    claims = touched_by(change).open_to(request.actor.person)
    first = claims.for_list().defer("case__answers").order_by("service_date", "pk")[:SHOWN]
    rows = tuple(TouchedClaim(one, *chip_of(one), foresee(one, change)) for one in first)
    is_another = change.gives_way is not None and change.gives_way != old
    return Touched(change, claims.count(), rows, is_another, _doubts(change.new))


def _doubts(rule: PayerRule | None) -> tuple[str, ...]:
    if rule is None or rule.code != ASYNCHRONOUS:
        return ()
    return companion_doubts(one["code"] for one in rule.companions)
