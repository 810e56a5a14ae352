"""Paper remittances: the scan beside a form that balances as one types, and says by how much it does not."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.access import get_scan
from billing.actions.entering import (
    EnteredBefore,
    announce_scan,
    drop_scan,
    enter_paper,
    scan_arrived,
)
from billing.models import Claim, PaperScan, Payer, ScanState
from billing.paper_forms import PaperEntry, is_full, with_claim, with_line, without_claim
from billing.views.worklist import READERS
from cases.views.receiving import announced, parts
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.context import Shell
from teledent.files.sending import Answer, show
from teledent.files.storage import open_streaming
from teledent.kit import clock
from teledent.kit.decisions import Conflict, Refused
from teledent.kit.text import search_key

MOST_FOUND = 6


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.FRONT_DESK)
def paper(request: ActingRequest) -> HttpResponse:
    """One form. Its buttons look a claim up, add or take off rows, or post the whole; what was typed is kept by each."""
    at, practice = clock.now(), request.actor.practice
    today = clock.local_date(at, Shell(request).zone)
    data: dict[str, Any] = request.POST.dict()
    act, _, what = data.pop("do", "").partition(":")
    found: list[Claim] | None = None
    if act == "find":
        found = _sent_claims(request, str(data.get("find", "")))
    data = _changed(request, data, act, what)
    checked = act in ("check", "post")
    entry = PaperEntry(data, payers=Payer.objects.filter(practice=practice), today=today, checked=checked)
    before = None
    if checked and entry.is_valid() and act == "post":
        said = {name: entry.head.cleaned_data[name] for name in ("public_id", "payer", "trace", "method", "paid_on")}
        try:
            made = enter_paper(
                actor=request.actor, amount=entry.amount, claims=entry.payments(), others=entry.others, at=at, **said
            )
        except Conflict:
            raise
        except Refused as refusal:
            entry.head.add_error(None, refusal.sentence)
            before = refusal.remittance if isinstance(refusal, EnteredBefore) else None
        else:
            messages.success(request, "Entered. Its claims are being posted as those of a file.")
            return redirect("remittance", made.public_id)
    return _page(request, entry, data, found, before=before)


def _changed(request: ActingRequest, data: dict[str, Any], act: str, what: str) -> dict[str, Any]:
    """The form's data after a button that adds or takes off rows."""
    place = int(what) if what.isdecimal() and len(what) < 4 else -1
    if act == "add":
        claim = next(iter(_sent_claims(request, what)), None)
        return {**with_claim(data, claim, what), "find": ""} if claim else data
    if act == "blank":
        return {**with_claim(data, None, str(data.get("find", ""))[:38]), "find": ""}
    if act == "line":
        return with_line(data, place)
    return without_claim(data, place) if act == "drop" else data


def _page(
    request: ActingRequest,
    entry: PaperEntry,
    data: Mapping[str, Any],
    found: list[Claim] | None,
    *,
    before: Any,
) -> HttpResponse:
    scans = _scans(PaperScan.objects.loose(request.actor.person, request.actor.practice))
    faulty = bool(entry.head.is_bound and not _sound(entry))
    context = {
        "entry": entry, "find": data.get("find", ""), "found": found, "before": before, "scans": scans, "loose": True,
        "full": is_full(data),
        "looking": any(scan.state == ScanState.QUEUED for scan in scans), "zone": Shell(request).zone,
    }  # fmt: skip
    return render(request, "claims/paper.html", context, status=422 if faulty else 200)


def _sound(entry: PaperEntry) -> bool:
    forms = [entry.head, *(form for claim in entry.claims for form in (claim.head, *claim.lines))]
    return not any(form.errors for form in forms)


def _scans(scans: Any) -> list[PaperScan]:
    return list(scans.prefetch_related("pages"))


def _sent_claims(request: ActingRequest, text: str) -> list[Claim]:
    """Claims that went out: by our number, else by the patient's name."""
    text = text.strip()[:60]
    if not text:
        return []
    sent = Claim.objects.for_list().sent().filter(practice=request.actor.practice).defer("facts", "draft")
    sent = sent.open_to(request.actor.person).prefetch_related("lines")
    if exact := list(sent.filter(claim_id__iexact=text)):
        return exact
    key = search_key(text)
    words = Q()
    for word in key.split()[:4]:
        words &= Q(case__patient__family_key__contains=word) | Q(case__patient__given_key__contains=word)
    return list(sent.filter(words).order_by("-exported_at", "-pk")[:MOST_FOUND]) if key else []


@role_required(Role.FRONT_DESK)
def uploads(request: ActingRequest) -> HttpResponse:
    """POST announces a scan. 422 with the sentence when it is here already."""
    return announced(request, announce_scan, address="paper-upload")


@role_required(Role.FRONT_DESK)
def upload(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """HEAD and PATCH of one scan."""
    return parts(request, get_scan(request.actor, public_id), scan_arrived, public_id=public_id)


@require_POST
@role_required(Role.FRONT_DESK)
def off(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """Take a scan off that is of another remittance, or could not be read."""
    drop_scan(actor=request.actor, scan=get_scan(request.actor, public_id))
    return redirect("paper")


@require_safe
@role_required(*READERS)
def page(request: ActingRequest, public_id: UUID, number: int) -> Answer:
    """One page of a scan as a picture; the browser keeps it and asks each time."""
    scan = get_scan(request.actor, public_id)
    found = scan.pages.filter(number=number).select_related("file").first()
    if found is None:
        raise Http404("No such page.")
    name = f"page-{number}.jpg"
    return show(request, found.file, open_streaming(found.file.key), name=name, what="The scan")
