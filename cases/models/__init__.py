"""Rows of the clinical half, one file a noun."""

from cases.models.asset import Asset, AssetState, Derivative
from cases.models.case import URGENT, Case, Kind, PatientPlace, Queue, Urgency
from cases.models.code import CodeLicence, CodeUse, DiagnosisCode, ProcedureCode
from cases.models.consent import Consent, ConsentScope, Evidence, Scope
from cases.models.finding import Condition, Finding, OnSiteService
from cases.models.followup import FollowUp, FollowUpStep
from cases.models.notice import MAILED_UNLESS_REFUSED, About, MailChoice, Notice
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
from cases.models.second import SecondRead, Settlement
from cases.models.submission import Submission
from cases.models.terms import ReadingHours, ReadingTerms, Target
from cases.models.timeline import CaseEvent, Counter

__all__ = [
    "MAILED_UNLESS_REFUSED",
    "URGENT",
    "About",
    "Addendum",
    "Asset",
    "AssetState",
    "Audience",
    "Case",
    "CaseEvent",
    "CodeLicence",
    "CodeUse",
    "Condition",
    "Consent",
    "ConsentScope",
    "Counter",
    "Derivative",
    "DiagnosisCode",
    "Enrolment",
    "Evidence",
    "Finding",
    "FollowUp",
    "FollowUpStep",
    "Guardian",
    "InfoItem",
    "InfoRequest",
    "Kind",
    "MailChoice",
    "Notice",
    "OnSiteService",
    "Outcome",
    "Patient",
    "PatientPlace",
    "PlanLine",
    "ProcedureCode",
    "Queue",
    "ReadingHours",
    "ReadingTerms",
    "Report",
    "ReportState",
    "Retraction",
    "RetractionReason",
    "Review",
    "ReviewDiagnosis",
    "Scope",
    "SecondRead",
    "Settlement",
    "Sex",
    "Signature",
    "Submission",
    "Sufficiency",
    "Target",
    "Told",
    "Urgency",
    "ViewReading",
]  # fmt: skip
