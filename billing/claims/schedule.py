"""A payer's list of allowed amounts as people have it: pasted from a spreadsheet or a CSV file, the code first and dollars last."""

import csv
import re
from dataclasses import dataclass
from decimal import Decimal

MOST = 300  # lines
LARGEST = Decimal("99999.99")
CODE = re.compile(r"[DX][0-9]{4}")
AMOUNT = re.compile(r"([0-9]{1,6}|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]{1,2})?")
SPLIT = re.compile(r"\$?([0-9]{1,3},[0-9]{3}(\.[0-9]*)?|[0-9]{1,6},[0-9]{1,2})")  # one amount, or two cells
HEADINGS = ("code", "procedure", "procedure code")


@dataclass(frozen=True, slots=True)
class Priced:
    line: int  # as an editor counts
    code: str
    amount: Decimal  # dollars for one unit


@dataclass(frozen=True, slots=True)
class Fault:
    line: int
    sentence: str


def parse_schedule(text: str) -> tuple[tuple[Priced, ...], tuple[Fault, ...]]:
    """The lines that say a code and an amount, and what is wrong with the others. Never raises."""
    priced: dict[str, Priced] = {}
    faults: list[Fault] = []
    for number, line in enumerate(text.splitlines(), 1):
        mark = _mark(line)
        cells = _cells(line, mark)
        if not any(cells) or (number == 1 and cells[0].casefold() in HEADINGS):
            continue
        if len(priced) + len(faults) >= MOST:
            return tuple(priced.values()), (
                *faults,
                Fault(number, f"A list has {MOST} lines at most. Enter the rest apart."),
            )
        read = _read(number, cells, mark)
        if isinstance(read, Fault):
            faults.append(read)
        elif read.code in priced:
            faults.append(Fault(number, f"{read.code} stands in line {priced[read.code].line} already."))
        else:
            priced[read.code] = read
    if not priced and not faults:
        faults.append(Fault(1, "There is no line with a code and an amount."))
    return tuple(priced.values()), tuple(faults)


def _mark(line: str) -> str:
    """Tab where there is one, as a spreadsheet pastes; else semicolon, else comma."""
    return next((one for one in "\t;" if one in line), ",")


def _cells(line: str, mark: str) -> list[str]:
    try:
        return [one.strip() for one in next(csv.reader([line], delimiter=mark), [])]
    except csv.Error:
        return [line]


def _read(number: int, cells: list[str], mark: str) -> Priced | Fault:
    code, amount = cells[0].upper(), cells[-1].removeprefix("$").strip()
    if len(cells) < 2:
        return Fault(number, "A line has a code and an amount, with a comma or a tab between them.")
    both = ",".join(cells[-2:])
    if mark == "," and len(cells) > 2 and SPLIT.fullmatch(both):
        sentence = f"Is it {both} or {cells[-1]}? Write dollars as 48.50, thousands without a comma."
        return Fault(number, sentence)
    if not CODE.fullmatch(code):
        return Fault(number, f"“{cells[0][:20]}” is no code; write D or X and four digits.")
    if not AMOUNT.fullmatch(amount) or (dollars := Decimal(amount.replace(",", ""))) > LARGEST:
        return Fault(number, f"“{cells[-1][:20]}” is no amount in dollars; write it as 48.50.")
    return Priced(number, code, dollars.quantize(Decimal("0.01")))
