"""What a language of letters consists of: each phrase, what it is for, and the blanks that it must and may have.

The two languages that ship are values of the same shape as those that a practice writes (`english`, `spanish`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cases.letters.english import ENGLISH
from cases.letters.spanish import SPANISH
from cases.models.finding import Condition
from cases.models.review import Outcome

Phrases = Mapping[str, str]
OUTCOME, CONDITION = "outcome_", "condition_"
LONGEST = 600  # characters: a letter has one page
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur", "yi", "ckb"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """`needs` are blanks that have to be there, `may` those that may be, both by the word between the braces."""

    key: str
    about: str
    needs: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()

    @property
    def blanks(self) -> frozenset[str]:
        return self.needs | self.may


def _phrase(key: str, about: str, needs: str = "", may: str = "") -> Phrase:
    return Phrase(key, about, frozenset(needs.split()), frozenset(may.split()))


CATALOGUE: tuple[Phrase, ...] = (
    _phrase("language", "The language's own name, as a list of languages shows it"),
    _phrase("home_words", "How families name it as their language at home, with commas between"),
    _phrase("months", "The twelve months as they stand within a date, with commas between"),
    _phrase("date", "A date", "day month year"),
    _phrase("title", "The heading of the letter", "child"),
    _phrase("greeting", "The greeting", "guardian"),
    _phrase("intro", "Who took pictures when and where, and who looked at them", "child day", "hygienist site dentist practice"),
    _phrase("apart", "That the dentist did not meet the child; left out after a live reading", "child"),
    _phrase("heading_do", "Heading: what to do"),
    *(_phrase(f"{OUTCOME}{one.value}", f"What to do: {one.label.lower()}", "", "child") for one in Outcome),
    _phrase("by_when", "By which day", "day", "child"),
    _phrase("heading_seen", "Heading: what was seen"),
    _phrase("tooth", "One tooth and what was seen on it", "tooth condition"),
    *(_phrase(f"{CONDITION}{one.value}", f"On a tooth: {one.label.lower()}") for one in Condition),
    _phrase("see_words", "Where no tooth is marked: the dentist's own words tell it"),
    _phrase("heading_not_judged", "Heading: what could not be judged"),
    _phrase("limits", "That a picture does not show everything"),
    _phrase("unusable", "That some pictures could not be used"),
    _phrase("own_words", "Heading over the dentist's own words, which are in English"),
    _phrase("heading_call", "Heading: whom to call"),
    _phrase("call", "Whom to call, and which number to say", "phone case", "practice"),
    _phrase("at_once", "When to get help at once"),
    _phrase("page", "The foot of a page", "page pages"),
)  # fmt: skip

BY_KEY: Mapping[str, Phrase] = MappingProxyType({phrase.key: phrase for phrase in CATALOGUE})
SHIPPED: Mapping[str, Phrases] = MappingProxyType({"en": ENGLISH, "es": SPANISH})


def language_spoken(home: str, languages: Mapping[str, Phrases]) -> str:
    """The code of the language that a family named as its own, however it was typed; "en" where none of ours is meant."""
    said = home.strip().casefold()
    for code, phrases in languages.items():
        if any(said.startswith(word) for word in _words(phrases["home_words"])):
            return code
    return "en"


def _words(text: str) -> list[str]:
    return [word for part in text.split(",") if (word := part.strip().casefold())]
