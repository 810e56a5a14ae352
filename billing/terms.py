"""What is known of each payer, read once for many claims: the rows that checks and payments are judged by."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from billing.claims import payer_rules as pure
from billing.models import ClaimLine, FilingCode, Payer, PayerRule
from billing.outcomes.classify import Terms

_SAME = (
    "code", "source", "verified_on", "plan", "valid_from", "valid_until", "covered", "asynchronous", "new_patient", "patient_initiated",
    "patient_billable", "allowed_amount", "requires_companion", "max_units", "counts_as_evaluation", "age_min", "age_max",
    "dos_basis", "diagnosis_required", "authorisation", "authorisation_days", "consent_form", "consent_months", "consent_in_language",
    "filing_days", "correction_days", "appeal_days", "second_appeal_days", "appeal_signed_by", "channel",
    "caries_risk_required", "epsdt",
)  # fmt: skip
_LISTS = (
    "forbidden_same_day", "provider_types", "places", "modifiers", "diagnoses_allowed", "diagnoses_forbidden", "attachments",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rows in use, by payer."""

    rows: dict[int, tuple[pure.PayerRule, ...]]

    def rule_for(self, payer_id: int, code: str, *, plan: str, day: date) -> pure.PayerRule | None:
        return pure.rule_for(self.rows.get(payer_id, ()), code, plan=plan, day=day)

    def dos_basis_for(self, payer: Payer, codes: Iterable[str], *, day: date) -> str:
        """Which day dates a claim of these codes, by a row that stands on `day`, else by the payer's profile."""
        rows = self.rows.get(payer.pk, ())
        return pure.dos_basis_of(rows, codes, plan=payer.filing_code, day=day) or payer.dos_basis

    def limits_for(self, payer: Payer, lines: Iterable[ClaimLine]) -> dict[str, int]:
        """The days that the rows of these lines give, by clock (`Claim.rule_limits`)."""
        found = (self.rule_for(payer.pk, one.code, plan=payer.filing_code, day=one.service_date) for one in lines)
        return pure.strictest_limits(rule for rule in found if rule is not None)


def read_rules(payer_ids: Iterable[int], codes: Iterable[str] | None = None) -> RuleBook:
    """One query, however many payers. `codes`: these alone."""
    found = PayerRule.objects.in_use().filter(payer__in=set(payer_ids))
    if codes is not None:
        found = found.filter(code__in=set(codes))
    rows: dict[int, list[pure.PayerRule]] = {}
    for row in found:
        rows.setdefault(row.payer_id, []).append(as_pure(row))
    return RuleBook({payer: tuple(own) for payer, own in rows.items()})


def as_pure(row: PayerRule) -> pure.PayerRule:
    said: dict[str, Any] = {name: getattr(row, name) for name in _SAME}
    said |= {name: tuple(getattr(row, name)) for name in _LISTS}
    return pure.PayerRule(
        **said,
        row=str(row.public_id),
        companions=pure.parse_companions(row.companions),
        frequencies=pure.parse_frequencies(row.frequencies),
    )


def terms_for(
    rule: pure.PayerRule | None, *, quantity: int, charge: Decimal | None, in_medicaid: bool, is_child: bool
) -> Terms:
    """What a payment for `quantity` of the rule's code is judged by; no payer owes more than was charged.

    A child in Medicaid is never billed (CL-9): by the payer's profile (`in_medicaid`), or because the row itself says so.
    """
    if rule is None:
        return Terms()
    amount = rule.allowed_amount
    expected = None if amount is None else amount * quantity
    if expected is not None and charge is not None:
        expected = min(expected, charge)
    in_medicaid = in_medicaid or rule.epsdt == "yes" or rule.plan == FilingCode.MEDICAID
    return Terms(
        included=rule.covered == "inclusive",
        patient_billable=rule.patient_billable == "yes" and not (in_medicaid and is_child),
        expected=expected,
        schedule="" if amount is None else _schedule(rule),
    )


def _schedule(rule: pure.PayerRule) -> str:
    since = f" from {rule.valid_from:%-d %b %Y}" if rule.valid_from else ""
    return f"Payer rule {rule.code}{since}: {rule.source}"
