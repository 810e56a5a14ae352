"""What a person does with her notices: read them, and say which she wants by mail."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from cases.models import About, MailChoice, Notice
from teledent.accounts.acting import Actor


@transaction.atomic
def mark_read(*, notice: Notice, at: datetime) -> None:
    """The first time counts."""
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=at)


@transaction.atomic
def mark_all_read(*, actor: Actor, at: datetime) -> None:
    """Everything told by now; what comes in while she presses the button stays unread."""
    Notice.objects.told_to(actor).unread().filter(at__lte=at).update(read_at=at)


@transaction.atomic
def choose_mail(*, actor: Actor, wanted: Mapping[About, bool]) -> None:
    for about, by_mail in wanted.items():
        MailChoice.objects.update_or_create(person=actor.person, about=about, defaults={"by_mail": by_mail})
