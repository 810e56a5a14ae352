"""A link by which a patient or a parent sends her own pictures: for one known patient, one kind of case, one time."""

import uuid
from datetime import datetime
from typing import ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q

from cases.models.case import Case, Kind
from cases.models.patient import Patient
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person, Practice, Role, Site

BY_LINK = [(kind.value, kind.label) for kind in (Kind.POST_TREATMENT, Kind.EMERGENCY, Kind.SECOND_OPINION)]
TRIES = 5  # wrong birth dates until a link is locked


M = TypeVar("M", bound=models.Model)


class OfSitesQuerySet(models.QuerySet[M]):
    """Rows of a practice and a site, which the hygienists of that site look after."""

    def visible_to(self, actor: Actor) -> Self:
        """Front desk and manager: the practice's. A hygienist: those of her sites."""
        mine = self.filter(practice=actor.practice)
        sites = actor.sites(Role.HYGIENIST)
        if actor.has(Role.FRONT_DESK, Role.MANAGER) or sites is None:
            return mine
        return mine.filter(site__in=sites)


class SendingLinkQuerySet(OfSitesQuerySet["SendingLink"]):
    def usable(self, at: datetime) -> Self:
        """May be opened: not sent, not revoked, not locked, not over, and its case still takes what comes."""
        standing = self.filter(sent_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at, tries_left__gt=0)
        return standing.filter(Q(case__isnull=True) | Q(case__status="draft"))


class SendingLink(models.Model):
    """Only the hash of its token is kept. `case` is there from the consent on, with who signed it; who sent it may be another."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="sending_links")
    kind = models.CharField(max_length=20, choices=BY_LINK)
    why = models.CharField(max_length=12)  # why store-and-forward, as who made it says (CA-4)
    language = models.CharField(max_length=2)
    asks_birth_date = models.BooleanField(default=True)
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    tries_left = models.PositiveSmallIntegerField(default=TRIES)
    opened_at = models.DateTimeField(null=True, blank=True)  # first
    case = models.OneToOneField(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="sending_link")
    signer_name = models.CharField(max_length=60, blank=True)
    signer_authority = models.CharField(max_length=40, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sender_name = models.CharField(max_length=60, blank=True)
    sender_authority = models.CharField(max_length=40, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = SendingLinkQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind for kind, _ in BY_LINK]), name="sending_link_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=True) | (~Q(signer_name="") & ~Q(signer_authority="")),
                name="sending_link_case_has_signer",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(case__isnull=False), name="sending_link_sent_a_case"
            ),
            models.CheckConstraint(
                condition=Q(sender_name="", sender_authority="") | (~Q(sender_name="") & ~Q(sender_authority="")),
                name="sending_link_sender_has_authority",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="sending_link_revoked_by_someone",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "made_at"], name="sending_link_of_practice")]
        ordering: ClassVar = ["-made_at", "-pk"]

    @property
    def sender(self) -> str:
        """Who sends, as timelines and versions name her."""
        return f"{self.sent_by_name} ({self.sent_by_authority}), by a link"

    @property
    def sent_by_name(self) -> str:
        """Whoever typed her name at the end, in another browser than the one that agreed; else who agreed."""
        return self.sender_name or self.signer_name

    @property
    def sent_by_authority(self) -> str:
        return self.sender_authority or self.signer_authority

    @property
    def initial(self) -> str:
        """How pages of the link call the patient: nothing that somebody who only has the link could not know."""
        patient = self.patient
        return f"{(patient.preferred_name or patient.given_name)[:1].upper()}."

    def __str__(self) -> str:
        return f"Link for {self.get_kind_display().lower()}"


class SendingTally(models.Model):
    """How often something was asked in one minute: of a link, or from an address (as a keyed hash, never as itself)."""

    what = models.CharField(max_length=70)
    minute = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["what", "minute"], name="sending_tally_once_a_minute")]

    def __str__(self) -> str:
        return f"{self.what}: {self.count}"
