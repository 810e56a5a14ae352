"""What the practice is owed and how payers answer, in figures: each report is one table, its chart and its CSV."""

from billing.figures.ageing import ageing
from billing.figures.answers import days_to_payment, denials, expected, reasons
from billing.figures.report import Maker
from billing.figures.ucr import ucr

REPORTS: dict[str, tuple[str, Maker]] = {
    "ageing": ("What is owed", ageing),
    "denials": ("Denial rate", denials),
    "reasons": ("Denial reasons", reasons),
    "days": ("Days to payment", days_to_payment),
    "expected": ("Paid against expected", expected),
    "ucr": ("UCR review", ucr),
}
