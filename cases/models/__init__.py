"""Rows of the clinical half, one file a noun."""

from cases.models.annotation import Annotation, MarkKind
from cases.models.asset import Asset, AssetState, Derivative
from cases.models.case import URGENT, Because, Case, Kind, Origin, PatientPlace, Queue, Standing, Urgency
from cases.models.code import CodeLicence, CodeUse, DiagnosisCode, ProcedureCode
from cases.models.consent import Consent, ConsentScope, Evidence, Scope
from cases.models.consultation import Consultation
from cases.models.device import Device, Forward, ForwardedMark, RecoveryKey, WipeOrder
from cases.models.event import (
    EventChild,
    EventMember,
    Mark,
    Roster,
    RosterState,
    ScreeningEvent,
    SupervisionLimit,
)
from cases.models.family_form import FamilyForm, FormRun
from cases.models.finding import Condition, Finding, Icdas, OnSiteService
from cases.models.followup import Aftercare, Again, FollowUp, FollowUpPlan, FollowUpStep, Proof
from cases.models.form_scan import FormPage, FormPageChange, FormScan, PageFound, ScanState
from cases.models.indicator import IndicatorKey, IndicatorValue, SaidIndicator
from cases.models.letter import Letter, LetterLanguage, LetterRun, PrintState
from cases.models.merge import PatientMerge
from cases.models.notice import MAILED_UNLESS_REFUSED, About, MailChoice, Notice
from cases.models.order import Order, OrderKind
from cases.models.passing_on import Referral, ReferralPlace, SchoolList, SchoolListLine
from cases.models.patient import Enrolment, Guardian, Patient, Sex
from cases.models.phrase import Phrase, PhraseSection, ReadingPreference
from cases.models.program import ImagingProgram, Way
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
from cases.models.sending import BY_LINK, SendingLink, SendingTally
from cases.models.submission import Submission
from cases.models.terms import ReadingHours, ReadingTerms, Target
from cases.models.timeline import CaseEvent, Counter

__all__ = [
    "BY_LINK",
    "MAILED_UNLESS_REFUSED",
    "URGENT",
    "About",
    "Addendum",
    "Aftercare",
    "Again",
    "Annotation",
    "Asset",
    "AssetState",
    "Audience",
    "Because",
    "Case",
    "CaseEvent",
    "CodeLicence",
    "CodeUse",
    "Condition",
    "Consent",
    "ConsentScope",
    "Consultation",
    "Counter",
    "Derivative",
    "Device",
    "DiagnosisCode",
    "Enrolment",
    "EventChild",
    "EventMember",
    "Evidence",
    "FamilyForm",
    "Finding",
    "FollowUp",
    "FollowUpPlan",
    "FollowUpStep",
    "FormPage",
    "FormPageChange",
    "FormRun",
    "FormScan",
    "Forward",
    "ForwardedMark",
    "Guardian",
    "Icdas",
    "ImagingProgram",
    "IndicatorKey",
    "IndicatorValue",
    "InfoItem",
    "InfoRequest",
    "Kind",
    "Letter",
    "LetterLanguage",
    "LetterRun",
    "MailChoice",
    "Mark",
    "MarkKind",
    "Notice",
    "OnSiteService",
    "Order",
    "OrderKind",
    "Origin",
    "Outcome",
    "PageFound",
    "Patient",
    "PatientMerge",
    "PatientPlace",
    "Phrase",
    "PhraseSection",
    "PlanLine",
    "PrintState",
    "ProcedureCode",
    "Proof",
    "Queue",
    "ReadingHours",
    "ReadingPreference",
    "ReadingTerms",
    "RecoveryKey",
    "Referral",
    "ReferralPlace",
    "Report",
    "ReportState",
    "Retraction",
    "RetractionReason",
    "Review",
    "ReviewDiagnosis",
    "Roster",
    "RosterState",
    "SaidIndicator",
    "ScanState",
    "SchoolList",
    "SchoolListLine",
    "Scope",
    "ScreeningEvent",
    "SecondRead",
    "SendingLink",
    "SendingTally",
    "Settlement",
    "Sex",
    "Signature",
    "Standing",
    "Submission",
    "Sufficiency",
    "SupervisionLimit",
    "Target",
    "Told",
    "Urgency",
    "ViewReading",
    "Way",
    "WipeOrder",
]
