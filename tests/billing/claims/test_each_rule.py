"""Each rule: a claim that passes, and the smallest change that trips that rule and no other."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from billing.claims.authorised import Authorised, AuthorisedUnits
from billing.claims.earlier_lines import LineAnswer, PayerAdjustment
from billing.claims.facts import (
    Address,
    BilledBefore,
    CardName,
    ClaimFacts,
    Diagnosis,
    EarlierAnswer,
    SeenElsewhere,
    Verified,
)
from billing.claims.lines import ClaimDraft, ClaimLine, Part, draft_claim, total_of
from billing.claims.payer_rules import Companion, DoneBefore, Frequency, PayerRule
from billing.claims.rules import RULES, check
from tests.billing.claims.cast import (
    CODES,
    DAY_SEEN,
    DAY_SIGNED,
    DENTIST,
    FEES,
    HYGIENIST,
    IMAGES,
    SCHOOL,
    SERVICES,
    SUPERVISOR,
    THEO,
    adult,
    medicaid_child,
    school_child,
    with_case,
    with_coverage,
    with_patient,
    with_payer,
    with_practice,
)

Change = Callable[[ClaimFacts], ClaimFacts]
Tamper = Callable[[ClaimDraft], ClaimDraft]


def case(**changes: Any) -> Change:
    return lambda facts: with_case(facts, **changes)


def consent(**changes: Any) -> Change:
    return lambda facts: with_case(facts, consents=replace(facts.case.consents, **changes))


def payer_rule(code: str = "D0140", **said: Any) -> Change:
    """The payer has one row, which says nothing against the claim but this."""
    row = PayerRule(code, "An invented manual", **{"covered": "yes", **said})
    return lambda facts: replace(facts, payer_rules=(row,))


def asked_for(**changes: Any) -> Change:
    """The payer wants D0140 authorised, and approved one that does not cover it for this reason alone."""
    approved = Authorised("PA-77", DAY_SEEN, units=(AuthorisedUnits("D0140"),), row="1")
    return lambda facts: replace(payer_rule(authorisation="always")(facts), authorised=(replace(approved, **changes),))


def consented_for(code: str, consents: dict[str, Any], **said: Any) -> Change:
    """As `payer_rule`, with what is known of the family's consent."""
    return lambda facts: payer_rule(code, **said)(consent(**consents)(facts))


def coverage(**changes: Any) -> Change:
    return lambda facts: with_coverage(facts, **changes)


def payer(**changes: Any) -> Change:
    return lambda facts: with_payer(facts, **changes)


def patient(**changes: Any) -> Change:
    return lambda facts: with_patient(facts, **changes)


def practice(**changes: Any) -> Change:
    return lambda facts: with_practice(facts, **changes)


def facts(**changes: Any) -> Change:
    return lambda whole: replace(whole, **changes)


def service(**changes: Any) -> Change:
    return facts(services=(replace(SERVICES[0], **changes), *SERVICES[1:]))


def billed_radiograph(whole: ClaimFacts) -> ClaimFacts:
    return replace(whole, services=(replace(SERVICES[0], code="D0270"),), images=(replace(IMAGES[1], has_order=False),))


def next_year(whole: ClaimFacts) -> ClaimFacts:
    return replace(whole, services=(*SERVICES, replace(SERVICES[0], performed_on=date(2027, 1, 4))))


def answered(*adjustments: PayerAdjustment, charge: str = "82", paid: str = "82", member_id: str = "F-1") -> Change:
    """The claim goes to the next payer; the one before judged its two lines."""
    first = LineAnswer(1, "D0140", Decimal(charge), Decimal(paid), adjustments)
    lines = (first, LineAnswer(2, "D9996", Decimal(0), Decimal(0)))

    def change(whole: ClaimFacts) -> ClaimFacts:
        assert whole.coverage is not None
        before = replace(whole.coverage, member_id=member_id)
        answer = EarlierAnswer(before, Decimal(charge), Decimal(paid), DAY_SIGNED, "", (), lines)
        return replace(with_coverage(whole, sequence="S"), earlier_answer=answer)

    return change


