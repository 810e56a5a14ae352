"""Print the letters of a run: one after the other into a file, laid out in the decoder's child, committed as one.

What may go out is asked twice: when a letter is written, and under the locks of the commit. If a case was retracted or a
consent withdrawn meanwhile, nothing is kept and the job begins again without that letter.
"""

import json
import logging
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from cases.actions.following import record_letter_out
from cases.actions.lettering import AT_ONCE, HAND, PRINT, letters_due
from cases.lettering import languages_of, may_write, write_letter
from cases.models import Case, Letter, LetterRun, PrintState
from cases.moving import lock, record_event
from teledent.files import keeping
from teledent.files.storage import scratch_folder
from teledent.jobs.decoder import Limits, in_child
from teledent.jobs.queue import enqueue
from teledent.jobs.registry import Effect, job
from teledent.kit import canonical, clock
from teledent.kit.decisions import Conflict

logger = logging.getLogger(__name__)
RENDER = "cases.letters.render:render_letters"
LIMITS = Limits(cpu=180, wall=400.0)  # two hundred letters on a busy machine
TELL_EVERY = 5  # letters between two writes of the progress
HANDED_AT_ONCE = 50


def set_aside(*, run_id: int, **_: object) -> None:
    LetterRun.objects.filter(pk=run_id, state=PrintState.QUEUED).update(state=PrintState.FAILED)


@job(PRINT, heavy=True, on_parked=set_aside)
def print_letters(*, run_id: int, again: bool = False, **_: object) -> Effect | None:
    run = (
        LetterRun.objects.filter(pk=run_id, state=PrintState.QUEUED).select_related("practice", "site", "case").first()
    )
    if run is None:
        logger.info("Letters %s are made or gone.", run_id)
        return None
    with scratch_folder() as scratch:
        source = scratch / "letters.jsonl"
        left_out = _write(run, _cases(run, again=again), source)
        if not source.stat().st_size:
            return partial(_finish_empty, run_id, left_out)
        made = in_child(
            RENDER, limits=LIMITS, source=str(source), out_dir=str(scratch), title=f"Letters {run.day:%Y-%m-%d}",
            at=run.requested_at.isoformat(),
        )  # fmt: skip
        kept = keeping.keep_file(scratch / made["file"], folder="letters")
        letters = list(_lines(source))
    return partial(_finish, run_id, kept, letters, left_out)


def _cases(run: LetterRun, *, again: bool) -> QuerySet[Case]:
    if run.case_id:
        found = Case.objects.filter(pk=run.case_id)
    else:
        ids = letters_due(run.site, run.day, again=again).values_list("pk", flat=True)[:AT_ONCE]
        found = Case.objects.filter(pk__in=list(ids)).order_by("patient__family_key", "patient__given_key", "pk")
    return found.select_related("patient", "site", "practice")


def _write(run: LetterRun, cases: QuerySet[Case], source: Path) -> list[dict[str, str]]:
    """One letter a line, none of them held in memory; what is left out, with its reason."""
    languages, left_out = languages_of(run.practice), []
    with source.open("w", encoding="utf-8") as lines:
        for number, case in enumerate(cases.iterator(chunk_size=50), start=1):
            allowed = may_write(case)
            if allowed:
                written = write_letter(case, languages=languages, language=run.language)
                line = {**written.document.as_json(), "_case": case.pk, "_to": written.addressee}
                lines.write(json.dumps(line) + "\n")
            else:
                left_out.append({"case": case.label, "why": allowed.reason})
            if number % TELL_EVERY == 0:
                LetterRun.objects.filter(pk=run.pk, state=PrintState.QUEUED).update(written=number)
    return left_out


def _lines(source: Path) -> Iterator[dict[str, Any]]:
    with source.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def _finish(run_id: int, kept: keeping.Kept, letters: list[dict[str, Any]], left_out: list[dict[str, str]]) -> None:
    run, at = LetterRun.objects.select_related("requested_by").get(pk=run_id), clock.now()
    stored = keeping.record(kept, at=at, media_type="application/pdf")
    done = LetterRun.objects.filter(pk=run_id, state=PrintState.QUEUED)
    if not done.update(state=PrintState.DONE, file=stored, written=len(letters), total=len(letters), left_out=left_out):
        raise Conflict("These letters were made already.")
    for number, letter in enumerate(letters, start=1):
        _keep(run, letter, number=number, at=at)


def _keep(run: LetterRun, letter: dict[str, Any], *, number: int, at: datetime) -> None:
    """Under the case's lock: a withdrawal or retraction waits, or was first and is seen here."""
    case = lock(letter.pop("_case"))
    if not may_write(case):
        raise Conflict("A case of these letters may not go out any more.")
    to = letter.pop("_to")
    digest = canonical.sha256_of(letter)
    Letter.objects.create(
        run=run, case=case, number=number, addressee=to[:200], language=letter["language"], document=letter, digest=digest,
    )  # fmt: skip
    details = {"to": to, "language": letter["language"], "run": run.public_id, "digest": digest}
    record_event(case.pk, "letter_printed", person=run.requested_by, at=at, details=details)


def _finish_empty(run_id: int, left_out: list[dict[str, str]]) -> None:
    LetterRun.objects.filter(pk=run_id, state=PrintState.QUEUED).update(
        state=PrintState.FAILED, total=0, left_out=left_out
    )


@job(HAND)
def hand_over_letters(*, run_id: int, after: int = 0, **_: object) -> Effect | None:
    """Each letter of a run that went out becomes a step of its case's follow-up, in portions; also of a case that was
    retracted, or whose family withdrew, a moment after."""
    run = LetterRun.objects.filter(pk=run_id, handed_at__isnull=False).select_related("handed_by").first()
    return partial(_hand_over, run, after) if run else None


def _hand_over(run: LetterRun, after: int) -> None:
    letters = list(run.letters.filter(number__gt=after).select_related("case")[:HANDED_AT_ONCE])
    assert run.handed_by is not None and run.handed_at is not None  # noqa: S101, PT018 - set together by `hand_over`
    for letter in letters:
        record_letter_out(
            person=run.handed_by, case=letter.case, told_to=letter.addressee[:120], how=run.handed_how, at=run.handed_at
        )
    if len(letters) == HANDED_AT_ONCE:
        enqueue(HAND, run_id=run.pk, after=letters[-1].number)
