"""School days: planned, changed, called off. Two never share a site and a day, and no dentist answers for too many."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from cases.actions.registering import school_year_of
from cases.events.standing import GONE
from cases.models import Case, EventMember, ScreeningEvent, SupervisionLimit
from cases.permissions import licence_of
from cases.practice_permissions import may_in_practice
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.accounts.models import Membership, Person, Practice, Role, Site, State
from teledent.kit import clock
from teledent.kit.decisions import ALLOWED, Conflict, Decision, Refused, refuse, require
from teledent.kit.text import is_filler, printable

LONGEST = timedelta(days=30)  # from the first day to the last
FIELDS = ("starts_on", "ends_on", "supervising_dentist", "aim", "note")
STALE = "This school day was changed meanwhile. Open it anew; nothing was saved."


@transaction.atomic
def plan_event(
    *, actor: Actor, site: Site, public_id: UUID, details: Mapping[str, Any], team: Collection[Person], at: datetime
) -> ScreeningEvent:
    """Plan a visit (FIELDS). The same `public_id` again returns the same one. Raises Refused with the sentence."""
    require(may_in_practice(actor, "plan_events"))
    site = _locked(actor, site)
    known = ScreeningEvent.objects.filter(practice=actor.practice, public_id=public_id).first()
    if known:
        return known
    event = ScreeningEvent(
        public_id=public_id,
        practice=actor.practice,
        site=site,
        planned_by=actor.person,
        planned_at=at,
        **_details(details),
    )
    _require_sound(event, team)
    event.save(force_insert=True)
    _set_team(event, team)
    _tell(actor, event, at=at)
    return event


@transaction.atomic
def change_event(
    *,
    actor: Actor,
    event: ScreeningEvent,
    details: Mapping[str, Any],
    team: Collection[Person],
    revision: int,
    at: datetime,
) -> None:
    """Other days, another team, another aim. Raises Conflict when the form was older than the row."""
    require(may_in_practice(actor, "plan_events"))
    event = _current(actor, event, revision)
    before = (event.starts_on, event.ends_on)
    for name, value in _details(details).items():
        setattr(event, name, value)
    _require_sound(event, team)
    _require_cases_stay(event, *before)
    event.revision += 1
    event.save()
    _set_team(event, team)
    _tell(actor, event, at=at)


@transaction.atomic
def cancel_event(*, actor: Actor, event: ScreeningEvent, reason: str, revision: int, at: datetime) -> None:
    """It takes place no more: its list stays readable. What was captured on its days stays as it is."""
    require(may_in_practice(actor, "plan_events"))
    if is_filler(reason):
        raise Refused("Say why it does not take place; the list keeps the reason.")
    event = _current(actor, event, revision)
    said = {"cancelled_at": at, "cancelled_by": actor.person, "cancelled_because": printable(reason).strip()[:200]}
    ScreeningEvent.objects.filter(pk=event.pk).update(revision=F("revision") + 1, **said)
    _tell(actor, event, at=at)


@transaction.atomic
def set_supervision_limit(*, actor: Actor, state: str, most: int | None, at: datetime) -> None:
    """How many auxiliaries one dentist supervises at a time in `state`, as the practice knows the law; None: no limit."""
    require(may_in_practice(actor, "plan_events"))
    limits = SupervisionLimit.objects.filter(practice=actor.practice, state=state)
    if most is None:
        limits.delete()
    else:
        limit = limits.first() or SupervisionLimit(practice=actor.practice, state=state)
        limit.most = most
        limit.full_clean()
        limit.save()
    trail.record(
        "changed", noun="supervision limit", public_id=None, person=actor.person, practice=actor.practice, at=at
    )


def may_supervise(dentist: Person, practice: Practice, *, state: str, first: date, last: date) -> Decision:
    """Whether `dentist` may answer for a team in `state` on these days: her role, and her licence there."""
    held = Membership.objects.filter(person=dentist, practice=practice, role=Role.DENTIST)
    if not held.filter(starts_on__lte=first).not_over(last).exists():
        return refuse(f"{dentist} is no dentist of this practice on those days.")
    if any(licence_of(dentist, state=state, day=day) is None for day in (first, last)):
        return refuse(f"{dentist} has no licence in {State(state).label} on those days.")
    return ALLOWED


def within_limit(event: ScreeningEvent, team: Collection[Person]) -> Decision:
    """Whether the dentist supervises no more auxiliaries on any day than the practice's limit for the state says."""
    limit = SupervisionLimit.objects.filter(practice=event.practice, state=event.site.state).first()
    if limit is None or event.supervising_dentist_id is None:
        return ALLOWED
    others = ScreeningEvent.objects.standing().touching(event.starts_on, event.ends_on).exclude(pk=event.pk)
    others = others.filter(supervising_dentist=event.supervising_dentist_id, site__state=event.site.state)
    everywhere = list(others.prefetch_related("members"))
    for ahead in range((event.ends_on - event.starts_on).days + 1):
        day = event.starts_on + timedelta(days=ahead)
        there = {m.person_id for other in everywhere if other.covers(day) for m in other.members.all()}
        count = len(there | {person.pk for person in team})
        if count > limit.most:
            where = State(event.site.state).label
            return refuse(
                f"{event.supervising_dentist} would supervise {count} auxiliaries on {clock.day_in_words(day)}; the limit "
                f"set for {where} is {limit.most}."
            )
    return ALLOWED