def consulted(kind: str) -> Change:
    """The dentist chose D9310, which this payer takes beside D9996."""
    takes_it = payer_rule("D9996", companions=(Companion("D9310"),))
    return lambda whole: takes_it(with_case(whole, kind=kind, evaluation_code="D9310"))


def consultation_on_site(whole: ClaimFacts) -> ClaimFacts:
    codes = tuple(replace(code, kind="service") if code.code == "D9310" else code for code in CODES)
    return replace(whole, codes=codes, services=(replace(SERVICES[0], code="D9310"),))


FIVE = tuple(Diagnosis(code) for code in ("K02.62", "K02.52", "K05.10", "Z01.21", "K03.6"))
HALF = Address("", "Springfield", "OR", "97477")

BY_FACTS: dict[str, tuple[Part, Change]] = {
    "RE-5.ended": ("dentist", case(status="RETRACTED")),
    "RE-5.unsigned": ("dentist", case(status="IN_REVIEW")),
    "CA-6.unsubmitted": ("hygienist", case(status="DRAFT")),
    "CO-1.bill": ("dentist", consent(bill_insurance=False)),
    "CO-1.signature": ("hygienist", consent(signature_on_file=False)),
    "CO-2.teledentistry": ("hygienist", consent(teledentistry=False)),
    "CO-2.capture": ("hygienist", consent(lacking=("photographs",))),
    "RE-4.no-evaluation": ("dentist", case(evaluation_code="")),
    "RE-3.live": ("dentist", case(encounter_code="D9995")),
    "CL-7.encounter": ("dentist", case(encounter_code="")),
    "RE-3.live-contact": ("dentist", case(no_live_contact=False)),
    "RE-3.same-building": ("dentist", case(not_same_building=False)),
    "CH-2.outcome": ("dentist", lambda whole: with_payer(with_case(whole, outcome="pending"), outcome_told_required=True)),
    "CA-4.reason": ("dentist", case(why_store_and_forward=" ")),
    "COV.missing": ("dentist", facts(coverage=None)),
    "COB.answer": ("dentist", coverage(sequence="S")),
    "COB.lines": ("dentist", answered(charge="80", paid="80")),
    "COB.balance": ("dentist", answered(paid="80")),
    "COB.codes": ("dentist", answered(PayerAdjustment("XX", "45", Decimal(2)), paid="80")),
    "COB.payer": ("dentist", answered(member_id="")),
    "CL-7.not-taken": ("dentist", payer(takes_asynchronous="no")),
    "CL-7.may-not-be-taken": ("dentist", payer(takes_asynchronous="unknown")),
    "COV.dates": ("dentist", coverage(valid_until=DAY_SEEN)),
    "COV.unverified": ("dentist", coverage(verifications=())),
    "COV.verified-long-ago": ("dentist", payer(verify_every_days=13)),  # it was verified on the 1st, and signed on the 15th
    "COV.not-covered": ("dentist", coverage(verifications=(Verified(DAY_SEEN, "phone", "not_covered"),))),
    "COV.member-id": ("dentist", coverage(member_id="?")),
    "COV.relationship": ("dentist", coverage(relationship="")),
    "PAY.id": ("dentist", payer(payer_id="")),
    "PAY.filing-code": ("dentist", payer(claim_filing_code="")),
    "NAME.card": ("dentist", coverage(subscriber_name=CardName("Okafor", " "))),
    "NAME.latin": ("dentist", patient(card_name=CardName("李", "Wei"))),
    "CL-4.undecided": ("hygienist", payer(rendering_on_site=None)),
    "CL-4.not-billable": ("hygienist", payer(rendering_on_site="not_billable")),
    "CL-3.away": ("hygienist", case(patient_elsewhere=True)),
    "CL-5.companion": ("dentist", payer(companion_codes=("D0170",))),
    "CL-5.once-a-day": ("dentist", facts(billed_before=(BilledBefore("D9996", DAY_SIGNED, "TD26-9"),))),
    "CL-5.elsewhere": ("dentist", facts(seen_elsewhere=(SeenElsewhere("Hill Dental", DAY_SIGNED),))),
    "CL-5.treatment": ("dentist", case(evaluation_code="D9910")),
    "CL-5.consultation": ("dentist", consulted("screening")),
    "CL-5.consultation-records": ("dentist", consulted("second_opinion")),
    "CL-5.consultation-on-site": ("hygienist", consultation_on_site),
    "CA-3.nothing": ("hygienist", facts(services=())),
    "CL-2.years": ("hygienist", next_year),
    "CL-2.mixed": ("hygienist", service(performed_on=date(2026, 9, 13))),
    "PAY.not-covered": ("dentist", payer_rule(covered="no")),
    "PAY.not-covered-line": ("hygienist", payer_rule("D0191", covered="no")),
    "PAY.inclusive": ("dentist", payer_rule("D9996", covered="inclusive")),
    "PAY.unknown": ("dentist", payer_rule(covered="unknown")),
    "PAY.asynchronous": ("dentist", payer_rule(asynchronous="no")),
    "PAY.patient-initiated": (
        "dentist", lambda whole: payer_rule(patient_initiated="no")(with_case(whole, patient_initiated=True))
    ),
    "PAY.began-with-patient": ("dentist", case(patient_initiated=True)),
    "PAY.new-patient": ("dentist", payer_rule(new_patient="no")),
    "PAY.companion": ("dentist", payer_rule(requires_companion=True, companions=(Companion("D0210"),))),
    "PAY.companion-age": ("dentist", payer_rule("D9996", companions=(Companion("D0140", 18),))),
    "PAY.same-day": ("dentist", payer_rule(forbidden_same_day=("D9996",))),
    "PAY.same-day-elsewhere": (
        "dentist",
        lambda whole: payer_rule(forbidden_same_day=("D0150",))(
            replace(whole, done_before=(DoneBefore("D0150", DAY_SIGNED, here=False),))
        ),
    ),
    "PAY.units": ("dentist", payer_rule(max_units=0)),
    "PAY.frequency": ("dentist", payer_rule(frequencies=(Frequency(1, 6, "month", shared_with=("D9996",)),))),
    "PAY.age": ("dentist", payer_rule(age_min=30)),
    "PAY.provider-type": ("dentist", payer_rule(provider_types=("122300000X",))),
    "PAY.place": ("dentist", payer_rule(places=("11",))),
    "PAY.diagnosis": ("dentist", lambda facts: payer_rule(diagnosis_required=True)(replace(facts, diagnoses=()))),
    "PAY.diagnosis-fit": ("dentist", payer_rule(diagnosis_required=True, diagnoses_allowed=("S02",))),
    "PAY.authorisation": ("dentist", payer_rule(authorisation="always")),
    "PAY.authorisation-ended": ("dentist", asked_for(valid_until=DAY_SEEN)),
    "PAY.authorisation-not-begun": ("dentist", asked_for(valid_from=DAY_SIGNED + timedelta(days=1))),
    "PAY.authorisation-used-up": ("dentist", asked_for(units=(AuthorisedUnits("D0140", approved=2, left=0),))),
    "PAY.authorisation-tooth": ("dentist", asked_for(units=(AuthorisedUnits("D0140", "14"),))),
    "COV.authorisation": ("dentist", coverage(verifications=(Verified(DAY_SEEN, "phone", authorisation="needed"),))),
    "PAY.caries-risk": ("dentist", payer_rule(caries_risk_required=True)),
    "PAY.attachment": ("hygienist", payer_rule("D0191", attachments=("radiograph",))),
    "PAY.consent-form": ("dentist", consented_for("D0140", {"written": False}, consent_form="written")),
    "PAY.consent-age": ("dentist", consented_for("D0140", {"given_on": date(2025, 9, 14)}, consent_months=12)),
    "PAY.consent-language": ("dentist", consented_for("D0140", {"in_their_language": False}, consent_in_language=True)),
    "PAY.channel": ("dentist", payer_rule(channel="portal")),
    "FEE.missing": ("dentist", facts(fees=tuple(fee for fee in FEES if fee.code != "D9996"))),
    "LINE.quantity": ("hygienist", service(quantity=0)),
    "LINE.count": ("hygienist", facts(services=SERVICES[:1] * 51)),
    "LINE.tooth": ("hygienist", service(tooth="33")),
    "CD-1.valid": ("dentist", facts(codes=tuple(code for code in CODES if code.code != "D0140"))),
    "CD-1.confirmed": (
        "dentist",
        facts(codes=tuple(replace(code, confirmed=code.code != "D9996") for code in CODES)),
    ),
    "DX.missing": ("dentist", lambda whole: replace(with_payer(whole, diagnosis_required=True), diagnoses=())),
    "DX.four": ("dentist", lambda whole: replace(with_payer(whole, diagnosis_required=True), diagnoses=FIVE)),
    "DX.contradiction": (
        "dentist",
        lambda whole: replace(
            with_payer(whole, diagnosis_required=True), diagnoses=(Diagnosis("K02.62", "A"), Diagnosis("Z01.20"))
        ),
    ),
    "DX.valid": (
        "dentist",
        lambda whole: replace(with_payer(whole, diagnosis_required=True), diagnoses=(Diagnosis("K02.99"),)),
    ),
    "CL-6.alone": ("hygienist", facts(services=(replace(SERVICES[0], code="D0270"),))),
    "CL-6.half-left": ("dentist", facts(services=(replace(SERVICES[0], code="D0708"),))),
    "CL-6.twice": ("dentist", facts(services=(replace(SERVICES[0], code="D0270", quantity=2),))),
    "CA-2.billed": ("dentist", billed_radiograph),
    "CA-2.attached": ("dentist", facts(images=(replace(IMAGES[1], has_order=False),))),
    "BILL.npi": ("dentist", practice(npi="1234567890")),
    "BILL.tin": ("dentist", practice(tin="93-123456")),
    "BILL.address": ("dentist", practice(address=HALF)),
    "BILL.plus-four": ("dentist", practice(address=Address("410 River Road", "Springfield", "OR", "97477"))),
    "BILL.po-box": ("dentist", practice(address=Address("P.O. Box 12", "Springfield", "OR", "97477-0001"))),
    "PROV.missing": ("hygienist", facts(hygienist=None)),
    "PROV.npi": ("dentist", facts(dentist=replace(DENTIST, npi="1888888883"))),
    "PROV.taxonomy": ("hygienist", facts(hygienist=replace(HYGIENIST, taxonomy=""))),
    "PROV.name": ("dentist", facts(dentist=replace(DENTIST, name=CardName("Юлия", "Halvorsen")))),
    "RE-1.licence": ("dentist", case(patient_state="WA")),
    "ID-3.identity": ("hygienist", patient(known_as=replace(THEO, birth_date=date(2017, 3, 6), sex="F"))),
    "ID-3.name": ("hygienist", patient(known_as=replace(THEO, family_name="Brandt"))),
    "PAT.address": ("dentist", patient(address=HALF)),
    "PAT.birth": ("dentist", patient(birth_date=date(2026, 9, 16))),
    "PAT.missing-teeth": ("dentist", patient(missing_teeth=("1", "A"))),
    "SITE.address": ("dentist", facts(site=replace(SCHOOL, address=HALF))),
}  # fmt: skip


