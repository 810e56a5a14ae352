"""The letter of an appeal: composed, never written. Pure.

Every sentence about what happened is a `Fact` with the records that it rests on; one whose record is not among the
exhibits cannot be said. Somebody's words are quoted whole from a signed field that the desk chose. What the desk types
stands on a page of its own with its day, and is no evidence (CL-10).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from billing.appeals.admitting import Exhibit, Place, Record, exhibits
from billing.appeals.arguing import TEMPLATES
from billing.outcomes.classify import Outcome
from teledent.printing.moments import Moment

RECORD = "record"  # the key of the signed record


class Unsourced(ValueError):
    """What was to be said rests on no admissible record. `sentence` is for the person who asked."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Fact:
    """One sentence and the keys of all records that it rests on."""

    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quotable:
    """A signed field that may be quoted, as it was signed, with whose words they are."""

    key: str
    label: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Pair:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class AppealedLine:
    code: str
    day: date
    charge: str
    paid: str
    reasons: str


@dataclass(frozen=True, slots=True)
class Statement:
    text: str
    exhibits: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    label: str
    text: str
    exhibit: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the contents: one exhibit with when it was kept and its hash."""

    number: int
    title: str
    recorded: Moment
    sha256: str
    is_answer: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """All that is printed, shown and signed."""

    practice: tuple[str, ...]
    payer: tuple[str, ...]
    written_on: date
    level: str
    about: tuple[Pair, ...]
    denied: Moment
    lines: tuple[AppealedLine, ...]
    ask: str
    statements: tuple[Statement, ...]
    quotes: tuple[Quoted, ...]
    exhibits: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """What a letter is composed from: who writes to whom about what, and everything that could be said."""

    practice: tuple[str, ...]
    payer: tuple[str, ...]
    level: str
    about: tuple[Pair, ...]
    lines: tuple[AppealedLine, ...]
    outcome: Outcome
    records: tuple[Record, ...]
    answer: Record
    facts: Mapping[str, Fact]
    quotables: tuple[Quotable, ...]
    denied_on: datetime
    zone: str

    @property
    def exhibits(self) -> tuple[Exhibit, ...]:
        return exhibits(self.records, self.answer, self.denied_on)

    @property
    def may_quote(self) -> tuple[Quotable, ...]:
        """Signed fields that say something and whose record is admissible."""
        there = {one.record.key for one in self.exhibits}
        return tuple(one for one in self.quotables if one.text.strip() and one.source in there)


def compose(basis: Basis, *, quotes: Sequence[str], written_on: date) -> Letter:
    """The letter, with the signed fields named in `quotes`. Raises Unsourced when it would say what no exhibit shows."""
    listed, template = basis.exhibits, TEMPLATES.get(basis.outcome, TEMPLATES[Outcome.OTHER])
    numbers = {one.record.key: one.number for one in listed}
    if RECORD not in numbers:
        raise Unsourced("The review was signed after the payer had answered, so no record is older than the denial.")
    said = [basis.facts[name] for name in template.facts if name in basis.facts]
    return Letter(
        practice=basis.practice,
        payer=basis.payer,
        written_on=written_on,
        level=basis.level,
        about=basis.about,
        denied=Moment(basis.denied_on, basis.zone),
        lines=basis.lines,
        ask=template.ask,
        statements=tuple(state(fact, numbers) for fact in said if can_be_said(fact, numbers)),
        quotes=tuple(_quoted(basis, key, numbers) for key in quotes),
        exhibits=tuple(_listed(one, basis.zone) for one in listed),
    )


def can_be_said(fact: Fact, numbers: Mapping[str, int]) -> bool:
    """Whether each record that the sentence rests on is an exhibit; a sentence that rests on none never can."""
    return bool(fact.sources) and all(source in numbers for source in fact.sources)


def state(fact: Fact, numbers: Mapping[str, int]) -> Statement:
    """The sentence with its exhibits. Raises Unsourced when it has none."""
    if not can_be_said(fact, numbers):
        raise Unsourced("A statement of this letter rests on no record that is older than the denial.")
    return Statement(fact.text, tuple(dict.fromkeys(numbers[source] for source in fact.sources)))


def _quoted(basis: Basis, key: str, numbers: Mapping[str, int]) -> Quoted:
    found = next((one for one in basis.may_quote if one.key == key), None)
    if found is None:
        raise Unsourced("Only a signed field that is older than the denial can be quoted. Choose among those shown.")
    return Quoted(found.label, found.text, numbers[found.source])


def _listed(exhibit: Exhibit, zone: str) -> Listed:
    record = exhibit.record
    moment = Moment(record.recorded_at, zone)
    return Listed(exhibit.number, record.title, moment, record.sha256, record.place == Place.ANSWER)
