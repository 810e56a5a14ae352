"""Every school day of hers: the coming ones first, with how many children are on the list and how many are to be seen."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.models import ScreeningEvent
from cases.models.event import ScreeningEventQuerySet
from cases.practice_permissions import may_in_practice
from cases.views.showing import Tab
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.days import today_in
from teledent.accounts.models import Role
from teledent.kit import clock

PER_PAGE = 25
READERS = (Role.HYGIENIST, Role.FRONT_DESK, Role.MANAGER)


@require_safe
@role_required(*READERS)
def events(request: ActingRequest) -> HttpResponse:
    mine = ScreeningEvent.objects.visible_to(request.actor)
    today = today_in(request.actor.practice, clock.now())
    lists = {
        "coming": ("Today and coming", mine.standing().filter(ends_on__gte=today).order_by("starts_on", "pk")),
        "past": ("Past", mine.standing().filter(ends_on__lt=today)),
        "off": ("Called off", mine.filter(cancelled_at__isnull=False)),
    }
    show = request.GET.get("show", "coming")
    show = show if show in lists else "coming"
    page = Paginator(_listed(lists[show][1]), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "tabs": [Tab(f"{request.path}?show={key}", label, rows.count(), key == show) for key, (label, rows) in lists.items()],
        "page": page, "show": show, "today": today, "may_plan": bool(may_in_practice(request.actor, "plan_events")),
        "may_count": bool(may_in_practice(request.actor, "read_indicators")),
    }  # fmt: skip
    return render(request, "events/events.html", context)


def _listed(rows: ScreeningEventQuerySet) -> ScreeningEventQuerySet:
    return rows.with_expected().select_related("site", "supervising_dentist").prefetch_related("team")
