"""Who still has to hear, to go, or to be looked at again: lists with tabs and filters in the address."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cases.actions.following import close_proven
from cases.aftercare import promise_of
from cases.follow_up import LABELS, NEXT, State, is_proven
from cases.models import Aftercare, Guardian, Outcome, Urgency
from cases.models.followup import AftercareQuerySet
from cases.views.showing import Tab
from teledent.accounts.acting import ActingRequest, Actor, role_required
from teledent.accounts.models import Role, Site
from teledent.context import Shell
from teledent.kit import clock

READERS = (Role.HYGIENIST, Role.FRONT_DESK, Role.MANAGER)
PER_PAGE = 25
CLOSED_AT_ONCE = 100
SOON = timedelta(days=60)
CHIPS = {
    State.PENDING: ("wait", "circle-alert"), State.SENT: ("info", "mail"), State.TRIED: ("wait", "phone-missed"),
    State.UNREACHABLE: ("wait", "phone-off"), State.TOLD: ("info", "message-circle"), State.BOOKED: ("accent", "calendar-check"),
    State.ATTENDED: ("ok", "circle-check"), State.DECLINED: ("", "hand"),
}  # fmt: skip
TABS: dict[str, tuple[str, Q]] = {
    "do": ("To do", Q(settled=False)),
    "urgent": ("Urgent", Q(settled=False, urgent=True)),
    "booked": ("Appointments", Q(settled=False, state=State.BOOKED)),
    "unreachable": ("Unreachable", Q(settled=False, state=State.UNREACHABLE)),
    "close": ("To close", Q(settled=True)),
}


@dataclass(frozen=True, slots=True)
class Row:
    kept: Aftercare
    word: str
    kind: str
    name: str  # of the icon
    next_step: str
    urgency: str
    whom: Guardian | None  # who answers for a child
    phone: str
    also: tuple[str, ...]  # other open follow-ups of the same child, as a child has whose two rows were merged


class FilterForm(forms.Form):
    """Filters of the address. What is not a choice is no filter."""

    site = forms.ChoiceField(label="School or clinic", required=False)
    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "Any state"), *((s.value, word) for s, word in LABELS.items())]
    )
    urgency = forms.ChoiceField(
        label="Urgency", required=False, choices=[("", "Any urgency"), *((u.value, u.label) for u in Urgency)]
    )

    def __init__(self, *args: Any, sites: Collection[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(site.public_id), site.name) for site in sites]
        self.fields["site"].choices = [("", "Any school or clinic"), *named]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class SiteForm(FilterForm):
    """Of the list of those to look at again: by site alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["state"], self.fields["urgency"]


@require_safe
@role_required(*READERS)
def worklist(request: ActingRequest) -> HttpResponse:
    """Open follow-ups, the most overdue first. As many queries however long the list is."""
    form = FilterForm(request.GET, sites=sites_of(request))
    chosen = form.chosen()
    show = _known(request.GET.get("show"), TABS)
    found = _filtered(Aftercare.objects.visible_to(request.actor).to_do(), chosen)
    counts = _counts(found, TABS)
    page = _page(found.filter(TABS[show][1]).order_by("due_at", "pk"), request, count=counts[show])
    closable = show == "close" and request.actor.has(Role.FRONT_DESK) and any(_proven(one) for one in page)
    context = {
        "page": page, "rows": rows_of(request.actor, page), "show": show, "form": form, "chosen": chosen, "counts": counts,
        "tabs": _tabs(request.path, show, chosen, TABS, counts), "promise": promise_of(request.actor.practice),
        "closable": closable, "overdue": found.filter(settled=False, due_at__lt=clock.now()).count(),
        "zone": Shell(request).zone, "may_plan": request.actor.has(Role.MANAGER),
    }  # fmt: skip
    return render(request, "after/worklist.html", context)


@require_POST
@role_required(Role.FRONT_DESK)
def close_all(request: ActingRequest) -> HttpResponse:
    """Close what has its proof, a hundred at a time; what was declined needs a reason and stays."""
    settled = Aftercare.objects.visible_to(request.actor).to_do().filter(settled=True)
    listed = list(settled.exclude(state=State.DECLINED).select_related("case").order_by("pk")[:CLOSED_AT_ONCE])
    closed = close_proven(actor=request.actor, cases=listed, at=clock.now())
    messages.success(request, f"{closed} {'case is' if closed == 1 else 'cases are'} closed.")
    return redirect("follow-up")


