"""The password asked again of somebody who is signed in: right, or wrong and counted across every process."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from teledent.accounts import trail
from teledent.accounts.models import PasswordTries, Person
from teledent.kit.decisions import Refused

LIMIT = settings.AXES_FAILURE_LIMIT  # as many as at sign-in
PAUSE = timedelta(hours=settings.AXES_COOLOFF_TIME)


class WrongPassword(Refused):
    """What was typed is not that person's password, or nobody looks at it just now."""


def confirm_password(person: Person, password: str, *, at: datetime) -> None:
    """Ask who is there. Raises WrongPassword; after LIMIT wrong ones in a row no password is looked at for PAUSE.

    Never call it inside a transaction: the refusal would roll the count back.
    """
    _take_a_try(person, at=at)
    if person.check_password(password):
        forgive(person)
        return
    trail.record("password-failed", noun="person", public_id=person.public_id, person=person, practice=None, at=at)
    _require_a_try(person, at=at)
    raise WrongPassword("The password is not right.")


def forgive(person: Person) -> None:
    """Forget the wrong passwords counted for this person."""
    PasswordTries.objects.filter(person=person).update(taken=0)


def _take_a_try(person: Person, *, at: datetime) -> None:
    """Spend one try before the password is looked at, so that requests sent at once share the same few."""
    tries, _ = PasswordTries.objects.get_or_create(person=person, defaults={"last_at": at})
    mine = PasswordTries.objects.filter(pk=tries.pk)
    mine.filter(last_at__lte=at - PAUSE).update(taken=0)
    if not mine.filter(taken__lt=LIMIT).update(taken=F("taken") + 1, last_at=at):
        _require_a_try(person, at=at)


def _require_a_try(person: Person, *, at: datetime) -> None:
    spent = PasswordTries.objects.filter(person=person, taken__gte=LIMIT).first()
    if spent is not None:
        minutes = max(1, -(-(spent.last_at + PAUSE - at) // timedelta(minutes=1)))
        raise WrongPassword(
            f"The password was wrong {LIMIT} times. Try again in {minutes} minute{'' if minutes == 1 else 's'}."
        )
