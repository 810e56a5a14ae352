"""The queue as rows: what each case says of itself in the list, with the same number of queries however long it is."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet, Subquery

from cases.cautions import cautions_for
from cases.models import Asset, Case, CaseEvent, Derivative, PatientPlace, Standing, Urgency
from cases.states import READABLE_SIGNED, Status
from cases.views.showing import with_site_in_words
from teledent.accounts.models import Person
from teledent.templatetags.ui import length_in_words

URGENCY_CHIPS = {
    Urgency.EMERGENCY: ("urgent", "siren"),
    Urgency.URGENT: ("urgent", "triangle-alert"),
    Urgency.EARLY: ("wait", "clock"),
    Urgency.ROUTINE: ("", "circle-minus"),
}
THUMBNAILS = 3
TAKEN = ("start_review", "hand_over")


@dataclass(frozen=True, slots=True)
class Row:
    """One case of the queue: the chips, words and addresses that its line shows."""

    case: Case
    urgency: str
    urgency_kind: str
    urgency_icon: str
    age: int
    place: str
    thumbnails: tuple[Derivative, ...]
    state: str
    state_kind: str
    state_icon: str
    with_site: str  # how long it waited for answers, shown apart: the family's time went on (RE-8)
    caution: str  # what another room warns of, such as a payer that does not know her
    refusal: str  # why this dentist may not start it, or for whom it is kept; empty when it may be hers


def with_row_facts(cases: QuerySet[Case], person: Person) -> QuerySet[Case]:
    """What a row needs beyond the case itself, as columns of the same query."""
    held_since = CaseEvent.objects.filter(case=OuterRef("pk"), kind__in=TAKEN).order_by("-seq").values("at")[:1]
    return cases.select_related("patient", "site", "reader", "practice", "offered_to").annotate(
        held_since=Subquery(held_since),
        gathered_here=Exists(Case.objects.gathered_by(person).filter(pk=OuterRef("pk"))),
    )


def with_thumbnails(cases: QuerySet[Case]) -> QuerySet[Case]:
    made = Derivative.objects.filter(recipe="thumbnail", page=1, mirrored=F("asset__mirrored")).order_by(
        "-recipe_version"
    )
    shown = Asset.objects.in_place().prefetch_related(Prefetch("derivatives", made, to_attr="thumbnails"))
    return cases.prefetch_related(Prefetch("assets", shown.order_by("declared_at", "pk"), to_attr="shown"))


def rows_of(cases: Iterable[Case], *, person: Person, states: Collection[str], at: datetime) -> list[Row]:
    listed = list(cases)
    cautions = cautions_for(person, listed, at=at)
    return [_row(case, person=person, states=states, caution=cautions.get(case.pk, ""), at=at) for case in listed]


def _row(case: Case, *, person: Person, states: Collection[str], caution: str, at: datetime) -> Row:
    kind, icon = URGENCY_CHIPS.get(Urgency(case.urgency), ("", "circle")) if case.urgency else ("", "circle")
    state, state_kind, state_icon = _state(case, person, at)
    where = case.site.name if case.patient_place == PatientPlace.SITE else case.get_patient_place_display()
    pictures = [asset.thumbnails[0] for asset in case.shown if asset.thumbnails]  # type: ignore[attr-defined]
    return Row(
        case=case, urgency=case.get_urgency_display(), urgency_kind=kind, urgency_icon=icon,
        age=case.patient.age_on(case.day_seen), place=f"{where}, {case.patient_state}",
        thumbnails=tuple(pictures[:THUMBNAILS]), state=state, state_kind=state_kind, state_icon=state_icon,
        with_site=with_site_in_words(case, at), caution=caution, refusal=_refusal(case, person, states, at),
    )  # fmt: skip


def _state(case: Case, person: Person, at: datetime) -> tuple[str, str, str]:
    """Word, tint and icon of the state: one chip a row."""
    if case.status in READABLE_SIGNED:
        word = {"retracted": "Retracted", "closed": "Closed"}.get(case.status, "Signed")
        return word, "" if case.status == Status.RETRACTED else "ok", "file-check"
    if case.status == Status.NEEDS_INFO:
        return (
            f"Asked by {case.reader}" if case.reader_id != person.pk else "Asked by you",
            "wait",
            "message-circle-question-mark",
        )
    if is_held(case, at):
        since: datetime = case.held_since  # type: ignore[attr-defined]
        whose = "You hold it" if case.reader_id == person.pk else str(case.reader)
        return f"{whose}, {length_in_words(at - since)}", "accent" if case.reader_id == person.pk else "", "lock"
    if case.standing == Standing.INCOMPLETE:
        received = case.files_declared - case.files_late
        return f"{received} of {case.files_declared} received", "wait", "cloud-upload"
    if case.standing == Standing.ANSWER:
        return Standing.ANSWER.label, "accent", "message-circle-reply"
    return Standing.NEW.label, "info", "clock"


def is_held(case: Case, at: datetime) -> bool:
    return case.status == Status.IN_REVIEW and case.lease_until is not None and case.lease_until >= at


def _refusal(case: Case, person: Person, states: Collection[str], at: datetime) -> str:
    """The short reason in the list; the case's own page says it in full."""
    if case.status not in (Status.SUBMITTED, Status.IN_REVIEW):
        return ""
    if case.patient_state not in states:
        return f"No licence in {case.patient_state}"
    if case.gathered_here:  # type: ignore[attr-defined]
        return "Gathered by you"
    kept = case.offered_until is not None and case.offered_until > at and case.offered_to_id != person.pk
    return f"Kept for {case.offered_to}" if kept and not is_held(case, at) else ""
