"""Rows of the money half, one file a noun."""

from billing.models.answer import (
    Acknowledgement,
    AcknowledgementKind,
    EdiFile,
    EdiFileState,
    EdiPart,
    EdiPartState,
    Verdict,
)
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
from billing.models.payer_rule import AuthorisationWanted, Covered, PayerRule
from billing.models.remittance import (
    ClaimPayment,
    LineOutcome,
    LinePayment,
    PaymentState,
    ProviderAdjustment,
    Remittance,
    RemittanceState,
    Waiting,
)

__all__ = [
    "Acknowledgement",
    "AcknowledgementKind",
    "Attachment",
    "AttachmentKind",
    "AuthorisationWanted",
    "BilledOnce",
    "Claim",
    "ClaimEvent",
    "ClaimLine",
    "ClaimPayment",
    "ControlNumber",
    "Coverage",
    "Covered",
    "DosBasis",
    "EdiFile",
    "EdiFileState",
    "EdiPart",
    "EdiPartState",
    "Export",
    "ExportClaim",
    "ExportState",
    "Facility",
    "Fee",
    "FilingCode",
    "LineOutcome",
    "LinePayment",
    "NotBilledReason",
    "OnSiteRendering",
    "Part",
    "Payer",
    "PayerRule",
    "PaymentState",
    "Priority",
    "ProviderAdjustment",
    "Receiver",
    "Relationship",
    "Remittance",
    "RemittanceState",
    "SeenElsewhere",
    "Takes",
    "Usage",
    "Verdict",
    "Waiting",
]  # fmt: skip
