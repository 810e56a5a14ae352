"""One letter as plain frozen data: from signed facts and the phrases of one language. Whoever lays it out adds nothing."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from cases import teeth
from cases.letters.catalogue import CONDITION, OUTCOME, RIGHT_TO_LEFT, Phrases
from cases.letters.phrasing import day_in, fill
from cases.report.facts import ReportFacts
from teledent.printing.moments import local_time


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom: the guardian, or the patient when nobody answers for her; `lines` of the address, empty when none is known."""

    name: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with paragraphs and a list. `quoted`: people's own words, in English."""

    heading: str
    texts: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class LetterDocument:
    """`foot` holds {page} and {pages}; the layout fills them."""

    language: str
    right_to_left: bool
    sender: tuple[str, ...]
    addressee: tuple[str, ...]
    dated: str
    case: str
    child: str
    title: str
    greeting: str
    intro: tuple[str, ...]
    parts: tuple[Part, ...]
    foot: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def letter_of(facts: ReportFacts, *, to: Addressee, phrases: Phrases, language: str) -> LetterDocument:
    """What the family is to know and do. What to do stands first: plain-language guidance asks for the action at the top."""
    child, review = facts.concluded["patient"]["name"], facts.concluded["review"]
    parts = (
        _to_do(review, child, phrases),
        _seen(review, phrases),
        _not_judged(facts, phrases),
        Part(phrases["own_words"], _own_words(review), quoted=True),
        Part(
            phrases["heading_call"],
            (
                fill(phrases["call"], practice=facts.practice[0], phone=facts.phone, case=facts.case),
                phrases["at_once"],
            ),
        ),
    )
    return LetterDocument(
        language=language, right_to_left=language in RIGHT_TO_LEFT, sender=facts.practice, addressee=(to.name, *to.lines),
        dated=day_in(phrases, local_time(facts.signed).date()), case=facts.case, child=child,
        title=fill(phrases["title"], child=child), greeting=fill(phrases["greeting"], guardian=to.name),
        intro=_intro(facts, child, phrases), parts=tuple(part for part in parts if part.texts or part.items), foot=phrases["page"],
    )  # fmt: skip


def _intro(facts: ReportFacts, child: str, phrases: Phrases) -> tuple[str, ...]:
    seen = day_in(phrases, date.fromisoformat(facts.concluded["day_seen"]))
    told = fill(
        phrases["intro"], child=child, day=seen, hygienist=facts.hygienist.name, site=facts.gathered["site"],
        dentist=facts.dentist.name, practice=facts.practice[0],
    )  # fmt: skip
    live = facts.concluded["review"]["no_live_contact"] is False
    first = () if facts.gathered.get("sent") else (told,)  # nobody of the practice took them, and the family knows
    return first if live else (*first, fill(phrases["apart"], child=child))


def _to_do(review: dict[str, Any], child: str, phrases: Phrases) -> Part:
    say = fill(phrases[f"{OUTCOME}{review['outcome']}"], child=child)
    by = review["outcome_by"]
    when = fill(phrases["by_when"], day=day_in(phrases, date.fromisoformat(by)), child=child) if by else ""
    return Part(phrases["heading_do"], tuple(text for text in (say, when) if text))


def _seen(review: dict[str, Any], phrases: Phrases) -> Part:
    marks = tuple(_marks(review["findings"], phrases))
    return Part(phrases["heading_seen"], () if marks else (phrases["see_words"],), marks)


def _marks(findings: Iterable[dict[str, str]], phrases: Phrases) -> Iterable[str]:
    for one in findings:
        condition = phrases[f"{CONDITION}{one['condition']}"]
        yield fill(phrases["tooth"], tooth=teeth.universal(one["tooth"]), condition=condition)


def _not_judged(facts: ReportFacts, phrases: Phrases) -> Part:
    review = facts.concluded["review"]
    known = {one["image"] for one in facts.concluded["images"]}
    unusable = any(not one["usable"] for one in review["views"] if one["image"] in known)
    return Part(phrases["heading_not_judged"], (phrases["limits"], *([phrases["unusable"]] if unusable else [])))


def _own_words(review: dict[str, Any]) -> tuple[str, ...]:
    said = (review.get("answer", ""), review["conclusions"], review["advice"], review["limits"])
    return tuple(part.strip() for text in said for part in text.split("\n\n") if part.strip())
