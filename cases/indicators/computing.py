"""The indicators of one screening, each with its value and the teeth that it was computed from. Pure.

Silence is never a finding (RE-6): "none seen" follows only where the hygienist looked into the mouth and said that she
marked what there was, or that there was nothing to mark. Pictures alone never give it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from cases import dentition, teeth
from cases.layers import Marked
from cases.models.case import URGENT, Urgency
from cases.models.finding import ABSENT, CARIES, Condition, Icdas
from cases.models.indicator import IndicatorKey as Key
from cases.models.indicator import IndicatorValue as Value

UNBROKEN = (Icdas.SOUND_OR_FIRST, Icdas.DISTINCT)  # decay that has not broken the enamel is none of the survey's
BROKEN = (Icdas.ENAMEL, Icdas.SHADOW, Icdas.CAVITY, Icdas.EXTENSIVE)
SEALED = (Condition.SEALANT, Condition.SEALANT_PARTIAL)  # partly lost is there; lost is not
PAINFUL = ("pain", "swelling")  # complaints that make a need urgent
CHOICES: Mapping[str, tuple[Value, ...]] = {
    Key.UNTREATED: (Value.YES, Value.NO, Value.CANNOT),
    Key.TREATED: (Value.YES, Value.NO, Value.CANNOT),
    Key.SEALANTS: (Value.YES, Value.NO, Value.NOT_APPLICABLE, Value.CANNOT),
    Key.URGENCY: (Value.URGENT, Value.EARLY, Value.NO_PROBLEM, Value.CANNOT),
    Key.PRIMARY_SEALANTS: (Value.YES, Value.NO, Value.NOT_APPLICABLE, Value.CANNOT),
    Key.ARRESTED: (Value.YES, Value.NO, Value.CANNOT),
}  # what a person may say instead
ABSENCES = (Value.NO, Value.NO_PROBLEM)  # said only by somebody who looked into the mouth
RESULTS: Mapping[str, tuple[Value, ...]] = {
    key: (Value.URGENT, Value.EARLY, Value.NO_PROBLEM) if key == Key.URGENCY else (Value.YES, Value.NO) for key in Key
}  # the values that are counted, the telling one first


@dataclass(frozen=True, slots=True)
class Mouth:
    """What the hygienist gathered of one child. `age` in years on the day seen."""

    marks: tuple[Marked, ...]
    age: float
    looked: bool  # on site and into the mouth, not at pictures from elsewhere
    stated: bool  # she said that teeth are marked, or that there was nothing to mark
    urgency: str = ""
    complaints: tuple[str, ...] = ()
    red_flags: bool = False

    def having(self, *conditions: Condition) -> tuple[str, ...]:
        return _ordered({one.tooth for one in self.marks if one.condition in conditions})


@dataclass(frozen=True, slots=True)
class Word:
    """What a person said of an indicator instead, and what was computed when she said it."""

    value: Value
    computed: Value
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Computed:
    """`teeth` are neutral keys; `because` says what else counted, or why there is no result."""

    value: Value
    teeth: tuple[str, ...] = ()
    because: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator as it stands: what was computed, and the person's word where she gave one."""

    key: Key
    computed: Computed
    word: Word | None = None

    @property
    def value(self) -> Value:
        return self.word.value if self.word else self.computed.value


def indicators(mouth: Mouth, words: Mapping[str, Word]) -> tuple[Indicator, ...]:
    """All seven, in the order in which they are shown. What follows from another one follows from a person's word on it. A word
    that there is none counts only where she looked into the mouth: the place of a case may be corrected after she said it."""
    words = {key: word for key, word in words.items() if mouth.looked or word.value not in ABSENCES}
    untreated = Indicator(Key.UNTREATED, _untreated(mouth), words.get(Key.UNTREATED))
    treated = Indicator(Key.TREATED, _treated(mouth), words.get(Key.TREATED))
    others = {
        Key.EXPERIENCE: experience(untreated, treated), Key.SEALANTS: _sealants(mouth, primary=False),
        Key.URGENCY: _urgency(mouth, untreated), Key.PRIMARY_SEALANTS: _sealants(mouth, primary=True),
        Key.ARRESTED: _arrested(mouth),
    }  # fmt: skip
    return (untreated, treated, *(Indicator(key, found, words.get(key)) for key, found in others.items()))


def _untreated(mouth: Mouth) -> Computed:
    """Decay that has broken the surface. What is only suspected, and silver fluoride without a filling, are hers to decide."""
    gone = mouth.having(*ABSENT)
    decayed = {one.tooth for one in mouth.marks if one.condition == Condition.DECAY and one.icdas not in UNBROKEN}
    if sure := decayed - set(gone):
        return Computed(Value.YES, _ordered(sure))
    doubtful = {one.tooth for one in mouth.marks if _is_doubtful(one)} | decayed
    if doubtful:
        return Computed(Value.CANNOT, _ordered(doubtful), "suspected, or treated with silver fluoride alone")
    return _nothing(mouth)


def _is_doubtful(mark: Marked) -> bool:
    if mark.condition == Condition.SUSPECTED:
        return mark.icdas not in UNBROKEN
    if mark.condition in CARIES:
        return mark.condition == Condition.WATCH and mark.icdas in BROKEN
    return mark.condition == Condition.SILVER_FLUORIDE


