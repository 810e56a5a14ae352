"""The record of a case as frozen facts: read once, with a fixed number of queries, then judged and signed as a whole.

`read_record` is the only reader that gathers everything. The checklist, the hygienist's and the dentist's signed
content, the claim's snapshot and the packet all start from its `CaseRecord`, so they cannot disagree.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cases import view_labels
from cases.models import Asset, AssetState, Case, ConsentScope, Finding, Patient, Review, Submission, ViewReading
from cases.questionnaires import Answers

FAMILY = view_labels.Family


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


@dataclass(frozen=True, slots=True)
class ImageFact:
    public_id: UUID
    view: str
    tooth: str
    mirrored: bool
    device: str
    state: str
    held: bool
    media_type: str
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

    @property
    def has_order(self) -> bool:
        """CA-2: who ordered, when or under which protocol, why, and who took it under which licence."""
        return all((self.ordered_by, self.ordered_on, self.order_reason, self.operator_name, self.operator_licence))


@dataclass(frozen=True, slots=True)
class FindingFact:
    tooth: str
    surfaces: str
    condition: str
    note: str


@dataclass(frozen=True, slots=True)
class ServiceFact:
    code: str
    tooth: str
    quantity: int
    operator: str
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
class ReviewFact:
    writer: str
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


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """Everything clinical about one case at one moment."""

    public_id: UUID
    label: str
    kind: str
    status: str
    day_seen: date
    site: str
    patient_place: str
    patient_state: str
    urgency: str
    questionnaire: str
    answers: Answers
    opened_at: datetime
    submitted_at: datetime | None
    signed_at: datetime | None
    patient: PatientFact
    consents: tuple[ConsentFact, ...]
    images: tuple[ImageFact, ...]
    findings: tuple[FindingFact, ...]
    services: tuple[ServiceFact, ...]
    review: ReviewFact | None
    told_later: bool  # a follow-up row says that the family was told

    @property
    def counted_images(self) -> tuple[ImageFact, ...]:
        return tuple(image for image in self.images if image.state != AssetState.STRUCK)

    def consents_to(self, scope: str, day: date) -> bool:
        """Whether the newest answer on this scope that had begun by `day` is a consent in force then."""
        answers = [consent for consent in self.consents if consent.scope == scope and consent.valid_from <= day]
        return bool(answers) and max(answers, key=lambda c: (c.valid_from, c.recorded_at)).in_force(day)


def read_record(case: Case, *, review: Review | None = None) -> CaseRecord:
    """The case with its patient, consents, images, findings, services and the given review: a fixed number of queries."""
    images = case.assets.all()
    return CaseRecord(
        public_id=case.public_id,
        label=case.label,
        kind=case.kind,
        status=case.status,
        day_seen=case.day_seen,
        site=case.site.name,
        patient_place=case.patient_place,
        patient_state=case.patient_state,
        urgency=case.urgency,
        questionnaire=case.questionnaire,
        answers=case.answers,
        opened_at=case.opened_at,
        submitted_at=case.submitted_at,
        signed_at=case.signed_at,
        patient=_patient(case.patient),
        consents=tuple(_consent(row) for row in _consent_rows(case.patient_id)),
        images=tuple(_image(asset) for asset in images),
        findings=_findings(case.findings.filter(review__isnull=True)),
        services=tuple(
            ServiceFact(s.code, s.tooth, s.quantity, s.operator.name, s.ordered_by)
            for s in case.services.select_related("operator")
        ),
        review=_review(review) if review else None,
        told_later=case.follow_ups.filter(step="told").exists(),
    )


def gathered(record: CaseRecord) -> dict[str, Any]:
    """What the hygienist signs: everything she gathered, files by their declared hash and size (CA-6)."""
    return {
        "case": record.label,
        "kind": record.kind,
        "day_seen": record.day_seen,
        "site": record.site,
        "patient_place": record.patient_place,
        "patient_state": record.patient_state,
        "urgency": record.urgency,
        "questionnaire": record.questionnaire,
        "answers": record.answers,
        "patient": asdict(record.patient),
        "consents": [asdict(consent) for consent in record.consents],
        "findings": [asdict(finding) for finding in record.findings],
        "services": [asdict(service) for service in record.services],
        "images": [_declared(image) for image in record.counted_images],
    }


def concluded(record: CaseRecord, *, submission: Submission) -> dict[str, Any]:
    """What the dentist signs: the reading, the version it read, and the hash of every file (RE)."""
    if record.review is None:
        raise ValueError("A record without a review has nothing to sign.")
    return {
        "case": record.label,
        "patient": asdict(record.patient),
        "day_seen": record.day_seen,
        "patient_state": record.patient_state,
        "submission": {"version": submission.version, "digest": submission.digest},
        "images": [
            {"image": image.public_id, "view": image.view, "sha256": image.sha256} for image in record.counted_images
        ],
        "review": asdict(record.review),
    }


def _declared(image: ImageFact) -> dict[str, Any]:
    names = ("public_id", "view", "tooth", "mirrored", "device", "sha256", "size", "captured_at", "captured_source", "ordered_by",
             "ordered_on", "order_reason", "operator_name", "operator_licence", "retakes")  # fmt: skip
    return {name: getattr(image, name) for name in names}


def _patient(patient: Patient) -> PatientFact:
    return PatientFact(
        public_id=patient.public_id,
        name=patient.name,
        given_name=patient.given_name,
        family_name=patient.family_name,
        birth_date=patient.birth_date,
        sex=patient.sex,
        pupil_id=patient.pupil_id,
    )


def _consent_rows(patient_id: int) -> Iterable[ConsentScope]:
    return (
        ConsentScope.objects.filter(consent__patient_id=patient_id)
        .select_related("consent")
        .order_by("consent__valid_from", "pk")
    )


def _consent(row: ConsentScope) -> ConsentFact:
    consent = row.consent
    return ConsentFact(
        scope=row.scope,
        given=row.given,
        valid_from=consent.valid_from,
        valid_until=consent.valid_until,
        withdrawn_at=row.withdrawn_at,
        recorded_at=consent.recorded_at,
        signer_name=consent.signer_name,
        signer_authority=consent.signer_authority,
        evidence=consent.evidence,
        text_version=consent.text_version,
    )


def _image(asset: Asset) -> ImageFact:
    return ImageFact(
        public_id=asset.public_id,
        view=asset.view,
        tooth=asset.tooth,
        mirrored=asset.mirrored,
        device=asset.device,
        state=asset.state,
        held=asset.is_held,
        media_type=asset.media_type,
        sha256=asset.declared_sha256,
        size=asset.declared_size,
        captured_at=asset.captured_at,
        captured_source=asset.captured_source,
        sent_at=asset.sent_at,
        received_at=asset.received_at,
        examined_at=asset.examined_at,
        refusal=asset.refusal_sentence,
        struck_reason=asset.struck_reason,
        ordered_by=asset.ordered_by,
        ordered_on=asset.ordered_on,
        order_reason=asset.order_reason,
        operator_name=asset.operator_name,
        operator_licence=asset.operator_licence,
        retakes=asset.retakes,
    )


def _findings(rows: Iterable[Finding]) -> tuple[FindingFact, ...]:
    return tuple(FindingFact(row.tooth, row.surfaces, row.condition, row.note) for row in rows)


def _views_of_this_case(review: Review) -> Iterable[ViewReading]:
    """What was said of the pictures that count now; one that was struck off or went to another patient says nothing here."""
    counted = review.views.filter(asset__case=review.case_id).exclude(asset__state=AssetState.STRUCK)
    return counted.select_related("asset")


_REVIEW_COLUMNS = (
    "evaluation", "conclusions", "advice", "limits", "urgency", "sufficiency", "outcome", "outcome_by", "follow_up", "told",
    "told_to", "told_how", "told_at", "next_step", "next_step_on", "why", "why_text", "evaluation_code", "no_live_contact",
    "not_same_building", "started_at",
)  # fmt: skip


def _review(review: Review) -> ReviewFact:
    return ReviewFact(
        writer=review.writer.name,
        diagnoses=tuple(DiagnosisFact(d.code, d.gloss, d.tooth) for d in review.diagnoses.all()),
        plan=tuple(
            PlanFact(
                line.tooth, line.what, line.priority, line.rationale, line.diagnosis.code if line.diagnosis else ""
            )
            for line in review.plan.select_related("diagnosis")
        ),
        findings=_findings(review.findings.all()),
        views=tuple(ViewFact(v.asset.public_id, v.usable, v.reason) for v in _views_of_this_case(review)),
        **{name: getattr(review, name) for name in _REVIEW_COLUMNS},
    )
