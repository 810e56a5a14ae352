"""Filling a phrase, and the check of a whole language before anybody can print with it. Pure.

A blank is `{word}` and nothing else: what stands between braces is looked up by name, never evaluated.
"""

import re
from collections.abc import Mapping
from datetime import date

from cases.letters.catalogue import BY_KEY, CATALOGUE, LONGEST, Phrases
from cases.promises import promise_in
from teledent.kit.text import printable

BLANK = re.compile(r"\{([^{}]*)\}")
MONTHS = 12


def fill(text: str, **values: str) -> str:
    """The phrase with its blanks filled. A filled value is never looked into again."""
    return BLANK.sub(lambda found: values.get(found[1], ""), text)


def day_in(phrases: Phrases, day: date) -> str:
    """A date in the words of the language."""
    month = months_of(phrases["months"])[day.month - 1]
    return fill(phrases["date"], day=str(day.day), month=month, year=f"{day.year:04d}")


def months_of(text: str) -> list[str]:
    return [month for part in text.split(",") if (month := part.strip())]


def faults_in(phrases: Mapping[str, object]) -> dict[str, str]:
    """What is wrong with a language, a sentence for each phrase that it is wrong with; empty when it may be used."""
    found = {key: "There is no such phrase." for key in phrases if key not in BY_KEY}
    for phrase in CATALOGUE:
        if sentence := _fault(phrase.key, phrases.get(phrase.key)):
            found[phrase.key] = sentence
    return found


def _fault(key: str, text: object) -> str:
    if not isinstance(text, str) or not text.strip():
        return "This phrase is missing."
    if text != printable(text) or len(text) > LONGEST:
        return f"This phrase holds signs that do not print, or has more than {LONGEST} characters."
    if key == "months" and len(months_of(text)) != MONTHS:
        return "Write the twelve months with commas between."
    return _fault_of_blanks(key, text) or _fault_of_promise(text)


def _fault_of_blanks(key: str, text: str) -> str:
    phrase, used = BY_KEY[key], set(BLANK.findall(text))
    if "{" in BLANK.sub("", text) or "}" in BLANK.sub("", text):
        return "A brace stands alone here. Blanks are written like {child}."
    if unknown := sorted(used - phrase.blanks):
        allowed = ", ".join(f"{{{name}}}" for name in sorted(phrase.blanks)) or "no blank at all"
        return f"{{{unknown[0]}}} cannot be filled here. This phrase takes {allowed}."
    if lacking := sorted(phrase.needs - used):
        return f"{{{lacking[0]}}} has to stand in this phrase."
    return ""


def _fault_of_promise(text: str) -> str:
    promised = promise_in([BLANK.sub("x", text)])
    return f"“{promised}” promises what pictures cannot show (RE-6)." if promised else ""
