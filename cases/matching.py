"""Whose file is it (ID-2): compare what a file says of itself with the patient before us. Pure; nothing is guessed."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from teledent.kit.text import search_key

SENTENCE_MAX = 300  # characters that a file keeps of why it waits


class Hold(NamedTuple):
    """Why a file waits for a person: a stable code and the sentence shown."""

    code: str
    sentence: str


class Banner(NamedTuple):
    """What the banner says of the patient, as far as a file can contradict it."""

    given_names: tuple[str, ...]  # legal, in use, on the card
    family_names: tuple[str, ...]
    birth_date: date
    ids: tuple[str, ...]  # pupil id and what stands for it; empty: she has none, and no id can disagree


def identity_holds(identity: Mapping[str, Any] | None, banner: Banner) -> tuple[Hold, ...]:
    """Each way in which the DICOM name, id or birth date disagrees; fields that the file leaves empty say nothing."""
    return tuple(_disagreements(identity, banner)) if identity else ()


def _disagreements(identity: Mapping[str, Any], banner: Banner) -> Iterator[Hold]:
    said_born = identity.get("birth_date")
    if said_born and said_born != banner.birth_date.isoformat():
        yield Hold("other-birth-date", f"The file names a patient born {date.fromisoformat(said_born):%-d %b %Y}.")
    if not names_agree(identity, banner):
        yield Hold("other-name", f"The file names “{written_name(identity)}”.")
    said_id = identity.get("patient_id")
    if said_id and banner.ids and search_key(said_id) not in {search_key(known) for known in banner.ids}:
        yield Hold("other-id", f"The file names patient id {said_id}.")


def names_agree(identity: Mapping[str, Any], banner: Banner) -> bool:
    """Both parts equal one of the patient's own names, folded for case, marks and spaces; empty parts agree."""
    family, given = search_key(identity.get("family_name", "")), search_key(identity.get("given_name", ""))
    return (not family or family in {search_key(n) for n in banner.family_names if n}) and (
        not given or given in {search_key(n) for n in banner.given_names if n}
    )


def names_exactly(identity: Mapping[str, Any] | None, banner: Banner) -> bool:
    """Whether name, id and birth date are all there and all agree: the only match an import makes by itself."""
    if identity is None or not all(identity.get(k) for k in ("family_name", "given_name", "patient_id", "birth_date")):
        return False
    known_ids = {search_key(known) for known in banner.ids}
    return not identity_holds(identity, banner) and search_key(identity["patient_id"]) in known_ids


def written_name(identity: Mapping[str, Any]) -> str:
    return ", ".join(part for part in (identity.get("family_name", ""), identity.get("given_name", "")) if part)


def day_hold(said_local: str | None, day_seen: date) -> Hold | None:
    """A hold when the file's own capture day is not the day seen; a file without a day says nothing (CL-1)."""
    if not said_local:
        return None
    said = date.fromisoformat(said_local[:10])
    if said == day_seen:
        return None
    return Hold(
        "other-day", f"The file says it was taken on {said:%-d %b %Y}, the patient was seen on {day_seen:%-d %b %Y}."
    )


EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # digital pictures of teeth are younger


def can_be_taken_at(said: datetime, *, known_at: datetime) -> bool:
    """Whether a picture can have been taken at this aware instant: since 1990, at most a day after we knew of it."""
    return EARLIEST <= said <= known_at + timedelta(days=1)


def together(holds: Iterable[Hold]) -> Hold | None:
    """One hold that gives every reason, so that nobody decides on the first one alone; its code is the first one's."""
    found = list(holds)
    if not found:
        return None
    sentence = " ".join(hold.sentence for hold in found)
    return Hold(found[0].code, sentence if len(sentence) <= SENTENCE_MAX else f"{sentence[: SENTENCE_MAX - 1]}…")


def slate_of_another(tag: str, school_day: str) -> Hold:
    """The picture itself says her name; the sentence, which is kept, does not."""
    return Hold("other-slate", f"The picture shows the slate of another child: tag {tag} on the list of {school_day}.")


HER_SLATE = Hold("her-slate", "The picture shows this patient’s slate.")
UNKNOWN_SLATE = Hold("unknown-slate", "The picture shows a slate that is on no list of this practice.")
BYTES_ELSEWHERE = Hold("bytes-elsewhere", "The same picture is already on another patient.")


def undecided(holds: Iterable[Hold], accepted: Collection[str]) -> Iterator[Hold]:
    """The reasons that no person has decided; `accepted` are the sentences of the holds that one let count.

    Whose picture it is, and whether it counts with her slate in it, are two questions. Who answered the first has seen the
    picture and is not asked it again when the day or the patient is corrected; neither answer is one to the other.
    """
    is_hers = any(sentence != HER_SLATE.sentence for sentence in accepted)
    counts_with_slate = any(HER_SLATE.sentence in sentence for sentence in accepted)
    return (hold for hold in holds if not (counts_with_slate if hold == HER_SLATE else is_hers))
