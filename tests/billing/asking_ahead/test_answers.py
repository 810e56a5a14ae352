"""What comes back about a request: taken on, turned away, and what the payer would pay. No money is ever posted."""

from decimal import Decimal

import pytest
from django.db import IntegrityError

from billing.actions import authorising
from billing.actions.asking_by_file import ask_by_file
from billing.authorisation_moving import move_authorisation
from billing.models import Acknowledgement, ClaimPayment, LineOutcome, Payer, Remittance, RequestFile
from teledent.kit.decisions import Refused
from tests.billing import cast as money
from tests.billing.answers.paper import Clp, Svc, acknowledged, check, file_of, interchange_answer, taken_on
from tests.billing.answers.test_acknowledgements import claims_answer, syntax
from tests.billing.asking_ahead import cast as ahead
from tests.judges.oxedi_judge import judged

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def asked(asking, drafted):
    """A predetermination of D1354 on 19 and A at $27.35 each, and D1206 at $38.10, out by file."""
    ahead.sent(asking, drafted)
    return drafted


def estimate(row, *lines, **changes) -> Clp:
    """CLP02 25: each line's adjustments, by our own control numbers, and no money."""
    charged = [("D1354", "27.35"), ("D1354", "27.35"), ("D1206", "38.10")]
    of_lines = [
        Svc(code, charge, "0", list(cas), control=f"{row.request_id}-{number}")
        for number, ((code, charge), cas) in enumerate(zip(charged, lines, strict=True), start=1)
    ]
    return Clp(row.request_id, "92.80", "0", of_lines, status="25", **changes)


FULL = (["OA*101*27.35"], ["OA*101*20", "PR*2*7.35"], ["OA*101*30.10", "CO*45*8"])
NOTHING = (["CO*96*27.35"], ["CO*96*27.35"], ["PR*204*38.10"])


def now(row) -> tuple[str, str]:
    row.refresh_from_db()
    return row.status, row.number


def why() -> tuple[str, str]:
    payment = ClaimPayment.objects.get()
    return payment.state, payment.waits_because


def test_what_the_plan_would_pay_stands_by_line_and_no_money_is_posted(bring, asked):
    content = file_of(check(estimate(asked, *FULL, refs=("G3*PD-778",)), amount="0"))
    bring(content)
    assert now(asked) == ("approved", "PD-778")
    assert [
        (line.units_approved, line.would_pay, line.patient_share, line.allowed) for line in asked.lines.all()
    ] == [
        (1, D("27.35"), D(0), D("27.35")), (1, D(20), D("7.35"), D("27.35")), (1, D("30.10"), D(0), D("30.10")),
    ]  # fmt: skip
    payment = ClaimPayment.objects.get()
    assert (payment.state, payment.authorisation, payment.claim, payment.paid) == ("noted", asked, None, 0)
    assert not LineOutcome.objects.exists()
    assert asked.answered_by is None
    assert asked.events.last().details["number"] == "PD-778"
    foreseen = [line["amount"] for line in judged(content).adjustments if line["reason_code"] == "101"]
    assert sum(map(D, foreseen)) == sum(line.would_pay for line in asked.lines.all())


def test_a_number_of_its_lines_counts_when_they_agree(bring, asked):
    segments = check(estimate(asked, *FULL), amount="0")
    with_number = [
        one for segment in segments for one in ([segment, "REF*G3*PD-9"] if segment.startswith("REF*6R") else [segment])
    ]
    with_number[-1] = f"SE*{len(with_number)}*0001"
    bring(file_of(with_number))
    assert now(asked) == ("approved", "PD-9")


def test_a_plan_that_takes_nothing_refuses_with_its_codes(bring, asked):
    bring(file_of(check(estimate(asked, *NOTHING), amount="0")))
    assert now(asked) == ("refused", "")
    assert asked.refused_because == "CO-96, PR-204"
    assert [line.units_approved for line in asked.lines.all()] == [0, 0, 0]


def test_a_line_that_it_would_not_take_is_not_approved_with_the_others(bring, asked):
    bring(file_of(check(estimate(asked, FULL[0], ["CO*96*27.35"], FULL[2]), amount="0")))
    assert now(asked) == ("approved", "")
    assert [line.units_approved for line in asked.lines.all()] == [1, 0, 1]


