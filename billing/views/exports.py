"""What went out: one click makes an export, a page follows it, and its file is handed out as often as it is wanted."""

import zipfile
from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from billing.access import get_claim, get_export, get_receiver
from billing.actions.exporting import claims_of_batch, download_export, export_claims
from billing.actions.sending_anew import asked_anew, claims_asked_anew, newest_export_of, send_export_anew
from billing.claim_forms import ChoiceForm, SendAnewForm
from billing.models import Attachment, Claim, Export, ExportClaim, ExportState
from billing.permissions import may
from billing.views.worklist import READERS, FilterForm, filtered, outgoing_of, page_of
from teledent.accounts import trail
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.context import Shell
from teledent.files.sending import Answer, away, send_blocks, send_content
from teledent.files.storage import StorageUnavailable, local_copy
from teledent.kit import clock
from teledent.kit.decisions import Refused, require

PER_PAGE = 25
CHOOSE_PER_PAGE = 100
EXPORT = "The export"
CHIPS = {
    ExportState.QUEUED: ("info", "clock"), ExportState.DONE: ("ok", "circle-check"), ExportState.EMPTY: ("", "circle-minus"),
    ExportState.FAILED: ("wait", "triangle-alert"),
}  # fmt: skip


@require_POST
@role_required(Role.FRONT_DESK)
def make(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """One click. A second one finds the export that is being written, or says that nothing is left."""
    receiver = get_receiver(request.actor, public_id)
    form = ChoiceForm(request.POST)
    if not form.is_valid():
        messages.info(request, "Choose at least one claim; nothing was exported.")
        return redirect("export-choose", public_id)
    try:
        export = export_claims(actor=request.actor, receiver=receiver, at=clock.now(), chosen=form.chosen)
    except Refused as refusal:
        messages.info(request, refusal.sentence)
        return redirect("claims")
    return redirect("export", export.public_id)


@require_safe
@role_required(Role.FRONT_DESK)
def choose(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """What is ready for one receiver, each with what the check says, to be exported as a whole or in part."""
    receiver = get_receiver(request.actor, public_id)
    payers = list(receiver.payers.all())
    form = FilterForm(request.GET, payers=payers)
    chosen = form.chosen()
    ready = filtered(Claim.objects.ready_for(receiver).open_to(request.actor.person), chosen)
    sums = ready.aggregate(count=Count("pk"), total=Sum("total"))
    page = page_of(ready, request.GET.get("page"), count=sums["count"], size=CHOOSE_PER_PAGE)
    context = {
        "receiver": receiver, "page": page, "sums": sums, "form": form, "chosen": chosen,
        "rows": [(claim, [one["sentence"] for one in claim.problems]) for claim in page], "limit": receiver.claims_per_file,
        "here": "claims",
    }  # fmt: skip
    return render(request, "claims/choose.html", context)


@require_safe
@role_required(*READERS)
def exports(request: ActingRequest) -> HttpResponse:
    rows = Export.objects.filter(receiver__practice=request.actor.practice)
    listed = rows.select_related("receiver", "requested_by", "file", "anew_of").order_by("-requested_at", "-pk")
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page, "rows": [(one, *CHIPS[ExportState(one.state)]) for one in page], "zone": Shell(request).zone,
        "may_export": bool(may(request.actor, "export")), "outgoing": outgoing_of(request.actor),
    }  # fmt: skip
    return render(request, "claims/exports.html", context)


@require_safe
@role_required(*READERS)
def export(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """While it is being written the page asks again by itself; afterwards it lists what is in the file."""
    return _export_page(request, get_export(request.actor, public_id))


def _export_page(request: ActingRequest, export: Export, *, again: SendAnewForm | None = None) -> HttpResponse:
    """The whole page; `again` is the form "send anew" as it was sent, with its errors."""
    writing = export.state == ExportState.QUEUED
    contents = _contents(export)
    context = {
        "export": export, "chip": CHIPS[ExportState(export.state)], "zone": Shell(request).zone, "contents": contents,
        "may_export": bool(may(request.actor, "export")), "writing": writing, "taking": _taking(export) if writing else 0,
        "left_out": _left_out(export, contents), "next": Export.objects.filter(continues=export).first(),
        "later": export.sent_anew.filter(state=ExportState.DONE).order_by("pk"),
        "anew": again or SendAnewForm(auto_id="anew_%s"), "anew_opened": again is not None,
    }  # fmt: skip
    return render(request, "claims/export.html", context, status=422 if again else 200)


@require_POST
@role_required(Role.FRONT_DESK)
def anew(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Every claim of this export that may go out again, in a new file."""
    export = get_export(request.actor, public_id)
    form = SendAnewForm(request.POST, auto_id="anew_%s")
    if not form.is_valid():
        return _export_page(request, export, again=form)
    started = send_export_anew(actor=request.actor, export=export, at=clock.now(), **form.cleaned_data)
    return redirect("export", started.public_id)


def _taking(export: Export) -> int:
    if export.to_compose:
        return export.to_compose
    return claims_asked_anew(export).count() if export.is_anew else claims_of_batch(export).count()


def _left_out(export: Export, contents: Sequence[ExportClaim]) -> list[Claim]:
    """What was asked for and is not in the finished file: each claim's timeline says why."""
    if export.state not in (ExportState.DONE, ExportState.EMPTY):
        return []
    asked = asked_anew(export) if export.is_anew else _chosen(export)
    taken = {one.claim_id for one in contents}
    return [claim for claim in asked if claim.pk not in taken]


def _chosen(export: Export) -> list[Claim]:
    """What a person chose for this file, less what went on into the next."""
    later = Export.objects.filter(continues=export).values_list("chosen", flat=True).first() or []
    return list(Claim.objects.for_list().filter(pk__in=set(export.chosen) - set(later)).order_by("pk"))


def _contents(export: Export) -> list[ExportClaim]:
    taken = ExportClaim.objects.filter(export=export).select_related("claim__case__patient", "claim__coverage__payer")
    numbers = Prefetch("claim__attachments", Attachment.objects.order_by("control_number"))
    return list(taken.defer("claim__facts", "claim__draft").prefetch_related(numbers).order_by("pk"))


@require_safe
@role_required(Role.FRONT_DESK)
def export_file(request: ActingRequest, public_id: UUID) -> Answer:
    """The finished ZIP: the same bytes each time, in blocks, each download on the trail."""
    export = get_export(request.actor, public_id)
    blocks = download_export(actor=request.actor, export=export, at=clock.now())
    size = export.file.size if export.file else 0
    return send_blocks(request, blocks, size=size, media_type="application/zip", name=export.file_name, what=EXPORT)


@require_safe
@role_required(Role.FRONT_DESK)
def sheet(request: ActingRequest, public_id: UUID) -> Answer:
    """The claim's data sheet out of the newest export that took it, as it went out."""
    actor, at = request.actor, clock.now()
    claim = get_claim(actor, public_id, at=at)
    require(may(actor, "export"))
    taken = newest_export_of(claim)
    if taken is None or taken.export.file is None:
        raise Refused("No export has taken this claim yet; its data sheet is written with the export.")
    name = f"{claim.claim_id}_data_sheet.pdf"
    try:
        with local_copy(taken.export.file.key) as path, zipfile.ZipFile(path) as package:
            content = package.read(f"data_sheets/{name}")
    except (StorageUnavailable, OSError):
        return away(EXPORT)
    trail.record("export", noun="claim", public_id=claim.public_id, person=actor.person, practice=actor.practice, at=at)
    return send_content(content, media_type="application/pdf", name=name)