def _details(details: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: details[name] for name in FIELDS}
    return {**said, "note": printable(said["note"]).strip(), "school_year": school_year_of(said["starts_on"])}


def _require_sound(event: ScreeningEvent, team: Collection[Person]) -> None:
    """Every rule of a plan. Only with the site locked, called by plan and change."""
    if event.ends_on < event.starts_on or event.ends_on - event.starts_on > LONGEST:
        raise Refused("The last day comes after the first, a month later at most.")
    if school_year_of(event.ends_on) != event.school_year:
        raise Refused("A school day lies in one school year. Plan one for each.")
    same = ScreeningEvent.objects.standing().touching(event.starts_on, event.ends_on).filter(site=event.site)
    if other := same.exclude(pk=event.pk).first():
        raise Refused(f"{other} stands already. Change that one, or choose other days.")
    hers = Membership.objects.filter(practice=event.practice, role=Role.HYGIENIST, person__in=list(team))
    hers = hers.filter(starts_on__lte=event.starts_on).not_over(event.ends_on)
    at_site = {m.person_id for m in hers if m.site_id in (None, event.site.pk)}
    if strangers := [person for person in team if person.pk not in at_site]:
        raise Refused(
            f"{strangers[0]} does not work at {event.site} on all of these days. A manager gives her the role there first."
        )
    if event.supervising_dentist is not None:
        dates = {"first": event.starts_on, "last": event.ends_on}
        require(may_supervise(event.supervising_dentist, event.practice, state=event.site.state, **dates))
        list(Person.objects.select_for_update(no_key=True).filter(pk=event.supervising_dentist.pk))  # her plans in line
        require(within_limit(event, team))
    event.full_clean(exclude=["site", "practice", "planned_by", "supervising_dentist"])


def _require_cases_stay(event: ScreeningEvent, first: date, last: date) -> None:
    """A child who was seen on the days as they were stays seen: her case belongs to the event by its day."""
    seen = Case.objects.filter(site=event.site, day_seen__range=(first, last), patient__event_places__event=event)
    left = seen.exclude(status__in=GONE).exclude(day_seen__range=(event.starts_on, event.ends_on)).first()
    if left is not None:
        raise Refused(
            f"{left.label} was captured on {clock.day_in_words(left.day_seen)}. Keep that day among the event's days, or plan "
            "another one."
        )


def _set_team(event: ScreeningEvent, team: Collection[Person]) -> None:
    event.members.exclude(person__in=[person.pk for person in team]).delete()
    there = set(event.members.values_list("person_id", flat=True))
    EventMember.objects.bulk_create(
        EventMember(event=event, person=person) for person in team if person.pk not in there
    )


def _locked(actor: Actor, site: Site) -> Site:
    """The site under its lock: two plans of one site and day stand in line here."""
    mine = Site.objects.select_for_update().filter(practice=actor.practice, pk=site.pk).first()
    if mine is None:
        raise Refused("This site belongs to another practice.")
    return mine


def _current(actor: Actor, event: ScreeningEvent, revision: int) -> ScreeningEvent:
    """The row as it stands under the site's lock."""
    site = _locked(actor, event.site)
    row = ScreeningEvent.objects.select_related("site", "practice", "supervising_dentist").get(pk=event.pk, site=site)
    if row.revision != revision:
        raise Conflict(STALE)
    if row.cancelled_at is not None:
        raise Refused("This school day was called off. Plan another one.")
    return row


def _tell(actor: Actor, event: ScreeningEvent, *, at: datetime) -> None:
    trail.record(
        "changed", noun="school day", public_id=event.public_id, person=actor.person, practice=actor.practice, at=at
    )
