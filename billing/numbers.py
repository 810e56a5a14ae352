"""The ids that claims go out under: unique for ever, at most 20 signs, with a check digit against misreading."""


def claim_id(practice_id: int, number: int) -> str:
    """Like "TD3-000017-4": practice, the human number, and a Luhn digit over both. CLM01; payers cut after 20 signs."""
    return f"TD{practice_id}-{number:06d}-{luhn_digit(f'{practice_id}{number:06d}')}"


def request_id(practice_id: int, number: int) -> str:
    """Like "PA3-000012-5", built as a claim's: the practice's own number of a request to a payer, CLM01 of its file."""
    return f"PA{practice_id}-{number:06d}-{luhn_digit(f'{practice_id}{number:06d}')}"


def attachment_number(number: str, kind: str) -> str:
    """The attachment control number for one kind (RB, OZ) of a claim or request: its own number makes it unique for ever."""
    return f"{number}-{kind}"


def luhn_digit(digits: str) -> str:
    """The digit that makes the Luhn sum of `digits` and itself a multiple of ten."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 if place % 2 else 2)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)
