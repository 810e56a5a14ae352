"""What became of the advice: one row each time somebody told the family or tried to (CH-2), and where that leaves the case."""

from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from cases.models.case import Case, Urgency
from cases.models.consent import ConsentScope, Scope
from cases.models.review import Outcome
from cases.models.second import SecondRead
from cases.states import BILLABLE, ENDED_UNSIGNED, Status
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person, Practice


class FollowUpStep(models.TextChoices):
    LETTER = "letter", "The letter was handed over or posted"
    TOLD = "told", "The family was told"
    TRIED = "tried", "Tried, not reached"
    BOOKED = "booked", "An appointment was made"
    MISSED = "missed", "The appointment was missed"
    ATTENDED = "attended", "The appointment was attended"
    DECLINED = "declined", "The family declined"


class Proof(models.TextChoices):
    OFFICE_NOTE = "office_note", "Note of the dental office"
    TREATMENT_RECORD = "treatment_record", "Treatment record"
    SEEN_BY_US = "seen_by_us", "Seen by us"
    UNSTATED = "unstated", "Not stated"  # rows from before proof was asked for; nobody can choose it


class FollowUp(models.Model):
    """One step; added to, never changed (a guard)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="follow_ups")
    step = models.CharField(max_length=10, choices=FollowUpStep)
    told_to = models.CharField("Who", max_length=120)
    how = models.CharField("How", max_length=60)
    happened_at = models.DateTimeField("When")
    booked_for = models.DateTimeField("Appointment on", null=True, blank=True)
    place = models.CharField("Appointment where", max_length=120, blank=True)
    proof = models.CharField("What proves it", max_length=20, choices=Proof, blank=True)
    note = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(step__in=FollowUpStep.values), name="follow_up_step_is_known"),
            models.CheckConstraint(
                condition=Q(step="attended", proof__in=Proof.values) | ~Q(step="attended") & Q(proof=""),
                name="follow_up_attended_has_proof",
            ),
            models.CheckConstraint(
                condition=Q(step="booked") | Q(booked_for__isnull=True, place=""), name="follow_up_place_is_booked"
            ),
        ]
        ordering: ClassVar = ["happened_at", "pk"]

    def __str__(self) -> str:
        return self.get_step_display()


class Again(models.TextChoices):
    YEAR = "year", "A year after the day seen"
    SCHOOL_YEAR = "school_year", "When the next school year begins"


class FollowUpPlan(models.Model):
    """What a practice promises its families, and when it stops trying. A practice without a row has the defaults."""

    practice = models.OneToOneField(Practice, on_delete=models.PROTECT, related_name="follow_up_plan")
    urgent_hours = models.PositiveSmallIntegerField(
        "Urgent children are seen within hours", default=48, validators=[MinValueValidator(1), MaxValueValidator(336)]
    )
    other_weeks = models.PositiveSmallIntegerField(
        "All others within weeks", default=6, validators=[MinValueValidator(1), MaxValueValidator(52)]
    )
    most_tries = models.PositiveSmallIntegerField(
        "Unreachable after tries in a row", default=3, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    again = models.CharField("Look again", max_length=12, choices=Again, default=Again.YEAR)
    school_year_starts = models.PositiveSmallIntegerField(
        "Month in which the school year begins", default=8, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )

    def __str__(self) -> str:
        return f"Follow-up of {self.practice}"


class AftercareQuerySet(models.QuerySet["Aftercare"]):
    def visible_to(self, actor: Actor) -> Self:
        """Of the cases that she may see and need not be blind to (RE-2): the list tells what was concluded."""
        seen = self.filter(case__in=Case.objects.visible_to(actor).values("pk"), practice=actor.practice)
        return seen.exclude(case__in=SecondRead.objects.hidden_from(actor.person))

    def to_do(self) -> Self:
        """Signed, neither closed nor retracted."""
        return self.filter(case__status=Status.SIGNED)

    def to_look_again(self) -> Self:
        """The newest signed case of a patient who has no later case under way, and whose family agrees to teledentistry and did
        not take that back (`cases.consents_now.taken_back`)."""
        at_once = Q(opened_at=OuterRef("case__opened_at"), pk__gt=OuterRef("case"))  # of one who was merged
        later = Case.objects.filter(
            Q(opened_at__gt=OuterRef("case__opened_at")) | at_once, patient=OuterRef("case__patient")
        )
        counted = later.exclude(status__in=[*ENDED_UNSIGNED, Status.RETRACTED])
        answers = ConsentScope.objects.of_outer_case().filter(scope=Scope.TELEDENTISTRY)
        newest = answers.oldest_first().reverse()
        known = self.annotate(
            agreed=Subquery(newest.values("given")[:1]), withdrawn=Subquery(newest.values("withdrawn_at")[:1])
        )
        agreeing = known.filter(agreed=True, withdrawn__isnull=True)
        return agreeing.filter(case__status__in=BILLABLE).filter(~Exists(counted))


class Aftercare(models.Model):
    """Where the follow-up of a signed case stands: worked out from the signature and the steps by `cases.aftercare`."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="aftercare")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12)
    outcome = models.CharField(max_length=20, choices=Outcome)
    urgency = models.CharField(max_length=10, choices=Urgency, blank=True)
    urgent = models.BooleanField()
    settled = models.BooleanField()  # nothing is left but to close
    tries = models.PositiveSmallIntegerField(default=0)
    booked_for = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    again_on = models.DateField()

    objects = AftercareQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(settled=True, due_at__isnull=True) | Q(settled=False, due_at__isnull=False),
                name="aftercare_due_until_settled",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "settled", "due_at"])]

    def __str__(self) -> str:
        return f"Follow-up of {self.case}"
