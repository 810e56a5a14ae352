"""The timeline of a case: append-only, each event carrying the hash of the one before."""

from typing import ClassVar

from django.db import models

from teledent.accounts.models import Person, Practice


class CaseEvent(models.Model):
    """One thing that happened to a case. The names are copied: they must read the same when a person has left."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    person_name = models.CharField(max_length=120)
    details = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "seq"], name="case_event_once_in_line")]
        ordering: ClassVar = ["case", "seq"]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


class Counter(models.Model):
    """The last human number given out, by practice and noun."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    noun = models.CharField(max_length=20)
    value = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["practice", "noun"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.noun} {self.value}"
