"""Facts to lines: what a claim says was done, where, when and by whom.

A case can make two claims and they are never mixed (CL-4): the dentist's (evaluation + D9996, one date, read from
elsewhere) and the hygienist's (the on-site services, on the day seen, at the site). A picture that this practice takes
and reads is one line, the dentist's, for the reading is what makes it whole (CL-6). A draft is always made, also from
facts that cannot be billed; `billing.claims.rules.check` says what stands against it.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from billing.claims.authorised import Service, cover, foreseen
from billing.claims.facts import Address, ClaimFacts, Clinician, Diagnosis, OnSiteService
from billing.claims.payer_rules import PayerRule, rule_for
from billing.claims.plain import from_plain
from teledent.kit.canonical import plain as plain_json

Part = Literal["dentist", "hygienist"]
HOME, OTHER_PLACE = "12", "99"  # places of service, somebody being there: the patient's home, one that has no code


@dataclass(frozen=True, slots=True)
class ServiceFacility:
    """Where the service took place, when that is not the billing entity's own address (loop 2310C)."""

    name: str
    address: Address


@dataclass(frozen=True, slots=True)
class ClaimLine:
    number: int  # 1, 2, 3, ... in the claim's order
    code: str
    service_date: date
    place_of_service: str
    rendering_npi: str
    charge: Decimal | None  # dollars for the whole quantity; None while the practice has no fee
    quantity: int = 1
    tooth: str = ""
    surfaces: str = ""
    oral_cavity: str = ""
    pointers: tuple[int, ...] = ()  # 1-4 into the claim's diagnoses
    modifiers: tuple[str, ...] = ()  # as the payer's dated rule wants them, four at most
    authorisation: str = ""  # the payer's number of the authorisation that covers this line
    predetermination: str = ""  # the payer's number under which it said what it would pay for this line


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    part: Part
    place_of_service: str
    service_date: date
    rendering: Clinician | None
    service_facility: ServiceFacility | None
    lines: tuple[ClaimLine, ...]
    diagnoses: tuple[str, ...]
    total: Decimal
    supervising: Clinician | None = None

    def to_json(self) -> dict[str, Any]:
        return plain_json(asdict(self))

    @classmethod
    def from_json(cls, plain: Any) -> "ClaimDraft":
        """The inverse of `to_json`. Raises `billing.claims.plain.NotPlainError` when the data does not fit."""
        return from_plain(cls, plain)


def draft_claim(facts: ClaimFacts, part: Part) -> ClaimDraft:
    """The claim that these facts make for one part. Pure; never fails on well-formed facts."""
    rendering = rendering_provider(facts, part)
    services = _dentist_services(facts) if part == "dentist" else _hygienist_services(facts)
    diagnoses = claim_diagnoses(facts, services, service_date(facts, part))
    place = place_of_service(facts, part)
    npi = rendering.npi if rendering else ""
    lines = _authorised(facts, numbered_lines(facts, services, place=place, npi=npi, diagnoses=diagnoses))
    return ClaimDraft(
        part=part,
        place_of_service=place,
        service_date=service_date(facts, part),
        rendering=rendering,
        supervising=_supervising(facts, part),
        service_facility=service_facility(facts, part),
        lines=lines,
        diagnoses=diagnoses,
        total=total_of(lines),
    )


def authorisations_of(lines: Iterable[ClaimLine]) -> tuple[str, ...]:
    """The numbers that the lines bear, each once, in their order."""
    return tuple(dict.fromkeys(line.authorisation for line in lines if line.authorisation))


def authorisation_of(lines: Iterable[ClaimLine]) -> str:
    """The number that stands on the claim as a whole: every line that has one has the same. Else blank, and each line
    bears its own."""
    return _the_one(line.authorisation for line in lines)


def predetermination_of(lines: Iterable[ClaimLine]) -> str:
    """As `authorisation_of`, of what the payer said it would pay."""
    return _the_one(line.predetermination for line in lines)


def _the_one(numbers: Iterable[str]) -> str:
    told = {number for number in numbers if number}
    return told.pop() if len(told) == 1 else ""


def total_of(lines: tuple[ClaimLine, ...]) -> Decimal:
    """The sum of the charges that are known, in dollars."""
    return sum((line.charge for line in lines if line.charge is not None), Decimal("0.00"))


