"""The exchange: asked per view and answer, answered by the site, read again as a newer version with nothing lost."""

from cases.actions import reviewing, submitting
from cases.models import Case, InfoItem, InfoRequest, Review
from cases.states import Status
from teledent.kit import clock
from tests import cast


def test_asking_sends_each_question_to_its_place(written):
    image = written.case.assets.get(view="lower")
    said = {
        "view:upper": "Take it, please",
        "answer:allergies": "Which penicillin?",
        f"picture:{image.public_id}": "Blurred",
    }
    answer = written.post("ask/", **said)
    assert answer.url == "/reading/"
    assert written.fresh().status == Status.NEEDS_INFO
    asked = {(item.view, item.field) for item in InfoItem.objects.all()}
    # without a derivative the picture is not offered, so it is not asked about either
    assert asked == {("upper", ""), ("", "allergies")}


def test_an_empty_question_is_refused_and_nothing_is_sent(desk):
    answer = desk.post("ask/", **{"view:upper": "   "})
    assert answer.status_code == 422
    assert "Write what you need" in answer.content.decode()
    assert not InfoRequest.objects.exists()
    assert desk.fresh().status == Status.IN_REVIEW


def test_an_answer_makes_a_newer_version_that_carries_the_whole_draft(world, written):
    written.post("ask/", **{"view:upper": "Take it, please"})
    hana, at = world.of("hana"), clock.now()
    reviewing.answer_request(actor=hana, item=InfoItem.objects.get(), at=at, cannot_supply="The child went home")
    submitting.submit_case(actor=hana, case=Case.objects.get(pk=written.case.pk), at=at)
    written.client.post(written.root + "start/")
    newer = Review.objects.get(case=written.case, submission__version=2)
    assert newer.conclusions == cast.REVIEW["conclusions"]
    assert newer.views.count() == 2
    assert newer.plan.get().diagnosis == newer.diagnoses.get()
    text = written.client.get(written.root).content.decode()
    assert "version 2" in text
    assert "The child went home" in text


def test_the_exchange_stands_on_the_record_for_the_site(written, client_of):
    written.post("ask/", **{"view:upper": "Take it once more: blurred"})
    text = client_of("hana").get(f"/cases/{written.case.public_id}/").content.decode()
    assert "Take it once more: blurred" in text
    assert "No answer yet" in text
