"""Who acts: a person in one practice with the roles she holds there today."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from teledent.accounts.days import held_at
from teledent.accounts.models import Membership, Person, Practice, Role
from teledent.kit import clock

ACTING_PRACTICE = "acting_practice"  # session key: the practice chosen by a person who belongs to several


@dataclass(frozen=True)
class Actor:
    """A person with her grants in one practice. Every query and every action takes one; nothing else says "may"."""

    person: Person
    practice: Practice
    grants: frozenset[tuple[str, int | None]]  # (role, site id); None means every site of the practice
    several_practices: bool = False  # she may choose another practice in the account menu

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(role for role, _ in self.grants)

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    def sites(self, role: str) -> frozenset[int] | None:
        """Ids of the sites where she holds `role`; None when she holds it at every site, empty when nowhere."""
        ids = frozenset(site for held, site in self.grants if held == role)
        return None if None in ids else frozenset(site for site in ids if site is not None)

    def at_site(self, role: str, site_id: int) -> bool:
        sites = self.sites(role)
        return sites is None or site_id in sites


def actor_for(person: Person, *, practice_id: int | None = None) -> Actor | None:
    """The person as she may act today, in the given practice or the first she belongs to; None without a membership."""
    held = Membership.objects.filter(person=person).select_related("practice").order_by("practice_id", "id")
    memberships = held_at(held, clock.now())
    if not memberships:
        return None
    practice = next((m.practice for m in memberships if m.practice_id == practice_id), memberships[0].practice)
    grants = frozenset((m.role, m.site_id) for m in memberships if m.practice_id == practice.pk)
    several = len({m.practice_id for m in memberships}) > 1
    return Actor(person=person, practice=practice, grants=grants, several_practices=several)


class ActingRequest(HttpRequest):
    """A request of a signed-in person with a role, as `role_required` leaves it."""

    actor: Actor


P = ParamSpec("P")
View = Callable[Concatenate[ActingRequest, P], HttpResponseBase]


def role_required(*roles: str) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Let a view run for people who hold one of `roles` (any role when none is named); others get 404, without a hint."""

    def decorate(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            actor: Actor | None = getattr(request, "actor", None)
            if actor is None:
                raise PermissionDenied("Your account has no role yet. A manager gives it one on the page People.")
            if roles and not actor.has(*roles):
                raise Http404("Nothing here for this role.")
            return view(request, *args, **kwargs)  # type: ignore[arg-type]

        guarded.required_roles = frozenset(roles or Role.values)  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]  # mypy keeps the name of the first argument

    return decorate