def lines(change: Callable[[tuple[ClaimLine, ...]], tuple[ClaimLine, ...]]) -> Tamper:
    """A draft with other lines and the total that goes with them."""

    def tampered(draft: ClaimDraft) -> ClaimDraft:
        changed = change(draft.lines)
        return replace(draft, lines=changed, total=total_of(changed))

    return tampered


def second_line(**changes: Any) -> Tamper:
    return lines(lambda both: (both[0], replace(both[1], **changes)))


def another_line(code: str) -> Tamper:
    return lines(lambda both: (*both, replace(both[1], number=3, code=code)))


BY_DRAFT: dict[str, tuple[Part, Tamper]] = {
    "CL-5.alone": ("dentist", lines(lambda both: both[1:])),
    "CL-5.date": ("dentist", second_line(service_date=DAY_SEEN)),
    "CL-5.rendering": ("dentist", second_line(rendering_npi=SUPERVISOR.npi)),
    "CL-5.twice": ("dentist", lines(lambda both: (*both, both[1]))),
    "CL-5.missing": ("dentist", lines(lambda both: both[:1])),
    "CL-5.quantity": ("dentist", second_line(quantity=2)),
    "CL-5.live-code": ("dentist", another_line("D9995")),
    "CL-5.swapped": ("dentist", second_line(code="D9995")),
    "RE-3.evaluation": ("dentist", another_line("D0170")),
    "CL-4.on-site": ("dentist", another_line("D0191")),
    "CL-4.dentist-line": ("hygienist", lines(lambda all_: (*all_, replace(all_[0], number=4, code="D0140")))),
    "CL-6.reader": ("hygienist", lines(lambda all_: (*all_, replace(all_[0], number=4, code="D0270")))),
    "CL-6.half": ("dentist", another_line("D0708")),
    "CL-3.mixed": ("dentist", second_line(place_of_service="03")),
    "CL-3.place": ("hygienist", lambda draft: at_place(draft, "11")),
    "CL-2.day": ("hygienist", lambda draft: on_day(draft, date(2026, 9, 11))),
    "FEE.total": ("dentist", lambda draft: replace(draft, total=draft.total + Decimal("0.01"))),
    "DX.pointer": ("dentist", second_line(pointers=(1,))),
}


