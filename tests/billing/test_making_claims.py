from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from billing.actions import checking, settings
from billing.models import Claim, Fee
from billing.snapshot import read_snapshot
from cases.actions import capturing, following
from cases.models import ProcedureCode
from cases.moving import lock
from cases.states import Status as CaseStatus
from teledent.kit.decisions import Refused
from tests import cast
from tests.billing import cast as money


def rules(claim: Claim) -> set[str]:
    return {problem["rule"] for problem in claim.blocking}


def test_signing_leaves_a_draft_that_the_worker_checks(desk):
    case = money.signed(desk)
    assert money.claims_of(case)["dentist"].status == "draft"
    money.run_jobs()
    claim = money.claims_of(case)["dentist"]
    assert claim.status == "blocked"
    assert [event.kind for event in claim.events.all()] == ["made", "hold"]


def test_without_coverage_the_problem_names_its_mend_and_coverage_makes_it_ready(desk):
    case = money.signed(desk)
    money.run_jobs()
    claim = money.claims_of(case)["dentist"]
    assert [(p["rule"], p["mend"]) for p in claim.blocking] == [("COV.missing", "coverage")]
    money.cover(desk, case.patient)
    claim = money.claims_of(case)["dentist"]
    assert (claim.status, claim.total, claim.service_date) == ("ready", Decimal("72.00"), date(2026, 11, 17))
    assert list(claim.lines.values_list("code", "charge")) == [("D0140", Decimal("72.00")), ("D9996", Decimal("0.00"))]


def test_signing_makes_each_claim_once_and_a_second_check_finds_it(desk):
    case = money.with_service(desk)
    money.run_jobs()
    made = money.claims_of(case)
    assert set(made) == {"dentist", "hygienist"}
    for claim in made.values():
        assert checking.recheck_claim(actor=desk.rita, claim=claim, at=money.LATER).pk == claim.pk
    assert Claim.objects.filter(case=case).count() == 2


def test_only_the_front_desk_of_the_practice_works_its_claims(desk):
    claim = money.claims_of(money.signed(desk))["dentist"]
    for name in ("hana", "dev", "olu"):
        with pytest.raises(Refused, match="your role does not include this"):
            checking.recheck_claim(actor=desk.world.of(name), claim=claim, at=money.LATER)
    with pytest.raises(Refused, match="another practice"):
        checking.recheck_claim(actor=cast.build_world("Second ").of("rita"), claim=claim, at=money.LATER)


def test_the_hygienists_claim_is_held_as_a_question_until_the_payer_says_who_renders(desk):
    patient = cast.make_patient(desk.world)
    money.cover(desk, patient)
    case = money.with_service(desk, patient=patient)
    money.run_jobs()
    assert rules(money.claims_of(case)["hygienist"]) == {"CL-4.undecided"}
    desk.cedar.rendering_on_site = "hygienist"
    settings.save_payer(actor=desk.rita, payer=desk.cedar, at=money.LATER)
    money.run_jobs()
    claims = money.claims_of(case)
    assert claims["hygienist"].status == claims["dentist"].status == "ready"
    assert list(claims["hygienist"].lines.values_list("code", flat=True)) == ["D0191"]
    assert claims["hygienist"].draft["place_of_service"] == "03"


def test_a_case_that_could_not_be_assessed_makes_no_dentists_claim(desk):
    assert money.claims_of(money.signed_unevaluated(desk)) == {}


def test_a_consultation_from_records_alone_is_no_companion_until_the_payers_rule_says_so(desk):
    """The whole way: an import brings the code, the dentist picks it, and the claim says what it is for."""
    money.import_code(desk, "D9310", use="evaluation")
    case = cast.case_at(desk.world, CaseStatus.IN_REVIEW)
    money.cover(desk, case.patient)
    money.sign_as(desk.world, case, "D9310")
    money.run_jobs()
    claim = money.claims_of(case)["dentist"]
    assert claim.status == "blocked"
    assert {"CL-5.consultation", "CL-5.companion"} <= rules(claim)


def test_a_practice_that_imported_d9996_as_a_service_on_site_bills_it_no_other_way(desk):
    """An import of an older version: the number says what the code is."""
    ProcedureCode.objects.filter(practice=desk.world.practice, code="D9996").update(use="on_site")
    case = money.signed(desk)
    money.run_jobs()
    kinds = {one["code"]: one["kind"] for one in money.claims_of(case)["dentist"].facts["codes"]}
    assert kinds["D9996"] == "encounter"


