"""Every link of hers with how it stands: open, sent, closed without anything sent."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cases.actions.linking import revoke_link
from cases.models import SendingLink
from cases.practice_permissions import may_at_site
from cases.views.showing import Tab
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.kit import clock

PER_PAGE = 25
READERS = (Role.HYGIENIST, Role.FRONT_DESK, Role.MANAGER)
MAKERS = (Role.HYGIENIST, Role.FRONT_DESK)


@require_safe
@role_required(*READERS)
def links(request: ActingRequest) -> HttpResponse:
    at = clock.now()
    mine = SendingLink.objects.visible_to(request.actor)
    sent = mine.filter(sent_at__isnull=False)
    lists: dict[str, tuple[str, QuerySet[SendingLink]]] = {
        "open": ("Open", mine.usable(at)),
        "sent": ("Sent", sent.order_by("-sent_at", "-pk")),
        "closed": (
            "Closed, nothing sent",
            mine.exclude(pk__in=mine.usable(at).values("pk")).filter(sent_at__isnull=True),
        ),
    }
    show = request.GET.get("show", "open")
    show = show if show in lists else "open"
    rows = lists[show][1].select_related("patient", "site", "made_by", "case", "revoked_by")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "tabs": [Tab(f"{request.path}?show={key}", label, found.count(), key == show) for key, (label, found) in lists.items()],
        "page": page, "show": show, "now_at": "links", "here": "follow-up",
        "rows": [(link, *_state(link, at), bool(may_at_site(request.actor, "send_links", link.site))) for link in page],
        "opens_case": request.actor.has(Role.HYGIENIST),
    }  # fmt: skip
    return render(request, "links/links.html", context)


def _state(link: SendingLink, at: datetime) -> tuple[str, str, str]:
    """Word, kind and icon of its chip."""
    if link.sent_at:
        return ("Sent", "ok", "circle-check")
    if link.revoked_at:
        return (f"Revoked by {link.revoked_by}", "", "circle-x")
    if not link.tries_left:
        return ("Locked: wrong birth dates", "wait", "lock")
    if link.expires_at <= at:
        return ("Ran out", "", "clock")
    if link.case is not None:
        on_its_way = link.case.status == "draft"
        return ("Being sent", "accent", "upload") if on_its_way else (link.case.shown_status, "", "circle")
    return ("Opened", "accent", "eye") if link.opened_at else ("Not opened yet", "", "circle")


@require_POST
@role_required(*MAKERS)
def revoke(request: ActingRequest, public_id: UUID) -> HttpResponse:
    link = SendingLink.objects.visible_to(request.actor).select_related("site").filter(public_id=public_id).first()
    if link is None:
        raise Http404("No such link.")
    revoke_link(actor=request.actor, link=link, at=clock.now())
    messages.success(request, "The link works no more. What was gathered by it stays in its case.")
    return redirect("links")