def at_place(draft: ClaimDraft, place: str) -> ClaimDraft:
    moved = tuple(replace(line, place_of_service=place) for line in draft.lines)
    return replace(draft, place_of_service=place, lines=moved)


def on_day(draft: ClaimDraft, day: date) -> ClaimDraft:
    return replace(draft, service_date=day, lines=tuple(replace(line, service_date=day) for line in draft.lines))


@pytest.mark.parametrize("part", ["dentist", "hygienist"])
@pytest.mark.parametrize("whole", [school_child(), adult(), medicaid_child()], ids=["child", "adult", "medicaid"])
def test_a_good_claim_has_no_problem(whole: ClaimFacts, part: Part):
    assert check(whole, draft_claim(whole, part)) == ()


@pytest.mark.parametrize("rule", BY_FACTS)
def test_one_changed_fact_trips_exactly_its_rule(rule: str):
    part, change = BY_FACTS[rule]
    changed = change(school_child())
    assert [problem.rule for problem in check(changed, draft_claim(changed, part))] == [rule]


def test_a_day_in_a_sentence_is_written_as_everywhere_else():
    facts = with_coverage(school_child(), valid_until=date(2026, 9, 13))
    (problem,) = check(facts, draft_claim(facts, "dentist"))
    assert "not in force on 15 Sep 2026, the date of service" in problem.sentence


@pytest.mark.parametrize("rule", BY_DRAFT)
def test_one_changed_line_trips_exactly_its_rule(rule: str):
    part, tamper = BY_DRAFT[rule]
    whole = school_child()
    draft = tamper(draft_claim(whole, part))
    assert [problem.rule for problem in check(whole, draft)] == [rule]


def test_every_rule_is_tripped_here_and_stands_once():
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))
    assert set(ids) == set(BY_FACTS) | set(BY_DRAFT)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_sentence_is_a_sentence_and_a_problem_has_no_place_left_open(rule: Any):
    assert rule.sentence[0] in "{ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert rule.sentence.endswith(".")
    part, whole, draft = broken(rule.id)
    problem = next(problem for problem in check(whole, draft) if problem.rule == rule.id)
    assert "{what}" not in problem.sentence
    assert rule.part in ("both", part)


def broken(rule: str) -> tuple[Part, ClaimFacts, ClaimDraft]:
    if rule in BY_FACTS:
        part, change = BY_FACTS[rule]
        whole = change(school_child())
        return part, whole, draft_claim(whole, part)
    part, tamper = BY_DRAFT[rule]
    return part, school_child(), tamper(draft_claim(school_child(), part))
