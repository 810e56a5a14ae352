"""The practice's own words for reason codes, read for a whole page at once."""

from collections.abc import Iterable

from billing.models import CodeMeaning
from billing.outcomes.meanings import Meaning, Meanings, asked_of


def meanings_for(practice_id: int, codes: Iterable[str]) -> Meanings:
    """Words for these codes ("CO-45", "N122"), the built-in ones included. One query, however many codes."""
    rows = CodeMeaning.objects.filter(practice=practice_id, code__in=asked_of(codes))
    return Meanings(
        Meaning(row.kind, row.code, row.text, row.valid_from, row.valid_until) for row in rows.order_by("valid_from")
    )
