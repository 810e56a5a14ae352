"""The screening indicators of a case: read from its rows, and as the facts that its submission freezes."""

from collections.abc import Iterable

from cases import dentition, questionnaires
from cases.indicators.computing import Indicator, Mouth, Word, indicators
from cases.layers import Marked
from cases.models import Case, IndicatorValue, Kind, PatientPlace
from cases.record_facts import IndicatorFact


def indicators_of(case: Case, marks: Iterable[Marked]) -> tuple[Indicator, ...]:
    """With the person's words; none of a case that is no screening. One query. `marks` are the hygienist's."""
    if case.kind != Kind.SCREENING:
        return ()
    rows = case.said_indicators.select_related("said_by")
    words = {
        row.key: Word(
            IndicatorValue(row.value), IndicatorValue(row.computed), row.reason, row.said_by.name, row.said_at
        )
        for row in rows
    }
    return indicators(mouth_of(case, marks), words)


def mouth_of(case: Case, marks: Iterable[Marked]) -> Mouth:
    """A patient at home sent pictures: nobody looked into the mouth."""
    return Mouth(
        marks=tuple(marks),
        age=dentition.age_in_years(case.patient.birth_date, case.day_seen),
        looked=case.patient_place == PatientPlace.SITE,
        stated=bool(case.answers.get("marks")),
        urgency=case.urgency,
        complaints=tuple(questionnaires.chosen(case.answers, "complaint")),
        red_flags=bool(questionnaires.red_flags(case.answers)),
    )


def indicator_facts(case: Case, marks: Iterable[Marked]) -> tuple[IndicatorFact, ...]:
    return tuple(fact_of(one) for one in indicators_of(case, marks))


def fact_of(one: Indicator) -> IndicatorFact:
    fact, word = one.computed, one.word
    said = (
        {"said_by": word.by, "said_at": word.at, "reason": word.reason, "computed_then": str(word.computed)}
        if word
        else {}
    )
    return IndicatorFact(str(one.key), str(one.value), str(fact.value), fact.teeth, fact.because, **said)  # type: ignore[arg-type]
