"""From the rows of a signed case to its letter: to whom, in which language, and whether one may go out at all."""

from collections.abc import Mapping
from dataclasses import dataclass

from cases.actions.reporting import may_print
from cases.letters.catalogue import SHIPPED, Phrases, language_spoken
from cases.letters.letter import Addressee, LetterDocument, letter_of
from cases.letters.phrasing import faults_in
from cases.models import Case, LetterLanguage, Patient, Signature
from cases.reporting import report_facts
from cases.states import BILLABLE
from teledent.accounts.models import Practice
from teledent.kit.decisions import Decision, refuse

RETRACTED = "The review was retracted. No letter says any more what it said."


@dataclass(frozen=True, slots=True)
class Written:
    """A letter ready to be laid out."""

    case: Case
    addressee: str
    language: str
    document: LetterDocument


def languages_of(practice: Practice) -> dict[str, Phrases]:
    """Every language that the practice can write: those that ship, in its own words where it changed them, and its own."""
    own = {row.code: row.phrases for row in LetterLanguage.objects.filter(practice=practice)}
    return {**SHIPPED, **{code: phrases for code, phrases in own.items() if not faults_in(phrases)}}


def may_write(case: Case) -> Decision:
    """RE-5 and CO-2: never of a retracted case, never after the family took its consent back."""
    if case.status not in BILLABLE:
        return refuse(RETRACTED)
    return may_print(case)


def write_letter(case: Case, *, languages: Mapping[str, Phrases], language: str = "") -> Written:
    """The letter of a signed case in `language`, or in the family's own where we have it."""
    signature = Signature.objects.select_related("review__submission").get(case=case)
    code = language if language in languages else language_spoken(case.patient.language, languages)
    to = addressee_of(case.patient)
    document = letter_of(report_facts(case, signature), to=to, phrases=languages[code], language=code)
    return Written(case, to.name, code, document)


def addressee_of(patient: Patient) -> Addressee:
    """The guardian with authority at the patient's address; whoever has no guardian is written to herself."""
    guardian = patient.guardians.filter(has_authority=True).order_by("pk").first()
    town = f"{patient.city}, {patient.state} {patient.zip_code}".strip(" ,")
    lines = [patient.street, patient.street_2, town] if patient.street else []
    return Addressee(guardian.name if guardian else patient.name, tuple(line for line in lines if line))