def again_tabs(today: date) -> dict[str, tuple[str, Q]]:
    return {
        "due": ("Due now", Q(again_on__lte=today)),
        "soon": ("Within 60 days", Q(again_on__gt=today, again_on__lte=today + SOON)),
        "later": ("Later", Q(again_on__gt=today + SOON)),
    }


@require_safe
@role_required(*READERS)
def again(request: ActingRequest) -> HttpResponse:
    """Children to look at again: a year on, or with the next school year; those with a newer case are not listed."""
    form = SiteForm(request.GET, sites=sites_of(request))
    chosen, zone = form.chosen(), Shell(request).zone
    tabs = again_tabs(clock.local_date(clock.now(), zone))
    show = _known(request.GET.get("show"), tabs)
    found = _filtered(Aftercare.objects.visible_to(request.actor).to_look_again(), chosen)
    counts = _counts(found, tabs)
    page = _page(found.filter(tabs[show][1]).order_by("again_on", "pk"), request, count=counts[show])
    context = {
        "page": page, "rows": [(one, Outcome(one.outcome).label) for one in page], "show": show, "form": form, "chosen": chosen,
        "tabs": _tabs(request.path, show, chosen, tabs, counts), "promise": promise_of(request.actor.practice),
        "captures": request.actor.has(Role.HYGIENIST), "may_plan": request.actor.has(Role.MANAGER), "counts": counts,
    }  # fmt: skip
    return render(request, "after/again.html", context)


def sites_of(request: ActingRequest) -> list[Site]:
    """The sites whose cases she sees: all, or those where she is a hygienist."""
    actor, sites = request.actor, Site.objects.filter(practice=request.actor.practice)
    hers = None if actor.has(Role.FRONT_DESK, Role.MANAGER, Role.DENTIST) else actor.sites(Role.HYGIENIST)
    return list(sites if hers is None else sites.filter(pk__in=hers))


def _known(show: str | None, tabs: Mapping[str, Any]) -> str:
    return show if show is not None and show in tabs else next(iter(tabs))


def _filtered(found: AftercareQuerySet, chosen: dict[str, str]) -> AftercareQuerySet:
    columns = {"site": "case__site__public_id"}
    return found.filter(**{columns.get(name, name): value for name, value in chosen.items()})


def _counts(found: AftercareQuerySet, tabs: Mapping[str, tuple[str, Q]]) -> dict[str, int]:
    return found.aggregate(**{name: Count("pk", filter=fits) for name, (_, fits) in tabs.items()})


def _tabs(
    path: str, show: str, chosen: dict[str, str], tabs: Mapping[str, tuple[str, Q]], counts: dict[str, int]
) -> list[Tab]:
    return [
        Tab(f"{path}?{urlencode({'show': name, **chosen})}", label, counts[name], name == show)
        for name, (label, _) in tabs.items()
    ]


def _page(found: AftercareQuerySet, request: ActingRequest, *, count: int) -> Page[Aftercare]:
    rows = found.select_related("case__patient", "case__site").prefetch_related("case__patient__guardians")
    paginator = Paginator(rows.defer("case__answers"), PER_PAGE)
    paginator.count = count  # counted with the tabs
    return paginator.get_page(request.GET.get("page"))


def rows_of(actor: Actor, page: Collection[Aftercare]) -> list[Row]:
    """Each with the other open follow-ups of its child, so that a family is called once about all of them. One query."""
    patients = {one.case.patient_id for one in page}
    opened = Aftercare.objects.visible_to(actor).to_do().filter(case__patient__in=patients)
    labels: dict[int, list[str]] = {}
    for one in opened.select_related("case").defer("case__answers").order_by("case"):
        labels.setdefault(one.case.patient_id, []).append(one.case.label)
    return [
        _row(one, also=tuple(label for label in labels[one.case.patient_id] if label != one.case.label)) for one in page
    ]


def _row(kept: Aftercare, *, also: tuple[str, ...]) -> Row:
    state, patient = State(kept.state), kept.case.patient
    whom = next((one for one in patient.guardians.all() if one.has_authority), None)
    return Row(
        kept, LABELS[state], *CHIPS[state], next_step="Close the case" if _proven(kept) else NEXT[state],
        urgency=Urgency(kept.urgency).label if kept.urgency else "", whom=whom,
        phone=(whom.phone if whom else "") or patient.phone, also=also,
    )  # fmt: skip


def _proven(kept: Aftercare) -> bool:
    return is_proven(kept.outcome, kept.state)
