"""One claim as a plain record: what docs/claims.schema.json describes. Money is text with two decimals, days are ISO."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from billing.claims.earlier_lines import PayerAdjustment
from billing.claims.facts import Address, CardName, ClaimFacts, Clinician, Coverage, EarlierAnswer
from billing.claims.lines import ClaimDraft, ClaimLine

FORMAT = "teledent-claims-1"
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outside:
    """What the practice knows of a claim beside its facts: its numbers, its state, what it changes or follows."""

    claim_id: str
    status: str
    frequency: str
    replaces: str = ""
    follows: str = ""
    payer_claim_number: str = ""  # of the claim that is replaced
    attachments: Sequence[str] = ()


def record_of(outside: Outside, facts: ClaimFacts, draft: ClaimDraft) -> Record:
    """The record of one claim. A draft whose fee is not known yet has no charge there: null, never 0."""
    place = draft.service_facility
    return {
        "claim_id": outside.claim_id,
        "status": outside.status,
        "frequency": outside.frequency,
        "replaces": outside.replaces or None,
        "follows": outside.follows or None,
        "payer_claim_number": outside.payer_claim_number or None,
        "case_number": facts.case.number,
        "part": draft.part,
        "service_date": draft.service_date.isoformat(),
        "place_of_service": draft.place_of_service,
        "total": money(draft.total),
        "practice": {
            "name": facts.practice.name, "npi": facts.practice.npi, "tax_id": facts.practice.tin,
            "taxonomy": facts.practice.taxonomy, "phone": facts.practice.phone, "address": _address(facts.practice.address),
        },
        "patient": {
            "account": facts.patient.account, **_name(facts.patient.card_name), "sex": facts.patient.sex,
            "birth_date": facts.patient.birth_date.isoformat(), "address": _address(facts.patient.address),
        },
        "coverage": _coverage(facts.coverage) if facts.coverage else None,
        "earlier_payer": _earlier(facts.earlier_answer) if facts.earlier_answer else None,
        "rendering": _clinician(draft.rendering) if draft.rendering else None,
        "supervising": _clinician(draft.supervising) if draft.supervising else None,
        "facility": {"name": place.name, "address": _address(place.address)} if place else None,
        "diagnoses": list(draft.diagnoses),
        "attachments": list(outside.attachments),
        "lines": [_line(outside.claim_id, line) for line in draft.lines],
    }  # fmt: skip


def money(amount: Decimal) -> str:
    """Dollars and cents as text: a number would lose the cents in other programs."""
    return f"{amount:.2f}"


def _line(claim_id: str, line: ClaimLine) -> Record:
    return {
        "number": line.number, "control_number": f"{claim_id}-{line.number}", "code": line.code,
        "service_date": line.service_date.isoformat(), "quantity": line.quantity, "tooth": line.tooth, "surfaces": line.surfaces,
        "area": line.oral_cavity, "diagnosis_pointers": list(line.pointers),
        "charge": None if line.charge is None else money(line.charge),
        **({"modifiers": list(line.modifiers)} if line.modifiers else {}),
        **({"authorisation": line.authorisation} if line.authorisation else {}),
        **({"predetermination": line.predetermination} if line.predetermination else {}),
    }  # fmt: skip


def _coverage(coverage: Coverage) -> Record:
    return {
        "sequence": coverage.sequence, "payer_name": coverage.payer.name, "payer_id": coverage.payer.payer_id,
        "filing_code": coverage.payer.claim_filing_code, "member_id": coverage.member_id, "group_number": coverage.group_number,
        "group_name": coverage.group_name, "relationship": "18" if coverage.patient_is_subscriber else coverage.relationship,
        "subscriber": _name(coverage.subscriber_name),
    }  # fmt: skip


def _earlier(answer: EarlierAnswer) -> Record:
    return {
        "coverage": _coverage(answer.coverage), "answered_on": answer.answered_on.isoformat(), "paid": money(answer.paid),
        "claim_number": answer.claim_number, "adjustments": _adjustments(answer.adjustments),
        "lines": [
            {"number": one.number, "code": one.code, "paid": money(one.paid), "adjustments": _adjustments(one.adjustments)}
            for one in answer.lines
        ],
    }  # fmt: skip


def _adjustments(adjustments: Sequence[PayerAdjustment]) -> list[Record]:
    return [{"group": one.group, "reason": one.reason, "amount": money(one.amount)} for one in adjustments]


def _clinician(one: Clinician) -> Record:
    return {**_name(one.name), "npi": one.npi, "taxonomy": one.taxonomy}


def _name(name: CardName) -> Record:
    return {"last_name": name.last, "first_name": name.first, "middle_name": name.middle, "suffix": name.suffix}


def _address(place: Address) -> Record:
    return {
        "street": place.street, "street_2": place.street2, "city": place.city, "state": place.state, "zip": place.zip_digits,
    }  # fmt: skip
