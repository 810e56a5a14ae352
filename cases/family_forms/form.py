"""One form as plain data."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from cases.family_forms.codes import code_of
from cases.family_forms.words import Words
from cases.letters.catalogue import SHIPPED
from cases.letters.phrasing import day_in


@dataclass(frozen=True, slots=True)
class Child:
    """As the form names her."""

    name: str
    birth_date: date
    school: str
    room: str
    tag: str


def page_of(form: UUID, child: Child, words: Words, *, practice: str, phone: str, back_by: date) -> dict[str, Any]:
    """What the layout reads for one child; it adds nothing."""
    said = SHIPPED[words.language]
    return {
        "language": words.language, "practice": practice, "practice_phone": phone, "title": words.title,
        "about": words.about, "ask": words.ask, "yes": words.yes, "no": words.no, "asked": list(words.asked.values()),
        "facts": [[words.child, child.name], [words.born, day_in(said, child.birth_date)], [words.school, child.school],
                  *([[words.room, child.room]] if child.room else [])],
        "lines": [words.signer, words.authority, words.phone, words.signature, words.signed_on], "insurance": words.insurance,
        "insurance_lines": [words.payer, words.member], "allergies": words.allergies, "back": f"{words.back} {day_in(said, back_by)}.",
        "for_us": words.for_us, "code": code_of(form), "tag": child.tag, "version": words.version,
    }  # fmt: skip
