"""Remarks of a claim: NTE in the 837D, item 35 of the paper form. Made once, so that both say the same."""

import textwrap
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from billing.claims.facts import ClaimFacts
from billing.claims.latin import to_latin
from billing.claims.lines import ClaimDraft

MAX_REMARKS = 5
WIDTH = 80
CONTINUED = "FURTHER TEXT IN THE ATTACHED RECORD."


def remarks(facts: ClaimFacts, draft: ClaimDraft, issued: tuple[str, ...] = ()) -> tuple[str, ...]:
    """At most five lines of at most 80 signs, in Latin capitals without delimiters. Only what the record holds, and first the
    attachment numbers that a clearinghouse gave, letter by letter as it gave them: a payer looks there for them."""
    if draft.part == "hygienist":
        return _in_lines([f"ON-SITE SERVICES {facts.case.day_seen:%Y%m%d} AT {facts.site.name}."])
    why = facts.case.why_store_and_forward
    return _in_lines(
        [*issued, f"ASYNC TELEDENTISTRY. {_gathered(facts)}", *_signed(facts), *([f"REASON: {why}"] if why else [])]
    )


def remarks_ahead(facts: ClaimFacts) -> tuple[str, ...]:
    """Those of a request asked ahead: on which record the plan rests."""
    return _in_lines([f"PLANNED CARE. {_gathered(facts)}", *_signed(facts)])


def _gathered(facts: ClaimFacts) -> str:
    if facts.case.of_office:  # on which day, its films say
        return "RECORDS SENT BY ANOTHER OFFICE."
    how = "SENT BY THE PATIENT OR FAMILY" if facts.case.patient_initiated else "GATHERED"
    return f"RECORDS {how} {facts.case.day_seen:%Y%m%d}{_where(facts)}."


def _signed(facts: ClaimFacts) -> list[str]:
    if facts.case.signed_at is None:
        return []
    signed = facts.case.signed_at.astimezone(ZoneInfo(facts.case.time_zone))
    return [f"DENTIST REVIEWED AND SIGNED {signed:%Y%m%d %H%M %Z}."]


def _in_lines(said: Iterable[str]) -> tuple[str, ...]:
    wrapped = [line for text in said for line in textwrap.wrap(_plain(text), WIDTH)]
    return tuple(wrapped if len(wrapped) <= MAX_REMARKS else [*wrapped[: MAX_REMARKS - 1], CONTINUED])


def _where(facts: ClaimFacts) -> str:
    if facts.case.away_from_site:
        return " AT THE PATIENT'S HOME" if facts.case.patient_at_home else " AT ANOTHER PLACE"
    return f" AT {facts.site.name}"


def _plain(text: str) -> str:
    """Latin capitals with spaces where an 837D would take a sign for a delimiter."""
    return " ".join(to_latin(text).translate(str.maketrans("*:^~", "    ")).split())
