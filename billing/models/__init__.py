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
from billing.models.appeal import Appeal, AppealLine, Level, SentHow
from billing.models.authorisation import (
    Authorisation,
    AuthorisationEvent,
    AuthorisedLine,
    RequestHow,
    RequestKind,
)
from billing.models.claim import BilledOnce, Claim, ClaimEvent, ClaimLine, Frequency, NotBilledReason, Part
from billing.models.coverage import Coverage, Fee, Priority, Relationship
from billing.models.elsewhere import SeenElsewhere
from billing.models.export import Attachment, AttachmentKind, Export, ExportClaim, ExportState
from billing.models.meaning import CodeMeaning, MeaningKind
from billing.models.paper import PaperPage, PaperScan, ScanState
from billing.models.payer import (
    ControlNumber,
    DosBasis,
    Facility,
    FilingCode,
    OnSiteRendering,
    Payer,
    Receiver,
    SignedBy,
    Takes,
    Usage,
)
from billing.models.payer_rule import AttachmentWanted, AuthorisationWanted, Covered, PayerRule
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
from billing.models.request_file import FiledRequest, RequestFile
from billing.models.said_plan import SaidPlan
from billing.models.sheet import CoverageSheet, SheetState
from billing.models.verification import PlanSays, Verification, VerifiedHow, Wanted

__all__ = [
    "Acknowledgement",
    "AcknowledgementKind",
    "Appeal",
    "AppealLine",
    "Attachment",
    "AttachmentKind",
    "AttachmentWanted",
    "Authorisation",
    "AuthorisationEvent",
    "AuthorisationWanted",
    "AuthorisedLine",
    "BilledOnce",
    "Claim",
    "ClaimEvent",
    "ClaimLine",
    "ClaimPayment",
    "CodeMeaning",
    "ControlNumber",
    "Coverage",
    "CoverageSheet",
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
    "FiledRequest",
    "FilingCode",
    "Frequency",
    "Level",
    "LineOutcome",
    "LinePayment",
    "MeaningKind",
    "NotBilledReason",
    "OnSiteRendering",
    "PaperPage",
    "PaperScan",
    "Part",
    "Payer",
    "PayerRule",
    "PaymentState",
    "PlanSays",
    "Priority",
    "ProviderAdjustment",
    "Receiver",
    "Relationship",
    "Remittance",
    "RemittanceState",
    "RequestFile",
    "RequestHow",
    "RequestKind",
    "SaidPlan",
    "ScanState",
    "SeenElsewhere",
    "SentHow",
    "SheetState",
    "SignedBy",
    "Takes",
    "Usage",
    "Verdict",
    "Verification",
    "VerifiedHow",
    "Waiting",
    "Wanted",
]  # fmt: skip
