"""What dentists ordered at her sites: the list, and the way from an order to its visit (CO-3)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import questionnaires, teeth
from cases.access import get_own_order
from cases.actions.phrasing import numbering_of
from cases.actions.treating import give_back, known_allergies, record_under_order, refuse_order, start_visit
from cases.family_told import family_wrote
from cases.models import Kind, Order, Patient, SecondRead
from cases.models.order import OrderQuerySet
from cases.order_kinds import KINDS
from cases.order_policies import consent_to_it, in_time, no_allergy
from cases.order_states import LIVE, OrderStatus
from cases.record import order_facts, read_record
from cases.views.capture.day import room_of, sites_of
from cases.views.capture.forms import ReasonForm, Suggesting, posted, tooth_key
from cases.views.capture.page import to_case
from cases.views.showing import banner_of_case, enrolment_of
from teledent.accounts.acting import ActingRequest, Actor, role_required
from teledent.accounts.forms import NameField
from teledent.accounts.models import Role
from teledent.kit import clock
from teledent.kit.decisions import Conflict, Refused

PER_PAGE = 50
WHY_REFUSED = ("The child moved away", "The family says no", "The tooth is gone", "Done elsewhere")


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One row of the list: what, where, and how much time is left by the clock of its site."""

    order: Order
    tooth: str
    days_left: int

    @property
    def left(self) -> str:
        if self.days_left < 0:
            return "ran out"
        return "last day" if self.days_left == 0 else f"{self.days_left} day{'' if self.days_left == 1 else 's'} left"

    @property
    def is_short(self) -> bool:
        return self.days_left <= 14


class StartForm(forms.Form):
    """Asked again before anything is put into a mouth: allergies, and the tooth."""

    public_id = forms.UUIDField(widget=forms.HiddenInput)
    allergies = forms.MultipleChoiceField(
        label="Allergies, asked again today", widget=forms.CheckboxSelectMultiple(attrs={"data-nothing": "none_known"}),
        error_messages={"required": "Ask the family or the child again, and tap the answer."},
    )  # fmt: skip
    allergies_text = NameField(label="Other allergy, in words", max_length=300, required=False)
    tooth = forms.CharField(
        label="Tooth, said again", max_length=4, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Look into the mouth and write the tooth that you are about to treat.",
        error_messages={"required": "Write the tooth that you see before you."},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, order: Order, numbering: str) -> None:
        super().__init__(data, initial={"public_id": uuid4()})
        self.numbering = numbering
        asked = questionnaires.question(Kind.TREATMENT_VISIT, "allergies")
        self.fields["allergies"].choices = list(asked.choices.items()) if asked else []  # type: ignore[attr-defined]
        if not KINDS[order.kind].needs_tooth:
            del self.fields["tooth"]

    def clean_tooth(self) -> str:
        return tooth_key(self.cleaned_data["tooth"], self.numbering)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        chosen, words = cleaned.get("allergies", []), cleaned.get("allergies_text", "")
        if words and "other" not in chosen:
            cleaned["allergies"] = chosen = [*chosen, "other"]
        if "other" in chosen and not words:
            self.add_error("allergies_text", "Say which.")
        if "none_known" in chosen and len(chosen) > 1:
            raise ValidationError("“None known” and an allergy do not go together. Tap what is true.")
        return cleaned

    @property
    def answers(self) -> dict[str, Any]:
        said = {"allergies": self.cleaned_data["allergies"], "allergies_text": self.cleaned_data["allergies_text"]}
        return {key: value for key, value in said.items() if value}


class RefuseForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "refuse_%s", **kwargs})
        self.fields["reason"].widget = Suggesting(WHY_REFUSED)


@require_safe
@role_required(Role.HYGIENIST)
def orders(request: ActingRequest) -> HttpResponse:
    """Open orders of her sites, the one that runs out first on top."""
    at = clock.now()
    sites = list(sites_of(request.actor))
    chosen = next((site for site in sites if str(site.public_id) == request.GET.get("site")), None)
    rows = _live(request.actor).select_related("case__patient", "case__site", "visit")
    rows = rows.annotate(room=room_of("case__patient_id"))
    page = Paginator(rows.filter(case__site=chosen) if chosen else rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page, "orders": [_line(order, at) for order in page], "sites": sites, "chosen": chosen,
        "numbering": numbering_of(request.actor.person),
    }  # fmt: skip
    return render(request, "capture/orders.html", context)


def orders_of(actor: Actor, patient: Patient) -> list[OrderLine]:
    """The live orders of one patient at her sites."""
    at = clock.now()
    rows = _live(actor).filter(case__patient=patient)
    rows = rows.select_related("case__patient", "case__site", "visit").annotate(room=room_of("case__patient_id"))
    return [_line(order, at) for order in rows]


