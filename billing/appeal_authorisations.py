"""What the payer had authorised, as an appeal may show it: the answer as it was recorded here, and the sentence on it."""

from collections.abc import Iterable, Iterator, Sequence

from billing.appeals.admitting import Place, Record
from billing.appeals.letter import Fact, Pair
from billing.claims.authorised import cover
from billing.claims.facts import ClaimFacts
from billing.claims.lines import ClaimDraft, service_of
from billing.models import Authorisation, Claim
from billing.packet.appeal import Proof
from billing.payer_facts import as_authorised
from teledent.kit import canonical
from teledent.printing.moments import Moment, day_text, moment_text


def authorisations_of(claim: Claim, facts: ClaimFacts) -> tuple[Authorisation, ...]:
    """Approved ones of the payer and member id of the claim that cover a line of it on its day, whether or not the claim
    bore their number. Units that went elsewhere count as there: whether they were used up is the payer's to say."""
    if facts.coverage is None or claim.coverage is None or not claim.draft:
        return ()
    asked = Authorisation.objects.approved().filter(
        coverage__patient=claim.case.patient_id, payer=claim.coverage.payer_id, member_id=facts.coverage.member_id
    )
    rows = asked.prefetch_related("lines").order_by("answered_at", "pk")
    services = [service_of(facts, line) for line in ClaimDraft.from_json(claim.draft).lines]
    return tuple(row for row in rows if any(cover([as_authorised(row)], services)))


def authorised_records(rows: Iterable[Authorisation], *, zone: str) -> Iterator[tuple[Record, Proof]]:
    """A record for each, of the instant at which the answer was recorded here, and its page."""
    for row in rows:
        if row.answered_at is None or row.answered_on is None or row.valid_from is None:
            continue
        title = f"Authorisation {row.number} of {row.payer_name}"
        facts = (
            Pair("Number", row.number), Pair("Our request", row.request_id), Pair("Member", row.member_id),
            Pair("Services", _services(row)), Pair("Answered on", day_text(row.answered_on)),
            Pair("Holds from", day_text(row.valid_from)), Pair("Until", day_text(row.valid_until) if row.valid_until else ""),
            Pair("Recorded", moment_text(Moment(row.answered_at, zone))),
        )  # fmt: skip
        kept = Record(_key(row), Place.AUTHORISATION, title, row.answered_at, _digest(row))
        yield kept, Proof(0, title, tuple(one for one in facts if one.value))


def authorised_fact(rows: Sequence[Authorisation]) -> dict[str, Fact]:
    """The sentence "authorised", where there is one to be said."""
    said = [
        f"You authorised {_services(row)} under number {row.number} on {day_text(row.answered_on)}."
        for row in rows
        if row.answered_on
    ]
    return {"authorised": Fact(" ".join(said), tuple(_key(row) for row in rows))} if said else {}


def _services(row: Authorisation) -> str:
    lines = (one for one in row.lines.all() if one.units_approved)
    return ", ".join(
        f"{one.code}{f' on tooth {one.tooth}' if one.tooth else ''}, {one.units_approved} "
        f"{'unit' if one.units_approved == 1 else 'units'}"
        for one in lines
    )


def _key(row: Authorisation) -> str:
    return f"authorisation:{row.public_id}"


def _digest(row: Authorisation) -> str:
    """Of what the payer said, as it stands in the row, which never changes."""
    columns = ("request_id", "payer_name", "member_id", "number", "answered_on", "valid_from", "valid_until", "note")
    lines = [[one.code, one.tooth, one.units, one.units_approved] for one in row.lines.all()]
    return canonical.sha256_of({**{name: getattr(row, name) for name in columns}, "lines": lines})