def test_an_authorisation_without_its_number_waits_for_a_person(bring, asking, case):
    row = ahead.drafted(asking, case, kind="authorisation")
    ahead.sent(asking, row)
    bring(file_of(check(estimate(row, *FULL, refs=("G3*PD-1",)), amount="0")))
    assert (now(row), why()) == (("sent", ""), ("waiting", "number"))


def test_an_authorisation_with_its_number_goes_on_claims_from_that_day(bring, asking, case):
    row = ahead.drafted(asking, case, kind="authorisation")
    ahead.sent(asking, row)
    bring(file_of(check(estimate(row, *FULL, refs=("G1*AUTH-5",)), amount="0")))
    assert now(row) == ("approved", "AUTH-5")
    assert row.valid_from == row.answered_on == row.sent_on


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda clp: setattr(clp, "charge", "90.00"), "r_charge"),
        (lambda clp: setattr(clp, "lines", clp.lines[:2]), "r_lines"),
        (lambda clp: setattr(clp, "lines", []), "r_lines"),
        (lambda clp: clp.lines[0].cas.append("PR*1*5"), "balance"),
        (lambda clp: clp.cas.append("CO*45*1"), "balance"),
        (lambda clp: setattr(clp, "claim_id", "PA9-000001-1"), "estimate"),
    ],
)
def test_what_is_not_whole_waits_and_moves_nothing(bring, asked, change, reason):
    clp = estimate(asked, *([*cas] for cas in FULL))
    change(clp)
    bring(file_of(check(clp, amount="0")))
    assert (now(asked), why()) == (("sent", ""), ("waiting", reason))
    assert {line.units_approved for line in asked.lines.all()} == {None}


def test_money_under_the_name_of_an_estimate_waits(bring, asked):
    clp = estimate(asked, *FULL)
    clp.lines[0].paid, clp.lines[0].cas, clp.paid = "27.35", [], "27.35"
    bring(file_of(check(clp)))
    assert (now(asked), why()) == (("sent", ""), ("waiting", "estimate"))


def test_an_answer_that_comes_twice_answers_once(bring, asked):
    bring(file_of(check(estimate(asked, *FULL), amount="0", trace="A")))
    bring(file_of(check(estimate(asked, *NOTHING), amount="0", trace="B"), number=906))
    assert now(asked)[0] == "approved"
    assert list(ClaimPayment.objects.order_by("pk").values_list("state", "waits_because")) == [
        ("noted", ""), ("waiting", "r_before"),
    ]  # fmt: skip


def test_a_request_that_never_went_out_by_file_is_not_answered_by_one(bring, drafted):
    bring(file_of(check(estimate(drafted, *FULL), amount="0")))
    assert (now(drafted), why()) == (("drafted", ""), ("waiting", "r_not_out"))


def test_what_was_taken_on_is_told_on_its_timeline(bring, asked):
    bring(claims_answer(taken_on((asked.request_id, "A2:20"))))
    assert now(asked)[0] == "sent"
    assert asked.events.last().kind == "taken_on"
    assert Acknowledgement.objects.get(authorisation=asked).codes == ["A2:20"]
    assert not Acknowledgement.objects.filter(verdict="rejected").exists()


def test_what_was_turned_away_comes_back_and_goes_out_again_under_its_number(bring, asking, asked):
    bring(claims_answer(taken_on((asked.request_id, "A3:21:IL"))))
    assert now(asked)[0] == "returned"
    assert asked.events.last().details["codes"] == ["A3:21:IL"]
    again = ahead.sent(asking, asked)
    assert (now(asked)[0], again.control_number, asked.filed.count()) == ("sent", 2, 2)
    assert asked.filed.first().attachments == asked.filed.last().attachments


def test_one_that_was_taken_up_again_is_not_sent_once_the_payer_says_that_it_has_it(bring, asking, asked):
    authorising.take_up_again(actor=asking.rita, row=asked, reason="No word for weeks", at=money.LATER)
    bring(claims_answer(taken_on((asked.request_id, "A2:20"))))
    assert now(asked)[0] == "sent"
    with pytest.raises(Refused, match="on its way"):
        ahead.sent(asking, asked)