def _live(actor: Actor) -> OrderQuerySet:
    """Without those on a case whose second read is asked of her: an order tells what was concluded (RE-2)."""
    live = Order.objects.of_sites(actor).live()
    return live.exclude(case__in=SecondRead.objects.hidden_from(actor.person))


def _line(order: Order, at: datetime) -> OrderLine:
    day = clock.local_date(at, order.case.site.time_zone)
    return OrderLine(order, teeth.name(order.tooth) if order.tooth else "", (order.valid_until - day).days)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.HYGIENIST)
def start(request: ActingRequest, public_id: UUID) -> HttpResponse:
    """The order with what has to be true before it starts; POST begins the visit."""
    at = clock.now()
    order = get_own_order(request.actor, public_id, at=at)
    form = _start_form(request, order, posted(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            visit = start_visit(
                actor=request.actor, order=order, tooth=said.get("tooth", ""), answers=form.answers, at=at,
                public_id=said["public_id"],
            )  # fmt: skip
        except Conflict:
            raise
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"{visit.label} is open for {order.label}.")
            return to_case(visit, "orders")
    return _order_page(request, order, form, at=at)


def _start_form(request: ActingRequest, order: Order, data: Any = None) -> StartForm:
    return StartForm(data, order=order, numbering=numbering_of(request.actor.person))


def _order_page(
    request: ActingRequest, order: Order, form: StartForm, *, at: datetime, refuse: forms.Form | None = None
) -> HttpResponse:
    case = order.case
    day = clock.local_date(at, case.site.time_zone)
    failed = bool(form.errors or (refuse and refuse.errors))
    context = {
        "order": order, "line": _line(order, at), "form": form, "refuse_form": refuse or RefuseForm(), "case": case,
        "numbering": form.numbering, "family_wrote": family_wrote([case.patient_id]).get(case.patient_id),
        "zone": case.site.time_zone, "is_open": order.status == OrderStatus.OPEN, "is_live": order.status in LIVE,
        "banner": banner_of_case(case, enrolment=enrolment_of(case.patient, site_id=case.site_id)),
        "stands": _what_stands(order, day) if order.status == OrderStatus.OPEN else [],
    }  # fmt: skip
    return render(request, "capture/order.html", context, status=422 if failed else 200)


@dataclass(frozen=True, slots=True)
class Stands:
    """One thing that has to be true before the visit, as the checklist shows it."""

    title: str
    state: str
    reason: str
    mend_url: str = ""
    mend_label: str = "Mend"


def _what_stands(order: Order, day: date) -> list[Stands]:
    (fact,) = order_facts([order])
    record = read_record(order.case)
    consent = consent_to_it(fact, record, day)
    allergy = no_allergy(fact, known_allergies(order.case))
    time = in_time(fact, day)
    page = redirect("capture-consent", order.case.patient.public_id)["Location"]
    rows = (
        ("Consent", consent, f"In force: {KINDS[order.kind].scope.label.lower()}", page),
        ("Allergies on file", allergy, "Nothing on file speaks against it", ""),
        ("Time", time, f"Valid until {order.valid_until:%-d %b %Y}", ""),
    )
    return [
        Stands(title, "met" if check else "missing", met if check else check.reason, "" if check else url, "Record")
        for title, check, met, url in rows
    ]


@require_POST
@role_required(Role.HYGIENIST)
def refuse(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    order = get_own_order(request.actor, public_id, at=at)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return _order_page(request, order, _start_form(request, order), at=at, refuse=form)
    refuse_order(actor=request.actor, order=order, reason=form.cleaned_data["reason"], at=at)
    messages.success(request, f"{order.label} is refused; the dentist sees the reason on the record.")
    return redirect("capture-orders")


@require_POST
@role_required(Role.HYGIENIST)
def done(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    order = get_own_order(request.actor, public_id, at=at)
    service = record_under_order(actor=request.actor, order=order, at=at)
    messages.success(request, f"{service.code} is recorded under {order.label}.")
    return to_case(service.case, "orders")


@require_POST
@role_required(Role.HYGIENIST)
def back(request: ActingRequest, public_id: UUID) -> HttpResponse:
    at = clock.now()
    order = get_own_order(request.actor, public_id, at=at)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Refused("Say why it was not done; the timeline keeps it.")
    visit = order.visit
    give_back(actor=request.actor, order=order, reason=form.cleaned_data["reason"], at=at)
    messages.success(request, f"{order.label} is open again.")
    return to_case(visit, "orders") if visit else redirect("capture-orders")
