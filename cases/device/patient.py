"""Who a manifest is about: somebody on file, or somebody new with what the form of Capture asks. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from cases.device.reading import Reader
from cases.models import Guardian, Patient, Sex
from cases.models.patient import BORN_SINCE
from teledent.accounts.models import State

TEXTS = ("given_name", "family_name", "preferred_name", "pupil_id", "street", "street_2", "city", "zip_code", "phone", "language",
         "card_given_name", "card_family_name")  # fmt: skip
NEEDED = ("given_name", "family_name")
LATIN = ("card_given_name", "card_family_name")
KEYS = ("id", *TEXTS, "birth_date", "sex", "state", "grade", "room", "guardian")
GUARDIAN = ("name", "relationship", "phone", "has_authority")


@dataclass(frozen=True, slots=True)
class NewPatient:
    """`details` and `guardian` are columns of their rows."""

    id: UUID
    details: Mapping[str, Any]
    grade: str
    room: str
    guardian: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class WhoSaid:
    """`id` somebody on file; beside `new`, the answer to "whom do you mean". `another`: nobody of those shown."""

    id: UUID | None
    new: NewPatient | None
    another: bool


def read_who(said: Reader, *, last: date) -> WhoSaid:
    """`last` is the latest day on which somebody can be born."""
    who = WhoSaid(
        said.id_or_none("id"), _new(said.inner("new", KEYS), last) if said.has("new") else None, said.yes("another")
    )
    if who.id is None and who.new is None:
        said.fault("", "names nobody: neither somebody on file nor somebody new.")
    if who.id is not None and who.another:
        said.fault("another", "contradicts the patient named by her id.")
    return who


def _most(model: type[Patient] | type[Guardian], name: str) -> int:
    """Characters that the column takes."""
    length: int = model._meta.get_field(name).max_length  # type: ignore[union-attr, assignment]
    return length


def _new(said: Reader, last: date) -> NewPatient:
    details: dict[str, Any] = {name: said.text(name, _most(Patient, name), needed=name in NEEDED) for name in TEXTS}
    for name in LATIN:
        if not all(ord(letter) < 0x250 for letter in details[name]):
            said.fault(name, "is to be as the card has it, in Latin letters.")
    details |= {
        "birth_date": said.day("birth_date", BORN_SINCE, last), "sex": said.choice("sex", Sex.values),
        "state": said.choice("state", State.values, needed=False),
    }  # fmt: skip
    guardian = _guardian(said.inner("guardian", GUARDIAN)) if said.has("guardian") else None
    return NewPatient(said.id("id"), details, said.text("grade", 10), said.text("room", 20), guardian)


def _guardian(said: Reader) -> Mapping[str, Any]:
    return {
        **{name: said.text(name, _most(Guardian, name), needed=name != "phone") for name in GUARDIAN[:3]},
        "has_authority": said.yes("has_authority"),
    }  # fmt: skip
