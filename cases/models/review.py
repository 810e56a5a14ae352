"""The dentist's reading: a draft that belongs to its writer, then a signature that freezes it."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from cases import view_labels
from cases.models.asset import Asset
from cases.models.case import Case, Urgency
from cases.models.submission import Submission
from teledent.accounts.models import Person


class Sufficiency(models.TextChoices):
    SCREENING = "screening", "Enough for a screening"
    LIMITED = "limited", "Enough for a limited evaluation"
    COMPREHENSIVE = "comprehensive", "Enough for a comprehensive evaluation"
    NOT_ASSESSABLE = "not_assessable", "Cannot be assessed from these records"


class Outcome(models.TextChoices):
    RECALL = "recall", "Look again at the next regular date"
    IN_PERSON = "in_person", "See a dentist in person"
    REFER = "refer", "Refer to a specialist"
    EMERGENCY = "emergency", "Emergency care now"


class Told(models.TextChoices):
    TOLD = "told", "Told"
    PENDING = "pending", "Still to be told"


class Review(models.Model):
    """Content of one reading by one dentist of one submitted version. Frozen by trigger once `signed_at` is set."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reviews")
    writer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0)  # every write carries it: a stale page gets 409
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)

    answer = models.TextField("Answer to the question", blank=True)  # of a second opinion (CA-1)
    evaluation = models.TextField("What was looked at", blank=True)
    conclusions = models.TextField("Conclusions", blank=True)
    advice = models.TextField("Advice", blank=True)
    limits = models.TextField("What could not be judged", blank=True)
    limits_offered = models.JSONField(default=dict, blank=True)  # the sentences last offered, by id (cases.limits)
    urgency = models.CharField("Dentist's urgency", max_length=10, choices=Urgency, blank=True)
    sufficiency = models.CharField("These records are", max_length=20, choices=Sufficiency, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    outcome_by = models.DateField("By when", null=True, blank=True)
    follow_up = models.TextField("Follow-up", blank=True)
    told = models.CharField("The family", max_length=10, choices=Told, blank=True)
    told_to = models.CharField("Who was told", max_length=120, blank=True)
    told_how = models.CharField("How", max_length=60, blank=True)
    told_at = models.DateTimeField("When", null=True, blank=True)
    next_step = models.CharField("Next step", max_length=200, blank=True)
    next_step_on = models.DateField("On", null=True, blank=True)
    why = models.CharField("Why store-and-forward", max_length=20, blank=True)
    why_text = models.CharField(max_length=300, blank=True)

    # chosen at signing (RE-3, RE-4)
    evaluation_code = models.CharField(max_length=5, blank=True)
    no_live_contact = models.BooleanField(null=True)
    not_same_building = models.BooleanField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "writer", "submission"], name="review_once_by_writer_and_version"),
            models.UniqueConstraint(fields=["case"], condition=Q(signed_at__isnull=False), name="one_review_of_record"),
        ]

    def __str__(self) -> str:
        return f"Review of {self.case} by {self.writer}"


class ReviewDiagnosis(models.Model):
    """An ICD-10-CM code, for a tooth where it has one."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="diagnoses")
    code = models.CharField(max_length=8)
    gloss = models.CharField(max_length=120)
    tooth = models.CharField(max_length=4, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "code", "tooth"], name="review_diagnosis_once")
        ]
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.code


class PlanLine(models.Model):
    """One thing to do, why, and for which diagnosis."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="plan")
    tooth = models.CharField(max_length=4, blank=True)
    what = models.CharField("What to do", max_length=120)
    priority = models.PositiveSmallIntegerField(default=1)
    rationale = models.CharField("Why", max_length=300)
    diagnosis = models.ForeignKey(ReviewDiagnosis, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(priority__gte=1, priority__lte=9), name="plan_priority_one_to_nine")
        ]
        ordering: ClassVar = ["priority", "pk"]

    def __str__(self) -> str:
        return self.what


class ViewReading(models.Model):
    """Whether the dentist could use one view, and why not."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="views")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    usable = models.BooleanField()
    reason = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "asset"], name="view_read_once"),
            models.CheckConstraint(condition=Q(usable=True) | ~Q(reason=""), name="unusable_view_has_reason"),
        ]

    def __str__(self) -> str:
        return "usable" if self.usable else f"not usable: {self.reason}"


class Signature(models.Model):
    """Who signed what, under which licence, with a hash over the canonical content and all file hashes."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="signature")
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="signature")
    at = models.DateTimeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=120)
    npi = models.CharField(max_length=10, blank=True)
    licence_number = models.CharField(max_length=30)
    licence_state = models.CharField(max_length=2)
    encounter_code = models.CharField(max_length=5, blank=True)  # D9996, D9995 or none (CL-7)
    statement = models.CharField(max_length=20)
    content = models.JSONField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"Signed by {self.person_name}"


class Addendum(models.Model):
    """Later knowledge about a signed case, by a hygienist or dentist, signed by password; the signed text stays."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="addenda")
    at = models.DateTimeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=120)
    licence = models.CharField(max_length=40)
    text = models.TextField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"Addendum by {self.person_name}"


class RetractionReason(models.TextChoices):
    WRONG_PATIENT = "wrong_patient", "Wrong patient"
    WRONG_IMAGES = "wrong_images", "Wrong images"
    SIGNED_IN_ERROR = "signed_in_error", "Signed in error"


class Retraction(models.Model):
    """Marks a signed case as wrong (RE-5). The content stays readable; no unsent claim goes out."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="retraction")
    at = models.DateTimeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=120)
    reason = models.CharField(max_length=20, choices=RetractionReason)
    explanation = models.TextField()

    def __str__(self) -> str:
        return self.get_reason_display()


class InfoRequest(models.Model):
    """Questions of the dentist to the site, asked per view and field; the exchange is part of the record."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="requests")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="requests")
    at = models.DateTimeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"Question of {self.person}"


class InfoItem(models.Model):
    """One thing asked for: about a picture, a view that is missing, or an answer; and what came back."""

    request = models.ForeignKey(InfoRequest, on_delete=models.PROTECT, related_name="items")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    view = models.CharField(max_length=20, blank=True)
    field = models.CharField(max_length=40, blank=True)
    ask = models.CharField(max_length=300)
    answer = models.CharField(max_length=500, blank=True)
    cannot_supply = models.CharField(max_length=200, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.ask

    @property
    def wanted(self) -> view_labels.View | None:
        """The view that a new picture answers with; None where no picture is asked for."""
        view = self.view or (self.asset.view if self.asset else "")
        return view_labels.VIEWS[view] if view else None

    @property
    def wanted_mirrored(self) -> bool:
        """As the picture before was taken; a view that was missing, as it usually is (RE-7)."""
        if self.asset:
            return self.asset.mirrored
        return self.wanted is not None and self.wanted.usually_mirrored
