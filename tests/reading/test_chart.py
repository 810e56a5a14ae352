"""The chart of the reading page through its forms: both layers, one tooth open, agreeing, presence, numbering."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html  # type: ignore[import-untyped]

from cases.models import Case, Finding, InfoItem, Phrase, ReadingPreference
from cases.models.finding import PRESENCE
from teledent.kit import clock
from tests import cast

MOST = 30  # queries of the reading page


def own(desk):
    marks = Finding.objects.filter(review=desk.review)
    return sorted((one.tooth, one.condition, one.surfaces, one.icdas) for one in marks)


def cell(answer, key):
    (found,) = html.fromstring(answer.content.decode()).xpath(f'//*[@id="tooth-{key}"]')
    return found.get("aria-label")


def test_a_tooth_is_a_control_that_says_its_number_name_state_and_marks(desk):
    said = cell(desk.get(), "LLD")
    assert said == "L, lower left primary first molar, present. Hygienist: decay, occlusal."


def test_a_tooth_opens_by_its_link_alone_and_starts_from_what_was_seen(desk):
    page = html.fromstring(desk.get("?tooth=LLD").content.decode())
    checked = page.xpath('//form[@id="tooth-form"]//input[@name="surfaces"][@checked]/@value')
    assert checked == ["O"]
    assert page.xpath('//form[@id="tooth-form"]//button[@name="condition"]/@value')


def test_surfaces_and_a_score_are_tapped_with_the_mark_and_the_tooth_stays_open(desk):
    answer = desk.post("findings/", tooth="LLD", chosen="LLD", condition="decay", surfaces=["O", "D"], icdas="4")
    assert own(desk) == [("LLD", "decay", "OD", "4")]
    assert answer["Location"].endswith("?tooth=LLD#findings")
    assert "Differs." in cell(desk.get(), "LLD")


def test_the_partial_with_an_open_tooth_is_what_its_link_shows(desk):
    part = desk.post(
        "findings/", htmx=True, tooth="LLD", chosen="LLD", condition="decay", surfaces="OD"
    ).content.decode()
    fresh = desk.get("chart/?tooth=LLD").content.decode()
    labels = [html.fromstring(text).xpath("//*[@data-tooth]/@aria-label") for text in (part, fresh)]
    assert labels[0] == labels[1]
    assert 'id="tooth-form"' in part


def test_a_condition_takes_of_surfaces_and_score_only_what_it_can_have(desk):
    desk.post("findings/", tooth="LLD", condition="sealant", surfaces="O", icdas="4")
    desk.post("findings/", tooth="LLD", condition="exfoliated", surfaces="O")
    assert own(desk) == [("LLD", "exfoliated", "", ""), ("LLD", "sealant", "O", "")]


def test_a_tooth_is_there_or_it_is_not(desk):
    for presence in PRESENCE:
        desk.post("findings/", tooth="UR6", condition=presence)
    assert own(desk) == [("UR6", "missing", "", "")]


def test_one_tap_agrees_with_all_that_the_hygienist_marked(desk, world):
    Finding.objects.create(case=desk.case, tooth="UR6", condition="watch", surfaces="O", icdas="2", note="Stain")
    answer = desk.post("findings/agree/", htmx=True)
    assert own(desk) == [("LLD", "decay", "O", ""), ("UR6", "watch", "O", "2")]
    assert 'id="agree-all"' not in answer.content.decode()
    again = desk.post("findings/agree/", htmx=True)
    assert again.status_code == 422
    assert "no mark of the hygienist left" in again.content.decode()


def test_a_refusal_does_not_make_the_page_stale(desk):
    desk.post("findings/agree/", htmx=True)
    refused = desk.post("findings/agree/", htmx=True)
    told = json.loads(refused["HX-Trigger"])["draft-version"]["version"]
    assert desk.post("findings/", htmx=True, version=told, tooth="3", condition="watch").status_code == 200


def test_agreeing_never_overwrites_what_the_dentist_said(desk):
    Finding.objects.create(case=desk.case, tooth="LLD", condition="erupting")
    desk.post("findings/", tooth="LLD", condition="decay", surfaces="D")
    desk.post("findings/", tooth="LLD", condition="present")
    Finding.objects.create(case=desk.case, tooth="LLD", condition="plaque")
    desk.post("findings/agree/", tooth="LLD")
    assert own(desk) == [("LLD", "decay", "D", ""), ("LLD", "plaque", "", ""), ("LLD", "present", "", "")]


def test_what_she_said_of_a_tooth_is_taken_back_at_once(desk):
    desk.post("findings/", tooth="LLD", condition="decay")
    desk.post("findings/", tooth="LLD", condition="plaque")
    desk.post("findings/clear/", tooth="LLD")
    assert own(desk) == []


def test_a_numbering_is_kept_for_the_person_and_read_everywhere_on_her_page(desk):
    answer = desk.client.post("/reading/numbering/", {"numbering": "fdi", "next": desk.root})
    assert answer["Location"] == desk.root
    assert cell(desk.get(), "LLD").startswith("74, lower left primary first molar")
    desk.post("findings/", tooth="51", condition="watch")
    assert own(desk) == [("URA", "watch", "", "")]
    assert desk.post("findings/", htmx=True, tooth="3", condition="watch").status_code == 422


def test_the_same_number_is_another_tooth_for_whoever_reads_universal(desk):
    desk.post("findings/", tooth="51", condition="watch")
    assert own(desk) == [("UR8S", "watch", "", "")]
    assert "supernumerary beside upper right third molar" in cell(desk.get(), "UR8S")


def test_a_numbering_leads_nowhere_else_and_has_to_be_one(desk):
    assert desk.client.post("/reading/numbering/", {"numbering": "palmer", "next": "//elsewhere.example"}).url == "/"
    assert desk.client.post("/reading/numbering/", {"numbering": "roman"}).status_code == 422
    assert ReadingPreference.objects.get().numbering == "palmer"


def test_findings_suggest_a_diagnosis_and_one_tap_takes_it(desk):
    desk.post("findings/", tooth="LLD", condition="decay", surfaces="O")
    page = html.fromstring(desk.get().content.decode())
    (form,) = page.xpath('//*[@class="suggested"]//form')
    said = {name: form.xpath(f'.//input[@name="{name}"]/@value')[0] for name in ("code", "tooth", "version")}
    answer = desk.post("diagnoses/", htmx=True, **said)
    assert desk.review.diagnoses.get().code == "K02.52"
    assert 'class="suggested"' not in answer.content.decode()


@pytest.mark.parametrize(
    "said", ["k02.52", "K02.52 Caries of pits and fissures, into dentine", "pits and fissures, into dentine"]
)
def test_a_diagnosis_is_found_by_its_number_or_its_words(desk, said):
    desk.post("diagnoses/", code=said, tooth="LLD")
    assert desk.review.diagnoses.get().code == "K02.52"


def test_a_contradiction_is_shown_beside_the_diagnosis_and_stops_signing(written):
    written.post("diagnoses/", code="Z01.20")
    answer = written.get().content.decode()
    assert "Stops signing" in answer
    assert "Z01.20 says that nothing abnormal was found, K02.52 says decay" in answer
    sign = written.get("sign/").content.decode()
    assert "Z01.20 says that nothing abnormal was found" in sign


def test_a_page_with_every_mark_takes_no_more_queries_than_one_without(desk):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert desk.get().status_code == 200
        return len(asked)

    queries()  # the first page of a session writes a sign of life
    with_one = queries()
    for key in ("UR6", "UL6", "LL6", "LR6", "URE", "ULE"):
        Finding.objects.create(case=desk.case, tooth=key, condition="watch", surfaces="O")
        Finding.objects.create(case=desk.case, review=desk.review, tooth=key, condition="decay", surfaces="O")
        desk.review.plan.create(tooth=key, what="Filling", rationale="Decay")
        desk.review.diagnoses.create(code="K02.52", gloss="Caries", tooth=key)
    assert queries() == with_one <= MOST


def test_judging_a_view_moves_the_limits_on_the_draft_and_on_the_open_page(desk):
    image = desk.case.assets.get(view="lower")
    assert "No radiographs were available." in desk.review.limits
    answer = desk.post(f"views/{image.public_id}/", htmx=True, usable="no", reason="Blurred")
    assert "Could not be used: lower (blurred)." in desk.review.limits
    assert json.loads(answer["HX-Trigger"])["limits-follow"]["changes"] == [["", "Could not be used: lower (blurred)."]]
    desk.post("save/", limits="Only what I write myself.")
    desk.post(f"views/{image.public_id}/", usable="yes")
    assert desk.review.limits == "Only what I write myself."


def test_limits_carried_to_a_new_version_still_follow(desk, world):
    image = desk.case.assets.get(view="lower")
    desk.post(f"views/{image.public_id}/", usable="no", reason="Blurred")
    cast.ask(world, Case.objects.get(pk=desk.case.pk), clock.now())
    cast.reviewing.answer_request(
        actor=world.of("hana"), item=InfoItem.objects.get(), cannot_supply="The child went home", at=clock.now()
    )
    cast.submitting.submit_case(actor=world.of("hana"), case=Case.objects.get(pk=desk.case.pk), at=clock.now())
    again = cast.start(world, Case.objects.get(pk=desk.case.pk), clock.now())
    assert again.limits.count("Could not be used: lower (blurred).") == 1
    assert again.limits_offered["unusable"] == "Could not be used: lower (blurred)."


def test_a_phrase_goes_in_without_javascript_and_what_was_typed_is_saved(desk, world):
    phrase = Phrase.objects.create(
        practice=world.practice, section="advice", text="See a dentist within six weeks.", written_by=world.people["dev"],
        written_at=clock.now(),
    )  # fmt: skip
    desk.post("phrase/", advice="Brush twice a day.", conclusions="Shadow on L", phrase=phrase.pk)
    assert (desk.review.advice, desk.review.conclusions) == (
        "Brush twice a day. See a dentist within six weeks.", "Shadow on L",
    )  # fmt: skip


def test_a_phrase_of_another_practice_goes_nowhere(desk):
    elsewhere = cast.build_world("Second ")
    phrase = Phrase.objects.create(
        practice=elsewhere.practice, section="advice", text="Theirs.", written_by=elsewhere.people["dev"], written_at=clock.now()
    )  # fmt: skip
    desk.post("phrase/", advice="Mine.", phrase=phrase.pk)
    assert desk.review.advice == "Mine."
