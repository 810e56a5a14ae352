"""What payers answered: files come in, payments are shown as they were posted, and what fits nothing waits for a person."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from billing.access import get_claim, get_claim_payment, get_edi_file, get_remittance
from billing.actions.receiving import announce_edi, edi_arrived
from billing.actions.settling import candidates_for, post_to_claim, set_aside
from billing.claim_forms import SetAsideForm
from billing.models import (
    Acknowledgement,
    Authorisation,
    Claim,
    ClaimPayment,
    EdiFile,
    EdiFileState,
    EdiPart,
    EdiPartState,
    PaymentState,
    Remittance,
    RemittanceState,
)
from billing.permissions import may
from billing.views.worklist import READERS
from cases.views.receiving import announced, parts
from cases.views.showing import Tab
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.context import Shell
from teledent.kit import clock

PER_PAGE = 25
SHOWN = {"payments": "Payments", "waiting": "Waiting for a person", "files": "Files"}
FILE_CHIPS = {
    EdiFileState.ANNOUNCED: ("info", "upload"), EdiFileState.QUEUED: ("info", "clock"), EdiFileState.READ: ("ok", "circle-check"),
    EdiFileState.REFUSED: ("wait", "triangle-alert"),
}  # fmt: skip
PART_CHIPS = {
    EdiPartState.TAKEN: ("ok", "circle-check"), EdiPartState.TWICE: ("", "copy"), EdiPartState.REFUSED: ("wait", "triangle-alert"),
}  # fmt: skip
REMITTANCE_CHIPS = {
    RemittanceState.READING: ("info", "clock"), RemittanceState.HELD: ("wait", "scale"), RemittanceState.POSTING: ("info", "clock"),
    RemittanceState.POSTED: ("ok", "circle-check"),
}  # fmt: skip
PAYMENT_CHIPS = {
    PaymentState.READ: ("info", "clock"), PaymentState.POSTED: ("ok", "circle-check"), PaymentState.WAITING: ("wait", "hand"),
    PaymentState.SET_ASIDE: ("", "circle-minus"), PaymentState.NOTED: ("ok", "circle-check"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WaitingRow:
    payment: ClaimPayment
    candidates: list[Claim]
    asked: Authorisation | None  # of what says what the payer would pay: the request that it names
    form: SetAsideForm


@require_safe
@role_required(*READERS)
def answers(request: ActingRequest) -> HttpResponse:
    """Payments, what waits, and the files; the tab and page stand in the address."""
    return _answers_page(request)


def _answers_page(request: ActingRequest, *, failed: tuple[ClaimPayment, SetAsideForm] | None = None) -> HttpResponse:
    """The whole page; `failed` is the form "set aside" as it was sent, with its errors."""
    practice = request.actor.practice
    asked = request.GET.get("show", "payments")
    show = "waiting" if failed else asked if asked in SHOWN else "payments"
    payments = Remittance.objects.whole().filter(practice=practice)
    waiting = _unhidden(request, ClaimPayment.objects.waiting().filter(remittance__practice=practice))
    files = EdiFile.objects.filter(practice=practice).exclude(state=EdiFileState.ANNOUNCED)
    listed: dict[str, QuerySet[Any]] = {
        "payments": payments.select_related("payer", "part__file")
        .annotate(waiting=_waiting_count())
        .order_by("-received_at", "-pk"),
        "waiting": waiting.select_related("remittance")
        .prefetch_related("lines")
        .order_by("remittance__received_at", "pk"),
        "files": files.select_related("received_by")
        .annotate(refused=Count("parts", filter=Q(parts__state=EdiPartState.REFUSED)))
        .order_by("-received_at", "-pk"),
    }
    counts = {"payments": payments.count(), "waiting": waiting.count(), "files": files.count()}
    paginator = Paginator(listed[show], PER_PAGE)
    paginator.count = counts[show]
    page = paginator.get_page(request.GET.get("page"))
    path = reverse("answers")
    context = {
        "show": show, "page": page, "zone": Shell(request).zone, "may_import": bool(may(request.actor, "import_answers")),
        "tabs": [Tab(f"{path}?show={name}", label, counts[name], name == show) for name, label in SHOWN.items()],
        "rows": _rows(request, show, page, failed), "reading": files.filter(state=EdiFileState.QUEUED).exists(),
        "strangers": list(Acknowledgement.objects.fitting_nothing().filter(practice=practice)[:PER_PAGE]) if show == "waiting" else [],
    }  # fmt: skip
    return render(request, "claims/answers.html", context, status=422 if failed else 200)


def _waiting_count() -> Any:
    waiting = ClaimPayment.objects.filter(remittance=OuterRef("pk"), state=PaymentState.WAITING).order_by()
    return Coalesce(Subquery(waiting.values("remittance").annotate(count=Count("pk")).values("count")), 0)


def _unhidden(request: ActingRequest, payments: QuerySet[ClaimPayment]) -> QuerySet[ClaimPayment]:
    """What stands on a case that the reader has to judge blindly is not shown to her, nor what only bears its number."""
    practice, person = request.actor.practice, request.actor.person
    claims = Claim.objects.filter(practice=practice).hidden_from(person)
    asked = Authorisation.objects.filter(practice=practice).hidden_from(person)
    named = Q(claim_identifier__in=claims.values("claim_id")) | Q(claim_identifier__in=asked.values("request_id"))
    return payments.exclude(named | Q(claim__in=claims) | Q(authorisation__in=asked))


def _rows(request: ActingRequest, show: str, page: Any, failed: tuple[ClaimPayment, SetAsideForm] | None) -> list[Any]:
    if show == "files":
        return [(file, *FILE_CHIPS[EdiFileState(file.state)]) for file in page]
    if show == "payments":
        return [(one, *REMITTANCE_CHIPS[RemittanceState(one.state)]) for one in page]
    practice, person = request.actor.practice, request.actor.person
    rows = list(page)
    shown = Claim.objects.filter(practice=practice).open_to(person)
    chosen = candidates_for([one for one in rows if not one.is_estimate], of=shown)
    asked = Authorisation.objects.filter(practice=practice, request_id__in=[one.claim_identifier for one in rows])
    requests = {row.request_id: row for row in asked.open_to(person)}
    return [
        WaitingRow(
            one, chosen.get(one.pk, []), requests.get(one.claim_identifier),
            failed[1] if failed and failed[0].pk == one.pk else SetAsideForm(auto_id=f"aside_{one.pk}_%s"),
        )
        for one in rows
    ]  # fmt: skip


@require_safe
@role_required(*READERS)
def edi_file(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """One file with each of its parts; while it is being read the page asks again by itself."""
    file = get_edi_file(request.actor, public_id)
    parts = list(EdiPart.objects.filter(file=file).select_related("remittance")[:500])
    context = {
        "file": file, "chip": FILE_CHIPS[EdiFileState(file.state)], "zone": Shell(request).zone,
        "parts": [(part, getattr(part, "remittance", None), *PART_CHIPS[EdiPartState(part.state)]) for part in parts],
        "reading": file.state in (EdiFileState.ANNOUNCED, EdiFileState.QUEUED),
    }  # fmt: skip
    return render(request, "claims/answer_file.html", context)


@require_safe
@role_required(*READERS)
def remittance(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """One payment as the payer sent it: its claims with what became of each, and money of no claim."""
    row = get_remittance(request.actor, public_id, at=clock.now())
    payments = (
        _unhidden(request, row.payments.all())
        .select_related("claim__case__patient", "authorisation")
        .defer("claim__facts", "claim__draft")
    )
    page = Paginator(payments.prefetch_related("lines"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "remittance": row, "chip": REMITTANCE_CHIPS[RemittanceState(row.state)], "zone": Shell(request).zone, "page": page,
        "rows": [(one, *PAYMENT_CHIPS[PaymentState(one.state)]) for one in page],
        "posted": row.payments.filter(state=PaymentState.POSTED).aggregate(count=Count("pk"), paid=Sum("paid")),
        "waiting": row.payments.filter(state=PaymentState.WAITING).count(),
        "provider_adjustments": list(row.provider_adjustments.all()), "busy": row.state == RemittanceState.POSTING,
        "scans": list(row.scans.prefetch_related("pages")) if row.entered_by_id else [], "loose": False,
    }  # fmt: skip
    return render(request, "claims/remittance.html", context)


@role_required(Role.FRONT_DESK)
def uploads(request: ActingRequest) -> HttpResponse:
    """POST announces a file of answers. 422 with the sentence when it was imported before."""
    return announced(request, announce_edi, address="answers-upload")


@role_required(Role.FRONT_DESK)
def upload(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """HEAD and PATCH of one file of answers."""
    return parts(request, get_edi_file(request.actor, public_id), edi_arrived, public_id=public_id)


@require_POST
@role_required(Role.FRONT_DESK)
def settle(request: ActingRequest, public_id: UUID, claim_id: UUID) -> HttpResponse:
    """Post what waits to the claim that was chosen."""
    at = clock.now()
    payment = get_claim_payment(request.actor, public_id)
    claim = get_claim(request.actor, claim_id, at=at)
    posted = post_to_claim(actor=request.actor, payment=payment, claim=claim, at=at)
    messages.success(request, f"Posted to claim {posted}.")
    return redirect(f"{reverse('answers')}?show=waiting")


@require_POST
@role_required(Role.FRONT_DESK)
def aside(request: ActingRequest, public_id: UUID) -> HttpResponse:
    payment = get_claim_payment(request.actor, public_id)
    form = SetAsideForm(request.POST, auto_id=f"aside_{payment.pk}_%s")
    if not form.is_valid():
        return _answers_page(request, failed=(payment, form))
    set_aside(actor=request.actor, payment=payment, at=clock.now(), **form.cleaned_data)
    messages.success(request, "Set aside. The remittance keeps it with your reason.")
    return redirect(f"{reverse('answers')}?show=waiting")
