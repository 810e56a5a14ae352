"""Letters to families: school days that wait for theirs, one run with its progress, handing over, and single letters."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cases.access import get_case
from cases.access_after import get_letter_run, get_site_after, works_at
from cases.actions.lettering import download_letters, hand_over, may_hand_out, print_day, print_letter
from cases.follow_up import State
from cases.lettering import languages_of
from cases.letters.catalogue import Phrases
from cases.models import Aftercare, LetterRun, PrintState
from cases.practice_permissions import may_in_practice
from cases.views.after.worklist import READERS
from cases.views.record.forms import LetterForm
from teledent.accounts.acting import ActingRequest, Actor, role_required
from teledent.accounts.forms import NameField
from teledent.accounts.models import Role, Site
from teledent.context import Shell
from teledent.files.sending import Answer, send_blocks
from teledent.kit import clock
from teledent.kit.decisions import Conflict, Refused

PER_PAGE, DAYS = 20, 30
PRINTERS = (Role.HYGIENIST, Role.FRONT_DESK)
CHIPS = {
    PrintState.QUEUED: ("info", "clock"), PrintState.DONE: ("ok", "circle-check"),
    PrintState.FAILED: ("wait", "triangle-alert"),
}  # fmt: skip


class DayForm(forms.Form):
    """What a day's button sends."""

    site = forms.UUIDField()
    day = forms.DateField()
    again = forms.BooleanField(required=False)


class HandForm(forms.Form):
    how = NameField(
        label="How they went out", max_length=60, help_text="Sent home with the children, posted, handed to the parent."
    )


@require_safe
@role_required(*READERS)
def letters(request: ActingRequest) -> HttpResponse:
    """School days whose families wait for their letters, and what was printed."""
    actor = request.actor
    runs = LetterRun.objects.filter(practice=actor.practice).select_related("site", "case", "requested_by", "handed_by")
    hers = [site.pk for site in Site.objects.filter(practice=actor.practice) if works_at(actor, site)]
    page = Paginator(runs.filter(site__in=hers), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "days": _days(actor), "page": page, "rows": [(run, *CHIPS[PrintState(run.state)]) for run in page],
        "zone": Shell(request).zone, "may_print": bool(may_in_practice(actor, "print_letters")),
    }  # fmt: skip
    return render(request, "after/letters.html", context)


def _days(actor: Actor) -> list[Any]:
    """The newest days with open follow-ups: how many signed, and how many of them without a letter in hand."""
    kept = Aftercare.objects.visible_to(actor).to_do()
    by_day = kept.values("case__site__public_id", "case__site__name", "case__day_seen").annotate(
        signed=Count("pk", distinct=True),
        unprinted=Count("pk", distinct=True, filter=Q(case__letters__isnull=True)),
        waiting=Count("pk", distinct=True, filter=Q(state=State.PENDING)),
    )
    return list(by_day.order_by("-case__day_seen", "case__site__name")[:DAYS])


@require_POST
@role_required(*PRINTERS)
def print_of_day(request: ActingRequest) -> HttpResponse:
    form = DayForm(request.POST)
    if not form.is_valid():
        raise Refused("Choose a school and a day from the list.")
    said = form.cleaned_data
    site = get_site_after(request.actor, said["site"])
    run = print_day(actor=request.actor, site=site, day=said["day"], again=said["again"], at=clock.now())
    return redirect("letter-run", run.public_id)


@require_POST
@role_required(*PRINTERS)
def print_one(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    case = get_case(request.actor, public_id, at=at)
    form = LetterForm(request.POST, case=case)
    if not form.is_valid():
        raise Refused("Choose one of the languages that the practice can write.")
    run = print_letter(actor=request.actor, case=case, language=form.cleaned_data["language"], at=at)
    return redirect("letter-run", run.public_id)


@require_safe
@role_required(*READERS)
def run(request: ActingRequest, public_id: UUID) -> HttpResponse:
    return _run_page(request, get_letter_run(request.actor, public_id), HandForm())


def _run_page(request: ActingRequest, row: LetterRun, form: HandForm, *, status: int = 200) -> HttpResponse:
    """While it is being made the page asks again by itself."""
    languages = languages_of(row.practice)
    context = {
        "run": row, "making": row.state == PrintState.QUEUED, "form": form, "zone": row.site.time_zone,
        "letters": [(one, _named(languages, one.language)) for one in row.letters.select_related("case__patient")],
        "stopped": may_hand_out(row).reason,
        "may_print": bool(may_in_practice(request.actor, "print_letters")),
    }  # fmt: skip
    return render(request, "after/run.html", context, status=status)


def _named(languages: Mapping[str, Phrases], code: str) -> str:
    """The language's own name; its code when the practice took it off since."""
    return languages[code]["language"] if code in languages else code


@require_safe
@role_required(*PRINTERS)
def file(request: ActingRequest, public_id: UUID) -> Answer:
    row = get_letter_run(request.actor, public_id)
    blocks = download_letters(actor=request.actor, run=row, at=clock.now())
    size = row.file.size if row.file else 0
    return send_blocks(request, blocks, size=size, media_type="application/pdf", name=row.file_name, what="The letter")


@require_POST
@role_required(*PRINTERS)
def handed(request: ActingRequest, public_id: UUID) -> HttpResponse:
    row = get_letter_run(request.actor, public_id)
    form = HandForm(request.POST)
    if form.is_valid():
        try:
            hand_over(actor=request.actor, run=row, how=form.cleaned_data["how"], at=clock.now())
        except Conflict:
            raise
        except Refused as refusal:
            form.add_error("how", refusal.sentence)
        else:
            messages.success(request, "The letters are on their way; each case gets its step in a moment.")
            return redirect("letter-run", row.public_id)
    return _run_page(request, row, form, status=422)
