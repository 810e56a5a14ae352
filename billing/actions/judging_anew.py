"""A person has posted payments judged by the rules of now, once she has seen what that changes (CL-9)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from billing.judging import Otherwise, digest_of, judged_before, otherwise
from billing.models import PayerRule
from billing.moving import lock_cases
from billing.permissions import may
from billing.posting import judge_anew
from cases.models import Case
from teledent.accounts.acting import Actor
from teledent.accounts.models import Person
from teledent.kit.clock import day_in_words
from teledent.kit.decisions import Conflict, Refused, require

MOST = 200  # claims that are looked at for one page


@dataclass(frozen=True, slots=True)
class Look:
    """What the rules of now change, of a stretch of claims in the order of their keys."""

    shown: list[Otherwise]
    following: int | None  # the key behind which more were judged before; None: these are all

    @property
    def digest(self) -> str:
        return digest_of(self.shown)


def look_at(rule: PayerRule, *, person: Person, at: datetime, after: int = 0) -> Look:
    """What stands behind the key `after`; MOST claims are looked at, and as many queries for one as for all."""
    mine = judged_before(rule).open_to(person)
    keys = list(mine.filter(pk__gt=after).values_list("pk", flat=True)[: MOST + 1])
    looked = keys[:MOST]
    return Look(otherwise(rule, mine.filter(pk__in=looked), at=at), looked[-1] if len(keys) > MOST else None)


@transaction.atomic
def judge_posted_anew(*, actor: Actor, rule: PayerRule, looked: str, at: datetime, after: int = 0) -> int:
    """Judge anew what `look_at` showed; how many claims. `looked` is its digest: Conflict where it is another by now.

    Each claim's timeline names the person and the rule. What was paid stays as it came.
    """
    require(may(actor, "import_answers"))
    if rule.payer.practice_id != actor.practice.pk:
        raise Refused("This belongs to another practice.")
    seen = look_at(rule, person=actor.person, at=at, after=after)
    lock_cases(Case.objects.filter(claims__in=[one.posted.claim.pk for one in seen.shown]))
    look = look_at(rule, person=actor.person, at=at, after=after)  # as it is under the locks
    if look.digest != looked:
        raise Conflict("A payment or a rule changed since you looked. Look again; nothing was changed.")
    because = f"{rule.code} from {day_in_words(rule.valid_from)}: {rule.source}"
    judge_anew(((one.posted, one.after) for one in look.shown), person=actor.person, because=because, at=at)
    return len(look.shown)
