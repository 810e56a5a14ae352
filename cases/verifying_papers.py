"""What was printed for others or sent to them, against its own hash and what the timeline tells."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from cases.models import Asset, Case, Letter, LetterRun, Referral, SchoolList, SchoolListLine
from cases.papers import line_content, referral_content
from cases.verifying_told import digests, gone, told
from teledent.files.keeping import sha256_at_rest
from teledent.files.models import StoredFile
from teledent.files.storage import StorageUnavailable
from teledent.kit import canonical


def bytes_misfits(whose: str, noun: str, stored: StoredFile) -> Iterator[str]:
    """The bytes of one file, hashed as they lie in the storage."""
    try:
        if sha256_at_rest(stored) != stored.sha256:
            yield f"{whose}: {noun} was changed in the storage."
    except StorageUnavailable:
        yield f"{whose}: {noun} is missing from the storage."


def paper_misfits(case: Case) -> Iterator[str]:
    """Reports, letters, referrals and lines of lists for schools. Files that many cases share: `shared_misfits`."""
    yield from _reports(case)
    yield from _letters(case)
    yield from _referrals(case)
    yield from _lines(case)


def _reports(case: Case) -> Iterator[str]:
    events, reports = digests(told(case, "report_printed")), list(case.reports.select_related("file"))
    yield from gone(case, "the report printed", events, [one.digest for one in reports])
    for report in reports:
        if canonical.sha256_of(report.document) != report.digest or report.digest not in events:
            yield f"{case.label}: the report {report.get_audience_display().lower()} was changed after it was printed."
        if report.file:
            yield from bytes_misfits(case.label, f"the report {report.public_id}", report.file)


def _letters(case: Case) -> Iterator[str]:
    events = {event.details["run"]: event.details for event in told(case, "letter_printed")}
    letters = {str(one.run.public_id): one for one in case.letters.select_related("run")}
    for run in events.keys() - letters.keys():
        yield f"{case.label}: a letter of the printing {run} is gone, the timeline tells of it."
    for run, one in letters.items():
        said = events.get(run, {})
        kept = _kept(said, one.digest) and (said.get("to", "")[:200], said.get("language")) == (
            one.addressee,
            one.language,
        )
        if canonical.sha256_of(one.document) != one.digest or not kept:
            yield f"{case.label}: the letter to {one.addressee} was changed after it was printed."


def _kept(details: dict[str, Any], digest: str) -> bool:
    """Whether an event tells of this hash. Events from before it was told there name the paper alone."""
    return bool(details.get("digest", digest) == digest)


def _referrals(case: Case) -> Iterator[str]:
    events, referrals = digests(told(case, "referred")), list(case.referrals.select_related("file"))
    yield from gone(case, "the referral", events, [one.digest for one in referrals])
    pictures = {str(one.public_id): one for one in case.assets.all()}
    for row in referrals:
        if row.digest not in events or not _as_referred(row, pictures, events[row.digest].details):
            yield f"{case.label}: the referral to {row.to.get('name')} was changed after it was made."
        if row.file:
            yield from bytes_misfits(case.label, f"the referral {row.public_id}", row.file)
    sent = Counter((event.at, event.person_id, event.details["how"]) for event in told(case, "referral_sent"))
    if sent != Counter((row.sent_at, row.sent_by_id, row.sent_how) for row in referrals if row.sent_at):
        yield f"{case.label}: which referrals went out, when and how is not what the timeline tells."


def _as_referred(row: Referral, pictures: dict[str, Asset], details: dict[str, Any]) -> bool:
    chosen = [pictures[one] for one in row.pictures if one in pictures]
    content = canonical.sha256_of(referral_content(row.letter, row.report, chosen))
    named = (details["to"], details["urgency"]) == (row.to.get("name"), row.get_urgency_display())
    return len(chosen) == len(row.pictures) and content == row.digest and named


def _lines(case: Case) -> Iterator[str]:
    events = {event.details["list"]: event.details for event in told(case, "school_list")}
    lines = {str(one.school_list.public_id): one for one in case.school_list_lines.select_related("school_list")}
    for listed in events.keys() - lines.keys():
        yield f"{case.label}: a line of the school list {listed} is gone, the timeline tells of it."
    for listed, line in lines.items():
        said, digest = events.get(listed, {}), canonical.sha256_of(line_content(line))
        if (said.get("for"), said.get("word")) != (line.school_list.made_for, line.word) or not _kept(said, digest):
            yield f"{case.label}: its line on the list for {line.school_list.made_for} was changed after it was made."


def shared_misfits(cases: QuerySet[Case]) -> Iterator[str]:
    """The finished files of printings and of lists that name any of these cases, each once."""
    letters = Letter.objects.filter(case__in=cases.values("pk"))
    lines = SchoolListLine.objects.filter(case__in=cases.values("pk"))
    yield from _files("printing", LetterRun.objects.filter(pk__in=letters.values("run")))
    yield from _files("list", SchoolList.objects.filter(pk__in=lines.values("school_list")))


def _files(noun: str, papers: QuerySet[LetterRun] | QuerySet[SchoolList]) -> Iterator[str]:
    for paper in papers.select_related("file", "site").order_by("pk").iterator(chunk_size=200):
        if paper.file is not None:
            yield from bytes_misfits(str(paper), f"the {noun} {paper.public_id}", paper.file)
