"""What a school nurse reads about a child: one word, a day, and what she is asked to do. Nothing else that is clinical. Pure."""

from datetime import date
from types import MappingProxyType

from cases.models.case import Urgency
from teledent.printing.moments import day_text

COLUMNS = ("Name", "Room", "Urgency", "By when", "What we ask of you")
WORDS = MappingProxyType(
    {
        Urgency.EMERGENCY: ("Emergency", "Call the family now and keep the child in sight until somebody comes."),
        Urgency.URGENT: ("Urgent", "Call the family today and ask whether there is an appointment."),
        Urgency.EARLY: ("Early care", "Remind the family this week, and tell us if it finds no appointment."),
        Urgency.ROUTINE: ("Regular date", "Nothing, unless the family asks you."),
    }
)
ORDER = tuple(WORDS)


def line_for(urgency: str, by: date | None) -> tuple[str, str, str]:
    """Word, day and request for the dentist's urgency; an answer without one counts as a regular date."""
    word, asked = WORDS[Urgency(urgency) if urgency else Urgency.ROUTINE]
    return word, day_text(by) if by else "", asked


def place_in_list(urgency: str) -> int:
    """The most urgent first."""
    return ORDER.index(Urgency(urgency)) if urgency else len(ORDER)
