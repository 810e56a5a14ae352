"""A roster against the children on file: who is new, who is known, and which rows a person has to look at. Pure.

A child is known by her names and her birth date together. Whatever agrees in part is doubtful: a twin, a sibling, a name
that changed, a pupil id of somebody else. A doubtful row does nothing before a person says who it is (ID-1). What is on
file is filled in where it is empty and never written over; grade and room are the school's to say.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from cases.events import columns as c
from teledent.accounts.models import State
from teledent.kit.clock import day_in_words
from teledent.kit.csv_cells import day_in
from teledent.kit.text import names_nothing, search_key

NEW, LEAVE = "new", "leave"  # what a person may say of a doubtful row beside the child it is
OLDEST = 120  # years
ZIP = re.compile(r"\d{5}(-?\d{4})?")
STATES = {search_key(name): str(state) for state in State for name in (state.value, state.label)}
LENGTHS = {
    c.GIVEN: 60, c.FAMILY: 60, c.IN_USE: 60, c.PUPIL: 30, c.GRADE: 10, c.ROOM: 20, c.LANGUAGE: 40, c.STREET: 55, c.CITY: 30,
    c.PHONE: 20, c.GUARDIAN: 120, c.RELATION: 40, c.GUARDIAN_PHONE: 20, c.PAYER: 60, c.MEMBER: 80,
    c.SUBSCRIBER: 120,
}  # fmt: skip
FIELDS = {  # what is filled in on the patient where it is empty
    c.SEX: "sex", c.IN_USE: "preferred_name", c.PUPIL: "pupil_id", c.LANGUAGE: "language", c.PHONE: "phone",
    c.STREET: "street", c.CITY: "city", c.STATE: "state", c.ZIP: "zip_code",
}  # fmt: skip


class Verdict(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    DOUBTFUL = "doubtful"
    WRONG = "wrong"
    LEFT = "left"  # a person said so


@dataclass(frozen=True, slots=True)
class Known:
    """A child on file. `said` has her columns as text; `listed`: she is on this list already."""

    public_id: UUID
    given: str
    family: str
    in_use: str
    born: date
    said: Mapping[str, str]
    guardians: tuple[str, ...] = ()
    listed: bool = False
    was: tuple["Known", ...] = ()  # rows that were merged into hers, as they were written

    @property
    def name(self) -> str:
        return f"{self.in_use or self.given} {self.family}"


@dataclass(frozen=True, slots=True)
class Taking:
    """What a row does when it is taken on: `child` None makes a patient of these names; `details` fill empty columns."""

    child: UUID | None
    given: str
    family: str
    born: date
    details: Mapping[str, str]
    grade: str
    room: str
    guardian: Mapping[str, str] | None = None  # to add
    insurance: Mapping[str, str] = field(default_factory=dict)  # columns of INSURANCE that say something


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one row; one that is doubtful, wrong or left has no `taking`."""

    number: int
    name: str
    verdict: Verdict
    sentence: str = ""
    child: Known | None = None
    may_be: tuple[Known, ...] = ()
    changes: tuple[tuple[str, str, str], ...] = ()  # column, on file, in the sheet
    remarks: tuple[str, ...] = ()
    taking: Taking | None = None


Written = tuple[Known, Known]  # a child, and her names and birth date as they stand or once stood
Row = Mapping[str, str]
Rows = Sequence[tuple[int, Row]]


def compare(rows: Rows, known: Sequence[Known], *, meant: Mapping[str, str], today: date) -> list[Line]:
    """A line for each row, in their order. `meant` has what a person said of doubtful rows, by number."""
    people, sheet = _People(known), _Sheet(rows)
    lines = [_line(number, row, people, sheet, meant.get(str(number), ""), today) for number, row in rows]
    return _each_child_once(lines)


class _People:
    """The children on file, found by what a row can say of them."""

    def __init__(self, known: Sequence[Known]) -> None:
        self.by_born: dict[date, list[Written]] = {}
        self.by_names: dict[tuple[str, str], list[Written]] = {}
        self.by_pupil: dict[str, list[Known]] = {}
        for child in known:
            for written in (child, *child.was):
                self._add(child, written)

    def _add(self, child: Known, written: Known) -> None:
        self.by_born.setdefault(written.born, []).append((child, written))
        for given in {search_key(written.given), search_key(written.in_use)} - {""}:
            self.by_names.setdefault((given, search_key(written.family)), []).append((child, written))
        if pupil := search_key(written.said.get(c.PUPIL, "")):
            self.by_pupil.setdefault(pupil, []).append(child)

    def like(self, row: Row, born: date) -> tuple[list[Known], list[Known], list[Known]]:
        """Those with both names and the birth date; those with the pupil id; those who agree in part."""
        given, family = search_key(row[c.GIVEN]), search_key(row[c.FAMILY])
        named = self.by_names.get((given, family), [])
        exact = _once(child for child, written in named if written.born == born)
        same_id = self.by_pupil.get(search_key(row.get(c.PUPIL, "")), [])
        same_day = (child for child, written in self.by_born.get(born, []) if _shares_a_name(written, given, family))
        alike = _once((*(child for child, _ in named), *same_day, *same_id))
        return exact, same_id, [child for child in alike if child not in exact]


