"""A notice: one thing that one person is told of once. Shown in the app, and mailed without a word about the patient."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from cases.models.case import Case
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person, Practice


class About(models.TextChoices):
    """What a notice is about, as people choose it for their mail."""

    URGENT = "urgent", "An urgent case was submitted"
    UNOPENED = "unopened", "An emergency is not opened"
    ANSWERED = "answered", "The site answered your question"
    ASKED = "asked", "A dentist asks your site for more"
    SOON = "soon", "A case is due soon"
    OVERDUE = "overdue", "A case is overdue"
    RAISED = "raised", "A dentist sees a case as more urgent"
    HANDED = "handed", "A case was handed over to you"
    RETRACTED = "retracted", "A signed review was retracted"
    SECOND = "second", "You are asked for a second read"
    DIFFERS = "differs", "A second read differs from yours"
    OPINION = "opinion", "A second read that you asked for is signed"
    SENT = "sent", "A family sent pictures by a link"
    SETTLED = "settled", "A difference with your second read was settled"


MAILED_UNLESS_REFUSED = frozenset({About.URGENT, About.UNOPENED, About.RAISED, About.HANDED, About.RETRACTED})


class NoticeQuerySet(models.QuerySet["Notice"]):
    def told_to(self, actor: Actor) -> Self:
        return self.filter(person=actor.person, practice=actor.practice)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """`key` names the thing: the same thing is told to the same person once, however often a job runs."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notices")
    about = models.CharField(max_length=10, choices=About)
    key = models.CharField(max_length=80)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "key"], name="notice_once_by_person_and_thing"),
            models.CheckConstraint(condition=Q(about__in=About.values), name="notice_about_is_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "practice", "at"], name="notice_of_person"),
            models.Index(fields=["person", "practice"], condition=Q(read_at__isnull=True), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.get_about_display()}: {self.case}"


class MailChoice(models.Model):
    """Whether a person wants mail about one kind of thing; without a row `MAILED_UNLESS_REFUSED` says."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mail_choices")
    about = models.CharField(max_length=10, choices=About)
    by_mail = models.BooleanField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "about"], name="mail_choice_once")]

    def __str__(self) -> str:
        return f"{self.about}: {'mail' if self.by_mail else 'no mail'}"
