"""Who is next: the open cases of her sites, what needs her, what went out today, and the way to a patient."""

from dataclasses import dataclass
from datetime import date, datetime, time
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import Case as When
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models import When as Is
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cases.models import Asset, AssetState, Case, Consultation, Enrolment, Order, Patient, ScreeningEvent
from cases.order_states import LIVE
from cases.states import EDITABLE, Status
from cases.views.showing import Tab
from teledent.accounts.acting import ActingRequest, Actor, role_required
from teledent.accounts.models import Role, Site
from teledent.kit import clock

PER_PAGE = 25
FOUND_MAX = 20


@dataclass(frozen=True, slots=True)
class Need:
    """One line of "Needs you"."""

    title: str
    detail: str
    href: str
    label: str
    icon: str = "circle-alert"


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.HYGIENIST)
def day(request: ActingRequest) -> HttpResponse:
    """The day; a POST finds patients on it and changes nothing: names belong in no address, history or log."""
    at = clock.now()
    sites = list(sites_of(request.actor))
    chosen = next((site for site in sites if str(site.public_id) == request.GET.get("site")), None)
    zone = (chosen or sites[0]).time_zone if sites else "UTC"
    cases = Case.objects.captured_by(request.actor)
    cases = cases.filter(site=chosen) if chosen else cases
    open_cases = cases.filter(status__in=EDITABLE)
    sent = cases.exclude(status=Status.DRAFT).filter(submitted_at__gte=_start_of_day(at, zone))
    show_sent = request.GET.get("show") == "sent"
    page = _page(_listed(sent, newest="-submitted_at") if show_sent else _listed(open_cases), request)
    needs = _needs(request.actor, open_cases, chosen)
    waiting = Tab(
        _address(request, show=""),
        "In progress",
        open_cases.count() if show_sent else page.paginator.count,
        not show_sent,
    )
    gone = Tab(
        _address(request, show="sent"),
        "Submitted today",
        page.paginator.count if show_sent else sent.count(),
        show_sent,
    )
    query = request.POST.get("text", "").strip()[:60]
    context = {
        "sites": sites, "chosen": chosen, "zone": zone, "today": clock.local_date(at, zone), "page": page, "needs": needs,
        "tabs": [waiting, gone], "address": _address(request, show="sent" if show_sent else ""), "show_sent": show_sent,
        "query": query, "found": _found(request.actor, query), "found_max": FOUND_MAX,
        "on_call": request.actor.practice.on_call_phone, "orders": _orders(request.actor, chosen),
        "events": _events(request.actor, chosen, clock.local_date(at, zone)),
    }  # fmt: skip
    return render(request, "capture/day.html", context)


def _orders(actor: Actor, site: Site | None) -> int:
    """How many orders of dentists wait at her sites, or at the one chosen."""
    live = Order.objects.of_sites(actor).filter(status__in=LIVE)
    return (live.filter(case__site=site) if site else live).count()


def _events(actor: Actor, site: Site | None, today: date) -> list[ScreeningEvent]:
    """Today's school days at her sites, or at the one chosen."""
    here = ScreeningEvent.objects.standing().touching(today, today).filter(site__in=[site] if site else sites_of(actor))
    return list(here.select_related("site").with_expected().order_by("site__name"))


def sites_of(actor: Actor) -> QuerySet[Site]:
    """The sites where she is a hygienist, by name."""
    ids = actor.sites(Role.HYGIENIST)
    mine = Site.objects.filter(practice=actor.practice)
    return mine if ids is None else mine.filter(pk__in=ids)


def _start_of_day(at: datetime, zone: str) -> datetime:
    return datetime.combine(clock.local_date(at, zone), time.min, tzinfo=ZoneInfo(zone))


def room_of(patient: str) -> Subquery:
    """The newest room of the patient whose key stands in `patient`, for lists."""
    newest = Enrolment.objects.filter(patient=OuterRef(patient)).order_by("-school_year", "-pk")
    return Subquery(newest.values("room")[:1])


def _listed(cases: QuerySet[Case], *, newest: str = "-opened_at") -> QuerySet[Case]:
    """Rows of the list in one query: question back first, then files that wait for her, then the newest."""
    files = Asset.objects.filter(case=OuterRef("pk")).exclude(state=AssetState.STRUCK)
    asked = When(Is(status=Status.NEEDS_INFO, then=Value(0)), default=Value(1))
    return (
        cases.select_related("patient", "site")
        .annotate(
            room=room_of("patient_id"),
            is_held=Exists(files.exclude(hold_reason="")),
            is_broken=Exists(files.filter(state__in=[AssetState.REFUSED, AssetState.FAILED])),
        )
        .order_by(asked, "-is_held", "-is_broken", newest, "-pk")
    )


def _page(rows: QuerySet[Case], request: ActingRequest) -> Page[Case]:
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def _needs(actor: Actor, open_cases: QuerySet[Case], site: Site | None) -> list[Need]:
    """What waits for a decision of hers: questions, held and unusable files, the tray, other
    offices' questions. Five queries, however long the day."""
    asked = open_cases.filter(status=Status.NEEDS_INFO).select_related("patient", "reader").order_by("due_at", "pk")[:5]
    needs = [
        Need(
            f"{case.reader or 'The dentist'} asks about {case.patient.name}",
            f"{case.label}",
            _case(case),
            "Answer",
            "message-circle-question-mark",
        )
        for case in asked
    ]
    files = Asset.objects.filter(case__in=open_cases).exclude(state=AssetState.STRUCK)
    needs += _files_need(files.exclude(hold_reason=""), "held until you decide", "Decide")
    needs += _files_need(files.filter(state__in=[AssetState.REFUSED, AssetState.FAILED]), "not usable", "Mend")
    tray = Asset.objects.in_tray(actor)
    waiting = (tray.filter(site=site) if site else tray).count()
    if waiting:
        needs.append(
            Need(
                f"{_pictures(waiting)} without a patient",
                "Imported, or sent by an imaging program",
                reverse("capture-tray"),
                "Place",
                "inbox",
            )
        )
    offices = Consultation.objects.to_take_up().visible_to(actor)
    questions = (offices.filter(site=site) if site else offices).count()
    if questions:
        title = "A question of another office" if questions == 1 else f"{questions} questions of other offices"
        needs.append(
            Need(title, "Whose patient is it?", reverse("consultations"), "Take up", "message-circle-question-mark")
        )
    return needs


def _files_need(files: QuerySet[Asset], what: str, label: str) -> list[Need]:
    found = list(files.select_related("case__patient").order_by("declared_at")[:100])
    if not found or found[0].case is None:
        return []
    names = list(dict.fromkeys(asset.case.patient.name for asset in found if asset.case))
    detail = ", ".join(names[:2]) + (f" and {len(names) - 2} more" if len(names) > 2 else "")
    return [Need(f"{_pictures(len(found))} {what}", detail, f"{_case(found[0].case)}#pictures", label)]


def _pictures(count: int) -> str:
    return f"{count} picture{'' if count == 1 else 's'}"


def _case(case: Case) -> str:
    return reverse("capture-case", args=[case.public_id])


def _found(actor: Actor, query: str) -> list[Patient]:
    if len(query) < 2:
        return []
    mine = Patient.objects.of_sites(actor).called(query)
    return list(mine.annotate(room=room_of("pk")).order_by("family_key", "given_key", "pk")[: FOUND_MAX + 1])


def _address(request: ActingRequest, *, show: str) -> str:
    kept = {"site": request.GET.get("site", ""), "show": show}
    query = urlencode({name: value for name, value in kept.items() if value})
    return f"{request.path}?{query}" if query else request.path
