"""manage.py export_claims --out DIR [--receiver NAME]: the same export as a click makes, done here and now."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.actions.exporting import start_export
from billing.models import Export, ExportState, Receiver
from teledent.files.storage import open_streaming
from teledent.jobs.performing import perform_here
from teledent.kit import clock
from teledent.kit.decisions import Refused

PATIENCE = 900.0  # seconds for one file: a worker may have it in hand


class Command(BaseCommand):
    help = "Write everything that is ready, one ZIP for each receiver, and copy it to a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", required=True, type=Path, help="folder for the ZIP files")
        parser.add_argument("--receiver", help="only this receiver, by its name")

    def handle(self, *args: Any, out: Path, receiver: str | None, **options: Any) -> None:
        receivers = Receiver.objects.select_related("practice").order_by("practice_id", "name")
        chosen = list(receivers.filter(name=receiver) if receiver else receivers)
        if not chosen:
            raise CommandError("No such receiver." if receiver else "No receiver is set up yet.")
        out.mkdir(parents=True, exist_ok=True)
        for one in chosen:
            self._export_all(one, out)

    def _export_all(self, receiver: Receiver, out: Path) -> None:
        """One file after the other, until nothing that was asked for is left."""
        try:
            export: Export | None = start_export(receiver, by=None, at=clock.now())
        except Refused as reason:
            self.stdout.write(f"{receiver}: {reason.sentence}")
            return
        while export is not None:
            export = _written(export)
            self.stdout.write(self._copied(export, receiver, out))
            export = Export.objects.filter(continues=export).first()

    def _copied(self, export: Export, receiver: Receiver, out: Path) -> str:
        if export.state == ExportState.EMPTY:
            return f"{receiver}: nothing was ready after the last check; the held claims say why."
        if export.file is None:
            raise CommandError(f"{receiver}: the file could not be written. The claims are ready still; see the log.")
        target = out / export.file_name
        part = target.with_name(f"{target.name}.part")
        with part.open("wb") as file:
            for block in open_streaming(export.file.key):
                file.write(block)
        part.replace(target)
        return f"{receiver}: {export.claim_count} claims, ${export.total}, {target}"


def _written(export: Export) -> Export:
    """Do the job here, unless a worker has it: then wait for that."""
    until = time.monotonic() + PATIENCE
    while export.state == ExportState.QUEUED and time.monotonic() < until:
        if not perform_here(export.job_id or 0):
            time.sleep(0.2)
        export = Export.objects.select_related("file", "receiver").get(pk=export.pk)
    return export