def test_a_live_evaluation_is_never_billed_as_stored_and_forwarded(desk):
    world = desk.world
    case = cast.case_at(world, CaseStatus.IN_REVIEW)
    money.cover(desk, case.patient)
    money.sign_as(world, case, "D0140", no_live_contact=False)
    money.run_jobs()
    claim = money.claims_of(case)["dentist"]
    assert claim.case.signature.encounter_code == "D9995"
    assert "RE-3.live" in rules(claim)
    assert claim.status == "blocked"


def test_a_radiograph_without_its_order_holds_the_claim_by_the_checklist(desk):
    patient = cast.make_patient(desk.world)
    money.cover(desk, patient)
    case = cast.case_at(desk.world, patient=patient)
    money.put_film(desk, case, ordered=False)
    money.reach_signature(desk, case)
    money.run_jobs()
    claim = money.claims_of(case)["dentist"]
    assert {p["rule"]: p["mend"] for p in claim.blocking} == {"CH-1.images": "orders"}


def test_a_payer_that_wants_the_family_told_holds_the_claim_until_somebody_has(desk):
    desk.cedar.outcome_told = True
    settings.save_payer(actor=desk.rita, payer=desk.cedar, at=money.AT)
    patient = cast.make_patient(desk.world)
    money.cover(desk, patient)
    case = money.signed(desk, patient=patient)
    money.run_jobs()
    assert rules(money.claims_of(case)["dentist"]) == {"CH-2.outcome"}
    following.record_follow_up(
        actor=desk.rita, case=case, step="told", told_to="The mother", how="By phone", happened_at=money.LATER, at=money.LATER
    )  # fmt: skip
    assert money.claims_of(case)["dentist"].status == "ready"


def test_a_payer_without_a_receiver_holds_the_claim(desk):
    desk.cedar.receiver = None
    settings.save_payer(actor=desk.rita, payer=desk.cedar, at=money.AT)
    patient = cast.make_patient(desk.world)
    money.cover(desk, patient)
    case = money.signed(desk, patient=patient)
    money.run_jobs()
    assert rules(money.claims_of(case)["dentist"]) == {"PAY.receiver"}


def test_the_coverage_in_force_on_the_date_of_service_is_billed(desk):
    patient = cast.make_patient(desk.world)
    old = money.cover(desk, patient, valid_until=date(2026, 10, 31), member_id="OLD-1")
    new = money.cover(desk, patient, valid_from=date(2026, 11, 1), member_id="NEW-1")
    case = money.signed(desk, patient=patient)
    money.run_jobs()
    assert money.claims_of(case)["dentist"].coverage == new != old


def test_a_new_fee_ends_the_one_before_and_reaches_claims_that_are_not_sent(desk):
    claim = money.ready_claim(desk)
    fee = Fee(practice=desk.world.practice, code="D0140", amount=Decimal("80.00"), valid_from=date(2026, 11, 1))
    settings.save_fee(actor=desk.rita, fee=fee, at=money.LATER)
    money.run_jobs()
    claim.refresh_from_db()
    assert (claim.status, claim.total) == ("ready", Decimal("80.00"))


def test_diagnoses_can_be_left_to_the_record(desk):
    desk.cedar.diagnosis_required = True
    settings.save_payer(actor=desk.rita, payer=desk.cedar, at=money.AT)
    claim = money.ready_claim(desk)
    assert claim.draft["diagnoses"] == ["K02.52"]
    claim = checking.choose_diagnoses(actor=desk.rita, claim=claim, left=["K02.52"], at=money.LATER)
    assert rules(claim) == {"DX.missing"}
    with pytest.raises(Refused, match="does not name"):
        checking.choose_diagnoses(actor=desk.rita, claim=claim, left=["K99.9"], at=money.LATER)


def test_a_check_that_finds_nothing_new_writes_nothing(desk):
    claim = money.ready_claim(desk)
    again = checking.recheck_claim(actor=desk.rita, claim=claim, at=money.LATER)
    assert again.revision == claim.revision
    assert again.events.count() == 2


def test_reading_a_case_takes_the_same_number_of_queries_however_much_it_holds(desk):
    small = money.signed(desk)
    big, hana = cast.case_at(desk.world, patient=cast.make_patient(desk.world, given="Ada")), desk.world.of("hana")
    for view in ("upper", "left", "right", "smile"):
        cast.put_file(big, hana, view=view)
    for code in ("D0190", "D0191"):
        capturing.record_service(actor=hana, case=big, code=code, ordered_by="Standing protocol 2026", at=money.AT)
    money.reach_signature(desk, big)
    coverage = money.cover(desk, big.patient)
    counts = []
    for case in (small, big):
        with transaction.atomic():
            locked = lock(case.pk)
        with CaptureQueriesContext(connection) as seen:
            read_snapshot(locked, coverage=coverage, at=money.LATER)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 32
