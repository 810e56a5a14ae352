"""Do the appeals of a case still fit: letter, signature and packet against their hashes and the claim's timeline."""

from collections.abc import Iterator

from billing.appeal_signature import signature_digest
from billing.models import Appeal, ClaimEvent
from cases.models import Case
from cases.verifying_papers import bytes_misfits
from teledent.kit import canonical


def appeal_misfits(case: Case) -> Iterator[str]:
    """Sentences that name what does not fit; nothing when every appeal of this case stands."""
    for appeal in Appeal.objects.filter(claim__case=case).select_related("claim", "packet"):
        if canonical.sha256_of(appeal.letter) != appeal.letter_digest:
            yield f"{case.label}: the letter of the {appeal} was changed after it was composed."
        if appeal.signed_at is not None and not _as_signed(appeal):
            yield f"{case.label}: the {appeal} is not what was signed."
        if appeal.packet is not None:
            yield from bytes_misfits(case.label, f"the packet of the {appeal}", appeal.packet)


def _as_signed(appeal: Appeal) -> bool:
    """Whether the hash of the signature comes out, and the claim's timeline tells of this very letter."""
    assert appeal.signed_at is not None  # noqa: S101 - asked of signed ones alone
    name, licence, at = appeal.signed_name, appeal.signed_licence, appeal.signed_at
    events = ClaimEvent.objects.filter(claim=appeal.claim_id, kind="appeal", at=at)
    return signature_digest(appeal, name=name, licence=licence, at=at) == appeal.signed_digest and any(
        event.details.get("digest") == appeal.letter_digest for event in events
    )