def test_a_file_that_was_refused_brings_its_requests_back(bring, asking, asked):
    number = RequestFile.objects.get().control_number
    bring(syntax(acknowledged("R", group=number, faults=("IK3*NM1*8**8",))))
    assert now(asked)[0] == "returned"
    assert {row.request_file for row in Acknowledgement.objects.all()} == {RequestFile.objects.get()}
    ahead.sent(asking, asked)
    bring(file_of(before=(interchange_answer(number, "R", "006"),), number=907))  # late, about the first file
    assert now(asked)[0] == "sent"


def test_a_file_of_claims_and_one_of_requests_are_told_apart_by_their_number(bring, asking, asked):
    export = money.exported(asking)
    bring(syntax(acknowledged("R", group=export.control_number)))
    assert now(asked)[0] == "sent"
    assert {row.export for row in Acknowledgement.objects.all()} == {export}


def test_a_late_word_about_a_file_leaves_what_was_asked_another_way(bring, asking, asked):
    number = RequestFile.objects.get().control_number
    bring(claims_answer(taken_on((asked.request_id, "A3:21:IL"))))
    now(asked)
    authorising.mark_sent(actor=asking.rita, row=asked, sent_on=asked.sent_on, sent_how="portal", at=asked.sent_at)
    bring(syntax(acknowledged("R", group=number, faults=("IK3*NM1*8**8",))))
    bring(file_of(taken_on((asked.request_id, "A3:21")), number=908, gs="HN", version="005010X214"))
    assert now(asked)[0] == "sent"


def test_a_rejection_out_of_an_older_file_is_only_told(bring, asking, asked):
    first = RequestFile.objects.get()
    bring(claims_answer(taken_on((asked.request_id, "A3:21:IL"), batch_id=first.batch_id)))
    assert now(asked)[0] == "returned"
    ahead.sent(asking, asked)
    again = taken_on((asked.request_id, "A3:21:IL"), batch_id=first.batch_id)
    bring(file_of(again, number=908, gs="HN", version="005010X214"))
    assert (now(asked)[0], asked.events.last().kind) == ("sent", "turned_away_before")
    newest = RequestFile.objects.order_by("-pk").first()
    of_newest = taken_on((asked.request_id, "A3:21:IL"), batch_id=newest.batch_id)
    bring(file_of(of_newest, number=909, gs="HN", version="005010X214"))
    assert now(asked)[0] == "returned"


def test_what_was_turned_away_and_taken_on_after_all_waits_for_its_answer(bring, asked):
    bring(claims_answer(taken_on((asked.request_id, "A3:21:IL"))))
    assert now(asked)[0] == "returned"
    bring(file_of(taken_on((asked.request_id, "A2:20")), number=908, gs="HN", version="005010X214"))
    assert (now(asked)[0], asked.events.last().kind) == ("sent", "take_on")


def test_what_was_turned_away_is_answered_by_a_remittance_all_the_same(bring, asked):
    bring(claims_answer(taken_on((asked.request_id, "A3:21:IL"))))
    bring(file_of(check(estimate(asked, *FULL), amount="0"), number=908))
    assert now(asked)[0] == "approved"


def test_a_late_rejection_does_not_undo_an_answer(bring, asked):
    bring(file_of(check(estimate(asked, *FULL), amount="0")))
    bring(claims_answer(taken_on((asked.request_id, "A3:21:IL"))))
    assert now(asked)[0] == "approved"


def test_a_returned_request_may_be_answered_by_phone_or_withdrawn(bring, asking, asked):
    bring(claims_answer(taken_on((asked.request_id, "A3:21:IL"))))
    now(asked)
    move_authorisation(
        asked, "withdraw", person=asking.rita.person, at=money.LATER, ended_because="Done without it", ended_at=money.LATER,
        ended_by=asking.rita.person,
    )  # fmt: skip
    assert asked.status == "withdrawn"
    with pytest.raises(Exception, match="on its way or has ended"):
        ask_by_file(actor=asking.rita, row=asked, at=money.LATER)


