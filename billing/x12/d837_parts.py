"""Segments that several loops share: a person's name, an address, a place in a plan."""

from collections.abc import Iterator

from billing.claims.facts import Address, CardName, Coverage
from billing.x12.segments import Segment, fit, required


def person(entity: str, name: CardName, qualifier: str = "", number: str = "") -> Segment:
    """NM1 of a person: `entity` is NM101; `qualifier` and `number` are NM108 and NM109."""
    last = required(name.last, 60, f"The last name (NM1*{entity})")
    # NM106 prefix: never on a card
    suffix = fit(name.suffix, 10)
    return ("NM1", entity, "1", last, fit(name.first, 35), fit(name.middle, 25), "", suffix, qualifier, number)


def address(place: Address, what: str) -> Iterator[Segment]:
    """N3 and N4; `what` names the place when something is missing."""
    yield ("N3", required(place.street, 55, what), fit(place.street2, 55))
    yield ("N4", required(place.city, 30, what), fit(place.state, 2), required(place.zip_digits, 9, f"{what}: ZIP"))


def subscriber(coverage: Coverage, relationship: str) -> Segment:
    """SBR of 2000B and 2320; `relationship` is SBR02, of the patient to the subscriber."""
    return (
        "SBR",
        coverage.sequence,
        relationship,  # SBR02 [18]
        fit(coverage.group_number, 50),  # SBR03 [16]
        "" if coverage.group_number else fit(coverage.group_name, 60),  # SBR04 [17]: only where no number tells
        "",  # SBR05 kind of Medicare insurance: not a dental plan
        "",
        "",
        "",
        coverage.payer.claim_filing_code,  # SBR09
    )
