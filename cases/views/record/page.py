"""The record: the one read-only page of a case, the same for every role that may see it, with what each may still do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.access import get_case
from cases.models import Case, InfoRequest, Order, Review, Signature, Submission
from cases.order_states import LIVE, OrderStatus
from cases.permissions import called_back, may
from cases.policies import checklist
from cases.recipients import recipients_of
from cases.record import gathered, read_record
from cases.states import LABELS, READABLE_SIGNED, Status
from cases.views.reading.order_forms import CancelOrderForm, GivenOrderForm
from cases.views.record.forms import AddendumForm, CloseForm, FollowUpForm, RetractForm, WithdrawConsentForm
from cases.views.record.gallery import absent_of, pictures_of
from cases.views.record.telling import told
from cases.views.showing import banner_of_case, enrolment_of, rows_of
from cases.wording import Concluded, Gathered, concluded_in_words, gathered_in_words
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
    signature = Signature.objects.filter(case=case).select_related("review__submission", "person").first()
    review = signature.review if signature else None
    facts = read_record(case, review=review)
    submission = review.submission if review else case.submissions.order_by("-version").first()
    with timezone.override(ZoneInfo(case.site.time_zone)):
        context = {
            **standing(case),
            "case": case, "zone": case.site.time_zone, "here": workplace_of(actor), "signature": signature, "submission": submission,
            "gathered": _gathered(submission, facts), "concluded": _concluded(signature),
            "pictures": pictures_of(case, large="claim" if _as_in_packet(actor, case) else "review"),
            "absent": () if _as_in_packet(actor, case) else absent_of(case.assets.all()),
            "lines": rows_of(checklist(facts), lambda mend: ""),
            "addenda": list(case.addenda.all()), "follow_ups": list(case.follow_ups.select_related("recorded_by")),
            "orders": orders_of(actor, case, at=at), **links_of(case),
            "exchange": exchange_of(case), "retraction": getattr(case, "retraction", None),
            "recipients": recipients_of(case) if case.status == Status.RETRACTED else [],
            "timeline": [told(event, zone=case.site.time_zone) for event in case.events.order_by("-seq")],
            "acts": acts_of(actor, case, at=at, failed=failed), **_reading(actor, case, at=at),
        }  # fmt: skip
        return render(request, "record/record.html", context, status=422 if failed else 200)


def workplace_of(actor: Actor) -> str:
    """The workplace from which she comes, for the bar."""
    places = {Role.DENTIST: "reading-queue", Role.HYGIENIST: "capture-day", Role.FRONT_DESK: "claims"}
    return next((place for role, place in places.items() if actor.has(role)), "records")


def standing(case: Case) -> dict[str, Any]:
    """Banner and status of a case, for every page of its record."""
    kind, icon = CHIPS[Status(case.status)]
    banner = banner_of_case(case, enrolment=enrolment_of(case.patient, site_id=case.site_id))
    return {"patient": banner, "status_word": LABELS[Status(case.status)], "status_kind": kind, "status_icon": icon}


def _gathered(submission: Submission | None, facts: Any) -> Gathered:
    """The version that was read, or what is gathered so far."""
    return gathered_in_words(submission.content if submission else canonical.plain(gathered(facts)))


def _concluded(signature: Signature | None) -> Concluded | None:
    return concluded_in_words(signature.content) if signature else None


def _as_in_packet(actor: Actor, case: Case) -> bool:
    """The front desk sees the pictures as the packet has them."""
    at_site = actor.has(Role.HYGIENIST) and actor.at_site(Role.HYGIENIST, case.site_id)
    return not actor.has(Role.DENTIST, Role.MANAGER) and not at_site


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


def links_of(case: Case) -> dict[str, Any]:
    """The case that this one follows, those that follow it, and how the site took it back from the dentists."""
    after = list(case.followed_by.order_by("pk"))
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
        "draft": Review.objects.filter(case=case, writer=actor.person).exists(),
    }


def acts_of(actor: Actor, case: Case, *, at: datetime, failed: tuple[str, forms.Form] | None) -> list[Act]:
    """The acts open to this person now, each with its form; the one that failed stands open with what was typed."""
    allowed: list[tuple[str, str, str, forms.Form, str]] = []
    if case.status in READABLE_SIGNED:
        allowed += _after_signature(actor, case, at)
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


def _after_signature(actor: Actor, case: Case, at: datetime) -> list[tuple[str, str, str, forms.Form, str]]:
    acts: list[tuple[str, str, str, forms.Form, str]] = []
    if may(actor, "follow_up", case, at=at):
        form = FollowUpForm(initial={"happened_at": at})
        acts.append(("follow-up", "Record a follow-up step", "phone", form, "Record it"))
    if may(actor, "add_addendum", case, at=at):
        acts.append(("addendum", "Add an addendum", "file-plus", AddendumForm(), "Sign the addendum"))
    if may(actor, "order", case, at=at):
        acts.append(("order", "Give an order", "clipboard-list", GivenOrderForm(), "Sign the order"))
    if case.status == Status.SIGNED and may(actor, "close", case, at=at):
        acts.append(("close", "Close the follow-up", "circle-check", CloseForm(), "Close the case"))
    if may(actor, "retract", case, at=at):
        acts.append(("retract", "Retract the signed review", "file-x", RetractForm(), "Retract it"))
    return acts


def withdrawable(case: Case) -> list[str]:
    """Scopes of the patient that are given and not withdrawn."""
    consents = case.patient.consents.filter(scopes__given=True, scopes__withdrawn_at__isnull=True)
    return sorted(set(consents.values_list("scopes__scope", flat=True)))
