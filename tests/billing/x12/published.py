"""Reads a folder of published sample files and prints what is in each, its totals checked.

Run: python -m tests.billing.x12.published FOLDER. Such files belong to others, so none is kept here. A remittance shows its
payment, its claims and lines, and by how much the payment or a claim is out; an acknowledgement its verdicts; what cannot
be read its place and reason. Ends with 1 when a file holds nothing that can be read.
"""

import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from billing.x12.answers import BatchAnswer, ClaimAnswer, GroupAnswer, SetAnswer, read_277ca, read_999, read_ta1
from billing.x12.r835 import ClaimPayment, Payment, ProviderAdjustment, read_835
from billing.x12.reading import BrokenEdiError, TransactionSet, read_sets

ZERO = Decimal("0.00")
READ = {"835", "999", "277", "TA1"}


def account(path: Path) -> Iterator[str]:
    """A line for each transaction set and each fault of the file."""
    with path.open("rb") as stream:
        try:
            for found in read_sets(stream):
                if isinstance(found, BrokenEdiError):
                    yield f"malformed  {found}"
                else:
                    yield from _account_of(found)
        except BrokenEdiError as broken:
            yield f"malformed  {broken}"


def _account_of(found: TransactionSet) -> Iterator[str]:
    try:
        if found.kind == "835":
            yield from _remittance(found)
        elif found.kind in READ:
            yield f"{found.kind:9}  {', '.join(_verdicts(found)) or 'says nothing'}"
        else:
            yield f"{found.kind:9}  {sum(1 for _ in found.body)} segments, of a kind that is not read here"
    except BrokenEdiError as broken:
        yield f"malformed  {broken}"


def _remittance(found: TransactionSet) -> Iterator[str]:
    claims = lines = 0
    paid, moved, amount, trace, faults = ZERO, ZERO, ZERO, "", []
    for one in read_835(found):
        if isinstance(one, Payment):
            amount, trace = one.amount, one.trace
        elif isinstance(one, ProviderAdjustment):
            moved += one.amount
        else:
            claims, lines, paid = claims + 1, lines + len(one.lines), paid + one.paid
            faults += _out_of_balance(one)
    out_by = amount - (paid - moved)
    standing = f"is out by {out_by}" if out_by else "adds up"
    yield f"835        {trace}: {amount} for {claims} claims with {lines} lines, provider adjustments {moved}; {standing}"
    yield from faults


def _out_of_balance(claim: ClaimPayment) -> Iterator[str]:
    if not claim.out_by:
        return
    yield f"malformed  Segment {claim.number}: claim {claim.claim_id} is out by {claim.out_by}."
    for line in claim.lines:
        if line.out_by:
            yield f"malformed  Segment {line.number}: line {line.code!r} is out by {line.out_by}."


def _verdicts(found: TransactionSet) -> Iterator[str]:
    if found.kind == "TA1":
        yield from (f"interchange {one.control_number} {one.verdict}" for one in read_ta1(found))
        return
    for one in read_999(found) if found.kind == "999" else read_277ca(found):
        match one:
            case SetAnswer():
                yield f"set {one.set_number} {one.verdict}"
            case GroupAnswer():
                yield f"group {one.group_number} {one.verdict}"
            case ClaimAnswer():
                yield f"claim {one.claim_id} {'accepted' if one.accepted else 'refused'}"
            case BatchAnswer():
                yield f"batch {one.batch_id or 'of a provider'} {'accepted' if one.accepted else 'refused'}"


def main(folder: Path) -> int:
    unread = 0
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        said = list(account(path))
        unread += all(line.startswith("malformed") for line in said)
        print(path.relative_to(folder))  # noqa: T201 - a command's answer
        for line in said:
            print(f"  {line}")  # noqa: T201 - a command's answer
    return 1 if unread else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