# --- whose answer it is, and what one may not do to others -------------------------------------------------------------


def test_what_was_asked_another_way_since_is_not_answered_by_a_file_and_holds_up_nothing(bring, asking, case, asked):
    """Nobody answered by hand then, so the row could not keep the answer; the other requests of the check are told."""
    bring(claims_answer(taken_on((asked.request_id, "A3:21:IL"))))
    now(asked)
    authorising.mark_sent(actor=asking.rita, row=asked, sent_on=asked.sent_on, sent_how="portal", at=asked.sent_at)
    other = ahead.drafted(asking, case)
    ahead.sent(asking, other)
    bring(file_of(check(estimate(asked, *FULL), estimate(other, *FULL), amount="0"), number=906))
    assert (now(asked)[0], now(other)[0]) == ("sent", "approved")
    assert Remittance.objects.get().state == "posted"
    assert ClaimPayment.objects.get(state="waiting").waits_because == "r_not_out"


def test_one_that_cannot_be_kept_waits_and_the_others_are_told(bring, asking, case, asked, monkeypatch):
    other = ahead.drafted(asking, case)
    ahead.sent(asking, other)

    def fails(row, *given, **more):
        if row.pk == asked.pk:
            raise IntegrityError("a rule of the database")
        return move_authorisation(row, *given, **more)

    monkeypatch.setattr("billing.answering_requests.move_authorisation", fails)
    bring(file_of(check(estimate(asked, *FULL), estimate(other, *FULL), amount="0")))
    assert (now(asked)[0], now(other)[0]) == ("sent", "approved")
    assert {line.units_approved for line in asked.lines.all()} == {None}
    assert Remittance.objects.get().state == "posted"
    assert ClaimPayment.objects.get(state="waiting").waits_because == "r_kept"


def test_another_payer_or_member_answers_nothing(bring, asking, asked):
    content = file_of(check(estimate(asked, *FULL), amount="0")).replace(b"CM-77204881", b"CM-00000000")
    bring(content)
    assert (now(asked), why()) == (("sent", ""), ("waiting", "r_whose"))


def test_a_remittance_of_another_payer_answers_nothing(bring, asking, asked):
    other = Payer.objects.create(practice=asking.world.practice, name="Other Mutual", payer_id="OTHER9")
    content = file_of(check(estimate(asked, *FULL), amount="0"))
    bring(content.replace(b"CEDAR MUTUAL*XV*CEDAR1", b"OTHER MUTUAL*XV*OTHER9"))
    assert Remittance.objects.get().payer == other
    assert (now(asked), why()) == (("sent", ""), ("waiting", "r_whose"))


@pytest.mark.parametrize("said", ["refused in part", "other units"])
def test_a_line_that_is_taken_in_part_waits(bring, asking, case, said):
    row = ahead.drafted(asking, case, lines=[authorising.Asked("D1206", "", 4)])
    ahead.sent(asking, row)
    cas = ["OA*101*76.20", "CO*96*76.20"] if said == "refused in part" else ["OA*101*152.40"]
    line = Svc("D1206", "152.40", "0", cas, control=f"{row.request_id}-1")
    content = file_of(check(Clp(row.request_id, "152.40", "0", [line], status="25"), amount="0"))
    bring(
        content
        if said == "refused in part"
        else content.replace(b"SVC*AD:D1206*152.40*0~", b"SVC*AD:D1206*152.40*0**2~")
    )
    assert (now(row), why()) == (("sent", ""), ("waiting", "r_partly"))


@pytest.mark.parametrize("paid_on", ["20990301", "20200101"])
def test_a_day_to_come_or_before_the_asking_is_not_the_day_of_the_answer(bring, asking, case, paid_on):
    row = ahead.drafted(asking, case, kind="authorisation")
    ahead.sent(asking, row)
    content = file_of(check(estimate(row, *FULL, refs=("G1*AUTH-5",)), amount="0"))
    bring(content.replace(b"*20261201~\nTRN", f"*{paid_on}~\nTRN".encode()))
    now(row)
    assert row.answered_on == row.valid_from == row.sent_on  # sent today
