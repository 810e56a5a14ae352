"""Imaging programs that send by themselves: into a folder that is watched, or over the network. Known ones only."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from teledent.accounts.models import Person, Practice, Site


class Way(models.TextChoices):
    FOLDER = "folder", "Into a watched folder"
    DICOM = "dicom", "Over the network (DICOM)"


class ImagingProgramQuerySet(models.QuerySet["ImagingProgram"]):
    def sending(self) -> Self:
        """Those from which files are still taken."""
        return self.filter(stopped_at__isnull=True)

    def calling(self, title: str, address: str) -> Self:
        """The one that calls itself `title` from this address, if anybody entered it."""
        return self.sending().filter(way=Way.DICOM, ae_title=title, address=address)

    def of_others(self, caller: "ImagingProgram") -> Self:
        """Callers of other practices with its title and address, stopped ones included: a machine that was never told so goes
        on sending, and its pictures are not this practice's."""
        same = self.filter(way=Way.DICOM, ae_title=caller.ae_title, address=caller.address)
        return same.exclude(practice=caller.practice)


class ImagingProgram(models.Model):
    """One sender of one site. What it sends waits in that site's tray until a person places it (ID-2)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="imaging_programs")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    way = models.CharField(max_length=6, choices=Way)
    folder = models.CharField(max_length=60, blank=True)  # a name below the practice's own folder in the inbox
    ae_title = models.CharField(max_length=16, blank=True)  # as the program calls itself
    address = models.GenericIPAddressField(null=True, blank=True, unpack_ipv4=True)
    looked = models.JSONField(default=dict)  # what lay in the folder at the last look, as `watching` says
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ImagingProgramQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(way="folder", ae_title="", address__isnull=True) & ~Q(folder=""))
                | (Q(way="dicom", folder="", address__isnull=False) & ~Q(ae_title="")),
                name="imaging_program_by_its_way",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, stopped_by__isnull=True)
                | Q(stopped_at__isnull=False, stopped_by__isnull=False),
                name="imaging_program_stopped_by_whom",
            ),
            models.UniqueConstraint(
                fields=["practice", "folder"],
                condition=Q(way="folder", stopped_at__isnull=True),
                name="imaging_program_folder_once",
            ),
            models.UniqueConstraint(
                fields=["ae_title", "address"],
                condition=Q(way="dicom", stopped_at__isnull=True),
                name="imaging_program_caller_once",
            ),
        ]
        ordering: ClassVar = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def below_inbox(self) -> str:
        """The path of its folder: each practice has its own, so that none reads another's by naming it alike."""
        return f"{self.practice.public_id}/{self.folder}"

    @property
    def where(self) -> str:
        """The folder below the inbox, or title and address."""
        return self.below_inbox if self.folder else f"{self.ae_title} at {self.address}"
