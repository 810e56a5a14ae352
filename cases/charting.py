"""The chart as plain data: four quadrants of places, each tooth with its state in words and its marks in two layers. Pure."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from cases import dentition, teeth
from cases.layers import Marked, differs
from cases.models.finding import ABSENT, CARIES, PRESENCE, Condition, Icdas

QUADRANTS = {
    "UR": "Upper right",
    "UL": "Upper left",
    "LR": "Lower right",
    "LL": "Lower left",
}  # as one looks at a patient


@dataclass(frozen=True, slots=True)
class Tooth:
    """One control of the chart."""

    key: str
    label: str
    name: str
    state: Condition
    hygienist: tuple[Marked, ...]
    dentist: tuple[Marked, ...]
    differs: bool
    column: int  # 0 to 15 from the patient's right
    row: int  # 0 and below: the upper jaw and second teeth of its places; 10 and below: the lower one

    @property
    def is_primary(self) -> bool:
        return teeth.is_primary(self.key)

    @property
    def is_front(self) -> bool:
        return teeth.is_front(self.key)

    @property
    def is_absent(self) -> bool:
        return self.state in ABSENT

    @property
    def spoken(self) -> str:
        """'L, lower left primary first molar, present. Hygienist: decay, occlusal. You: decay, distal. Differs.'"""
        layers = [("Hygienist", self.hygienist), ("You", self.dentist)]
        said = [f"{who}: {'; '.join(map(in_words, marks))}." for who, marks in layers if marks]
        return " ".join([self.head, *said, *(["Differs."] if self.differs else [])])

    @property
    def caries(self) -> Marked | None:
        """The mark that an ICDAS score given now belongs to: the dentist's own, else the hygienist's."""
        return next((mark for mark in (*self.dentist, *self.hygienist) if mark.condition in CARIES), None)

    @property
    def head(self) -> str:
        return f"{self.label}, {self.name}, {self.state.label.lower()}."

    @property
    def marked(self) -> str:
        """What one layer alone says, for Capture."""
        return "; ".join(map(in_words, self.hygienist))


@dataclass(frozen=True, slots=True)
class Quadrant:
    key: str
    label: str
    rows: tuple[
        tuple[Tooth | None, ...], ...
    ]  # the main tooth of each place; then second and third ones, where there are
    marked: int
    differing: int

    @property
    def summary(self) -> str:
        """What the button of the quadrant says beside its name."""
        counted = f"{self.marked} marked" if self.marked else "nothing marked"
        return f"{counted}, {self.differing} differ" if self.differing else counted


def in_words(mark: Marked) -> str:
    """'decay, occlusal and distal, ICDAS 4'."""
    where = " and ".join(teeth.SURFACES.get(letter, letter) for letter in mark.surfaces)
    score = f"ICDAS {Icdas(mark.icdas).label.lower()}" if mark.icdas else ""
    return ", ".join(part for part in (Condition(mark.condition).label.lower(), where, score) if part)


def chart(
    hygienist: Collection[Marked],
    dentist: Collection[Marked] = (),
    *,
    age: float,
    label: Callable[[str], str],
    also: str = "",
) -> tuple[Quadrant, ...]:
    """All four quadrants; `also` is a tooth to show although nobody said anything of it yet."""
    hers, own = _by_tooth(hygienist), _by_tooth(dentist)
    said = {key: _conditions(hers.get(key, ()), own.get(key, ())) for key in {*hers, *own}}
    found: dict[str, list[tuple[dentition.Place, tuple[tuple[str, Condition], ...]]]] = {key: [] for key in QUADRANTS}
    for place in dentition.places(age, said):
        found[place.key[:2]].append((place, _with(place, also, age)))
    return tuple(_quadrant(key, found[key], hers, own, label) for key in QUADRANTS)


def _with(place: dentition.Place, also: str, age: float) -> tuple[tuple[str, Condition], ...]:
    if also and dentition.place_of(also) == place.key and also not in dict(place.teeth):
        return (*place.teeth, (also, dentition.expected(also, age)))
    return place.teeth


def _by_tooth(marks: Iterable[Marked]) -> dict[str, tuple[Marked, ...]]:
    found: dict[str, tuple[Marked, ...]] = {}
    for mark in marks:
        found[mark.tooth] = (*found.get(mark.tooth, ()), mark)
    return found


def _conditions(hygienist: Iterable[Marked], dentist: Iterable[Marked]) -> tuple[str, ...]:
    """What is said of one tooth. Whether it is there is the dentist's word, where she gave one."""
    own = [mark.condition for mark in dentist]
    decided = any(one in PRESENCE for one in own)
    hers = [mark.condition for mark in hygienist if not (decided and mark.condition in PRESENCE)]
    return (*own, *hers)


def _quadrant(
    key: str,
    places: list[tuple[dentition.Place, tuple[tuple[str, Condition], ...]]],
    hers: dict[str, tuple[Marked, ...]],
    own: dict[str, tuple[Marked, ...]],
    label: Callable[[str], str],
) -> Quadrant:
    is_right = key.endswith("R")
    first_column, first_row = (0 if is_right else 8), (10 if key.startswith("L") else 0)
    ordered = sorted(places, key=lambda one: int(one[0].key[2]), reverse=is_right)
    depth = max(len(standing) for _, standing in ordered)
    rows: list[list[Tooth | None]] = [[None] * len(ordered) for _ in range(depth)]
    for number, (_, standing) in enumerate(ordered):
        for at, (one, state) in enumerate(standing):
            rows[at][number] = _tooth(one, state, hers, own, label, first_column + number, first_row + at)
    drawn = [tooth for row in rows for tooth in row if tooth]
    marked = sum(bool(tooth.hygienist or tooth.dentist) for tooth in drawn)
    differing = sum(tooth.differs for tooth in drawn)
    return Quadrant(key, QUADRANTS[key], tuple(map(tuple, rows)), marked, differing)


def _tooth(
    key: str,
    state: Condition,
    hers: dict[str, tuple[Marked, ...]],
    own: dict[str, tuple[Marked, ...]],
    label: Callable[[str], str],
    column: int,
    row: int,
) -> Tooth:
    one, other = hers.get(key, ()), own.get(key, ())
    return Tooth(key, label(key), teeth.name(key), state, one, other, differs(one, other), column, row)
