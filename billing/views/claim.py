"""One claim: what stands against it, what it says, what goes with it, and what happened to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from billing.access import get_claim
from billing.actions.sending_anew import may_go_anew
from billing.attachments import Planned, planned_attachments, signed_marks
from billing.changed import refusal_of
from billing.claim_forms import AttachmentNumbersForm, DiagnosesForm, DoNotBillForm, NameForm, SendAnewForm
from billing.claims.facts import ClaimFacts
from billing.claims.lines import ClaimDraft, ClaimLine, rule_of
from billing.claims.verified import in_words
from billing.models import AttachmentKind, Claim, ExportClaim, ExportState
from billing.permissions import may
from billing.signed import signed_record
from billing.states import CHECKED, UNANSWERED, Status
from billing.views.answered import answered_of
from billing.views.appeals import appealing_of
from billing.views.changing import changes_of
from billing.views.desk import Acts, desk_of
from billing.views.mending import Rest, rest_of, shown_problems
from billing.views.telling import Told, chip_of, told
from billing.views.worklist import READERS
from cases import policies
from cases.models import Signature
from cases.policies import PayerNeeds, checklist
from cases.views.showing import banner_of_case, enrolment_of, rows_of
from teledent.accounts.acting import ActingRequest, role_required
from teledent.kit import clock

PLACES = {
    "02": "read elsewhere", "03": "school", "10": "patient at home", "11": "office", "12": "home", "15": "mobile unit",
    "22": "outpatient hospital", "31": "nursing facility", "32": "nursing home", "50": "health centre", "99": "other place",
}  # fmt: skip


PICTURE = {AttachmentKind.PACKET: "photograph", AttachmentKind.RADIOGRAPHS: "radiograph"}


@dataclass(frozen=True, slots=True)
class LineRow:
    line: ClaimLine
    gloss: str
    rest: Rest | None  # the payer's dated rule that stands for it


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    name: str
    file_name: str
    kind: str
    control_number: str  # as PWK06 says it
    ours: str  # blank where that is ours
    size: int | None  # bytes; the packet is written with the export
    made: bool


@require_safe
@role_required(*READERS)
def claim(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    return claim_page(request, get_claim(request.actor, public_id, at=at), at=at)


def claim_page(
    request: ActingRequest,
    claim: Claim,
    *,
    at: datetime,
    failed: DoNotBillForm | None = None,
    naming: NameForm | None = None,
    again: SendAnewForm | None = None,
    changing: dict[str, forms.Form] | None = None,
    acting: Acts | None = None,
    numbering: AttachmentNumbersForm | None = None,
) -> HttpResponse:
    """The whole page; `failed`, `naming` and `again` are the forms "do not bill", "same person" and "send anew" as sent,
    with their errors; `changing` those that change what went out, by name; `acting` those of the desk."""
    actor = request.actor
    signature = Signature.objects.select_related("review__submission", "person").get(case=claim.case_id)
    facts = ClaimFacts.from_json(claim.facts) if claim.facts else None
    draft = ClaimDraft.from_json(claim.draft) if claim.draft else None
    today = clock.local_date(at, claim.case.site.time_zone)
    problems = shown_problems(claim, actor, facts, today=today) if claim.status in CHECKED else []
    sent, planned = _sent(claim), planned_attachments(claim)
    works = bool(may(actor, "work_claims"))
    zone = claim.case.site.time_zone
    context = {
        "claim": claim, "zone": zone, "works": works, "can_check": works and claim.status in CHECKED,
        "patient": banner_of_case(claim.case, enrolment=enrolment_of(claim.case.patient, site_id=claim.case.site_id)),
        "chip": chip_of(claim), "problems": problems, "blocks": sum(one.blocks for one in problems),
        "to_know": sum(not one.blocks for one in problems),
        "draft": draft, "lines": _lines(facts, draft, today), "place": PLACES.get(draft.place_of_service, "") if draft else "",
        "renders": _renders(draft), "attachments": [row for one in planned for row in _rows_of(one)],
        "marked": len(signed_marks(signature.content)),
        "checklist": _checklist(claim, signature),
        "verified": in_words(facts.coverage, draft.service_date) if facts and facts.coverage and draft else "",
        "timeline": _timeline(claim, signature), "answered": answered_of(claim),
        "appealing": appealing_of(claim, works=bool(may(actor, "appeal")), at=at), "sent": sent, "sent_in": sent[0] if sent else None,
        "form": failed or DoNotBillForm(auto_id="end_%s"),
        "failed": failed is not None, "days_left": _days_left(claim, clock.local_date(at, zone)), **_diagnoses(claim, facts, draft),
        "receiver": claim.coverage.payer.receiver if claim.coverage else None, "is_ready": claim.status == Status.READY,
        "may_export": bool(may(actor, "export")), "naming": (naming or NameForm(auto_id="name_%s")) if _renamed(claim) else None,
        **_anew(request, claim, again, at=at), **changes_of(actor, claim, changing),
        "desk": desk_of(actor, claim, at=at, acting=acting), "numbering": numbering or numbers_form(claim, planned),
        "numbering_opened": numbering is not None,
    }  # fmt: skip
    is_refused = failed or naming or again or changing or acting or numbering
    return render(request, "claims/claim.html", context, status=422 if is_refused else 200)


def _anew(request: ActingRequest, claim: Claim, form: SendAnewForm | None, *, at: datetime) -> dict[str, Any]:
    """The form "send anew" of a claim that went out, or why it may not go out again."""
    if (claim.status not in UNANSWERED and not refusal_of(claim)) or not may(request.actor, "export"):
        return {}
    return {
        "anew": form or SendAnewForm(auto_id="anew_%s"),
        "anew_opened": form is not None,
        "may_go": may_go_anew(claim, at=at),
    }


def _renamed(claim: Claim) -> bool:
    """Whether the page asks if two legal names are of one patient."""
    return any(problem["mend"] == "name" for problem in claim.problems)


def _sent(claim: Claim) -> list[ExportClaim]:
    """Every finished export that took this claim, newest first."""
    taken = ExportClaim.objects.filter(claim=claim, export__state=ExportState.DONE)
    return list(
        taken.select_related("export__receiver", "export__requested_by").order_by("-export__finished_at", "-pk")
    )


def _days_left(claim: Claim, today: date) -> int | None:
    """Until it can be filed no more, or the claim that it corrects cannot be corrected any more."""
    runs_out = claim.deadline if claim.status in CHECKED and not claim.is_void else None
    return (runs_out - today).days if runs_out else None


def _lines(facts: ClaimFacts | None, draft: ClaimDraft | None, today: date) -> list[LineRow]:
    if facts is None or draft is None:
        return []
    return [_line(line, facts, today) for line in draft.lines]


def _line(line: ClaimLine, facts: ClaimFacts, today: date) -> LineRow:
    entry, rule = facts.entry_for(line.code, line.service_date), rule_of(facts, line.code, line.service_date)
    return LineRow(line, entry.gloss if entry else "", rest_of(rule, today) if rule and rule.row else None)


def _renders(draft: ClaimDraft | None) -> str:
    name = draft.rendering.name if draft and draft.rendering else None
    return " ".join(part for part in (name.first, name.middle, name.last) if part) if name else ""


def _rows_of(planned: Planned) -> list[AttachmentRow]:
    ours = planned.control_number if planned.issued else ""
    number, kind = planned.named, f"{planned.kind} {PICTURE[AttachmentKind(planned.kind)]}"
    packet = AttachmentRow("Documentation packet", planned.packet, f"{planned.kind} packet", number, ours, None, True)
    rows = [packet] if planned.packet else []
    for picture in planned.pictures:
        size = picture.derivative.file.size if picture.derivative else None
        name, made = picture.asset.view_label, picture.derivative is not None
        rows.append(AttachmentRow(name, picture.file_name, kind, number, ours, size, made))
    return rows


def numbers_form(
    claim: Claim, planned: Iterable[Planned], typed: Mapping[str, Any] | None = None
) -> AttachmentNumbersForm:
    """Asks for the clearinghouse's number of each kind that the claim carries."""
    kinds = {str(one.kind): AttachmentKind(one.kind).label for one in planned}
    return AttachmentNumbersForm(typed, kinds=kinds, auto_id="number_%s", initial=claim.attachment_numbers)


