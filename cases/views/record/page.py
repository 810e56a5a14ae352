"""The record: the one read-only page of a case, the same for every role that may see it, with what each may still do."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases import teeth
from cases.access import get_case, sees_packet_only
from cases.actions.phrasing import numbering_of
from cases.actions.second_reading import may_settle, second_readers_of, unwritten_reads_of
from cases.blinding import HARMLESS, is_blind, shown_second_reads
from cases.cautions import cautions_for
from cases.models import (
    Case,
    CaseEvent,
    InfoRequest,
    Letter,
    Order,
    Referral,
    Review,
    SecondRead,
    Settlement,
    Signature,
    Submission,
)
from cases.order_states import LIVE, OrderStatus
from cases.packet_pictures import LARGE, packet_pictures
from cases.permissions import called_back, may
from cases.policies import checklist
from cases.recipients import recipients_of
from cases.record import CaseRecord, gathered, read_record, signed_orders
from cases.second import in_words
from cases.states import BILLABLE, LABELS, READABLE_SIGNED, Status
from cases.views.reading.order_forms import CancelOrderForm, GivenOrderForm
from cases.views.record.forms import (
    AddendumForm,
    AskSecondForm,
    CloseForm,
    FollowUpForm,
    LetterForm,
    RetractForm,
    SettleForm,
    TakeBackSecondForm,
    WithdrawConsentForm,
)
from cases.views.record.gallery import absent_of, pictures_of
from cases.views.record.telling import told
from cases.views.showing import banner_of_case, enrolment_of, rows_of, with_site_in_words
from cases.wording import Concluded, Gathered, Label, Said, concluded_in_words, gathered_in_words
from teledent.accounts.acting import ActingRequest, Actor, role_required
from teledent.accounts.models import Role
from teledent.kit import canonical, clock

CHIPS = {
    Status.DRAFT: ("", "pencil"), Status.SUBMITTED: ("info", "clock"), Status.IN_REVIEW: ("accent", "eye"),
    Status.NEEDS_INFO: ("wait", "message-circle-question-mark"), Status.SIGNED: ("ok", "file-check"),
    Status.CLOSED: ("ok", "circle-check"), Status.RETRACTED: ("", "file-x"), Status.WITHDRAWN: ("", "undo-2"),
    Status.STOPPED: ("", "hand"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that may be done from here: a form that opens below its button."""

    name: str
    label: str
    icon: str
    address: str
    form: forms.Form
    button: str
    opened: bool


