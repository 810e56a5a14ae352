"""manage.py import_edi FILE... [--practice NAME]: what the drop zone does, done here and now."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.actions.receiving import receive_edi
from billing.models import EdiFile, EdiFileState, Remittance, RemittanceState
from teledent.accounts.models import Practice
from teledent.files.keeping import blocks_of
from teledent.jobs.models import Job
from teledent.jobs.performing import perform_here
from teledent.kit import clock

PATIENCE = 900.0  # seconds for one file: a worker may have it in hand


class Command(BaseCommand):
    help = "Read remittances and acknowledgements (835, 999, 277CA, TA1) and post what they say."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--practice", help="whose answers these are, by its name; needed where there are several")

    def handle(self, *args: Any, files: list[Path], practice: str | None, **options: Any) -> None:
        owner = _practice(practice)
        refused = False
        for path in files:
            try:
                file, is_new = receive_edi(owner, name=path.name, blocks=blocks_of(path), by=None, at=clock.now())
            except OSError as reason:
                raise CommandError(f"{path}: {reason.strerror or reason}") from reason
            file = _read(file)
            self._tell(file, is_new=is_new)
            refused = refused or file.state != EdiFileState.READ
        if refused:
            raise CommandError("Not every file could be read; what could be read is posted.")

    def _tell(self, file: EdiFile, *, is_new: bool) -> None:
        self.stdout.write(f"{file.name}: {file.get_state_display().lower()}{'' if is_new else ', imported before'}")
        if file.reason:
            self.stdout.write(f"  {file.reason}")
        for part in file.parts.select_related("remittance"):
            what = f"{part.kind or 'text'} at segment {part.segment}"
            remittance = getattr(part, "remittance", None)
            if remittance is not None:
                self.stdout.write(f"  {what}: {_told(remittance)}")
            else:
                self.stdout.write(f"  {what}: {part.get_state_display().lower()}. {part.reason}".rstrip())


def _told(remittance: Remittance) -> str:
    if remittance.state == RemittanceState.HELD:
        return f"check {remittance}, ${remittance.amount}: out of balance by ${remittance.out_by}, not posted"
    waiting = remittance.payments.waiting().count()
    left = f", {waiting} wait for a person" if waiting else ""
    return f"check {remittance}, ${remittance.amount}, {remittance.claim_count} claims posted{left}"


def _practice(name: str | None) -> Practice:
    practices = list(Practice.objects.filter(name=name) if name else Practice.objects.all()[:2])
    if len(practices) != 1:
        raise CommandError("No such practice." if name else "Say with --practice whose answers these are.")
    return practices[0]


def _read(file: EdiFile) -> EdiFile:
    """Do the file's jobs here, unless a worker has them: then wait for that."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        file = EdiFile.objects.select_related("file").get(pk=file.pk)
        jobs = _jobs_of(file)
        if not jobs:
            break
        if not any(perform_here(job) for job in jobs):
            time.sleep(0.2)
    return file


def _jobs_of(file: EdiFile) -> list[int]:
    """What is left to do: read the file, then post what it brought."""
    if file.state == EdiFileState.QUEUED:
        return [file.job_id or 0]
    posting = Remittance.objects.filter(part__file=file, state=RemittanceState.POSTING)
    names = [f"post:{pk}" for pk in posting.values_list("pk", flat=True)]
    return list(Job.objects.active().filter(dedupe_key__in=names).values_list("pk", flat=True))
