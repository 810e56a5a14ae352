"""A manifest over HTTP: taken in once, however often it comes; never over what somebody did here; never for a stranger."""

import copy
import json
import uuid

import pytest
from django.test import Client

from cases.actions import capturing, charting, files, submitting
from cases.actions.merging import merge_patients
from cases.models import Case, CaseEvent, Device, Forward, Patient
from tests import cast
from tests.device import said
from tests.device.conftest import JSON, finish, put, register, send_files, told


def test_a_case_comes_in_whole_and_a_second_time_changes_nothing(hana, tablet, gathered, mateo):
    content = gathered(mateo, files=[said.file()])
    first, second = put(hana, tablet, content), put(hana, tablet, content, sent_at="2026-11-17T16:00:00-08:00")
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.content == second.content
    assert first["Cache-Control"] == "no-store"
    case = Case.objects.get()
    assert str(case.public_id) == content["case"]
    assert (case.answers, case.urgency, case.patient) == (content["answers"], "early", mateo)
    assert [(one.tooth, one.condition, one.surfaces, one.icdas) for one in case.findings.all()] == [
        ("LLD", "decay", "O", "5")
    ]
    assert [one.code for one in case.services.all()] == ["D1206"]
    assert first.json()["files"] == {"lacking": [content["files"][0]["id"]], "verified": [], "unwanted": []}
    assert Forward.objects.get().content == content


def test_times_of_the_device_are_kept_as_it_said_them_and_the_timeline_keeps_ours(hana, tablet, gathered, mateo, at):
    put(hana, tablet, gathered(mateo), clock_offset_ms=-90_000)
    opened, forwarded = CaseEvent.objects.filter(kind__in=["opened", "forwarded"]).order_by("seq")
    assert opened.at == forwarded.at == at
    assert opened.details["on_device_at"] == "2026-11-17T09:31:02-08:00"
    assert forwarded.details["on_device_at"] == "2026-11-17T09:39:01-08:00"
    assert opened.details["offset_ms"] == forwarded.details["offset_ms"] == -90_000
    assert Device.objects.get().clock_offset_ms == -90_000
    page = hana.get(f"/cases/{Case.objects.get().public_id}/").content.decode()
    assert "forwarded revision 1 from Tablet 3" in page


def test_other_content_under_a_revision_and_an_older_revision_are_refused(hana, tablet, gathered, mateo):
    content = gathered(mateo, revision=5)
    put(hana, tablet, content)
    for changed in ({"urgency": "urgent"}, {"revision": 4}):
        answer = put(hana, tablet, {**content, **changed})
        assert answer.status_code == 409
        assert answer.json()["newest_revision"] == 5
        assert answer.json()["state"] == "draft"
    assert Case.objects.get().urgency == "early"


def test_what_the_desk_changed_meanwhile_stays_and_is_told_as_a_conflict_until_both_agree(
    hana, world, tablet, gathered, mateo
):
    content = gathered(mateo)
    put(hana, tablet, content)
    case, actor = Case.objects.get(), world.of("hana")
    capturing.save_answers(
        actor=actor, case=case, answers={"allergies": ["latex"], "why": "distance"}, revision=case.revision, at=cast.AT, urgency="urgent"
    )  # fmt: skip
    charting.mark_tooth(actor=actor, case=case, tooth="UR6", condition="sealant", at=cast.AT)
    changed = copy.deepcopy(content) | {"revision": 2, "urgency": "routine", "services": []}
    changed["answers"] |= {"allergies": ["resin"], "medicines": ["none"]}
    answer = put(hana, tablet, changed)
    assert answer.status_code == 201, answer.content
    conflicts = [(one["field"], one["device"], one["server"]) for one in answer.json()["conflicts"]]
    assert conflicts == [("answers.allergies", ["resin"], ["latex"]), ("urgency", "routine", "urgent")]
    case.refresh_from_db()
    assert case.answers | {"allergies": ["latex"], "why": "distance", "medicines": ["none"]} == case.answers
    assert case.urgency == "urgent"
    assert {one.tooth for one in case.findings.all()} == {"LLD", "UR6"}
    assert not case.services.exists()
    again = put(hana, tablet, {**changed, "revision": 3, "made_at": "2026-11-17T10:00:00-08:00"})
    assert [one["field"] for one in again.json()["conflicts"]] == ["answers.allergies", "urgency"]
    changed["answers"]["allergies"] = ["latex"]
    agreed = put(hana, tablet, {**changed, "revision": 4, "urgency": "urgent"})
    assert agreed.json()["conflicts"] == []