def service_date(facts: ClaimFacts, part: Part) -> date:
    """CL-2: the day seen for the hygienist; for the dentist the day signed where the patient was, unless the payer
    dates by capture. An unsigned case answers with the day seen and is held by RE-5."""
    by_capture = facts.coverage is not None and facts.coverage.payer.dos_basis == "capture"
    return facts.case.day_seen if by_capture else day_of_act(facts, part)


def day_of_act(facts: ClaimFacts, part: Part) -> date:
    """When it was done, whatever day the payer wants: the day seen, or the day signed where the patient was."""
    if part == "hygienist" or facts.case.signed_at is None:
        return facts.case.day_seen
    return facts.case.signed_at.astimezone(ZoneInfo(facts.case.time_zone)).date()


def place_of_service(facts: ClaimFacts, part: Part) -> str:
    """CL-3: the site's code for the hygienist; for the dentist 02, or 10 for a patient at home, as the payer says. For a
    patient away from the site the hygienist's is where she was, and held by CL-3.away."""
    at_home = facts.case.patient_at_home
    if part == "hygienist":
        away = HOME if at_home else OTHER_PLACE
        return away if facts.case.away_from_site else facts.site.place_of_service
    if facts.coverage is None:
        return "10" if at_home else "02"
    return facts.coverage.payer.place_at_home if at_home else facts.coverage.payer.place_teledentistry


def rendering_provider(facts: ClaimFacts, part: Part) -> Clinician | None:
    """CL-4: the signing dentist; on-site lines as the payer's profile says, None while it is unset or not billable."""
    if part == "dentist":
        return facts.dentist
    setting = facts.coverage.payer.rendering_on_site if facts.coverage else None
    by_setting = {"hygienist": facts.hygienist, "supervising": facts.supervising_dentist}
    return by_setting.get(setting or "")


def service_facility(facts: ClaimFacts, part: Part) -> ServiceFacility | None:
    """CL-3: the site; on the dentist's claim the originating site, unless the payer wants the reading address.

    None where the claim carries that address already: the billing entity's own (2310C may not repeat it), or the
    patient's home; and where she was neither at home nor at the site.
    """
    place = ServiceFacility(facts.site.name, facts.site.address)
    if part == "hygienist" and facts.case.away_from_site:
        return None
    if part == "dentist":
        wants_reading = facts.coverage is not None and facts.coverage.payer.service_facility == "reading"
        if wants_reading and facts.dentist is not None and facts.dentist.address is not None:
            place = ServiceFacility(facts.practice.name, facts.dentist.address)
        elif facts.case.away_from_site:
            return None
    return None if _same_address(place.address, facts.practice.address) else place


def _same_address(one: Address, other: Address) -> bool:
    return (one.street.casefold(), one.zip_digits[:5]) == (other.street.casefold(), other.zip_digits[:5])


def is_epsdt(facts: ClaimFacts, day: date) -> bool:
    """Whether the claim counts as a check-up of children's Medicaid: the payer runs it, by its profile or by its rule for
    a code of the case, and the patient is under 21."""
    if facts.coverage is None or age_on(facts.patient.birth_date, day) >= 21:
        return False
    codes = {facts.case.evaluation_code, facts.case.encounter_code, *(one.code for one in facts.services)}
    rules = (rule_of(facts, code, day) for code in codes)
    return facts.coverage.payer.epsdt or any(rule is not None and rule.epsdt == "yes" for rule in rules)


def age_on(born: date, day: date) -> int:
    """Completed years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def rule_of(facts: ClaimFacts, code: str, day: date) -> PayerRule | None:
    """What the payer's rows say of `code` on `day`; None where none stands or nobody is billed."""
    if facts.coverage is None:
        return None
    return rule_for(facts.payer_rules, code, plan=facts.coverage.payer.claim_filing_code, day=day)


def rules_of(facts: ClaimFacts, draft: ClaimDraft) -> tuple[PayerRule, ...]:
    """The rows that stand for the lines of a draft, in their order."""
    found = (rule_of(facts, line.code, line.service_date) for line in draft.lines)
    return tuple(rule for rule in found if rule is not None)


def _wanted_by_rule(facts: ClaimFacts, services: Iterable[OnSiteService]) -> bool:
    rules = (rule_of(facts, one.code, one.performed_on) for one in services)
    return any(rule.diagnosis_required for rule in rules if rule is not None)


