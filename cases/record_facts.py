"""What a `CaseRecord` is made of: one frozen fact for each patient, answer of the family, image, mark, line and question."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from cases import view_labels
from cases.models import AssetState
from teledent.kit.text import is_filler, names_nothing


@dataclass(frozen=True, slots=True)
class PatientFact:
    public_id: UUID
    name: str
    given_name: str
    family_name: str
    birth_date: date
    sex: str
    pupil_id: str


@dataclass(frozen=True, slots=True)
class ConsentFact:
    scope: str
    given: bool
    valid_from: date
    valid_until: date | None
    withdrawn_at: datetime | None
    recorded_at: datetime
    signer_name: str
    signer_authority: str
    evidence: str
    text_version: str

    def in_force(self, day: date) -> bool:
        """Given, not withdrawn, and `day` within its dates (CO-2)."""
        ended = self.valid_until is not None and day > self.valid_until
        return self.given and self.withdrawn_at is None and self.valid_from <= day and not ended


class Ordered(Protocol):
    """What says of a radiograph that it was ordered: the row of a file, or the fact that was read from it."""

    @property
    def ordered_by(self) -> str: ...
    @property
    def ordered_on(self) -> date | None: ...
    @property
    def order_reason(self) -> str: ...
    @property
    def operator_name(self) -> str: ...
    @property
    def operator_licence(self) -> str: ...


def has_order(film: Ordered) -> bool:
    """CA-2: who ordered, when or under which protocol, why, and who took it under which licence."""
    named = (film.ordered_by, film.operator_name, film.operator_licence)
    return film.ordered_on is not None and not is_filler(film.order_reason) and not any(map(names_nothing, named))


@dataclass(frozen=True, slots=True)
class ImageFact:
    public_id: UUID
    view: str
    tooth: str
    mirrored: bool
    device: str
    state: str
    held: bool
    lossy: bool
    sha256: str
    size: int
    captured_at: datetime | None
    captured_source: str
    sent_at: datetime | None
    received_at: datetime | None
    examined_at: datetime | None
    refusal: str
    struck_reason: str
    ordered_by: str
    ordered_on: date | None
    order_reason: str
    operator_name: str
    operator_licence: str
    retakes: int

    @property
    def label(self) -> str:
        return view_labels.label_of(self.view) if self.view else "No view yet"

    @property
    def family(self) -> view_labels.Family | None:
        return view_labels.VIEWS[self.view].family if self.view else None

    @property
    def is_clinical(self) -> bool:
        return bool(self.view) and view_labels.is_clinical(self.view)

    @property
    def is_in(self) -> bool:
        """Received, verified and examined, and no decision about it is open."""
        return self.state == AssetState.EXAMINED and not self.held

    @property
    def is_on_its_way(self) -> bool:
        return self.state in (AssetState.DECLARED, AssetState.RECEIVED)

    @property
    def is_unusable(self) -> bool:
        """Turned away or never readable: nothing more is asked about it than to take it again or strike it off."""
        return bool(self.refusal) or self.state == AssetState.FAILED


@dataclass(frozen=True, slots=True)
class FindingFact:
    tooth: str
    surfaces: str
    condition: str
    note: str
    icdas: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorFact:
    """One screening indicator as it is signed: `value` stands; `computed` and `teeth` are what the marks say of it.

    Where a person corrected it, who and when, her reason, and what was computed then.
    """

    key: str
    value: str
    computed: str
    teeth: tuple[str, ...]
    because: str
    said_by: str = ""
    said_at: datetime | None = None
    reason: str = ""
    computed_then: str = ""


@dataclass(frozen=True, slots=True)
class ServiceFact:
    code: str
    tooth: str
    quantity: int
    operator: str
    ordered_by: str
    order: str = ""  # the label of the dentist's order under which it was done


@dataclass(frozen=True, slots=True)
class SentFact:
    """Who sent a case by a link, by what authority, and in which language she was asked. `office`: she asks from another one."""

    name: str
    authority: str
    language: str
    office: str = ""

    @property
    def kept(self) -> dict[str, str]:
        """As a version keeps it; one of before there were other offices has the same keys as one of a family now."""
        said = {"name": self.name, "authority": self.authority, "language": self.language}
        return {**said, "office": self.office} if self.office else said


@dataclass(frozen=True, slots=True)
class OrderFact:
    """What a dentist ordered of the hygienist (CO-3); how far it got is no part of it."""

    label: str
    kind: str
    tooth: str
    reason: str
    valid_until: date
    ordered_by: str


@dataclass(frozen=True, slots=True)
class DiagnosisFact:
    code: str
    gloss: str
    tooth: str


@dataclass(frozen=True, slots=True)
class PlanFact:
    tooth: str
    what: str
    priority: int
    rationale: str
    diagnosis: str


@dataclass(frozen=True, slots=True)
class ViewFact:
    image: UUID
    usable: bool
    reason: str


@dataclass(frozen=True, slots=True)
class AnnotationFact:
    """One mark in pixels of the upright page of `width` by `height`."""

    image: UUID
    page: int
    kind: str
    x: int
    y: int
    to_x: int
    to_y: int
    width: int
    height: int
    text: str


@dataclass(frozen=True, slots=True)
class ReviewFact:
    writer: str
    answer: str
    evaluation: str
    conclusions: str
    advice: str
    limits: str
    urgency: str
    sufficiency: str
    outcome: str
    outcome_by: date | None
    follow_up: str
    told: str
    told_to: str
    told_how: str
    told_at: datetime | None
    next_step: str
    next_step_on: date | None
    why: str
    why_text: str
    evaluation_code: str
    no_live_contact: bool | None
    not_same_building: bool | None
    started_at: datetime
    diagnoses: tuple[DiagnosisFact, ...]
    plan: tuple[PlanFact, ...]
    findings: tuple[FindingFact, ...]
    views: tuple[ViewFact, ...]
    annotations: tuple[AnnotationFact, ...] = ()
    orders: tuple[OrderFact, ...] = ()


@dataclass(frozen=True, slots=True)
class ExchangeFact:
    """One question of a dentist to the site and what came back; `image` is the file that it is about."""

    ask: str
    image: UUID | None
    view: str
    field: str
    asked_by: str
    asked_at: datetime
    answer: str
    cannot_supply: str
    answered_by: str
