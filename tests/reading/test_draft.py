"""Writing: saved as typed, beside what is wrong, never lost, and one version for all of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html  # type: ignore[import-untyped]

from cases.models import Asset, AssetState, Case, Finding, Review
from cases.states import Status
from teledent.kit import clock


def test_typing_saves_and_says_when(desk):
    answer = desk.post("save/", htmx=True, conclusions="Shadow on L, seen in two pictures.")
    assert answer.status_code == 200
    assert desk.review.conclusions == "Shadow on L, seen in two pictures."
    assert "Saved" in answer.content.decode()
    assert f'"version": {desk.review.version}' in answer["HX-Trigger"]


def test_a_stale_page_gets_409_and_writes_nothing(desk):
    desk.post("save/", htmx=True, conclusions="First")
    stale = desk.post("save/", htmx=True, version=0, conclusions="Second")
    assert stale.status_code == 409
    assert "changed on another page" in stale.content.decode()
    assert stale["HX-Retarget"] == "#notices"
    assert desk.review.conclusions == "First"


@pytest.mark.parametrize(
    ("address", "said"),
    [("diagnoses/", {"code": "K02.52"}), ("plan/", {"what": "Filling", "rationale": "Decay into dentine", "priority": 1}),
     ("findings/", {"tooth": "L", "condition": "decay"})],
)  # fmt: skip
def test_a_stale_list_gets_409_too(desk, address, said):
    desk.post("save/", conclusions="Newer")
    assert desk.post(address, htmx=True, version=0, **said).status_code == 409


def test_a_wrong_date_is_named_and_everything_typed_is_still_there(desk):
    answer = desk.post("save/", advice="See a dentist for L", outcome_by="next week")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Not saved yet." in text
    assert "By when" in text
    assert "See a dentist for L" in text
    assert "next week" in text


def test_diagnosis_plan_and_finding_are_added_and_taken_out(desk):
    desk.post("diagnoses/", code="K02.52", tooth="L")
    diagnosis = desk.review.diagnoses.get()
    desk.post("plan/", what="Filling", rationale="Decay into dentine", tooth="L", priority=1, diagnosis=diagnosis.pk)
    desk.post("findings/", tooth="l", condition="decay", surfaces="o, d")
    assert (diagnosis.code, diagnosis.tooth) == ("K02.52", "LLD")
    assert desk.review.plan.get().diagnosis == diagnosis
    assert Finding.objects.get(review=desk.review).surfaces == "OD"
    desk.post(f"diagnoses/{diagnosis.pk}/remove/")
    assert not desk.review.diagnoses.exists()
    assert desk.review.plan.get().diagnosis is None


@pytest.mark.parametrize(
    ("address", "said", "reason"),
    [("diagnoses/", {"code": "Z99.99"}, "Not in the list of that day"), ("diagnoses/", {"code": "K02.52", "tooth": "99"}, "not a tooth"),
     ("plan/", {"what": "", "rationale": "Because of the shadow"}, "Fill this in"),
     ("findings/", {"tooth": "L", "condition": "decay", "surfaces": "XYZ"}, "Surfaces are M, O, D, B, L, I and F")],
)  # fmt: skip
@pytest.mark.parametrize("htmx", [True, False])
def test_a_wrong_line_says_why_beside_its_field(desk, address, said, reason, htmx):
    answer = desk.post(address, htmx=htmx, **said)
    assert answer.status_code == 422
    assert reason in answer.content.decode()


def test_a_view_that_cannot_be_used_needs_a_reason(desk):
    image = desk.case.assets.first()
    refused = desk.post(f"views/{image.public_id}/", htmx=True, usable="no")
    assert refused.status_code == 422
    assert "Say why the view cannot be used" in refused.content.decode()
    desk.post(f"views/{image.public_id}/", usable="no", reason="Blurred")
    assert desk.review.views.get().reason == "Blurred"


def test_a_picture_of_another_case_cannot_be_judged_here(desk, case_at):
    other = case_at(Status.SUBMITTED).assets.first()
    assert desk.post(f"views/{other.public_id}/", usable="yes").status_code == 404


@pytest.mark.parametrize(
    ("address", "said", "part"),
    [("diagnoses/", {"code": "K02.52", "tooth": "L"}, "diagnoses"), ("plan/", {"what": "Fill L", "rationale": "Decay", "priority": 2},
      "plan"),
     ("findings/", {"tooth": "L", "condition": "decay", "surfaces": "O"}, "findings"), ("save/", {"advice": "See a dentist"}, "lines")],
)  # fmt: skip
def test_the_partial_is_what_a_reload_shows(desk, address, said, part):
    answer = html.fromstring(desk.post(address, htmx=True, **said).content.decode())
    fresh = html.fromstring(desk.get().content.decode())
    for name in (part, "lines", "sign-bar"):
        assert plain(answer, name) == plain(fresh, name)


def plain(tree, name):
    (found,) = tree.xpath(f'//*[@id="{name}"]')
    for token in found.xpath('.//input[@name="csrfmiddlewaretoken"]'):
        token.getparent().remove(token)
    found.attrib.pop("hx-swap-oob", None)
    for inner in found.xpath('.//*[@*[name()="hx-swap-oob"]]'):
        inner.attrib.pop("hx-swap-oob")
    return " ".join(html.tostring(found, with_tail=False).decode().split())


def test_the_heartbeat_keeps_the_hold_and_is_no_sign_of_life(desk):
    before = desk.fresh().lease_until
    answer = desk.client.post(desk.root + "beat/", {"received": 2}, headers={"HX-Request": "true", "X-Background": "1"})
    assert answer.status_code == 200
    assert desk.fresh().lease_until > before


def test_a_picture_that_comes_in_is_announced(desk):
    Asset.objects.filter(case=desk.case, view="lower").update(state=AssetState.RECEIVED)
    assert "Provisional: 1 of 2 received" in desk.get().content.decode()
    Asset.objects.filter(case=desk.case).update(state=AssetState.EXAMINED)
    told = desk.post("beat/", htmx=True, received=1).content.decode()
    assert "1 more picture came in while you read" in told


def test_a_lost_hold_is_said_and_the_text_is_kept(desk):
    desk.post("save/", conclusions="Shadow on L")
    Case.objects.filter(pk=desk.case.pk).update(lease_until=clock.now() - timedelta(seconds=1))
    lost = desk.post("beat/", htmx=True, received=2)
    assert lost.status_code == 409
    assert "not in your hands any more" in lost.content.decode()
    assert "Start it again" in lost.content.decode()
    assert desk.post("save/", conclusions="More").status_code == 409
    desk.client.post(desk.root + "start/")
    assert "Shadow on L" in desk.get().content.decode()


def test_put_back_frees_the_case_and_keeps_the_draft(desk):
    desk.post("save/", conclusions="Shadow on L")
    assert desk.post("release/").url == "/reading/"
    assert desk.fresh().status == Status.SUBMITTED
    assert Review.objects.get(case=desk.case).conclusions == "Shadow on L"


def test_the_page_takes_the_same_queries_for_one_mark_and_many(desk):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            desk.get()
        return len(seen)

    queries()
    desk.post("findings/", tooth="L", condition="decay")
    few = queries()
    for tooth in ("3", "14", "19", "30"):
        desk.post("findings/", tooth=tooth, condition="sealant")
    assert queries() == few
