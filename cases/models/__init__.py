"""Rows of the clinical half, one file a noun."""

from cases.models.asset import Asset, AssetState, Derivative
from cases.models.case import Because, Case, Kind, PatientPlace, Urgency
from cases.models.code import CodeLicence, CodeUse, DiagnosisCode, ProcedureCode
from cases.models.consent import Consent, ConsentScope, Evidence, Scope
from cases.models.finding import Condition, Finding, OnSiteService
from cases.models.followup import FollowUp, FollowUpStep
from cases.models.merge import PatientMerge
from cases.models.order import Order, OrderKind
from cases.models.patient import Enrolment, Guardian, Patient, Sex
from cases.models.report import Audience, Report, ReportState
from cases.models.review import (
    Addendum,
    InfoItem,
    InfoRequest,
    Outcome,
    PlanLine,
    Retraction,
    RetractionReason,
    Review,
    ReviewDiagnosis,
    Signature,
    Sufficiency,
    Told,
    ViewReading,
)
from cases.models.submission import Submission
from cases.models.timeline import CaseEvent, Counter

__all__ = [
    "Addendum", "Asset", "AssetState", "Audience", "Because", "Case", "CaseEvent", "CodeLicence", "CodeUse", "Condition", "Consent",
    "ConsentScope", "Counter", "Derivative", "DiagnosisCode", "Enrolment", "Evidence", "Finding", "FollowUp",
    "FollowUpStep", "Guardian", "InfoItem", "InfoRequest", "Kind", "OnSiteService", "Order", "OrderKind",
    "Outcome", "Patient", "PatientMerge", "PatientPlace",
    "PlanLine", "ProcedureCode", "Report", "ReportState", "Retraction", "RetractionReason", "Review", "ReviewDiagnosis",
    "Scope", "Sex", "Signature", "Submission", "Sufficiency", "Told", "Urgency", "ViewReading",
]  # fmt: skip
