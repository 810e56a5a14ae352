"""Requests that go out by file: what stands against it, one click, a page that follows the file, and its bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from billing.access import get_authorisation, get_receiver, get_request_file
from billing.actions.asking_by_file import ask_all_by_file, ask_by_file, download_requests, whole_requests
from billing.authorisation_states import TO_SEND
from billing.models import (
    Acknowledgement,
    Authorisation,
    ClaimPayment,
    ExportState,
    FiledRequest,
    Receiver,
    RequestFile,
)
from billing.permissions import may
from billing.requests_asked import read_request
from billing.views.exports import CHIPS
from billing.views.mending import Shown, shown_of_request
from billing.views.worklist import READERS
from teledent.accounts.acting import ActingRequest, Actor, role_required
from teledent.accounts.models import Person, Role
from teledent.context import Shell
from teledent.files.sending import Answer, send_blocks
from teledent.kit import clock
from teledent.kit.decisions import Refused

SHOWN = 5  # files on the page of all requests


@dataclass(frozen=True, slots=True)
class ByFile:
    """What the page of one request shows of files: what stands against one, the one being written, and those that went."""

    problems: Sequence[Shown]
    may_write: bool  # the reader may, and nothing stands against it
    offered: bool  # it is still to be sent, and a file could say it once everything is mended
    writing: RequestFile | None
    filed: Sequence[FiledRequest]
    acknowledgements: Sequence[Acknowledgement]
    payments: Sequence[ClaimPayment]


def by_file(row: Authorisation, actor: Actor, *, at: datetime) -> ByFile:
    """As many queries for many files as for one. `row` is read anew where a file could still be written."""
    offered = row.status in TO_SEND and bool(may(actor, "export"))
    whole = whole_requests().get(pk=row.pk) if offered else row
    problems = read_request(whole, at=at).problems if offered else ()
    queued = RequestFile.objects.filter(receiver__practice=row.practice_id, state=ExportState.QUEUED)
    return ByFile(
        problems=[shown_of_request(one, whole, actor) for one in sorted(problems, key=lambda one: not one.blocks)],
        may_write=offered and not any(one.blocks for one in problems),
        offered=offered,
        writing=next((file for file in queued if row.pk in file.chosen), None),
        filed=list(row.filed.select_related("file__receiver").defer("facts", "draft").order_by("-pk")),
        acknowledgements=list(row.acknowledgements.select_related("part__file")),
        payments=list(row.answers.select_related("remittance")),
    )


def waiting_by_receiver(actor: Actor) -> list[tuple[Receiver, int]]:
    """How many requests a file for each receiver would ask; none where the reader writes no files. Two queries."""
    if not may(actor, "export"):
        return []
    rows = Authorisation.objects.to_send_by_file().filter(practice=actor.practice)
    through = rows.exclude(payer__receiver=None).order_by().values_list("payer__receiver")
    counts: dict[int, int] = dict(through.annotate(count=Count("pk")))
    return [(receiver, counts[receiver.pk]) for receiver in Receiver.objects.filter(pk__in=counts).order_by("name")]


def newest_files(actor: Actor) -> list[tuple[RequestFile, str, str]]:
    rows = RequestFile.objects.filter(receiver__practice=actor.practice).select_related("receiver")
    return [(one, *CHIPS[ExportState(one.state)]) for one in rows.order_by("-pk")[:SHOWN]]


@require_POST
@role_required(Role.FRONT_DESK)
def write(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """One click, one request. A second one finds the file that is being written."""
    at = clock.now()
    row = get_authorisation(request.actor, public_id, at=at)
    try:
        file = ask_by_file(actor=request.actor, row=row, at=at)
    except Refused as refusal:
        messages.info(request, refusal.sentence)
        return redirect("authorisation", public_id)
    return redirect("request-file", file.public_id)


@require_POST
@role_required(Role.FRONT_DESK)
def write_all(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Everything that is to be asked through one receiver."""
    receiver = get_receiver(request.actor, public_id)
    try:
        file = ask_all_by_file(actor=request.actor, receiver=receiver, at=clock.now())
    except Refused as refusal:
        messages.info(request, refusal.sentence)
        return redirect("authorisations")
    return redirect("request-file", file.public_id)


@require_safe
@role_required(*READERS)
def request_file(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """While it is being written the page asks again by itself; afterwards it lists what is in the file."""
    file = get_request_file(request.actor, public_id)
    writing = file.state == ExportState.QUEUED
    contents = _contents(file)
    context: dict[str, Any] = {
        "file": file, "chip": CHIPS[ExportState(file.state)], "zone": Shell(request).zone, "writing": writing,
        "contents": contents, "may_export": bool(may(request.actor, "export")),
        "left_out": [] if writing else _left_out(file, contents, request.actor.person),
        "next": RequestFile.objects.filter(continues=file).first(),
        "answers": list(file.acknowledgements.select_related("part__file")),
    }  # fmt: skip
    return render(request, "claims/request_file.html", context)


def _contents(file: RequestFile) -> list[FiledRequest]:
    rows = file.contents.select_related("authorisation__coverage__patient", "authorisation__case")
    return list(rows.defer("facts", "draft").order_by("pk"))


def _left_out(file: RequestFile, contents: Sequence[FiledRequest], person: Person) -> list[Authorisation]:
    """What was asked for, is not in the finished file and was told so: each one's timeline says why."""
    if file.state == ExportState.FAILED:
        return []
    chosen = Authorisation.objects.filter(pk__in=file.chosen).exclude(filed__in=contents).open_to(person)
    told = chosen.filter(events__kind="left_out", events__details__file=str(file.public_id))
    return list(told.select_related("coverage__patient").distinct().order_by("pk"))


@require_safe
@role_required(Role.FRONT_DESK)
def download(request: ActingRequest, public_id: UUID) -> Answer:
    """The finished ZIP: the same bytes each time, in blocks, each download on the trail."""
    file = get_request_file(request.actor, public_id)
    blocks = download_requests(actor=request.actor, file=file, at=clock.now())
    size = file.file.size if file.file else 0
    return send_blocks(
        request, blocks, size=size, media_type="application/zip", name=file.file_name, what="The file of requests"
    )
