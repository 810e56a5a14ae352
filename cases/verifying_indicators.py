"""Words on indicators against the timeline: each is the one that was said last of its indicator, and was not taken back."""

from collections.abc import Iterator

from cases.actions.indicators import said_content
from cases.models import Case, CaseEvent, IndicatorKey
from cases.verifying_told import told


def indicator_misfits(case: Case) -> Iterator[str]:
    last: dict[str, CaseEvent] = {
        event.details["key"]: event for event in told(case, "indicator_said", "indicator_taken_back")
    }
    standing = {key: event for key, event in last.items() if event.kind == "indicator_said"}
    rows = {row.key: row for row in case.said_indicators.all()}
    for key in sorted({*standing, *rows}):
        row, event = rows.get(key), standing.get(key)
        same = row is not None and event is not None and said_content(row) == event.details
        if not same or row is None or event is None or (row.said_by_id, row.said_at) != (event.person_id, event.at):
            yield f"{case.label}: what was said of {IndicatorKey(key).label.lower()} is not what the timeline tells."
