"""The practice's phrases, and each person's numbering of teeth."""

from datetime import datetime

from django.db import transaction

from cases import phrasing
from cases.models import Phrase, PhraseSection, ReadingPreference
from cases.promises import promise_in
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person, Role
from teledent.kit.decisions import Refused
from teledent.kit.text import is_filler, printable

MOST = 60  # a section: more is no longer picked from


@transaction.atomic
def keep_phrase(*, actor: Actor, section: str, text: str, at: datetime) -> Phrase:
    """Keep a sentence for one place of a review; the same one again changes nothing."""
    _require_keeper(actor)
    if section not in PhraseSection.values:
        raise Refused("Choose the place that the phrase is for.")
    words = " ".join(printable(text).split())
    if is_filler(words):
        raise Refused("Write the phrase.")
    if len(words) > 300:
        raise Refused("A phrase has at most 300 characters.")
    if promised := promise_in([words]):
        raise Refused(
            f"“{promised}” promises what pictures cannot show. Say what was seen and what could not be judged."
        )
    if Phrase.objects.filter(practice=actor.practice, section=section).count() >= MOST:
        raise Refused(f"This place has {MOST} phrases. Remove one that nobody uses first.")
    phrase, _ = Phrase.objects.get_or_create(
        practice=actor.practice, section=section, text=words, defaults={"written_by": actor.person, "written_at": at}
    )
    return phrase


@transaction.atomic
def keep_starting_phrases(*, actor: Actor, at: datetime) -> None:
    for section, text in phrasing.STARTING:
        keep_phrase(actor=actor, section=section, text=text, at=at)


def remove_phrase(*, actor: Actor, phrase: Phrase) -> None:
    """Reviews that it went into keep their words."""
    _require_keeper(actor)
    phrase.delete()


def _require_keeper(actor: Actor) -> None:
    if not actor.has(Role.DENTIST, Role.MANAGER):
        raise Refused("A dentist or a manager keeps the phrases.")


def choose_numbering(*, person: Person, numbering: str) -> None:
    ReadingPreference.objects.update_or_create(person=person, defaults={"numbering": numbering})


def numbering_of(person: Person) -> str:
    """Universal until she chooses."""
    return ReadingPreference.objects.filter(person=person).values_list("numbering", flat=True).first() or "universal"
