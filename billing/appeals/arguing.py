"""What a letter asks for and which facts it brings, by the outcome that it is about. Our own words, and no fact in them:
facts are said by `billing.appeals.letter`, each from an exhibit."""

from dataclasses import dataclass

from billing.outcomes.classify import Outcome

_ALWAYS = ("answered", "seen", "read", "evaluation", "why", "pictures")


@dataclass(frozen=True, slots=True)
class Template:
    ask: str
    facts: tuple[str, ...] = (*_ALWAYS, "went_out")


TEMPLATES: dict[Outcome, Template] = {
    Outcome.UNDERPAID: Template("We ask you to compare what was paid with what the plan allows, and to pay the difference."),
    Outcome.DOCUMENTS: Template(
        "We ask you to judge the claim by the documents in these exhibits.",
        (*_ALWAYS, "went_out", "attached", "acknowledged"),
    ),
    Outcome.FREQUENCY: Template(
        "We ask you to look at the need that the record of that day shows, and to allow the service beside the limit."
    ),
    Outcome.DIAGNOSIS: Template("We ask you to judge the service by the diagnosis and findings that the dentist signed."),
    Outcome.AUTHORISATION: Template(
        "We ask you to review by this record whether the service may be paid as it was authorised or without it.",
        (*_ALWAYS, "authorised", "went_out"),
    ),
    Outcome.NOT_COVERED: Template("We ask you to name the term of the plan that was applied, and to review it by this record."),
    Outcome.ADDON_ALONE: Template("We ask you to judge the code together with the evaluation of the same day and dentist."),
    Outcome.DUPLICATE: Template(
        "We ask you to name the claim that this one is taken to repeat, and to judge this one by its own record.",
        (*_ALWAYS, "went_out", "acknowledged"),
    ),
    Outcome.ELIGIBILITY: Template("We ask you to check this member's coverage on the day of service once more."),
    Outcome.FILING_LIMIT: Template(
        "We ask you to take the claim as filed in time, by the days that these exhibits show.",
        ("answered", "went_out", "acknowledged", "seen", "read"),
    ),
    Outcome.OTHER: Template("We ask you to review this decision by the record, and to say the reason if it stands."),
}  # fmt: skip
