"""What is kept on a claim is what the pure clocks say of it, after every kind of move and every change beside it."""

from datetime import date, timedelta

import pytest

from billing.actions import ending, settings
from billing.clocks import Limits, Standing, due_of
from billing.deadlines import redraw
from billing.models import Claim, Coverage
from billing.states import Status
from teledent.accounts.days import today_in
from teledent.kit import clock
from tests import cast
from tests.billing import cast as money
from tests.billing.answers.paper import check, denied, file_of, paid_in_full, taken_back, taken_on

ZONE = "America/Los_Angeles"


def kept() -> list[tuple[str, date | None, str, str]]:
    """Every claim's columns, each compared with the pure computation over its own row."""
    found = []
    for claim in Claim.objects.select_related("coverage__payer"):
        payer = claim.coverage.payer if claim.coverage else None
        wanted = clock.local_date(claim.void_wanted_at, ZONE) if claim.void_wanted_at else None
        standing = Standing(Status(claim.status), claim.service_date, claim.sent_on, claim.answered_on, wanted)
        limits = (
            Limits(payer.filing_limit_days, payer.correction_days, payer.appeal_days, payer.answer_expected_days)
            if payer
            else Limits()
        )
        due = due_of(standing, limits)
        assert (claim.due_on, claim.due_kind, claim.desk) == (due.on, due.kind or "", due.desk), claim.status
        found.append((claim.status, claim.due_on, claim.due_kind, claim.desk))
    return found


def limited(desk, **limits):
    for name, value in limits.items():
        setattr(desk.cedar, name, value)
    settings.save_payer(actor=desk.rita, payer=desk.cedar, at=money.LATER)
    money.run_jobs()


def test_from_the_draft_to_ready_and_back(desk):
    case = money.signed(desk)
    assert [row[::2] for row in kept()] == [("draft", "filing")]
    money.run_jobs()
    assert [row[0] for row in kept()] == ["blocked"]
    money.cover(desk, case.patient)
    assert kept() == [("ready", date(2027, 2, 15), "filing", "")]
    claim = money.claims_of(case)["dentist"]
    ending.do_not_bill(actor=desk.rita, claim=claim, reason="grant", at=money.LATER)
    assert kept() == [("not_billed", None, "", "")]
    ending.bill_after_all(actor=desk.rita, claim=claim, at=money.LATER)
    assert kept()[0][0] == "ready"


def test_out_and_answered_in_every_way(desk, bring, sent):
    limited(desk, correction_days=60, appeal_days=180)
    assert kept() == [("exported", sent.sent_on + timedelta(days=30), "answer", "wait")]
    for number, (status, move) in enumerate((("A2:20", "accepted"), ("A3:21:IL", "rejected"), ("A2:20", "accepted"))):
        bring(file_of(taken_on((str(sent), status)), number=100 + number, gs="HN", version="005010X214"))
        assert kept()[0][0] == move
    no = denied(sent, "252")
    bring(file_of(check(no), number=201))
    assert kept() == [("denied", date(2026, 12, 1) + timedelta(days=60), "correction", "act")]
    bring(file_of(check(taken_back(no), trace="CHK-2"), number=202))
    assert kept() == [("accepted", sent.sent_on + timedelta(days=30), "answer", "wait")]
    bring(file_of(check(paid_in_full(sent), trace="CHK-3"), number=203))
    assert kept() == [("paid", None, "", "")]


def test_the_payers_own_date_counts_and_not_the_day_of_posting(bring, sent):
    bring(file_of(check(denied(sent, "252"))))
    sent.refresh_from_db()
    assert sent.answered_on == date(2026, 12, 1)


def test_sending_anew_gives_the_payer_its_time_again(desk, sent):
    with clock.standing_at(money.LATER + timedelta(days=20)):
        money.sent_anew(desk, sent)
    sent.refresh_from_db()
    assert sent.sent_on == today_in(desk.world.practice, money.LATER) + timedelta(days=20)
    kept()


def test_a_retracted_case_makes_its_claim_due_at_once(desk, sent):
    at = money.LATER + timedelta(days=2)
    cast.retract(desk.world, sent.case, at)
    assert kept() == [("exported", clock.local_date(at, ZONE), "void", "act")]


@pytest.mark.parametrize("name", ["filing_limit_days", "correction_days", "appeal_days", "answer_expected_days"])
def test_a_payers_new_limit_reaches_every_claim_of_it(desk, bring, sent, name):
    other = money.ready_claim(desk, patient=cast.make_patient(desk.world, given="Anneliese", family="Park"))
    bring(file_of(check(denied(sent, "252"))))
    before = kept()
    limited(desk, **{name: 17})
    after = kept()
    assert (before == after) == (name == "answer_expected_days"), "nothing waits for an answer"
    assert other.pk


def test_another_payer_on_the_coverage_of_a_sent_claim_draws_it_anew(desk, sent):
    limited(desk, answer_expected_days=10)
    coverage = Coverage.objects.get()
    coverage.payer = desk.state_plan
    settings.save_coverage(actor=desk.rita, coverage=coverage, at=money.LATER)
    assert kept() == [("exported", sent.sent_on + timedelta(days=30), "answer", "wait")]


def test_drawing_anew_twice_changes_nothing(desk, sent):
    Claim.objects.update(due_on=date(2000, 1, 1), desk="act", due_kind="void")
    assert redraw(Claim.objects.all()) == 1
    assert redraw(Claim.objects.all()) == 0
    kept()
