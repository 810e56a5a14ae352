"""Corrections and voids: claims of their own, once a day throughout (CL-5), never exported twice (CL-8)."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from billing import acknowledging
from billing.actions import changing, ending
from billing.actions.checking import check_claim
from billing.changed import refusal_of
from billing.deadlines import redraw
from billing.jobs import exporting as job
from billing.models import Acknowledgement, BilledOnce, Claim, Part, Payer, Verdict
from billing.moving import write
from cases.models import Patient
from teledent.kit.decisions import Refused
from tests import cast
from tests.billing import cast as money
from tests.billing.test_exporting import manifest_of
from tests.billing.x12.independent_reader import read, structural_faults
from tests.claims_pages.conftest import client_of, rita  # noqa: F401
from tests.claims_pages.reading import text_of
from tests.services.standing import built_once

NUMBER = "20269871"
REASON = "The card was read wrongly"


@built_once
def sent(desk):
    claim = money.ready_claim(desk)
    money.exported(desk)
    return known(claim)


def known(claim: Claim, number: str = NUMBER) -> Claim:
    """As if the payer's first answer had brought its number."""
    claim.refresh_from_db()
    with transaction.atomic():
        write(claim, payer_claim_number=number)
    return claim


def correct(desk, claim, **said) -> Claim:
    kept = {"reason": REASON, "number": claim.payer_claim_number, "at": money.LATER, **said}
    return changing.correct_claim(actor=desk.rita, claim=claim, **kept)


def void(desk, claim, **said) -> Claim:
    kept = {"reason": REASON, "number": claim.payer_claim_number, "at": money.LATER, **said}
    return changing.void_claim(actor=desk.rita, claim=claim, **kept)


def in_837(desk) -> tuple[list, dict]:
    files = money.unzipped(money.exported(desk))
    text = files["claims.837d.edi"].decode()
    assert structural_faults(text) == []
    return read(text).claims, manifest_of(files)


def day_of(claim: Claim) -> BilledOnce:
    return BilledOnce.objects.get(claim__case=claim.case_id)


def test_a_correction_is_a_new_version_and_the_first_stays_as_it_was_sent(desk, sent):
    before = (sent.facts, sent.draft, sent.total)
    Patient.objects.filter(pk=sent.case.patient_id).update(street="77 New Street")
    made = correct(desk, sent)
    assert (made.status, made.frequency, made.total) == ("ready", "7", sent.total)
    assert day_of(sent).claim == sent
    (claim,), _ = in_837(desk)
    assert claim.place[2] == "7"
    assert claim.references["F8"] == NUMBER
    assert claim.clm[1] == made.claim_id != sent.claim_id
    assert claim.patient["N3"][1] == "77 NEW STREET"
    sent.refresh_from_db()
    assert (sent.status, before) == ("replaced", (sent.facts, sent.draft, sent.total))
    assert day_of(sent).claim == made


def test_a_void_says_every_line_as_it_was_sent_and_frees_the_day(desk, sent):
    Patient.objects.filter(pk=sent.case.patient_id).update(street="77 New Street")  # since it went out
    first = read(money.unzipped(sent.exports.get().export)["claims.837d.edi"].decode()).claims[0]
    made = void(desk, sent)
    assert (made.status, day_of(sent).claim) == ("ready", sent)
    (claim,), manifest = in_837(desk)
    assert (claim.place[2], claim.references["F8"]) == ("8", NUMBER)
    assert [line.service.elements for line in claim.lines] == [line.service.elements for line in first.lines]
    assert claim.patient["N3"] == first.patient["N3"]
    assert manifest["claims"][0]["attachments"] == [] == claim.paperwork
    sent.refresh_from_db()
    assert sent.status == "voided"
    assert not BilledOnce.objects.exists()


def test_a_correction_and_a_void_go_out_once(desk, sent):
    correct(desk, sent)
    in_837(desk)
    with pytest.raises(Refused, match="No claim is ready"):
        money.exported(desk)


