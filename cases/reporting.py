"""From the rows of a signed case to its report: only signed words, and what was added to them since."""

from datetime import datetime

from cases.models import Asset, Audience, Case, Retraction, Signature, Submission
from cases.places import zone_of_patient_place
from cases.report.colleague import colleague_report
from cases.report.document import Document, Language
from cases.report.facts import Added, PictureTimes, ReportFacts, Signer
from cases.report.family import family_report
from cases.report.phrases import language_of
from teledent.accounts.models import Practice
from teledent.printing.moments import Moment


def report_of(case: Case, *, audience: str, language: Language) -> Document | None:
    """What the report says now; None for a case that nobody signed. A colleague's is in English."""
    signature = Signature.objects.filter(case=case).select_related("review__submission").first()
    if signature is None:
        return None
    facts = report_facts(case, signature)
    return family_report(facts, language=language) if audience == Audience.FAMILY else colleague_report(facts)


def family_language(case: Case) -> Language:
    return language_of(case.patient.language)


def report_facts(case: Case, signature: Signature) -> ReportFacts:
    """Everything a report needs, in four queries."""
    zone, submission = zone_of_patient_place(case, case.site), signature.review.submission
    return ReportFacts(
        practice=_sender(case.practice),
        phone=case.practice.phone,
        case=case.label,
        gathered=submission.content,
        concluded=signature.content,
        hygienist=_hygienist(submission),
        submitted=Moment(submission.at, zone),
        dentist=Signer(signature.person_name, f"{signature.licence_number} ({signature.licence_state})", signature.npi),
        signed=Moment(signature.at, zone),
        digest=signature.digest,
        times=tuple(_times(asset, zone) for asset in case.assets.counted()),
        addenda=tuple(Added(one.person_name, Moment(one.at, zone), one.text) for one in case.addenda.all()),
        retraction=_retraction(case, zone),
    )


def _sender(practice: Practice) -> tuple[str, ...]:
    return tuple(line for line in (practice.name, practice.one_line(), practice.phone) if line)


def _hygienist(submission: Submission) -> Signer:
    state, _, number = submission.licence.partition(" ")
    return Signer(submission.person_name, f"{number} ({state})" if number else submission.licence)


def _times(asset: Asset, zone: str) -> PictureTimes:
    return PictureTimes(
        image=str(asset.public_id),
        captured=_moment(asset.captured_at, zone),
        sent=_moment(asset.sent_at, zone),
        received=_moment(asset.received_at, zone),
    )


def _moment(at: datetime | None, zone: str) -> Moment | None:
    return Moment(at, zone) if at else None


def _retraction(case: Case, zone: str) -> Added | None:
    row = Retraction.objects.filter(case=case).first()
    if row is None:
        return None
    return Added(row.person_name, Moment(row.at, zone), f"{row.get_reason_display()}. {row.explanation}")
