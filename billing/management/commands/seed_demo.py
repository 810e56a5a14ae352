"""manage.py seed_demo [--if-empty]: fill an empty database of this folder with the demonstration practice."""

import os
import shutil
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from billing.demonstration import sign_ins
from billing.demonstration.building import WIDTH, build_demonstration
from teledent.accounts.models import Person, Practice
from teledent.jobs import decoder, queue
from teledent.kit import clock
from teledent.serving import folder

UNFINISHED = "demonstration-unfinished"  # holds the instant that the stories count back from
SMALL = {"width": 480, "photographs": 2}


class Command(BaseCommand):
    help = (
        "Fill an empty database with a demonstration: invented people, drawn pictures, cases in every state. Only for a SQLite "
        "database of its own in DATA_DIR. A run that was interrupted is finished by the next one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="leave a database alone that holds anything else, without an error"
        )
        parser.add_argument("--small", action="store_true", help="fewer and smaller pictures, for a slow machine")
        parser.add_argument("--cases", type=int, help="only the first so many cases")

    def handle(self, *args: Any, **options: Any) -> None:
        os.umask(0o077)
        data_dir = Path(settings.DATA_DIR)
        reason = _reason_against(data_dir)
        if reason and options["if_empty"]:
            return
        if reason:
            raise CommandError(f"{reason} Nothing was changed.")
        if not _is_built(data_dir):
            self._build(data_dir, options)
        for line in sign_ins.lines(sign_ins.password_in(data_dir)):
            self.stdout.write(line)

    def _build(self, data_dir: Path, options: dict[str, Any]) -> None:
        try:
            held = folder.hold(data_dir / "serve.lock")
        except folder.Held as holder:
            raise CommandError(f"Teledent is running on {data_dir} (process {holder.holder}). Stop it first.") from None
        with held:
            at = _instant(data_dir / UNFINISHED)
            queue.requeue_orphans(owner_prefix="command:", at=clock.now())  # of a run that was killed
            shutil.rmtree(settings.SCRATCH_DIR, ignore_errors=True)  # its drawings; nobody else runs here
            build_demonstration(
                at=at, password=sign_ins.password_in(data_dir), cases=options["cases"], lanes=max(2, os.cpu_count() or 2), tell=self._tell,
                **(SMALL if options["small"] else {"width": WIDTH}),
            )  # fmt: skip
            decoder.stop()
            (data_dir / UNFINISHED).unlink()

    def _tell(self, progress: str) -> None:
        """One line that is written over on a screen; each tenth step elsewhere."""
        done, _, total = progress.rsplit(" ", 3)[1:]
        if self.stdout.isatty():
            self.stdout.write(f"\r{progress:<60}", ending="\n" if done == total else "")
        elif int(done) % 20 == 0 or done == total:
            self.stdout.write(progress)
        self.stdout.flush()


def _instant(marker: Path) -> datetime:
    """When the demonstration was begun: a run that goes on tells the same stories at the same times."""
    if not marker.exists():
        draft = marker.with_suffix(".part")
        draft.write_text(clock.now().isoformat())
        draft.replace(marker)
    return datetime.fromisoformat(marker.read_text())


def _is_built(data_dir: Path) -> bool:
    return Practice.objects.filter(is_demonstration=True).exists() and not (data_dir / UNFINISHED).exists()


def _reason_against(data_dir: Path) -> str:
    """Why this database is not one to fill; empty when it is."""
    name = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor != "sqlite" or not name.is_relative_to(data_dir):
        return "The demonstration fills only a SQLite database of its own in DATA_DIR."
    if Practice.objects.filter(is_demonstration=False).exists():
        return "This database holds a practice that is not the demonstration."
    if not Practice.objects.exists() and Person.objects.exists():
        return "This database holds people already."
    return ""
