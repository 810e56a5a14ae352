"""What a family sends by a link, from the link to the dentist's signature."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from cases.actions import capturing, files, reviewing, sending, submitting
from cases.actions.consenting import withdraw_consent
from cases.consent_policies import scopes_needed
from cases.models import Case, Consent, Evidence, InfoItem, Kind, Notice, Origin, Scope, SendingLink
from cases.policies import Step, blocking, checklist
from cases.readers import gatherers_of, readers_of
from cases.record import read_record
from cases.states import Status
from cases.verifying import misfits
from teledent.files.models import StoredFile
from teledent.kit.decisions import Refused
from tests import cast
from tests.cast import AT
from tests.sending.cast import ANA, SAID, a_link, agreed_by, finish, put_picture, sent_by

LATER = AT + timedelta(minutes=5)


def record_misfits(case):
    """What does not fit, the bytes apart, which these tests do not store."""
    return [said for said in misfits(case) if "missing from the storage" not in said]


@pytest.mark.parametrize("kind", SAID)
def test_what_a_mother_sends_stands_in_the_queue_under_her_own_name(world, patient, kind):
    case = sent_by(world, patient, kind=kind)
    submission = case.submissions.get()
    assert (case.status, case.origin, case.kind, case.opened_by) == (Status.SUBMITTED, Origin.LINK, kind, None)
    assert (submission.person, submission.licence, submission.statement) == (None, "", sending.STATEMENT)
    assert submission.content["sent"] == {"name": "Ana Reyes", "authority": "mother", "language": "en"}
    assert {event.person_name for event in case.events.all()} == {"Ana Reyes (mother), by a link"}
    assert record_misfits(case) == []


def test_nobody_gathered_it_so_that_every_licensed_dentist_may_read_it(world, patient):
    case = sent_by(world, patient)
    assert gatherers_of(case) == set()
    assert readers_of(case, at=LATER) == [world.people["dev"]]
    assert list(Case.objects.readable_by(world.people["dev"], "OR", LATER)) == [case]


def test_the_site_hears_of_it(world, patient):
    sent_by(world, patient)
    assert set(Notice.objects.filter(about="sent").values_list("person__name", flat=True)) == {"Hana Okafor"}


def test_an_emergency_goes_to_the_dentists_at_once(world, patient):
    case = sent_by(world, patient, kind=Kind.EMERGENCY, flags=("fever",))
    assert (case.urgency, case.due_at - case.submitted_at) == ("emergency", timedelta(hours=2))
    assert Notice.objects.filter(about="urgent", person=world.people["dev"]).exists()
    assert case.answers["reached"] == "The sender says: spoke with someone"


def test_her_consent_is_kept_with_the_words_that_she_read_and_by_nobody_of_the_practice(world, patient):
    link = a_link(world, patient, language="es").link
    agreed_by(link, who=sending.Agreed(ANA, "OR", "home", billing=False))
    consent = Consent.objects.get(patient=patient)
    assert (consent.evidence, consent.recorded_by, consent.language) == (Evidence.LINK, None, "Español")
    assert len(consent.text_sha256) == 64
    scopes = dict(consent.scopes.values_list("scope", "given"))
    assert scopes == {Scope.PHOTOGRAPHS: True, Scope.TELEDENTISTRY: True, Scope.BILLING: False}


def test_nobody_screens_where_a_family_sends(world, patient):
    needed = scopes_needed(read_record(sent_by(world, patient)))
    assert set(needed) == {Scope.TELEDENTISTRY, Scope.PHOTOGRAPHS}


def test_a_second_agreement_is_refused_and_only_its_red_flags_are_kept(world, patient):
    link = a_link(world, patient).link
    case = agreed_by(link, flags=("fever",))
    with pytest.raises(sending.AgreedBefore):
        agreed_by(
            link, flags=("airway",), who=sending.Agreed(sending.Who("Luis", "father"), "OR", "home", billing=False)
        )
    assert Case.objects.count() == Consent.objects.filter(patient=patient).count() == 1
    assert Consent.objects.get().scopes.get(scope=Scope.BILLING).given
    case.refresh_from_db()
    assert (case.answers["red_flags"], case.urgency) == (["fever", "airway"], "emergency")


def test_who_sends_may_be_another_than_who_agreed(world, patient):
    link = a_link(world, patient).link
    case = agreed_by(link)
    finish(link, at=LATER, sender=sending.Who("Luis Reyes", "father"))
    submission = case.submissions.get()
    assert submission.content["sent"] == {"name": "Luis Reyes", "authority": "father", "language": "en"}
    assert case.events.get(kind="submit").person_name == submission.person_name == "Luis Reyes (father), by a link"
    with pytest.raises(IntegrityError), transaction.atomic():
        SendingLink.objects.update(sender_name="Ana Reyes")


def test_what_the_site_decided_of_urgency_and_day_stays(world, patient):
    cast.consent_to(world, patient)  # for the day before as well
    link, hana = a_link(world, patient).link, world.of("hana")
    case = agreed_by(link)
    before = case.day_seen - timedelta(days=1)
    capturing.save_answers(
        actor=hana, case=case, answers={}, revision=case.revision, at=AT, urgency="emergency", day_seen=before
    )
    finish(link, at=LATER)
    case.refresh_from_db()
    assert (case.urgency, case.day_seen) == ("emergency", before)


def test_the_urgency_falls_again_where_the_sender_mends_her_own_slip(world, patient):
    link = a_link(world, patient).link
    case = agreed_by(link, flags=("airway",))
    sending.keep_flags(link=link, flags=(), shown=("airway",), at=LATER)
    sending.keep_answers(link=link, answers=SAID[link.kind], at=LATER)
    case.refresh_from_db()
    assert case.urgency == "early"


def test_the_day_seen_is_that_of_sending(world, patient):
    link = a_link(world, patient).link
    case = agreed_by(link)
    opened_on = case.day_seen
    finish(link, at=AT + timedelta(days=1))
    case.refresh_from_db()
    assert case.day_seen == opened_on + timedelta(days=1)


def test_the_site_does_not_submit_what_the_family_has_not_sent(world, patient):
    link, hana = a_link(world, patient).link, world.of("hana")
    case = agreed_by(link)
    sending.keep_answers(link=link, answers=SAID[Kind.POST_TREATMENT], at=AT)
    put_picture(link)
    with pytest.raises(Refused, match="has not sent this yet"):
        submitting.submit_case(actor=hana, case=case, at=LATER)
    submitting.withdraw_case(actor=hana, case=case, reason="The link ran out", at=LATER)


def test_pictures_of_the_site_are_not_the_senders(world, patient):
    link, hana = a_link(world, patient).link, world.of("hana")
    case = agreed_by(link)
    put_picture(link)
    theirs = cast.put_file(case, hana, view="frontal")
    sending.take_away(link=link, public_id=theirs.public_id, at=LATER)
    theirs.refresh_from_db()
    assert theirs.state == "examined"
    assert sending.pictures_of(case).count() == 1


def test_a_picture_that_was_moved_while_its_last_part_came_is_taken_in_there(world, patient):
    link, there = a_link(world, patient).link, cast.case_at(world, Status.DRAFT)
    agreed_by(link)
    content = b"a picture of another child"
    asset = put_picture(link, content=content, arrives=False)
    files.move_file(actor=world.of("hana"), asset=asset, to=there, reason="It shows the brother", at=LATER)
    stored = StoredFile.objects.create(
        key="tests/moved", sha256=asset.declared_sha256, size=len(content), created_at=AT
    )
    files.file_received(asset, stored, sent_at=AT, at=LATER)
    assert there.events.filter(kind="file_received").count() == 1


def test_where_no_dentist_is_licensed_she_hears_it_before_she_takes_a_picture(world, patient):
    link = a_link(world, patient).link
    with pytest.raises(sending.Lacking, match="no_dentist"):
        agreed_by(link, who=sending.Agreed(ANA, "NV", "home", billing=True))
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("missing", "key"),
    [("pictures", "pictures"), ("answers", "questions"), ("arrival", "arriving"), ("reading", "unusable")],
)
def test_what_is_not_whole_is_not_sent_and_says_what_is_lacking(world, patient, missing, key):
    link = a_link(world, patient).link
    case = agreed_by(link)
    if missing != "answers":
        sending.keep_answers(link=link, answers=SAID[Kind.POST_TREATMENT], at=AT)
    if missing != "pictures":
        asset = put_picture(link, arrives=missing != "arrival")
        if missing == "reading":
            case.assets.filter(pk=asset.pk).update(state="refused", refusal_code="x", refusal_sentence="No picture")
    with pytest.raises(sending.Lacking) as refusal:
        sending.send_case(link=link, sender=None, reached="", at=LATER)
    assert refusal.value.key == key
    case.refresh_from_db()
    assert (case.status, case.submissions.count()) == (Status.DRAFT, 0)


def test_a_picture_that_she_takes_away_stays_struck_off_and_is_not_needed(world, patient):
    link = a_link(world, patient).link
    case = agreed_by(link)
    sending.keep_answers(link=link, answers=SAID[Kind.POST_TREATMENT], at=AT)
    put_picture(link)
    sending.take_away(link=link, public_id=put_picture(link, arrives=False).public_id, at=AT)
    sending.send_case(link=link, sender=None, reached="", at=LATER)
    assert sorted(case.assets.values_list("state", flat=True)) == ["examined", "struck"]


def test_a_held_picture_waits_for_the_site_and_not_for_the_mother(world, patient):
    link = a_link(world, patient).link
    case = agreed_by(link)
    sending.keep_answers(link=link, answers=SAID[Kind.POST_TREATMENT], at=AT)
    case.assets.filter(pk=put_picture(link).pk).update(hold_code="other-day", hold_reason="Taken on another day.")
    sending.send_case(link=link, sender=None, reached="", at=LATER)
    case.refresh_from_db()
    assert case.status == Status.SUBMITTED
    assert [line.key for line in blocking(checklist(read_record(case)), Step.SIGN)][:1] == ["gathered"]


def test_it_is_read_and_signed_as_any_case(world, patient):
    case = sent_by(world, patient)
    review = reviewing.start_review(actor=world.of("dev"), case=case, at=LATER)
    assert review.submission.person is None
    signature = cast.sign(world, case, LATER)
    case.refresh_from_db()
    assert (case.status, signature.encounter_code) == (Status.SIGNED, "D9996")
    assert record_misfits(case) == []


def test_the_site_answers_for_it_and_submits_under_a_statement_that_says_so(world, patient):
    case, hana = sent_by(world, patient), world.of("hana")
    cast.start(world, case, LATER)
    cast.ask(world, case, LATER)
    item = InfoItem.objects.get(request__case=case)
    reviewing.answer_request(actor=hana, item=item, cannot_supply="The family sent no other picture", at=LATER)
    case.refresh_from_db()
    submitting.submit_case(actor=hana, case=case, at=LATER)
    newest = case.submissions.order_by("-version")[0]
    assert (newest.person, newest.statement) == (hana.person, submitting.COMPLETED)
    assert newest.content["sent"]["name"] == "Ana Reyes"


def test_withdrawn_consent_shuts_the_link_with_its_case(world, patient):
    link = a_link(world, patient).link
    case = agreed_by(link)
    withdraw_consent(
        actor=world.of("hana"), patient=patient, scope=Scope.TELEDENTISTRY, reason="The mother called", at=LATER
    )
    case.refresh_from_db()
    assert case.status == Status.STOPPED
    assert not SendingLink.objects.usable(LATER).exists()
    with pytest.raises(sending.Shut):
        put_picture(link)


def test_a_hygienist_who_has_the_case_open_is_told_that_it_changed(world, patient):
    link = a_link(world, patient).link
    case = agreed_by(link)
    sending.keep_answers(link=link, answers=SAID[Kind.POST_TREATMENT], at=AT)
    with pytest.raises(Refused, match="changed on another page"):
        capturing.save_answers(actor=world.of("hana"), case=case, answers={}, revision=case.revision, at=LATER)


def test_the_database_keeps_who_did_what_apart(world, patient):
    case = sent_by(world, patient)
    for change in ({"opened_by": world.people["hana"]}, {"origin": "site"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(**change)
