"""What stands between a case and its money: the claims of the practice, with tabs and filters in the address."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing.changed import refusal_of
from billing.clocks import Kind
from billing.models import Claim, Export, ExportState, Frequency, Part, Payer, Receiver
from billing.models.claim import ClaimQuerySet
from billing.outcomes.classify import DONE, STEP_LABELS, Outcome, Step
from billing.outcomes.classify import LABELS as OUTCOMES
from billing.permissions import may
from billing.states import ENDED, STANDING, Status
from billing.views.mending import Shown, shown_problem
from billing.views.telling import chip_of
from cases.models import Patient
from cases.views.showing import Tab
from teledent.accounts.acting import ActingRequest, Actor, role_required
from teledent.accounts.models import Role
from teledent.context import Shell
from teledent.kit import clock

PER_PAGE = 25
READERS = (Role.FRONT_DESK, Role.MANAGER)
UNREAD = ("facts", "draft", "case__answers")  # large columns that no row shows
VOID_TAKEN = Q(frequency=Frequency.VOID, status=Status.ACCEPTED)  # nothing more is awaited of a void
TABS: dict[str, tuple[str, Q]] = {
    "needs": ("Needs you", Q(status__in=[Status.DRAFT, Status.BLOCKED])),
    "ready": ("Ready", Q(status=Status.READY)),
    "exported": ("With the payer", Q(status__in=[Status.EXPORTED, Status.ACCEPTED]) & ~VOID_TAKEN),
    "answered": ("Answered, to do", Q(status__in=[Status.REJECTED, Status.DENIED, Status.PART_PAID])),
    "done": ("Done", Q(status__in=[Status.PAID, Status.CLOSED_ZERO, *sorted(ENDED)]) | VOID_TAKEN),
    "void": ("To be voided", Q(status__in=STANDING, void_wanted_at__isnull=False)),
    "not_billed": ("Not billed", Q(status=Status.NOT_BILLED)),
    "all": ("All", Q()),
}


@dataclass(frozen=True, slots=True)
class Row:
    claim: Claim
    chip_word: str
    chip_kind: str
    chip_icon: str
    codes: str
    problem: Shown | None
    more: int  # further blocking problems
    runs_out: date | None  # the last day to file it, or to correct the one that it is about
    days_left: int | None
    next: str  # of a claim that was answered: the step of its first line that is not done


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One receiver with what is ready for it and held, or what is being written."""

    receiver: Receiver
    ready: int
    total: Decimal  # dollars that are ready
    held: int
    writing: Export | None