def test_marks_and_files_taken_out_on_the_device_go_and_labels_follow(hana, tablet, gathered, mateo):
    one, two = said.file(b"one"), said.file(b"two", view="upper", mirrored=True)
    gone = [{"tooth": "UR6", "condition": "missing", "surfaces": "", "icdas": "", "note": ""}]
    content = gathered(mateo, files=[one, two], marks=gone)
    put(hana, tablet, content)
    there = [{"tooth": "UR6", "condition": "present", "surfaces": "", "icdas": "", "note": "Behind the gum"}]
    answer = put(hana, tablet, {**content, "revision": 2, "files": [{**two, "view": "lower"}], "marks": there})
    case = Case.objects.get()
    assert [(mark.condition, mark.note) for mark in case.findings.all()] == [("present", "Behind the gum")]
    assert sorted((file.state, file.view) for file in case.assets.all()) == [
        ("declared", "lower"),
        ("struck", "frontal"),
    ]
    assert answer.json()["files"]["lacking"] == [two["id"]]
    assert told(hana, content)["now"]["newest_revision"] == 2


def test_a_file_struck_off_here_is_not_wanted_any_more_and_stays_so(hana, world, tablet, gathered, mateo):
    content = gathered(mateo, files=[said.file()])
    put(hana, tablet, content)
    files.strike_file(
        actor=world.of("hana"), asset=Case.objects.get().assets.get(), reason="Blurred, taken anew", at=cast.AT
    )
    again = put(hana, tablet, {**content, "revision": 2})
    assert again.json()["files"]["unwanted"] == [
        {"id": content["files"][0]["id"], "because": "struck", "sentence": "Struck off: Blurred, taken anew"}
    ]
    assert again.json()["conflicts"] == []


def test_bytes_that_the_case_holds_under_another_id_count_for_the_device(hana, world, tablet, gathered, mateo):
    content = gathered(mateo, files=[])
    put(hana, tablet, content)
    held = cast.put_file(Case.objects.get(), world.of("hana"), view="frontal", content=b"same")
    one = said.file(b"same")
    answer = put(hana, tablet, {**content, "revision": 2, "files": [one]})
    assert answer.json()["files"]["verified"] == [{"id": one["id"], "sha256": held.declared_sha256, "size": 4}]
    assert Case.objects.get().assets.count() == 1


def test_a_second_tablet_takes_nothing_of_the_first_away(hana, tablet, gathered, mateo):
    """It knows nothing of what the first one forwarded: revision 1 again is refused, and a higher one adds to it."""
    first = gathered(mateo, files=[said.file(b"one")])
    put(hana, tablet, first)
    other = register(hana, "Tablet 4")
    second = gathered(
        mateo, case=first["case"], urgency="", answers={"medicines": ["none"], "why": "no_dentist"},
        marks=[{"tooth": "UR6", "condition": "decay", "surfaces": "O", "icdas": "", "note": ""}], services=[], files=[said.file(b"two")],
    )  # fmt: skip
    refused = put(hana, other, second)
    assert (refused.status_code, refused.json()["newest_revision"]) == (409, 1)
    taken = put(hana, other, {**second, "revision": 2})
    assert [one["field"] for one in taken.json()["conflicts"]] == ["answers.medicines"]
    case = Case.objects.get()
    assert (case.urgency, case.answers) == ("early", first["answers"])
    assert {one.tooth for one in case.findings.all()} == {"LLD", "UR6"}
    assert case.services.count() == 1
    assert case.assets.count() == 2
    put(hana, other, {**second, "revision": 3, "marks": []})  # what it said itself it may take back
    assert {one.tooth for one in case.findings.all()} == {"LLD"}


