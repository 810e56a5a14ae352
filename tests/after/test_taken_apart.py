"""Papers that were made of two patients put together go out no more once they are taken apart, and none that lacks an addendum."""

import pytest

from cases.actions import lettering, merging, referring, schools
from cases.actions.following import record_follow_up
from cases.actions.signing import add_addendum
from cases.models import LetterRun, ReferralPlace
from cases.recipients import recipients_of
from cases.states import Status
from teledent.kit import clock
from teledent.kit.decisions import Refused
from tests import cast
from tests.after.working import work


@pytest.fixture
def together(world, case_at):
    """Two rows that were held for one child: the case came from the one that is gone."""
    case = case_at(Status.SIGNED, patient=cast.make_patient(world, given="Ada", family="Noor"))
    kept = cast.make_patient(world)
    said = {"actor": world.of("olu"), "reason": "The mother told us", "at": clock.now()}
    merge = merging.merge_patients(kept=kept, merged=case.patient, **said)
    case.refresh_from_db()
    return case, merge


def apart(world, merge):
    merging.unmerge_patients(actor=world.of("olu"), merge=merge, reason="The school has two children", at=clock.now())


def referral_of(world, case):
    place = ReferralPlace(
        practice=world.practice, name="Mill Street Dental", specialty="Children's dentist", phone="541-555-0160", street="9 Mill Street",
        city="Springfield", state="OR", zip_code="97477",
    )  # fmt: skip
    office = referring.save_place(actor=world.of("rita"), place=place, at=clock.now())
    said = {"urgency": "urgent", "reason": "Please see tooth L, pain on cold", "pictures": []}
    return referring.refer(actor=world.of("rita"), case=case, place=office, at=clock.now(), **said)


def test_a_letter_to_the_other_family_stays_here(world, together):
    case, merge = together
    lettering.print_letter(actor=world.of("rita"), case=case, at=clock.now())
    work(lettering.PRINT)
    run = LetterRun.objects.get()
    assert lettering.may_hand_out(run)
    apart(world, merge)
    assert "another family" in lettering.may_hand_out(run).reason
    with pytest.raises(Refused):
        lettering.hand_over(actor=world.of("rita"), run=run, how="Posted", at=clock.now())


def test_a_school_list_under_the_other_name_is_marked(world, together):
    case, merge = together
    made = schools.make_school_list(
        actor=world.of("rita"), site=case.site, first_day=case.day_seen, last_day=case.day_seen, made_for="Nurse Ortiz", at=clock.now()
    )  # fmt: skip
    assert [line.name for line in made.lines.all()] == ["Mateo Villanueva-Reyes"]  # but the pictures are Ada's
    assert schools.stopped_lines(made, day=case.day_seen) == {}
    apart(world, merge)
    assert "the name may be wrong" in schools.stopped_lines(made, day=case.day_seen)[1]


def test_a_referral_that_names_the_other_guardian_is_made_anew(world, together):
    case, merge = together
    referral = referral_of(world, case)
    assert referring.may_send(referral, at=clock.now())
    apart(world, merge)
    referral.refresh_from_db()
    assert "taken apart" in referring.may_send(referral, at=clock.now()).reason


def test_a_referral_whose_report_lacks_a_later_addendum_is_made_anew(world, case_at):
    case = case_at(Status.SIGNED)
    add_addendum(actor=world.of("dev"), case=case, text="It is K, not L.", password=cast.PASSWORD, at=clock.now())
    referral = referral_of(world, case)
    assert referring.may_send(referral, at=clock.now())
    add_addendum(actor=world.of("dev"), case=case, text="L too.", password=cast.PASSWORD, at=clock.now())
    assert "its report does not say so" in referring.may_send(referral, at=clock.now()).reason


def test_a_letter_that_somebody_recorded_by_hand_is_among_whom_a_retraction_reaches(world, case_at):
    case = case_at(Status.SIGNED)
    record_follow_up(
        actor=world.of("rita"), case=case, step="letter", told_to="Lucia Villanueva", how="Written by hand, posted",
        happened_at=clock.now(), at=clock.now(),
    )  # fmt: skip
    assert [(one.who, one.how) for one in recipients_of(case)] == [("Lucia Villanueva", "Written by hand, posted")]
