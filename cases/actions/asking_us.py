"""What a dentist of another office does by a link: says whom it is about and what she asks, sends films, sends the whole, collects
the answer. She is no actor; every act asks again whether the link is open, under its lock."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from cases.actions.reporting import may_print
from cases.consulting import EVER_MAX, FILE_SIZE_MAX, FILES_MAX, SENT_VIEWS
from cases.models import Asset, AssetState, Consultation
from cases.models.asset import AssetQuerySet
from cases.models.consultation import ENDED, STANDS
from cases.moving import record_event
from cases.readers import reads_from
from teledent.accounts.trail import record
from teledent.files.storage import open_streaming
from teledent.kit import canonical, clock
from teledent.kit.decisions import Refused
from teledent.kit.text import printable

TAKEN_AWAY = "Taken away by the office before sending"
BEGUN_ANEW = "Somebody began anew, in another browser or about another patient"
NEVER_ARRIVED = "Had not arrived when the question was sent"


class Shut(Refused):
    """The link is not open for this any more."""


class AnotherShown(Shut):
    """The page shows another question, or another patient, than what is asked by now in this browser."""


class Lacking(Refused):
    """Something is to be done before the question can be sent."""


@dataclass(frozen=True, slots=True)
class Collected:
    """The answer as PDF: its name names nobody, its bytes come in blocks."""

    name: str
    size: int
    blocks: Iterator[bytes]


@transaction.atomic
def open_consultation(*, asked: Consultation, at: datetime) -> None:
    """Somebody pressed the button on the first page. The trail tells it once: who has the link may press for ever."""
    if Consultation.objects.filter(pk=asked.pk, opened_at__isnull=True).update(opened_at=at):
        _record("opened", asked, at=at)


@transaction.atomic
def keep_question(*, asked: Consultation, typed_in: str, said: Mapping[str, Any], at: datetime) -> None:
    """Keep what she typed in the browser `typed_in`. What was brought before in another one, or about another patient, is struck
    off: a film of one never goes with the name of another. Raises Lacking where no dentist of the practice may read it (RE-1)."""
    row = _unsent(asked, at)
    day = clock.local_date(at, row.site.time_zone)
    if not reads_from(row.practice, said["state"], day=day, at=at):
        raise Lacking(
            f"No dentist of {row.practice.name} is licensed in this state. Call the practice before you send anything."
        )
    if row.typed_in != typed_in or _is_another(row.said, said):
        films_of(row).update(state=AssetState.STRUCK, struck_reason=BEGUN_ANEW)
    plain = canonical.plain({key: printable(value) if isinstance(value, str) else value for key, value in said.items()})
    Consultation.objects.filter(pk=row.pk).update(said=plain, typed_in=typed_in)


def _is_another(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Another patient, and not a slip that is mended: the birth date and a name differ."""
    names = ("given_name", "family_name")
    return before.get("birth_date") != now["birth_date"] and any(before.get(name) != now[name] for name in names)


@transaction.atomic
def declare_film(
    *, asked: Consultation, stamp: str, public_id: UUID, size: int, sha256: str, name: str, view: str, at: datetime
) -> Asset:  # fmt: skip
    """Say that a file will come. The same bytes or the same id again return the row that there is.

    Raises Refused beyond what a question takes, or when the id was announced for something else, AnotherShown.
    """
    row = _shown(asked, stamp, at)
    known = Asset.objects.filter(public_id=public_id).first()
    if known is not None:
        if (known.consultation_id, known.declared_size, known.declared_sha256) != (row.pk, size, sha256):
            raise Refused("This file was announced before, for something else.")
        return known
    same = row.assets.filter(declared_sha256=sha256).exclude(state__in=[AssetState.STRUCK, AssetState.REFUSED]).first()
    if same is not None:
        return same
    taken = row.assets.exclude(struck_reason=BEGUN_ANEW).count() >= FILES_MAX or row.assets.count() >= EVER_MAX
    if size > FILE_SIZE_MAX or taken or view not in SENT_VIEWS:
        raise Refused(f"A question takes {FILES_MAX} files of {FILE_SIZE_MAX >> 20} MB.")
    return Asset.objects.create(
        public_id=public_id, practice=row.practice, site=row.site, consultation=row, declared_name=printable(name)[:120],
        declared_size=size, declared_sha256=sha256, declared_by=None, declared_at=at, view=view,
    )  # fmt: skip


