"""Three invented claims that pass every check: a school child, an adult, a Medicaid child with an own member id."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from billing.claims.facts import (
    Address,
    CardName,
    Case,
    ClaimFacts,
    Clinician,
    Code,
    CodeKind,
    Consents,
    Coverage,
    Diagnosis,
    Fee,
    Identity,
    Image,
    Licence,
    OnSiteService,
    Patient,
    Payer,
    Practice,
    Site,
    Verified,
)

DAY_SEEN = date(2026, 9, 14)
# 23:30 on the 15th at the school, already the 16th in UTC: a claim that took the UTC day would be a day off.
SIGNED_AT = datetime(2026, 9, 16, 6, 30, tzinfo=UTC)
DAY_SIGNED = date(2026, 9, 15)

PRACTICE = Practice(
    name="Riverbend Dental Group",
    address=Address("410 River Road", "Springfield", "OR", "97477-0001", street2="Suite 200"),
    phone="(555) 555-0142",
    npi="1234567893",
    tin="93-1234567",
    taxonomy="261QD0000X",
    contact_name="Billing Desk",
)
DENTIST = Clinician(
    name=CardName("Halvorsen", "Ingrid"),
    npi="1888888884",
    taxonomy="1223P0221X",
    licences=(Licence("OR", "D-10234", date(2020, 1, 1), date(2027, 3, 31)),),
    address=Address("9 Hill Street", "Portland", "OR", "97201-0002"),
    phone="555-555-0177",
)
HYGIENIST = Clinician(
    name=CardName("Reyes", "Hana"),
    npi="1555555550",
    taxonomy="124Q00000X",
    licences=(Licence("OR", "H-4471"),),
)
SUPERVISOR = replace(DENTIST, name=CardName("Brandt", "Olu"), npi="1999999984")
SCHOOL = Site("Alder Creek Elementary School", Address("1200 School Street", "Springfield", "OR", "97477-0456"), "03")
CLINIC = Site("Riverbend Clinic", Address("410 River Road", "Springfield", "OR", "97477-0001"), "11")
PAYER = Payer(
    name="Example Dental Insurance",
    payer_id="EXDEN",
    claim_filing_code="CI",
    address=Address("PO Box 9000", "Portland", "OR", "97201-0000"),
    companion_codes=("D0140", "D0170", "D0171"),
    rendering_on_site="hygienist",
    takes_asynchronous="yes",
)
COVERAGE = Coverage(
    payer=PAYER,
    member_id="EXM004417820",
    subscriber_name=CardName("Okafor", "Daniela", "R"),
    relationship="19",
    group_number="GRP77120",
    valid_from=date(2026, 1, 1),
    valid_until=date(2026, 12, 31),
    verifications=(Verified(date(2026, 9, 1), "portal"),),
)
CASE = Case(
    number="TD26-000017",
    kind="screening",
    status="SIGNED",
    day_seen=DAY_SEEN,
    patient_state="OR",
    patient_at_home=False,
    time_zone="America/Los_Angeles",
    consents=Consents(teledentistry=True, bill_insurance=True, signature_on_file=True),
    signed_at=SIGNED_AT,
    evaluation_code="D0140",
    no_live_contact=True,
    not_same_building=True,
    encounter_code="D9996",
    outcome="told",
    why_store_and_forward="No dentist within forty miles of the school",
)
KINDS: dict[str, CodeKind] = {
    "D0140": "evaluation", "D0170": "evaluation", "D0171": "evaluation", "D9996": "encounter", "D9995": "encounter",
    "D0191": "screening", "D0190": "screening", "D1206": "service", "D1354": "service", "D0270": "radiograph", "D0708": "half",
    "D9910": "evaluation", "D9310": "evaluation",  # as an import may have it
    "K02.62": "diagnosis", "K02.52": "diagnosis", "K05.10": "diagnosis", "Z01.20": "diagnosis", "Z01.21": "diagnosis",
    "K03.6": "diagnosis",
}  # fmt: skip
CODES = tuple(Code(code, kind, "our own gloss", date(2018, 1, 1), confirmed=True) for code, kind in KINDS.items())
FEES = tuple(
    Fee(code, Decimal(amount), date(2026, 1, 1))
    for code, amount in {
        "D0140": "82.00", "D0170": "64.50", "D0171": "51.25", "D9996": "0.00", "D9995": "0.00", "D0191": "45.00",
        "D0190": "30.00", "D1206": "38.10", "D1354": "27.35", "D0270": "25.50", "D9910": "21.00", "D9310": "95.00",
    }.items()
)  # fmt: skip
SERVICES = (
    OnSiteService("D0191", DAY_SEEN, operator="Hana Reyes"),
    OnSiteService("D1354", DAY_SEEN, tooth="A", operator="Hana Reyes"),
    OnSiteService("D1354", DAY_SEEN, tooth="19", surfaces="OB", operator="Hana Reyes"),
)
IMAGES = (
    Image("frontal", "photograph", "a" * 64, datetime(2026, 9, 14, 17, 15, tzinfo=UTC)),
    Image("bitewing left", "radiograph", "b" * 64, datetime(2026, 9, 14, 17, 20, tzinfo=UTC), has_order=True),
)


THEO = Identity("Theo", "Okafor", date(2017, 3, 5), "M")


def school_child() -> ClaimFacts:
    """A dependent on a parent's plan, seen at school: D0140 + D9996."""
    patient = Patient(
        account="P-000231",
        card_name=CardName("Okafor", "Theo"),
        birth_date=date(2017, 3, 5),
        sex="M",
        address=Address("77 Alder Lane", "Springfield", "OR", "97477-0123"),
        name_in_use="Theo",
        known_as=THEO,
        signed_as=THEO,
    )
    return ClaimFacts(
        practice=PRACTICE,
        patient=patient,
        case=CASE,
        site=SCHOOL,
        coverage=COVERAGE,
        dentist=DENTIST,
        hygienist=HYGIENIST,
        supervising_dentist=SUPERVISOR,
        services=SERVICES,
        diagnoses=(Diagnosis("K02.62", "A"), Diagnosis("K02.52", "19"), Diagnosis("Z01.21")),
        images=IMAGES,
        fees=FEES,
        codes=CODES,
    )


