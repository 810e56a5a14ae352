"""The columns of the sheet: what is handed out, and by which words a cell that comes back is understood. Pure."""

from datetime import date

from billing.school_days.standing import LABELS, Child

NAME, BORN, GRADE, ROOM, PAYER, MEMBER, FROM, UNTIL, STATE, EVALUATED = (
    "Name", "Born", "Grade", "Room", "Payer", "Member id", "Plan from", "Plan until", "State", "Last evaluation",
)  # fmt: skip
WHEN, HOW, TELE, AUTHORISATION, REFERENCE, NOTE = (
    "Verified on", "How", "Teledentistry", "Authorisation", "Reference", "Note",
)  # fmt: skip
CHILD, PLAN = "Child key", "Plan key"
SAID = (WHEN, HOW, TELE, AUTHORISATION, REFERENCE, NOTE)  # what a person fills in
COLUMNS = (NAME, BORN, GRADE, ROOM, PAYER, MEMBER, FROM, UNTIL, STATE, EVALUATED, *SAID, CHILD, PLAN)
NEEDED = (NAME, BORN, PAYER, MEMBER, *SAID, CHILD, PLAN)  # without one of them a sheet is not read
DATES = frozenset({BORN, FROM, UNTIL, WHEN})

# value: words in the sheet
HOWS = {
    "phone": "By phone",
    "portal": "Payer's site",
    "card": "From the card",
    "file": "Payer's file",
    "other": "Other",
}
TELES = {"covered": "Covered", "not_covered": "Not covered", "inclusive": "Included", "unknown": "Not known"}
WANTS = {"needed": "Needed", "not_needed": "Not needed", "unknown": "Not known"}
CHOICES = {HOW: HOWS, TELE: TELES, AUTHORISATION: WANTS}


def cells_of(child: Child, day: date) -> dict[str, str]:
    """One row of the sheet as text, the newest verification filled in; dates as 2026-01-31."""
    plan, seen = child.plan, child.evaluated
    told = plan.newest if plan else None
    return {
        NAME: child.name, BORN: child.birth_date.isoformat(), GRADE: child.grade, ROOM: child.room,
        PAYER: plan.payer if plan else "", MEMBER: plan.member_id if plan else "",
        FROM: _iso(plan.valid_from) if plan else "", UNTIL: _iso(plan.valid_until) if plan else "",
        STATE: LABELS[child.standing(day)],
        EVALUATED: " ".join(filter(None, (seen.on.isoformat(), seen.code, seen.elsewhere))) if seen else "",
        WHEN: _iso(told.verified.on) if told else "", HOW: HOWS[told.verified.how] if told else "",
        TELE: TELES[told.verified.says] if told else "", AUTHORISATION: WANTS[told.verified.authorisation] if told else "",
        REFERENCE: told.reference if told else "", NOTE: told.note if told else "",
        CHILD: str(child.public_id), PLAN: str(plan.public_id) if plan else "",
    }  # fmt: skip


def value_in(column: str, cell: str) -> str | None:
    """The value that a cell of a choice means, by its words or its own name. Empty is not known; None: no such word."""
    said = " ".join(cell.split()).casefold().replace("’", "'")
    if not said:
        return "" if column == HOW else "unknown"
    words = CHOICES[column]
    return next((value for value, word in words.items() if said in (value, word.casefold())), None)


def heading(cell: str) -> str:
    """A heading as it was handed out, whatever a person did to its case and spaces; empty for one of her own."""
    said = " ".join(cell.split()).casefold()
    return next((name for name in COLUMNS if name.casefold() == said), "")


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
