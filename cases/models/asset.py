"""A file of a case: what it is said to show, what came in, what the decoder found, and what was made from it."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from cases import view_labels
from cases.models.case import Case
from cases.models.consultation import Consultation
from cases.models.program import ImagingProgram
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person, Practice, Role, Site
from teledent.files.models import StoredFile


class AssetState(models.TextChoices):
    DECLARED = "declared", "On its way"
    RECEIVED = "received", "Being examined"
    EXAMINED = "examined", "In"
    REFUSED = "refused", "Not usable"
    FAILED = "failed", "Could not be examined"
    STRUCK = "struck", "Struck off"


class AssetQuerySet(models.QuerySet["Asset"]):
    def counted(self) -> Self:
        """Every declared file that was not struck off."""
        return self.exclude(state=AssetState.STRUCK)

    def in_place(self) -> Self:
        """Received, examined, and nobody's decision is wanted."""
        return self.filter(state=AssetState.EXAMINED, hold_reason="")

    def in_tray(self, actor: Actor) -> Self:
        """Imported files that no case claims yet, at the sites where the hygienist works (ID-2). What came with the question of
        another office stays together: it is placed with it."""
        unplaced = self.filter(practice=actor.practice, case__isnull=True, consultation__isnull=True)
        mine = unplaced.exclude(state=AssetState.STRUCK)
        sites = actor.sites(Role.HYGIENIST)
        return mine if sites is None else mine.filter(site__in=sites)


class Asset(models.Model):
    """One file. Bytes are the original's; meaning is here; the transfer in progress belongs to the receiver."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="assets")
    view = models.CharField(max_length=20, choices=view_labels.CHOICES, blank=True)
    tooth = models.CharField(max_length=4, blank=True)  # neutral key
    mirrored = models.BooleanField("Taken in a mirror", default=False)
    device = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=AssetState, default=AssetState.DECLARED)

    declared_name = models.CharField(max_length=120, blank=True)  # as the sender called it: data, never evidence
    declared_size = models.PositiveBigIntegerField()
    declared_sha256 = models.CharField(max_length=64)
    # a person, a program that sends by itself, another office with its question, or none: a family sent it into a case by a link
    declared_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    program = models.ForeignKey(ImagingProgram, on_delete=models.PROTECT, null=True, blank=True, related_name="assets")
    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, null=True, blank=True, related_name="assets"
    )
    declared_at = models.DateTimeField()

    captured_at = models.DateTimeField(null=True, blank=True)  # the device's word, aware
    captured_source = models.CharField(max_length=20, blank=True)  # file, device, person
    sent_at = models.DateTimeField(null=True, blank=True)  # first byte reached us
    received_at = models.DateTimeField(null=True, blank=True)  # whole, its hash verified
    examined_at = models.DateTimeField(null=True, blank=True)  # decoded fully

    original = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # a picture of a retracted case stays with it; what its right child's case holds is a copy over the same bytes (ID-3)
    copied_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="copies")
    media_type = models.CharField(max_length=30, blank=True)  # as judged by bytes
    examination = models.JSONField(default=dict)
    refusal_code = models.CharField(max_length=40, blank=True)
    refusal_sentence = models.CharField(max_length=300, blank=True)
    hold_code = models.CharField(max_length=40, blank=True)
    hold_reason = models.CharField(max_length=300, blank=True)
    struck_reason = models.CharField(max_length=200, blank=True)

    # a radiograph names its order, reason and operator (CA-2)
    ordered_by = models.CharField(max_length=120, blank=True)  # a dentist's name, or "Standing protocol ..."
    ordered_on = models.DateField(null=True, blank=True)
    order_reason = models.CharField(max_length=200, blank=True)
    operator_name = models.CharField(max_length=120, blank=True)
    operator_licence = models.CharField(max_length=40, blank=True)
    retakes = models.PositiveSmallIntegerField(default=0)

    objects = AssetQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=AssetState.values), name="asset_state_is_known"),
            models.CheckConstraint(
                condition=Q(declared_by__isnull=False, program__isnull=True, consultation__isnull=True)
                | Q(declared_by__isnull=True, program__isnull=False, consultation__isnull=True)
                | Q(declared_by__isnull=True, program__isnull=True, consultation__isnull=False)
                | Q(declared_by__isnull=True, program__isnull=True, consultation__isnull=True, case__isnull=False),
                name="asset_from_one_sender",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["declared", "struck"]) | Q(received_at__isnull=False, original__isnull=False),
                name="asset_received_has_original",
            ),
            models.CheckConstraint(condition=~Q(state="struck") | ~Q(struck_reason=""), name="asset_struck_has_reason"),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(refusal_code=""), name="asset_refused_has_code"),
            models.UniqueConstraint(
                fields=["case", "declared_sha256"],
                condition=~Q(state__in=["struck", "refused"]),
                name="asset_bytes_once_in_case",
            ),
            models.UniqueConstraint(
                fields=["consultation", "declared_sha256"],
                condition=Q(case__isnull=True) & ~Q(state__in=["struck", "refused"]),
                name="asset_bytes_once_in_question",
            ),
            models.UniqueConstraint(
                fields=["original"], condition=Q(copied_from__isnull=True), name="asset_original_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "declared_sha256"]),
            models.Index(
                fields=["site"], condition=Q(case__isnull=True, consultation__isnull=True), name="asset_in_tray"
            ),
        ]
        ordering: ClassVar = ["declared_at", "pk"]

    def __str__(self) -> str:
        return f"{self.view or 'no view yet'}, {self.state}"

    @property
    def view_label(self) -> str:
        return view_labels.label_of(self.view) if self.view else "No view yet"

    @property
    def family(self) -> view_labels.Family | None:
        return view_labels.VIEWS[self.view].family if self.view else None

    @property
    def sender(self) -> str:
        """Who announced it: a person, the program that sent it, or another office."""
        return str(self.program or (self.consultation and self.consultation.sender) or self.declared_by)

    @property
    def is_held(self) -> bool:
        return bool(self.hold_reason)


class Derivative(models.Model):
    """A picture made from an original by one version of one recipe; without metadata, the right way round."""

    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="derivatives")
    recipe = models.CharField(max_length=20)
    recipe_version = models.PositiveSmallIntegerField()
    page = models.PositiveSmallIntegerField(default=1)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    mirrored = models.BooleanField()  # whether the flip of a mirror shot was undone in it

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["asset", "recipe", "recipe_version", "page", "mirrored"], name="derivative_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipe} v{self.recipe_version}, page {self.page}"