def adult() -> ClaimFacts:
    """The subscriber herself, seen at the practice's clinic after treatment and read elsewhere: D0171 + D9996."""
    facts = school_child()
    patient = replace(
        facts.patient,
        card_name=CardName("Lindqvist", "Åsa", "", "Jr"),
        birth_date=date(1981, 7, 30),
        sex="F",
        missing_teeth=("1", "16"),
    )
    coverage = replace(COVERAGE, relationship="18", subscriber_name=patient.card_name, member_id="EXM77")
    case = replace(CASE, kind="post_treatment", evaluation_code="D0171")
    return replace(facts, patient=patient, coverage=coverage, case=case, site=CLINIC, images=IMAGES[:1])


def medicaid_child() -> ClaimFacts:
    """A child with an own member id, so the subscriber; a payer with ways of its own."""
    facts = school_child()
    payer = replace(
        PAYER,
        name="Example State Medicaid",
        payer_id="EXMCD",
        claim_filing_code="MC",
        dos_basis="capture",
        place_teledentistry="03",
        rendering_on_site="supervising",
        diagnosis_required=True,
        epsdt=True,
        outcome_told_required=True,
    )
    name = facts.patient.card_name
    own = replace(COVERAGE, payer=payer, member_id="OR5512", subscriber_name=name, patient_has_own_member_id=True)
    return replace(facts, coverage=replace(own, group_number=""))


def with_case(facts: ClaimFacts, **changes: Any) -> ClaimFacts:
    return replace(facts, case=replace(facts.case, **changes))


def with_coverage(facts: ClaimFacts, **changes: Any) -> ClaimFacts:
    assert facts.coverage is not None
    return replace(facts, coverage=replace(facts.coverage, **changes))


def with_payer(facts: ClaimFacts, **changes: Any) -> ClaimFacts:
    assert facts.coverage is not None
    return with_coverage(facts, payer=replace(facts.coverage.payer, **changes))


def with_patient(facts: ClaimFacts, **changes: Any) -> ClaimFacts:
    return replace(facts, patient=replace(facts.patient, **changes))


def with_practice(facts: ClaimFacts, **changes: Any) -> ClaimFacts:
    return replace(facts, practice=replace(facts.practice, **changes))
