"""What a dentist orders of the hygienist: one thing on one tooth, until a day (CO-3)."""

import uuid
from collections.abc import Callable
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from cases import teeth
from cases.models.case import Case
from cases.models.review import PlanLine, Review
from cases.order_states import LIVE, ORDER_LABELS, OrderStatus
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person, Practice, Role


class OrderKind(models.TextChoices):
    """What can be ordered; what each needs stands in `cases.order_kinds`."""

    SEALANT = "sealant", "Seal"
    SILVER_FLUORIDE = "silver_fluoride", "Silver fluoride"
    FLUORIDE = "fluoride", "Fluoride varnish"
    BITEWINGS = "bitewings", "Take bitewings"
    PERIAPICAL = "periapical", "Take a periapical"


_ON_A_TOOTH = {
    OrderKind.SEALANT: "Seal {}",
    OrderKind.SILVER_FLUORIDE: "Silver fluoride on {}",
    OrderKind.PERIAPICAL: "Take a periapical of {}",
}


def ordered_in_words(kind: str, tooth: str, label: Callable[[str], str] = teeth.name) -> str:
    """ "Seal 3", "Take bitewings"; the tooth in plain words where it is not known who reads it."""
    known = OrderKind(kind)
    return _ON_A_TOOTH[known].format(label(tooth)) if tooth and known in _ON_A_TOOTH else str(known.label)


class OrderQuerySet(models.QuerySet["Order"]):
    def of_sites(self, actor: Actor) -> Self:
        """Orders on cases of the sites where she is a hygienist."""
        sites = actor.sites(Role.HYGIENIST)
        mine = self.filter(practice=actor.practice)
        return mine if sites is None else mine.filter(case__site__in=sites)

    def live(self) -> Self:
        """Open, or begun and not submitted yet; the one that has to be done first stands first."""
        return self.filter(status__in=LIVE).order_by("valid_until", "pk")

    def run_out(self, day: date) -> Self:
        """Open ones whose last day lies before `day`; what was begun in time may be finished."""
        return self.filter(status=OrderStatus.OPEN, valid_until__lt=day)


class Order(models.Model):
    """Status is written by `cases.order_moving` alone; what is ordered is frozen by trigger once it counts."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="orders")
    number = models.PositiveIntegerField()
    review = models.ForeignKey(Review, on_delete=models.PROTECT, null=True, blank=True, related_name="orders")
    plan_line = models.ForeignKey(PlanLine, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=20, choices=OrderKind)
    tooth = models.CharField(max_length=4, blank=True)  # neutral key
    reason = models.CharField(max_length=300)
    valid_until = models.DateField("Valid until")
    status = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in OrderStatus], default=OrderStatus.DRAFTED
    )
    ordered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ordered_by_name = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    counts_from = models.DateTimeField(null=True, blank=True)  # the signature of its review, or its own

    visit = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="visit_orders")
    accepted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_because = models.CharField(max_length=300, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "number"], name="order_number_once_in_practice"),
            models.UniqueConstraint(
                fields=["review", "kind", "tooth"], condition=Q(status="drafted"), name="order_drafted_once"
            ),
            models.UniqueConstraint(
                fields=["case", "kind", "tooth"], condition=Q(status__in=["open", "accepted"]), name="order_live_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in OrderStatus]), name="order_status_is_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=OrderKind.values), name="order_kind_is_known"),
            models.CheckConstraint(
                condition=Q(status="drafted", counts_from__isnull=True, review__isnull=False)
                | (~Q(status="drafted") & Q(counts_from__isnull=False)),
                name="order_counts_once_signed",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["accepted", "done"]) | Q(visit__isnull=False, accepted_by__isnull=False),
                name="order_begun_has_visit",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["refused", "cancelled"]) | ~Q(ended_because=""),
                name="order_ended_has_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["practice", "valid_until"],
                condition=Q(status__in=["open", "accepted"]),
                name="order_live",
            ),
            models.Index(fields=["visit"]),
        ]
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.label}, {ordered_in_words(self.kind, self.tooth)}"

    @property
    def label(self) -> str:
        """The number people say: TO-00012."""
        return f"TO-{self.number:05d}"

    @property
    def said(self) -> str:
        """How a service or a radiograph names it."""
        return f"Order {self.label} of {self.ordered_by_name}"[:120]

    @property
    def status_word(self) -> str:
        return ORDER_LABELS[OrderStatus(self.status)]