def test_each_tablet_is_told_of_what_it_forwarded_itself(hana, tablet, gathered, mateo):
    first = gathered(mateo, files=[said.file(b"one")])
    receipt = put(hana, tablet, first).json()
    other = register(hana, "Tablet 4")
    put(hana, other, gathered(mateo, case=first["case"], revision=2))
    assert told(hana, first, device=tablet)["receipt"] == receipt
    assert told(hana, first, device=tablet)["now"]["files"]["lacking"] == [first["files"][0]["id"]]
    assert told(hana, first, device=other)["receipt"]["revision"] == told(hana, first)["receipt"]["revision"] == 2
    assert hana.get(f"/device/api/cases/{first['case']}?device=4").status_code == 422
    (stop,) = finish(hana, tablet, first).json()["stops"]
    assert (stop["mend"], "Tablet 4 forwarded this case last" in stop["sentence"]) == ("changed", True)


def test_an_urgency_that_nobody_said_is_no_change_and_is_asked_for(hana, world, tablet, gathered, mateo):
    cast.consent_to(world, mateo)
    content = gathered(mateo, urgency="")
    put(hana, tablet, content)
    assert "urgency" in {one["mend"] for one in finish(hana, tablet, content).json()["stops"]}
    case = Case.objects.get()
    capturing.save_answers(
        actor=world.of("hana"), case=case, answers={}, revision=case.revision, at=cast.AT, urgency="urgent"
    )
    assert put(hana, tablet, {**content, "revision": 2}).json()["conflicts"] == []
    case.refresh_from_db()
    assert case.urgency == "urgent"


def new(**details):
    return {"id": None, "another": False, "new": said.person(details)}


def test_somebody_new_is_made_once_and_put_on_the_list_of_the_day(hana, tablet, gathered, event):
    who = new()
    for kind in ("screening", "emergency"):
        answer = put(hana, tablet, gathered(None, patient=who, kind=kind, answers={}))
        assert answer.status_code == 201, answer.content
        assert answer.json()["patient"] == who["new"]["id"]
    made = Patient.objects.get(given_name="Noor")
    assert made.event_places.get().event == event
    assert made.enrolments.get().room == "12"
    assert made.cases.count() == 2


def test_somebody_alike_is_asked_about_and_nothing_is_guessed(hana, world, tablet, gathered, event):
    twin = cast.make_patient(world, given="Nour", family="Haddad", born=cast.date(2017, 5, 2))
    content = gathered(None, patient=new())
    asked = put(hana, tablet, content).json()
    assert (asked["attached"], asked["label"], asked["patient"]) == (False, "", None)
    assert [(one["id"], one["name"]) for one in asked["whom"]["candidates"]] == [(str(twin.public_id), "Nour Haddad")]
    assert not Case.objects.exists()
    assert not Patient.objects.filter(given_name="Noor").exists()
    assert told(hana, content) == {"receipt": asked, "now": None}
    assert finish(hana, tablet, content).status_code == 409
    chosen = put(hana, tablet, {**content, "revision": 2, "patient": {**content["patient"], "id": str(twin.public_id)}})
    assert chosen.json()["patient"] == str(twin.public_id)
    other = gathered(None, patient={**new(given_name="Nora"), "another": True})
    assert put(hana, tablet, other).json()["attached"] is True
    assert Patient.objects.filter(given_name="Nora").count() == 1