def test_without_the_payers_number_a_sentence_says_where_it_comes_from(desk, sent):
    sent = known(sent, "")
    for act in (correct, void):
        with pytest.raises(Refused, match="277CA or payment"):
            act(desk, sent)
    assert void(desk, sent, number="PORTAL-77").original_number == "PORTAL-77"


@pytest.mark.parametrize("number", ["*", "1~2", "A" * 51, "\u0661\u0662", "A\nB:C"])
def test_a_number_that_no_file_can_carry_is_refused(desk, sent, number):
    with pytest.raises(Refused, match="letters, digits"):
        void(desk, sent, number=number)


def test_what_has_not_gone_out_is_mended_not_corrected(desk):
    claim = money.ready_claim(desk)
    for act in (correct, void):
        with pytest.raises(Refused, match="has not gone out"):
            act(desk, claim, number=NUMBER)


def test_a_second_click_finds_the_first_and_the_other_kind_is_refused(desk, sent):
    made = correct(desk, sent)
    assert correct(desk, sent) == made
    with pytest.raises(Refused, match="already changes"):
        void(desk, sent)
    assert Claim.objects.count() == 2


def test_the_database_takes_one_successor_and_no_change_of_a_sent_change(desk, sent):
    made = correct(desk, sent)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(
            practice=made.practice, case=made.case, part=made.part, coverage=made.coverage, number=99, claim_id="TD1-X",
            made_at=money.LATER, replaces=sent, frequency="8", original_number="1", changed_because="again",
        )  # fmt: skip
    in_837(desk)
    for column, value in (("original_number", "2"), ("frequency", "8"), ("changed_because", "else")):
        with pytest.raises(DatabaseError), transaction.atomic():
            Claim.objects.filter(pk=made.pk).update(**{column: value})


def test_a_dropped_correction_leaves_the_claim_standing_and_another_may_begin(desk, sent):
    dropped = changing.drop_change(
        actor=desk.rita, claim=correct(desk, sent), reason="Settled by phone", at=money.LATER
    )
    sent.refresh_from_db()
    assert (dropped.status, sent.status, day_of(sent).claim) == ("stopped", "exported", sent)
    assert correct(desk, sent) != dropped


def test_a_change_is_dropped_not_ended_unbilled(desk, sent):
    with pytest.raises(Refused, match="Drop the change"):
        ending.do_not_bill(actor=desk.rita, claim=correct(desk, sent), reason="grant", at=money.LATER)


def test_a_correction_that_says_the_same_is_told_so(desk, sent):
    made = correct(desk, sent)
    assert [one["rule"] for one in made.problems if one["rule"] == "CL-8.same"] == ["CL-8.same"]
    money.verify(desk, made.coverage, made.service_date)  # what was asked about the plan is not sent
    assert "CL-8.same" in [one["rule"] for one in check_claim(made.pk, at=money.LATER).problems]
    Patient.objects.filter(pk=sent.case.patient_id).update(street="77 New Street")
    assert "CL-8.same" not in [one["rule"] for one in check_claim(made.pk, at=money.LATER).problems]


def test_a_correction_of_a_correction_names_the_newest(desk, sent):
    second = correct(desk, sent)
    in_837(desk)
    with pytest.raises(Refused, match="replaced already"):
        correct(desk, known(sent))
    third = correct(desk, known(second, "77"))
    (claim,), _ = in_837(desk)
    assert (claim.clm[1], claim.references["F8"]) == (third.claim_id, "77")
    assert day_of(sent).claim == third


def test_a_claim_turned_away_before_it_had_a_number_is_corrected_as_an_original(desk, sent):
    sent = known(sent, "")
    Claim.objects.filter(pk=sent.pk).update(status="rejected")
    made = correct(desk, known(sent, ""))
    (claim,), _ = in_837(desk)
    assert (made.frequency, claim.place[2], "F8" in claim.references) == ("1", "1", False)


