"""Letters to families: printed one by one or for a school day, handed over, and the words of their languages."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from cases.actions.reporting import stopped
from cases.lettering import RETRACTED, may_write
from cases.letters.phrasing import faults_in
from cases.merging import taken_apart_since
from cases.models import Case, Letter, LetterLanguage, LetterRun, PrintState
from cases.moving import lock
from cases.permissions import may
from cases.practice_permissions import may_at_site, may_in_practice
from cases.states import BILLABLE
from teledent.accounts import trail
from teledent.accounts.acting import Actor
from teledent.accounts.models import Site
from teledent.files.storage import open_streaming
from teledent.jobs.queue import enqueue
from teledent.kit.decisions import ALLOWED, Conflict, Decision, Refused, refuse, require
from teledent.kit.text import is_filler, printable

APART = "Its patient was taken apart from another one since: it may be addressed to another family."
PRINT, HAND = "cases.print_letters", "cases.hand_over_letters"
AT_ONCE = 200  # letters of one run: laid out together they take 0.4 GB; the next click prints the rest


class BadPhrases(Refused):
    """A language that may not be used: `faults` holds a sentence for each phrase."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__("These phrases cannot be used yet. Nothing was saved; each says what is wrong.")
        self.faults = faults


@transaction.atomic
def print_letter(*, actor: Actor, case: Case, language: str = "", at: datetime) -> LetterRun:
    """Ask for one letter. While the same is being made, that run is returned; each other printing is a row of its own."""
    case = lock(case.pk)
    require(may(actor, "letter", case, at=at))
    require(may_write(case))
    making = LetterRun.objects.filter(case=case, language=language, state=PrintState.QUEUED).first()
    return making or _run(actor, case.site, case.day_seen, total=1, at=at, case=case, language=language)


@transaction.atomic
def print_day(*, actor: Actor, site: Site, day: date, again: bool = False, at: datetime) -> LetterRun:
    """Ask for the letters of a school day: of every signed case that has none yet, or of all of them again."""
    require(may_at_site(actor, "print_letters", site))
    making = LetterRun.objects.filter(site=site, day=day, case__isnull=True, state=PrintState.QUEUED).first()
    if making is not None:
        return making
    found = letters_due(site, day, again=again).count()
    if not found:
        raise Refused(
            "No letter is left to print for this day. Signed cases have theirs; print them again if you want."
        )
    return _run(actor, site, day, total=min(found, AT_ONCE), at=at, again=again)


def _run(
    actor: Actor, site: Site, day: date, *, total: int, at: datetime, case: Case | None = None, language: str = "",
    again: bool = False,
) -> LetterRun:  # fmt: skip
    run = LetterRun.objects.create(
        practice=actor.practice, site=site, day=day, case=case, language=language, total=total, requested_by=actor.person,
        requested_at=at.replace(microsecond=0),
    )  # fmt: skip
    enqueue(PRINT, dedupe=f"{PRINT}:{run.pk}", run_id=run.pk, again=again)
    return run


def letters_due(site: Site, day: date, *, again: bool) -> QuerySet[Case]:
    """Signed cases of a school day, in the order of rooms' lists: by name."""
    cases = Case.objects.filter(site=site, day_seen=day, status__in=BILLABLE).order_by(
        "patient__family_key", "patient__given_key", "pk"
    )
    return cases if again else cases.filter(~Exists(Letter.objects.filter(case=OuterRef("pk"))))


def may_hand_out(run: LetterRun) -> Decision:
    """Whether the finished PDF may still leave: one letter in it that may not go out any more stops it whole. Three queries."""
    cases = [letter.case for letter in run.letters.select_related("case")]
    gone = stopped(cases)
    other = taken_apart_since((case.pk for case in cases), run.requested_at)
    for case in cases:
        why = RETRACTED if case.status not in BILLABLE else gone.get(case.pk, "")
        if why:
            return refuse(f"{case.label} is among these letters. {why} Print the others anew without it.")
        if case.pk in other:
            return refuse(f"{case.label} is among these letters. {APART} Print them anew.")
    return ALLOWED


def download_letters(*, actor: Actor, run: LetterRun, at: datetime) -> Iterator[bytes]:
    """The finished PDF in blocks; each download stands on the trail."""
    require(may_at_site(actor, "print_letters", run.site))
    if run.file is None:
        raise Refused("These letters are still being made. Try again in a moment.")
    require(may_hand_out(run))
    trail.record(
        "letters", noun="letter run", public_id=run.public_id, person=actor.person, practice=run.practice, at=at
    )
    return open_streaming(run.file.key)


@transaction.atomic
def hand_over(*, actor: Actor, run: LetterRun, how: str, at: datetime) -> None:
    """The letters of a run went out: a step of each case's follow-up, written in the background (printing is not telling)."""
    require(may_at_site(actor, "print_letters", run.site))
    if is_filler(how):
        raise Refused("Say how the letters went out.")
    if run.state != PrintState.DONE:
        raise Refused("These letters are not made yet.")
    require(may_hand_out(run))
    handed = LetterRun.objects.filter(pk=run.pk, handed_at__isnull=True)
    if not handed.update(handed_at=at, handed_by=actor.person, handed_how=printable(how)):
        raise Conflict("These letters went out already, as this page says once it is loaded anew.")
    enqueue(HAND, dedupe=f"{HAND}:{run.pk}", run_id=run.pk)


@transaction.atomic
def save_language(*, actor: Actor, code: str, phrases: Mapping[str, str], at: datetime) -> LetterLanguage:
    """Keep a language in the practice's words; raises BadPhrases when a phrase is missing, does not fit or promises health."""
    require(may_in_practice(actor, "letter_phrases"))
    said = {key: printable(text).strip() for key, text in phrases.items()}
    faults = faults_in(said)
    if faults:
        raise BadPhrases(faults)
    row = LetterLanguage.objects.filter(practice=actor.practice, code=code).first()
    row = row or LetterLanguage(practice=actor.practice, code=code)
    row.phrases, row.saved_by, row.saved_at = said, actor.person, at
    row.full_clean()
    row.save()
    trail.record(
        "changed", noun="letter language", public_id=row.public_id, person=actor.person, practice=actor.practice, at=at
    )
    return row


@transaction.atomic
def drop_language(*, actor: Actor, language: LetterLanguage, at: datetime) -> None:
    """Take the practice's words back: a language that ships says again what it came with, another one is gone."""
    require(may_in_practice(actor, "letter_phrases"))
    trail.record("changed", noun="letter language", public_id=language.public_id, person=actor.person,
                 practice=actor.practice, at=at)  # fmt: skip
    language.delete()
