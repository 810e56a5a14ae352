"""What another office asks, from its link to the answer that it collects."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from cases.actions import asking_us, consenting, consultations, files, signing, submitting
from cases.actions.consenting import withdraw_consent
from cases.actions.correcting import open_corrected
from cases.actions.reporting import PRINT
from cases.consent_policies import consent_stands, scopes_needed
from cases.holding import hold_of
from cases.models import Asset, AssetState, Case, Consultation, Origin, Patient, Scope
from cases.policies import Step, blocking, checklist
from cases.recipients import recipients_of
from cases.record import read_record
from cases.reporting import report_of
from cases.verifying import misfits
from cases.wording import gathered_in_words
from teledent.jobs import queue
from teledent.jobs.performing import perform
from teledent.kit import clock
from teledent.kit.decisions import Conflict, Refused
from tests import cast
from tests.cast import AT
from tests.consulting.cast import BROWSER, SAID, a_link, asked_by, finished, put_film, signed, submitted, taken_up

LATER = AT + timedelta(hours=1)


def print_answer():
    while job := queue.claim(owner="test", kinds=[PRINT], at=clock.now()):
        perform(job)


def released(world, asked, *, at=LATER):
    consultations.release_answer(actor=world.of("rita"), asked=asked, at=at)
    print_answer()
    return Consultation.objects.select_related("case", "report__file", "practice").get(pk=asked.pk)


def test_a_question_becomes_a_case_of_the_patient_whom_a_person_chose(world, patient):
    asked = asked_by(world)
    assert not Case.objects.exists()
    case = taken_up(world, asked, patient)
    assert (case.patient, case.kind, case.origin, case.opened_by) == (
        patient,
        "second_opinion",
        Origin.OFFICE,
        world.people["hana"],
    )
    assert (case.patient_place, case.patient_state, case.urgency) == ("elsewhere", "OR", "early")
    assert case.answers["question"] == SAID["question"]
    assert case.answers["requester"] == "Dr. Ada Moss, Moss Family Dental, 541-555-0142"
    assert set(case.assets.values_list("view", flat=True)) == {"panoramic", "plan"}
    moved = case.events.filter(kind="file_moved_here").values_list("details__from", flat=True)
    assert set(moved) == {"the question of Dr. Ada Moss (Moss Family Dental), by a link"}


def test_taking_it_up_twice_is_taking_it_up_once(world, patient):
    asked = asked_by(world)
    assert taken_up(world, asked, patient) == taken_up(world, asked, patient)
    assert Case.objects.count() == 1


def test_somebody_new_is_entered_as_the_office_typed_her_with_her_guardian(world):
    asked = asked_by(world)
    case = taken_up(world, asked)
    assert (case.patient.name, case.patient.birth_date) == ("Mateo Villanueva-Reyes", date(2018, 3, 14))
    assert case.patient.guardians.get().phone == "541-555-0110"
    assert Patient.objects.count() == 1


def test_a_patient_of_another_birth_date_is_chosen_only_by_who_says_how_she_knows(world):
    other = cast.make_patient(world, born=date(2018, 3, 15))
    asked = asked_by(world)
    with pytest.raises(Refused, match="another birth date"):
        taken_up(world, asked, other)
    assert not Case.objects.exists()
    case = taken_up(world, asked, other, known_by="The mother confirmed the 15th by telephone")
    assert case.events.get(kind="opened").details["known_by"] == "The mother confirmed the 15th by telephone"


def test_a_film_that_names_somebody_else_waits_for_a_decision(world, patient):
    names = {"identity": {"given_name": "Noor", "family_name": "Haddad", "birth_date": "2017-05-05"}}
    case = taken_up(world, asked_by(world, examination=names), patient)
    film = case.assets.get(view="panoramic")
    assert film.hold_code
    assert not case.assets.get(view="plan").hold_code


def test_an_older_film_is_no_mismatch_of_its_day(world, patient):
    taken = {"captured_at": {"local": "2026-10-02T09:00:00"}}
    case = taken_up(world, asked_by(world, examination=taken), patient)
    assert not case.assets.exclude(hold_code="").exists()


def test_a_film_says_who_ordered_it_and_when_as_its_office_says(world, patient):
    film = taken_up(world, asked_by(world), patient).assets.get(view="panoramic")
    assert (film.ordered_by, film.ordered_on, film.order_reason, film.operator_name) == (
        "Dr. Ada Moss", date(2026, 11, 9), "Pain on biting", "Kim Sorel, RDA",
    )  # fmt: skip
    assert (film.captured_at.date(), film.captured_source, film.device) == (
        date(2026, 11, 10),
        "person",
        "Orthophos S",
    )


def test_the_hygienist_signs_that_another_office_sent_it_and_asks_the_family(world, patient):
    case = taken_up(world, asked_by(world), patient)
    record = read_record(case)
    assert set(scopes_needed(record)) == {Scope.TELEDENTISTRY, Scope.RADIOGRAPHS}
    assert blocking(checklist(record), Step.SUBMIT)  # history and why are asked here
    with pytest.raises(Refused):
        submitting.submit_case(actor=world.of("hana"), case=case, at=AT)
    Case.objects.all().update(urgency="early")
    assert submitting.statement_of(case) == (submitting.OF_OFFICE, submitting.OF_OFFICE_TEXT)


def test_the_record_says_who_sent_it_and_that_nobody_was_there(world, patient):
    case = submitted(world, asked_by(world), patient)
    version = case.submissions.get()
    assert version.statement == submitting.OF_OFFICE
    said = {one.label: one.text for one in gathered_in_words(version.content).facts}
    assert (
        said["Sent by"]
        == "Dr. Ada Moss, Moss Family Dental, asks for an opinion, by a link; nobody of the practice was there"
    )
    assert said["Urgency, hygienist"] == "Early"
    assert [one for one in misfits(case) if "missing from the storage" not in one] == []


def test_no_report_says_that_the_hygienist_took_the_pictures(world, patient):
    case = signed(world, asked_by(world), patient)
    told = {
        audience: str(report_of(case, audience=audience, language="en").as_json())
        for audience in ("family", "colleague")
    }
    assert "Dr. Ada Moss of Moss Family Dental sent us 1 X-ray of Mateo" in told["family"]
    assert "Hana Okafor took" not in told["family"]
    assert "Collected by" not in told["colleague"]
    paper = report_of(case, audience="colleague", language="en").as_json()
    parts = {part["heading"]: str(part) for part in paper["sections"]}
    assert SAID["question"] in parts["Asked by the other office"]
    assert SAID["plan"] not in parts["Reported by the patient or family"]
    spanish = str(report_of(case, audience="family", language="es").as_json())
    assert "Dr. Ada Moss, de Moss Family Dental, nos envió" in spanish


def test_the_answer_is_collected_once_let_out_and_both_stand_on_the_timeline(world, patient):
    asked = asked_by(world)
    case = signed(world, asked, patient)
    assert asking_us.answer_of(Consultation.objects.get(pk=asked.pk)) == ""
    asked = released(world, asked)
    assert asking_us.answer_of(asked) == "ready"
    pdf = b"".join(asking_us.collect(asked=asked, at=LATER).blocks)
    assert pdf.startswith(b"%PDF")
    asking_us.collect(asked=asked, at=LATER)
    kinds = list(case.events.values_list("kind", flat=True))
    assert (kinds.count("answer_released"), kinds.count("answer_collected")) == (1, 1)
    who = [(one.who, one.how) for one in recipients_of(case)]
    sender = "Dr. Ada Moss (Moss Family Dental), by a link"
    assert (sender, "answer to the question of another office, collected at a link") in who


def test_a_retraction_reaches_who_collected_it(world, patient):
    asked = asked_by(world)
    case = signed(world, asked, patient)
    asked = released(world, asked)
    cast.retract(world, case, LATER)
    asked = Consultation.objects.select_related("case", "report__file").get(pk=asked.pk)
    assert asking_us.answer_of(asked) == "withdrawn"
    with pytest.raises(asking_us.Shut):
        asking_us.collect(asked=asked, at=LATER)


def test_after_an_addendum_the_new_words_lie_ready_when_they_are_let_out(world, patient):
    asked = asked_by(world)
    case = signed(world, asked, patient)
    asked = released(world, asked)
    first = asked.report
    signing.add_addendum(
        actor=world.of("dev"), case=case, text="The second molar as well.", password=cast.PASSWORD, at=LATER
    )
    assert released(world, asked).report != first
    assert Consultation.objects.get().collected_at is None


def test_consent_taken_back_stops_the_answer(world, patient):
    asked = asked_by(world)
    signed(world, asked, patient)
    asked = released(world, asked)
    withdraw_consent(
        actor=world.of("hana"), patient=patient, scope=Scope.TELEDENTISTRY, reason="The mother called", at=LATER
    )
    assert asking_us.answer_of(asked) == "withdrawn"


def test_before_the_signature_nothing_is_let_out(world, patient):
    asked = asked_by(world)
    submitted(world, asked, patient)
    with pytest.raises(Refused):
        consultations.release_answer(actor=world.of("rita"), asked=asked, at=LATER)


def test_what_was_asked_stands_still_once_it_is_sent(world):
    asked = asked_by(world)
    for act in (
        lambda: asking_us.keep_question(asked=asked, typed_in=BROWSER, said={**SAID, "question": "Another?"}, at=AT),
        lambda: put_film(asked),
        lambda: asking_us.take_away(asked=asked, typed_in=BROWSER, public_id=asked.assets.all()[0].public_id, at=AT),
        lambda: asking_us.send_question(asked=asked, stamp=asked.stamp, at=AT),
    ):
        with pytest.raises(asking_us.Shut):
            act()
    with pytest.raises(IntegrityError), transaction.atomic():
        Consultation.objects.filter(pk=asked.pk).update(said={})


def test_a_question_needs_words_and_something_to_look_at(world):
    asked, _ = a_link(world)
    with pytest.raises(asking_us.Lacking, match="what you ask"):
        asking_us.send_question(asked=asked, stamp=asked.stamp, at=AT)
    asking_us.keep_question(asked=asked, typed_in=BROWSER, said=SAID, at=AT)
    late = put_film(asked, arrives=False)
    with pytest.raises(asking_us.Lacking, match="Add a film"):
        asking_us.send_question(asked=asked, stamp=asked.stamp, at=AT)
    late.refresh_from_db()
    assert late.state == AssetState.DECLARED  # nothing was struck by what was refused
    put_film(asked, view="plan")
    asking_us.send_question(asked=asked, stamp=asked.stamp, at=AT)
    late.refresh_from_db()
    assert (late.state, late.struck_reason) == (AssetState.STRUCK, asking_us.NEVER_ARRIVED)


def test_another_browser_begins_anew_and_no_file_of_before_goes_with_it(world):
    """Two of an office may ask by one link: the film of one child is not sent with the name of the other."""
    asked, _ = a_link(world)
    asking_us.keep_question(asked=asked, typed_in=BROWSER, said=SAID, at=AT)
    film, shown = put_film(asked), asked.stamp
    asking_us.keep_question(asked=asked, typed_in="another", said={**SAID, "given_name": "Noor"}, at=AT)
    film.refresh_from_db()
    assert (film.state, film.struck_reason) == (AssetState.STRUCK, asking_us.BEGUN_ANEW)
    with pytest.raises(asking_us.Shut):
        put_film(asked, stamp=shown)
    with pytest.raises(asking_us.Shut):
        asking_us.send_question(asked=asked, stamp=shown, at=AT)


def test_another_patient_typed_in_the_same_browser_takes_no_file_along_and_a_mended_slip_does(world):
    asked, _ = a_link(world)
    asking_us.keep_question(asked=asked, typed_in=BROWSER, said=SAID, at=AT)
    film = put_film(asked)
    for slip in ({"given_name": "Matteo"}, {"given_name": "Matteo", "birth_date": "2018-03-15"}):
        asking_us.keep_question(asked=asked, typed_in=BROWSER, said={**SAID, **slip}, at=AT)
        film.refresh_from_db()
        assert film.state == AssetState.EXAMINED
    asking_us.keep_question(
        asked=asked, typed_in=BROWSER, said={**SAID, "given_name": "Noor", "birth_date": "2017-05-05"}, at=AT
    )
    film.refresh_from_db()
    assert film.state == AssetState.STRUCK


def test_what_came_with_a_question_lies_in_no_tray(world):
    asked_by(world)
    assert not Asset.objects.in_tray(world.of("hana")).exists()


def test_turned_down_for_a_reason_it_opens_no_more(world):
    asked = asked_by(world)
    with pytest.raises(Refused, match="Say why"):
        consultations.turn_down(actor=world.of("hana"), asked=asked, because=".", at=AT)
    consultations.turn_down(actor=world.of("hana"), asked=asked, because="Asked by mistake", at=AT)
    assert not Consultation.objects.usable(AT).exists()
    with pytest.raises(Refused, match="turned this question down"):
        taken_up(world, asked)


def test_two_who_mean_two_patients_are_told_of_each_other(world, patient):
    asked, other = asked_by(world), cast.make_patient(world, given="Noor")
    case = taken_up(world, asked, patient)
    for meant in (other, None):
        with pytest.raises(Conflict, match="Somebody said meanwhile that it is Mateo"):
            taken_up(world, asked, meant)
    assert (Case.objects.get(), taken_up(world, asked, patient)) == (case, case)


def test_taken_up_for_the_wrong_child_it_is_withdrawn_and_taken_up_again_with_every_file(world, patient):
    asked, other = asked_by(world), cast.make_patient(world, given="Noor")
    wrong = taken_up(world, asked, other)
    submitting.withdraw_case(actor=world.of("hana"), case=wrong, reason="The wrong child", at=LATER)
    assert asked in Consultation.objects.to_take_up()
    right = taken_up(world, asked, patient, at=LATER)
    assert (right.patient, right.origin, asked.case) == (patient, Origin.OFFICE, right)
    assert (wrong.assets.count(), right.assets.count()) == (0, 2)
    assert wrong.events.filter(kind="file_moved_away", details__to=right.label).count() == 2
    assert set(right.events.filter(kind="file_moved_here").values_list("details__from", flat=True)) == {wrong.label}


def test_a_case_that_corrects_a_retracted_one_is_of_the_same_office_and_answers_in_its_place(world, patient):
    asked, other = asked_by(world), cast.make_patient(world, given="Noor")
    wrong = signed(world, asked, other)
    released(world, asked)
    cast.retract(world, wrong, LATER)
    pictures = list(wrong.assets.values_list("public_id", flat=True))
    right = open_corrected(actor=world.of("hana"), case=wrong, patient=patient, pictures=pictures, at=LATER)
    assert (right.origin, right.consultation) == (Origin.OFFICE, asked)
    assert submitting.statement_of(right)[0] == submitting.OF_OFFICE
    assert read_record(right).sent.name == "Dr. Ada Moss"
    asked = Consultation.objects.select_related("case", "report").get(pk=asked.pk)
    assert (asked.case, asking_us.answer_of(asked)) == (right, "withdrawn")
    assert asked in Consultation.objects.under_way()
    cast.consent_to(world, patient)
    finished(world, right)
    released(world, asked)
    assert "Dr. Ada Moss (Moss Family Dental), by a link" in [one.who for one in recipients_of(wrong)]
    assert asking_us.answer_of(Consultation.objects.select_related("case", "report").get(pk=asked.pk)) == "ready"


def test_a_correction_that_was_withdrawn_is_begun_again_from_the_retracted_case(world, patient):
    asked, other = asked_by(world), cast.make_patient(world, given="Noor")
    wrong = signed(world, asked, other)
    cast.retract(world, wrong, LATER)
    hana = world.of("hana")
    first = open_corrected(actor=hana, case=wrong, patient=patient, pictures=[], at=LATER)
    submitting.withdraw_case(actor=hana, case=first, reason="Without its pictures", at=LATER)
    assert asked not in Consultation.objects.to_take_up()
    with pytest.raises(Refused, match="Correct that one again"):
        taken_up(world, asked, patient)
    again = open_corrected(actor=hana, case=wrong, patient=patient, pictures=[], at=LATER)
    asked.refresh_from_db()
    assert asked.case == again


def test_a_question_whose_case_was_withdrawn_can_be_turned_down(world, patient):
    asked = asked_by(world)
    case = taken_up(world, asked, patient)
    submitting.withdraw_case(actor=world.of("hana"), case=case, reason="The family did not agree", at=LATER)
    consultations.turn_down(actor=world.of("hana"), asked=asked, because="The family did not agree", at=LATER)
    assert not Consultation.objects.to_take_up().exists()


def test_what_the_hygienist_found_out_of_an_order_goes_along_when_it_is_taken_up_again(world, patient):
    asked = asked_by(world)
    wrong = taken_up(world, asked, cast.make_patient(world, given="Noor"))
    hana = world.of("hana")
    files.label_file(
        actor=hana, asset=wrong.assets.get(view="panoramic"), at=AT, ordered_by="Dr. Lee", order_reason="Caries"
    )
    submitting.withdraw_case(actor=hana, case=wrong, reason="The wrong child", at=LATER)
    film = taken_up(world, asked, patient).assets.get(view="panoramic")
    assert (film.ordered_by, film.order_reason) == ("Dr. Lee", "Caries")


def test_a_picture_of_another_day_that_the_site_adds_waits_for_a_decision(world, patient):
    case = taken_up(world, asked_by(world), patient)
    added = cast.put_file(case, world.of("hana"), view="frontal")
    examination = {"captured_at": {"local": "2026-11-10T10:00:00"}}
    assert hold_of(added, case, examination).code == "other-day"
    assert hold_of(case.assets.get(view="plan"), case, examination) is None


def test_retracted_before_it_was_let_out_there_is_no_answer(world, patient):
    asked = asked_by(world)
    cast.retract(world, signed(world, asked, patient), LATER)
    assert asking_us.answer_of(Consultation.objects.select_related("case").get(pk=asked.pk)) == "none"
    assert not Consultation.objects.to_answer().exists()


def test_an_answer_that_nobody_collected_in_time_is_let_out_again(world, patient):
    asked = asked_by(world)
    signed(world, asked, patient)
    released(world, asked)
    late = LATER + timedelta(days=31)
    assert not Consultation.objects.usable(late).exists()
    consultations.release_answer(actor=world.of("rita"), asked=asked, at=late)
    assert Consultation.objects.usable(late).exists()


def test_wrong_birth_dates_lock_the_link_and_never_hide_the_question_from_the_practice(world, patient):
    asked = asked_by(world)
    for _ in range(5):
        asking_us.is_born_on(asked=asked, said=date(2018, 3, 15), at=AT)
    assert not Consultation.objects.usable(AT).exists()
    assert asked in Consultation.objects.to_take_up()
    signed(world, asked, patient)
    with pytest.raises(Refused, match="locked"):
        consultations.release_answer(actor=world.of("rita"), asked=asked, at=LATER)


def test_consent_given_after_the_question_was_taken_up_counts_from_then_on(world, patient):
    asked = asked_by(world)
    case = taken_up(world, asked, patient)
    consenting.record_consent(
        actor=world.of("hana"), patient=patient, scopes=dict.fromkeys(Scope.values, True), signer_name="Lucia", signer_authority="Mother",
        evidence="paper", language="Spanish", valid_from=case.day_seen + timedelta(days=2),
        valid_until=case.day_seen + timedelta(days=10), at=AT + timedelta(days=2),
    )  # fmt: skip
    record = read_record(case)
    stands = [
        bool(consent_stands(record, today=case.day_seen + timedelta(days=days), zone="UTC")) for days in (1, 2, 3)
    ]
    assert stands == [False, True, True]


def test_a_withdrawn_case_answers_nothing_and_says_so(world, patient):
    asked = asked_by(world)
    case = taken_up(world, asked, patient)
    submitting.withdraw_case(actor=world.of("hana"), case=case, reason="The family did not agree", at=LATER)
    asked = Consultation.objects.select_related("case").get(pk=asked.pk)
    assert asking_us.answer_of(asked) == "none"
    assert not Consultation.objects.under_way().exists()


@pytest.mark.parametrize("key", ["rita", "dev", "olu", "bo"])
def test_only_a_hygienist_of_the_site_says_whose_patient_it_is(world, patient, key):
    asked = asked_by(world)
    with pytest.raises(Refused):
        consultations.take_up(actor=world.of(key), asked=asked, patient=patient.public_id, known_by="", at=AT)
    assert not Case.objects.exists()


def test_a_patient_of_another_practice_is_not_there(world):
    elsewhere = cast.build_world("Else")
    stranger = cast.make_patient(elsewhere)
    with pytest.raises(Refused, match="not on file"):
        taken_up(world, asked_by(world), stranger)


def test_an_unused_link_is_revoked_and_a_used_one_is_not(world):
    asked, _ = a_link(world)
    consultations.revoke_consultation(actor=world.of("rita"), asked=asked, at=AT)
    assert not Consultation.objects.usable(AT).exists()
    with pytest.raises(Refused, match="here already"):
        consultations.revoke_consultation(actor=world.of("rita"), asked=asked_by(world), at=AT)
