"""manage.py import_meanings FILE --practice NAME: the practice's own words for the codes of answers."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.actions.importing_meanings import import_meanings
from cases.actions.importing_codes import BadRows
from teledent.accounts.models import Practice


class Command(BaseCommand):
    help = "Import words for group codes, CARC and RARC from a CSV with the columns kind,code,text,from,to; all rows or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--practice", required=True, help="the practice's name")

    def handle(self, *args: Any, file: Path, practice: str, **options: Any) -> None:
        owner = Practice.objects.filter(name=practice).first()
        if owner is None:
            raise CommandError(f"No practice is called “{practice}”.")
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                count = import_meanings(practice=owner, lines=lines)
        except BadRows as bad:
            raise CommandError("Nothing was imported.\n" + "\n".join(bad.sentences)) from None
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The file could not be read as UTF-8 text ({type(error).__name__}).") from None
        self.stdout.write(f"{count} meanings are now the practice's own.")
