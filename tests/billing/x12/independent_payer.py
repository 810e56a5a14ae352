"""What a payer, and the practice's own register, can hold against a claim that is well formed.

The books are written by hand beside each test; nothing here is computed from the facts that made the file.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.billing.x12.independent_reader import Claim, Loop, Unreadable, read, structural_faults

ON_SITE = ("D0190", "D0191", "D1206", "D1354")
HALVES = ("D0703", "D0708")
PICTURES = ("D0270", "D0350", *HALVES)
HANDS = ("D9110", "D9120", "D9910")  # done at the chair, which whoever reads elsewhere does not stand at


@dataclass(frozen=True)
class PayerBook:
    companions: frozenset[str]
    place_of_reading: str
    renders_on_site: frozenset[str] = frozenset()  # NPIs; empty: on-site services are not billable
    wants_diagnosis: bool = False
    takes_stored: bool = True


@dataclass(frozen=True)
class Entry:
    """What the practice's register says of a claim id."""

    part: str
    date: str
    renders: str
    attachments: frozenset[tuple[str, str]] = frozenset()
    standing: str = "clear"  # or why it may not be billed
    site_place: str = "03"
    has_order: bool = True
    pictures: int = 1  # radiographs in the record
    evaluation: str = ""  # the one chosen at signing
    was_asked: bool = False  # by another practitioner, for a second opinion


@dataclass(frozen=True)
class Books:
    payers: dict[str, PayerBook]
    members: dict[str, tuple[str, str]]  # member id: covered from, until
    codes: dict[str, tuple[str, str]]  # code: valid from, until; also diagnoses
    fees: dict[str, str]
    licences: dict[str, tuple[str, str, str]]  # NPI: state, from, until
    register: dict[str, Entry]
    people: dict[str, str] = field(default_factory=dict)  # member id and first name: last name on the card
    already: frozenset[tuple[str, str, str]] = frozenset()  # member id, first name, date of a D9996 paid before


def refusals(text: str, books: Books) -> list[str]:
    """Every reason to refuse the file, structural ones first; empty when it is taken."""
    faults = structural_faults(text)
    try:
        claims = read(text).claims
    except Unreadable:
        return faults
    seen = set(books.already)
    for claim in claims:
        faults += [*_register(claim, books), *_coverage(claim, books), *_care(claim, books), *_lines(claim, books)]
        key = _once(claim)
        if "D9996" in claim.codes and key in seen:
            faults.append("D9996 was billed before for this patient and date")
        if "D9996" in claim.codes:
            seen.add(key)
    return faults


def _once(claim: Claim) -> tuple[str, str, str]:
    return (claim.subscriber["NM1"][9], _patient_name(claim)[1], claim.date)


def _renderer(claim: Claim) -> str:
    return claim.providers.get("82", Loop())["NM1"][9]


def _patient_name(claim: Claim) -> tuple[str, str]:
    name = (claim.patient or claim.subscriber)["NM1"]
    return name[3], name[4]


def _register(claim: Claim, books: Books) -> Iterator[str]:
    entry = books.register.get(claim.clm[1])
    if entry is None:
        yield "the register knows no such claim"
        return
    if entry.standing != "clear":
        yield f"the register holds it: {entry.standing}"
    if claim.date != entry.date:
        yield "the register has another date of service"
    if _renderer(claim) != entry.renders:
        yield "the register has another rendering provider"
    if {(paper[6], paper[1]) for paper in claim.paperwork} != entry.attachments:
        yield "the attachments are not those of the manifest"
    if not entry.has_order and "D0270" in claim.codes:
        yield "a radiograph without an order"
    yield from _pictures(claim, entry)
    yield from _neighbours(claim, entry)
    is_dentist = any(code == "D9996" or (code.startswith("D01") and code not in ON_SITE) for code in claim.codes)
    if is_dentist != (entry.part == "dentist") or (is_dentist and any(code in ON_SITE for code in claim.codes)):
        yield "lines of another part"
    if entry.part == "dentist" and entry.evaluation not in claim.codes:
        yield "the register has another evaluation"
    if entry.part == "dentist" and "D9996" not in claim.codes:
        yield "the record's encounter code is not on the claim"


def _pictures(claim: Claim, entry: Entry) -> Iterator[str]:
    billed = [line for line in claim.lines if line.code in PICTURES]
    if billed and len(billed) == len(claim.lines):
        yield "pictures alone"
    if billed and entry.part == "hygienist":
        yield "a picture on the hygienist's claim"
    if any(line.code in HALVES for line in billed):
        yield "half a picture"
    if sum(int(line.service[6] or 1) for line in billed) > entry.pictures:
        yield "more pictures than the register has"


def _neighbours(claim: Claim, entry: Entry) -> Iterator[str]:
    if entry.part == "dentist" and any(code in HANDS for code in claim.codes):
        yield "a reader elsewhere laid hands on the patient"
    if "D9310" in claim.codes and not entry.was_asked:
        yield "a consultation that nobody asked for"


def _coverage(claim: Claim, books: Books) -> Iterator[str]:
    member = claim.subscriber["NM1"][9]
    first, last = books.members.get(member, ("", ""))
    if not first <= claim.date <= last:
        yield "not covered on the date of service"
    name = _patient_name(claim)
    if books.people.get(f"{member} {name[1]}") != name[0]:
        yield "the card has another name"
    payer = books.payers.get(claim.payer["NM1"][9])
    if payer is None:
        yield "no such payer"
    elif not payer.takes_stored and "D9996" in claim.codes:
        yield "the payer takes no asynchronous teledentistry"


def _care(claim: Claim, books: Books) -> Iterator[str]:
    payer, entry = books.payers.get(claim.payer["NM1"][9]), books.register.get(claim.clm[1])
    if payer is None or entry is None:
        return
    if "D9996" in claim.codes and not payer.companions & set(claim.codes):
        yield "no companion that the payer accepts"
    if claim.place[0] != (payer.place_of_reading if entry.part == "dentist" else entry.site_place):
        yield "another place of service"
    if entry.part == "hygienist" and _renderer(claim) not in payer.renders_on_site:
        yield "the payer has another rendering provider for on-site services"
    if payer.wants_diagnosis and not claim.diagnoses:
        yield "the payer wants a diagnosis"
    state, first, last = books.licences.get(_renderer(claim), ("", "", ""))
    place = claim.providers.get("77", claim.billing)["N4"][2]
    if state != place or not first <= claim.date <= last:
        yield "no licence at the place on that day"


def _lines(claim: Claim, books: Books) -> Iterator[str]:
    for code in [*claim.codes, *(code for _qualifier, code in claim.diagnoses)]:
        first, last = books.codes.get(code, ("", ""))
        if not first <= claim.date <= last:
            yield f"{code} is not valid that day"
    for line in claim.lines:
        if line.service[2] != books.fees.get(line.code):
            yield f"{line.code} has another fee"
