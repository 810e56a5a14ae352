"""Until when approvals hold, for lists: by the payer's answer, or by its rules where it named no end."""

from collections.abc import Iterable
from datetime import date

from billing.authorisation_states import AuthorisationStatus
from billing.claims.authorised import days_after
from billing.models import Authorisation
from billing.models.authorisation import AuthorisationQuerySet
from billing.terms import RuleBook, read_rules


def last_days(rows: Iterable[Authorisation], *, day: date) -> dict[int, date | None]:
    """The last day of each, None where it has none. One query at most. Of several rules for its lines on `day` the
    shortest counts, so that nobody relies on the longest. The rows come with payer and lines."""
    known = list(rows)
    open_ended = [row for row in known if row.valid_until is None and row.valid_from is not None]
    codes = {line.code for row in open_ended for line in row.lines.all()}
    book = read_rules({row.payer_id for row in open_ended}, codes) if open_ended else RuleBook({})
    return {row.pk: row.valid_until or _by_rule(row, book, day) for row in known}


def _by_rule(row: Authorisation, book: RuleBook, day: date) -> date | None:
    if row.valid_from is None:
        return None
    rules = (book.rule_for(row.payer_id, one.code, plan=row.payer.filing_code, day=day) for one in row.lines.all())
    days = [rule.authorisation_days for rule in rules if rule is not None and rule.authorisation_days is not None]
    return days_after(row.valid_from, min(days)) if days else None


def ending_by_rule(found: AuthorisationQuerySet, *, day: date) -> dict[int, date]:
    """Last days of the approved ones of `found` that end by a rule of their payer alone. Three queries at most."""
    by_rule = found.filter(
        status=AuthorisationStatus.APPROVED, valid_until__isnull=True, payer__rules__active=True,
        payer__rules__authorisation_days__isnull=False,
    )  # fmt: skip
    rows = list(by_rule.distinct().select_related("payer").prefetch_related("lines"))
    return {pk: last for pk, last in last_days(rows, day=day).items() if last is not None}