def _shares_a_name(child: Known, given: str, family: str) -> bool:
    return search_key(child.family) == family or given in (search_key(child.given), search_key(child.in_use))


class _Sheet:
    """What the rows say of one another: the same child twice, twins."""

    def __init__(self, rows: Rows) -> None:
        self.people = Counter(_identity(row) for _, row in rows)
        self.pupils = Counter(search_key(row.get(c.PUPIL, "")) for _, row in rows)
        self.families = Counter(_family(row) for _, row in rows)

    def says_twice(self, row: Row) -> str:
        if self.people[_identity(row)] > 1:
            return "This child stands in the sheet more than once. Keep the row that is meant."
        pupil = search_key(row.get(c.PUPIL, ""))
        return (
            "This pupil id stands in more than one row. Keep it where it belongs."
            if pupil and self.pupils[pupil] > 1
            else ""
        )

    def has_twin(self, row: Row) -> bool:
        return self.families[_family(row)] > 1


def _identity(row: Row) -> tuple[str, str, date | None]:
    return search_key(row[c.GIVEN]), *_family(row)


def _family(row: Row) -> tuple[str, date | None]:
    """Of one name and born on one day, however it is written."""
    return search_key(row[c.FAMILY]), day_in(row[c.BORN])


def _line(number: int, row: Row, people: _People, sheet: _Sheet, meant: str, today: date) -> Line:
    name = _name(row)
    born = day_in(row[c.BORN])
    wrong = _wrong(row, born, today) or sheet.says_twice(row)
    if wrong or born is None:
        return Line(number, name, Verdict.WRONG, wrong)
    remarks = ("A twin stands in the sheet too.",) if sheet.has_twin(row) else ()
    exact, same_id, partly = people.like(row, born)
    doubt = _doubt(row, exact, same_id, partly)
    may_be = tuple(_once((*exact, *partly)))
    if not doubt:
        return _taken(number, row, born, exact[0] if exact else None, remarks=remarks)
    chosen = next((child for child in may_be if str(child.public_id) == meant), None)
    if meant == LEAVE:
        return Line(number, name, Verdict.LEFT, doubt, may_be=may_be)
    if chosen or meant == NEW:
        return _taken(number, row, born, chosen, remarks=(doubt, *remarks), may_be=may_be)
    return Line(number, name, Verdict.DOUBTFUL, doubt, may_be=may_be, remarks=remarks)


def _name(row: Row) -> str:
    return f"{row[c.GIVEN]} {row[c.FAMILY]}".strip()


def _doubt(row: Row, exact: Sequence[Known], same_id: Sequence[Known], partly: Sequence[Known]) -> str:
    """Why a person has to say who this is; empty where names and birth date say it, or where nobody is like her."""
    if len(exact) > 1:
        return "More than one child on file has this name and birth date. Who is it?"
    if exact:
        other_id = exact[0].said.get(c.PUPIL) and row.get(c.PUPIL) and exact[0] not in same_id
        stranger = next((child for child in same_id if child is not exact[0]), None)
        if stranger:
            return f"The pupil id is on file for {stranger.name}. Who is it?"
        return f"On file with another pupil id, {exact[0].said[c.PUPIL]}. The same child?" if other_id else ""
    if same_id:
        return f"The pupil id is on file for {same_id[0].name}, born {day_in_words(same_id[0].born)}. The same child?"
    if partly:
        return f"Like {partly[0].name}, born {day_in_words(partly[0].born)}. The same child, a twin, a sibling?"
    return ""


def _wrong(row: Row, born: date | None, today: date) -> str:
    if not all(any(sign.isalpha() for sign in row[column]) for column in (c.GIVEN, c.FAMILY)):  # Na and Ok are names
        return "Given name or family name is missing."
    if born is None:
        return "The date of birth cannot be read. Write it as 1/31/2018 or 2018-01-31."
    if not today.year - OLDEST <= born.year or born > today:
        return f"{day_in_words(born)} is no date of birth."
    if c.sex_in(row.get(c.SEX, "")) is None:
        return f"“{row[c.SEX]}” cannot be read as a sex. Write F, M or leave it empty."
    too_long = next((name for name, most in LENGTHS.items() if len(row.get(name, "")) > most), "")
    return f"{too_long} is longer than {LENGTHS[too_long]} characters." if too_long else ""


