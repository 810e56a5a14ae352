"""Which imaging programs send here. Nothing is taken from any other."""

import re
from datetime import datetime

from django.db import IntegrityError, transaction

from cases.models import ImagingProgram, Way
from cases.practice_permissions import may_in_practice
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.accounts.models import Site
from teledent.kit.decisions import Refused, require
from teledent.kit.text import printable

FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,59}", re.ASCII)
TITLE = re.compile(
    r"[!-\[\]-~](?:[ -\[\]-~]{0,14}[!-\[\]-~])?", re.ASCII
)  # PS3.5, VR AE: no backslash, no spaces around
FOLDER_SHAPE = "Name the folder by letters, digits, spaces, hyphens and underscores, 60 at most: room-2."
TITLE_SHAPE = "An AE title has 16 characters at most and no backslash: look it up in the program's DICOM settings."
ADDRESS_MISSING = "Enter the address of the machine from which the program calls, such as 192.168.1.40."
ANOTHERS = "Another practice has a program of this title and address. Give this one a title of its own."
TAKEN = "This is entered already. Stop the other one first, or choose another name."


def add_program(
    *,
    actor: Actor,
    site: Site,
    name: str,
    way: str,
    at: datetime,
    folder: str = "",
    ae_title: str = "",
    address: str = "",
) -> ImagingProgram:
    """Enter a program of one site, with what its `way` needs. Raises Refused with the sentence."""
    require(may_in_practice(actor, "imaging_programs"))
    if site.practice_id != actor.practice.pk:
        raise Refused("This site belongs to another practice.")
    program = ImagingProgram(
        practice=actor.practice, site=site, name=printable(name).strip()[:60], way=way, added_at=at, added_by=actor.person
    )  # fmt: skip
    if way == Way.FOLDER:
        program.folder = _fitting(FOLDER, folder, FOLDER_SHAPE)
    else:
        program.ae_title = _fitting(TITLE, ae_title, TITLE_SHAPE)
        if not address:
            raise Refused(ADDRESS_MISSING)
        program.address = address
        if ImagingProgram.objects.of_others(program).exists():
            raise Refused(ANOTHERS)
    try:
        with transaction.atomic():
            program.save(force_insert=True)
            _tell(actor, program, at=at)
    except IntegrityError:
        raise Refused(TAKEN) from None
    return program


@transaction.atomic
def stop_program(*, actor: Actor, program: ImagingProgram, at: datetime) -> None:
    """Nothing is taken from it any more; what it sent stays where it is."""
    require(may_in_practice(actor, "imaging_programs"))
    mine = ImagingProgram.objects.sending().filter(pk=program.pk, practice=actor.practice)
    if mine.update(stopped_at=at, stopped_by=actor.person):
        _tell(actor, program, at=at)


def _fitting(shape: re.Pattern[str], said: str, sentence: str) -> str:
    if not shape.fullmatch(said.strip()):
        raise Refused(sentence)
    return said.strip()


def _tell(actor: Actor, program: ImagingProgram, *, at: datetime) -> None:
    trail.record(
        "changed", noun="imaging program", public_id=program.public_id, person=actor.person, practice=actor.practice, at=at
    )  # fmt: skip
