"""Where findings, diagnoses and plan contradict each other: ordered rules, each with an id, a sentence and its mend. Pure.

A rule is certain where no reading of the record makes both true; only then it stops the signature. The others are
shown beside the diagnosis, and the dentist decides.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cases.models.finding import ABSENT, CARIES, PRESENCE, Condition, Icdas
from cases.record_facts import DiagnosisFact, FindingFact, PlanFact

Label = Callable[[str], str]
CARIES_CODE, PIT, SMOOTH, BROKEN = "K02", "K02.5", "K02.6", "K08.53"
OF_ABSENCE = ("K00", "K01", "K08.1", "K08.4", "Z97")  # these may be said of a tooth that is not there
NOTHING_FOUND, SOMETHING_FOUND = "Z01.20", "Z01.21"
_DEEP = frozenset({Icdas.CAVITY, Icdas.EXTENSIVE})


@dataclass(frozen=True, slots=True)
class Chart:
    """What the rules read: the marks that stand (the dentist's over the hygienist's), diagnoses and plan."""

    findings: tuple[FindingFact, ...]
    diagnoses: tuple[DiagnosisFact, ...]
    plan: tuple[PlanFact, ...] = ()

    def on(self, tooth: str) -> tuple[FindingFact, ...]:
        return tuple(one for one in self.findings if one.tooth == tooth)

    def caries_surfaces(self, tooth: str) -> frozenset[str]:
        """Surfaces with decay on a tooth; empty where no surface was said, or of one mark it was not."""
        said = [one.surfaces for one in self.on(tooth) if one.condition in CARIES]
        return frozenset("".join(said)) if said and all(said) else frozenset()


@dataclass(frozen=True, slots=True)
class Mismatch:
    rule: str
    sentence: str
    mend: str
    certain: bool


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    certain: bool
    mend: str
    find: Callable[[Chart, Label], Iterable[str]]  # one sentence for each place where it is broken


def standing(hygienist: Sequence[FindingFact], dentist: Sequence[FindingFact]) -> tuple[FindingFact, ...]:
    """The marks that count: the dentist's, and the hygienist's on teeth of which the dentist said nothing.

    Whether a tooth is there is a question of its own, as in `dentition.missing_teeth`: only a word on that answers it.
    """
    answered = {one.tooth for one in dentist}
    placed = {one.tooth for one in dentist if one.condition in PRESENCE}
    left = (one for one in hygienist if one.tooth not in (placed if one.condition in PRESENCE else answered))
    return (*dentist, *left)


def mismatches(chart: Chart, label: Label) -> tuple[Mismatch, ...]:
    """All of them, in the order of the rules; `label` says how teeth are called."""
    return tuple(
        Mismatch(rule.id, sentence, rule.mend, rule.certain) for rule in RULES for sentence in rule.find(chart, label)
    )


def _nothing_found(chart: Chart, label: Label) -> Iterator[str]:
    caries = [one.code for one in chart.diagnoses if one.code.startswith(CARIES_CODE)]
    if caries and any(one.code == NOTHING_FOUND for one in chart.diagnoses):
        yield f"{NOTHING_FOUND} says that nothing abnormal was found, {caries[0]} says decay"


def _both_examinations(chart: Chart, label: Label) -> Iterator[str]:
    if {NOTHING_FOUND, SOMETHING_FOUND} <= {one.code for one in chart.diagnoses}:
        yield f"{NOTHING_FOUND} and {SOMETHING_FOUND} exclude each other"


def _absent_tooth(chart: Chart, label: Label) -> Iterator[str]:
    absent = {one.tooth: one.condition for one in chart.findings if one.condition in ABSENT}
    for one in chart.diagnoses:
        if one.tooth in absent and not one.code.startswith(OF_ABSENCE):
            state = Condition(absent[one.tooth]).label.lower()
            yield f"{one.code} is on {label(one.tooth)}, which is marked {state}"


def _smooth_on_pits(chart: Chart, label: Label) -> Iterator[str]:
    for one in chart.diagnoses:
        if one.code.startswith(SMOOTH) and one.tooth and chart.caries_surfaces(one.tooth) == {"O"}:
            yield f"{one.code} is a smooth surface, but {label(one.tooth)} is marked on the chewing surface only"


def _pits_on_smooth(chart: Chart, label: Label) -> Iterator[str]:
    for one in chart.diagnoses:
        surfaces = chart.caries_surfaces(one.tooth) if one.code.startswith(PIT) and one.tooth else frozenset()
        if surfaces and surfaces <= set("MD"):
            yield f"{one.code} is a pit or fissure, but {label(one.tooth)} is marked between the teeth only"


def _too_shallow(chart: Chart, label: Label) -> Iterator[str]:
    for one in chart.diagnoses:
        deep = any(mark.icdas in _DEEP for mark in chart.on(one.tooth))
        if one.code in ("K02.51", "K02.61") and deep:
            yield f"{one.code} stays in enamel, but {label(one.tooth)} has ICDAS 5 or 6"


def _too_deep(chart: Chart, label: Label) -> Iterator[str]:
    for one in chart.diagnoses:
        scores = {mark.icdas for mark in chart.on(one.tooth) if mark.condition in CARIES}
        if one.code in ("K02.52", "K02.53", "K02.62", "K02.63") and scores == {Icdas.SOUND_OR_FIRST}:
            yield f"{one.code} reaches dentine, but {label(one.tooth)} has ICDAS 0 or 1"


def _caries_without_tooth(chart: Chart, label: Label) -> Iterator[str]:
    for one in chart.diagnoses:
        if one.code.startswith((PIT, SMOOTH)) and not one.tooth:
            yield f"{one.code} names no tooth"


def _no_such_finding(chart: Chart, label: Label) -> Iterator[str]:
    for one in chart.diagnoses:
        wanted: tuple[Condition, ...] = CARIES if one.code.startswith(CARIES_CODE) else ()
        if one.code.startswith(BROKEN):
            wanted = (Condition.BROKEN, Condition.FILLING)
        if one.tooth and wanted and not any(mark.condition in wanted for mark in chart.on(one.tooth)):
            yield f"{one.code} is on {label(one.tooth)}, where nothing of that kind is marked"


def _undiagnosed(chart: Chart, label: Label) -> Iterator[str]:
    named = {one.tooth for one in chart.diagnoses}
    decayed = dict.fromkeys(mark.tooth for mark in chart.findings if mark.condition == Condition.DECAY)
    for tooth in decayed:
        if chart.diagnoses and tooth not in named:
            yield f"Decay is marked on {label(tooth)}, and no diagnosis names it"


def _planned_unseen(chart: Chart, label: Label) -> Iterator[str]:
    for line in chart.plan:
        if line.tooth and not chart.on(line.tooth):
            yield f"“{line.what}” is planned on {label(line.tooth)}, where nothing is marked"


def _planned_absent(chart: Chart, label: Label) -> Iterator[str]:
    for line in chart.plan:
        if line.tooth and any(mark.condition in ABSENT for mark in chart.on(line.tooth)):
            yield f"“{line.what}” is planned on {label(line.tooth)}, which is marked as not there"


def _planned_for_another(chart: Chart, label: Label) -> Iterator[str]:
    for line in chart.plan:
        teeth_of_it = {one.tooth for one in chart.diagnoses if one.code == line.diagnosis}
        if line.tooth and teeth_of_it and "" not in teeth_of_it and line.tooth not in teeth_of_it:
            yield f"“{line.what}” is planned on {label(line.tooth)} for {line.diagnosis}, which names another tooth"


RULES = (
    Rule("DX-1", True, "Take one of the two out.", _nothing_found),
    Rule("DX-2", True, "Take one of the two out.", _both_examinations),
    Rule("DX-3", True, "Correct the tooth, or its mark in the chart.", _absent_tooth),
    Rule("DX-4", True, "Choose a K02.5 code, or mark the surface.", _smooth_on_pits),
    Rule("DX-5", True, "Choose a K02.6 code, or mark the surface.", _pits_on_smooth),
    Rule("DX-6", False, "Look at the depth once more.", _too_shallow),
    Rule("DX-7", False, "Look at the depth once more.", _too_deep),
    Rule("DX-8", False, "Add the tooth.", _caries_without_tooth),
    Rule("DX-9", False, "Mark it, or correct the tooth.", _no_such_finding),
    Rule("DX-10", False, "Add a diagnosis.", _undiagnosed),
    Rule("PL-1", False, "Mark the tooth, or correct the line.", _planned_unseen),
    Rule("PL-2", False, "Correct the line, or the mark.", _planned_absent),
    Rule("PL-3", False, "Correct the tooth, or the diagnosis of the line.", _planned_for_another),
)
