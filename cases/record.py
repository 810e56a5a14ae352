"""The record of a case as frozen facts: read once, with a fixed number of queries, then judged and signed as a whole.

`read_record` is the only reader that gathers everything. The checklist, the hygienist's and the dentist's signed
content, the claim's snapshot and the packet all start from its `CaseRecord`, so they cannot disagree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cases.annotations import annotation_facts
from cases.indicator_facts import indicator_facts
from cases.models import (
    Asset,
    AssetState,
    Case,
    ConsentScope,
    Finding,
    InfoItem,
    Order,
    Origin,
    Patient,
    Review,
    Submission,
)  # fmt: skip
from cases.order_states import UNDER_ORDER
from cases.questionnaires import Answers
from cases.record_facts import (
    ConsentFact,
    DiagnosisFact,
    ExchangeFact,
    FindingFact,
    ImageFact,
    IndicatorFact,
    OrderFact,
    PatientFact,
    PlanFact,
    ReviewFact,
    SentFact,
    ServiceFact,
    ViewFact,
)


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
    exchange: tuple[ExchangeFact, ...] = ()
    orders: tuple[OrderFact, ...] = ()  # those that this case is the visit for
    indicators: tuple[IndicatorFact, ...] = ()  # of a screening
    origin: str = Origin.SITE
    sent: SentFact | None = None  # who sent it by a link, where nobody of the practice gathered it

    @property
    def counted_images(self) -> tuple[ImageFact, ...]:
        return tuple(image for image in self.images if image.state != AssetState.STRUCK)

    def consents_to(self, scope: str, day: date) -> bool:
        """Whether the newest answer on this scope that had begun by `day` is a consent in force then."""
        answer = self.answer_on(scope, day)
        return answer is not None and answer.in_force(day)

    def took_back(self, scope: str, day: date) -> bool:
        """Whether the family had withdrawn this scope by `day`, or answered anew with no; running out is neither."""
        answer = self.answer_on(scope, day)
        return answer is not None and (not answer.given or answer.withdrawn_at is not None)

    def answer_on(self, scope: str, day: date) -> ConsentFact | None:
        """The newest answer on this scope that had begun by `day`."""
        answers = (consent for consent in self.consents if consent.scope == scope and consent.valid_from <= day)
        return max(answers, key=lambda c: (c.valid_from, c.recorded_at), default=None)


_CASE_COLUMNS = (
    "public_id", "label", "kind", "origin", "status", "day_seen", "patient_place", "patient_state", "urgency", "questionnaire", "answers",
    "opened_at", "submitted_at", "signed_at",
)  # fmt: skip


def read_record(case: Case, *, review: Review | None = None) -> CaseRecord:
    """The case with its patient, consents, images, findings, indicators, services and the given review: a fixed number of queries."""
    findings = _findings(one for one in case.findings.all() if one.review_id is None)
    return CaseRecord(
        site=case.site.name,
        patient=_patient(case.patient),
        consents=tuple(_consent(row) for row in _consent_rows(case)),
        images=image_facts(case),
        findings=findings,
        indicators=indicator_facts(case, findings),
        services=tuple(
            ServiceFact(s.code, s.tooth, s.quantity, s.operator.name, s.ordered_by, s.order.label if s.order else "")
            for s in case.services.select_related("operator", "order")
        ),
        review=_review(review) if review else None,
        told_later=case.follow_ups.filter(step="told").exists(),
        exchange=tuple(_exchange(item) for item in _exchange_rows(case)),
        orders=order_facts(Order.objects.filter(visit=case, status__in=UNDER_ORDER)),
        sent=sent_fact(case),
        **{name: getattr(case, name) for name in _CASE_COLUMNS},
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
        "indicators": [asdict(one) for one in record.indicators],
        "services": [asdict(service) for service in record.services],
        "images": [_declared(image) for image in record.counted_images],
        "exchange": [asdict(one) for one in record.exchange],
        "orders": [asdict(one) for one in record.orders],
        **({"sent": record.sent.kept} if record.sent else {}),
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


def sent_fact(case: Case) -> SentFact | None:
    """Who sends or sent the case by a link; None, and no query, where the site gathered it."""
    if case.origin == Origin.SITE:
        return None
    if case.consultation is not None:
        return SentFact(case.consultation.asker, "asks for an opinion", "en", case.consultation.office)
    link = case.sending_link
    return SentFact(link.sent_by_name, link.sent_by_authority, link.language)


def _declared(image: ImageFact) -> dict[str, Any]:
    names = ("public_id", "view", "tooth", "mirrored", "device", "sha256", "size", "captured_at", "captured_source", "ordered_by",
             "ordered_on", "order_reason", "operator_name", "operator_licence", "retakes")  # fmt: skip
    return {name: getattr(image, name) for name in names}


def _patient(patient: Patient) -> PatientFact:
    names = ("public_id", "name", "given_name", "family_name", "birth_date", "sex", "pupil_id")
    return PatientFact(**{name: getattr(patient, name) for name in names})


def _consent_rows(case: Case) -> Iterable[ConsentScope]:
    return ConsentScope.objects.of_cases([case]).select_related("consent").order_by("consent__valid_from", "pk")


def _consent(row: ConsentScope) -> ConsentFact:
    names = ("valid_from", "valid_until", "recorded_at", "signer_name", "signer_authority", "evidence", "text_version")
    said = {name: getattr(row.consent, name) for name in names}
    return ConsentFact(scope=row.scope, given=row.given, withdrawn_at=row.withdrawn_at, **said)


_IMAGE_COLUMNS = (
    "public_id", "view", "tooth", "mirrored", "device", "state", "captured_at", "captured_source", "sent_at",
    "received_at", "examined_at", "struck_reason", "ordered_by", "ordered_on", "order_reason", "operator_name",
    "operator_licence", "retakes",
)  # fmt: skip


def image_facts(case: Case) -> tuple[ImageFact, ...]:
    return tuple(_image(asset) for asset in case.assets.all())


def _image(asset: Asset) -> ImageFact:
    return ImageFact(
        held=asset.is_held,
        lossy=bool(asset.examination.get("lossy")),
        sha256=asset.declared_sha256,
        size=asset.declared_size,
        refusal=asset.refusal_sentence,
        **{name: getattr(asset, name) for name in _IMAGE_COLUMNS},
    )


def _exchange_rows(case: Case) -> Iterable[InfoItem]:
    return InfoItem.objects.filter(request__case=case).select_related("request__person", "asset", "answered_by")


def _exchange(item: InfoItem) -> ExchangeFact:
    return ExchangeFact(
        image=item.asset.public_id if item.asset else None,
        asked_by=item.request.person.name,
        asked_at=item.request.at,
        answered_by=item.answered_by.name if item.answered_by else "",
        **{name: getattr(item, name) for name in ("ask", "view", "field", "answer", "cannot_supply")},
    )


def order_facts(rows: Iterable[Order]) -> tuple[OrderFact, ...]:
    return tuple(
        OrderFact(row.label, row.kind, row.tooth, row.reason, row.valid_until, row.ordered_by_name) for row in rows
    )


def signed_orders(content: Mapping[str, Any]) -> tuple[OrderFact, ...]:
    """Of a submitted version: the orders that it says it is the visit for; none before there were any."""
    return tuple(
        OrderFact(**{**one, "valid_until": date.fromisoformat(one["valid_until"])}) for one in content.get("orders", ())
    )


def _findings(rows: Iterable[Finding]) -> tuple[FindingFact, ...]:
    return tuple(FindingFact(row.tooth, row.surfaces, row.condition, row.note, row.icdas) for row in rows)


def view_facts(review: Review) -> tuple[ViewFact, ...]:
    """What was said of the pictures that count now; one that was struck off or went to another patient says nothing here."""
    counted = review.views.filter(asset__case=review.case_id).exclude(asset__state=AssetState.STRUCK)
    return tuple(ViewFact(one.asset.public_id, one.usable, one.reason) for one in counted.select_related("asset"))


_REVIEW_COLUMNS = (
    "answer", "evaluation", "conclusions", "advice", "limits", "urgency", "sufficiency", "outcome", "outcome_by", "follow_up", "told",
    "told_to", "told_how", "told_at", "next_step", "next_step_on", "why", "why_text", "evaluation_code", "no_live_contact",
    "not_same_building", "started_at",
)  # fmt: skip


def _review(review: Review) -> ReviewFact:
    diagnoses = list(review.diagnoses.all())
    codes: dict[int | None, str] = {one.pk: one.code for one in diagnoses}
    return ReviewFact(
        writer=review.writer.name,
        diagnoses=tuple(DiagnosisFact(d.code, d.gloss, d.tooth) for d in diagnoses),
        plan=tuple(
            PlanFact(line.tooth, line.what, line.priority, line.rationale, codes.get(line.diagnosis_id, ""))
            for line in review.plan.all()
        ),
        findings=_findings(review.findings.all()),
        views=view_facts(review),
        annotations=annotation_facts(review),
        orders=order_facts(review.orders.all()),
        **{name: getattr(review, name) for name in _REVIEW_COLUMNS},
    )
