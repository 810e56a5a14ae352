"""One gate a noun: the row for this actor, or 404. Views of people and places have no other way in."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from teledent.accounts.acting import Actor
from teledent.accounts.days import not_over_at
from teledent.accounts.models import Licence, Membership, Person, Site


def people_of(actor: Actor) -> QuerySet[Person]:
    """Everyone who holds or held a role in the actor's practice."""
    held = Membership.objects.filter(practice=actor.practice).values("person")
    return Person.objects.filter(pk__in=held)


def sites_of(actor: Actor) -> QuerySet[Site]:
    return Site.objects.filter(practice=actor.practice)


def get_person(actor: Actor, public_id: UUID) -> Person:
    person = people_of(actor).filter(public_id=public_id).select_related("credential").first()
    if person is None:
        raise Http404("No such person.")
    return person


def get_site(actor: Actor, public_id: UUID) -> Site:
    site = sites_of(actor).filter(public_id=public_id).first()
    if site is None:
        raise Http404("No such site.")
    return site


def get_membership(actor: Actor, person: Person, number: int) -> Membership:
    """One of her roles in the actor's practice."""
    held = Membership.objects.filter(practice=actor.practice, person=person, pk=number)
    membership = held.select_related("site").first()
    if membership is None:
        raise Http404("No such role.")
    return membership


def get_licence(actor: Actor, person: Person, number: int) -> Licence:
    """A licence of hers; `person` came through `get_person`."""
    licence = Licence.objects.filter(credential__person=person, pk=number).first()
    if licence is None:
        raise Http404("No such licence.")
    return licence


def works_elsewhere(person: Person, *, actor: Actor, at: datetime) -> bool:
    """Whether another practice counts on this account: then its name, mail and credential are not ours to change."""
    others = Membership.objects.filter(person=person).exclude(practice=actor.practice)
    return bool(not_over_at(others, at))
