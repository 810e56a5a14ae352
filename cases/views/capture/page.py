"""The case page and its parts: what the whole page shows, and what every save brings up to date (the live parts)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse

from cases import questionnaires, teeth
from cases.actions.files import LATE
from cases.actions.phrasing import numbering_of
from cases.actions.submitting import Stop, is_provisional, what_stops
from cases.consent_policies import consent_stands
from cases.family_told import family_wrote
from cases.matching import HER_SLATE
from cases.models import Asset, AssetState, Case, Derivative, InfoRequest, Kind
from cases.order_kinds import KINDS
from cases.permissions import licence_of
from cases.places import zone_of_patient_place
from cases.policies import State, checklist
from cases.record import CaseRecord, read_record
from cases.record_facts import has_order
from cases.states import EDITABLE, ENDED_UNSIGNED, LABELS, WITH_DENTISTS, Status
from cases.view_labels import STANDARD_PHOTOGRAPHS, VIEWS, Family, View
from cases.views.capture.answers import SECTIONS, forms_of
from cases.views.capture.charted import findings_context
from cases.views.capture.file_forms import AcceptForm, LabelForm, MoveForm, OrderForm
from cases.views.capture.indicator_forms import Shown, shown
from cases.views.capture.visit import visit_context, visit_orders
from cases.views.showing import Banner, Row, banner_of_case, enrolment_of, rows_of
from teledent.accounts.acting import ActingRequest, Actor
from teledent.kit import clock

WAITING = (AssetState.DECLARED, AssetState.RECEIVED)
CHIPS = {
    Status.DRAFT: ("info", "pencil"), Status.NEEDS_INFO: ("wait", "message-circle-question-mark"), Status.SUBMITTED: ("ok", "circle-check"),
    Status.IN_REVIEW: ("info", "stethoscope"), Status.SIGNED: ("ok", "file-check"), Status.CLOSED: ("", "archive"),
    Status.RETRACTED: ("wait", "undo-2"), Status.WITHDRAWN: ("", "undo-2"), Status.STOPPED: ("wait", "octagon-x"),
}  # fmt: skip
PLACES = {
    "pictures": "#pictures",
    "findings": "#findings",
    "radiographs": "#radiographs",
    "questions": "#questions",
    "day_seen": "#id_day_seen",
    "orders": "#orders",
}


@dataclass(frozen=True, slots=True)
class Tile:
    """One file as its tile shows it."""

    asset: Asset
    zone: str
    editable: bool
    thumbnail: str  # address, "" while there is none
    form: LabelForm
    status: str  # of its case; "" in the tray
    others: list[Case] = field(default_factory=list)  # where a held file may belong

    @property
    def awaits(self) -> str:
        """What the tile waits to be over: a state, or the turning; "" when it waits for nothing."""
        if self.is_turning:
            return "turning"
        return self.asset.state if self.asset.state in WAITING else ""

    @property
    def is_turning(self) -> bool:
        """A mirror mark was set or taken back: its pictures are made anew."""
        return self.asset.state == AssetState.RECEIVED and self.asset.examined_at is not None

    @property
    def is_broken(self) -> bool:
        return self.asset.state in (AssetState.REFUSED, AssetState.FAILED)

    @property
    def is_late(self) -> bool:
        """It keeps a submitted case waiting: it goes on to arrive, is tried again, or is struck off."""
        return self.status in WITH_DENTISTS and self.asset.state in LATE

    @property
    def may_leave(self) -> bool:
        """A picture of another child can go to that child's case, whatever it takes (ID-3); a signed case is retracted first."""
        leaves = self.status in ENDED_UNSIGNED | WITH_DENTISTS | {Status.RETRACTED}
        return leaves and self.asset.state == AssetState.EXAMINED

    @property
    def is_wide(self) -> bool:
        return bool(self.asset.view) and VIEWS[self.asset.view].usually_mirrored

    @property
    def needs_order(self) -> bool:
        return self.asset.family is Family.RADIOGRAPH

    @property
    def is_her_slate(self) -> bool:
        """It waits only because it shows what it is not called; whose it is nobody doubts."""
        return self.asset.hold_reason == HER_SLATE.sentence

    @property
    def shows_her_slate(self) -> bool:
        """Among whatever else it waits for."""
        return HER_SLATE.sentence in self.asset.hold_reason

    @property
    def accept_form(self) -> AcceptForm:
        return AcceptForm(auto_id=f"accept_{self.asset.public_id.hex[:8]}_%s")

    @property
    def move_form(self) -> MoveForm:
        return MoveForm(auto_id=f"move_{self.asset.public_id.hex[:8]}_%s")


def thumbnails() -> Any:
    """The thumbnails of files in one query, newest recipe first."""
    rows = Derivative.objects.filter(recipe="thumbnail", page=1).order_by("-recipe_version")
    return Prefetch("derivatives", rows, to_attr="thumbnails")


