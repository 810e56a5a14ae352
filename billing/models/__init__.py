"""Rows of the money half, one file a noun."""

from billing.models.claim import BilledOnce, Claim, ClaimEvent, ClaimLine, NotBilledReason, Part
from billing.models.coverage import Coverage, Fee, Priority, Relationship
from billing.models.elsewhere import SeenElsewhere
from billing.models.export import Attachment, AttachmentKind, Export, ExportClaim, ExportState
from billing.models.payer import (
    ControlNumber,
    DosBasis,
    Facility,
    FilingCode,
    OnSiteRendering,
    Payer,
    Receiver,
    Takes,
    Usage,
)

__all__ = [
    "Attachment", "AttachmentKind", "BilledOnce", "Claim", "ClaimEvent", "ClaimLine", "ControlNumber", "Coverage", "DosBasis",
    "Export", "ExportClaim", "ExportState", "Facility", "Fee", "FilingCode", "NotBilledReason", "OnSiteRendering", "Part", "Payer",
    "Priority", "Receiver", "Relationship", "SeenElsewhere", "Takes", "Usage",
]  # fmt: skip
