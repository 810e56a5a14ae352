"""Documented examples of payers' rules: forms half filled, each to be checked before use, none of them ever in force.

What a notice said on its day is an example of a shape. Whoever takes one up enters where it is written today and when she
verified it; without both nothing is saved.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Example:
    key: str
    about: str  # whose rule it was
    seen_in: str  # where it was documented, and of what day
    code: str
    says: Mapping[str, Any] = field(default_factory=dict)  # columns of PayerRule


def _limit(count: int, period: int, unit: str, scope: str = "patient", *shared: str) -> dict[str, Any]:
    return {"count": count, "period": period, "unit": unit, "scope": scope, "shared_with": list(shared)}


def _beside(*codes: str) -> list[dict[str, Any]]:
    return [{"code": code} for code in codes]


EXAMPLES: tuple[Example, ...] = (
    Example(
        "delta-2020", "Delta Dental, California and affiliates", "press notice of 2020", "D9996",
        {"covered": "inclusive", "patient_billable": "no", "requires_companion": True, "companions": _beside("D0140", "D0170", "D0171")},
    ),
    Example(
        "missouri-2020", "Missouri Medicaid", "primary care association's notice of 2020", "D9996",
        {"covered": "yes", "allowed_amount": "14.82"},
    ),
    Example(
        "illinois-2020", "Illinois Medicaid", "provider notice of May 2020, for the emergency", "D9996",
        {"covered": "yes", "requires_companion": True, "companions": _beside("D0140"), "places": ["02"]},
    ),
    Example(
        "illinois-school", "Illinois school dental programme", "programme's own pages", "D0120",
        {"covered": "yes", "caries_risk_required": True},
    ),
    Example(
        "texas-steps", "Texas Medicaid, check-ups of children", "notice of 10 January 2025, from 1 March 2025; D9996 is not named", "D9995",
        {
            "covered": "yes", "requires_companion": True,
            "companions": [{"code": "D0120", "age_min": 3, "age_max": 20}, {"code": "D0140", "age_min": 0, "age_max": 20}],
        },
    ),
    Example(
        "texas-needs", "Texas, children with special health needs", "notice of 17 October 2025, from 1 December 2025; D9996 is not named",
        "D9995", {"covered": "yes"},
    ),
    Example(
        "triple-s-2020", "Triple-S, Puerto Rico", "circular letter of 20 April 2020", "D9996",
        {"covered": "yes", "requires_companion": True, "places": ["02"]},
    ),
    Example(
        "medi-cal", "Medi-Cal, general telehealth policy", "policy as collected in January 2025; dental may differ", "D9996",
        {"patient_initiated": "no", "new_patient": "no"},
    ),
    Example(
        "oregon", "Oregon Health Plan", "policy as collected in July 2023", "D9996",
        {"consent_months": 12, "consent_in_language": True},
    ),
    Example("new-jersey", "New Jersey", "dental association's coding corner of 30 March 2020", "D9996", {"max_units": 1}),
    Example(
        "washington-2020", "Washington Medicaid", "bulletin of 2020: care coordination, never with teledentistry", "D9992",
        {"covered": "yes", "allowed_amount": "15.00", "max_units": 1, "forbidden_same_day": ["D9995", "D9996"]},
    ),
    Example(
        "minnesota-recall", "Minnesota Medicaid", "plan's provider page of April 2024", "D0120",
        {
            "covered": "yes", "frequencies": [_limit(1, 1, "calendar_year")],
            "forbidden_same_day": ["D0140", "D0145", "D0150", "D0160", "D0180"],
        },
    ),
    Example(
        "minnesota-problem", "Minnesota Medicaid", "plan's provider page of April 2024", "D0140",
        {"covered": "yes", "frequencies": [_limit(1, 1, "day", "facility")]},
    ),
    Example(
        "managed-recall", "A managed Medicaid plan's table of benefits", "a published table, undated", "D0120",
        {
            "covered": "yes",
            "frequencies": [_limit(1, 6, "month"), _limit(1, 6, "month", "provider", "D0150")],
        },
    ),
    Example(
        "managed-series", "A managed Medicaid plan's table of benefits", "a published table, undated", "D0210",
        {"covered": "yes", "frequencies": [_limit(1, 36, "month", "patient", "D0330")]},
    ),
    Example(
        "managed-films", "A managed Medicaid plan's table of benefits", "a published table, undated", "D0230",
        {"covered": "yes", "frequencies": [_limit(10, 1, "day")]},
    ),
    Example(
        "northeast-appeal", "Northeast Delta Dental, on appeals", "reconsideration page: six months, signed by who treated", "D0140",
        {"appeal_days": 180, "appeal_signed_by": "dentist", "narrative_counts": "no"},
    ),
    Example(
        "colorado-appeal", "DentaQuest, Colorado, on appeals", "appeals page", "D0140", {"appeal_days": 60},
    ),
)  # fmt: skip
BY_KEY = {one.key: one for one in EXAMPLES}
