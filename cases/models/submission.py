"""The hygienist's signature: each submit freezes one version of what she gathered (CA-6).

The first version of what a family sent by a link is signed by the sender: it names her and has no person and no licence.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from cases.models.case import Case
from teledent.accounts.models import Person


class Submission(models.Model):
    """A version never changes; answers to questions make a new one. `content` is canonical JSON, `digest` its hash."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="submissions")
    version = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    person_name = models.CharField(max_length=120)
    licence = models.CharField(max_length=40, blank=True)
    statement = models.CharField(max_length=20)  # version of the sentence signed under
    content = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "version"], name="submission_version_once"),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(licence=""), name="submission_licence_is_a_persons"
            ),
        ]
        ordering: ClassVar = ["case", "version"]

    def __str__(self) -> str:
        return f"Version {self.version}"