def test_a_choice_that_was_not_offered_and_somebody_of_no_site_of_hers_are_refused(
    hana, world, elsewhere, tablet, gathered, mateo
):
    cast.make_patient(world, given="Nour", family="Haddad", born=cast.date(2017, 5, 2))
    far = cast.make_patient(elsewhere, given="Zoe")
    answers = [
        put(hana, tablet, gathered(None, patient={**new(), "id": str(mateo.public_id)})),
        put(hana, tablet, gathered(far)),
        put(hana, tablet, gathered(None, patient={**new(zip_code="9"), "another": True})),
    ]
    assert [one.status_code for one in answers] == [422] * 3
    assert answers[2].json()["sentence"].startswith("patient.new.zip_code: ")
    assert not Case.objects.exists()
    assert not Forward.objects.exists()


def test_an_id_of_somebody_new_opens_nobody_whom_she_may_not_see(hana, world, tablet, gathered, event, mateo):
    far = cast.make_patient(world, given="Zoe", family="Far", born=cast.date(2016, 2, 3))
    far.enrolments.update(site=world.other_school)
    answer = put(hana, tablet, gathered(None, patient=new(id=str(far.public_id))))
    assert answer.status_code == 422
    assert "not at your sites" in answer.json()["sentence"]
    assert not far.event_places.exists()
    assert not Case.objects.exists()


def test_a_case_goes_to_no_other_patient_and_a_corrected_new_one_is_told(hana, world, tablet, gathered, mateo):
    content = gathered(mateo)
    put(hana, tablet, content)
    other = cast.make_patient(world, given="Ada", family="Other", born=cast.date(2017, 1, 9))
    wrong = put(hana, tablet, {**gathered(other), "case": content["case"], "revision": 2})
    assert wrong.status_code == 409
    assert "Ada Other" in wrong.json()["sentence"]
    who = new()
    fresh = gathered(None, patient=who)
    put(hana, tablet, fresh)
    who["new"] = {**who["new"], "room": "14"}
    assert [
        one["field"] for one in put(hana, tablet, {**fresh, "revision": 2, "patient": who}).json()["conflicts"]
    ] == ["patient"]


def test_what_is_submitted_takes_no_change_and_says_so(hana, world, tablet, gathered, mateo):
    content = gathered(mateo)
    put(hana, tablet, content)
    case = Case.objects.get()
    cast.consent_to(world, mateo)
    cast.submit(world, case, cast.AT)
    refused = put(hana, tablet, {**content, "revision": 2, "urgency": "urgent"})
    assert refused.status_code == 409
    assert (refused.json()["state"], refused.json()["takes_changes"]) == ("submitted", False)
    assert "submitted" in refused.json()["sentence"]
    assert put(hana, tablet, content).status_code == 200  # what it sent before has its receipt still
    assert told(hana, content)["now"]["takes_changes"] is False


def test_other_sites_other_practices_and_other_roles_find_nothing(as_person, elsewhere, hana, tablet, gathered, mateo):
    content = gathered(mateo)
    put(hana, tablet, content)
    for client in (as_person("bo"), as_person("hana", elsewhere), as_person("dev")):
        assert put(client, tablet, content).status_code == 404
        assert client.get(f"/device/api/cases/{content['case']}").status_code == 404
        assert finish(client, tablet, content).status_code == 404
        assert client.get(f"/device/api/day/{content['event']}").status_code == 404
    assert put(Client(), tablet, content).status_code == 401
    unregistered = put(hana, uuid.uuid4(), content)
    assert (unregistered.status_code, "sentence" in unregistered.json()) == (404, True)


def test_a_case_of_another_kind_is_refused_and_the_refusal_tells_which(hana, tablet, gathered, mateo):
    content = gathered(mateo)
    put(hana, tablet, {**content, "kind": "emergency", "answers": {}})
    refused = put(hana, tablet, {**content, "revision": 2})
    assert refused.status_code == 409
    assert (refused.json()["kind"], refused.json()["takes_changes"]) == ("emergency", True)


