"""Paper remittances: what is typed balances to the cent or is refused with by how much; then it posts as a file would."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.actions.entering import EnteredBefore, enter_paper
from billing.models import ClaimPayment, PaperScan, Remittance
from billing.outcomes.paper import NotReadable, adjustments_in, check_fault, line_fault, others_in, remarks_in
from billing.x12.r835 import Adjustment, Line, ProviderAdjustment
from billing.x12.r835 import ClaimPayment as Judged
from teledent.files.models import StoredFile
from teledent.kit import clock
from teledent.kit.decisions import Refused
from tests import cast
from tests.billing import cast as money
from tests.billing.answers.paper import check, file_of, paid_in_full

CENTS = st.integers(-10_000_00, 10_000_00).map(lambda cents: Decimal(cents) / 100)
GROUPS = st.sampled_from(["CO", "PR", "OA", "PI", "CR"])
REASONS = st.from_regex(r"[A-Z]?[0-9]{1,3}", fullmatch=True)
ADJUSTMENTS = st.lists(st.tuples(GROUPS, REASONS, CENTS), max_size=6)


@given(ADJUSTMENTS, st.sampled_from([", ", "; ", ",", "\n"]), st.sampled_from(["-", " ", ""]))
def test_what_is_typed_of_adjustments_is_read_to_the_cent(said, between, dash):
    text = between.join(f"{group}{dash}{reason} {amount:.2f}" for group, reason, amount in said)
    assert [(one.group, one.reason, one.amount) for one in adjustments_in(text)] == said


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_whole_or_refused_in_words(text):
    try:
        found = adjustments_in(text)
    except NotReadable:
        found = []
    assert len(found) <= sum(character.isdigit() for character in text)  # nothing is made up


@pytest.mark.parametrize(
    "text", ["CO45", "CO-45", "XX-45 1.00", "CO-45 1.005", "CO-45 1,000.00", "CO-45 1.00 PR-1 2.00", "12.00"]
)
def test_half_an_adjustment_is_refused(text):
    with pytest.raises(NotReadable):
        adjustments_in(text)


def test_remarks_and_money_of_no_claim_are_read():
    assert remarks_in("n362, MA01") == ["N362", "MA01"]
    assert others_in("WO 10.00; 72 -3") == [
        ProviderAdjustment("WO", "", Decimal("10.00")),
        ProviderAdjustment("72", "", Decimal("-3.00")),
    ]
    with pytest.raises(NotReadable):
        remarks_in("BECAUSE")


LINES = st.lists(st.tuples(CENTS, st.lists(CENTS, max_size=3)), min_size=1, max_size=5)


def judged(lines, number=1, off_by=Decimal(0)) -> Judged:
    """A claim whose lines come out, but for `off_by` in what the first one paid."""
    made = []
    for at, (charge, amounts) in enumerate(lines, start=1):
        paid = charge - sum(amounts, Decimal(0)) + (off_by if at == 1 else 0)
        made.append(
            Line(
                number=at,
                code="D0140",
                charge=charge,
                paid=paid,
                adjustments=[Adjustment("CO", "45", one) for one in amounts],
            )
        )
    charge, paid = (sum((getattr(one, name) for one in made), Decimal(0)) for name in ("charge", "paid"))
    return Judged(number, "T1", "1", charge, paid, Decimal(0), "", "", "", lines=made)


@given(st.lists(LINES, min_size=1, max_size=4), st.lists(CENTS, max_size=2), CENTS)
def test_a_check_comes_out_exactly_when_its_parts_add_up(claims, others, off_by):
    made = [judged(lines, number) for number, lines in enumerate(claims, start=1)]
    taken = [ProviderAdjustment("WO", "", one) for one in others]
    amount = sum((one.paid for one in made), Decimal(0)) - sum(others, Decimal(0))
    assert check_fault(amount, made, taken) == ""
    fault = check_fault(amount + off_by, made, taken)
    assert bool(fault) == bool(off_by)
    assert not off_by or f"Out by {off_by:.2f}:" in fault


@given(LINES, CENTS)
def test_a_line_comes_out_exactly_when_nothing_is_missing(lines, off_by):
    claim = judged(lines, off_by=off_by)
    assert bool(line_fault(claim.lines[0])) == bool(off_by)
    assert bool(claim.out_by) == bool(off_by)
    assert not off_by or line_fault(claim.lines[0]).startswith(f"Out by {-off_by:.2f}:")


# --- entering -----------------------------------------------------------------------------------------------------


def scanned(desk, *, state="readable") -> PaperScan:
    digest = uuid.uuid4().hex * 2
    file = StoredFile.objects.create(key=f"tests/{uuid.uuid4().hex}", sha256=digest, size=9, created_at=money.LATER)
    return PaperScan.objects.create(
        practice=desk.world.practice, name="eob.pdf", sha256=digest, size=9, file=file, state=state, received_at=money.LATER,
        received_by=desk.rita.person, reason="Torn" if state == "refused" else "",
    )  # fmt: skip


def typed(claim, *, taken="0.00", reason="45", group="CO") -> Judged:
    """Our claim answered on paper, with one amount taken off its first line."""
    lines = [
        Line(number=at, code=line.code, charge=line.charge, paid=line.charge, control_number=f"{claim}-{line.number}")
        for at, line in enumerate(claim.lines.all(), start=1)
    ]
    if Decimal(taken):
        lines[0].adjustments.append(Adjustment(group, reason, Decimal(taken)))
        lines[0].paid -= Decimal(taken)
    paid = sum((one.paid for one in lines), Decimal(0))
    return Judged(1, str(claim), "1", claim.total, paid, Decimal(0), "", "P-9", "", patient_name="MATEO", lines=lines)


def enter(desk, *claims, **said) -> Remittance:
    kept = {
        "public_id": uuid.uuid4(), "payer": desk.cedar, "trace": "10077", "method": "CHK", "paid_on": date(2026, 11, 16), "others": [],
        "amount": sum((one.paid for one in claims), Decimal(0)), "at": money.LATER, **said,
    }  # fmt: skip
    with clock.standing_at(money.LATER):
        made = enter_paper(actor=desk.rita, claims=claims, **kept)
        money.run_jobs()
    made.refresh_from_db()
    return made


def test_a_paper_remittance_posts_as_a_file_would(desk, sent):
    scan = scanned(desk)
    made = enter(desk, typed(sent, taken="72.00", reason="151"))
    sent.refresh_from_db()
    assert (made.state, made.entered_by.name, made.part_id) == ("posted", "Rita Castellane", None)
    assert (sent.status, sent.outcomes.get(line__code="D0140").outcome) == ("denied", "frequency")
    scan.refresh_from_db()
    assert scan.remittance == made


def test_the_same_form_sent_twice_is_one_remittance(desk, sent):
    scanned(desk)
    form = uuid.uuid4()
    assert enter(desk, typed(sent), public_id=form) == enter(desk, typed(sent), public_id=form)
    assert ClaimPayment.objects.count() == 1


def test_the_same_check_again_is_refused_and_named(desk, sent):
    scanned(desk)
    made = enter(desk, typed(sent))
    scanned(desk)
    with pytest.raises(EnteredBefore) as refusal:
        enter(desk, typed(sent))
    assert refusal.value.remittance == made


def test_a_check_that_came_as_a_file_is_not_entered_from_paper(desk, sent, bring):
    bring(file_of(check(paid_in_full(sent), trace="10077")))
    scanned(desk)
    with pytest.raises(EnteredBefore):
        enter(desk, typed(sent), paid_on=Remittance.objects.get().paid_on, at=money.LATER + timedelta(days=30))


def test_a_file_of_a_check_that_was_entered_from_paper_posts_nothing(desk, sent, bring):
    scanned(desk)
    enter(desk, typed(sent), paid_on=date(2026, 11, 16))
    segments = [one.replace("20261201", "20261116") for one in check(paid_in_full(sent), trace="10077")]
    file = bring(file_of(segments))
    assert Remittance.objects.count() == 1
    assert "came in on" in file.parts.get().reason


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"amount": Decimal("71.99")}, "Out by -0.01"), ({"trace": "x"}, "number of the check"),
        ({"paid_on": date(2026, 11, 19)}, "not come yet"),
        ({"others": [ProviderAdjustment("WO", "", Decimal("5.00"))]}, "Out by 5.00"),
    ],
)  # fmt: skip
def test_what_does_not_come_out_posts_nothing_and_says_by_how_much(desk, sent, said, why):
    scanned(desk)
    with pytest.raises(Refused, match=why):
        enter(desk, typed(sent), **said)
    assert not Remittance.objects.exists()


def test_a_line_out_of_balance_is_named(desk, sent):
    scanned(desk)
    claim = typed(sent)
    claim.lines[0].paid -= Decimal("3.00")
    claim.paid -= Decimal("3.00")
    with pytest.raises(Refused, match=r"line D0140. Out by 3.00"):
        enter(desk, claim, amount=claim.paid)


@pytest.mark.parametrize("state", ["none", "queued", "refused"])
def test_nothing_is_entered_without_a_readable_scan(desk, sent, state):
    if state != "none":
        scanned(desk, state=state)
    with pytest.raises(Refused, match="scan"):
        enter(desk, typed(sent))
    assert not Remittance.objects.exists()


def test_what_fits_no_claim_of_ours_waits_for_a_person(desk, sent):
    scanned(desk)
    claim = typed(sent)
    claim.claim_id = "SOMEBODY"
    enter(desk, claim)
    assert ClaimPayment.objects.get().waits_because == "no_claim"


def test_another_practices_payer_is_refused(desk, sent):
    scanned(desk)
    other = money.build_desk(cast.build_world("Second "))
    with pytest.raises(Refused, match="another practice"):
        enter(desk, typed(sent), payer=other.cedar)
