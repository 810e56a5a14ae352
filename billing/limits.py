"""What a receiver takes beside a claim, in files and sizes (edi.md 5). Pure: what is too large is said, never cut."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from billing.models import Receiver


@dataclass(frozen=True, slots=True)
class Enclosed:
    """One file beside a claim: what people call it, whether it is the packet, and its bytes."""

    name: str
    is_packet: bool
    size: int


def over_limit(files: Sequence[Enclosed], receiver: Receiver, what: str = "claim") -> str:
    """A sentence that says what exceeds which limit of `receiver` and what to do; empty when everything fits."""
    found = list(_exceeded(files, receiver))
    if not found:
        return ""
    return (
        f"{receiver.name} does not take what stands beside this {what}: {'; '.join(found)}. If the receiver agreed to more, raise "
        "the limit in its settings; else have the largest pictures examined again or bill without them."
    )


def _exceeded(files: Sequence[Enclosed], receiver: Receiver) -> Iterator[str]:
    for one in files:
        limit = receiver.packet_kilobytes if one.is_packet else receiver.picture_kilobytes
        if one.size > limit * 1000:
            yield f"{one.name} has {kilobytes(one.size)}, {limit:,} kB are allowed"
    total = sum(one.size for one in files)
    if total > receiver.claim_kilobytes * 1000:
        yield f"all files have {kilobytes(total)} together, {receiver.claim_kilobytes:,} kB are allowed"
    if len(files) > receiver.files_per_claim:
        yield f"there are {len(files)} files, {receiver.files_per_claim} are allowed"


def kilobytes(size: int) -> str:
    """Whole kilobytes of 1,000 bytes, rounded up: what exceeds a limit never reads as if it kept it."""
    return f"{-(-size // 1000):,} kB"
