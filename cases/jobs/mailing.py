"""Mail about a notice: that a case needs somebody, and the way to it. No name, no number, nothing about the patient."""

import logging
from functools import partial
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from cases.models import Notice
from cases.notices import MAIL
from teledent.accounts.days import held_at
from teledent.accounts.models import Membership
from teledent.jobs.registry import Effect, job
from teledent.kit import clock

logger = logging.getLogger(__name__)
SUBJECT = "A case needs you"


@job(MAIL)
def mail_notice(*, notice_id: int, **_: object) -> Effect | None:
    """Nothing is sent about what she has read meanwhile, to a closed account, or to who left the practice.

    Once, unless the worker dies between sending and noting it: rather twice than never.
    """
    wanted = Notice.objects.filter(pk=notice_id, mailed_at__isnull=True, read_at__isnull=True, person__is_active=True)
    notice = wanted.select_related("person").first()
    if notice is None or not _is_still_there(notice):
        logger.info("Notice %s needs no mail any more.", notice_id)
        return None
    link = urljoin(settings.ORIGIN, reverse("notice", args=[notice.public_id]))
    send_mail(SUBJECT, render_to_string("reading/mail/notice.txt", {"link": link}), None, [notice.person.email])
    return partial(_mailed, notice_id)


def _is_still_there(notice: Notice) -> bool:
    held = Membership.objects.filter(person=notice.person_id, practice=notice.practice_id)
    return bool(held_at(held, clock.now()))


def _mailed(notice_id: int) -> None:
    Notice.objects.filter(pk=notice_id, mailed_at__isnull=True).update(mailed_at=clock.now())
