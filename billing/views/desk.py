"""What needs a person today: claims by deadline, then by amount. Tabs and filters live in the address.

However many claims there are, the first page is one walk along the index of deadlines: counts stop at `MOST`, and a page
begins behind the last row of the one before, not after so many rows.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from billing.actions.desk import assignable, missed_by
from billing.ageing import BASES, BY_KEY
from billing.clocks import Clock, Desk, Kind, State, clocks_of
from billing.deadlines import limits_of, standing_of
from billing.desk_forms import KIND_LABELS, ME, NOBODY, AssignForm, DeskFilterForm, NoteForm, SnoozeForm
from billing.models import Claim, ClaimPayment, LineOutcome, Payer
from billing.models.claim import ClaimQuerySet
from billing.permissions import may
from billing.views.worklist import READERS, UNREAD, Row, rows_of
from cases.views.showing import Tab
from teledent.accounts.acting import ActingRequest, Actor, role_required
from teledent.accounts.days import zone_of
from teledent.accounts.models import Person
from teledent.context import Shell
from teledent.kit import clock

PER_PAGE = 25
MOST = 500  # counted; beyond it a tab says "500+"
Narrow = Callable[[ClaimQuerySet], ClaimQuerySet]


@dataclass(frozen=True, slots=True)
class ShownClock:
    label: str
    said: str  # "12 d", "last day", "passed", "not known"
    title: str
    kind: str  # "wait" where it is near or over


@dataclass(frozen=True, slots=True)
class Acts:
    """What can be done to one claim; ids of the fields are its own, so that those of several rows may stand on a page."""

    snooze: SnoozeForm
    note: NoteForm
    assign: AssignForm
    back: str  # the address's filters, to come back to the list; empty: to the claim


@dataclass(frozen=True, slots=True)
class DeskRow:
    row: Row
    clocks: tuple[ShownClock, ...]
    asleep: bool
    missed: tuple[ShownClock, ...]  # what runs out while it sleeps


@require_safe
@role_required(*READERS)
def desk(request: ActingRequest) -> HttpResponse:
    """The list that the address names. As many queries, and as long, for fifty claims as for fifty thousand."""
    actor, at, zone = request.actor, clock.now(), Shell(request).zone
    today = clock.local_date(at, zone)
    people = list(assignable(actor, at=at))
    form = DeskFilterForm(request.GET, payers=list(Payer.objects.filter(practice=actor.practice)), people=people)
    chosen = form.chosen()
    lists = lists_of(actor, today)
    show = request.GET.get("show", "today")
    show = show if show in lists else "today"
    mine = Claim.objects.filter(practice=actor.practice).open_to(actor.person)
    found = {name: filtered(narrow(mine), chosen, actor=actor, today=today) for name, (_, narrow) in lists.items()}
    counts = {name: counted(claims) for name, claims in found.items()}
    page, following = page_after(found[show], request.GET.get("after", ""))
    waiting = ClaimPayment.objects.waiting().filter(remittance__practice=actor.practice)[: MOST + 1].count()
    context = {
        "rows": desk_rows(page, actor=actor, today=today, zone=zone), "works": bool(may(actor, "work_claims")),
        "show": show, "form": form, "chosen": chosen, "zone": zone, "counts": counts, "waiting": waiting,
        "tabs": [
            Tab(f"{request.path}?{urlencode({'show': name, **chosen})}", label, shown(counts[name]), name == show)
            for name, (label, _) in lists.items() if name != "void" or counts[name] or show == "void"
        ],
        "following": following, "after": request.GET.get("after", ""), "here": "claims",
    }  # fmt: skip
    return render(request, "claims/desk.html", context)


def lists_of(actor: Actor, today: date) -> dict[str, tuple[str, Narrow]]:
    return {
        "today": ("Needs a person", lambda claims: claims.needing_a_person(today).awake(today)),
        "mine": ("Mine", lambda claims: claims.needing_a_person(today).awake(today).filter(assigned_to=actor.person)),
        "unanswered": ("Unanswered", lambda claims: claims.filter(due_kind=Kind.ANSWER, due_on__lt=today).awake(today)),
        "void": ("To be voided", lambda claims: claims.filter(due_kind=Kind.VOID, desk=Desk.ACT).awake(today)),
        "asleep": ("Put off", lambda claims: claims.asleep(today)),
        "owed": ("All that is owed", lambda claims: claims.owed()),
    }


def filtered(claims: ClaimQuerySet, chosen: Mapping[str, str], *, actor: Actor, today: date) -> ClaimQuerySet:
    """Only what is in the address; the two payers "none" and a named one, and four kinds of "assigned to"."""
    if payer := chosen.get("payer"):
        none = Q(coverage__isnull=True)
        claims = claims.filter(none if payer == "none" else Q(coverage__payer__public_id=payer))
    if status := chosen.get("status"):
        claims = claims.filter(status=status)
    if outcome := chosen.get("outcome"):
        claims = claims.filter(Exists(LineOutcome.objects.filter(claim=OuterRef("pk"), outcome=outcome)))
    if kind := chosen.get("clock"):
        claims = claims.filter(due_kind=kind)
    if who := chosen.get("who"):
        claims = claims.filter(_given_to(who, actor))
    return claims.filter(_as_old_as(chosen, today)) if "age" in chosen else claims


def _given_to(who: str, actor: Actor) -> Q:
    if who == NOBODY:
        return Q(assigned_to__isnull=True)
    return Q(assigned_to=actor.person) if who == ME else Q(assigned_to__public_id=who)


def _as_old_as(chosen: Mapping[str, str], today: date) -> Q:
    column = BASES[chosen.get("basis", "service")]
    earliest, latest = BY_KEY[chosen["age"]].between(today)
    found = Q() if earliest is None else Q(**{f"{column}__gte": earliest})
    return found if latest is None else found & Q(**{f"{column}__lte": latest})


def counted(claims: ClaimQuerySet) -> int:
    """How many, up to one more than `MOST`: the database stops there."""
    return claims.order_by()[: MOST + 1].count()


def shown(number: int) -> int | str:
    return f"{MOST}+" if number > MOST else number


# --- a page by key --------------------------------------------------------------------------------------------------
def page_after(claims: ClaimQuerySet, key: str) -> tuple[list[Claim], str]:
    """The rows behind `key`, and the key of the last of them while there are more. What is no key is the beginning."""
    listed = (
        claims.for_list()
        .with_replaced()
        .select_related("assigned_to")
        .defer(*UNREAD)
        .prefetch_related("lines", "outcomes__line")
    )
    found = list(_behind(listed, key).by_deadline()[: PER_PAGE + 1])
    page = found[:PER_PAGE]
    return page, key_of(page[-1]) if len(found) > PER_PAGE else ""


def key_of(claim: Claim) -> str:
    return f"{claim.due_on}_{claim.total}_{claim.pk}"


def _behind(claims: ClaimQuerySet, key: str) -> ClaimQuerySet:
    try:
        day, total, pk = key.split("_")
        due, amount, number = date.fromisoformat(day), Decimal(total), int(pk)
    except (ValueError, InvalidOperation):
        return claims
    if not amount.is_finite() or abs(amount) > 10**8 or not 0 <= number < 2**63:
        return claims
    later = Q(total__lt=amount) | Q(total=amount, pk__gt=number)
    return claims.filter(Q(due_on__gt=due) | Q(due_on=due) & later, due_on__gte=due)


# --- rows -----------------------------------------------------------------------------------------------------------
def desk_rows(claims: Collection[Claim], *, actor: Actor, today: date, zone: str) -> list[DeskRow]:
    rows = rows_of(claims, actor=actor, at=clock.now(), zone=zone)
    return [
        DeskRow(
            row,
            clocks_shown(row.claim, today=today, zone=zone),
            is_asleep(row.claim, today),
            missed_shown(row.claim, today=today, zone=zone),
        )
        for row in rows
    ]


def clocks_shown(claim: Claim, *, today: date, zone: str = "") -> tuple[ShownClock, ...]:
    """Filing, correction and appeal side by side; and the payer's own or the void, while they matter."""
    payer = claim.coverage.payer if claim.coverage else None
    standing, limits = standing_of(claim, zone=zone), limits_of(payer, claim.rule_limits)
    three, others = (Kind.FILING, Kind.CORRECTION, Kind.APPEAL), (Kind.ANSWER, Kind.VOID)
    found = clocks_of(standing, limits, today=today, kinds=(*three, *others))
    return tuple(_shown(one) for one in found if one.kind in three or one.state != State.OFF)


