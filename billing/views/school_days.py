"""Before a school day: every enrolled child in one table, how her plan stands, and a verification recorded from its row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from billing.access import get_coverage
from billing.actions.verifying import record_verification
from billing.claims.facts import Verified
from billing.forms import VerifyForm
from billing.models import PlanSays, VerifiedHow
from billing.permissions import may
from billing.school_days.columns import cells_of
from billing.school_days.reading import children_of
from billing.school_days.sheets import as_csv, write_xlsx
from billing.school_days.standing import LABELS, Authorisation, Child, Standing
from billing.views.handover import MEDIA
from billing.views.worklist import READERS
from cases.actions.registering import school_year_of
from cases.rooms import room_key
from cases.views.showing import Tab
from teledent.accounts import trail
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.days import today_in
from teledent.accounts.forms import DayInput
from teledent.accounts.models import Practice, Role, Site
from teledent.files.keeping import blocks_of
from teledent.files.sending import Answer, send_blocks
from teledent.files.storage import scratch_folder
from teledent.kit import clock
from teledent.kit.decisions import require

PER_PAGE = 250
CHIPS: dict[Standing, tuple[str, str]] = {
    Standing.NONE: ("wait", "circle-off"), Standing.LAPSED: ("wait", "calendar-x"), Standing.NOT_YET: ("wait", "calendar-clock"),
    Standing.UNVERIFIED: ("wait", "circle-alert"), Standing.OLD: ("wait", "history"), Standing.VERIFIED: ("ok", "circle-check"),
}  # fmt: skip
LAPSED = (Standing.LAPSED, Standing.NOT_YET)


class DayForm(forms.Form):
    """Which children: a school and a day, and filters of the address. What is no choice is no filter."""

    site = forms.ChoiceField(label="School or site")
    day = forms.DateField(label="Day", widget=DayInput)
    room = forms.ChoiceField(label="Room", required=False)
    payer = forms.ChoiceField(label="Payer", required=False)

    def __init__(self, *args: Any, sites: Sequence[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sites = {str(site.public_id): site for site in sites}
        named = [(key, f"{site.name} ({site.children})") for key, site in self.sites.items()]  # type: ignore[attr-defined]
        self.fields["site"].choices = [("", "Choose"), *named]  # type: ignore[attr-defined]

    def chosen(self) -> tuple[Site, date] | None:
        """The school and day, where both are named."""
        self.is_valid()
        site, day = self.sites.get(self.data.get("site", "")), self.cleaned_data.get("day")
        return (site, day) if site and day else None


AUTHORISATIONS = {
    Authorisation.MISSING: ("Authorisation needed", "wait", "stamp"),
    Authorisation.WAITING: ("Authorisation asked for", "info", "send"),
    Authorisation.APPROVED: ("Authorised", "ok", "badge-check"),
}


@dataclass(frozen=True, slots=True)
class Row:
    child: Child
    word: str
    kind: str
    icon: str
    told: Verified | None
    says: str
    how: str
    authorisation: tuple[str, str, str] | None  # word, tint and icon, where the plan wants one
    later: bool  # it was asked again after the day
    form: VerifyForm | None


@dataclass(frozen=True, slots=True)
class Listed:
    """The children of a school on a day, filtered by the address."""

    site: Site
    day: date
    found: list[Child]  # by room and payer, before the tab
    show: str
    query: dict[str, str]
    rooms: list[str]
    payers: list[str]

    @property
    def shown(self) -> list[Child]:
        return [child for child in self.found if TABS[self.show][1](child, self.day)]

    def address(self, **changes: str) -> str:
        return f"{reverse('school-day')}?{urlencode({**self.query, 'show': self.show, **changes})}"


TABS: dict[str, tuple[str, Any]] = {
    "all": ("All", lambda child, day: True),
    "needs": ("To ask about", lambda child, day: child.needs_somebody(day)),
    "none": (LABELS[Standing.NONE], lambda child, day: child.standing(day) == Standing.NONE),
    "lapsed": ("Not in force", lambda child, day: child.standing(day) in LAPSED),
    "unverified": (LABELS[Standing.UNVERIFIED], lambda child, day: child.standing(day) == Standing.UNVERIFIED),
    "old": (LABELS[Standing.OLD], lambda child, day: child.standing(day) == Standing.OLD),
    "authorisation": ("Authorisation", lambda child, day: child.wants_authorisation(day)),
    "verified": (LABELS[Standing.VERIFIED], lambda child, day: child.standing(day) == Standing.VERIFIED),
}


@require_safe
@role_required(*READERS)
def school_day(request: ActingRequest) -> HttpResponse:
    """The list. As many queries for two hundred children as for one."""
    return _page(request)


def _page(request: ActingRequest, *, failed: tuple[UUID, VerifyForm] | None = None) -> HttpResponse:
    at = clock.now()
    form, listed = _listed(request, at)
    context: dict[str, Any] = {"form": form, "listed": listed, "may_keep": bool(may(request.actor, "keep_settings"))}
    if listed is not None:
        opened = _opened(request, listed, failed, at)
        page = _page_of(request, listed, opened)
        context |= {
            "page": page, "rows": [_row(child, listed.day, opened) for child in page], "tabs": _tabs(listed), "zone": listed.site.time_zone,
            "files": [(label, f"{reverse('school-day-file', args=[ending])}?{urlencode({**listed.query, 'show': listed.show})}")
                      for label, ending in (("Excel", "xlsx"), ("CSV", "csv"))],
            "uploads": f"{reverse('sheet-uploads')}?{urlencode(_where(listed))}",
            "sheets": f"{reverse('sheets')}?{urlencode(_where(listed))}",
        }  # fmt: skip
    return render(request, "claims/school_day.html", context, status=422 if failed else 200)


def _page_of(request: ActingRequest, listed: Listed, opened: tuple[UUID, VerifyForm] | None) -> "Page[Child]":
    """The page that the address names, or the one on which a form stands open."""
    paginator, plans = Paginator(listed.shown, PER_PAGE), [child.plan for child in listed.shown]
    place = next((at for at, plan in enumerate(plans) if opened and plan and plan.public_id == opened[0]), None)
    return paginator.get_page(request.GET.get("page") if place is None else place // PER_PAGE + 1)


def _where(listed: Listed) -> dict[str, str]:
    return {name: listed.query[name] for name in ("site", "day")}


def sites_of(practice: Practice, day: date) -> list[Site]:
    """Every site with how many children are enrolled there in that school year; schools first."""
    here = Q(enrolments__school_year=school_year_of(day), enrolments__patient__merged_into__isnull=True)
    sites = Site.objects.filter(practice=practice).annotate(children=Count("enrolments", filter=here))
    return sorted(sites, key=lambda site: (site.kind != Site.Kind.SCHOOL, site.name))


def form_of(request: ActingRequest, at: datetime) -> DayForm:
    """Today and the first school with children, or the first of all, until the address says otherwise."""
    today = today_in(request.actor.practice, at)
    sites = sites_of(request.actor.practice, _day(request.GET.get("day", "")) or today)
    first = next((site for site in sites if site.children), next(iter(sites), None))  # type: ignore[attr-defined]
    said = {"day": today.isoformat(), "site": str(first.public_id) if first else ""}
    return DayForm({**said, **request.GET.dict()}, sites=sites)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _listed(request: ActingRequest, at: datetime) -> tuple[DayForm, Listed | None]:
    form = form_of(request, at)
    chosen = form.chosen()
    if chosen is None:
        return form, None
    site, day = chosen
    children = children_of(site, day, reader=request.actor.person)
    rooms = sorted({child.room for child in children if child.room}, key=room_key)
    payers = sorted({child.plan.payer for child in children if child.plan})
    form.fields["room"].choices = [("", "Every room"), *((room, f"Room {room}") for room in rooms)]  # type: ignore[attr-defined]
    form.fields["payer"].choices = [("", "Any payer"), *((name, name) for name in payers)]  # type: ignore[attr-defined]
    room, payer = form.data.get("room", ""), form.data.get("payer", "")
    room, payer = room if room in rooms else "", payer if payer in payers else ""
    found = [
        child
        for child in children
        if (not room or child.room == room) and (not payer or (child.plan and child.plan.payer == payer))
    ]
    show = request.GET.get("show", "all")
    query = {"site": str(site.public_id), "day": day.isoformat(), "room": room, "payer": payer}
    named = {name: value for name, value in query.items() if value}
    return form, Listed(site, day, found, show if show in TABS else "all", named, rooms, payers)


def _tabs(listed: Listed) -> list[Tab]:
    return [
        Tab(
            listed.address(show=name),
            label,
            sum(fits(child, listed.day) for child in listed.found),
            name == listed.show,
        )
        for name, (label, fits) in TABS.items()
    ]


def _opened(
    request: ActingRequest, listed: Listed, failed: tuple[UUID, VerifyForm] | None, at: datetime
) -> tuple[UUID, VerifyForm] | None:
    """The row whose form stands open: one that was sent and is wrong, or the one that the address names."""
    if failed or not may(request.actor, "keep_settings"):
        return failed
    asked = request.GET.get("verify", "")
    plan = next((one.plan for one in listed.found if one.plan and str(one.plan.public_id) == asked), None)
    if plan is None:
        return None
    today = clock.local_date(at, listed.site.time_zone)
    return plan.public_id, VerifyForm(
        today=today, auto_id="row_%s", initial={**_as_before(request), "about": plan.as_shown}
    )


def _as_before(request: ActingRequest) -> dict[str, str]:
    """How the last one was asked is how the next one is, most often."""
    how = request.GET.get("how", "")
    return {"how": how} if how in VerifiedHow.values else {}


def _row(child: Child, day: date, opened: tuple[UUID, VerifyForm] | None) -> Row:
    standing = child.standing(day)
    told = child.plan.counting(day) if child.plan else None
    form = opened[1] if opened and child.plan and opened[0] == child.plan.public_id else None
    return Row(
        child, LABELS[standing], *CHIPS[standing], told=told, says=PlanSays(told.says).label if told else "",
        how=VerifiedHow(told.how).label.lower() if told and told.how in VerifiedHow.values else "",
        authorisation=AUTHORISATIONS.get(child.authorisation(day)), later=told is not None and told.on > day, form=form,
    )  # fmt: skip


@require_POST
@role_required(Role.FRONT_DESK)
def verify(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Record one answer and go on: back to the list, or to the next child of it who has to be asked about."""
    at, coverage = clock.now(), get_coverage(request.actor, public_id)
    _, listed = _listed(request, at)
    zone = listed.site.time_zone if listed else "UTC"
    form = VerifyForm(request.POST, today=clock.local_date(at, zone), auto_id="row_%s")
    if not form.is_valid():
        return _page(request, failed=(coverage.public_id, form))
    record_verification(
        actor=request.actor, coverage=coverage, public_id=form.cleaned_data["public_id"], said=form.cleaned_data, at=at,
        about=form.cleaned_data["about"],
    )  # fmt: skip
    messages.success(request, f"Recorded for {coverage.patient}.")
    if listed is None:
        return redirect("claims-patient", coverage.patient.public_id)
    after = _next(listed, coverage.public_id) if "next" in request.POST else None
    if after is None:
        page = request.GET.get("page", "1")
        return redirect(listed.address(page=page) + f"#plan-{coverage.public_id}")
    return redirect(listed.address(verify=str(after), how=form.cleaned_data["how"]) + f"#plan-{after}")