def _taken(
    number: int, row: Row, born: date, child: Known | None, *, remarks: tuple[str, ...], may_be: tuple[Known, ...] = ()
) -> Line:
    """A row that does something, or nothing where all of it is on file."""
    name = _name(row)
    on_file = child.said if child else {}
    details = _to_fill(row, on_file)
    remarks = (*remarks, *_not_taken(row, on_file))
    changes = _changes(row, on_file, details) if child else ()
    guardian = _guardian(row, child)
    taking = Taking(
        child.public_id if child else None, row[c.GIVEN], row[c.FAMILY], born, details, row.get(c.GRADE, ""), row.get(c.ROOM, ""), guardian,
        {column: row[column] for column in c.INSURANCE if row.get(column)},
    )  # fmt: skip
    if child is None:
        return Line(number, name, Verdict.NEW, may_be=may_be, remarks=remarks, taking=taking)
    if guardian:
        changes = (*changes, (c.GUARDIAN, "", guardian["name"]))
    news = bool(changes) or not child.listed
    verdict = Verdict.CHANGED if news else Verdict.SAME
    return Line(
        number, name, verdict, child=child, may_be=may_be, changes=changes, remarks=remarks,
        taking=taking if news or taking.insurance else None,
    )  # fmt: skip


def _to_fill(row: Row, on_file: Row) -> dict[str, str]:
    """Columns of the patient that are empty on file and said here; of an address the whole, where there is none."""
    said = {column: row.get(column, "") for column in FIELDS if column not in c.ADDRESS}
    said[c.SEX] = (c.sex_in(row.get(c.SEX, "")) or "").replace("U", "")
    if not any(on_file.get(column) for column in c.ADDRESS):
        said |= _address(row) or {}
    return {column: value for column, value in said.items() if value and not on_file.get(column)}


def _address(row: Row) -> dict[str, str] | None:
    """Street, city, state and ZIP code as patients keep them; {} where the row says none, None where it cannot be read."""
    said = {column: row.get(column, "") for column in c.ADDRESS}
    if not any(said.values()):
        return {}
    state = STATES.get(search_key(said[c.STATE]), "")
    readable = said[c.STREET] and said[c.CITY] and state and ZIP.fullmatch(said[c.ZIP])
    return {**said, c.STATE: state} if readable else None


def _not_taken(row: Row, on_file: Row) -> tuple[str, ...]:
    """What the row says and the file does not take over, so that a person may."""
    texts = (column for column in FIELDS if column not in (c.SEX, *c.ADDRESS))
    differing = [column for column in texts if _differs(row.get(column, ""), on_file.get(column, ""))]
    said = [f"{column} on file is another and stays: {on_file[column]}." for column in differing]
    sex = c.sex_in(row.get(c.SEX, ""))
    if sex != "U" and _differs(sex or "", on_file.get(c.SEX, "")):
        said.append(f"Sex on file is another and stays: {on_file[c.SEX]}.")
    if _address(row) is None:
        said.append("The address cannot be read whole (street, city, state, ZIP code) and is left out.")
    return tuple(said)


def _changes(row: Row, on_file: Row, details: Row) -> tuple[tuple[str, str, str], ...]:
    school = [
        (column, on_file.get(column, ""), row[column])
        for column in (c.GRADE, c.ROOM)
        if row.get(column) and row[column] != on_file.get(column, "")
    ]
    return (*school, *((column, "", value) for column, value in details.items()))


def _differs(said: str, on_file: str) -> bool:
    return bool(said and on_file) and search_key(said) != search_key(on_file)


def _guardian(row: Row, child: Known | None) -> dict[str, str] | None:
    """Somebody who is not on file for the child yet."""
    name = row.get(c.GUARDIAN, "")
    if names_nothing(name) or (child and search_key(name) in {search_key(one) for one in child.guardians}):
        return None
    relation = row.get(c.RELATION) or "Guardian"
    return {"name": name, "relationship": relation, "phone": row.get(c.GUARDIAN_PHONE, "")}


def _each_child_once(lines: Sequence[Line]) -> list[Line]:
    """Two rows that turn out to be one child on file, under her names old and new, say so and do nothing."""
    taken = Counter(line.taking.child for line in lines if line.taking and line.taking.child)
    again = "Another row is the same child on file. Keep the row that is meant."
    return [
        Line(line.number, line.name, Verdict.WRONG, again, child=line.child, may_be=line.may_be)
        if line.taking and line.taking.child and taken[line.taking.child] > 1
        else line
        for line in lines
    ]


def _once(children: Iterable[Known]) -> list[Known]:
    return list({child.public_id: child for child in children}.values())
