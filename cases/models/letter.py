"""Letters to families: their phrases by language, the runs that print them, and each letter as it was printed."""

import uuid
from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from cases.models.case import Case
from teledent.accounts.models import Person, Practice, Site
from teledent.files.models import StoredFile

LANGUAGE_CODE = RegexValidator(r"^[a-z]{2,3}\Z", "Two or three small letters, as in the web: uk, vi, so, hmn.")


class PrintState(models.TextChoices):
    QUEUED = "queued", "Being made"
    DONE = "done", "Made"
    FAILED = "failed", "Could not be made"


class LetterLanguage(models.Model):
    """A practice's own phrases of one language: a language that does not ship, or other words for one that does."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="letter_languages")
    code = models.CharField("Code", max_length=3, validators=[LANGUAGE_CODE])
    phrases = models.JSONField()
    saved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "code"], name="letter_language_once_in_practice")
        ]
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return str(self.phrases.get("language", self.code))


class LetterRun(models.Model):
    """One printing: one letter, or those of a school day, in one PDF. Each printing is a row, by whom and when.

    `left_out` names cases for which nothing was printed, each with the reason.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    day = models.DateField("Day seen")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=3, blank=True)  # empty: each family's own
    state = models.CharField(max_length=10, choices=PrintState, default=PrintState.QUEUED)
    total = models.PositiveSmallIntegerField(default=0)
    written = models.PositiveSmallIntegerField(default=0)
    left_out = models.JSONField(default=list)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    requested_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    handed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    handed_at = models.DateTimeField(null=True, blank=True)
    handed_how = models.CharField("How", max_length=60, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(handed_at__isnull=True, handed_by__isnull=True, handed_how="")
                | Q(handed_at__isnull=False, handed_by__isnull=False) & ~Q(handed_how=""),
                name="letters_handed_by_someone_somehow",
            ),
            models.CheckConstraint(
                condition=Q(state="done", file__isnull=False) | ~Q(state="done") & Q(file__isnull=True),
                name="letters_done_have_their_file",
            ),
        ]
        ordering: ClassVar = ["-requested_at", "-pk"]

    def __str__(self) -> str:
        return f"Letters of {self.day}, {self.site}"

    @property
    def file_name(self) -> str:
        """Names nobody: a case's number, or the day."""
        return f"{self.case.label}_letter.pdf" if self.case else f"letters_{self.day:%Y-%m-%d}.pdf"


class Letter(models.Model):
    """One letter as it was printed: to whom, in which language, and its words (`cases.letters.letter`)."""

    run = models.ForeignKey(LetterRun, on_delete=models.PROTECT, related_name="letters")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters")
    number = models.PositiveSmallIntegerField()
    addressee = models.CharField(max_length=200)
    language = models.CharField(max_length=3)
    document = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "case"], name="letter_once_in_a_run")]
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"Letter {self.number} to {self.addressee}"
