"""From the draft to the money: signed, sent, answered; what is sent never changes, not even by raw SQL."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from billing.actions import appealing, pursuing
from billing.appeal_signature import signature_digest
from billing.appeal_states import APPEAL_LABELS, APPEAL_MOVES, APPEAL_OWNERS, ENDED, AppealStatus
from billing.appeals.deciding import recovered
from billing.models import Appeal, Payer
from billing.views.appeals import rows_of
from cases.actions import consenting
from cases.models import Scope
from teledent.accounts.confirming import WrongPassword
from teledent.accounts.models import Licence
from teledent.kit.decisions import Conflict, Refused
from tests import cast
from tests.billing.answers.paper import check, denied, file_of, paid_in_full, taken_back
from tests.billing.appeals.conftest import TODAY, begun, bring, packed
from tests.services.standing import built_once

LATER = TODAY + timedelta(days=30)


def test_no_status_is_forgotten():
    assert set(AppealStatus) == set(APPEAL_LABELS) == set(APPEAL_OWNERS)
    ways_out = {source for entry in APPEAL_MOVES.values() for source in entry.sources}
    assert set(AppealStatus) - ways_out == set(ENDED)


@built_once
def asked(desk, refused):
    """A letter that waits for Dev."""
    appeal = begun(desk, refused)
    return appealing.finish_draft(actor=desk.rita, appeal=appeal, at=TODAY)


def sign(desk, appeal, *, who="dev", **said):
    kept = {"password": cast.PASSWORD, "shown": appeal.letter_digest, "at": TODAY, **said}
    return pursuing.sign_appeal(actor=desk.world.of(who), appeal=appeal, **kept)


def send(desk, appeal, *, at=TODAY, **said):
    kept = {"sent_on": at.date(), "sent_how": "portal", "reference": "PX-1", **said}
    return pursuing.record_sent(actor=desk.rita, appeal=appeal, at=at, **kept)


@built_once
def gone(desk, asked):
    """Signed, packed and sent."""
    return send(desk, packed(sign(desk, asked)))


def test_the_dentist_signs_what_she_saw_under_her_licence(desk, asked):
    before = asked.letter
    signed = packed(sign(desk, asked))
    assert (signed.status, signed.signed_name, signed.signed_licence) == ("ready", "Dr. Dev Halloran", "OR DDS-1497")
    assert signed.letter == before
    again = signature_digest(signed, name="Dr. Dev Halloran", licence="OR DDS-1497", at=TODAY)
    assert signed.signed_digest == again


@pytest.mark.parametrize("wrong", ["password", "shown", "who", "licence"])
def test_nothing_is_signed_by_the_wrong_hand_or_unseen(desk, asked, wrong):
    if wrong == "licence":
        Licence.objects.filter(credential__person=desk.world.people["dev"]).update(ends_on=date(2026, 12, 1))
    said = {"password": {"password": "guessed"}, "shown": {"shown": "0" * 64}, "who": {"who": "rita"}, "licence": {}}[
        wrong
    ]
    with pytest.raises({"password": WrongPassword, "shown": Conflict}.get(wrong, Refused)):
        sign(desk, asked, **said)
    asked.refresh_from_db()
    assert (asked.status, asked.signed_at) == ("awaiting", None)


def test_the_dentist_sends_it_back_with_a_reason(desk, asked):
    back = pursuing.send_back(actor=desk.world.of("dev"), appeal=asked, reason="Quote the diagnoses only", at=TODAY)
    assert (back.status, back.sent_back_because) == ("drafted", "Quote the diagnoses only")


def test_where_the_payer_wants_no_signature_the_draft_is_ready_at_once(desk, refused):
    Payer.objects.update(appeal_signed_by="nobody")
    ready = appealing.finish_draft(actor=desk.rita, appeal=begun(desk, refused), at=TODAY)
    assert (ready.status, ready.packet_id is not None) == ("ready", True)


def test_where_the_payer_wants_the_desk_the_desk_signs(desk, refused):
    Payer.objects.update(appeal_signed_by="front_desk")
    ready = packed(appealing.finish_draft(actor=desk.rita, appeal=begun(desk, refused), at=TODAY))
    assert (ready.status, ready.signed_name, ready.signed_licence) == ("ready", "Rita Castellane", "")


@pytest.mark.parametrize("day", [date(2026, 12, 18), date(2026, 12, 20)])
def test_it_cannot_have_been_sent_before_it_was_ready_or_tomorrow(desk, asked, day):
    with pytest.raises(Refused, match="only have been sent"):
        send(desk, packed(sign(desk, asked)), sent_on=day)


def test_it_is_not_sent_without_its_packet(desk, asked):
    with pytest.raises(Refused, match="still being made"):
        send(desk, sign(desk, asked))


@pytest.mark.parametrize("happened", ["retracted", "consent"])
def test_what_stops_a_claim_stops_its_appeal(desk, asked, happened):
    ready, case = packed(sign(desk, asked)), asked.claim.case
    if happened == "retracted":
        cast.retract(desk.world, case, TODAY)
    else:
        consenting.withdraw_consent(
            actor=desk.world.of("hana"), patient=case.patient, scope=Scope.BILLING, reason="The mother called", at=TODAY
        )
    with pytest.raises(Refused, match=r"retracted|taken back"):
        send(desk, ready)


CHANGES = (
    "letter = '{}'", "letter_digest = 'x'", "note = 'Now I recall', noted_at = begun_at, noted_by = 'x'", "quotes = '[1]'",
    "denied_at = begun_at",
    "packet_id = NULL", "sent_on = '2020-01-01'", "sent_how = 'fax'", "signed_name = 'Another'", "signed_digest = 'x'",
    "status = 'drafted'", "status = 'ready'", "level = '2'", "claim_id = claim_id + 900", "dentist_id = dentist_id + 900",
    "sent_at = NULL, sent_on = NULL, sent_by_id = NULL, sent_how = '', sent_reference = ''",
)  # fmt: skip


@pytest.mark.parametrize("tampering", CHANGES)
def test_the_database_itself_refuses_to_change_a_sent_appeal(desk, gone, tampering):
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE billing_appeal SET {tampering}")


@pytest.mark.parametrize("statement", ["DELETE FROM billing_appealline", "DELETE FROM billing_appeal"])
def test_neither_an_appeal_nor_its_lines_are_removed(desk, gone, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_signed_letter_never_changes_before_it_is_sent_either(desk, asked):
    sign(desk, asked)
    with pytest.raises(DatabaseError, match="signed letter"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE billing_appeal SET letter = '{}'")


def test_an_ended_appeal_stays_as_it_ended(desk, gone):
    answer(desk, gone, "uphold")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE billing_appeal SET status = 'overturned'")


def answer(desk, appeal, outcome, *, at=LATER):
    return pursuing.record_answer(
        actor=desk.rita, appeal=appeal, outcome=outcome, answered_on=at.date(), answer="Letter of that day", at=at
    )


def money_of(appeal):
    return rows_of([Appeal.objects.get(pk=appeal.pk)], today=LATER.date())[0].recovered


def test_money_counts_as_recovered_when_its_remittance_is_posted(desk, gone):
    claim = gone.claim
    won = answer(desk, gone, "overturn")
    assert (won.status, money_of(won)) == ("overturned", Decimal("0.00"))
    again = file_of(check(taken_back(denied(claim, "151")), paid_in_full(claim), trace="CHK-2"), number=2)
    bring(desk, again, name="2.835", at=LATER)
    claim.refresh_from_db()
    assert claim.status == "paid"
    assert money_of(won) == Decimal("72.00")
    back = file_of(check(taken_back(paid_in_full(claim)), trace="CHK-3"), number=3)
    bring(desk, back, name="3.835", at=LATER + timedelta(days=1))
    assert money_of(won) == Decimal("0.00")


def test_what_is_recovered_between_two_levels_is_the_first_ones():
    sent, next_sent = TODAY, TODAY + timedelta(days=9)
    posted = [(TODAY - timedelta(days=1), Decimal(5)), (TODAY + timedelta(days=1), Decimal(7)), (LATER, Decimal(11))]
    assert recovered(posted, sent_at=sent, until=next_sent) == Decimal(7)
    assert recovered(posted, sent_at=next_sent) == Decimal(11)
    assert recovered(posted, sent_at=None) == Decimal(0)


def test_the_next_level_opens_when_the_payer_stays_with_its_decision(desk, gone):
    Payer.objects.update(appeal_days=60)
    answer(desk, gone, "uphold")
    second = appealing.begin_appeal(actor=desk.rita, claim=gone.claim, at=LATER)
    assert (second.level, second.denied_at) == ("2", gone.denied_at)
    assert second.deadline == LATER.date() + timedelta(days=60)
    assert {one["title"] for one in second.letter["exhibits"]} == {one["title"] for one in gone.letter["exhibits"]}


def test_a_won_appeal_is_followed_by_no_other(desk, gone):
    answer(desk, gone, "overturn")
    with pytest.raises(Refused, match="was won"):
        appealing.begin_appeal(actor=desk.rita, claim=gone.claim, at=LATER)


def test_a_withdrawn_appeal_frees_its_level(desk, asked):
    pursuing.withdraw_appeal(actor=desk.rita, appeal=asked, reason="Settled with the payer by phone", at=TODAY)
    assert appealing.begin_appeal(actor=desk.rita, claim=asked.claim, at=TODAY).level == "1"


def test_two_appeals_of_one_level_cannot_live_beside_each_other(desk, asked):
    twin = Appeal.objects.get(pk=asked.pk)
    twin.pk, twin.public_id, twin.packet = None, cast.uuid.uuid4(), None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_the_claims_timeline_tells_of_each_step(desk, gone):
    moves = [event.details["move"] for event in gone.claim.events.filter(kind="appeal").order_by("pk")]
    assert moves == ["begin", "ask_signature", "sign", "send"]
