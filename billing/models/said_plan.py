"""What a school's list says of a child's insurance: a hint for the front desk, never a plan."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from cases.models import Patient
from teledent.accounts.models import Person


class SaidPlanQuerySet(models.QuerySet["SaidPlan"]):
    def open(self) -> Self:
        """Not made into a plan and not set aside."""
        return self.filter(settled_at__isnull=True)


class SaidPlan(models.Model):
    """As the school wrote it. A person makes a plan of it from the card, or sets it aside."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="said_plans")
    payer = models.CharField(max_length=60, blank=True)
    member_id = models.CharField(max_length=80, blank=True)
    subscriber = models.CharField(max_length=120, blank=True)
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")  # who took the list on
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = SaidPlanQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(payer="", member_id=""), name="said_plan_says_something"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="said_plan_settled_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["patient", "payer", "member_id"],
                condition=Q(settled_at__isnull=True),
                name="said_plan_open_once",
            ),
        ]
        ordering: ClassVar = ["-said_at", "-pk"]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.payer, self.member_id) if part)
