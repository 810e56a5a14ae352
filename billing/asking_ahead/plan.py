"""A plan to the lines of a request: what is asked for, where it would be done and by whom.

A request is written with what a claim is written with (`ClaimFacts`, `ClaimDraft`), so that both say the same of patient,
payer and practice. Two things differ. Nothing has been done yet: the date of the draft and of its lines is the day of
asking, by which fees, codes and the payer's rules are looked up, and it never goes out. And the place is where the care
would be given, not where records are read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from billing.claims.facts import ClaimFacts, OnSiteService
from billing.claims.lines import (
    ClaimDraft,
    claim_diagnoses,
    numbered_lines,
    service_facility,
    total_of,
)

OFFICE = "11"  # place of service


@dataclass(frozen=True, slots=True)
class Planned:
    """One thing that the practice would do."""

    code: str
    quantity: int = 1
    tooth: str = ""  # Universal numbering


def draft_request(facts: ClaimFacts, planned: Sequence[Planned], *, asked_on: date) -> ClaimDraft:
    """The request that these lines make on that day, at the practice's usual fees. Never fails on well-formed facts."""
    services = [OnSiteService(one.code, asked_on, one.quantity, one.tooth) for one in planned]
    diagnoses = claim_diagnoses(facts, services, asked_on)
    place, npi = place_ahead(facts), facts.dentist.npi if facts.dentist else ""
    lines = numbered_lines(facts, services, place=place, npi=npi, diagnoses=diagnoses)
    return ClaimDraft(
        part="dentist",
        place_of_service=place,
        service_date=asked_on,
        rendering=facts.dentist,
        service_facility=service_facility(facts, "hygienist"),
        lines=lines,
        diagnoses=diagnoses,
        total=total_of(lines),
    )


def place_ahead(facts: ClaimFacts) -> str:
    """Where planned care would be given: at the site; for a patient who was not there at the practice."""
    return OFFICE if facts.case.away_from_site else facts.site.place_of_service