def test_a_retracted_case_leads_to_the_void_which_goes_out_all_the_same(desk, sent):
    cast.retract(desk.world, sent.case, money.LATER)
    sent = known(sent)
    with pytest.raises(Refused, match="retracted"):
        correct(desk, sent)
    assert list(Claim.objects.needing_void()) == [sent]
    void(desk, sent)
    in_837(desk)
    assert not Claim.objects.needing_void().exists()


def test_a_retraction_stops_a_correction_and_not_a_void(desk, sent):
    other = money.ready_claim(desk, patient=cast.make_patient(desk.world, given="Ada"))
    money.exported(desk)
    correction, taken_back = correct(desk, sent), void(desk, known(other))
    for claim in (sent, other):
        cast.retract(desk.world, claim.case, money.LATER)
    correction.refresh_from_db()
    taken_back.refresh_from_db()
    assert (correction.status, taken_back.status) == ("stopped", "ready")


def test_after_a_void_the_case_is_billed_again_with_the_day(desk, sent):
    void(desk, sent)
    with pytest.raises(Refused, match="after its claim was voided"):
        changing.bill_again(actor=desk.rita, claim=sent, at=money.LATER)
    in_837(desk)
    again = changing.bill_again(actor=desk.rita, claim=sent, at=money.LATER)
    assert (again.status, again.frequency, day_of(sent).claim) == ("ready", "1", again)
    with pytest.raises(Refused, match="under way"):
        changing.bill_again(actor=desk.rita, claim=sent, at=money.LATER)


def test_a_claim_changed_between_composing_and_commit_is_not_replaced_unseen(desk, sent, monkeypatch):
    """The sent claim is taken by compare-and-set too: when it moved, the job begins again and nothing is half done."""
    correct(desk, sent)
    honest, moved = job.end_replaced, []

    def once_late(claim, by, **said):
        if not moved:
            moved.append(claim)
            claim.revision -= 1  # as if it was read before somebody wrote it
        return honest(claim, by, **said)

    monkeypatch.setattr(job, "end_replaced", once_late)
    with pytest.raises(AssertionError, match="Conflict"):
        money.exported(desk)
    sent.refresh_from_db()
    assert (sent.status, Claim.objects.filter(status="ready").count()) == ("exported", 1)
    money.run_jobs()
    sent.refresh_from_db()
    assert sent.status == "replaced"


def test_another_practices_person_and_the_hygienist_change_nothing(desk, sent):
    with pytest.raises(Refused):
        changing.void_claim(actor=desk.world.of("hana"), claim=sent, reason=REASON, number=NUMBER, at=money.LATER)
    assert sent.part == Part.DENTIST


# --- clocks of changes, and what becomes of a day when the payer turns a change away ----------------------------------


def turn_away(claim: Claim, number: str = "") -> Claim:
    return answered(claim, Verdict.REJECTED, number)


def answered(claim: Claim, verdict: str, number: str = "") -> Claim:
    """A 277CA about this one claim."""
    row = Acknowledgement(verdict=verdict, codes=["A3:21"], message="", payer_claim_number=number)
    with transaction.atomic():
        acknowledging._move(Claim.objects.get(pk=claim.pk), row, at=money.LATER)
    claim.refresh_from_db()
    return claim


def test_a_correction_that_waits_runs_on_the_corrected_claim_clock(desk, sent):
    Payer.objects.filter(pk=desk.cedar.pk).update(correction_days=60, filing_limit_days=90)
    with transaction.atomic():
        write(sent, status="denied", answered_on=date(2026, 12, 1))
    made = Claim.objects.get(pk=correct(desk, sent).pk)
    assert (made.due_kind, made.due_on, made.file_by) == ("correction", date(2027, 1, 30), None)
    redraw(Claim.objects.filter(pk=made.pk))
    made.refresh_from_db()
    assert (made.due_kind, made.due_on) == ("correction", date(2027, 1, 30))


