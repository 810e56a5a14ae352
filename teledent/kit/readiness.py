"""What must be true before this process should get requests. Rooms add their own; /readyz asks them all."""

from collections.abc import Callable

Check = Callable[[], str]
_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """`check` returns "" when all is well, else a few words on what is wrong (no contents). Raising counts as wrong."""
    _checks[name] = check


def problems() -> dict[str, str]:
    """Every check by name with its answer; "" means well."""
    return {name: _asked(check) for name, check in _checks.items()}


def _asked(check: Check) -> str:
    try:
        return check()
    except Exception as error:
        return type(error).__name__
