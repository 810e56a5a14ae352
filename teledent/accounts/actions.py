"""What a manager does about people and places: one verb, one function. Each leaves an access event."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model

from teledent.accounts import trail
from teledent.accounts.access import works_elsewhere
from teledent.accounts.acting import Actor
from teledent.accounts.days import today_in
from teledent.accounts.models import Credential, Licence, Membership, Person, Practice, Role, Site
from teledent.kit.decisions import Refused

LAST_MANAGER = "Somebody has to manage the practice. Give another person the role Manager first."
NOT_OURS = "This account also works for another practice. Its owner changes these details herself."


@transaction.atomic
def add_person(
    *, actor: Actor, email: str, name: str, role: str, site: Site | None, starts_on: date, at: datetime
) -> Person:
    """Give the owner of an e-mail a role here, with a new account where there is none. An account keeps its own name."""
    person = Person.objects.filter(email=email.casefold()).first() or Person.objects.create_user(email, name=name)
    if not person.is_active:
        Person.objects.filter(pk=person.pk).update(is_active=True)
    add_membership(actor=actor, person=person, role=role, site=site, starts_on=starts_on, at=at)
    return person


@transaction.atomic
def add_membership(
    *, actor: Actor, person: Person, role: str, site: Site | None, starts_on: date, at: datetime
) -> Membership:
    """A role for a person of the practice, at one of its sites or at all."""
    membership = Membership(person=person, practice=actor.practice, role=role, site=site, starts_on=starts_on)
    membership.full_clean()
    membership.save()
    _changed(actor, person, at=at)
    return membership


@transaction.atomic
def end_membership(*, actor: Actor, membership: Membership, at: datetime) -> None:
    """Take a role away at once. One that only began today leaves no day on which it was held, so the row goes."""
    _lock(actor.practice)
    day = today_in(actor.practice, at)
    if membership.role == Role.MANAGER and not _managers(actor.practice, day).exclude(pk=membership.pk).exists():
        raise Refused(LAST_MANAGER)
    _end(Membership.objects.filter(pk=membership.pk), day)
    _changed(actor, membership.person, at=at)


@transaction.atomic
def close_account(*, actor: Actor, person: Person, at: datetime) -> None:
    """End every role of hers here; when no other practice counts on the account, nobody can sign in with it either.

    The password goes with it, so no session of hers comes to life again when she is let in later.
    """
    _lock(actor.practice)
    day = today_in(actor.practice, at)
    if not _managers(actor.practice, day).exclude(person=person).exists():
        raise Refused(LAST_MANAGER)
    _end(Membership.objects.filter(person=person, practice=actor.practice), day)
    if not works_elsewhere(person, actor=actor, at=at):
        person.is_active = False
        person.set_unusable_password()
        person.save(update_fields=["is_active", "password"])
    _changed(actor, person, at=at)


@transaction.atomic
def save_person(*, actor: Actor, person: Person, at: datetime) -> None:
    """Name and e-mail, already validated."""
    _ours(actor, person, at)
    person.save(update_fields=["name", "email"])
    _changed(actor, person, at=at)


@transaction.atomic
def save_credential(*, actor: Actor, person: Person, credential: Credential, at: datetime) -> None:
    _ours(actor, person, at)
    credential.person = person
    credential.save()
    _changed(actor, person, at=at)


@transaction.atomic
def save_licence(*, actor: Actor, person: Person, licence: Licence, at: datetime) -> None:
    _ours(actor, person, at)
    licence.credential = Credential.objects.get(person=person)
    licence.full_clean()
    licence.save()
    _changed(actor, person, at=at)


@transaction.atomic
def save_place(*, actor: Actor, place: Site | Practice, at: datetime) -> None:
    """A site or the practice itself, already validated."""
    place.save()
    _changed(actor, place, at=at)


def _ours(actor: Actor, person: Person, at: datetime) -> None:
    if works_elsewhere(person, actor=actor, at=at):
        raise Refused(NOT_OURS)


def _managers(practice: Practice, day: date) -> Any:
    return Membership.objects.on(day).filter(practice=practice, role=Role.MANAGER, person__is_active=True)


def _lock(practice: Practice) -> None:
    # two managers who end each other's role at the same moment would both see the other one remain
    Practice.objects.select_for_update().get(pk=practice.pk)


def _end(held: Any, day: date) -> None:
    held.filter(starts_on__gte=day).delete()
    held.not_over(day).update(ends_on=day - timedelta(days=1))


def _changed(actor: Actor, row: Model, *, at: datetime) -> None:
    noun = type(row)._meta.model_name or ""
    public_id = getattr(row, "public_id")  # noqa: B009 - people and places all have one
    trail.record("changed", noun=noun, public_id=public_id, person=actor.person, practice=actor.practice, at=at)