def test_a_later_answer_moves_the_clock_of_the_correction_that_waits(desk, sent):
    Payer.objects.filter(pk=desk.cedar.pk).update(correction_days=60)
    made = Claim.objects.get(pk=correct(desk, sent).pk)
    assert made.due_kind == "filing"  # nobody has judged the first one yet
    Claim.objects.filter(pk=sent.pk).update(answered_on=date(2026, 12, 1))
    assert redraw(Claim.objects.filter(pk=made.pk)) == 1
    made.refresh_from_db()
    assert (made.due_kind, made.due_on) == ("correction", date(2027, 1, 30))


def test_a_retracted_claim_that_was_turned_away_without_a_number_ends_by_itself(desk, sent):
    sent = turn_away(known(sent, ""))
    cast.retract(desk.world, sent.case, money.LATER)
    sent.refresh_from_db()
    assert sent.status == "stopped"
    assert "there is nothing to void" in sent.stopped_because
    assert sent.exported_at is not None  # it did go out
    assert not Claim.objects.needing_void().exists()
    assert not BilledOnce.objects.exists()


def test_one_that_is_turned_away_after_the_retraction_leaves_the_void_worklist_too(desk, sent):
    sent = known(sent, "")
    cast.retract(desk.world, sent.case, money.LATER)
    assert list(Claim.objects.needing_void()) == [sent]
    assert turn_away(sent).status == "stopped"
    assert not Claim.objects.needing_void().exists()


def test_one_that_a_payer_named_stays_to_be_voided_though_it_was_turned_away(desk, sent):
    turn_away(sent)
    cast.retract(desk.world, sent.case, money.LATER)
    assert list(Claim.objects.needing_void()) == [sent]


def test_one_that_a_payer_takes_on_after_all_comes_back_to_be_voided(desk, sent):
    sent = turn_away(known(sent, ""))
    cast.retract(desk.world, sent.case, money.LATER)
    sent.refresh_from_db()
    answered(sent, Verdict.ACCEPTED, "LATE-1")
    assert (sent.status, sent.payer_claim_number) == ("accepted", "LATE-1")
    assert list(Claim.objects.needing_void()) == [sent]


def test_a_void_that_is_turned_away_takes_its_day_back_until_it_goes_out_again(desk, sent):
    made = void(desk, sent)
    in_837(desk)
    assert not BilledOnce.objects.exists()
    turn_away(made)
    assert day_of(sent).claim == made
    assert "holds claim" in refusal_of(made)
    assert (made.due_kind, made.desk) == ("void", "act")
    with pytest.raises(Refused, match="refused the void"):
        changing.bill_again(actor=desk.rita, claim=sent, at=money.LATER)
    money.sent_anew(desk, made)
    made.refresh_from_db()
    assert (made.status, refusal_of(made)) == ("exported", "")
    assert not BilledOnce.objects.exists()


def test_a_void_that_is_taken_on_after_all_gives_the_day_back(desk, sent):
    made = void(desk, sent)
    in_837(desk)
    turn_away(made)
    answered(made, Verdict.ACCEPTED)
    assert (made.problems, made.desk) == ([], "")
    assert not BilledOnce.objects.exists()


def test_where_another_claim_took_the_day_meanwhile_the_void_says_which(desk, sent, rita):  # noqa: F811
    made = void(desk, sent)
    in_837(desk)
    sent.refresh_from_db()
    again = changing.bill_again(actor=desk.rita, claim=sent, at=money.LATER)
    in_837(desk)
    turn_away(made)
    assert day_of(sent).claim == again
    told = f"Meanwhile claim {again} bills D9996 of 17 Nov 2026: the payer may count the day twice."
    assert told in refusal_of(made)
    assert told in text_of(rita.get("/claims/desk/?show=void"))
    assert told in text_of(rita.get(f"/claims/{made.public_id}/"))
