"""The letter that opens a referral, as the same plain data as a report: what is asked of whom, and what is enclosed. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cases.models.case import Urgency
from cases.report.document import Bullets, Document, pairs, paragraphs, section
from cases.report.facts import ReportFacts
from teledent.printing.moments import Moment, day_text, local_time

SOON = {
    Urgency.EMERGENCY: "Emergency: today",
    Urgency.URGENT: "Urgent: within two days",
    Urgency.EARLY: "Early: within weeks",
    Urgency.ROUTINE: "Routine",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody of the practice asks of the other office, and about whom they may speak with whom."""

    to: Mapping[str, str]  # name, specialty, address, phone, fax
    urgency: str
    reason: str
    enclosed: Sequence[str]
    guardian: str
    guardian_phone: str
    language: str
    asked_by: str
    at: Moment


def referral_letter(facts: ReportFacts, asked: Asked) -> Document:
    to, review = asked.to, facts.concluded["review"]
    by = day_text(date.fromisoformat(review["outcome_by"])) if review["outcome_by"] else ""
    sections = (
        section("To", pairs(("Office", to["name"]), ("Specialty", to["specialty"]), ("Address", to["address"]),
                            ("Phone", to["phone"]), ("Fax", to["fax"]))),
        section("What we ask", pairs(("How urgent", SOON[Urgency(asked.urgency)]), ("By", by)), paragraphs(asked.reason)),
        section("Who answers for the patient", pairs(("Name", asked.guardian), ("Phone", asked.guardian_phone),
                                                     ("Language at home", asked.language))),
        section("Read by", pairs(("Dentist", facts.dentist.name), ("License", facts.dentist.licence), ("NPI", facts.dentist.npi)),
                paragraphs("From pictures, apart from the patient in time and place. They do not take the place of an examination.")),
        section("Enclosed", Bullets(tuple(asked.enclosed))),
        section("From", pairs(("Referred by", asked.asked_by), ("On", day_text(local_time(asked.at).date())),
                              ("Answer to", facts.phone))),
    )  # fmt: skip
    return Document(
        title=f"Referral to {to['name']}", language="en", sender=facts.practice, patient=facts.concluded["patient"]["name"],
        born=day_text(date.fromisoformat(facts.concluded["patient"]["birth_date"])), case=facts.case,
        sections=tuple(part for part in sections if part),
    )  # fmt: skip
