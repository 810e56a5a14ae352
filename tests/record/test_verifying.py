"""verify_record holds every row against what was signed, printed or told: somebody with a console changes each, and it is named."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from cases.actions import lettering, ordering, referring, schools, signing
from cases.actions.second_reading import ask_second_read, settle
from cases.guards import drop_guards
from cases.models import Case, LetterRun, Order, SchoolList
from cases.moving import record_event
from cases.states import Status
from cases.verifying import misfits
from cases.verifying_papers import shared_misfits
from teledent.files.storage import private
from teledent.kit import clock
from tests import cast
from tests.after.conftest import case_at
from tests.after.test_referrals import office, refer, with_claim_pictures
from tests.after.test_school_lists import make as make_list
from tests.after.working import work
from tests.reading.test_queue import another_dentist
from tests.reading.test_second_reads import signed_by_eva

__all__ = ["case_at", "office"]
ANOTHER = "d" * 64


@pytest.fixture
def told(world, case_at, office):
    """A signed case of which everything was printed, sent, ordered and read a second time that can be, and one beside it."""
    case, dev, at = case_at(Status.SIGNED), world.of("dev"), clock.now()
    world.people["eva"], world.people["una"] = another_dentist(world), another_dentist(world, "una", "Dr. Una Brandt")
    reads = [
        ask_second_read(actor=dev, case=case, reader=world.people[name], question=f"Is {tooth} decayed?", at=at)
        for name, tooth in (("eva", "L"), ("una", "K"))
    ]
    signed_by_eva(world, reads[0])
    settle(actor=dev, read=reads[0], text="I stay with it.", by_addendum=True, password=cast.PASSWORD, at=clock.now())
    ordered(world, case)
    handed_out(world, case, office)
    return case


def ordered(world, case):
    """One that waits, and one that was cancelled."""
    for kind, tooth in (("fluoride", []), ("sealant", ["URC"])):
        ordering.give_orders(
            actor=world.of("dev"), case=case, kind=kind, tooth_keys=tooth, reason="White spots", password=cast.PASSWORD, at=clock.now()
        )  # fmt: skip
    sealant = Order.objects.get(case=case, kind="sealant")
    ordering.cancel_order(actor=world.of("dev"), order=sealant, reason="The tooth is gone", at=clock.now())


def handed_out(world, case, office):
    rita, at = world.of("rita"), clock.now()
    frontal, _ = with_claim_pictures(case)
    referral = refer(world, case, office, pictures=[frontal])
    lettering.print_letter(actor=rita, case=case, at=at)
    make_list(world, case)
    work(lettering.PRINT, schools.PRINT, referring.PACK)
    referring.send_referral(actor=rita, referral=referral, how="Fax", at=clock.now())


def what_is_named(case):
    """Without the originals, which have no bytes in these tests."""
    case = Case.objects.get(pk=case.pk)
    return [
        one for one in (*misfits(case), *shared_misfits(Case.objects.filter(pk=case.pk))) if "the original" not in one
    ]


def drop_guards_here():
    """The database as somebody with a console could leave it."""
    if connection.vendor == "postgresql":  # it does not alter a table with checks still to come
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    drop_guards(connection)


def after(case, statement):
    """What is named when somebody does this; then it is taken back."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        found = what_is_named(case)
        transaction.set_rollback(True)
    return found


