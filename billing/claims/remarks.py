"""Remarks of a claim: NTE in the 837D, item 35 of the paper form. Made once, so that both say the same."""

import textwrap
from zoneinfo import ZoneInfo

from billing.claims.facts import ClaimFacts
from billing.claims.latin import to_latin
from billing.claims.lines import ClaimDraft

MAX_REMARKS = 5
WIDTH = 80
CONTINUED = "FURTHER TEXT IN THE ATTACHED RECORD."


def remarks(facts: ClaimFacts, draft: ClaimDraft) -> tuple[str, ...]:
    """At most five lines of at most 80 signs, in Latin capitals without delimiters. Only what the record holds."""
    case = facts.case
    if draft.part == "hygienist":
        said = [f"ON-SITE SERVICES {case.day_seen:%Y%m%d} AT {facts.site.name}."]
    else:
        said = [f"ASYNC TELEDENTISTRY. RECORDS GATHERED {case.day_seen:%Y%m%d}{_where(facts)}."]
        if case.signed_at is not None:
            said.append(
                f"DENTIST REVIEWED AND SIGNED {case.signed_at.astimezone(ZoneInfo(case.time_zone)):%Y%m%d %H%M %Z}."
            )
        if case.why_store_and_forward:
            said.append(f"REASON: {case.why_store_and_forward}")
    wrapped = [line for text in said for line in textwrap.wrap(_plain(text), WIDTH)]
    return tuple(wrapped if len(wrapped) <= MAX_REMARKS else [*wrapped[: MAX_REMARKS - 1], CONTINUED])


def _where(facts: ClaimFacts) -> str:
    return " AT THE PATIENT'S HOME" if facts.case.patient_at_home else f" AT {facts.site.name}"


def _plain(text: str) -> str:
    """Latin capitals with spaces where an 837D would take a sign for a delimiter."""
    return " ".join(to_latin(text).translate(str.maketrans("*:^~", "    ")).split())
