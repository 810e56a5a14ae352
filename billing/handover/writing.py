"""Records as JSON, CSV and Excel, each in blocks. A cell that begins like a formula stays text in all of them (edi.md 9)."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from billing.handover.record import FORMAT, Record
from teledent.kit.csv_cells import csv_blocks, text_cell

ROWS = 200  # of one block
SHEET_ROWS = 1_048_576  # what one sheet holds, its heading included
Read = Callable[[Record, Record], Any]

# heading: where it stands in the record of the claim and of the line. One row a line.
COLUMNS: dict[str, Read] = {
    "claim_id": lambda claim, line: claim["claim_id"],
    "status": lambda claim, line: claim["status"],
    "frequency": lambda claim, line: claim["frequency"],
    "replaces": lambda claim, line: claim["replaces"],
    "payer_claim_number": lambda claim, line: claim["payer_claim_number"],
    "case_number": lambda claim, line: claim["case_number"],
    "patient_account": lambda claim, line: claim["patient"]["account"],
    "patient_last_name": lambda claim, line: claim["patient"]["last_name"],
    "patient_first_name": lambda claim, line: claim["patient"]["first_name"],
    "patient_birth_date": lambda claim, line: claim["patient"]["birth_date"],
    "patient_sex": lambda claim, line: claim["patient"]["sex"],
    "payer_name": lambda claim, line: (claim["coverage"] or {}).get("payer_name"),
    "payer_id": lambda claim, line: (claim["coverage"] or {}).get("payer_id"),
    "sequence": lambda claim, line: (claim["coverage"] or {}).get("sequence"),
    "member_id": lambda claim, line: (claim["coverage"] or {}).get("member_id"),
    "group_number": lambda claim, line: (claim["coverage"] or {}).get("group_number"),
    "relationship": lambda claim, line: (claim["coverage"] or {}).get("relationship"),
    "subscriber_last_name": lambda claim, line: (claim["coverage"] or {}).get("subscriber", {}).get("last_name"),
    "subscriber_first_name": lambda claim, line: (claim["coverage"] or {}).get("subscriber", {}).get("first_name"),
    "billing_npi": lambda claim, line: claim["practice"]["npi"],
    "rendering_npi": lambda claim, line: (claim["rendering"] or {}).get("npi"),
    "rendering_last_name": lambda claim, line: (claim["rendering"] or {}).get("last_name"),
    "place_of_service": lambda claim, line: claim["place_of_service"],
    "diagnoses": lambda claim, line: " ".join(claim["diagnoses"]),
    "attachments": lambda claim, line: " ".join(claim["attachments"]),
    "line": lambda claim, line: line["number"],
    "line_control_number": lambda claim, line: line["control_number"],
    "service_date": lambda claim, line: line["service_date"],
    "code": lambda claim, line: line["code"],
    "tooth": lambda claim, line: line["tooth"],
    "surfaces": lambda claim, line: line["surfaces"],
    "area": lambda claim, line: line["area"],
    "quantity": lambda claim, line: line["quantity"],
    "charge": lambda claim, line: line["charge"],
    "claim_total": lambda claim, line: claim["total"],
    "modifiers": lambda claim, line: " ".join(line.get("modifiers", ())),
    "authorisation": lambda claim, line: line.get("authorisation"),
    "predetermination": lambda claim, line: line.get("predetermination"),
}
AMOUNTS = frozenset({"charge", "claim_total"})
COUNTS = frozenset({"line", "quantity"})


class TooManyRows(Exception):
    """More lines than one sheet holds."""


def rows(records: Iterable[Record]) -> Iterator[list[str]]:
    """A row of text for each line of each claim, in the order of COLUMNS; what is not known is empty."""
    for claim in records:
        for line in claim["lines"]:
            yield [_text(read(claim, line)) for read in COLUMNS.values()]


def as_json(records: Iterable[Record], *, at: datetime) -> Iterator[bytes]:
    """One object that docs/claims.schema.json describes, a claim at a time."""
    head = json.dumps({"format": FORMAT, "made_at": at.isoformat()})
    yield f'{head[:-1]}, "claims": ['.encode()
    for place, record in enumerate(records):
        yield ((",\n" if place else "\n") + json.dumps(record, sort_keys=True)).encode()
    yield b"\n]}\n"


def as_csv(records: Iterable[Record]) -> Iterator[bytes]:
    """A heading and a row for each line, UTF-8 with a byte order mark."""
    yield from csv_blocks(_headed(records), size=ROWS)


def write_xlsx(records: Iterable[Record], path: Path) -> None:
    """The same rows as one sheet at `path`, row by row. Raises TooManyRows."""
    options = {
        "constant_memory": True, "tmpdir": str(path.parent), "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet, money = book.add_worksheet("Claims"), book.add_format({"num_format": "0.00"})
        sheet.freeze_panes(1, 1)
        for at, row in enumerate(_headed(records)):
            if at >= SHEET_ROWS:
                raise TooManyRows
            for column, (name, text) in enumerate(zip(COLUMNS, row, strict=True)):
                if at and text and name in AMOUNTS:
                    sheet.write_number(at, column, float(Decimal(text)), money)  # Excel has no other number
                elif at and text and name in COUNTS:
                    sheet.write_number(at, column, int(text))
                elif text:
                    sheet.write_string(at, column, text_cell(text))


def _headed(records: Iterable[Record]) -> Iterator[list[str]]:
    yield list(COLUMNS)
    yield from rows(records)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