def _checklist(claim: Claim, signature: Signature) -> list[Any]:
    """The same eight lines as everywhere, with what this payer needs (CH-1)."""
    record = signed_record(claim.case, signature)
    needs = PayerNeeds(outcome_told=bool(claim.coverage and claim.coverage.payer.outcome_told))
    address = reverse("record", args=[claim.case.public_id])
    lines = checklist(record, needs)
    tells = {line.mend for line in lines if line.key == policies.OUTCOME}
    return rows_of(lines, lambda mend: address + ("#act-follow-up" if mend in tells else ""))


def _timeline(claim: Claim, signature: Signature) -> list[Told]:
    """Newest first, down to the signature that the claim was made from."""
    events = [told(event) for event in claim.events.order_by("-pk")]
    return [*events, Told(f"{signature.person_name} signed the review", "", signature.at)]


def _diagnoses(claim: Claim, facts: ClaimFacts | None, draft: ClaimDraft | None) -> Mapping[str, forms.Form | Any]:
    """The diagnoses of the signed review, where the claim bears any or a rule asks about them."""
    asked = any(problem["mend"] == "diagnoses" for problem in claim.problems)
    if facts is None or draft is None or not (draft.diagnoses or claim.diagnoses_left or asked):
        return {}
    glosses = {entry.code: entry.gloss for entry in facts.codes}
    known = {one.code: f"{one.code} {glosses.get(one.code, '')}".strip() for one in facts.diagnoses}
    chosen = [code for code in known if code not in claim.diagnoses_left]
    return {"diagnoses": DiagnosesForm(known=known, initial={"on_claim": chosen}), "on_claim": draft.diagnoses}
