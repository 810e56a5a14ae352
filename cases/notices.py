"""Telling people: one notice a person and thing, in the app and, where she wants it, by mail.

Every function runs inside the transaction of what it tells about, so that nobody hears of what did not happen.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.conf import settings

from cases.models import (
    MAILED_UNLESS_REFUSED,
    URGENT,
    About,
    Case,
    InfoRequest,
    MailChoice,
    Notice,
    Submission,
    Urgency,
)
from cases.moving import record_event
from cases.readers import people_of, readers_of
from teledent.accounts.models import Person, Role
from teledent.jobs.queue import enqueue

MAIL = "cases.mail_notice"
RANK = {urgency: number for number, urgency in enumerate(reversed(Urgency.values))}  # routine 0, emergency 3


def tell(people: Iterable[Person], about: About, case: Case, *, key: str, at: datetime) -> int:
    """Tell each of these people once about the thing that `key` names; returns how many did not know yet."""
    told = list({person.pk: person for person in people}.values())
    by_mail = wants_mail(told, about) if settings.MAIL_IS_SET_UP else set()
    new = 0
    for person in told:
        notice, made = Notice.objects.get_or_create(
            person=person, key=key, defaults={"practice": case.practice, "case": case, "about": about, "at": at}
        )
        new += made
        if made and person.pk in by_mail:
            enqueue(MAIL, notice_id=notice.pk)
    return new


def wants_mail(people: Collection[Person], about: About) -> set[int]:
    """Primary keys of those who want mail about this kind of thing."""
    said = dict(MailChoice.objects.filter(person__in=people, about=about).values_list("person", "by_mail"))
    return {person.pk for person in people if said.get(person.pk, about in MAILED_UNLESS_REFUSED)}


def tell_of_submission(case: Case, submission: Submission, *, answered: bool, at: datetime) -> None:
    """An answer goes to who asked; something urgent to every dentist who may read it, and anew when it was taken back."""
    if case.offered_to and answered:
        tell([case.offered_to], About.ANSWERED, case, key=f"answered:{submission.pk}", at=at)
    if case.urgency in URGENT:
        again = "" if answered or submission.version == 1 else f":{submission.version}"
        tell(readers_of(case, at=at), About.URGENT, case, key=f"urgent:{case.pk}:{case.urgency}{again}", at=at)


def tell_of_sent(case: Case, *, at: datetime) -> None:
    """A family sent pictures: the hygienists of the site hear that there is a case that none of them gathered."""
    hygienists = people_of(case.practice, Role.HYGIENIST, at=at, site=case.site)
    tell(hygienists, About.SENT, case, key=f"sent:{case.pk}", at=at)


def tell_of_question(case: Case, request: InfoRequest, *, at: datetime) -> None:
    hygienists = people_of(case.practice, Role.HYGIENIST, at=at, site=case.site)
    tell(hygienists, About.ASKED, case, key=f"asked:{request.pk}", at=at)


def tell_if_raised(case: Case, urgency: str, *, person: Person, at: datetime, signed: bool) -> None:
    """A dentist sees it as urgent where the hygienist did not: her site hears at once, the front desk with the signature."""
    if urgency not in URGENT or RANK[urgency] <= RANK.get(case.urgency, -1):
        return
    key = f"raised:{case.pk}:{urgency}"
    people = list(people_of(case.practice, Role.HYGIENIST, at=at, site=case.site))
    if signed:
        people += people_of(case.practice, Role.FRONT_DESK, at=at)
    blind = set(case.second_reads.open().values_list("reader", flat=True))  # this tells what the first one sees
    if not case.events.filter(kind="urgency_raised", details__to=urgency).exists():
        details = {"from": case.urgency, "to": urgency}
        record_event(case.pk, "urgency_raised", person=person, at=at, details=details)
    tell((one for one in people if one.pk not in blind), About.RAISED, case, key=key, at=at)


def tell_of_second_urgency(case: Case, urgency: str, *, at: datetime) -> None:
    """What a second reader signs as more urgent waits for no other signature: the site hears at once, no dentist does (RE-2)."""
    if urgency not in URGENT or RANK[urgency] <= RANK.get(case.urgency, -1):
        return
    dentists = people_of(case.practice, Role.DENTIST, at=at)
    hygienists = people_of(case.practice, Role.HYGIENIST, at=at, site=case.site).exclude(pk__in=dentists.values("pk"))
    tell(hygienists, About.RAISED, case, key=f"raised:{case.pk}:{urgency}", at=at)
