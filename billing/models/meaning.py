"""What a reason code says, in the practice's own words: dated rows that stand before the built-in ones."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from teledent.accounts.models import Practice


class MeaningKind(models.TextChoices):
    GROUP = "group", "Group"
    CARC = "carc", "Reason of an adjustment"
    RARC = "rarc", "Remark"


class CodeMeaning(models.Model):
    """Imported by `manage.py import_meanings`; texts of the lists that X12 keeps are never shipped."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=5, choices=MeaningKind)
    code = models.CharField(max_length=5)
    text = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "kind", "code", "valid_from"], name="code_meaning_once_a_day"),
            models.CheckConstraint(condition=Q(kind__in=MeaningKind.values), name="code_meaning_kind_is_known"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
                name="code_meaning_ends_after_it_begins",
            ),
        ]
        ordering: ClassVar = ["kind", "code", "valid_from"]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"
