"""The list of a school day: by room, who is expected, absent, refused, done, and what the families answered.

A child is called up by a tap, or by her tag or name in the box at the top: a scanner that types ends in Enter, and a tag
that is one of the list goes to that child at once. So do the codes of her slate and of her form, which a camera reads into
that box. Names go by POST, for they belong in no address.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from cases.access_events import get_event, get_event_child
from cases.actions.attending import add_child, add_enrolled, mark_child, remove_child, take_from_last_year
from cases.event_reading import Child, children_of, held_on_devices, named, tally_of
from cases.events.slates import slate_in
from cases.events.standing import AGREED_WORDS, GONE, STANDING_WORDS, Agreed, Standing
from cases.events.tags import tag_in
from cases.family_forms.codes import form_in
from cases.models import Case, Enrolment, FamilyForm, Patient, Roster, RosterState, Scope, ScreeningEvent
from cases.practice_permissions import may_at_site, may_in_practice
from cases.rooms import grade_key, room_key
from cases.views.capture.forms import posted
from cases.views.events.forms import LastYearForm, MarkForm
from cases.views.events.listing import READERS
from cases.views.showing import Tab
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.accounts.trail import record_read
from teledent.kit import clock
from teledent.kit.decisions import Refused

CHIPS = {
    Standing.EXPECTED: ("", "circle"), Standing.BEGUN: ("info", "pencil"), Standing.DONE: ("ok", "circle-check"),
    Standing.ABSENT: ("", "user-x"), Standing.REFUSED: ("", "hand"),
}  # fmt: skip
AGREED_CHIPS = {
    Agreed.GIVEN: ("ok", "circle-check"), Agreed.PARTLY: ("wait", "circle-alert"), Agreed.REFUSED: ("", "hand"),
    Agreed.EXPIRED: ("wait", "calendar-x"), Agreed.MISSING: ("wait", "circle-off"),
}  # fmt: skip
STRAYS_SHOWN = 50
Fits = Callable[[Child], bool]
TABS: dict[str, tuple[str, Fits]] = {
    "all": ("All", lambda child: True),
    "open": ("Not seen yet", lambda child: child.standing in (Standing.EXPECTED, Standing.BEGUN)),
    "next": ("May be seen", lambda child: child.standing == Standing.EXPECTED and child.agreed == Agreed.GIVEN),
    "done": ("Done", lambda child: child.standing == Standing.DONE),
    "absent": ("Absent", lambda child: child.standing == Standing.ABSENT),
    "refused": ("Refused", lambda child: child.standing == Standing.REFUSED),
    "missing": ("No consent", lambda child: child.agreed in (Agreed.MISSING, Agreed.PARTLY, Agreed.EXPIRED)),
}
SCOPE_SIGNS = {Scope.RADIOGRAPHS: "radiographs", Scope.FLUORIDE: "fluoride", Scope.SEALANTS: "sealants",
               Scope.SILVER_FLUORIDE: "silver fluoride", Scope.SCHOOL: "school", Scope.BILLING: "billing"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    child: Child
    word: str
    kind: str
    icon: str
    agreed_word: str
    agreed_kind: str
    agreed_icon: str
    also: str  # what else the family agreed to

    @property
    def may_be_marked(self) -> bool:
        return self.child.case is None


def _row(child: Child) -> Row:
    also = ", ".join(SCOPE_SIGNS[Scope(scope)] for scope in child.scopes if scope in SCOPE_SIGNS)
    words = STANDING_WORDS[child.standing], AGREED_WORDS[child.agreed]
    return Row(child, words[0], *CHIPS[child.standing], words[1], *AGREED_CHIPS[child.agreed], also)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*READERS)
def event(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """The list. A POST looks for a child and changes nothing; as many queries for two hundred children as for one."""
    at, row = clock.now(), get_event(request.actor, public_id)
    record_read(request.actor, noun="school day", public_id=row.public_id, at=at)
    if "newest" in request.GET and (own := _newest_roster(request, row)):
        return redirect("roster", own.public_id)
    children = children_of(row, at=at)
    typed = request.POST.get("text", "").strip()[:60]
    called = _called(row, children, typed) if typed else None
    if called and request.actor.at_site(Role.HYGIENIST, row.site_id):
        return redirect("capture-patient", called.public_id)
    found = [called] if called else named(children, typed) if typed else children
    return render(request, "events/event.html", _context(request, row, children, found, typed=typed, at=at))


def _called(row: ScreeningEvent, children: list[Child], typed: str) -> Child | None:
    """The child of a tag, of a slate or of a form of this day; what was printed for a row merged into hers is hers, too."""
    slate, form = slate_in(typed), form_in(typed)
    tag = slate.tag if slate and slate.event == row.public_id else tag_in(typed)
    of_tag = row.children.filter(tag=tag) if tag else None
    rows = FamilyForm.objects.filter(run__event=row, public_id=form) if form else of_tag
    named_there = rows.select_related("patient").first() if rows is not None else None
    stays = named_there.patient.stays.public_id if named_there else None
    return next((child for child in children if child.public_id == stays), None)


def _why_none(typed: str) -> str:
    """Why nobody is called up, where it can be told from what was typed."""
    if slate_in(typed):
        return "This slate is of no child on this list. It may be of another school day."
    if form_in(typed):
        return "This form is of no child on this list. It may be of another school day."
    if tag_in(typed):
        return "No child on this list has that tag."
    return "Look at the tag once more: with one wrong character it is nobody’s. Or find the child in Capture."


def _newest_roster(request: ActingRequest, row: ScreeningEvent) -> Roster | None:
    """The list that she just brought in."""
    return (
        row.rosters.exclude(state=RosterState.ANNOUNCED).filter(received_by=request.actor.person).defer("rows").first()
    )


def _context(
    request: ActingRequest, row: ScreeningEvent, children: list[Child], found: list[Child], *, typed: str, at: datetime
) -> dict[str, Any]:
    rooms = sorted({child.room for child in children}, key=room_key)
    room = request.GET.get("room")
    here = [child for child in found if room is None or child.room == room]
    show = request.GET.get("show", "all")
    show = show if show in TABS and not typed else "all"
    keeps = bool(may_at_site(request.actor, "keep_roster", row.site)) and row.cancelled_at is None
    return {
        "event": row, "typed": typed, "why_none": _why_none(typed), "room": room, "rooms": rooms, "show": show, "zone": row.site.time_zone,
        "tabs": [Tab(_address(row, key, room), label, sum(map(fits, here)), key == show) for key, (label, fits) in TABS.items()],
        "rows": [_row(child) for child in here if TABS[show][1](child)], "tally": tally_of(children),
        **strays_of(row), "on_devices": held_on_devices(row),
        "keeps": keeps, "marks": bool(may_at_site(request.actor, "mark_children", row.site)) and row.cancelled_at is None,
        "plans": bool(may_in_practice(request.actor, "plan_events")) and row.cancelled_at is None,
        "captures": request.actor.at_site(Role.HYGIENIST, row.site_id), "team": list(row.team.order_by("name")),
        "rosters": row.rosters.exclude(state=RosterState.ANNOUNCED).defer("rows").select_related("received_by")[:10],
        "enrolled": _not_listed(row).count() if keeps else 0, "last_year": keeps and bool(_grades_before(row)),
    }  # fmt: skip


def _address(row: ScreeningEvent, show: str, room: str | None) -> str:
    kept = {"show": show} if room is None else {"show": show, "room": room}
    return f"{reverse('event', args=[row.public_id])}?{urlencode(kept)}"


def strays_of(row: ScreeningEvent) -> dict[str, Any]:
    """Cases of the day whose patient is not on the list: seen, and not expected (DE-2). How many, and the first of them."""
    there = Case.objects.filter(site=row.site_id, day_seen__gte=row.starts_on, day_seen__lte=row.ends_on)
    stray = there.exclude(status__in=GONE).exclude(patient__in=row.children.values("patient"))
    first = stray.select_related("patient").order_by("opened_at", "pk")[:STRAYS_SHOWN]
    return {"strays": list(first), "stray_count": stray.count()}


def _not_listed(row: ScreeningEvent) -> QuerySet[Enrolment]:
    enrolled = Enrolment.objects.filter(
        site=row.site_id, school_year=row.school_year, patient__merged_into__isnull=True
    )
    return enrolled.exclude(patient__in=row.children.values("patient"))


def _grades_before(row: ScreeningEvent) -> list[str]:
    before = Enrolment.objects.filter(
        site=row.site_id, school_year=row.school_year - 1, patient__merged_into__isnull=True
    )
    return sorted(set(before.values_list("grade", flat=True)), key=grade_key)


@require_POST
@role_required(*READERS)
def enrolled(request: ActingRequest, public_id: UUID) -> HttpResponse:
    row = get_event(request.actor, public_id)
    added = add_enrolled(actor=request.actor, event=row, at=clock.now())
    messages.success(request, f"{added} put on the list.")
    return redirect("event", row.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*READERS)
def last_year(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Children of last year, a grade further; who left the school is left out by her grade."""
    row = get_event(request.actor, public_id)
    grades = _grades_before(row)
    form = LastYearForm(posted(request), grades=grades, initial={"grades": grades})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data["grades"]
        added = take_from_last_year(actor=request.actor, event=row, grades=said, at=clock.now())
        messages.success(
            request, f"{added} put on the list, each a grade further. Their rooms come with the school’s list."
        )
        return redirect("event", row.public_id)
    context = {
        "form": form, "title": "Children of last year", "back": reverse("event", args=[row.public_id]),
        "action": "Put them on the list",
    }  # fmt: skip
    return render(request, "events/edit.html", context, status=422 if form.errors else 200)