def _next(listed: Listed, done: UUID) -> UUID | None:
    """The plan after this one, in the order of the list, that stands there unverified."""
    plans = [child for child in listed.shown if child.plan]
    place = next((at for at, child in enumerate(plans) if child.plan and child.plan.public_id == done), -1)
    for child in plans[place + 1 :]:
        if child.plan and child.standing(listed.day) in (Standing.UNVERIFIED, Standing.OLD):
            return child.plan.public_id
    return None


@require_safe
@role_required(Role.FRONT_DESK)
def as_file(request: ActingRequest, form: str) -> Answer:
    """The list as it is filtered, to be filled in and brought back."""
    at, actor = clock.now(), request.actor
    _, listed = _listed(request, at)
    if form not in ("csv", "xlsx") or listed is None:
        raise Http404("No such list.")
    require(may(actor, "export"))
    if request.method != "HEAD":
        trail.record(
            "export",
            noun="school day",
            public_id=listed.site.public_id,
            person=actor.person,
            practice=actor.practice,
            at=at,
        )
    rows = [cells_of(child, listed.day) for child in listed.shown]
    blocks = as_csv(rows) if form == "csv" else _workbook(rows)
    name = f"school-day-{listed.day:%Y-%m-%d}.{form}"
    return send_blocks(request, blocks, size=None, media_type=MEDIA[form], name=name, what="The list")


def _workbook(rows: list[dict[str, str]]) -> Iterator[bytes]:
    with scratch_folder() as folder:
        path = folder / "list.xlsx"
        write_xlsx(rows, path)
        yield from blocks_of(path)
