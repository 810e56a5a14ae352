"""Watching the clock for cases that wait: due soon, overdue, and an emergency that nobody opens (RE-8).

Each step is one transaction and a compare-and-set on its case, so two sweeps at once tell once; the clock is passed in.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from cases.models import About, Case, Notice, Queue, Review, Urgency
from cases.moving import lock, record_event
from cases.notices import tell
from cases.readers import people_of, readers_of
from cases.states import Status
from cases.terms import half_at, late_at
from teledent.accounts.models import Person, Role

AT_ONCE = 200  # cases of one kind a sweep; the next sweep is two minutes away
TOLD_SOON, TOLD_OVERDUE = 1, 2
TO_DENTIST, TO_MANAGER = 1, 2


def watch(*, at: datetime) -> None:
    waiting = Case.objects.filter(queue=Queue.WAITING)
    never_opened = waiting.filter(status=Status.SUBMITTED, review_started_at__isnull=True)
    _each(never_opened.filter(urgency=Urgency.EMERGENCY, escalated__lt=TO_MANAGER), _escalate, at)
    _each(waiting.filter(told_due__lt=TOLD_OVERDUE, due_at__lte=at), _tell_overdue, at)
    _each(waiting.filter(told_due=0, soon_at__lte=at), _tell_soon, at)


def _each(cases: QuerySet[Case], step: Callable[[Case, datetime], None], at: datetime) -> None:
    for case_id in cases.order_by("due_at", "pk").values_list("pk", flat=True)[:AT_ONCE]:
        with transaction.atomic():
            step(lock(case_id), at)  # as it now stands: somebody may have opened it a moment ago


def _escalate(case: Case, at: datetime) -> None:
    """To the next dentist at half its time, to the managers at three quarters, or at once when there is no dentist."""
    if case.review_started_at is not None or case.submitted_at is None or case.due_at is None:
        return
    if case.escalated < TO_DENTIST and at >= half_at(case.submitted_at, case.due_at):
        dentist = next_reader(case, at=at)
        if _taken(case, escalated=(0, TO_DENTIST)):
            _to_dentist(case, dentist, at=at)
    told_nobody = case.escalated == TO_DENTIST and case.offered_to is None
    is_late = case.escalated == TO_DENTIST and (told_nobody or at >= late_at(case.submitted_at, case.due_at))
    if is_late and _taken(case, escalated=(TO_DENTIST, TO_MANAGER)):
        managers = list(people_of(case.practice, Role.MANAGER, at=at))
        tell(managers, About.UNOPENED, case, key=f"unopened:{case.pk}", at=at)
        _record(case, "manager", managers, at=at)


def next_reader(case: Case, *, at: datetime) -> Person | None:
    """The dentist whose turn it is: of those who may read the case, the one who was told of the fewest such emergencies."""
    readers = readers_of(case, at=at)
    told = {person.pk: Notice.objects.filter(person=person, about=About.UNOPENED).count() for person in readers}
    return min(readers, key=lambda person: (told[person.pk], person.pk), default=None)


def _to_dentist(case: Case, dentist: Person | None, *, at: datetime) -> None:
    case.offered_to = dentist
    if dentist is not None:
        Case.objects.filter(pk=case.pk).update(offered_to=dentist)  # first in her list; others may open it as well
        tell([dentist], About.UNOPENED, case, key=f"unopened:{case.pk}", at=at)
    _record(case, "dentist", [dentist] if dentist else [], at=at)


def _record(case: Case, step: str, told: list[Person], *, at: datetime) -> None:
    details = {"step": step, "told": [person.name for person in told]}
    record_event(case.pk, "escalated", person=None, at=at, details=details)


def _tell_soon(case: Case, at: datetime) -> None:
    if _taken(case, told_due=(0, TOLD_SOON)):
        tell(_concerned(case, at), About.SOON, case, key=_due_key("soon", case), at=at)


def _tell_overdue(case: Case, at: datetime) -> None:
    """Who was told that it is due soon, and the managers."""
    if _taken(case, told_due=(case.told_due, TOLD_OVERDUE)):
        people = [*_concerned(case, at), *people_of(case.practice, Role.MANAGER, at=at)]
        tell(people, About.OVERDUE, case, key=_due_key("overdue", case), at=at)


def _concerned(case: Case, at: datetime) -> list[Person]:
    """Who holds it, is offered it or has a draft on it; when there is nobody, every dentist who may read it."""
    drafts = Review.objects.filter(case=case, signed_at__isnull=True).select_related("writer")
    holder = case.reader if case.status == Status.IN_REVIEW else None
    named = [person for person in (holder, case.offered_to, *(draft.writer for draft in drafts)) if person]
    return named or readers_of(case, at=at)


def _due_key(word: str, case: Case) -> str:
    """A case that is due at another time, because its answer came back as more urgent, is told of anew."""
    return f"{word}:{case.pk}:{case.due_at:%Y%m%d%H%M}"


def _taken(case: Case, **changes: tuple[int, int]) -> bool:
    """Compare-and-set of one counter of the locked case, while it still waits."""
    ((name, (before, after)),) = changes.items()
    if case.status not in (Status.SUBMITTED, Status.IN_REVIEW) or getattr(case, name) != before:
        return False
    won = Case.objects.filter(pk=case.pk, **{name: before}).update(**{name: after})
    setattr(case, name, after)
    return bool(won)
