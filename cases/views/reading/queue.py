"""The queue: which case next. Tabs and filters live in the address; the list is one page of many."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cases.actions.reviewing import start_review
from cases.models import Asset, AssetState, Case, InfoRequest, Kind, Urgency
from cases.states import READABLE_SIGNED, Status
from cases.views.reading.rows import rows_of, with_row_facts, with_thumbnails
from teledent.accounts.acting import ActingRequest, Actor, role_required
from teledent.accounts.models import Licence, Person, Role, Site, State
from teledent.context import Shell
from teledent.kit import clock
from teledent.kit.decisions import Refused

PER_PAGE = 25
TRIES = 5  # cases that somebody else took between the look and the start
STATES = {"new": "New", "answer": "Answer back", "incomplete": "Pictures on their way", "held": "Being read"}


@dataclass(frozen=True, slots=True)
class Tab:
    href: str
    label: str
    count: int
    current: bool


class FilterForm(forms.Form):
    """Filters of the address. What is not a choice is no filter."""

    urgency = forms.ChoiceField(required=False, choices=[("", "Any urgency"), *Urgency.choices])
    kind = forms.ChoiceField(required=False, choices=[("", "Any kind"), *Kind.choices])
    site = forms.ChoiceField(label="School or clinic", required=False)
    state = forms.ChoiceField(required=False, choices=[("", "Any state"), *STATES.items()])

    def __init__(self, *args: object, sites: Collection[Site], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        named = [(str(site.public_id), site.name) for site in sites]
        self.fields["site"].choices = [("", "Any school or clinic"), *named]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def licensed_states(person: Person, *, at: datetime, zone: str) -> list[str]:
    """States where the person holds an active licence today, by postal code."""
    today = clock.local_date(at, zone)
    active = Licence.objects.filter(credential__person=person, starts_on__lte=today, ends_on__gte=today)
    return sorted(set(active.values_list("state", flat=True)))


@require_safe
@role_required(Role.DENTIST)
def queue(request: ActingRequest) -> HttpResponse:
    """Six lists of queries at most, whatever the length of the queue."""
    at, actor = clock.now(), request.actor
    zone = Shell(request).zone
    states = licensed_states(actor.person, at=at, zone=zone)
    lists = _lists(actor, at=at, zone=zone)
    show = request.GET.get("show", "waiting")
    show = show if show in lists else "waiting"
    form = FilterForm(request.GET, sites=list(Site.objects.filter(practice=actor.practice)))
    chosen = form.chosen()
    found = _ordered(_filtered(lists[show], chosen, at), show)
    listed = with_thumbnails(with_row_facts(found, actor.person))
    paginator = Paginator(listed, PER_PAGE)
    paginator.count = found.count()  # without the columns that only rows need
    page = paginator.get_page(request.GET.get("page"))
    counts = _counts(actor, at=at, zone=zone)
    readable = Case.objects.visible_to(actor).readable_by(actor.person, states).waiting(at)
    context = {
        "rows": rows_of(page, person=actor.person, states=states, at=at), "page": page, "show": show, "form": form,
        "chosen": chosen, "zone": zone, "counts": counts, "tabs": _tabs(request.path, show, chosen, counts),
        "next": with_row_facts(readable, actor.person).first(), "readable": readable.count(),
        "licensed": [State(state).label for state in states],
    }  # fmt: skip
    return render(request, "reading/queue.html", context)


def _lists(actor: Actor, *, at: datetime, zone: str) -> dict[str, QuerySet[Case]]:
    cases = Case.objects.visible_to(actor)
    mine = Q(status=Status.IN_REVIEW, reader=actor.person, lease_until__gte=at)
    return {
        "waiting": cases.filter(status__in=[Status.SUBMITTED, Status.IN_REVIEW]).exclude(mine),
        "mine": cases.filter(mine),
        "asked": cases.filter(status=Status.NEEDS_INFO),
        "signed": cases.filter(_signed_today(actor, at, zone)),
    }


def _signed_today(actor: Actor, at: datetime, zone: str) -> Q:
    midnight = at.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    return Q(status__in=READABLE_SIGNED, signed_at__gte=midnight, signature__person=actor.person)


def _ordered(cases: QuerySet[Case], show: str) -> QuerySet[Case]:
    return cases.order_by("-signed_at", "-pk") if show == "signed" else cases.order_by("due_at", "pk")


def _filtered(cases: QuerySet[Case], chosen: dict[str, str], at: datetime) -> QuerySet[Case]:
    names = {"urgency": "urgency", "kind": "kind", "site": "site__public_id"}
    cases = cases.filter(**{names[name]: value for name, value in chosen.items() if name in names})
    if "state" not in chosen:
        return cases
    held = Q(status=Status.IN_REVIEW, lease_until__gte=at)
    late = Exists(Asset.objects.counted().filter(case=OuterRef("pk")).exclude(state=AssetState.EXAMINED))
    answered = Exists(InfoRequest.objects.filter(case=OuterRef("pk"), answered_at__isnull=False))
    meaning = {"held": held, "incomplete": ~held & Q(late), "answer": ~held & ~Q(late) & Q(answered)}
    meaning["new"] = ~held & ~Q(late) & ~Q(answered)
    return cases.filter(meaning[chosen["state"]])


def _counts(actor: Actor, *, at: datetime, zone: str) -> dict[str, int]:
    """Every count of the page in one query."""
    mine = Q(status=Status.IN_REVIEW, reader=actor.person, lease_until__gte=at)
    waiting = Q(status__in=[Status.SUBMITTED, Status.IN_REVIEW]) & ~mine
    to_me = Exists(InfoRequest.objects.filter(case=OuterRef("pk"), person=actor.person, answered_at__isnull=False))
    open_or_today = Q(status__in=[Status.SUBMITTED, Status.IN_REVIEW, Status.NEEDS_INFO]) | _signed_today(
        actor, at, zone
    )
    return (
        Case.objects.visible_to(actor)
        .filter(open_or_today)
        .aggregate(
            waiting=Count("pk", filter=waiting),
            mine=Count("pk", filter=mine),
            asked=Count("pk", filter=Q(status=Status.NEEDS_INFO)),
            signed=Count("pk", filter=Q(status__in=READABLE_SIGNED)),
            overdue=Count("pk", filter=waiting & Q(due_at__lt=at)),
            soon=Count("pk", filter=waiting & Q(due_at__gte=at, due_at__lt=at + timedelta(hours=4))),
            answers=Count("pk", filter=waiting & Q(to_me)),
        )
    )


def _tabs(path: str, show: str, chosen: dict[str, str], counts: dict[str, int]) -> list[Tab]:
    labels = {"waiting": "Waiting", "mine": "Mine", "asked": "Asked for more", "signed": "Signed today"}
    return [
        Tab(f"{path}?{urlencode({'show': name, **chosen})}", label, counts[name], name == show)
        for name, label in labels.items()
    ]


@require_POST
@role_required(Role.DENTIST)
def start_next(request: ActingRequest) -> HttpResponse:
    """Take the most overdue case that she may read; one that somebody took meanwhile is passed over."""
    at, actor = clock.now(), request.actor
    states = licensed_states(actor.person, at=at, zone=Shell(request).zone)
    waiting = Case.objects.visible_to(actor).readable_by(actor.person, states).waiting(at)
    for case in waiting[:TRIES]:
        try:
            start_review(actor=actor, case=case, at=at)
        except Refused:
            continue
        return redirect("reading-case", case.public_id)
    messages.info(
        request, "Nothing waits that you may read now. What others hold or what is not complete stays in the list."
    )
    return redirect("reading-queue")