def claim_diagnoses(facts: ClaimFacts, services: Iterable[OnSiteService], day: date) -> tuple[str, ...]:
    """The diagnosis codes of a claim for `services` in the dentist's order, each once; none unless the payer wants them."""
    required = facts.coverage is not None and facts.coverage.payer.diagnosis_required
    if not (required or _wanted_by_rule(facts, services) or is_epsdt(facts, day)):
        return ()
    return tuple(dict.fromkeys(one.code for one in facts.diagnoses if one.on_claim))


def _supervising(facts: ClaimFacts, part: Part) -> Clinician | None:
    renders = facts.coverage is not None and facts.coverage.payer.rendering_on_site == "hygienist"
    return facts.supervising_dentist if part == "hygienist" and renders else None


def numbered_lines(
    facts: ClaimFacts, services: Iterable[OnSiteService], *, place: str, npi: str, diagnoses: tuple[str, ...]
) -> tuple[ClaimLine, ...]:
    """A line a service, in their order, at the practice's fee and with the modifiers of the payer's rule of its day."""
    return tuple(
        _line(facts, number, service, place=place, npi=npi, diagnoses=diagnoses)
        for number, service in enumerate(services, start=1)
    )


def _line(
    facts: ClaimFacts, number: int, service: OnSiteService, *, place: str, npi: str, diagnoses: tuple[str, ...]
) -> ClaimLine:
    fee = facts.fee_for(service.code, service.performed_on)
    rule = rule_of(facts, service.code, service.performed_on)
    return ClaimLine(
        number=number,
        code=service.code,
        service_date=service.performed_on,
        place_of_service=place,
        rendering_npi=npi,
        charge=None if fee is None else fee * service.quantity,
        quantity=service.quantity,
        tooth=service.tooth,
        surfaces=service.surfaces,
        oral_cavity=service.oral_cavity,
        pointers=_pointers(service, facts.diagnoses, diagnoses),
        modifiers=rule.modifiers if rule else (),
    )


def service_of(facts: ClaimFacts, line: ClaimLine) -> Service:
    """The line as an authorisation has to cover it."""
    rule = rule_of(facts, line.code, line.service_date)
    return Service(
        line.code, line.service_date, line.tooth, line.quantity, holds_for=rule.authorisation_days if rule else None
    )


def _authorised(facts: ClaimFacts, lines: tuple[ClaimLine, ...]) -> tuple[ClaimLine, ...]:
    """Each line with the number that covers it, whether or not the payer's rules ask for one: what was approved under
    a number is billed under it, and what was foreseen under one names it."""
    services = [service_of(facts, line) for line in lines]
    found = cover(facts.authorised, services)
    said = [foreseen(facts.predetermined, service) for service in services]
    return tuple(
        replace(line, authorisation=one.number if one else "", predetermination=told.number if told else "")
        for line, one, told in zip(lines, found, said, strict=True)
    )


def _dentist_services(facts: ClaimFacts) -> tuple[OnSiteService, ...]:
    """The evaluation chosen at signing, the encounter code of the record, and the pictures read, on one date (CL-2,
    CL-6, CL-7). The half of a picture that another practice would bill is left out."""
    day = service_date(facts, "dentist")
    if not facts.case.evaluation_code:  # RE-4: nothing was evaluated, so nothing is offered
        return ()
    codes = (facts.case.evaluation_code, facts.case.encounter_code)
    pictures = (one for one in facts.image_services if facts.kind_of(one.code) != "half")
    return (
        *(OnSiteService(code=code, performed_on=day) for code in codes if code),
        *(replace(one, performed_on=day) for one in pictures),
    )


def _hygienist_services(facts: ClaimFacts) -> tuple[OnSiteService, ...]:
    pictures = facts.image_services
    return tuple(service for service in facts.services if service not in pictures)


def _pointers(service: OnSiteService, found: tuple[Diagnosis, ...], on_claim: tuple[str, ...]) -> tuple[int, ...]:
    """Which diagnoses a line answers: those of its tooth, or those of no tooth; every one for a line of no tooth."""
    fitting = {one.code for one in found if not service.tooth or one.tooth in ("", service.tooth)}
    return tuple(index for index, code in enumerate(on_claim, start=1) if code in fitting)[:4]
