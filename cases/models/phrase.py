"""What makes reading quick: sentences that the practice keeps, and how each person likes to read tooth numbers."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from cases import teeth
from teledent.accounts.models import Person, Practice


class PhraseSection(models.TextChoices):
    """The places of a review that a phrase is written for."""

    EVALUATION = "evaluation", "What was looked at"
    CONCLUSIONS = "conclusions", "Conclusions"
    ADVICE = "advice", "Advice"
    FOLLOW_UP = "follow_up", "Follow-up"
    WHAT = "what", "Plan: what to do"
    RATIONALE = "rationale", "Plan: why"


class Phrase(models.Model):
    """One sentence for one place of a review. Checked before it is kept, so that none promises health (RE-6)."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="phrases")
    section = models.CharField(max_length=20, choices=PhraseSection)
    text = models.CharField(max_length=300)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "section", "text"], name="phrase_once_a_section"),
            models.CheckConstraint(condition=Q(section__in=PhraseSection.values), name="phrase_section_is_known"),
        ]
        ordering: ClassVar = ["section", "pk"]

    def __str__(self) -> str:
        return self.text


class ReadingPreference(models.Model):
    """The numbering that a person reads teeth in. Claims and documents stay Universal whatever she chose."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="reading_preference")
    numbering = models.CharField(max_length=10, choices=list(teeth.NUMBERINGS.items()), default="universal")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(numbering__in=list(teeth.NUMBERINGS)), name="numbering_is_known")
        ]

    def __str__(self) -> str:
        return teeth.NUMBERINGS[self.numbering]
