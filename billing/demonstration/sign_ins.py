"""The demonstration's one password, kept in DATA_DIR for its owner only, and the people it opens for."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from billing.demonstration.people import COLLEAGUES

FILE = "demonstration-password"
SYLLABLES = [first + vowel for first in "bdfghklmnprstvz" for vowel in "aeiou"]


def password_in(data_dir: Path) -> str:
    """The password of this folder's demonstration, made on the first call: three words that say nothing, 51 bits."""
    kept = data_dir / FILE
    if not kept.exists():
        words = ("".join(secrets.choice(SYLLABLES) for _ in range(3)) for _ in range(3))
        with os.fdopen(os.open(kept, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write("-".join(words) + "\n")
            file.flush()
            os.fsync(file.fileno())  # the people are made with it next: it may not be lost with the power
    return kept.read_text().strip()


def lines(password: str) -> Iterator[str]:
    """What is printed on each run."""
    width = max(len(colleague.email) for colleague in COLLEAGUES)
    yield "This is a demonstration: invented people, drawn pictures. Sign in with"
    for colleague in COLLEAGUES:
        yield f"  {colleague.email:<{width}}  {colleague.role.label:<11} {colleague.name}: {colleague.does}"
    yield f"  the password of all of them: {password}"
