"""The queue: which case next. Tabs and filters live in the address; the list is one page of many."""

from datetime import datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cases.actions.reviewing import start_review
from cases.actions.second_reading import may_settle
from cases.cautions import cautions_for
from cases.dentists_tasks import tasks_for
from cases.models import Case, Queue, SecondRead
from cases.models.second import READ_SECOND
from cases.offering import licensed_states, offered
from cases.readers import people_of
from cases.states import BILLABLE, READABLE_SIGNED, Status
from cases.views.reading.filters import FilterForm, filtered
from cases.views.reading.rows import rows_of, with_row_facts, with_thumbnails
from cases.views.reading.stage import MODULES, SCRIPTS
from cases.views.showing import Tab
from teledent.accounts.acting import ActingRequest, Actor, role_required
from teledent.accounts.models import Role, Site, State
from teledent.context import Shell
from teledent.kit import clock
from teledent.kit.decisions import Refused

PER_PAGE = 25
TRIES = 5  # cases that somebody else took between the look and the start
MOST = 500  # counted and paged through; beyond it a list says "500+": counting a million would make everybody wait
SOON = timedelta(hours=4)
FEW = 10  # of each list beside the queue


@require_safe
@role_required(Role.DENTIST)
def queue(request: ActingRequest) -> HttpResponse:
    """As many queries, and as long, for a thousand cases as for a million."""
    at, actor = clock.now(), request.actor
    zone = Shell(request).zone
    states = licensed_states(actor, at=at)
    lists = _lists(actor, at=at, zone=zone)
    show = request.GET.get("show", "waiting")
    show = show if show in lists else "waiting"
    form = FilterForm(request.GET, sites=list(Site.objects.filter(practice=actor.practice)))
    chosen = form.chosen()
    counts = {name: _count(cases) for name, cases in (*lists.items(), *_figures(actor, lists["waiting"], at))}
    found = filtered(lists[show], chosen, actor=actor, at=at)
    number = _count(found) if chosen else counts[show]
    paginator = Paginator(_ordered(found, show).values_list("pk", flat=True), PER_PAGE)
    paginator.count = min(number, MOST)
    page = paginator.get_page(request.GET.get("page"))
    shown = _ordered(Case.objects.filter(pk__in=list(page)), show)  # what rows say is asked of this page's cases alone
    rows = with_thumbnails(with_row_facts(shown, actor.person))
    offers = offered(actor, states, at=at, most=1)
    context = {
        "rows": rows_of(rows, person=actor.person, states=states, at=at), "page": page, "show": show, "form": form,
        "chosen": chosen, "zone": zone, "counts": {name: _shown(n) for name, n in counts.items()},
        "tabs": _tabs(request.path, show, chosen, counts), "most": MOST if number > MOST else 0,
        "second_reads": _second_reads(actor), "to_settle": _to_settle(actor, at), "tasks": tasks_for(actor),
        "next": offers[0] if offers else None, "licensed": [State(state).label for state in states],
        "caution": "".join(cautions_for(actor.person, offers, at=at).values()), "modules": (*SCRIPTS, *MODULES),
    }  # fmt: skip
    return render(request, "reading/queue.html", context)


def _lists(actor: Actor, *, at: datetime, zone: str) -> dict[str, QuerySet[Case]]:
    cases = Case.objects.filter(practice=actor.practice).untold(actor.person)
    held = cases.filter(status=Status.IN_REVIEW, reader=actor.person, lease_until__gte=at, queue=Queue.WAITING)
    mine = list(held.values_list("pk", flat=True))  # few; by their keys the index alone can answer for the others
    return {
        "waiting": cases.filter(queue=Queue.WAITING).exclude(pk__in=mine),
        "mine": cases.filter(pk__in=mine),
        "asked": cases.filter(queue=Queue.ASKED),
        "signed": cases.filter(_signed_today(actor, at, zone)),
    }


def _signed_today(actor: Actor, at: datetime, zone: str) -> Q:
    midnight = at.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    return Q(status__in=READABLE_SIGNED, signed_at__gte=midnight, signature__person=actor.person)


def _figures(actor: Actor, waiting: QuerySet[Case], at: datetime) -> list[tuple[str, QuerySet[Case]]]:
    """The three figures above the list."""
    to_me = Case.objects.filter(practice=actor.practice, queue=Queue.WAITING, offered_to=actor.person)
    return [
        ("overdue", waiting.filter(due_at__lt=at)),
        ("soon", waiting.filter(due_at__gte=at, due_at__lt=at + SOON)),
        ("answers", to_me.filter(asked_for__gt=timedelta(0))),
    ]


def _second_reads(actor: Actor) -> list[SecondRead]:
    """Second opinions that are asked of her, oldest first; of a case that is back at its site she waits, too."""
    hers = SecondRead.objects.open().filter(reader=actor.person, case__practice=actor.practice)
    return list(hers.filter(case__status__in=READ_SECOND).select_related("case__site", "case__patient")[:FEW])


def _to_settle(actor: Actor, at: datetime) -> list[SecondRead]:
    """Second reads that differ from what she signed, or from what a dentist who left did, and what stands."""
    differing = SecondRead.objects.to_settle().filter(case__practice=actor.practice, case__status__in=BILLABLE)
    here = people_of(actor.practice, Role.DENTIST, at=at)
    hers = differing.filter(Q(case__signature__person=actor.person) | ~Q(case__signature__person__in=here))
    found = hers.select_related("case__site", "case__patient", "case__practice", "case__signature", "reader")[:FEW]
    # who stands in is asked only of what somebody who left has signed
    signed = {read.pk for read in found if read.case.signature.person_id == actor.person.pk}
    return [read for read in found if read.pk in signed or may_settle(actor.person, read.case, at=at)]


def _count(cases: QuerySet[Case]) -> int:
    """How many, up to one more than `MOST`: the database stops there."""
    return cases.order_by()[: MOST + 1].count()


def _shown(number: int) -> int | str:
    return f"{MOST}+" if number > MOST else number


def _ordered(cases: QuerySet[Case], show: str) -> QuerySet[Case]:
    return cases.order_by("-signed_at", "-pk") if show == "signed" else cases.order_by("due_at", "pk")


def _tabs(path: str, show: str, chosen: dict[str, str], counts: dict[str, int]) -> list[Tab]:
    labels = {"waiting": "Waiting", "mine": "Mine", "asked": "Asked for more", "signed": "Signed today"}
    return [
        Tab(f"{path}?{urlencode({'show': name, **chosen})}", label, _shown(counts[name]), name == show)
        for name, label in labels.items()
    ]


@require_POST
@role_required(Role.DENTIST)
def start_next(request: ActingRequest) -> HttpResponse:
    """Take the most overdue case that she may read; one that somebody took meanwhile is passed over."""
    at, actor = clock.now(), request.actor
    states = licensed_states(actor, at=at)
    for case in offered(actor, states, at=at, most=TRIES):
        try:
            start_review(actor=actor, case=case, at=at)
        except Refused:
            continue
        return redirect("reading-case", case.public_id)
    messages.info(
        request, "Nothing waits that you may read now. What others hold or what is not complete stays in the list."
    )
    return redirect("reading-queue")