def is_asleep(claim: Claim, today: date) -> bool:
    return claim.snoozed_until is not None and claim.snoozed_until > today


def missed_shown(claim: Claim, *, today: date, zone: str = "") -> tuple[ShownClock, ...]:
    """What runs out before a claim that is put off comes back."""
    if claim.snoozed_until is None or not is_asleep(claim, today):
        return ()
    return tuple(_shown(one) for one in missed_by(claim, claim.snoozed_until, today=today, zone=zone))


def _shown(one: Clock) -> ShownClock:
    label = KIND_LABELS[one.kind]
    if one.due is None or one.days_left is None:
        off = one.state == State.OFF
        return ShownClock(
            label, "–" if off else "not known", "does not matter now" if off else "the payer's limit is not known", ""
        )
    said = "last day" if one.days_left == 0 else f"{one.days_left} d" if one.days_left > 0 else _passed(one)
    return ShownClock(label, said, f"until {clock.day_in_words(one.due)}", "" if one.state == State.RUNNING else "wait")


def _passed(one: Clock) -> str:
    days = -(one.days_left or 0)
    return f"{days} d over" if one.kind in (Kind.ANSWER, Kind.VOID) else f"passed, {days} d"


def acts_of(claim: Claim, *, people: Collection[Person], today: date, back: str = "") -> Acts:
    given = str(claim.assigned_to.public_id) if claim.assigned_to else ""
    ids = f"act_{claim.pk}_%s"
    return Acts(
        SnoozeForm(today=today, auto_id=ids), NoteForm(auto_id=ids), AssignForm(people=people, auto_id=ids, initial={"to": given}), back,
    )  # fmt: skip


def desk_of(actor: Actor, claim: Claim, *, at: datetime, acting: Acts | None = None) -> dict[str, Any]:
    """What the claim's page shows of it: clocks, who has it, until when it is put off, and notes, newest first."""
    zone = zone_of(actor.practice)
    today = clock.local_date(at, zone)
    acts = acting or acts_of(claim, people=list(assignable(actor, at=at)), today=today)
    return {
        "claim": claim, "clocks": clocks_shown(claim, today=today, zone=zone), "missed": missed_shown(claim, today=today, zone=zone),
        "asleep": is_asleep(claim, today), "opened": acting is not None,
        "acts": acts if may(actor, "work_claims") else None, "notes": list(claim.events.filter(kind="noted").order_by("-pk")),
    }  # fmt: skip
