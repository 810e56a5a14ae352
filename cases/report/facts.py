"""What a report is written from: signed content, and what was added to it since. Frozen, without rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from teledent.printing.moments import Moment


@dataclass(frozen=True, slots=True)
class Signer:
    """A person as the signature named her; `licence` with its state, `npi` where she has one."""

    name: str
    licence: str
    npi: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """Words that came after the signature: an addendum, or the reason of a retraction."""

    author: str
    at: Moment
    text: str


@dataclass(frozen=True, slots=True)
class PictureTimes:
    """When one picture was taken, sent and received."""

    image: str
    captured: Moment | None
    sent: Moment | None
    received: Moment | None


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """`gathered` is the content that the hygienist signed, `concluded` the dentist's. Times in the patient's zone."""

    practice: tuple[str, ...]  # name, address, phone, a line each
    phone: str
    case: str
    gathered: Mapping[str, Any]
    concluded: Mapping[str, Any]
    hygienist: Signer
    submitted: Moment
    dentist: Signer
    signed: Moment
    digest: str
    times: tuple[PictureTimes, ...]
    addenda: tuple[Added, ...] = ()
    retraction: Added | None = None
