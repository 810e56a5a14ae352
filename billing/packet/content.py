"""What the documentation packet and the claim data sheet say, as plain frozen data.

Others fill these from database rows; nothing here knows a row, a template or a page. A value of ``None`` means "there
is none", never "we forgot": the printed page then says so. Every printed time is a ``Moment``: an aware instant and the
IANA name of the zone in which a reader of the record wants to see it.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from teledent.printing.moments import Moment


@dataclass(frozen=True, slots=True)
class Code:
    """A bare procedure or diagnosis code with a gloss in the practice's words or our own."""

    number: str
    gloss: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer taken from the patient or family. "Not asked" is not "none known" (CH-1)."""

    state: Literal["answered", "none known", "not asked"]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Practice:
    name: str
    address: tuple[str, ...]
    phone: str


@dataclass(frozen=True, slots=True)
class Patient:
    """``card_name`` is the name on the insurance card in Latin letters; ``name_in_use`` what the child is called."""

    name_in_use: str
    legal_name: str
    birth_date: date
    second_identifier: str
    second_identifier_label: str = "Second identifier"
    card_name: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """The day seen, where, and the numbers by which the case and (when there is one) its claim are called.

    ``site_name`` is blank of a patient who was away from the site; ``site_place`` says where then.
    """

    case_number: str
    kind: str
    site_name: str
    site_place: str
    day_seen: date
    claim_number: str | None = None
    authorisation: str = ""  # the payer's numbers under which services of the claim are authorised


@dataclass(frozen=True, slots=True)
class Practitioner:
    """``licence`` is printed as given, its state apart; ``npi`` where the person has one."""

    name: str
    role: str
    licence: str
    state: str
    npi: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """How and when the record came about: who captured it, the case's own times, why nobody met (CA-4), how it
    travelled. Of what was ``sent_by`` a link ``captured_by`` is who submitted it: the sender, or who completed it.
    """

    captured_by: Practitioner
    submitted: Moment
    review_started: Moment
    how_collected: str
    how_sent: str
    why_asynchronous_hygienist: str
    why_asynchronous_dentist: str
    stated_first_by: str = "Hygienist"  # of the two who say why
    sent_by: str = ""  # who sent it by a link, nobody of the practice being there
    of_office: bool = False  # a dentist of another office, with a question

    @property
    def completed_by(self) -> Practitioner | None:
        """The hygienist who completed what was sent by a link."""
        return self.captured_by if self.sent_by and self.captured_by.licence else None


@dataclass(frozen=True, slots=True)
class ToothFinding:
    tooth: str
    finding: str
    surface: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """A service done on site by the hygienist (CA-3)."""

    code: Code
    operator: str
    tooth: str = ""
    quantity: int = 1
    ordered_by: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """One picture of the record.

    ``file`` is the plain name of a JPEG in the images folder: upright, mirrored views already put right (RE-7). ``alt``
    is what a reader who cannot see the picture is told; a packet without it is refused. ``control_number`` is the
    claim's attachment number.
    """

    number: int
    view: str
    file: str
    alt: str
    device: str
    captured: Moment | None
    sent: Moment | None
    received: Moment | None
    examined: Moment | None
    tooth: str = ""
    mirrored: bool = False
    usable: bool = True
    unusable_reason: str = ""
    ordered_by: str = ""
    control_number: str | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    code: Code
    tooth: str = ""


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A planned step with the diagnosis that it rests on (its code's number)."""

    procedure: str
    priority: str
    rationale: str
    diagnosis: str
    tooth: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What the dentist ordered of the hygienist (CO-3)."""

    number: str
    what: str
    until: date
    reason: str


@dataclass(frozen=True, slots=True)
class PictureMark:
    """A mark that the dentist drew on a picture, in words."""

    view: str
    text: str


@dataclass(frozen=True, slots=True)
class Review:
    """The signed review. No ``evaluation`` and no ``encounter_code`` where the pictures could not be assessed (RE-4,
    CL-7).
    """

    evaluation: Code | None
    encounter_code: Code | None
    findings: tuple[ToothFinding, ...]
    conclusions: str
    diagnoses: tuple[Diagnosis, ...]
    advice: str
    plan: tuple[PlanLine, ...]
    limits: str
    outcome: str
    follow_up: str
    attestations: tuple[str, ...]
    picture_marks: tuple[PictureMark, ...] = ()
    orders: tuple[Order, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A step after the signature: recorded, not signed, and so kept apart from the review's own words."""

    when: Moment
    step: str
    who: str
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Signature:
    """``content_hash`` is the hash, in hex, over what was signed."""

    signer: Practitioner
    signed: Moment
    statement: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Addendum:
    author: Practitioner
    written: Moment
    text: str


@dataclass(frozen=True, slots=True)
class Retraction:
    by: str
    at: Moment
    reason: str


@dataclass(frozen=True, slots=True)
class PacketContent:
    """All that the documentation packet prints."""

    practice: Practice
    patient: Patient
    visit: Visit
    record: Record
    complaint: Answer
    history: Answer
    allergies: Answer
    medicines: Answer
    hygienist_findings: tuple[ToothFinding, ...]
    services: tuple[Service, ...]
    images: tuple[Image, ...]
    review: Review
    signature: Signature
    done_under: tuple[Order, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    addenda: tuple[Addendum, ...] = ()
    retraction: Retraction | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the claim by its number on the claim form, our own label, and the value or the reason why it is
    blank.
    """

    number: str
    label: str
    value: str = ""
    blank_because: str = ""


@dataclass(frozen=True, slots=True)
class ItemGroup:
    heading: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A line of the claim, items 24 to 31: ``fee`` is the line's whole fee in dollars, ``diagnoses`` the letters A to
    D.
    """

    day: date
    code: str
    fee: Decimal
    description: str = ""
    area: str = ""
    tooth_system: str = ""
    tooth: str = ""
    surface: str = ""
    diagnoses: str = ""
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class DataSheetContent:
    """All that the claim data sheet prints: items before the service lines, the lines, items after them. Fees in
    dollars.
    """

    practice: str
    patient: str
    case_number: str
    claim_number: str
    before_lines: tuple[ItemGroup, ...]
    lines: tuple[ServiceLine, ...]
    other_fee: Decimal | None
    total: Decimal
    after_lines: tuple[ItemGroup, ...]
