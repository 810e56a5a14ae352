"""ClaimFacts: everything a claim is made from, frozen and plain.

`billing.snapshot` fills it from rows, once; lines, rules, the 837D and the claim data sheet read nothing else, so all
of them say the same. A claim keeps `to_json()` and can be written again from it for ever.

How to fill it
- Text is as people typed it; blank means not known. Nothing is upper-cased or cut here.
- Names on a claim are the names on the insurance card, in Latin letters (`CardName`); the name in use stands beside.
- `Address.zip_code` holds digits with or without the hyphen: "974770001" or "97477-0001".
- Dates are local days (the day a person would say), moments are aware.
- Ranges include both ends; `None` means open.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from billing.claims.authorised import Authorised
from billing.claims.earlier_lines import CoveredLine, LineAnswer, PayerAdjustment
from billing.claims.payer_rules import DoneBefore, PayerRule
from billing.claims.plain import from_plain
from teledent.kit.canonical import plain as plain_json

# The statuses of a case as its own half names them; a claim cares for the difference between them only here.
CaseStatus = Literal[
    "DRAFT", "SUBMITTED", "IN_REVIEW", "NEEDS_INFO", "SIGNED", "CLOSED", "RETRACTED", "STOPPED", "WITHDRAWN"
]
Answer = Literal["yes", "no", "unknown"]
Sex = Literal["M", "F", "U"]
CodeKind = Literal[
    "evaluation", "encounter", "screening", "radiograph", "photograph", "half", "service", "diagnosis"
]  # half: of a picture, the taking alone or the reading alone
IMAGES: tuple[CodeKind, ...] = ("radiograph", "photograph", "half")

ASYNCHRONOUS = "D9996"  # stored and forwarded: records gathered first, read later
SYNCHRONOUS = "D9995"  # live contact
ONCE_A_DAY = frozenset({ASYNCHRONOUS})  # of a patient, within the billing entity (CL-5)


def within(day: date, first: date | None, last: date | None) -> bool:
    """True when `day` lies in the range; both ends belong to it, None is open."""
    return (first is None or first <= day) and (last is None or day <= last)


@dataclass(frozen=True, slots=True)
class Address:
    street: str
    city: str
    state: str  # two letters
    zip_code: str
    street2: str = ""

    @property
    def zip_digits(self) -> str:
        return "".join(sign for sign in self.zip_code if sign.isascii() and sign.isdigit())


@dataclass(frozen=True, slots=True)
class CardName:
    """A person's name as the insurance card prints it, in Latin letters."""

    last: str
    first: str
    middle: str = ""
    suffix: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        return (self.last, self.first, self.middle, self.suffix)


@dataclass(frozen=True, slots=True)
class Practice:
    """The billing entity: who is paid."""

    name: str
    address: Address  # a street, never a post office box; ZIP+4
    phone: str
    npi: str  # group NPI
    tin: str  # nine digits
    taxonomy: str
    tin_is_ssn: bool = False
    contact_name: str = ""  # the billing desk; blank: the practice's name


@dataclass(frozen=True, slots=True)
class Payer:
    """The payer's profile as it stood on the claim's day: its differences are data, never code."""

    name: str
    payer_id: str
    claim_filing_code: str  # SBR09: CI commercial, MC Medicaid, BL, ...
    address: Address | None = None
    companion_codes: tuple[str, ...] = ()  # evaluations that D9996 may ride with
    dos_basis: Literal["signed", "capture"] = "signed"
    place_teledentistry: str = "02"
    place_at_home: str = "10"
    rendering_on_site: Literal["hygienist", "supervising", "not_billable"] | None = None  # None: nobody has decided
    service_facility: Literal["originating", "reading"] = "originating"
    diagnosis_required: bool = False
    takes_asynchronous: Answer = "unknown"
    outcome_told_required: bool = False
    epsdt: bool = False  # children's Medicaid: the claim says so
    accepts_assignment: bool = True  # the practice takes this payer's fee as payment
    verify_every_days: int | None = None  # for how many days a verification holds; None: no limit is stated


@dataclass(frozen=True, slots=True)
class Verified:
    """Somebody asked about the plan: when, how, and what it says of asynchronous teledentistry."""

    on: date
    how: str
    says: Literal["covered", "not_covered", "inclusive", "unknown"] = "unknown"
    authorisation: Literal["needed", "not_needed", "unknown"] = "unknown"


