"""Appeals: the list by deadline, and one appeal with everything that may be done to it now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from billing.access import get_appeal
from billing.actions.appealing import letter_of, material_of, may_appeal
from billing.appeal_forms import AnsweredForm, LetterForm, ReasonForm, SentForm, today_in
from billing.appeal_states import APPEAL_LABELS, DECIDED, OPEN, AppealStatus
from billing.appeals.admitting import too_late
from billing.appeals.deciding import advice, recovered, why_not
from billing.appeals.letter import Quotable
from billing.models import Appeal, Claim, ClaimPayment, LineOutcome, PaymentState
from billing.outcomes.classify import LABELS as OUTCOMES
from billing.outcomes.classify import Outcome, Step
from billing.permissions import may
from billing.states import SENT
from billing.views.worklist import READERS
from cases.views.showing import Tab, banner_of_case, enrolment_of
from teledent.accounts.acting import ActingRequest, role_required
from teledent.context import Shell
from teledent.kit import clock
from teledent.kit.decisions import Refused

PER_PAGE = 25
TABS: dict[str, tuple[str, Q]] = {
    "open": ("To do", Q(status__in=[AppealStatus.DRAFTED, AppealStatus.READY])),
    "dentist": ("With the dentist", Q(status=AppealStatus.AWAITING)),
    "sent": ("With the payer", Q(status=AppealStatus.SENT)),
    "decided": ("Decided", Q(status__in=sorted(DECIDED))),
    "all": ("All", Q()),
}
CHIPS = {
    AppealStatus.DRAFTED: ("info", "file-pen"), AppealStatus.AWAITING: ("wait", "signature"), AppealStatus.READY: ("ok", "circle-check"),
    AppealStatus.SENT: ("accent", "send"), AppealStatus.UPHELD: ("wait", "circle-x"), AppealStatus.OVERTURNED: ("ok", "badge-check"),
    AppealStatus.PARTLY: ("wait", "circle-dot"), AppealStatus.WITHDRAWN: ("", "undo-2"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AppealRow:
    appeal: Appeal
    word: str
    kind: str
    icon: str
    outcome: str
    days_left: int | None
    recovered: Decimal


@require_safe
@role_required(*READERS)
def appeals(request: ActingRequest) -> HttpResponse:
    """The nearest deadline first; the tab and page stand in the address. As many queries for many as for one."""
    mine = Appeal.objects.filter(practice=request.actor.practice, claim__in=Claim.objects.open_to(request.actor.person))
    show = request.GET.get("show", "open")
    show = show if show in TABS else "open"
    counts = {name: mine.filter(asked).count() for name, (_, asked) in TABS.items()}
    listed = mine.for_list().filter(TABS[show][1]).order_by(F("deadline").asc(nulls_last=True), "pk")
    paginator = Paginator(listed, PER_PAGE)
    paginator.count = counts[show]
    page = paginator.get_page(request.GET.get("page"))
    path, zone = reverse("appeals"), Shell(request).zone
    context = {
        "show": show, "page": page, "zone": zone, "rows": rows_of(list(page), today=clock.local_date(clock.now(), zone)),
        "tabs": [Tab(f"{path}?show={name}", label, counts[name], name == show) for name, (label, _) in TABS.items()],
    }  # fmt: skip
    return render(request, "claims/appeals.html", context)


def rows_of(appeals: Sequence[Appeal], *, today: date) -> list[AppealRow]:
    """Two queries, however many rows: what was posted to their claims, and when each level went out."""
    claims = {one.claim_id for one in appeals}
    posted: dict[int, list[tuple[datetime, Decimal]]] = {}
    rows = ClaimPayment.objects.filter(claim__in=claims, state=PaymentState.POSTED)
    for claim_id, at, paid in rows.values_list("claim_id", "posted_at", "paid"):
        posted.setdefault(claim_id or 0, []).append((at, paid))  # type: ignore[arg-type]  # posted, so it has a time
    sent: dict[int, list[datetime]] = {}
    for claim_id, at in Appeal.objects.filter(claim__in=claims, sent_at__isnull=False).values_list(
        "claim_id", "sent_at"
    ):
        sent.setdefault(claim_id, []).append(at)  # type: ignore[arg-type]
    return [_row(one, posted.get(one.claim_id, ()), sent.get(one.claim_id, ()), today=today) for one in appeals]


def _row(
    appeal: Appeal, posted: Iterable[tuple[datetime, Decimal]], sent: Iterable[datetime], *, today: date
) -> AppealRow:
    status = AppealStatus(appeal.status)
    later = min((at for at in sent if appeal.sent_at and at > appeal.sent_at), default=None)
    left = (appeal.deadline - today).days if appeal.deadline and status in OPEN else None
    back = recovered(posted, sent_at=appeal.sent_at, until=later)
    return AppealRow(appeal, APPEAL_LABELS[status], *CHIPS[status], OUTCOMES[Outcome(appeal.reason)], left, back)


@require_safe
@role_required(*READERS)
def appeal(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    return appeal_page(request, get_appeal(request.actor, public_id, at=at), at=at)


def appeal_page(
    request: ActingRequest, appeal: Appeal, *, at: datetime, failed: tuple[str, forms.Form] | None = None
) -> HttpResponse:
    """The whole page; `failed` names the form that was sent and holds it with its errors."""
    status, works = AppealStatus(appeal.status), bool(may(request.actor, "appeal"))
    case, zone = appeal.claim.case, appeal.claim.case.site.time_zone
    today = clock.local_date(at, zone)
    material, gone = _material(appeal) if status == AppealStatus.DRAFTED else (None, "")
    offered = material.basis.may_quote if material else ()
    row = rows_of([appeal], today=today)[0]
    context = {
        "appeal": appeal, "row": row, "letter": letter_of(appeal), "zone": zone, "works": works, "drafted": status == AppealStatus.DRAFTED,
        "patient": banner_of_case(case, enrolment=enrolment_of(case.patient, site_id=case.site_id)), "gone": gone,
        "late": too_late(material.basis.records, appeal.denied_at) if material else (), "may_go": may_appeal(appeal.claim, at=at),
        "packing": appeal.packet_id is None and not appeal.packet_fault and status in OPEN,
        "forms": _forms(appeal, offered, today, failed) if works else {}, "failed": failed[0] if failed else "",
        "others": list(appeal.claim.appeals.exclude(pk=appeal.pk).order_by("pk")),
    }  # fmt: skip
    return render(request, "claims/appeal.html", context, status=422 if failed else 200)


def _material(appeal: Appeal) -> tuple[Any, str]:
    """What a draft may quote and what came too late; or why there is nothing to appeal any more."""
    try:
        return material_of(appeal), ""
    except Refused as refusal:
        return None, refusal.sentence


def _forms(
    appeal: Appeal, offered: Sequence[Quotable], today: date, failed: tuple[str, forms.Form] | None
) -> dict[str, forms.Form]:
    """The forms of what may be done in this state, each under its name."""
    status = AppealStatus(appeal.status)
    kept = {"quotes": appeal.quotes, "note": appeal.note, "deadline": appeal.deadline}
    shown: dict[str, forms.Form] = {}
    if status == AppealStatus.DRAFTED:
        shown["change"] = LetterForm(initial=kept, offered=offered, auto_id="letter_%s")
    if status == AppealStatus.AWAITING:
        shown["back"] = ReasonForm(auto_id="back_%s")
    if status == AppealStatus.READY:
        shown["sent"] = today_in(SentForm(auto_id="sent_%s"), "sent_on", today)
    if status == AppealStatus.SENT:
        shown["answered"] = AnsweredForm(auto_id="answered_%s")
    if status in OPEN or status == AppealStatus.SENT:
        shown["withdraw"] = ReasonForm(auto_id="withdraw_%s")
    if failed:
        shown[failed[0]] = failed[1]
    return shown


@dataclass(frozen=True, slots=True)
class Appealing:
    """What a claim's page says of appeals."""

    rows: list[AppealRow]
    may_begin: bool
    hint: str
    unauthorised: bool  # a line was refused for want of an authorisation, and a number would mend it


def appealing_of(claim: Claim, *, works: bool, at: datetime) -> Appealing | None:
    """None for a claim that nobody appeals. Four queries."""
    if claim.status not in SENT:
        return None
    rows = rows_of(list(claim.appeals.order_by("pk")), today=clock.local_date(at, claim.case.site.time_zone))
    outcomes = list(LineOutcome.objects.filter(claim=claim))
    whys = [why_not(Outcome(one.outcome), one.codes) for one in outcomes]
    possible = bool(may_appeal(claim, at=at)) and not all(whys)
    if not rows and not possible:
        return None
    running = any(AppealStatus(one.appeal.status) in OPEN | {AppealStatus.SENT} for one in rows)
    won = any(one.appeal.status == AppealStatus.OVERTURNED for one in rows)
    unauthorised = works and any((one.outcome, one.step) == (Outcome.AUTHORISATION, Step.CORRECT) for one in outcomes)
    return Appealing(rows, works and possible and not running and not won, _hint(outcomes), unauthorised)


def _hint(outcomes: Iterable[LineOutcome]) -> str:
    """What is nearer at hand than an appeal."""
    said = (advice(Outcome(one.outcome), Step(one.step)) for one in outcomes)
    return next((one for one in said if one), "")
