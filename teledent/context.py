"""What the frame around every page needs: who is here, which workplaces are hers, whether this is a demonstration."""

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse

from cases.models import Notice
from teledent.accounts.acting import Actor
from teledent.accounts.days import held_at, zone_of
from teledent.accounts.models import Membership, Person, Practice, Role
from teledent.kit import clock


@dataclass(frozen=True)
class Workplace:
    """A place where a role does its work, as the bar at the top names it."""

    url_name: str
    label: str
    role: str

    @property
    def address(self) -> str:
        return reverse(self.url_name)


UNREAD_MOST = 100
WORKPLACES = (
    Workplace("capture-day", "Capture", Role.HYGIENIST),
    Workplace("reading-queue", "Reading room", Role.DENTIST),
    Workplace("claims", "Claims", Role.FRONT_DESK),
    Workplace("people", "People and places", Role.MANAGER),
    Workplace("records", "Cases", Role.MANAGER),
    Workplace("claims", "Claims", Role.MANAGER),  # reads there
    Workplace("events", "School days", Role.HYGIENIST),
    Workplace("events", "School days", Role.FRONT_DESK),
    Workplace("events", "School days", Role.MANAGER),
    Workplace("follow-up", "Follow-up", Role.HYGIENIST),
    Workplace("follow-up", "Follow-up", Role.FRONT_DESK),
    Workplace("follow-up", "Follow-up", Role.MANAGER),  # reads there
)


def workplaces_of(actor: Actor) -> list[Workplace]:
    """The actor's workplaces in the order in which signing in lands: hygienist, dentist, front desk, manager."""
    hers = (place for place in WORKPLACES if actor.has(place.role))
    return list({place.url_name: place for place in hers}.values())  # each once, where its first role puts it


class Shell:
    """Asked for by templates, computed once a page and only if asked."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.actor: Actor | None = getattr(request, "actor", None)

    @cached_property
    def person(self) -> Person | None:
        user = getattr(self.request, "user", None)
        return user if isinstance(user, Person) else None

    @cached_property
    def practice(self) -> Practice | None:
        return self.actor.practice if self.actor else None

    @cached_property
    def other_practices(self) -> list[Practice]:
        if self.actor is None or not self.actor.several_practices:
            return []
        others = Membership.objects.filter(person=self.actor.person).exclude(practice=self.actor.practice)
        held = held_at(others, clock.now())
        return list(Practice.objects.filter(pk__in={one.practice_id for one in held}).order_by("name"))

    @cached_property
    def workplaces(self) -> list[Workplace]:
        return workplaces_of(self.actor) if self.actor else []

    @cached_property
    def here(self) -> str:
        """The workplace under whose address this page stands; a view may say another by `here` in its context."""
        path = self.request.path
        under = [place for place in self.workplaces if path.startswith(place.address)]
        return max(under, key=lambda place: len(place.address)).url_name if under else ""

    @cached_property
    def unread(self) -> int:
        """Her notices not looked at yet, counted up to a hundred: "99+" says enough."""
        return Notice.objects.told_to(self.actor).unread()[:UNREAD_MOST].count() if self.actor else 0

    @cached_property
    def zone(self) -> str:
        """The zone for times that belong to no site: that of the practice's first site, UTC when it has none."""
        return zone_of(self.practice)

    @cached_property
    def demonstration(self) -> bool:
        if self.practice is not None:
            return self.practice.is_demonstration
        return Practice.objects.filter(is_demonstration=True).exists()


def shell(request: HttpRequest) -> dict[str, Shell]:
    return {"shell": Shell(request)}