@require_safe
@role_required()
def record(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    return record_page(request, get_case(request.actor, public_id, at=at), at=at)


def record_page(
    request: ActingRequest, case: Case, *, at: datetime, failed: tuple[str, forms.Form] | None = None
) -> HttpResponse:
    """The whole page; `failed` is a form that was sent and has errors, by the name of its act."""
    actor = request.actor
    blind = is_blind(actor.person, case)
    signed = Signature.objects.filter(case=case).select_related("review__submission", "person").first()
    signature = None if blind else signed
    review = signature.review if signature else None
    submission = review.submission if review else case.submissions.order_by("-version").first()
    facts = _as_signed(read_record(case, review=review), submission if signed else None)
    numbering = numbering_of(actor.person)
    label = partial(teeth.label, numbering=numbering)
    with timezone.override(ZoneInfo(case.site.time_zone)):
        context = {
            **standing(case),
            "case": case, "zone": case.site.time_zone, "here": workplace_of(actor), "signature": signature, "submission": submission,
            "gathered": _gathered(submission, facts, label), "concluded": _concluded(signature, label),
            **_pictures(actor, case, signature),
            "lines": rows_of(checklist(facts), lambda mend: ""),
            "signed_here": signature is not None and signature.person_id == actor.person.pk,
            "addenda": [] if blind else list(case.addenda.all()),
            **_afterwards(actor, case, at=at, blind=blind),
            "blind": blind, "second_reads": [] if blind else second_reads_of(case), "with_site": with_site_in_words(case, at),
            "orders": [] if blind else orders_of(actor, case, at=at), **links_of(case, blind=blind),
            "numbering": numbering, "exchange": exchange_of(case), "retraction": getattr(case, "retraction", None),
            "timeline": [told(event, zone=case.site.time_zone) for event in events_of(case, blind=blind)],
            "acts": acts_of(actor, case, at=at, failed=failed), **_reading(actor, case, at=at),
        }  # fmt: skip
        return render(request, "record/record.html", context, status=422 if failed else 200)


def _as_signed(record: CaseRecord, submission: Submission | None) -> CaseRecord:
    """A signed visit was done under the orders that it says, whatever became of them since."""
    return replace(record, orders=signed_orders(submission.content)) if submission else record


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    read: SecondRead
    said: tuple[Said, ...]
    settlement: Settlement | None


def second_reads_of(case: Case) -> list[SecondOpinion]:
    return [
        SecondOpinion(read, in_words(read.content["opinion"]), getattr(read, "settlement", None))
        for read in shown_second_reads(case)
    ]


def events_of(case: Case, *, blind: bool) -> QuerySet[CaseEvent]:
    """Newest first; without those that tell a blind reader what the first one found."""
    events = case.events.order_by("-seq")
    return events.filter(kind__in=HARMLESS) if blind else events


def _afterwards(actor: Actor, case: Case, *, at: datetime, blind: bool) -> dict[str, Any]:
    """What followed the signature. It tells what was concluded, so a second reader sees none of it before her own signature."""
    if blind:
        return {"follow_ups": [], "letters": [], "referrals": [], "may_refer": False, "recipients": []}
    return {
        "follow_ups": list(case.follow_ups.select_related("recorded_by")),
        "letters": list(Letter.objects.filter(case=case).select_related("run__requested_by").order_by("-pk")),
        "referrals": list(Referral.objects.filter(case=case).select_related("requested_by")),
        "may_refer": may(actor, "refer", case, at=at) and case.status in BILLABLE,
        "recipients": recipients_of(case) if case.status == Status.RETRACTED else [],
    }


def workplace_of(actor: Actor) -> str:
    """The workplace from which she comes, for the bar."""
    places = {Role.DENTIST: "reading-queue", Role.HYGIENIST: "capture-day", Role.FRONT_DESK: "claims"}
    return next((place for role, place in places.items() if actor.has(role)), "records")


def standing(case: Case) -> dict[str, Any]:
    """Banner and status of a case, for every page of its record."""
    kind, icon = CHIPS[Status(case.status)]
    banner = banner_of_case(case, enrolment=enrolment_of(case.patient, site_id=case.site_id))
    return {"patient": banner, "status_word": LABELS[Status(case.status)], "status_kind": kind, "status_icon": icon}


def _gathered(submission: Submission | None, facts: Any, label: Label) -> Gathered:
    """The version that was read, or what is gathered so far."""
    return gathered_in_words(submission.content if submission else canonical.plain(gathered(facts)), label)


def _concluded(signature: Signature | None, label: Label) -> Concluded | None:
    return concluded_in_words(signature.content, label) if signature else None


def _pictures(actor: Actor, case: Case, signature: Signature | None) -> dict[str, Any]:
    """The pictures and what is not there; for the front desk alone those of the packet, as the packet has them."""
    if not sees_packet_only(actor, case):
        return {"pictures": pictures_of(case), "absent": absent_of(case.assets.all())}
    only = packet_pictures(signature.content) if signature else {}
    return {"pictures": pictures_of(case, large=LARGE, only=only), "absent": ()}


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order of the case, and whether this dentist may cancel it."""

    order: Order
    kind: str
    icon: str
    cancellable: bool

    @property
    def cancel_form(self) -> CancelOrderForm:
        return CancelOrderForm(auto_id=f"cancel_{self.order.number}_%s")


ORDER_CHIPS = {
    OrderStatus.OPEN: ("info", "clock"), OrderStatus.ACCEPTED: ("accent", "play"), OrderStatus.DONE: ("ok", "circle-check"),
    OrderStatus.REFUSED: ("wait", "circle-x"), OrderStatus.EXPIRED: ("wait", "clock"), OrderStatus.CANCELLED: ("", "undo-2"),
}  # fmt: skip


def orders_of(actor: Actor, case: Case, *, at: datetime) -> list[OrderRow]:
    """What was ordered on this case and how far it got; what a review only drafts is not here yet."""
    rows = Order.objects.filter(case=case).exclude(status=OrderStatus.DRAFTED).select_related("visit", "ordered_by")
    mine = bool(may(actor, "order", case, at=at))
    return [OrderRow(row, *ORDER_CHIPS[OrderStatus(row.status)], mine and row.status in LIVE) for row in rows]


def links_of(case: Case, *, blind: bool) -> dict[str, Any]:
    """The case that this one follows, those that follow it, and how the site took it back from the dentists. A visit that
    was ordered tells what was concluded."""
    after = [] if blind else list(case.followed_by.order_by("pk"))
    return {"follows": case.follows, "followed_by": after, "called_back": called_back(case)}


def exchange_of(case: Case) -> list[InfoRequest]:
    """Questions to the site with their answers, newest first; two queries."""
    asked = InfoRequest.objects.filter(case=case).select_related("person").order_by("-at", "-pk")
    return list(asked.prefetch_related("items__asset", "items__answered_by"))


def _reading(actor: Actor, case: Case, *, at: datetime) -> dict[str, Any]:
    """What a dentist may do from here: go on, start, or why not."""
    if not actor.has(Role.DENTIST) or case.status not in (Status.SUBMITTED, Status.IN_REVIEW):
        return {}
    holds = may(actor, "write_review", case, at=at)
    if holds:
        return {"holds": True}
    return {
        "start": may(actor, "start_review", case, at=at),
        "caution": cautions_for(actor.person, [case], at=at).get(case.pk, ""),
        "draft": Review.objects.filter(case=case, writer=actor.person).exists(),
    }


def acts_of(actor: Actor, case: Case, *, at: datetime, failed: tuple[str, forms.Form] | None) -> list[Act]:
    """The acts open to this person now, each with its form; the one that failed stands open with what was typed."""
    allowed: list[tuple[str, str, str, forms.Form, str]] = []
    if is_blind(actor.person, case):
        return []
    if case.status in READABLE_SIGNED:
        allowed += _after_signature(actor, case, at)
    allowed += _second_reads(actor, case, at)
    scopes = withdrawable(case) if actor.has(Role.HYGIENIST, Role.FRONT_DESK) else []
    if scopes:
        form = WithdrawConsentForm(scopes=scopes)
        allowed.append(("consent", "Consent was withdrawn", "hand", form, "Record the withdrawal"))
    sent: Mapping[str, forms.Form] = dict([failed]) if failed else {}
    return [
        Act(
            name,
            label,
            icon,
            reverse(f"record-{name}", args=[case.public_id]),
            sent.get(name, form),
            button,
            name in sent,
        )
        for name, label, icon, form, button in allowed
    ]


def _second_reads(actor: Actor, case: Case, at: datetime) -> list[tuple[str, str, str, forms.Form, str]]:
    """Asking one more dentist, and no longer asking one who has not written anything."""
    acts: list[tuple[str, str, str, forms.Form, str]] = []
    may_ask = may(actor, "ask_second_read", case, at=at)
    people = second_readers_of(case, asked_by=actor.person, at=at) if may_ask else []
    if people:
        acts.append(("second-read", "Ask for a second read", "users", AskSecondForm(people=people), "Ask for it"))
    if asked := unwritten_reads_of(actor, case):
        form = TakeBackSecondForm(reads=asked)
        acts.append(("second-read-back", "Take back a second read", "undo-2", form, "Take it back"))
    return acts


def _after_signature(actor: Actor, case: Case, at: datetime) -> list[tuple[str, str, str, forms.Form, str]]:
    acts: list[tuple[str, str, str, forms.Form, str]] = []
    if may(actor, "follow_up", case, at=at):
        form = FollowUpForm(initial={"happened_at": at})
        acts.append(("follow-up", "Record a follow-up step", "phone", form, "Record it"))
    if case.status in BILLABLE and may(actor, "letter", case, at=at):
        acts.append(("letter", "Print the letter to the family", "mail", LetterForm(case=case), "Print it"))
    differing = SecondRead.objects.to_settle_on(case)
    if differing and may_settle(actor.person, case, at=at):
        acts.append(("settle", "Settle the difference", "scale", SettleForm(reads=differing), "Sign and settle"))
    if may(actor, "add_addendum", case, at=at):
        acts.append(("addendum", "Add an addendum", "file-plus", AddendumForm(), "Sign the addendum"))
    if may(actor, "order", case, at=at):
        form_of_order = GivenOrderForm(numbering=numbering_of(actor.person))
        acts.append(("order", "Give an order", "clipboard-list", form_of_order, "Sign the order"))
    if case.status == Status.SIGNED and may(actor, "close", case, at=at):
        acts.append(("close", "Close the follow-up", "circle-check", CloseForm(), "Close the case"))
    if may(actor, "retract", case, at=at):
        acts.append(("retract", "Retract the signed review", "file-x", RetractForm(), "Retract it"))
    return acts


def withdrawable(case: Case) -> list[str]:
    """Scopes of the patient that are given and not withdrawn."""
    counting = case.patient.consents.filter(entered_wrongly__isnull=True)
    consents = counting.filter(scopes__given=True, scopes__withdrawn_at__isnull=True)
    return sorted(set(consents.values_list("scopes__scope", flat=True)))