@dataclass(frozen=True, slots=True)
class Coverage:
    payer: Payer
    member_id: str
    subscriber_name: CardName
    relationship: str  # of the patient to the subscriber: 18 self, 19 child, 01 spouse, ...
    subscriber_birth_date: date | None = None
    subscriber_sex: Sex = "U"
    patient_has_own_member_id: bool = False  # a Medicaid child: the patient is the subscriber
    group_number: str = ""
    group_name: str = ""
    sequence: Literal["P", "S", "T"] = "P"
    valid_from: date | None = None
    valid_until: date | None = None
    verified_on: date | None = None  # of facts frozen while a coverage had one verification
    verified_how: str = ""
    verifications: tuple[Verified, ...] = ()  # of this payer and member id, the oldest first

    @property
    def patient_is_subscriber(self) -> bool:
        return self.patient_has_own_member_id or self.relationship == "18"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a record was signed for: legal name, birth date, sex."""

    given_name: str
    family_name: str
    birth_date: date
    sex: Sex

    @property
    def legal_name(self) -> str:
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class Patient:
    account: str  # the practice's own number for the patient
    card_name: CardName
    birth_date: date
    sex: Sex
    address: Address
    name_in_use: str = ""
    missing_teeth: tuple[str, ...] = ()  # permanent teeth, 1-32
    known_as: Identity | None = None  # who the patient is by the practice's own list today
    signed_as: Identity | None = None  # who the review was signed for
    name_confirmed: bool = False  # a person said that the two names are of one patient


@dataclass(frozen=True, slots=True)
class Licence:
    state: str
    number: str
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Clinician:
    name: CardName
    npi: str
    taxonomy: str
    licences: tuple[Licence, ...] = ()  # the one that she signed with first
    address: Address | None = None  # practice address of a dentist, item 56 of the paper form
    phone: str = ""

    def licence_in(self, state: str, day: date) -> Licence | None:
        """The first licence that is active there on that day. One that was signed with stands before the others."""
        active = (one for one in self.licences if within(day, one.valid_from, one.valid_until))
        return next((one for one in active if one.state == state), None)


@dataclass(frozen=True, slots=True)
class Site:
    name: str
    address: Address
    place_of_service: str  # two digits: 03 school, 11 office, 15 mobile unit, ...


@dataclass(frozen=True, slots=True)
class Consents:
    """The scopes in force when the claim is made (not merely once given)."""

    teledentistry: bool
    bill_insurance: bool
    signature_on_file: bool
    lacking: tuple[str, ...] = ()  # labels of the scopes that capturing took and that hold no longer
    # of the consent to teledentistry that covers the day seen, as far as known:
    given_on: date | None = None
    written: bool | None = None
    in_their_language: bool | None = None  # the family's own


@dataclass(frozen=True, slots=True)
class Case:
    number: str
    kind: str
    status: CaseStatus
    day_seen: date  # confirmed by a person, local to the site
    patient_state: str
    patient_at_home: bool
    time_zone: str  # IANA zone of the place where the patient was
    consents: Consents
    signed_at: datetime | None = None
    evaluation_code: str = ""  # chosen by the dentist at signing; blank: no evaluation was made
    no_live_contact: bool = False
    not_same_building: bool = False
    encounter_code: str = ""  # D9996, D9995 or blank, as the record carries it
    outcome: Literal["told", "pending"] = "pending"
    why_store_and_forward: str = ""
    patient_elsewhere: bool = False  # neither at the site nor at home
    patient_initiated: bool = False  # the patient or the family sent it by a link
    of_office: bool = False  # another office sent it with a question

    @property
    def away_from_site(self) -> bool:
        return self.patient_at_home or self.patient_elsewhere


@dataclass(frozen=True, slots=True)
class OnSiteService:
    """One service that the hygienist recorded as done at the site."""

    code: str
    performed_on: date
    quantity: int = 1
    tooth: str = ""  # Universal numbering: 1-32, A-T, supernumerary 51-82, AS-TS
    surfaces: str = ""  # letters of B D F I L M O
    oral_cavity: str = ""
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    code: str  # ICD-10-CM with its dot
    tooth: str = ""
    on_claim: bool = True  # a claim holds four: the front desk may leave some to the record


@dataclass(frozen=True, slots=True)
class Image:
    view: str
    kind: Literal["photograph", "radiograph"]
    sha256: str
    captured_at: datetime | None = None
    has_order: bool = False  # radiographs: who ordered it and when is recorded


@dataclass(frozen=True, slots=True)
class Fee:
    code: str
    amount: Decimal  # dollars; 0.00 is a fee
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Code:
    code: str
    kind: CodeKind
    gloss: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    confirmed: bool = False  # the practice has confirmed that it is licensed to use it


@dataclass(frozen=True, slots=True)
class BilledBefore:
    """A once-a-day line on another live claim of this practice for this patient."""

    code: str
    service_date: date
    claim_number: str


@dataclass(frozen=True, slots=True)
class SeenElsewhere:
    """An evaluation or teledentistry encounter by another billing entity that somebody here knows of."""

    entity: str
    service_date: date
    code: str = ASYNCHRONOUS


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """How the payer before answered this very bill: what the claim to the next payer carries (loops 2320 and 2430)."""

    coverage: Coverage
    charge: Decimal
    paid: Decimal
    answered_on: date
    claim_number: str = ""  # that payer's own
    adjustments: tuple[PayerAdjustment, ...] = ()  # of the claim as a whole
    lines: tuple[LineAnswer, ...] = ()  # empty: judged as a whole
    covered: tuple[CoveredLine, ...] = ()  # by what that payer had authorised

    @property
    def authorisation(self) -> str:
        """That payer's number for the claim as a whole: every line that has one has the same. Else blank."""
        numbers = {one.authorisation for one in self.covered}
        return numbers.pop() if len(numbers) == 1 else ""

    @property
    def out_by(self) -> Decimal:
        """Dollars by which the claim does not balance: charge against what was paid and all adjustments."""
        of_lines = (one for line in self.lines for one in line.adjustments)
        return self.charge - self.paid - sum((one.amount for one in (*self.adjustments, *of_lines)), Decimal(0))


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    practice: Practice
    patient: Patient
    case: Case
    site: Site
    coverage: Coverage | None = None  # None: nobody to bill
    dentist: Clinician | None = None  # who signed; None while unsigned
    hygienist: Clinician | None = None
    supervising_dentist: Clinician | None = None
    services: tuple[OnSiteService, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    images: tuple[Image, ...] = ()
    fees: tuple[Fee, ...] = ()
    codes: tuple[Code, ...] = ()
    billed_before: tuple[BilledBefore, ...] = ()
    seen_elsewhere: tuple[SeenElsewhere, ...] = ()
    earlier_answer: EarlierAnswer | None = None  # of the payer before; None on the claim to the first
    payer_rules: tuple[PayerRule, ...] = ()  # the payer's rows in use for the codes of this case, of any day
    done_before: tuple[DoneBefore, ...] = ()  # what was billed for this patient, here or elsewhere
    authorised: tuple[Authorised, ...] = ()  # what this payer has approved for this member id
    predetermined: tuple[Authorised, ...] = ()  # what it said it would pay, under a number

    def to_json(self) -> dict[str, Any]:
        """Plain JSON data: dates ISO, money as strings, no floats."""
        return plain_json(asdict(self))

    @classmethod
    def from_json(cls, plain: Any) -> "ClaimFacts":
        """The inverse of `to_json`. Raises `billing.claims.plain.NotPlainError` when the data does not fit."""
        return from_plain(cls, plain)

    def fee_for(self, code: str, day: date) -> Decimal | None:
        """The fee of the practice for one unit of `code` on `day`, or None when there is none."""
        return next((fee.amount for fee in self.fees if fee.code == code and _on(fee, day)), None)

    def entry_for(self, code: str, day: date) -> Code | None:
        """The code's row in the dated code table that is valid on `day`, or None."""
        return next((entry for entry in self.codes if entry.code == code and _on(entry, day)), None)

    def kind_of(self, code: str) -> CodeKind | None:
        """What kind of code this is, whether or not it is valid today; None when the table does not know it."""
        return next((entry.kind for entry in self.codes if entry.code == code), None)

    @property
    def image_services(self) -> tuple[OnSiteService, ...]:
        """What was recorded on site and pays for a picture: no service of the hygienist's, whoever pressed the button."""
        return tuple(service for service in self.services if self.kind_of(service.code) in IMAGES)


def _on(dated: Fee | Code, day: date) -> bool:
    return within(day, dated.valid_from, dated.valid_until)
