"""Identifiers with a check: NPI, TIN, ZIP."""

import re

TAXONOMY = re.compile(r"[0-9A-Z]{9}X")
ZIP = re.compile(r"\d{5}(-?\d{4})?")


def npi_is_valid(npi: str) -> bool:
    """Ten digits whose last is the Luhn check digit over '80840' + the first nine (45 CFR 162.406)."""
    if not re.fullmatch(r"[12]\d{9}", npi):
        return False
    total = 0
    for place, digit in enumerate(reversed("80840" + npi)):
        doubled = int(digit) * (2 if place % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def zip_has_plus_four(code: str) -> bool:
    """Whether a US ZIP code has all nine digits, as 837D loop 2010AA wants."""
    return bool(re.fullmatch(r"\d{5}-?\d{4}", code))
