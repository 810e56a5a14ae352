"""Build the demonstration: open every case, take its pictures, then tell its story. Killed halfway, it goes on later.

A case is opened and its pictures are taken step by step, each safe to repeat; the story itself is one transaction. So
after a kill the next run finds what is there, under ids that follow from the stories, and tells what is still untold.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction

from billing.demonstration import desk, opinions, reading
from billing.demonstration.aftercare import follow_families
from billing.demonstration.answers import bring_answers
from billing.demonstration.appeals import answer_back
from billing.demonstration.asking import ask_beforehand
from billing.demonstration.gathering import case_id_of, hygienist_of, open_story
from billing.demonstration.payers import make_payers
from billing.demonstration.people import Cast, cast_of, make_practice
from billing.demonstration.pictures import GALLERY, Studio, Tell, shots_of, take_shot
from billing.demonstration.school_days import plan_school_days
from billing.demonstration.stories import STORIES, Story
from billing.demonstration.timing import Moments, moments_of
from billing.demonstration.tray import leave_in_tray, shots_on_the_card
from billing.demonstration.treatments import order_and_begin
from cases.models import Asset, Case
from cases.states import Status
from teledent.accounts.models import Practice
from teledent.files.storage import scratch_folder

LONG_AGO = timedelta(days=90)  # claims of cases signed before went out in a file of their own ...
UNANSWERED = timedelta(days=70)  # ... so long ago, and no payer has answered it
WIDTH = 1280  # pixels of a photograph; what is drawn has detail for a thousand


@dataclass(frozen=True)
class Chapter:
    """A story with its case and its moments."""

    story: Story
    case: Case
    moments: Moments

    @property
    def is_told(self) -> bool:
        return self.case.revision > 0 or self.case.status != Status.DRAFT


def quietly(_: str) -> None:
    """For those who want no progress."""


def build_demonstration(
    *,
    at: datetime,
    password: str,
    cases: int | None = None,
    width: int = WIDTH,
    photographs: int = 5,
    lanes: int = 1,
    tell: Tell = quietly,
) -> Cast:
    """The demonstration as of `at`, with the first `cases` stories or all, at most so many photographs a case.

    `lanes` pictures are made at once, each in a child of the decoder; more than one needs a database that several
    threads can write. Calling it again finishes what a killed run left.
    """
    stories = STORIES[:cases]
    if (
        GALLERY not in settings.DECODER_PRELOAD
    ):  # before this process's decoder starts: loading it per picture takes longer than the picture
        settings.DECODER_PRELOAD = [*settings.DECODER_PRELOAD, GALLERY]
    cast = _cast(password=password, at=at)
    with scratch_folder() as folder:
        studio = Studio(folder, width=width, lanes=lanes, tell=tell)
        chapters = _opened(cast, stories, at=at)
        _illustrate(cast, studio, [chapter for chapter in chapters if not chapter.is_told], photographs=photographs)
        _tell_all(cast, studio, chapters, password=password, at=at)
        leave_in_tray(cast, studio, at=at - timedelta(minutes=25))
    ask_beforehand(cast, at=at)
    plan_school_days(cast, at=at)
    follow_families(cast, stories, at=at)
    opinions.read_twice(cast, password=password, at=at - timedelta(minutes=1))
    opinions.read_old_notices(cast, at=at)
    return cast


@transaction.atomic
def _cast(*, password: str, at: datetime) -> Cast:
    practice = Practice.objects.filter(is_demonstration=True).first()
    if practice is not None:
        return cast_of(practice)
    cast = make_practice(password=password, at=at)
    make_payers(cast, at=at - timedelta(days=60))
    opinions.keep_hours(cast, at=at - timedelta(days=60))
    return cast


def _opened(cast: Cast, stories: Sequence[Story], *, at: datetime) -> list[Chapter]:
    """Cases in the order in which they were opened, so that their numbers rise with time."""
    zones = {key: site.time_zone for key, site in cast.sites.items()}
    timed = [(moments_of(s, number=n, now=at, zone=zones[s.place]), n, s) for n, s in enumerate(stories)]
    chapters = []
    for moments, number, story in sorted(timed, key=lambda one: one[0].opened):
        with transaction.atomic():
            case = Case.objects.filter(public_id=case_id_of(story)).first() or open_story(
                cast, story, moments, number=number
            )
        chapters.append(Chapter(story, Case.objects.select_related("patient", "site").get(pk=case.pk), moments))
    return chapters


def _illustrate(cast: Cast, studio: Studio, chapters: Sequence[Chapter], *, photographs: int) -> None:
    there = set(
        Asset.objects.filter(practice=cast.practice, examined_at__isnull=False).values_list("public_id", flat=True)
    )
    shots = [(chapter, shot) for chapter in chapters for shot in shots_of(chapter.story, photographs=photographs)]
    shots = [(chapter, shot) for chapter, shot in shots if shot.public_id not in there]
    again = [reading.taken_again(chapter.story) for chapter in chapters if chapter.story.ending == "answered"]
    studio.draw([*(shot for _, shot in shots), *again, *shots_on_the_card()])
    studio.take([partial(take_shot, studio, shot, c.case, hygienist_of(cast, c.story), c.moments) for c, shot in shots])


def _tell_all(cast: Cast, studio: Studio, chapters: Sequence[Chapter], *, password: str, at: datetime) -> None:
    """First the stories whose claims are exported, then the export, then the others: it takes all that is ready."""
    sent = [chapter for chapter in chapters if chapter.story.claim == "exported"]
    sent.sort(key=lambda chapter: chapter.moments.signed > at - LONG_AGO)  # stable: those of long ago stand first
    early = sum(chapter.moments.signed <= at - LONG_AGO for chapter in sent)
    rest = [chapter for chapter in chapters if chapter.story.claim != "exported"]
    for number, chapter in enumerate([*sent, *rest]):
        if number == early and early:
            desk.export_ready(cast, nth=1, at=at - UNANSWERED)
        if number == len(sent) and sent:
            desk.export_ready(cast, nth=2 if early else 1, at=at - timedelta(hours=26))
            bring_answers(cast, at=at)
            answer_back(cast, studio.folder, at=at)
        if not chapter.is_told:
            _tell(cast, studio, chapter, password=password)
        studio.tell(f"Telling stories {number + 1} of {len(chapters)}")
    for chapter in chapters:
        case = Case.objects.get(pk=chapter.case.pk)
        if chapter.story.ending == "retracted" and case.status == Status.SIGNED:
            reading.retract(cast, chapter.story, case, at=_found_out(chapter, at))
    desk.put_off_and_note(cast, at=at)
    told = [(chapter.story, Case.objects.get(pk=chapter.case.pk)) for chapter in chapters]
    order_and_begin(cast, told, password=password, at=at)


def _found_out(chapter: Chapter, at: datetime) -> datetime:
    """When a mix-up came out: of a claim that was sent after the payer's answer, else the day after."""
    return at - timedelta(minutes=50) if chapter.story.claim == "exported" else chapter.moments.later


@transaction.atomic
def _tell(cast: Cast, studio: Studio, chapter: Chapter, *, password: str) -> None:
    told = reading.Telling(cast, chapter.story, chapter.case, chapter.moments, password=password, studio=studio)
    told.tell()
    desk.work_claims(cast, chapter.story, chapter.case, chapter.moments)