SIGNED, UNSIGNED = "signed_at IS NOT NULL", "signed_at IS NULL"
TAMPERING = [
    ("UPDATE cases_case SET status = 'closed'", "its status is not the one"),
    ("DELETE FROM cases_addendum", "the addendum of"),
    (f"DELETE FROM cases_secondread WHERE {UNSIGNED}", "is gone or was changed"),
    (f"UPDATE cases_secondread SET question = 'Another?' WHERE {UNSIGNED}", "is gone or was changed"),
    (
        f"UPDATE cases_secondread SET asked_at = signed_at, asked_by_id = reader_id WHERE {SIGNED}",
        "tells of no second read",
    ),
    (f"UPDATE cases_secondread SET question = 'Another?' WHERE {SIGNED}", "was changed after it was signed"),
    (f"UPDATE cases_secondread SET person_name = 'Another' WHERE {SIGNED}", "second read of Another was changed"),
    (f"UPDATE cases_secondread SET licence = 'OR 1' WHERE {SIGNED}", "was changed after it was signed"),
    (
        "UPDATE cases_secondread SET reader_id = asked_by_id WHERE signed_at IS NOT NULL",
        "was changed after it was signed",
    ),
    (f"UPDATE cases_secondread SET digest = '{ANOTHER}' WHERE {SIGNED}", "the second read signed of"),
    ("UPDATE cases_secondread SET differs_at = NULL, differs_in = ''", "what a second read differs in"),
    ("DELETE FROM cases_settlement", "the settlement of"),
    ("UPDATE cases_settlement SET text = 'Another'", "the settlement of Dr. Dev Halloran was changed"),
    ("DELETE FROM cases_order WHERE status = 'open'", "is gone, the timeline tells of it"),
    ("UPDATE cases_order SET reason = 'Another' WHERE status = 'open'", "was changed after it counted"),
    ("UPDATE cases_order SET ordered_by_name = 'Another' WHERE status = 'open'", "was changed after it counted"),
    ("UPDATE cases_order SET counts_from = '2026-01-01' WHERE status = 'open'", "was changed after it counted"),
    ("UPDATE cases_order SET status = 'expired' WHERE status = 'open'", "does not stand where"),
    (
        "UPDATE cases_order SET status = 'open', kind = 'fluoride', number = 999 WHERE status = 'cancelled'",
        "TO-00999 counts, and",
    ),
    ("UPDATE cases_order SET ended_because = 'Another' WHERE status = 'cancelled'", "does not stand where"),
    (f"UPDATE cases_letter SET document = '{{}}', digest = '{ANOTHER}'", "the letter to Lucia Villanueva was changed"),
    ("UPDATE cases_letter SET addressee = 'Another'", "the letter to Another was changed"),
    ("DELETE FROM cases_letter", "a letter of the printing"),
    ("UPDATE cases_referral SET letter = '{}'", "the referral to Mill Street Dental was changed"),
    ("UPDATE cases_referral SET pictures = '[]'", "the referral to Mill Street Dental was changed"),
    ("UPDATE cases_referral SET urgency = 'routine'", "the referral to Mill Street Dental was changed"),
    ("UPDATE cases_referral SET sent_how = 'Post'", "which referrals went out"),
    (f"UPDATE cases_referral SET digest = '{ANOTHER}'", "the referral of"),
    ("UPDATE cases_schoollistline SET name = 'Another'", "its line on the list for Nurse Ortiz was changed"),
    ("UPDATE cases_schoollist SET made_for = 'Another'", "its line on the list for Another was changed"),
    ("DELETE FROM cases_schoollistline", "a line of the school list"),
]


def test_whatever_is_changed_behind_our_back_is_named(told):
    assert what_is_named(told) == []
    drop_guards_here()
    found = [(statement, name, after(told, statement)) for statement, name in TAMPERING]
    unseen = [f"{statement}: {said}" for statement, name, said in found if not any(name in one for one in said)]
    assert "\n".join(unseen) == ""


def test_files_that_many_cases_share_are_hashed_once_each(told, capsys):
    for stored in (LetterRun.objects.get().file, SchoolList.objects.get().file):
        private().delete(stored.key)
    with pytest.raises(CommandError):
        call_command("verify_record", told.label)
    said = capsys.readouterr().err
    assert said.count("the printing") == said.count("the list ") == 1


def test_a_retraction_is_held_against_the_timeline(world, case_at):
    case = case_at(Status.SIGNED)
    signing.retract_case(
        actor=world.of("olu"), case=case, reason="wrong_images", explanation="Another child", at=clock.now()
    )
    assert what_is_named(case) == []
    drop_guards_here()
    assert any("retraction" in one for one in after(case, "UPDATE cases_retraction SET explanation = 'Another'"))


def test_a_letter_from_before_its_hash_was_told_fits_as_far_as_its_event_says(world, case_at, monkeypatch):
    def as_it_told(case_id, kind, *, details, **said):
        return record_event(case_id, kind, details={k: v for k, v in details.items() if k != "digest"}, **said)

    monkeypatch.setattr("cases.jobs.lettering.record_event", as_it_told)
    case = case_at(Status.SIGNED)
    lettering.print_letter(actor=world.of("rita"), case=case, at=clock.now())
    work(lettering.PRINT)
    assert what_is_named(case) == []
    drop_guards_here()
    assert any("letter to" in one for one in after(case, "UPDATE cases_letter SET language = 'es'"))