def tile_of(
    asset: Asset,
    *,
    editable: bool,
    status: str = "",
    others: list[Case] | None = None,
    data: Any = None,
    numbering: str = "universal",
) -> Tile:
    """`asset` with its site loaded; thumbnails come from the prefetch where there is one. `status` is its case's."""
    made = getattr(asset, "thumbnails", None)
    if made is None:
        made = asset.derivatives.filter(recipe="thumbnail", page=1)
    ready = any(one.mirrored == asset.mirrored for one in made)
    address = reverse("picture", args=[asset.public_id, "thumbnail", 1]) if ready else ""
    # the flip stands in the address: a browser that holds the other one asks anew at once
    address = f"{address}?turned" if ready and asset.mirrored else address
    form = LabelForm(data, asset=asset, numbering=numbering)
    return Tile(asset, asset.site.time_zone, editable, address, form, status, others or [])


def open_cases_of(actor: Actor, *, without: Case | None = None) -> list[Case]:
    """Cases into which she may put a file: open ones of her sites, the newest first."""
    rows = Case.objects.captured_by(actor).filter(status__in=EDITABLE).select_related("patient", "site")
    rows = rows.exclude(pk=without.pk) if without else rows
    return list(rows.order_by("-day_seen", "-opened_at", "-pk")[:60])


@dataclass(frozen=True)
class Live:
    """What every save brings up to date: banner, checklist, what is missing, revision."""

    case: Case
    actor: Actor
    at: datetime

    @cached_property
    def day(self) -> date:
        return clock.local_date(self.at, self.zone)

    @property
    def zone(self) -> str:
        return self.case.site.time_zone

    @property
    def editable(self) -> bool:
        return self.case.status in EDITABLE

    @cached_property
    def numbering(self) -> str:
        return numbering_of(self.actor.person)

    def label(self, key: str) -> str:
        """A tooth as she calls it."""
        return teeth.label(key, self.numbering)

    @cached_property
    def record(self) -> CaseRecord:
        return read_record(self.case)

    @cached_property
    def banner(self) -> Banner:
        return banner_of_case(self.case, enrolment=enrolment_of(self.case.patient, site_id=self.case.site_id))

    @cached_property
    def rows(self) -> list[Row]:
        lines = checklist(self.record)
        return rows_of(lines, self.place_of if self.editable else lambda _: "")

    @cached_property
    def indicators(self) -> list[Shown]:
        return shown(self.case, self.record.indicators, self.label, editable=self.editable)

    @property
    def missing(self) -> int:
        return sum(row.state in (State.MISSING, State.PENDING) for row in self.rows)

    def place_of(self, mend: str) -> str:
        """The place on this page that mends what a line names; other workplaces mend theirs."""
        if mend == "consent":
            return f"{reverse('capture-consent', args=[self.case.patient.public_id])}?case={self.case.public_id}"
        asked = {q.key for q in questionnaires.questions_for(self.case.kind)} | {"urgency"}
        return PLACES.get(mend) or (f"#id_{mend}" if mend in asked else "")

    @cached_property
    def stops(self) -> tuple[Stop, ...]:
        if not self.editable:
            return ()
        return what_stops(actor=self.actor, case=self.case, record=self.record, day=self.day)

    @cached_property
    def problems(self) -> list[dict[str, Any]]:
        """What stops the submit, each with the place that mends it."""
        return [
            {"sentence": stop.sentence, "mend_url": self.place_of(stop.mend), "blocks": True} for stop in self.stops
        ]

    @property
    def consent_chip(self) -> tuple[str, str, str]:
        zone = zone_of_patient_place(self.case, self.case.site)
        lacking = not consent_stands(self.record, today=self.day, zone=zone)
        return ("No consent", "wait", "circle-alert") if lacking else ("Consent in force", "ok", "circle-check")

    @property
    def files_in(self) -> str:
        """ "3 of 5 in": received, examined and nobody's decision wanted."""
        counted = self.record.counted_images
        return f"{sum(image.is_in for image in counted)} of {len(counted)} in" if counted else "none yet"

    @property
    def red_flags(self) -> tuple[str, ...]:
        return questionnaires.red_flags(self.case.answers)

    @property
    def sections(self) -> list[str]:
        return [section for section in SECTIONS if section != "kind" or self.case.kind != Kind.SCREENING]


def load_files(case: Case) -> list[Asset]:
    return list(case.assets.select_related("site").prefetch_related(thumbnails()))


def page_context(
    request: ActingRequest, case: Case, *, at: datetime, bound: dict[str, list[forms.Form]] | None = None, **more: Any
) -> dict[str, Any]:
    """The whole case page. `bound` holds the forms of a section whose save did not succeed."""
    live = Live(case, request.actor, at)
    bound = bound or {}
    context: dict[str, Any] = {"case": case, "live": live, "zone": live.zone, "practice": case.practice}
    context |= {f"{section}_forms": bound.get(section) or forms_of(section, case) for section in live.sections}
    context |= (
        pictures_context(request, case, live) | findings_context(case, live.numbering) | visit_context(case, live)
    )
    kind, icon = CHIPS[Status(case.status)]
    context["family_wrote"] = family_wrote([case.patient_id]).get(case.patient_id)
    context |= {"status_word": LABELS[Status(case.status)], "status_kind": kind, "status_icon": icon}
    if case.status != Status.DRAFT:
        context |= {
            "versions": case.submissions.order_by("-version"), "provisional": is_provisional(case),
            "requests": InfoRequest.objects.filter(case=case).prefetch_related("items__asset").select_related("person").order_by("-at"),
        }  # fmt: skip
    if not live.editable:
        asked = questionnaires.questions_for(case.kind)
        context["answers_in_words"] = [
            (q.legend, questionnaires.in_words(q, case.answers)) for q in asked if q.required or case.answers.get(q.key)
        ]
        context["all_tiles"] = [context[group] for group in ("photographs", "radiographs", "documents")]
    return {**context, **more}


