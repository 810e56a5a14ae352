"""A second read: another dentist's own opinion of one submitted version. It is signed, never billed, never of record."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from cases.models.case import Because, Case, Urgency
from cases.models.review import Outcome, Sufficiency
from cases.models.submission import Submission
from cases.states import BILLABLE, ENDED_UNSIGNED, Status
from teledent.accounts.models import Person

READ_SECOND = frozenset({Status.SUBMITTED, Status.IN_REVIEW, Status.NEEDS_INFO, *BILLABLE})  # what may be read twice


def hidden_cases(person: Person, *, of: str = "case") -> Q:
    """Which rows tell her, by the case that `of` names, what she is asked to judge for herself first (RE-2)."""
    reads = SecondRead.objects
    return Q((f"{of}__in", reads.hidden_from(person))) | Q((f"{of}__in", reads.visits_hidden_from(person)))


class SecondReadQuerySet(models.QuerySet["SecondRead"]):
    def open(self) -> "SecondReadQuerySet":
        return self.filter(signed_at__isnull=True)

    def unwritten(self) -> "SecondReadQuerySet":
        """Asked, and not a word saved yet."""
        return self.open().filter(saved_at__isnull=True)

    def hidden_from(self, person: Person) -> "models.QuerySet[SecondRead, int]":
        """The cases whose first reading she may not see yet (`cases.blinding`); lists leave them out.

        What ended unsigned, or was retracted, is read a second time no more: nothing of it is hidden from her.
        """
        over = [Status.RETRACTED, *ENDED_UNSIGNED]
        return self.open().filter(reader=person).exclude(case__status__in=over).values_list("case", flat=True)

    def visits_hidden_from(self, person: Person) -> "models.QuerySet[Case, int]":
        """The visits ordered on such a case, which `Case.objects.untold` leaves out."""
        ordered = Case.objects.filter(follows_because=Because.ORDER, follows__in=self.hidden_from(person))
        return ordered.values_list("pk", flat=True)

    def to_settle(self) -> "SecondReadQuerySet":
        """Both opinions are signed, they differ, and nobody has settled it."""
        return self.filter(differs_at__isnull=False, settlement__isnull=True)

    def to_settle_on(self, case: Case) -> list["SecondRead"]:
        return list(self.to_settle().filter(case=case).select_related("reader"))


class SecondRead(models.Model):
    """Asked of one dentist, written blind, frozen by trigger once `signed_at` is set but for the columns of the comparison."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="second_reads")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")
    reader = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    question = models.CharField("What is to be looked at", max_length=300)

    version = models.PositiveIntegerField(default=0)  # every write carries it: a stale page gets 409
    saved_at = models.DateTimeField(null=True, blank=True)
    evaluation = models.TextField("What was looked at", blank=True)
    conclusions = models.TextField("Conclusions", blank=True)
    advice = models.TextField("Advice", blank=True)
    limits = models.TextField("What could not be judged", blank=True)
    urgency = models.CharField("Urgency in your view", max_length=10, choices=Urgency, blank=True)
    sufficiency = models.CharField("These records are", max_length=20, choices=Sufficiency, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)

    signed_at = models.DateTimeField(null=True, blank=True)
    person_name = models.CharField(max_length=120, blank=True)
    licence = models.CharField(max_length=40, blank=True)
    content = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)

    differs_at = models.DateTimeField(null=True, blank=True)  # set once both are signed and say different things
    differs_in = models.CharField(max_length=200, blank=True)

    objects = SecondReadQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "reader"], name="second_read_once_by_reader"),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True) | ~Q(digest=""),
                name="second_read_signed_has_digest",
            ),
            models.CheckConstraint(
                condition=Q(differs_at__isnull=True) | Q(signed_at__isnull=False),
                name="second_read_differs_when_signed",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["reader"], condition=Q(signed_at__isnull=True), name="second_read_open"),
            models.Index(fields=["case"], condition=Q(differs_at__isnull=False), name="second_read_differs"),
        ]
        ordering: ClassVar = ["asked_at", "pk"]

    def __str__(self) -> str:
        return f"Second read of {self.case} by {self.reader}"


class Settlement(models.Model):
    """How the first reader settled a difference: in words, or by an addendum that says what changed. Only ever added."""

    second_read = models.OneToOneField(SecondRead, on_delete=models.PROTECT, related_name="settlement")
    at = models.DateTimeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=120)
    by_addendum = models.BooleanField()
    text = models.TextField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"Settled by {self.person_name}"
