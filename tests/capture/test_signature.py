"""The hygienist signs by submitting; questions come back and are answered; a case is taken back with a reason."""

import pytest
from django.urls import reverse

from cases.actions import reviewing
from cases.actions.submitting import STATEMENT_TEXT
from cases.models import InfoItem
from cases.states import Status
from tests import cast
from tests.capture.conftest import page_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(world):
    case = cast.case_at(world)
    cast.fill(world, case, cast.AT)
    return case


def submit(client, case, **said):
    return client.post(reverse("capture-submit", args=[case.public_id]), said)


def test_what_is_signed_stands_on_one_page_with_the_sentence(ready, hana):
    page = words(hana.get(reverse("capture-submit", args=[ready.public_id])))
    assert STATEMENT_TEXT.split(";")[0] in page
    assert "Hana Okafor, licence OR RDH-1888" in page
    assert "Tuesday 17 November 2026" in page
    assert "L: Decay, occlusal" in page


def test_submitting_needs_the_day_and_place_confirmed(ready, hana):
    answer = submit(hana, ready)
    assert answer.status_code == 422
    assert "Confirm the day and the place first" in words(answer)
    submit(hana, ready, day_and_place="on")
    ready.refresh_from_db()
    assert ready.status == Status.SUBMITTED
    assert "Version 1" in words(hana.get(page_of(ready)))


def test_an_incomplete_case_names_everything_that_is_missing_and_where_to_mend_it(world, hana):
    case = cast.case_at(world)
    page = hana.get(reverse("capture-submit", args=[case.public_id]))
    assert "What was gathered: No picture yet." in words(page)
    assert f"{page_of(case)}#pictures" in page.content.decode()
    answer = submit(hana, case, day_and_place="on")
    assert answer.status_code == 422
    assert "everything you entered is kept" in words(answer)


def test_without_consent_for_what_was_taken_the_bar_says_so(world, hana):
    patient = cast.make_patient(world)
    cast.consent_to(world, patient, "screening", "teledentistry")
    case = cast.case_at(world, patient=patient)
    cast.fill(world, case, cast.AT)
    page = hana.get(page_of(case))
    assert "No consent in force for: photographs" in words(page)
    assert reverse("capture-consent", args=[patient.public_id]) in page.content.decode()


def test_a_hygienist_without_a_licence_there_cannot_sign(ready, world, hana):
    world.people["hana"].credential.licences.update(ends_on="2026-11-01")
    answer = submit(hana, ready, day_and_place="on")
    assert answer.status_code == 422
    assert "no active licence in OR" in words(answer)


def test_a_submitted_case_shows_its_times_and_no_field(world, hana):
    case = cast.case_at(world, Status.SUBMITTED)
    page = hana.get(page_of(case))
    assert "Times of the files" in words(page)
    assert "data-autosave" not in page.content.decode()


def test_a_question_is_answered_and_the_next_submit_makes_a_new_version(world, hana):
    case = cast.case_at(world, Status.NEEDS_INFO)
    assert "Upper view once more, it is blurred" in words(hana.get(page_of(case)))
    item = InfoItem.objects.get()
    address = reverse("capture-answer", args=[case.public_id, item.pk])
    assert hana.post(address, {"answer": "", "cannot_supply": ""}).status_code == 422
    hana.post(address, {"answer": "", "cannot_supply": "The child has left for the day"})
    submit(hana, case, day_and_place="on")
    assert [version.version for version in case.submissions.all()] == [1, 2]


def test_answers_stand_in_the_version_that_is_signed_with_them_and_on_the_page_before(world, hana):
    case = cast.case_at(world, Status.NEEDS_INFO)
    item = InfoItem.objects.get()
    hana.post(reverse("capture-answer", args=[case.public_id, item.pk]), {"answer": "It hurts since Sunday night"})
    assert "It hurts since Sunday night" in words(hana.get(reverse("capture-submit", args=[case.public_id])))
    submit(hana, case, day_and_place="on")
    first, second = case.submissions.all()
    assert first.content["exchange"] == []
    (said,) = second.content["exchange"]
    assert (said["ask"], said["view"], said["asked_by"]) == (item.ask, "upper", "Dr. Dev Halloran")
    assert (said["answer"], said["answered_by"]) == ("It hurts since Sunday night", "Hana Okafor")


def test_an_answer_that_was_submitted_is_not_rewritten_in_a_later_round(world, hana):
    case = cast.case_at(world, Status.NEEDS_INFO)
    item = InfoItem.objects.get()
    address = reverse("capture-answer", args=[case.public_id, item.pk])
    hana.post(address, {"answer": "It hurt"})
    hana.post(address, {"answer": "It hurts since Sunday night"})  # before the submit it may be put right
    submit(hana, case, day_and_place="on")
    review = cast.start(world, case, cast.AT)
    asks = [reviewing.Ask("On which side?")]
    reviewing.request_info(actor=world.of("dev"), review=review, asks=asks, at=cast.AT)
    assert hana.post(address, {"answer": "It never hurt"}).status_code == 422
    item.refresh_from_db()
    assert item.answer == "It hurts since Sunday night"


def test_a_view_that_is_asked_for_is_taken_into_a_mirror_where_it_usually_is(world, hana):
    case = cast.case_at(world, Status.NEEDS_INFO)
    asked = 'data-view="upper" data-view-label="Upper" data-mirrored>'
    assert asked in hana.get(page_of(case)).content.decode().partition('id="questions"')[2]
    InfoItem.objects.update(view="", asset=case.assets.get(view="frontal"))
    again = 'data-view="frontal" data-view-label="Frontal">'
    assert again in hana.get(page_of(case)).content.decode().partition('id="questions"')[2]


def test_an_unanswered_question_keeps_the_case_from_being_submitted(world, hana):
    case = cast.case_at(world, Status.NEEDS_INFO)
    assert submit(hana, case, day_and_place="on").status_code == 422
    assert case.submissions.count() == 1


def test_a_case_is_withdrawn_with_a_reason_only(ready, hana):
    address = reverse("capture-withdraw", args=[ready.public_id])
    assert hana.post(address, {"reason": "-"}).status_code == 422
    hana.post(address, {"reason": "Opened for the wrong child"})
    ready.refresh_from_db()
    assert ready.status == Status.WITHDRAWN
