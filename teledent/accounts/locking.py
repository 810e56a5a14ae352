"""What django-axes counts failed sign-ins by: a name it can compare and nobody can read."""

from typing import Any

from axes.utils import reset
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def countable_name(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """The e-mail, in the one spelling the form gives it, as a keyed hash: people type passwords there, and no table keeps one."""
    typed = str((credentials or {}).get("username") or "")
    return salted_hmac("teledent.accounts.locking", typed).hexdigest()


def lift_lock(email: str) -> None:
    """Forget the failures counted for this e-mail, wherever they came from."""
    reset(username=countable_name(None, {"username": email}))