@require_POST
@role_required(Role.HYGIENIST)
def mark(request: ActingRequest, public_id: UUID, child: UUID) -> HttpResponse:
    """Absent or refused, or neither again; back to the list where she stood."""
    row = get_event(request.actor, public_id)
    patient, form = get_event_child(row, child), MarkForm(request.POST)
    if not form.is_valid():
        raise Refused("A child is absent or refused, or neither is said.")
    said = form.cleaned_data
    mark_child(actor=request.actor, event=row, patient=patient, mark=said["mark"], note=said["note"], at=clock.now())
    return _back(request, row, patient)


@require_POST
@role_required(*READERS)
def remove(request: ActingRequest, public_id: UUID, child: UUID) -> HttpResponse:
    row = get_event(request.actor, public_id)
    patient = get_event_child(row, child)
    remove_child(actor=request.actor, event=row, patient=patient, at=clock.now())
    messages.success(request, f"{patient.name} is off this list.")
    return _back(request, row, None)


@require_POST
@role_required(*READERS)
def put_on(request: ActingRequest, public_id: UUID, child: UUID) -> HttpResponse:
    """A child who was seen without being expected, or who came with the day."""
    row = get_event(request.actor, public_id)
    patient = Patient.objects.visible_to(request.actor).filter(public_id=child).first()
    if patient is None:
        raise Refused("This child is not one of yours. Register her in Capture first.")
    add_child(actor=request.actor, event=row, patient=patient, at=clock.now())
    messages.success(request, f"{patient.name} is on the list.")
    return _back(request, row, patient)


def _back(request: ActingRequest, row: ScreeningEvent, patient: Patient | None) -> HttpResponse:
    show, room = request.GET.get("show", "all"), request.GET.get("room")
    response = redirect(_address(row, show if show in TABS else "all", room))
    response["Location"] += f"#child-{patient.public_id}" if patient else ""
    return response
