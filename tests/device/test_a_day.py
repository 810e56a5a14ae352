"""A day of forty children, gathered without a network and forwarded in any order, twice, with cuts; finishing; marks."""

import json
import random
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.actions import attending, capturing
from cases.event_reading import children_of, tally_of
from cases.events.standing import Tally
from cases.models import Asset, AssetState, Case, CaseEvent, EventChild, Forward, ForwardedMark
from tests import cast
from tests.device import said
from tests.device.conftest import JSON, finish, new_child, put, send_files, told

CHILDREN = 40


def listed(world, event, number):
    found = [new_child(world, one) for one in range(number)]
    attending.add_enrolled(actor=world.of("hana"), event=event, at=cast.AT)
    for child in found:
        cast.consent_to(world, child)
    return found


def mark_of(tablet, event, child, mark, *, minute=0, **changed):
    return {
        "device": str(tablet), "event": str(event.public_id), "patient": str(child.public_id), "mark": mark, "note": "",
        "at": f"2026-11-17T09:{minute:02}:00-08:00", "sent_at": "2026-11-17T15:00:00-08:00", "clock_offset_ms": 0, **changed,
    }  # fmt: skip


def put_mark(client, act, content):
    return client.put(f"/device/api/marks/{act}", json.dumps(content), **JSON)


@pytest.mark.parametrize("seed", [1])
def test_forty_children_come_in_whole_in_any_order_however_often_the_network_is_cut(
    hana, world, event, tablet, gathered, seed
):
    """The desk changes one of them meanwhile. Every step is sent twice now and then, as after an answer that never came."""
    chance, children = random.Random(seed), listed(world, event, CHILDREN)
    seen, away = children[:34], children[34:]
    pictures = {
        str(child.public_id): [b"one " + str(number).encode(), b"two " + str(number).encode()]
        for number, child in enumerate(seen)
    }
    day = [gathered(child, files=[said.file(one) for one in pictures[str(child.public_id)]]) for child in seen]
    bytes_of = {
        one["id"]: content for case in day for one, content in zip(case["files"], pictures[case["patient"]["id"]], strict=True)
    }  # fmt: skip
    acts = [
        (uuid.uuid4(), mark_of(tablet, event, child, mark))
        for child, mark in zip(away, ["absent", "refused"] * 3, strict=True)
    ]
    steps = [("case", case) for case in day] + [("mark", act) for act in acts]
    chance.shuffle(steps)
    for name, what in steps + chance.sample(steps, 12):
        answer = put(hana, tablet, what) if name == "case" else put_mark(hana, *what)
        assert answer.status_code in (200, 201), answer.content
        if name == "case" and chance.random() < 0.3:  # cut before a file, or after it
            send_files(hana, {**what, "files": what["files"][:1]}, bytes_of)
    changed = Case.objects.get(public_id=day[7]["case"])
    capturing.save_answers(
        actor=world.of("hana"), case=changed, answers={"allergies": ["latex"]}, revision=changed.revision, at=cast.AT
    )
    chance.shuffle(day)
    for case in day + day[:5]:
        send_files(hana, case, bytes_of)
    Asset.objects.update(state=AssetState.EXAMINED, examined_at=cast.AT, media_type="image/jpeg")
    for case in day + day[:5]:
        assert {one["id"]: one["sha256"] for one in told(hana, case)["now"]["files"]["verified"]} == {
            one["id"]: one["sha256"] for one in case["files"]
        }
        done = finish(hana, tablet, case).json()
        assert done["submitted"] is (case["case"] != str(changed.public_id)), done
    assert Case.objects.count() == Forward.objects.count() == len(seen)
    assert {str(one.public_id): str(one.patient.public_id) for one in Case.objects.select_related("patient")} == {
        case["case"]: case["patient"]["id"] for case in day
    }
    assert tally_of(children_of(event, at=cast.AT)) == Tally(expected=40, done=33, absent=3, refused=3, begun=1)
    changed.refresh_from_db()
    assert (changed.status, changed.answers["allergies"]) == ("draft", ["latex"])


def examined(case):
    Asset.objects.filter(case__public_id=case["case"]).update(
        state=AssetState.EXAMINED, examined_at=cast.AT, media_type="image/jpeg"
    )


def test_who_finished_signs_and_nobody_for_her(hana, as_person, world, tablet, gathered, mateo):
    cast.consent_to(world, mateo)
    world.people["bo"].memberships.update(site=world.school)
    content = gathered(mateo, by="bo", files=[said.file(b"one")])
    assert put(hana, tablet, content).status_code == 201
    send_files(hana, content, {content["files"][0]["id"]: b"one"})
    examined(content)
    waits = finish(hana, tablet, content).json()
    assert waits["stops"] == [
        {"sentence": "Bo Lindqvist finished this case: it waits for her to sign in.", "mend": "person"}
    ]
    done = finish(as_person("bo"), tablet, content).json()
    assert (done["submitted"], done["version"], done["stops"]) == (True, 1, [])
    assert finish(as_person("bo"), tablet, content).json() == done
    case = Case.objects.get()
    assert case.opened_by == case.submissions.get().person == case.services.get().operator == world.people["bo"]
    finished = CaseEvent.objects.get(kind="finished_on_device")
    assert (finished.at, finished.details["on_device_at"]) == (cast.AT, "2026-11-17T09:39:00-08:00")
    assert CaseEvent.objects.get(kind="forwarded").details["by"] == "Bo Lindqvist"


