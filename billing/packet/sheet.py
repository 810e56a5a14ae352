"""From the claim data sheet's content to what its template lays out."""

from decimal import Decimal
from typing import Any

from billing.packet.content import DataSheetContent, ItemGroup, ServiceLine
from teledent.printing.moments import day_text

LINES_A_PAGE = 10


def sheet_data(content: DataSheetContent) -> dict[str, Any]:
    """All strings of the data sheet for ``data_sheet.typ``: the service lines cut into pages of at most ten."""
    lines = [_line(number, line) for number, line in enumerate(content.lines, start=1)]
    return {
        "practice": content.practice,
        "patient": content.patient,
        "case_number": content.case_number,
        "claim_number": content.claim_number,
        "before_lines": [_group(one) for one in content.before_lines],
        "line_pages": [lines[at : at + LINES_A_PAGE] for at in range(0, len(lines), LINES_A_PAGE)],
        "line_count": str(len(lines)),
        "other_fee": None if content.other_fee is None else money_text(content.other_fee),
        "total": money_text(content.total),
        "after_lines": [_group(one) for one in content.after_lines],
    }


def money_text(amount: Decimal) -> str:
    """Dollars with two decimals and nothing else, like "1250.00". Raises ValueError for a fraction of a cent: nothing
    is rounded.
    """
    cents = amount.quantize(Decimal("0.01"))
    if cents != amount:
        raise ValueError(f"{amount} has a fraction of a cent.")
    return f"{cents:f}"


def _group(group: ItemGroup) -> dict[str, Any]:
    items = [[one.number, one.label, one.value, one.blank_because] for one in group.items]
    return {"heading": group.heading, "items": items}


def _line(number: int, line: ServiceLine) -> list[str]:
    return [
        str(number),
        day_text(line.day),
        line.area,
        line.tooth_system,
        line.tooth,
        line.surface,
        line.code,
        line.diagnoses,
        str(line.quantity),
        line.description,
        money_text(line.fee),
    ]
