"""A payer's rule in words: what it says and nothing of what it leaves open. Form, page and list follow one order."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from billing.claims.about_payer_rules import ages_in_words
from billing.claims.payer_rules import Companion, Frequency, parse_companions, parse_frequencies
from billing.models import PayerRule

STALE_AFTER = timedelta(days=365)  # since somebody last looked at the payer's own words

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Does it pay",
        ("covered", "asynchronous", "new_patient", "patient_initiated", "patient_billable", "epsdt", "allowed_amount"),
    ),
    ("Beside other services", ("requires_companion", "companions", "forbidden_same_day")),
    ("How often", ("max_units", "counts_as_evaluation", "frequencies")),
    (
        "For whom, where and how",
        ("age_min", "age_max", "places", "modifiers", "provider_types", "dos_basis", "channel"),
    ),
    (
        "What it wants to see",
        (
            "diagnosis_required", "diagnoses_allowed", "diagnoses_forbidden", "caries_risk_required", "attachments",
            "authorisation", "authorisation_days",
        ),
    ),
    ("Consent", ("consent_form", "consent_months", "consent_in_language")),
    (
        "Time limits and appeals",
        (
            "filing_days", "correction_days", "appeal_days", "second_appeal_days", "appeal_signed_by", "narrative_counts",
            "external_review",
        ),
    ),
)  # fmt: skip
_COVERED = {
    "yes": "Covered",
    "no": "Not covered",
    "inclusive": "Part of another service",
    "unknown": "Not known whether it is covered",
}
_COUNTED_FOR = {
    "patient": "for each patient, whoever does it",
    "provider": "for each dentist",
    "facility": "in this practice",
    "location": "at each site",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One heading with the answers below it."""

    heading: str
    answers: tuple[tuple[str, str], ...]  # label, value


def said_by(rule: PayerRule) -> list[Said]:
    """What the rule says, by heading; what it leaves open is left out."""
    groups = (Said(heading, tuple(_answers(rule, names))) for heading, names in GROUPS)
    return [one for one in groups if one.answers]


def _answers(rule: PayerRule, names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(label_of(name), value_of(rule, name)) for name in names if _says(rule, name)]


def _says(rule: PayerRule, name: str) -> bool:
    """Whether the rule says anything here; an age or an amount of 0 is something."""
    value: Any = getattr(rule, name)
    return value is not None and value is not False and value not in ("", "unknown") and value != []


def label_of(name: str) -> str:
    return str(PayerRule._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def value_of(rule: PayerRule, name: str) -> str:
    value: Any = getattr(rule, name)
    if name == "companions":
        return "; ".join(map(companion_in_words, parse_companions(value)))
    if name == "frequencies":
        return "; ".join(map(frequency_in_words, parse_frequencies(value)))
    if name == "allowed_amount":
        return f"${value}"
    if isinstance(value, bool):
        return "Yes"
    if isinstance(value, list):
        return ", ".join(value)
    shown = getattr(rule, f"get_{name}_display", None)
    return str(shown() if shown else value)


def companion_in_words(one: Companion) -> str:
    ages = ages_in_words(one.age_min, one.age_max)
    return f"{one.code} ({ages})" if ages else one.code


def frequency_in_words(limit: Frequency) -> str:
    shared = f", together with {', '.join(limit.shared_with)}" if limit.shared_with else ""
    return f"{limit} {_COUNTED_FOR[limit.scope]}{shared}"


def in_short(rule: PayerRule) -> str:
    """One line for a list: coverage, price, company, limits; the rest is counted."""
    parts = [_COVERED[rule.covered]]
    if rule.allowed_amount is not None:
        parts.append(value_of(rule, "allowed_amount"))
    parts += [f"with {value_of(rule, 'companions')}"] if rule.companions else []
    parts += [value_of(rule, "frequencies")] if rule.frequencies else []
    told = {"covered", "allowed_amount", "companions", "frequencies"}
    names = [name for _, names in GROUPS for name in names]
    more = sum(_says(rule, name) for name in names if name not in told)
    return " · ".join(parts) + (f" · {more} more" if more else "")


def is_stale(verified_on: date | None, today: date) -> bool:
    """Nobody looked at the payer's own words for a year, or ever."""
    return verified_on is None or today - verified_on > STALE_AFTER


def state_of(rule: PayerRule, today: date) -> tuple[str, str, str]:
    """Word, tint and icon."""
    if not rule.active:
        return "Set aside", "", "ban"
    if rule.valid_from > today:
        return "Begins later", "info", "clock"
    if rule.valid_until is not None and rule.valid_until < today:
        return "Ended", "", "circle-check"
    return "In use", "ok", "circle-check"
