"""Rows of the clinical half, one file a noun."""

from cases.models.annotation import Annotation, MarkKind
from cases.models.asset import Asset, AssetState, Derivative
from cases.models.case import Case, Kind, PatientPlace, Urgency
from cases.models.code import CodeLicence, CodeUse, DiagnosisCode, ProcedureCode
from cases.models.consent import Consent, ConsentScope, Evidence, Scope
from cases.models.finding import Condition, Finding, OnSiteService
from cases.models.followup import Aftercare, Again, FollowUp, FollowUpPlan, FollowUpStep, Proof
from cases.models.letter import Letter, LetterLanguage, LetterRun, PrintState
from cases.models.passing_on import Referral, ReferralPlace, SchoolList, SchoolListLine
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
    "Addendum", "Aftercare", "Again", "Annotation", "Asset", "AssetState", "Audience", "Case", "CaseEvent",
    "CodeLicence", "CodeUse", "Condition", "Consent", "ConsentScope", "Counter", "Derivative", "DiagnosisCode",
    "Enrolment", "Evidence", "Finding", "FollowUp", "FollowUpPlan", "FollowUpStep", "Guardian", "InfoItem",
    "InfoRequest", "Kind", "Letter", "LetterLanguage", "LetterRun", "MarkKind", "OnSiteService", "Outcome", "Patient",
    "PatientPlace", "PlanLine", "PrintState", "ProcedureCode", "Proof", "Referral", "ReferralPlace", "Report",
    "ReportState", "Retraction", "RetractionReason", "Review", "ReviewDiagnosis", "SchoolList", "SchoolListLine",
    "Scope", "Sex", "Signature", "Submission", "Sufficiency", "Told", "Urgency", "ViewReading",
]  # fmt: skip