class FilterForm(forms.Form):
    """Filters of the address. What is not a choice is no filter."""

    payer = forms.ChoiceField(required=False)
    part = forms.ChoiceField(required=False, choices=[("", "Either part"), *Part.choices])

    def __init__(self, *args: object, payers: Collection[Payer], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        named = [(str(payer.public_id), payer.name) for payer in payers]
        choices = [("", "Any payer"), ("none", "No coverage"), *named]
        self.fields["payer"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class SearchForm(forms.Form):
    """Sent by POST: names belong in no address, history or log."""

    text = forms.CharField(label="Patient, case or claim", max_length=60, widget=forms.TextInput(
        attrs={"type": "search", "placeholder": "Patient, case or claim", "autocomplete": "off"}))  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*READERS)
def claims(request: ActingRequest) -> HttpResponse:
    """The list, filtered by the address; or what a search found under any state. As many queries however long it is."""
    actor, at = request.actor, clock.now()
    zone = Shell(request).zone
    form = FilterForm(request.GET, payers=list(Payer.objects.filter(practice=actor.practice)))
    search = SearchForm(request.POST if request.method == "POST" else None)
    sought = search.cleaned_data["text"] if search.is_valid() else ""
    chosen = form.chosen()
    show = _tab_of(request, sought)
    mine = Claim.objects.filter(practice=actor.practice).open_to(actor.person)
    found = filtered(mine, chosen)
    counts = found.aggregate(
        total=Sum("total", filter=TABS["needs"][1]),
        **{name: Count("pk", filter=fits) if fits else Count("pk") for name, (_, fits) in TABS.items()},
    )
    listed = found.filter(_called(sought)) if sought else found.filter(TABS[show][1])
    page = page_of(listed, request.GET.get("page"), count=listed.count() if sought else counts[show])
    context = {
        "page": page, "rows": rows_of(page, actor=actor, at=at, zone=zone), "show": show, "form": form, "search": search,
        "sought": sought, "chosen": chosen, "counts": counts, "tabs": _tabs(request.path, show, chosen, counts), "zone": zone,
        "outgoing": outgoing_of(actor), "may_export": bool(may(actor, "export")),
        "list_files": _files_of(show, chosen),
    }  # fmt: skip
    return render(request, "claims/worklist.html", context)


def _files_of(show: str, chosen: dict[str, str]) -> list[tuple[str, str]]:
    """The list as files for other programs: a name for people, and the address."""
    query = urlencode({"show": show, **chosen})
    forms_ = (("CSV", "csv"), ("Excel", "xlsx"), ("JSON", "json"))
    return [(label, f"{reverse('claims-list', args=[form])}?{query}") for label, form in forms_]


def _tab_of(request: ActingRequest, sought: str) -> str:
    """The tab of the address; none is the current one while something is sought in all of them."""
    show = request.GET.get("show", "needs")
    return "" if sought else show if show in TABS else "needs"


def filtered(claims: ClaimQuerySet, chosen: dict[str, str]) -> ClaimQuerySet:
    """Those that fit the filters of the address."""
    if payer := chosen.get("payer"):
        claims = (
            claims.filter(coverage__isnull=True) if payer == "none" else claims.filter(coverage__payer__public_id=payer)
        )
    if part := chosen.get("part"):
        claims = claims.filter(part=part)
    return claims


def _called(text: str) -> Q:
    """By the claim's id, by a number that people say ("TD-00017", "17"), or by the patient."""
    found = Q(claim_id__iexact=text) | Q(case__patient__in=Patient.objects.called(text))
    digits = text.upper().removeprefix("TD-")
    if digits.isascii() and digits.isdigit() and len(digits) < 10:
        found |= Q(case__number=int(digits)) | Q(number=int(digits))
    return found


def page_of(claims: ClaimQuerySet, number: str | None, *, count: int, size: int | None = None) -> Page[Claim]:
    listed = claims.for_list().defer(*UNREAD).prefetch_related("lines", "outcomes__line").order_by("service_date", "pk")
    paginator = Paginator(listed, size or PER_PAGE)
    paginator.count = count  # counted with the tabs
    return paginator.get_page(number)


def rows_of(claims: Collection[Claim] | Page[Claim], *, actor: Actor, at: datetime, zone: str) -> list[Row]:
    today = clock.local_date(at, zone)
    return [_row(claim, actor, today) for claim in claims]


def _row(claim: Claim, actor: Actor, today: date) -> Row:
    unsent = claim.status in (Status.DRAFT, Status.BLOCKED, Status.READY)
    against = (claim.blocking or claim.problems) if unsent else []
    runs_out = claim.deadline if unsent and claim.due_kind != Kind.VOID else None
    return Row(
        claim, *chip_of(claim),
        codes=", ".join(dict.fromkeys(line.code for line in claim.lines.all())),
        problem=shown_problem(against[0], claim, actor) if against else None,
        more=max(0, len(claim.blocking) - 1) if unsent else 0,
        runs_out=runs_out, days_left=(runs_out - today).days if runs_out else None, next=_next(claim),
    )  # fmt: skip


def _next(claim: Claim) -> str:
    if claim.void_wanted_at is not None:
        return ""  # the row says that it is to be voided, and why
    if refused := refusal_of(claim):
        return refused
    if claim.status == Status.REJECTED:
        return "Turned away before anybody judged it. Mend it and send it anew."
    for row in claim.outcomes.all():
        outcome = Outcome(row.outcome)
        if outcome not in DONE:
            short = f", short by ${row.short_by}" if row.short_by else ""
            return f"{row.line.code}: {OUTCOMES[outcome].lower()}{short}. {STEP_LABELS[Step(row.step)]}."
    return ""


def _tabs(path: str, show: str, chosen: dict[str, str], counts: dict[str, int]) -> list[Tab]:
    """The void worklist stands there while it holds something."""
    return [
        Tab(f"{path}?{urlencode({'show': name, **chosen})}", label, counts[name], name == show)
        for name, (label, _) in TABS.items()
        if name != "void" or counts[name] or show == "void"
    ]


def outgoing_of(actor: Actor) -> list[Outgoing]:
    """Each receiver of the practice with what its next export takes, and what is held back from it; three queries."""
    waiting = Claim.objects.filter(practice=actor.practice, status__in=[Status.READY, Status.BLOCKED])
    is_ready = Q(status=Status.READY)
    counted = (
        waiting.values("coverage__payer__receiver")
        .order_by()
        .annotate(
            ready=Count("pk", filter=is_ready), sum=Sum("total", filter=is_ready), held=Count("pk", filter=~is_ready)
        )
    )
    by_receiver: dict[Any, Mapping[str, Any]] = {row["coverage__payer__receiver"]: row for row in counted}
    queued = Export.objects.first_time().filter(receiver__practice=actor.practice, state=ExportState.QUEUED)
    writing = {export.receiver_id: export for export in queued}
    receivers = Receiver.objects.filter(practice=actor.practice)
    return [_outgoing(one, by_receiver.get(one.pk, {}), writing.get(one.pk)) for one in receivers]


def _outgoing(receiver: Receiver, counted: Mapping[str, Any], writing: Export | None) -> Outgoing:
    total = counted.get("sum") or Decimal("0.00")
    return Outgoing(receiver, counted.get("ready", 0), total, counted.get("held", 0), writing)
