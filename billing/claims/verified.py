"""Which verification of a coverage counts for a day, and whether it is old. Unknown and old are amber, never a block."""

from collections.abc import Sequence
from datetime import date

from billing.claims.facts import Coverage, Verified
from teledent.kit.clock import day_in_words


def known(coverage: Coverage) -> tuple[Verified, ...]:
    """Every verification, the oldest first; facts frozen earlier have at most one, in fields of its own."""
    if coverage.verifications or coverage.verified_on is None or not coverage.verified_how.strip():
        return coverage.verifications
    return (Verified(coverage.verified_on, coverage.verified_how),)


def counting(verifications: Sequence[Verified], day: date, holds_for: int | None) -> Verified | None:
    """The newest on or before `day`. Where there is none, or it is too old, the first one after it: somebody asked again
    for the date of service. Of one day the last recorded counts. `verifications` come in the order of their recording
    within a day, the oldest day first."""
    before = [one for one in verifications if one.on <= day]
    after = [one for one in verifications if one.on > day]
    if before and not is_old(before[-1], day, holds_for):
        return before[-1]
    if after:
        return [one for one in after if one.on == after[0].on][-1]
    return before[-1] if before else None


def answered(verifications: Sequence[Verified], counts: Verified, name: str) -> tuple[str, date]:
    """What was last said up to `counts` of one question (`says` or `authorisation`), and when: who asks for one thing does
    not take back what was known of another. "unknown" where nobody ever said."""
    said = (
        (value, one.on)
        for one in reversed(verifications)
        if one.on <= counts.on and (value := getattr(one, name)) != "unknown"
    )
    return next(said, ("unknown", counts.on))


def is_old(verified: Verified, day: date, holds_for: int | None) -> bool:
    """Whether more days lie between it and `day` than the payer lets it hold."""
    return holds_for is not None and (day - verified.on).days > holds_for


def in_words(coverage: Coverage, day: date) -> str:
    """What counts for a claim of `day`, and when somebody asked again after it: "verified 12 Nov 2026, checked again ..."."""
    rows, holds_for = known(coverage), coverage.payer.verify_every_days
    found = counting(rows, day, holds_for)
    if found is None:
        return "not verified"
    said = [f"verified {day_in_words(found.on)}"]
    if is_old(found, day, holds_for):
        said.append("too long before the date of service")
    if found.on > day:
        said.append("after the date of service")
    if rows[-1].on > max(day, found.on):
        said.append(f"checked again {day_in_words(rows[-1].on)}")
    return ", ".join(said)
