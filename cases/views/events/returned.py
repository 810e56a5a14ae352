"""Forms that came back: scans brought in, pages that wait for a person, and a page beside what is entered from it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.access_events import get_event, get_event_child, get_form_page, get_form_scan
from cases.actions.consenting import Rested
from cases.actions.returned_forms import (
    announce_scan,
    correct_health,
    enter_page,
    file_page,
    scan_arrived,
    set_page_aside,
    take_entry_back,
    take_page_up,
)
from cases.event_reading import children_of, named
from cases.events.standing import Agreed
from cases.models import Consent, FormPage, PageFound, Patient, ScanState, ScreeningEvent
from cases.practice_permissions import may_at_site
from cases.views.capture.consent import standing_of
from cases.views.events.forms import AsideForm, EnterForm, HealthForm, TakeBackForm, WhoseForm
from cases.views.events.listing import READERS
from cases.views.receiving import announced, parts
from cases.views.showing import Tab, banner_of_patient, enrolment_of
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.accounts.trail import record_read
from teledent.files.sending import Answer, show
from teledent.files.storage import open_streaming
from teledent.kit import clock
from teledent.kit.decisions import Conflict, Refused

PER_PAGE = 60
SHOWN = 40  # children to choose from at a time
LANGUAGES = {"en": "English", "es": "Spanish"}  # of the forms, as consents name them
SCAN_CHIPS = {
    ScanState.ANNOUNCED: ("info", "upload"), ScanState.QUEUED: ("info", "clock"), ScanState.READ: ("ok", "circle-check"),
    ScanState.REFUSED: ("wait", "triangle-alert"),
}  # fmt: skip
TABS = {"enter": "To enter", "whose": "Whose is it?", "entered": "Entered", "empty": "Empty", "aside": "Set aside"}
EMPTY = Q(found=PageFound.BLANK, patient__isnull=True, set_aside_at__isnull=True)
FOUND_SAYS = {
    PageFound.FORM: "Its code says whose it is.",
    PageFound.STRANGE: "Its code is of another school day, or of a form that was not printed here. Look at the name on it.",
    PageFound.SEVERAL: "Several forms lie on this page. Scan each by itself, and set this one aside.",
    PageFound.NO_CODE: "No code of ours could be read on it. Look at the name on it.",
    PageFound.BLANK: "It seems to be an empty page.",
}  # fmt: skip
TAKEN_BACK_SAYS = "What was entered from it was taken back. Look at the name on it, not only at its code."
# Where each of them looks up what a family answered: the front desk's page is of another room, and known by its name alone.
CONSENT_PAGES = {Role.HYGIENIST: "capture-consent", Role.FRONT_DESK: "claims-consent"}


def _pages(event: ScreeningEvent, show: str) -> Any:
    rows = FormPage.objects.filter(scan__event=event)
    return {
        "enter": rows.to_enter(), "whose": rows.of_whom().exclude(found=PageFound.BLANK), "entered": rows.entered(),
        "empty": rows.filter(EMPTY), "aside": rows.set_aside(),
    }[show]  # fmt: skip


@require_safe
@role_required(*READERS)
def returned(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Scans and pages of a school day. As many queries however many pages."""
    row = get_event(request.actor, public_id)
    record_read(request.actor, noun="returned forms", public_id=row.public_id, at=clock.now())
    counts = {key: _pages(row, key).count() for key in TABS}
    asked = request.GET.get("show", "")
    chosen = asked if asked in TABS else next((key for key in TABS if counts[key]), "enter")
    pages = (
        _pages(row, chosen).select_related("scan", "patient", "consent").order_by("scan__received_at", "scan", "number")
    )
    scans = list(row.form_scans.select_related("received_by")[:20])
    context = {
        "event": row, "zone": row.site.time_zone, "show": chosen, "scans": [(one, *SCAN_CHIPS[ScanState(one.state)]) for one in scans],
        "reading": any(one.state == ScanState.QUEUED for one in scans),
        "tabs": [Tab(f"{request.path}?show={key}", label, counts[key], key == chosen) for key, label in TABS.items()],
        "page": Paginator(pages, PER_PAGE).get_page(request.GET.get("page")),
        "keeps": bool(may_at_site(request.actor, "keep_roster", row.site)),
    }  # fmt: skip
    return render(request, "events/returned.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*READERS)
def page(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """One page beside what is to be done with it. A POST looks for a child and changes nothing."""
    at, row = clock.now(), get_form_page(request.actor, public_id)
    record_read(request.actor, noun="form page", public_id=row.public_id, at=at)
    return render(request, "events/returned_page.html", _page_context(request, row, typed=request.POST.get("text", "")))


def _page_context(
    request: ActingRequest, row: FormPage, *, typed: str = "", form: EnterForm | None = None
) -> dict[str, Any]:
    event, at = row.scan.event, clock.now()
    day = clock.local_date(at, event.site.time_zone)
    keeps = bool(may_at_site(request.actor, "keep_roster", event.site))
    enters = keeps and request.actor.has(Role.HYGIENIST, Role.FRONT_DESK)
    open_ = keeps and row.consent_id is None and row.set_aside_at is None
    asks = open_ and (row.patient is None or "whose" in request.GET)
    context: dict[str, Any] = {
        "row": row, "event": event, "zone": event.site.time_zone, "open": open_, "asks": asks, "keeps": keeps,
        "found_says": _found_says(row), "back": reverse("event-returned", args=[event.public_id]),
        "changes": row.changes.select_related("person"), "printed_for": _printed_for(row),
    }  # fmt: skip
    if row.patient is not None:
        context["banner"] = banner_of_patient(
            row.patient, day=day, enrolment=enrolment_of(row.patient, site_id=event.site_id)
        )
    if asks:
        context |= _children(event, typed.strip()[:60])
    elif row.consent is not None and enters:
        context |= _entered(request, row, row.consent)
    elif open_ and row.patient is not None and enters:
        form = form or EnterForm(initial=_initial(row))
        form.say_what_stands(standing_of(row.patient, day))
        context["form"] = form
        context["before"] = _entered_before(row)
    return context


def _found_says(row: FormPage) -> str:
    """A page with a code of ours is nobody's only once a person took back what was entered from it."""
    is_taken_back = row.found == PageFound.FORM and row.patient is None
    return TAKEN_BACK_SAYS if is_taken_back else FOUND_SAYS[PageFound(row.found)]


def _printed_for(row: FormPage) -> Patient | None:
    """The child whose form the paper is, where that is not the child whose page it is: the family signed the text of that form."""
    if row.form is None or row.patient is None or row.form.patient.stays == row.patient:
        return None
    return row.form.patient


def _entered(request: ActingRequest, row: FormPage, consent: Consent) -> dict[str, Any]:
    """What can be done about what was entered, and where the person who does it looks up the answers of the child."""
    name = next(name for role, name in CONSENT_PAGES.items() if request.actor.has(role))
    return {
        "health_form": HealthForm(initial={"health": row.health}),
        "back_form": TakeBackForm(initial={"answer": consent.public_id}),
        "consent_page": reverse(name, args=[consent.patient.public_id]),
    }


def _children(event: ScreeningEvent, typed: str) -> dict[str, Any]:
    """Whom a page may be of: those that are called so; else first the families that have not answered."""
    children = children_of(event, at=clock.now())
    found = (
        named(children, typed)
        if typed
        else sorted(children, key=lambda one: one.agreed in (Agreed.GIVEN, Agreed.REFUSED))
    )
    return {"typed": typed, "children": found[:SHOWN], "more": max(len(found) - SHOWN, 0)}


def _initial(row: FormPage) -> dict[str, Any]:
    patient = row.patient
    if patient is None:
        return {}
    guardian = patient.guardians.filter(has_authority=True).order_by("pk").first()
    said: dict[str, Any] = {"signer_name": guardian.name, "signer_authority": guardian.relationship} if guardian else {}
    said["child"] = patient.public_id
    return {**said, "language": LANGUAGES[row.form.language] if row.form else patient.language or "English"}


def _entered_before(row: FormPage) -> FormPage | None:
    """A page of the same form that was entered, under whichever child: the family's sheet was scanned twice, or they changed their
    mind, or a copy of the form was made for another child."""
    if row.form is None:
        return None
    of_form = FormPage.objects.entered().filter(form=row.form)
    return of_form.select_related("patient", "consent__recorded_by").first()


@require_POST
@role_required(*READERS)
def file_under(request: ActingRequest, public_id: UUID) -> HttpResponse:
    row, form = get_form_page(request.actor, public_id), WhoseForm(request.POST)
    if not form.is_valid():
        raise Refused("Choose the child whose name stands on the page.")
    patient = get_event_child(row.scan.event, form.cleaned_data["child"])
    file_page(
        actor=request.actor,
        page=row,
        patient=patient,
        is_ours=form.cleaned_data["paper"] == "ours",
        at=clock.now(),
        reason=form.cleaned_data["reason"],
    )
    messages.success(request, f"Filed under {patient.name}.")
    return redirect("event-returned-page", row.public_id)


@require_POST
@role_required(Role.HYGIENIST, Role.FRONT_DESK)
def enter(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Record the family's answer, then the next page."""
    row, form = get_form_page(request.actor, public_id), EnterForm(request.POST)
    if form.is_valid():
        try:
            enter_page(actor=request.actor, page=row, at=clock.now(), **form.answer)
        except Conflict:
            raise  # somebody was faster: nothing of this is to be entered any more
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"The answer for {row.patient} is recorded.")
            return _next(row)
    return render(request, "events/returned_page.html", _page_context(request, row, form=form), status=422)


@require_POST
@role_required(Role.HYGIENIST, Role.FRONT_DESK)
def health(request: ActingRequest, public_id: UUID) -> HttpResponse:
    row, form = get_form_page(request.actor, public_id), HealthForm(request.POST)
    if not form.is_valid():
        raise Refused("Say why it is changed; the page keeps it.")
    correct_health(actor=request.actor, page=row, at=clock.now(), **form.cleaned_data)
    messages.success(request, "Changed. How it stood before is kept with the page.")
    return redirect("event-returned-page", row.public_id)


@require_POST
@role_required(Role.HYGIENIST, Role.FRONT_DESK)
def take_back(request: ActingRequest, public_id: UUID) -> HttpResponse:
    row, form = get_form_page(request.actor, public_id), TakeBackForm(request.POST)
    if not form.is_valid():
        raise Refused("Say why it is taken back; the page and the child’s cases keep it.")
    rested = take_entry_back(actor=request.actor, page=row, at=clock.now(), **form.cleaned_data)
    messages.success(request, " ".join(_taken_back(row, rested)))
    return redirect("event-returned-page", row.public_id)


def _taken_back(row: FormPage, rested: Rested) -> Iterator[str]:
    yield f"Taken back: for {row.patient} the answer does not count any more."
    if rested.unsigned:
        yield f"Unsigned cases without consent now: {rested.unsigned}. Record the family’s own answer, or withdraw them."
    if rested.signed:
        yield f"Signed cases that rested on it: {rested.signed}. They stand as they are; say whether one is to be retracted."
    if rested.withdrawn:
        yield f"Withdrawn on it: {'; '.join(rested.withdrawn)}. If the family of {row.patient} said so itself, record its no."


@require_POST
@role_required(*READERS)
def aside(request: ActingRequest, public_id: UUID) -> HttpResponse:
    row, form = get_form_page(request.actor, public_id), AsideForm(request.POST)
    if not form.is_valid():
        raise Refused("Say why the page is set aside; the list keeps it.")
    set_page_aside(actor=request.actor, page=row, because=form.cleaned_data["because"], at=clock.now())
    return _next(row)


@require_POST
@role_required(*READERS)
def take_up(request: ActingRequest, public_id: UUID) -> HttpResponse:
    row = get_form_page(request.actor, public_id)
    take_page_up(actor=request.actor, page=row, at=clock.now())
    return redirect("event-returned-page", row.public_id)


def _next(row: FormPage) -> HttpResponse:
    """The page after this one that waits to be entered, or the list."""
    waiting = _pages(row.scan.event, "enter").order_by("scan__received_at", "scan", "number")
    after = waiting.filter(
        Q(scan=row.scan, number__gt=row.number) | Q(scan__received_at__gt=row.scan.received_at)
    ).first()
    following = after or waiting.first()
    if following is None:
        return redirect("event-returned", row.scan.event.public_id)
    return redirect("event-returned-page", following.public_id)


@require_safe
@role_required(*READERS)
def picture(request: ActingRequest, public_id: UUID) -> Answer:
    stored = get_form_page(request.actor, public_id).picture
    return show(request, stored, open_streaming(stored.key), name=f"{public_id}.jpg", what="The page")


@role_required(*READERS)
def uploads(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """POST announces scanned forms of this school day. 422 with the sentence when they are not taken."""
    return announced(request, announce_scan, address="form-scan-upload", event=get_event(request.actor, public_id))


@role_required(*READERS)
def upload(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """HEAD and PATCH of one scan."""
    return parts(request, get_form_scan(request.actor, public_id), scan_arrived, public_id=public_id)
