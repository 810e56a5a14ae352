"""What a signature under a letter of appeal is the hash of; `verify_record` takes it again."""

from datetime import datetime

from billing.models import Appeal
from teledent.kit import canonical

STATEMENT = "appeal-2026-11"
STATEMENT_TEXT = (
    "I signed the review that this letter rests on. "
    "The letter says nothing that the exhibits do not show, and I sign it as it stands."
)


def signature_digest(appeal: Appeal, *, name: str, licence: str, at: datetime) -> str:
    """SHA-256 in hex over letter, signer and time. The front desk signs without a licence, and without the statement."""
    said = {
        "letter": appeal.letter,
        "name": name,
        "licence": licence,
        "at": at,
        "statement": STATEMENT if licence else "",
    }
    return canonical.sha256_of(canonical.plain(said))
