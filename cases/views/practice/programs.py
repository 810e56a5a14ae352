"""Imaging programs that send by themselves: the manager's page under people and places."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Max
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases.actions.programs import add_program, stop_program
from cases.importing.watching import left_behind
from cases.models import ImagingProgram, Way
from cases.views.capture.forms import posted
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.forms import NameField
from teledent.accounts.models import Practice, Role, Site
from teledent.kit import clock
from teledent.kit.decisions import Refused


class ProgramForm(forms.Form):
    """Which program, at which site, and by which of the two ways."""

    widths: ClassVar = {"name": "half", "site": "half", "ae_title": "half", "address": "half"}
    taps: ClassVar = ("way",)

    name = NameField(label="Program and room", max_length=60)
    site = forms.ModelChoiceField(
        label="School or site", queryset=Site.objects.none(), to_field_name="public_id", empty_label="Choose"
    )
    way = forms.ChoiceField(label="How it sends", choices=Way.choices, widget=forms.RadioSelect)
    folder = forms.CharField(
        label="Watched folder",
        max_length=60,
        required=False,
        help_text="For a folder: its name below the inbox of the server, such as room-2.",
    )
    ae_title = forms.CharField(
        label="AE title of the program",
        max_length=16,
        required=False,
        help_text="For the network: as it calls itself when it sends.",
    )
    address = forms.GenericIPAddressField(
        label="Address of its machine",
        required=False,
        unpack_ipv4=True,
        help_text="For the network: such as 192.168.1.40.",
    )

    def __init__(self, data: Any, *, practice: Practice) -> None:
        super().__init__(data, initial={"way": Way.FOLDER})
        self.fields["site"].queryset = Site.objects.filter(practice=practice)  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.MANAGER)
def programs(request: ActingRequest) -> HttpResponse:
    form = ProgramForm(posted(request), practice=request.actor.practice)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_program(actor=request.actor, at=clock.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"What {made} sends waits in the tray of {made.site} from now on.")
            return redirect("imaging-programs")
    known = ImagingProgram.objects.filter(practice=request.actor.practice).select_related("site", "practice")
    known = known.annotate(sent=Count("assets"), last=Max("assets__received_at"))
    rows = list(known.order_by("stopped_at", "name", "pk"))
    behind = [(row, place) for row in rows if not row.stopped_at and (place := left_behind(row))]
    context = {
        "form": form, "rows": rows, "behind": behind, "here": "people", "inbox": settings.IMAGING_INBOX,
        "title": settings.DICOM_AE_TITLE,
    }  # fmt: skip
    return render(request, "practice/programs.html", context, status=422 if form.errors else 200)


@require_POST
@role_required(Role.MANAGER)
def stop(request: ActingRequest, public_id: UUID) -> HttpResponse:
    program = ImagingProgram.objects.filter(practice=request.actor.practice, public_id=public_id).first()
    if program is None:
        raise Http404("No such program.")
    stop_program(actor=request.actor, program=program, at=clock.now())
    messages.success(request, f"Nothing is taken from {program} any more. What it sent stays where it is.")
    return redirect("imaging-programs")
