"""A question that a dentist of another office asks by a link, whose patient it turns out to be, and the way back to her."""

import uuid
from datetime import date, datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from cases.models.case import Case
from cases.models.report import Report
from cases.models.sending import TRIES, OfSitesQuerySet
from cases.states import BILLABLE, ENDED_UNSIGNED, Status
from teledent.accounts.models import Person, Practice, Site
from teledent.kit import canonical

COLLECTED_FOR = timedelta(days=30)  # how long an answer lies ready
STANDS = BILLABLE  # signed, and not retracted
ENDED = ENDED_UNSIGNED | {Status.RETRACTED}
WHO = ("given_name", "family_name", "birth_date")


class ConsultationQuerySet(OfSitesQuerySet["Consultation"]):
    def standing(self) -> Self:
        """Neither revoked nor turned down nor locked."""
        return self.filter(revoked_at__isnull=True, closed_at__isnull=True, tries_left__gt=0)

    def unsent(self, at: datetime) -> Self:
        """Those by which something may still be asked."""
        return self.standing().filter(sent_at__isnull=True, expires_at__gt=at)

    def usable(self, at: datetime) -> Self:
        """Whose address opens: to ask, or to see how far the answer is and to collect it."""
        waiting = Q(sent_at__isnull=False, released_at__isnull=True)
        return self.standing().filter(
            Q(sent_at__isnull=True, expires_at__gt=at) | waiting | Q(released_at__gt=at - COLLECTED_FOR)
        )

    def to_take_up(self) -> Self:
        """Asked, and nobody has said yet whose patient it is; or the case in which somebody said so ended without a signature. A
        case that corrects a retracted one is begun again from that."""
        mine = self.filter(sent_at__isnull=False, revoked_at__isnull=True, closed_at__isnull=True)
        ended = Q(case__status__in=ENDED_UNSIGNED, case__follows__isnull=True)
        return mine.filter(Q(case__isnull=True) | ended)

    def under_way(self) -> Self:
        """With a case that goes on, and not answered by it."""
        unanswered = Q(released_at__isnull=True) | ~Q(report__case=F("case"))
        return self.filter(unanswered, case__isnull=False).exclude(case__status__in=ENDED)

    def answered(self) -> Self:
        """By its case as it stands: let out, whatever became of it."""
        return self.filter(released_at__isnull=False, report__case=F("case"))

    def to_answer(self) -> Self:
        """Signed, and nobody has let the answer out."""
        return self.under_way().filter(case__status__in=STANDS)


class Consultation(models.Model):
    """Only the hash of its token is kept. `said` is what she typed (`cases.consulting`); from sending on it stands still."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    colleague = models.CharField(max_length=60)  # to whom the practice gave the link
    office = models.CharField(max_length=80)
    phone = models.CharField(max_length=20)
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    tries_left = models.PositiveSmallIntegerField(default=TRIES)
    opened_at = models.DateTimeField(null=True, blank=True)  # first
    said = models.JSONField(default=dict)
    typed_in = models.CharField(max_length=22, blank=True)  # the browser in which it was typed, by a word of its own
    sent_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    # the one of its cases that answers it: another one once that ended unsigned, or was retracted and is corrected
    case = models.OneToOneField(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)  # turned down: no case, or one that ended unsigned
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_because = models.CharField(max_length=200, blank=True)

    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    released_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    collected_at = models.DateTimeField(null=True, blank=True)  # first, of what was let out last

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(case__isnull=True) | Q(sent_at__isnull=False),
                name="consultation_case_of_what_was_sent",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False, sent_at__isnull=True),
                name="consultation_revoked_unsent_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, closed_because="")
                | Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(closed_because=""),
                name="consultation_closed_by_someone_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by__isnull=True, report__isnull=True)
                | Q(released_at__isnull=False, released_by__isnull=False, report__isnull=False, case__isnull=False),
                name="consultation_released_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(collected_at__isnull=True) | Q(released_at__isnull=False),
                name="consultation_collected_what_was_released",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "made_at"], name="consultation_of_practice")]
        ordering: ClassVar = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"Question of {self.asker}"

    @property
    def asker(self) -> str:
        """Who asks, as she typed it; until then whom the practice gave the link."""
        return str(self.said.get("asker") or self.colleague)

    @property
    def sender(self) -> str:
        """As timelines name her."""
        return f"{self.asker} ({self.office}), by a link"

    @property
    def patient_name(self) -> str:
        """As she typed it; empty before she asked."""
        return " ".join(part for part in (self.said.get("given_name"), self.said.get("family_name")) if part)

    @property
    def birth_date(self) -> date | None:
        """As she typed it."""
        return date.fromisoformat(self.said["birth_date"]) if self.said.get("birth_date") else None

    def is_over(self, at: datetime) -> bool:
        """Whether the answer lay ready for long enough."""
        return self.released_at is not None and self.released_at <= at - COLLECTED_FOR

    @property
    def stamp(self) -> str:
        """Of which patient a page is that shows the question: it goes along with what the page sends, so that a page left open
        sends nothing under another name."""
        whom = {key: self.said.get(key, "") for key in WHO}
        return canonical.sha256_of({"question": self.public_id, "typed_in": self.typed_in, **whom})[:24]