def _treated(mouth: Mouth) -> Computed:
    """A filling. A tooth that is missing may have been taken out for decay, or not: third molars apart, that is hers to say."""
    if filled := mouth.having(Condition.FILLING):
        return Computed(Value.YES, filled)
    missing = [key for key in mouth.having(Condition.MISSING) if key[2] != "8" and not teeth.is_extra(key)]
    if missing:
        return Computed(Value.CANNOT, tuple(missing), "why it is missing is not said")
    return _nothing(mouth)


def experience(untreated: Indicator, treated: Indicator) -> Computed:
    """Treated or untreated decay, as both stand."""
    both = (untreated, treated)
    found = [one for one in both if one.value == Value.YES]
    if found:
        return Computed(Value.YES, _ordered({key for one in found for key in one.computed.teeth}))
    values = {one.value for one in both}
    if values == {Value.NO}:
        return Computed(Value.NO)
    return Computed(Value.CANNOT if Value.CANNOT in values else Value.NOT_RECORDED, (), "as the two above")


def _sealants(mouth: Mouth, *, primary: bool) -> Computed:
    sealed = [key for key in mouth.having(*SEALED) if _is_molar(key, primary=primary)]
    if sealed:
        return Computed(Value.YES, tuple(sealed))
    if not any(_is_molar(key, primary=primary) for key in _standing(mouth)):
        kind = "primary" if primary else "permanent"
        return Computed(Value.NOT_APPLICABLE, (), f"no {kind} molar stands there at this age, or as marked")
    return _nothing(mouth)


def _is_molar(key: str, *, primary: bool) -> bool:
    return not teeth.is_extra(key) and key[2] in ("DE" if primary else "678")


def _standing(mouth: Mouth) -> list[str]:
    """Teeth that stand in the mouth: as marked, else as expected at this age."""
    said: dict[str, list[str]] = {}
    for one in mouth.marks:
        said.setdefault(one.tooth, []).append(one.condition)
    places = dentition.places(mouth.age, said)
    return [key for place in places for key, state in place.teeth if state not in ABSENT]


def _arrested(mouth: Mouth) -> Computed:
    """The chart has no sign for decay that stopped by itself, so its silence says nothing."""
    if treated := mouth.having(Condition.SILVER_FLUORIDE):
        return Computed(Value.YES, treated, "treated with silver fluoride")
    return Computed(Value.NOT_RECORDED, (), "marked only where silver fluoride was put")


def _urgency(mouth: Mouth, untreated: Indicator) -> Computed:
    """The highest that anything says: her own choice, what the child complains of, the marks."""
    swollen, broken = mouth.having(Condition.GUM_SWELLING), mouth.having(Condition.BROKEN)
    decayed = untreated.computed.teeth if untreated.value == Value.YES else ()
    if urgent := _reasons(
        ("a red flag", mouth.red_flags), ("swelling", swollen), ("pain or swelling told", _any_of(PAINFUL, mouth.complaints)),
        (f"chosen: {_chosen(mouth)}", mouth.urgency in URGENT),
    ):  # fmt: skip
        return Computed(Value.URGENT, swollen, urgent)
    if early := _reasons(
        ("untreated decay", untreated.value == Value.YES), ("a broken tooth", broken or _any_of(("broken",), mouth.complaints)),
        (f"chosen: {_chosen(mouth)}", mouth.urgency == Urgency.EARLY),
    ):  # fmt: skip
        return Computed(Value.EARLY, _ordered({*decayed, *broken}), early)
    if mouth.urgency != Urgency.ROUTINE:
        return Computed(Value.NOT_RECORDED, (), "how urgent it is was not chosen")
    if untreated.value == Value.NO and mouth.looked:
        return Computed(Value.NO_PROBLEM, (), f"chosen: {_chosen(mouth)}")
    left = Value.CANNOT if untreated.value == Value.CANNOT or not mouth.looked else Value.NOT_RECORDED
    return Computed(left, (), "as untreated decay")


def _chosen(mouth: Mouth) -> str:
    return Urgency(mouth.urgency).label.lower() if mouth.urgency else ""


def _any_of(wanted: Collection[str], said: Collection[str]) -> bool:
    return any(one in said for one in wanted)


def _reasons(*named: tuple[str, object]) -> str:
    return ", ".join(words for words, holds in named if holds)


def _nothing(mouth: Mouth) -> Computed:
    """Nothing of the kind was marked: a finding only where she looked, and said that she marked what there was."""
    if not mouth.looked:
        return Computed(Value.CANNOT, (), "pictures alone never show that there is none")
    if not mouth.stated:
        return Computed(Value.NOT_RECORDED, (), "not said whether all was marked")
    return Computed(Value.NO)


def _ordered(keys: Collection[str]) -> tuple[str, ...]:
    """As people walk the mouth: permanent teeth by their number, then primary ones."""
    order = list(teeth.universal_by_key())
    return tuple(sorted(keys, key=order.index))


def by_the_dentist(marks: tuple[Marked, ...]) -> dict[Key, Computed]:
    """What a dentist's signed marks show. She reads pictures: what she did not mark is never a "none seen"."""
    mouth = Mouth(marks, age=0, looked=False, stated=True)
    untreated, treated = Indicator(Key.UNTREATED, _untreated(mouth)), Indicator(Key.TREATED, _treated(mouth))
    sealed = tuple(key for key in mouth.having(*SEALED) if _is_molar(key, primary=False))
    none = Computed(Value.CANNOT, (), "not marked in the pictures")
    return {
        Key.UNTREATED: untreated.computed, Key.TREATED: treated.computed, Key.EXPERIENCE: experience(untreated, treated),
        Key.SEALANTS: Computed(Value.YES, sealed) if sealed else none,
    }  # fmt: skip
