"""Files for the tests: an envelope and submissions around the invented cast."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from billing.claims.facts import ClaimFacts
from billing.claims.lines import Part, draft_claim
from billing.x12.d837 import write_837d
from billing.x12.d837_claim import Attachment, ClaimSubmission
from billing.x12.envelope import Interchange

ENVELOPE = Interchange(
    sender_id="RBSOH01",
    receiver_id="EXCLR01",
    submitter_name="Riverbend School Oral Health",
    receiver_name="Example Dental Clearinghouse",
    contact_name="Billing Desk",
    contact_phone="(555) 555-0142",
    contact_email="billing@example.org",
    control_number=42,
    group_number=17,
    batch_id="TDB000000042",
    created_at=datetime(2026, 9, 21, 10, 30, tzinfo=ZoneInfo("America/Los_Angeles")),
    usage="T",
    readable=True,
)


def submission(
    facts: ClaimFacts, part: Part = "dentist", claim_id: str = "TD26-000017-1", **more: Any
) -> ClaimSubmission:
    return ClaimSubmission(claim_id=claim_id, facts=facts, draft=draft_claim(facts, part), **more)


def packet(stem: str) -> tuple[Attachment, ...]:
    return (Attachment(f"{stem}A", "OZ"), Attachment(f"{stem}B", "RB"))


def text_of(*submissions: ClaimSubmission, **envelope: Any) -> str:
    return "".join(write_837d(replace(ENVELOPE, **envelope), submissions))


def written(folder: Path, submissions: Iterable[ClaimSubmission], **envelope: Any) -> Path:
    """The file at `folder`/claims.edi."""
    path = folder / "claims.edi"
    path.write_text(text_of(*submissions, **envelope), encoding="ascii")
    return path