def films_of(asked: Consultation) -> AssetQuerySet:
    """Her files that she did not take away."""
    return asked.assets.counted()


@transaction.atomic
def take_away(*, asked: Consultation, typed_in: str, public_id: UUID, at: datetime) -> None:
    """She leaves a file out. Its row and its bytes stay, struck off (CA-7)."""
    row = _hers(asked, typed_in, at)
    films_of(row).filter(public_id=public_id).update(state=AssetState.STRUCK, struck_reason=TAKEN_AWAY)


@transaction.atomic
def send_question(*, asked: Consultation, stamp: str, at: datetime) -> None:
    """The question goes to the practice, whole; from now on it stands still. Raises Lacking, AnotherShown."""
    row = _shown(asked, stamp, at)
    if not row.said.get("question"):
        raise Lacking("Say first whom it is about and what you ask.")
    films_of(row).filter(state=AssetState.DECLARED).update(state=AssetState.STRUCK, struck_reason=NEVER_ARRIVED)
    if not films_of(row).exclude(state__in=[AssetState.REFUSED, AssetState.FAILED]).exists():
        raise Lacking("Add a film, a picture or your plan first.")
    Consultation.objects.filter(pk=row.pk).update(sent_at=at)
    _record("sent", row, at=at)


@transaction.atomic
def is_born_on(*, asked: Consultation, said: date | None, at: datetime) -> bool:
    """Whether this is the birth date that she typed with her question. A wrong one costs a try; the last one locks the link."""
    row = _locked(asked)
    if not Consultation.objects.usable(at).filter(pk=row.pk, sent_at__isnull=False).exists():
        raise Shut("This link does not work any more.")
    if said == row.birth_date:
        return True
    Consultation.objects.filter(pk=row.pk, tries_left__gt=0).update(tries_left=F("tries_left") - 1)
    _record("denied", row, at=at)
    return False


def answer_of(asked: Consultation) -> str:
    """How far the answer is: "" while it is read, "ready", "making", "failed" or "withdrawn"; "none" when there will be none."""
    case, report = asked.case, asked.report
    if case is None or report is None:
        return "none" if case is not None and case.status in ENDED else ""
    if report.case_id != case.pk or case.status not in STANDS or not may_print(case):
        return "withdrawn"
    return {"done": "ready", "queued": "making"}.get(report.state, "failed")


@transaction.atomic
def collect(*, asked: Consultation, at: datetime) -> Collected:
    """The answer that lies ready. Each time stands on the trail, the first one on the timeline."""
    case, report = asked.case, asked.report
    if answer_of(asked) != "ready" or case is None or report is None or report.file is None:
        raise Shut("There is no answer to collect.")
    if Consultation.objects.filter(pk=asked.pk, collected_at__isnull=True).update(collected_at=at):
        details = {"to": asked.sender, "digest": report.digest}
        record_event(case.pk, "answer_collected", person=None, at=at, details=details, name_of_nobody=asked.sender)
    record("report", noun="case", public_id=case.public_id, person=None, practice=asked.practice, at=at)
    return Collected(report.file_name, report.file.size, open_streaming(report.file.key))


def _record(verb: str, asked: Consultation, *, at: datetime) -> None:
    record(verb, noun="consultation", public_id=asked.public_id, person=None, practice=asked.practice, at=at)


def _locked(asked: Consultation) -> Consultation:
    Consultation.objects.select_for_update().only("pk").get(pk=asked.pk)
    return Consultation.objects.select_related("practice", "site").get(pk=asked.pk)


def _unsent(asked: Consultation, at: datetime) -> Consultation:
    """The row under its lock, while something may still be asked by it."""
    row = _locked(asked)
    if not Consultation.objects.unsent(at).filter(pk=row.pk).exists():
        raise Shut("This link does not work any more.")
    return row


def _hers(asked: Consultation, typed_in: str, at: datetime) -> Consultation:
    """The same, while the question is the one that was typed in her browser."""
    row = _unsent(asked, at)
    if row.typed_in != typed_in:
        raise Shut("Somebody began anew by this link.")
    return row


def _shown(asked: Consultation, stamp: str, at: datetime) -> Consultation:
    """The same, while it is the question and the patient that her page shows (`Consultation.stamp`)."""
    row = _unsent(asked, at)
    if row.stamp != stamp:
        raise AnotherShown("Somebody began anew by this link, or about another patient.")
    return row
