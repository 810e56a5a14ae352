"""Segments that several loops share: a person's name, an address."""

from collections.abc import Iterator

from billing.claims.facts import Address, CardName
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
