"""manage.py import_case FOLDER --site S --by E-MAIL [--case N]: a camera card or an imaging program's export."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from cases.importing.folder_import import DONE, import_folder
from cases.models import Case
from teledent.accounts.acting import Actor, actor_for
from teledent.accounts.models import Person, Role, Site
from teledent.files.storage import StorageFull, StorageUnavailable
from teledent.kit import clock


class Command(BaseCommand):
    help = (
        "Import a folder of pictures as a camera or an imaging program leaves it. Without --case only a radiograph that "
        "names a patient exactly goes to that patient's open case; the rest waits in the tray. Safe to run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="FOLDER", type=Path)
        parser.add_argument("--site", required=True, metavar="S", help="the site's name, or its public id")
        parser.add_argument("--by", required=True, metavar="E-MAIL", help="the hygienist who imports, at that site")
        parser.add_argument("--case", metavar="N", help="put every file into this case, such as TD-00017 or 17")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}. Nothing was imported.")
        site, actor = _site_and_actor(options["site"], options["by"])
        case = _case(options["case"], site) if options["case"] else None
        counted: Counter[str] = Counter()
        try:
            for row in import_folder(actor=actor, site=site, folder=folder, case=case, at=clock.now()):
                counted[row.outcome] += 1
                self.stdout.write(f"{row.outcome:<20} {row.name}{'  ' if row.sentence else ''}{row.sentence}")
        except StorageFull:
            raise CommandError(
                "The disk is nearly full. What was taken is safe; make room and run this again."
            ) from None
        except StorageUnavailable:
            raise CommandError("The file store does not answer. What was taken is safe; run this again.") from None
        self.stdout.write(
            ", ".join(f"{count} {outcome}" for outcome, count in counted.items()) or "The folder is empty."
        )
        if not DONE & counted.keys():
            raise CommandError("No file could be taken from this folder.")


def _site_and_actor(wanted: str, email: str) -> tuple[Site, Actor]:
    """The site of that name or id where the owner of the e-mail is a hygienist."""
    person = Person.objects.filter(email=email.casefold(), is_active=True).first()
    if person is None:
        raise CommandError(f"Nobody signs in as {email}. Nothing was imported.")
    public_id = _uuid(wanted)
    found = list(Site.objects.filter(public_id=public_id) if public_id else Site.objects.filter(name__iexact=wanted))
    if not found:
        raise CommandError(f"There is no site {wanted}. Nothing was imported.")
    here = [(site, actor) for site in found if (actor := _hygienist_at(person, site))]
    if len(here) != 1:
        reason = "name the site by its public id" if here else "ask a manager for the role, or name another site"
        raise CommandError(f"{email} cannot import at {wanted}: {reason}. Nothing was imported.")
    return here[0]


def _hygienist_at(person: Person, site: Site) -> Actor | None:
    actor = actor_for(person, practice_id=site.practice_id)
    mine = actor is not None and actor.practice.pk == site.practice_id and actor.at_site(Role.HYGIENIST, site.pk)
    return actor if mine else None


def _case(wanted: str, site: Site) -> Case:
    digits = wanted.upper().removeprefix("TD-")
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0
    case = Case.objects.filter(site=site, number=number).select_related("patient", "site").first()
    if case is None:
        raise CommandError(f"There is no case {wanted} at {site.name}. Nothing was imported.")
    return case


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