def test_what_stands_against_it_is_told_and_an_urgent_case_goes_before_its_files(hana, world, tablet, gathered, mateo):
    content = gathered(mateo, files=[said.file(b"one"), said.file(b"two")])
    put(hana, tablet, content)
    stops = finish(hana, tablet, content).json()["stops"]
    assert stops[0] == {"sentence": "2 of 2 files are still on their way.", "mend": "files"}
    assert "consent" in {one["mend"] for one in stops}
    assert finish(hana, tablet, {**content, "revision": 9}).json()["stops"][0]["mend"] == "revision"
    unfinished = {**content, "revision": 2, "finished": None}
    put(hana, tablet, unfinished)
    assert finish(hana, tablet, unfinished).json()["stops"][0]["sentence"] == "The case was not finished on the device."
    cast.consent_to(world, mateo)
    urgent = {**content, "revision": 3, "urgency": "urgent"}
    put(hana, tablet, urgent)
    assert finish(hana, tablet, urgent).json()["submitted"] is True


def test_a_case_that_was_changed_here_is_not_signed_unseen(hana, world, tablet, gathered, mateo):
    cast.consent_to(world, mateo)
    content = gathered(mateo, urgency="urgent", files=[said.file(b"one")])
    put(hana, tablet, content)
    case = Case.objects.get()
    capturing.save_answers(
        actor=world.of("hana"), case=case, answers={"medicines": ["none"]}, revision=case.revision, at=cast.AT
    )
    assert finish(hana, tablet, content).json()["stops"][0]["mend"] == "changed"
    case.refresh_from_db()
    assert case.status == "draft"


def test_marks_count_in_the_order_in_which_they_were_said(hana, event, tablet, mateo):
    first, second = mark_of(tablet, event, mateo, "absent", minute=1), mark_of(tablet, event, mateo, "", minute=30)
    acts = uuid.uuid4(), uuid.uuid4()
    assert put_mark(hana, acts[1], second).json()["applied"] is True
    late = put_mark(hana, acts[0], first)
    assert (late.status_code, late.json()["applied"]) == (201, False)
    assert EventChild.objects.get().mark == ""
    assert put_mark(hana, acts[0], {**first, "sent_at": "2026-11-17T19:00:00-08:00"}).content == late.content
    assert put_mark(hana, acts[0], {**first, "mark": "refused"}).status_code == 409
    assert ForwardedMark.objects.count() == 2


def test_a_mark_never_contradicts_a_case_or_what_was_said_here_later(hana, world, event, tablet, gathered, mateo):
    attending.mark_child(actor=world.of("hana"), event=event, patient=mateo, mark="refused", at=cast.AT)
    early = put_mark(hana, uuid.uuid4(), mark_of(tablet, event, mateo, "absent")).json()
    assert (early["applied"], EventChild.objects.get().mark) == (False, "refused")
    put(hana, tablet, gathered(mateo))
    seen = put_mark(hana, uuid.uuid4(), mark_of(tablet, event, mateo, "absent", at="2026-11-17T12:00:00-08:00")).json()
    assert "she was seen" in seen["sentence"]
    off = put_mark(hana, uuid.uuid4(), mark_of(tablet, event, new_child(world, 3), "absent")).json()
    assert (off["applied"], "not on the list" in off["sentence"]) == (False, True)


def test_the_day_is_taken_along_whole_and_again_only_when_it_changed(hana, world, event, tablet, gathered, mateo):
    cast.consent_to(world, mateo)
    cast.case_at(world, "submitted", patient=mateo, at=cast.AT)
    day = hana.get(f"/device/api/day/{event.public_id}")
    (child,) = day.json()["children"]
    assert (child["name"], child["room"], child["consent"], child["standing"]) == (
        "Mateo Villanueva-Reyes",
        "12",
        "given",
        "done",
    )
    assert child["allergies"] == {"on": "2026-11-17", "keys": ["penicillin"], "text": "", "words": "Penicillin"}
    case = child["case"]
    assert (case["state"], case["kind"], case["takes_changes"]) == ("submitted", "screening", False)
    assert {one["code"] for one in day.json()["services"]} >= {"D1206"}
    again = hana.get(f"/device/api/day/{event.public_id}", headers={"If-None-Match": day["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    attending.add_child(actor=world.of("hana"), event=event, patient=new_child(world, 1), at=cast.AT)
    assert hana.get(f"/device/api/day/{event.public_id}", headers={"If-None-Match": day["ETag"]}).status_code == 200
    (listed_day,) = hana.get("/device/api/events").json()["events"]
    assert (listed_day["id"], listed_day["children"]) == (str(event.public_id), 2)


def test_a_long_list_takes_as_many_queries_as_a_short_one(hana, world, event):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert hana.get(f"/device/api/day/{event.public_id}").status_code == 200
        return len(found)

    listed(world, event, 2)
    queries()
    few = queries()
    for number in range(2, 9):
        attending.add_child(actor=world.of("hana"), event=event, patient=new_child(world, number), at=cast.AT)
    assert queries() == few
