"""Forms for the families of a school day: printed one a child, in the family's language, each with a code of its own."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from cases.event_reading import Child, children_of
from cases.events.standing import Agreed, Standing
from cases.family_forms.form import Child as Named
from cases.family_forms.form import page_of
from cases.family_forms.words import words_for
from cases.models import FamilyForm, FormRun, Patient, PrintState, ScreeningEvent
from cases.practice_permissions import may_at_site
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.files.storage import open_streaming
from teledent.jobs.queue import enqueue
from teledent.kit.decisions import Refused, require

PRINT = "cases.print_forms"
AT_ONCE = 300  # pages of one run
ANSWERED = (Agreed.GIVEN, Agreed.REFUSED)


@transaction.atomic
def print_forms(*, actor: Actor, event: ScreeningEvent, everybody: bool, back_by: date, at: datetime) -> FormRun:
    """Ask for the forms of a school day. While some are being made, that run is returned. Raises Refused."""
    require(may_at_site(actor, "keep_roster", event.site))
    ScreeningEvent.objects.select_for_update(no_key=True).only("pk").get(pk=event.pk)
    making = FormRun.objects.filter(event=event, state=PrintState.QUEUED).first()
    if making is not None:
        return making
    if event.cancelled_at is not None:
        raise Refused("This school day was called off; no form is printed for it.")
    if back_by > event.ends_on:
        raise Refused("The forms come back before the school day ends. Choose an earlier day.")
    total = len(_chosen(event, everybody=everybody, at=at))
    if not total:
        raise Refused(
            "No form is left to print: every family on the list has answered. Print them for everybody if you want."
        )
    run = FormRun.objects.create(
        event=event, everybody=everybody, back_by=back_by, total=total, requested_by=actor.person,
        requested_at=at.replace(microsecond=0),
    )  # fmt: skip
    enqueue(PRINT, dedupe=f"{PRINT}:{run.pk}", run_id=run.pk)
    return run


def _children(event: ScreeningEvent, *, everybody: bool, at: datetime) -> list[Child]:
    """By room and name: whose family has not answered in full, or all who are not seen yet."""
    waiting = (child for child in children_of(event, at=at) if child.standing != Standing.DONE)
    return [child for child in waiting if everybody or child.agreed not in ANSWERED]


def _chosen(event: ScreeningEvent, *, everybody: bool, at: datetime) -> list[Child]:
    """As many of them as one run makes, those first for whom no run made a form yet; by room and name."""
    children, printed = _children(event, everybody=everybody, at=at), _printed(event)
    first = sorted(children, key=lambda child: child.public_id in printed)[:AT_ONCE]
    return sorted(first, key=lambda child: child.order)


def _printed(event: ScreeningEvent) -> set[UUID]:
    """Children of whom a form of this school day was made."""
    return set(FamilyForm.objects.filter(run__event=event).values_list("patient__public_id", flat=True))


def without_form(event: ScreeningEvent, *, at: datetime) -> tuple[int, int]:
    """For how many no form was made yet: families that have not answered, and everybody who is not seen yet."""
    left, printed = _children(event, everybody=True, at=at), _printed(event)
    left = [child for child in left if child.public_id not in printed]
    return sum(child.agreed not in ANSWERED for child in left), len(left)


def pages_of(run: FormRun) -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    """Each page with what is kept of its form: id, patient, language, version and hash of its words. Three more queries."""
    event = run.event
    children = _chosen(event, everybody=run.everybody, at=run.requested_at)
    languages = dict(
        Patient.objects.filter(public_id__in=[child.public_id for child in children]).values_list(
            "public_id", "language"
        )
    )
    for child in children:
        words, form = words_for(languages[child.public_id]), form_id(run, child.public_id)
        named = Named(child.name, child.birth_date, event.site.name, child.room, child.tag)
        page = page_of(
            form, named, words, practice=event.practice.name, phone=event.practice.phone, back_by=run.back_by
        )
        kept = {
            "form": str(form),
            "patient": str(child.public_id),
            "language": words.language,
            "version": words.version,
            "sha256": words.sha256,
        }
        yield page, kept


def form_id(run: FormRun, patient: UUID) -> UUID:
    """The same page of the same run, however often the job begins."""
    return uuid5(run.public_id, str(patient))


def download_forms(*, actor: Actor, run: FormRun, at: datetime) -> Iterator[bytes]:
    """The finished PDF in blocks; each download stands on the trail."""
    require(may_at_site(actor, "keep_roster", run.event.site))
    if run.file is None:
        raise Refused("These forms are still being made. Try again in a moment.")
    trail.record(
        "export", noun="family forms", public_id=run.public_id, person=actor.person, practice=actor.practice, at=at
    )
    return open_streaming(run.file.key)
