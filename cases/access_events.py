"""The gates of school days: a row for this actor, or 404 (see `cases.access`)."""

from uuid import UUID

from django.http import Http404

from cases.models import FormPage, FormRun, FormScan, Patient, Roster, ScreeningEvent
from teledent.accounts.acting import Actor


def get_event(actor: Actor, public_id: UUID) -> ScreeningEvent:
    rows = ScreeningEvent.objects.visible_to(actor).filter(public_id=public_id)
    event = rows.select_related("site", "practice", "supervising_dentist", "cancelled_by").first()
    if event is None:
        raise Http404("No such school day.")
    return event


def get_event_child(event: ScreeningEvent, public_id: UUID) -> Patient:
    """A patient of the list; `event` came through its own gate."""
    patient = Patient.objects.filter(event_places__event=event, public_id=public_id).first()
    if patient is None:
        raise Http404("No such child on this list.")
    return patient


def get_roster(actor: Actor, public_id: UUID) -> Roster:
    rows = Roster.objects.filter(event__in=ScreeningEvent.objects.visible_to(actor), public_id=public_id)
    roster = rows.select_related("event__site", "event__practice", "received_by", "taken_by").first()
    if roster is None:
        raise Http404("No such list.")
    return roster


def get_form_run(actor: Actor, public_id: UUID) -> FormRun:
    rows = FormRun.objects.filter(event__in=ScreeningEvent.objects.visible_to(actor), public_id=public_id)
    run = rows.select_related("event__site", "event__practice", "file", "requested_by").first()
    if run is None:
        raise Http404("No such forms.")
    return run


def get_form_scan(actor: Actor, public_id: UUID) -> FormScan:
    rows = FormScan.objects.filter(event__in=ScreeningEvent.objects.visible_to(actor), public_id=public_id)
    scan = rows.select_related("event__site").first()
    if scan is None:
        raise Http404("No such scan.")
    return scan


def get_form_page(actor: Actor, public_id: UUID) -> FormPage:
    rows = FormPage.objects.filter(scan__event__in=ScreeningEvent.objects.visible_to(actor), public_id=public_id)
    page = rows.select_related(
        "scan__event__site",
        "scan__event__practice",
        "patient",
        "form__patient__merged_into",
        "picture",
        "filed_by",
        "set_aside_by",
        "consent__patient",
        "consent__recorded_by",
    ).first()
    if page is None:
        raise Http404("No such page.")
    return page
