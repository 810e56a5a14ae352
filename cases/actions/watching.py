"""Watching the clock for cases that wait, for a dentist, for an answer or for their site: due soon, overdue, and an emergency that nobody
opens (RE-8).

Each step is one transaction and a compare-and-set on its case, so two sweeps at once tell once; the clock is passed in.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Count, QuerySet

from cases.models import About, Case, Notice, Queue, Review, Urgency
from cases.moving import lock, record_event
from cases.notices import tell
from cases.readers import people_of, readers_of
from cases.states import Status
from cases.terms import half_at, late_at
from teledent.accounts.models import Person, Practice, Role

logger = logging.getLogger(__name__)
AT_ONCE = 200  # cases of one kind a sweep; the next sweep is two minutes away
TOLD_SOON, TOLD_OVERDUE = 1, 2
TO_DENTIST, TO_MANAGER = 1, 2


def watch(*, at: datetime) -> None:
    """Raises the first error at the end, so that the job shows it: one case that cannot be told of holds up no other."""
    failed = list(_failures(at))
    if failed:
        raise failed[0]


def _failures(at: datetime) -> Iterator[Exception]:
    unopened = Case.objects.filter(queue=Queue.WAITING, status=Status.SUBMITTED, review_started_at__isnull=True)
    yield from _each(unopened.filter(urgency=Urgency.EMERGENCY, escalated__lt=TO_MANAGER), _escalate, at)
    for queue in Queue:  # the family's time goes on while the site has a question; one walk of the index each
        yield from _tell_of_due(Case.objects.filter(queue=queue), at)
    back = Case.objects.filter(practice__in=Practice.objects.all(), status=Status.DRAFT, submitted_at__isnull=False)
    yield from _tell_of_due(back, at)  # called back; by practice and status, which an index answers


def _tell_of_due(cases: QuerySet[Case], at: datetime) -> Iterator[Exception]:
    yield from _each(cases.filter(told_due__lt=TOLD_OVERDUE, due_at__lte=at), _tell_overdue, at)
    yield from _each(cases.filter(told_due=0, soon_at__lte=at), _tell_soon, at)


def _each(cases: QuerySet[Case], step: Callable[[Case, datetime], None], at: datetime) -> Iterator[Exception]:
    for case_id in cases.order_by("due_at", "pk").values_list("pk", flat=True)[:AT_ONCE]:
        try:
            with transaction.atomic():
                step(lock(case_id), at)  # as it now stands: somebody may have opened it a moment ago
        except Exception as error:
            logger.error("Case %s could not be told of: %s", case_id, type(error).__name__)
            yield error


def _escalate(case: Case, at: datetime) -> None:
    """To the next dentist at half its time, to the managers at three quarters, or at once when there is no dentist."""
    if case.review_started_at is not None or case.submitted_at is None or case.due_at is None:
        return
    nobody = False
    if case.escalated < TO_DENTIST and at >= half_at(case.submitted_at, case.due_at):
        dentist = next_reader(case, at=at)
        nobody = dentist is None
        if _taken(case, escalated=(0, TO_DENTIST)):
            _to_dentist(case, dentist, at=at)
    is_late = case.escalated == TO_DENTIST and (nobody or at >= late_at(case.submitted_at, case.due_at))
    if is_late and _taken(case, escalated=(TO_DENTIST, TO_MANAGER)):
        managers = list(people_of(case.practice, Role.MANAGER, at=at))
        tell(managers, About.UNOPENED, case, key=_unopened_key(case), at=at)
        _record(case, "manager", managers, at=at)


def next_reader(case: Case, *, at: datetime) -> Person | None:
    """The dentist whose turn it is: of those who may read the case, the one who was told of the fewest such emergencies.

    Not who had it already: for whom it is kept, and who began to read it and put it back.
    """
    had = {case.offered_to_id, *_drafts(case).values_list("writer", flat=True)}
    readers = [person for person in readers_of(case, at=at) if person.pk not in had]
    counted = Notice.objects.filter(person__in=readers, about=About.UNOPENED).values_list("person")
    told = dict(counted.annotate(n=Count("pk")))
    return min(readers, key=lambda person: (told.get(person.pk, 0), person.pk), default=None)


def _to_dentist(case: Case, dentist: Person | None, *, at: datetime) -> None:
    """From now on kept for nobody: whoever is there first opens it."""
    Case.objects.filter(pk=case.pk).update(offered_to=case.offered_to or dentist, offered_until=None)
    if dentist is not None:
        tell([dentist], About.UNOPENED, case, key=_unopened_key(case), at=at)
    _record(case, "dentist", [dentist] if dentist else [], at=at)


def _unopened_key(case: Case) -> str:
    """Each version is to be opened, and told of when it is not."""
    return f"unopened:{case.pk}:{case.submissions.count()}"


def _record(case: Case, step: str, told: list[Person], *, at: datetime) -> None:
    details = {"step": step, "told": [person.name for person in told]}
    record_event(case.pk, "escalated", person=None, at=at, details=details)


def _tell_soon(case: Case, at: datetime) -> None:
    if _taken(case, told_due=(0, TOLD_SOON)):
        tell(_concerned(case, at), About.SOON, case, key=_due_key("soon", case), at=at)


def _tell_overdue(case: Case, at: datetime) -> None:
    """Whom it concerns, and the managers."""
    if _taken(case, told_due=(case.told_due, TOLD_OVERDUE)):
        people = [*_concerned(case, at), *people_of(case.practice, Role.MANAGER, at=at)]
        tell(people, About.OVERDUE, case, key=_due_key("overdue", case), at=at)


def _concerned(case: Case, at: datetime) -> list[Person]:
    """Who holds it, is offered it or has a draft on it; when none of them may read it, every dentist who may. While a
    question is open, the hygienists of its site too; once the site took it back, they alone."""
    site = people_of(case.practice, Role.HYGIENIST, at=at, site=case.site)
    if case.status == Status.DRAFT:
        return list(site)
    holder = case.reader if case.status == Status.IN_REVIEW else None
    involved = {holder, case.offered_to, *(draft.writer for draft in _drafts(case).select_related("writer"))}
    readers = readers_of(case, at=at)  # somebody who left, or lost her licence, keeps her draft and reads no more
    named = [person for person in readers if person in involved] or readers
    return [*named, *(site if case.status == Status.NEEDS_INFO else ())]


def _drafts(case: Case) -> QuerySet[Review]:
    return Review.objects.filter(case=case, signed_at__isnull=True)


def _due_key(word: str, case: Case) -> str:
    """A case that is due at another time, because its answer came back as more urgent, is told of anew."""
    return f"{word}:{case.pk}:{case.due_at:%Y%m%d%H%M}"


def _taken(case: Case, **changes: tuple[int, int]) -> bool:
    """Compare-and-set of one counter of the locked case, while a family still waits for it."""
    ((name, (before, after)),) = changes.items()
    called_back = case.status == Status.DRAFT and case.submitted_at is not None
    if (case.queue is None and not called_back) or getattr(case, name) != before:
        return False
    won = Case.objects.filter(pk=case.pk, **{name: before}).update(**{name: after})
    setattr(case, name, after)
    return bool(won)