def pictures_context(request: ActingRequest, case: Case, live: Live) -> dict[str, Any]:
    files = load_files(case)
    counted = [asset for asset in files if asset.state != AssetState.STRUCK]
    others = open_cases_of(request.actor, without=case) if any(asset.is_held for asset in counted) else []
    told: dict[str, Any] = {
        "editable": live.editable,
        "status": case.status,
        "others": others,
        "numbering": live.numbering,
    }
    tiles = [tile_of(asset, **told) for asset in counted]
    films = [asset for asset in counted if asset.family is Family.RADIOGRAPH]
    taken = {asset.view for asset in counted}
    missing = [VIEWS[key] for key in STANDARD_PHOTOGRAPHS if key not in taken]
    return {
        "photographs": _in_order(tiles, missing if live.editable else []),
        "radiographs": [tile for tile in tiles if tile.asset.family is Family.RADIOGRAPH],
        "documents": [tile for tile in tiles if tile.asset.family is Family.DOCUMENT],
        "struck": [asset for asset in files if asset.state == AssetState.STRUCK],
        "held": [tile for tile in tiles if tile.asset.is_held],
        "film_slots": [view for view in VIEWS.values() if view.family is Family.RADIOGRAPH],
        "order_form": _order_form(films, live) if films else None,
        "without_order": [film for film in films if not has_order(film)],
        "device": _device_of_last_time(request.actor, case),
    }


def _in_order(tiles: list[Tile], missing: list[View]) -> list[Tile | View]:
    """Photographs and the places of those not taken yet, in the order of a photo set; what has no view comes last."""
    shown: list[Tile | View] = [tile for tile in tiles if tile.asset.family in (Family.PHOTOGRAPH, None)]
    order = list(VIEWS)

    def place(one: Tile | View) -> int:
        view = one.key if isinstance(one, View) else one.asset.view
        return order.index(view) if view else len(order)

    return sorted([*shown, *missing], key=place)


def _order_form(films: list[Asset], live: Live) -> OrderForm:
    """Starts from a film of this case that has its order, else with the hygienist as the operator."""
    initial: dict[str, Any] = {"films": [str(film.public_id) for film in films if not has_order(film)], "retakes": 0}
    known = next((film for film in films if film.ordered_by), None)
    under = next((one for one in visit_orders(live.case) if KINDS[one.kind].views), None)
    if known:
        names = ("ordered_by", "ordered_on", "order_reason", "operator_name", "operator_licence")
        initial |= {name: getattr(known, name) for name in names}
    else:
        licence = licence_of(live.actor.person, state=live.case.patient_state, day=live.day)
        if under:  # the visit is under a dentist's order: the film names it
            initial |= {
                "ordered_by": under.said,
                "ordered_on": under.made_at.date(),
                "order_reason": under.reason[:200],
            }
        initial = {
            "ordered_on": live.case.day_seen, **initial,
            "operator_name": live.actor.person.name,
            "operator_licence": str(licence or ""),
        }  # fmt: skip
    return OrderForm(films=films, initial=initial, auto_id="order_%s")


def _device_of_last_time(actor: Actor, case: Case) -> str:
    """What she typed last for files that say nothing of their device; a file's own word is never carried to another."""
    mine = Asset.objects.filter(declared_by=actor.person, site=case.site).exclude(device="")
    last = mine.order_by("-declared_at", "-pk").only("device", "examination").first()
    if last is None:
        return ""
    said = last.examination.get("device") or {}
    by_itself = " ".join(part for part in (said.get("make", ""), said.get("model", "")) if part)
    return "" if by_itself and by_itself.startswith(last.device) else last.device


# --- answers to a change ------------------------------------------------------------------------------------------


def is_htmx(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request") == "true")


def to_case(case: Case, place: str = "") -> HttpResponse:
    response = redirect("capture-case", case.public_id)
    response["Location"] += f"#{place}" if place else ""
    return response


def part_and_live(
    request: ActingRequest, case: Case, template: str, context: dict[str, Any], *, at: datetime, status: int = 200
) -> HttpResponse:
    """A part of the page, and the live parts beside it for htmx to put in their places."""
    case.refresh_from_db()
    live = Live(case, request.actor, at)
    context = {"case": case, "live": live, "zone": live.zone, "practice": case.practice, **context}
    part = render_to_string(template, context, request)
    return HttpResponse(part + render_to_string("capture/_live.html", {**context, "oob": True}, request), status=status)


def case_page(request: ActingRequest, case: Case, *, at: datetime, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "capture/case.html", page_context(request, case, at=at, **more), status=status)
