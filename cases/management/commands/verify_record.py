"""manage.py verify_record [CASE]: recompute every chain and hash, and name what does not fit."""

from argparse import ArgumentParser
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.models import Case
from cases.verifying import misfits
from cases.verifying_papers import shared_misfits


class Command(BaseCommand):
    help = "Recompute the timeline's chain, signed contents and file hashes; exit 1 and name what does not fit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("case", nargs="?", help="A case number such as TD-00017; every case when left out.")

    def handle(self, *args: Any, **options: Any) -> None:
        cases = Case.objects.select_related("patient", "site", "practice").order_by("pk")
        if options["case"]:
            digits = options["case"].upper().removeprefix("TD-")
            cases = cases.filter(number=int(digits)) if digits.isdigit() else cases.none()
            if not cases.exists():
                raise CommandError(f"There is no case {options['case']}.")
        each = (sentence for case in cases.iterator(chunk_size=200) for sentence in misfits(case))
        checked, wrong = cases.count(), 0
        for sentence in chain(each, shared_misfits(cases)):
            wrong += 1
            self.stderr.write(sentence)
        if wrong:
            raise CommandError(
                f"{wrong} things do not fit in {checked} cases. Restore them from a backup; change nothing by hand."
            )
        self.stdout.write(f"{checked} cases verified: every chain, signature and file fits.")
