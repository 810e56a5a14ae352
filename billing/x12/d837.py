"""The dental claim 837D, version 005010X224A2: claims to segments, streaming.

Loops in their order: 1000A/B who sends and who receives; 2000A the billing provider; 2000B the subscriber; 2000C the
patient, when a dependent without an own member id; 2300 the claim, 2310 its providers and place, 2400 its lines
(`d837_claim`). One transaction set carries many claims. Input is what `billing.claims.rules.check` let pass; what
should have been refused there raises NotWritableError here and is never written empty.

Comments name the loop, and in brackets the item of the paper claim form (2024) that holds the same.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from billing.claims.facts import Coverage, Patient, Practice
from billing.x12.d837_claim import ClaimSubmission, claim_loop
from billing.x12.d837_parts import address, person, subscriber
from billing.x12.envelope import Interchange, enclose
from billing.x12.segments import NotWritableError, Segment, day, digits, fit, required

MAX_CLAIMS = 5_000  # recommended for one transaction set: split above


def write_837d(interchange: Interchange, submissions: Iterable[ClaimSubmission]) -> Iterator[str]:
    """The file's text, one segment at a time. At most MAX_CLAIMS submissions; claims of one practice stand together.

    Raises NotWritableError when a claim lacks something required: write into a temporary file, keep it when whole.
    """
    return enclose(interchange, _body(interchange, submissions))


def _body(interchange: Interchange, submissions: Iterable[ClaimSubmission]) -> Iterator[Segment]:
    yield _bht(interchange)
    yield from _submitter(interchange)
    yield from _receiver(interchange)
    level = claims = 0
    for practice, group in groupby(submissions, key=lambda submission: submission.facts.practice):
        level = billing_level = level + 1
        yield from _billing_provider(practice, billing_level)
        for submission in group:
            claims += 1
            if claims > MAX_CLAIMS:
                raise NotWritableError(f"More than {MAX_CLAIMS} claims in one file: split the export.")
            level += 1
            yield from _subscriber(submission, level, billing_level)
            if not _coverage(submission).patient_is_subscriber:
                level += 1
                yield from _dependent(submission, level, level - 1)
            yield from claim_loop(submission)
    if not claims:
        raise NotWritableError("A file without a claim.")


def _bht(interchange: Interchange) -> Segment:
    at = interchange.created_at
    # BHT01 subscriber before dependent, BHT02 original, BHT06 charges (not encounters)
    return ("BHT", "0019", "00", fit(interchange.batch_id, 30), day(at), at.strftime("%H%M"), "CH")


def _submitter(interchange: Interchange) -> Iterator[Segment]:
    """1000A."""
    name = required(interchange.submitter_name, 60, "The submitter's name")
    yield ("NM1", "41", "2", name, "", "", "", "", "46", fit(interchange.sender_id, 80))
    phone = required(digits(interchange.contact_phone), 20, "The phone number of the submitter's contact")
    email = fit(interchange.contact_email, 256)
    yield ("PER", "IC", fit(interchange.contact_name, 60), "TE", phone, *(("EM", email) if email else ()))


def _receiver(interchange: Interchange) -> Iterator[Segment]:
    """1000B."""
    name = required(interchange.receiver_name, 60, "The receiver's name")
    yield ("NM1", "40", "2", name, "", "", "", "", "46", fit(interchange.receiver_id, 80))


def _billing_provider(practice: Practice, level: int) -> Iterator[Segment]:
    """2000A and 2010AA [48-52]."""
    yield ("HL", str(level), "", "20", "1")
    if practice.taxonomy:
        yield ("PRV", "BI", "PXC", practice.taxonomy)
    name = required(practice.name, 60, "The billing entity's name")  # [48]
    yield ("NM1", "85", "2", name, "", "", "", "", "XX", required(practice.npi, 10, "The group NPI"))  # [49]
    yield from address(practice.address, "The billing entity's address")  # [48] a street; ZIP+4
    qualifier = "SY" if practice.tin_is_ssn else "EI"
    yield ("REF", qualifier, required(digits(practice.tin), 9, "The tax number"))  # [51]; [50] licence: not for a group
    if phone := digits(practice.phone):
        yield ("PER", "IC", fit(practice.contact_name or practice.name, 60), "TE", phone)  # [52]


def _subscriber(submission: ClaimSubmission, level: int, parent: int) -> Iterator[Segment]:
    """2000B, 2010BA [12-17], 2010BB [3, 3a]."""
    coverage, patient = _coverage(submission), submission.facts.patient
    is_patient = coverage.patient_is_subscriber
    yield ("HL", str(level), str(parent), "22", "0" if is_patient else "1")
    yield subscriber(coverage, "18" if is_patient else "")
    name = patient.card_name if is_patient else coverage.subscriber_name
    yield person("IL", name, "MI", required(coverage.member_id, 80, "The member id"))  # [12], [15]
    if is_patient:  # of a subscriber who is not the patient, no address nor birth date is wanted
        yield from _demographics(patient)
    yield from _payer(coverage)


def _payer(coverage: Coverage) -> Iterator[Segment]:
    """2010BB [3, 3a]."""
    name = required(coverage.payer.name, 60, "The payer's name")
    payer_id = required(coverage.payer.payer_id, 80, "The payer's id")
    yield ("NM1", "PR", "2", name, "", "", "", "", "PI", payer_id)
    if coverage.payer.address is not None:
        yield from address(coverage.payer.address, "The payer's address")


def _dependent(submission: ClaimSubmission, level: int, parent: int) -> Iterator[Segment]:
    """2000C and 2010CA [18, 20-22]."""
    patient = submission.facts.patient
    yield ("HL", str(level), str(parent), "23", "0")
    yield ("PAT", _coverage(submission).relationship)  # PAT01 [18]
    yield person("QC", patient.card_name)  # [20]
    yield from _demographics(patient)


def _demographics(patient: Patient) -> Iterator[Segment]:
    yield from address(patient.address, "The patient's address")  # [12] or [20]
    yield ("DMG", "D8", day(patient.birth_date), patient.sex)  # [13, 14] or [21, 22]


def _coverage(submission: ClaimSubmission) -> Coverage:
    if submission.facts.coverage is None:
        raise NotWritableError("A claim without coverage.")
    return submission.facts.coverage