def test_a_file_that_came_too_late_is_not_wanted_because_the_case_ended(hana, world, tablet, gathered, mateo):
    content = gathered(mateo, files=[said.file()])
    put(hana, tablet, content)
    submitting.withdraw_case(actor=world.of("hana"), case=Case.objects.get(), reason="Gathered twice", at=cast.AT)
    (one,) = told(hana, content)["now"]["files"]["unwanted"]
    assert (one["id"], one["because"], bool(one["sentence"])) == (content["files"][0]["id"], "ended", True)


@pytest.mark.parametrize("day", ["2026-11-16", "2026-11-15"])
def test_a_day_that_is_none_of_the_school_day_s_is_refused_and_one_of_no_school_day_is_taken(
    hana, tablet, gathered, mateo, day
):
    refused = put(hana, tablet, gathered(mateo, day_seen=day))
    assert (refused.status_code, "say there on which day" in refused.json()["sentence"]) == (422, True)
    assert not Case.objects.exists()
    assert put(hana, tablet, gathered(mateo, day_seen=day, event=None)).status_code == 201


def test_a_retired_device_forwards_nothing(hana, world, tablet, gathered, mateo):
    Device.objects.update(retired_at=cast.AT, retired_by=world.people["olu"], retired_because="Lost on the bus")
    answer = put(hana, tablet, gathered(mateo))
    assert answer.status_code == 409
    assert "Lost on the bus" in answer.json()["sentence"]


def test_a_device_of_another_practice_is_not_taken_over(as_person, elsewhere, tablet):
    body = json.dumps({"id": str(tablet), "name": "Mine", "clock_offset_ms": None, "holds": None, "recovery_key": None})
    assert as_person("hana", elsewhere).post("/device/api/register", body, **JSON).status_code == 409
    assert Device.objects.get().name == "Tablet 3"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"manifest": {}}', b"\x00\xff", b'{"a":' * 900 + b"1" + b"}" * 900, b" " * 600_000]
)
def test_hostile_bodies_are_sentences(hana, tablet, body):
    for address in (f"/device/api/cases/{uuid.uuid4()}", f"/device/api/marks/{uuid.uuid4()}"):
        answer = hana.put(address, body, **JSON)
        assert (answer.status_code, bool(answer.json()["sentence"])) == (422, True)


def test_a_writing_request_needs_the_token_that_hello_gives(world, tablet, gathered, mateo):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["hana"], backend="django.contrib.auth.backends.ModelBackend")
    content = gathered(mateo)
    assert put(client, tablet, content).status_code == 403
    hello = client.get("/device/api/hello?echo=17").json()
    assert (hello["echo"], hello["person"]["name"], hello["server_time"]) == ("17", "Hana Okafor", cast.AT.isoformat())
    body = json.dumps(said.envelope(content, device=tablet))
    headers = {**JSON["headers"], "X-CSRFToken": hello["csrf"]}
    sent = client.put(f"/device/api/cases/{content['case']}", body, content_type="application/json", headers=headers)
    assert sent.status_code == 201


def test_a_patient_merged_meanwhile_is_the_one_who_stays(hana, world, tablet, gathered, mateo):
    gone = cast.make_patient(world, given="Matheo")
    merge_patients(actor=world.of("olu"), kept=mateo, merged=gone, reason="The mother told us", at=cast.AT)
    content = gathered(gone)
    assert put(hana, tablet, content).json()["patient"] == str(mateo.public_id)
    assert put(hana, tablet, {**content, "revision": 2}).status_code == 201


def test_files_follow_by_the_receiver_and_their_hashes_are_told(hana, tablet, gathered, mateo):
    one = said.file(b"bytes of a picture")
    content = gathered(mateo, files=[one])
    put(hana, tablet, content)
    send_files(hana, content, {one["id"]: b"bytes of a picture"})
    files_now = told(hana, content)["now"]["files"]
    assert files_now == {
        "lacking": [],
        "unwanted": [],
        "verified": [{"id": one["id"], "sha256": one["sha256"], "size": one["size"]}],
    }
