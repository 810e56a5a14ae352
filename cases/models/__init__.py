"""Rows of the clinical half, one file a noun."""

from cases.models.asset import Asset, AssetState, Derivative
from cases.models.case import Case, Kind, PatientPlace, Urgency
from cases.models.code import CodeLicence, CodeUse, DiagnosisCode, ProcedureCode
from cases.models.consent import Consent, ConsentScope, Evidence, Scope
from cases.models.finding import Condition, Finding, Icdas, OnSiteService
from cases.models.followup import FollowUp, FollowUpStep
from cases.models.patient import Enrolment, Guardian, Patient, Sex
from cases.models.phrase import Phrase, PhraseSection, ReadingPreference
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
    "Addendum", "Asset", "AssetState", "Audience", "Case", "CaseEvent", "CodeLicence", "CodeUse", "Condition",
    "Consent", "ConsentScope", "Counter", "Derivative", "DiagnosisCode", "Enrolment", "Evidence", "Finding",
    "FollowUp", "FollowUpStep", "Guardian", "Icdas", "InfoItem", "InfoRequest", "Kind", "OnSiteService", "Outcome",
    "Patient", "PatientPlace", "Phrase", "PhraseSection", "PlanLine", "ProcedureCode", "ReadingPreference", "Report",
    "ReportState", "Retraction", "RetractionReason", "Review", "ReviewDiagnosis", "Scope", "Sex", "Signature",
    "Submission", "Sufficiency", "Told", "Urgency", "ViewReading",
]  # fmt: skip
