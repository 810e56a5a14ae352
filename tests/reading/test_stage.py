"""What the stage shows and hands out: places in the set, earlier cases, samples on demand, the next case ahead."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from lxml import html  # type: ignore[import-untyped]

from cases.actions.preparing import prepare_samples
from cases.models import Asset, Case, Derivative
from cases.states import Status
from cases.views.reading.boards import OTHERS, board_of, slot_of
from teledent.accounts.models import AccessEvent
from teledent.files import keeping
from teledent.jobs.models import Job
from teledent.kit import clock
from tests import cast

FILM = {
    "width": 100,
    "height": 80,
    "photometric": "MONOCHROME2",
    "radiograph": {"modality": "IO", "pixel_spacing": None},
    "lossy": False,
}


@pytest.mark.parametrize(
    ("view", "tooth", "slot"),
    [("periapical", "UR6", (1, 1)), ("periapical", "UL1", (1, 4)), ("periapical", "LL4", (3, 6)), ("periapical", "LRE", (3, 2)),
     ("bitewing-right", "", (2, 2)), ("bitewing-left", "", (2, 6)), ("frontal", "", (2, 2)), ("upper", "", (1, 2)),
     ("panoramic", "", (OTHERS, 1)), ("periapical", "", (OTHERS, 1))],
)  # fmt: skip
def test_each_view_has_its_place(view, tooth, slot):
    assert slot_of(view, tooth) == slot


def test_the_patients_right_is_on_the_viewers_left():
    for position in "3456ACDE":
        assert slot_of("periapical", f"UR{position}")[1] <= slot_of("periapical", f"UL{position}")[1]


def test_a_board_leaves_out_what_is_empty_and_keeps_two_in_one_place():
    board = board_of(
        "Radiographs", [((2, 6), "left"), ((2, 2), "right"), ((2, 2), "right again"), ((OTHERS, 1), "panoramic")]
    )
    assert board.columns == 2
    assert [[cell.tiles for cell in row] for row in board.rows] == [
        [("right", "right again"), ("left",)],
        [("panoramic",)],
    ]


def test_a_board_is_no_wider_than_a_mount_and_its_places_keep_their_names():
    several = [((OTHERS, 1), number) for number in range(9)]
    board = board_of("Photographs", [((2, 2), "frontal"), *several])
    assert (board.columns, [len(row) for row in board.rows]) == (7, [1, 7, 2])
    names = {cell.tiles: cell.name for row in board.rows for cell in row if cell.tiles}
    with_upper = board_of("Photographs", [((1, 2), "upper"), ((2, 2), "frontal"), *several])
    again = {cell.tiles: cell.name for row in with_upper.rows for cell in row}
    assert names.items() <= again.items()
    assert len(set(again.values())) == len(again)


def test_documents_lie_on_a_board_of_their_own(desk):
    photograph, scan = desk.case.assets.order_by("pk")
    for asset, view in ((photograph, "frontal"), (scan, "form")):
        give(asset)
        Asset.objects.filter(pk=asset.pk).update(view=view)
    boards = html.fromstring(desk.get().content.decode()).xpath('//*[contains(@class, "board ")]')
    assert [one.get("aria-label") for one in boards] == ["Photos", "Documents"]


def give(asset, recipe="review", content=b"jpeg", media_type="image/jpeg"):
    stored = keeping.record(keeping.keep([content], folder="derivatives"), at=clock.now(), media_type=media_type)
    Derivative.objects.create(
        asset=asset, recipe=recipe, recipe_version=1, file=stored, width=400, height=300, mirrored=asset.mirrored
    )


def preloaded(desk, query=""):
    head = html.fromstring(desk.client.get(f"{desk.root}{query}").content.decode()).find("head")
    return [(one.get("as"), one.get("href")) for one in head.iterfind("link[@rel='preload']")]


def test_the_head_asks_for_the_picture_that_shows_before_anything_else(desk):
    asset = film(desk.case)
    review = ("image", f"/pictures/{asset.public_id}/review/1/")
    assert preloaded(desk) == [review]  # its samples are not made yet
    give(asset, "samples", b"packed", "application/gzip")
    assert preloaded(desk) == [review, ("fetch", f"/pictures/{asset.public_id}/samples/1/")]
    assert preloaded(desk, "?picture=99") == []


def film(case):
    asset = case.assets.first()
    give(asset)
    Asset.objects.filter(pk=asset.pk).update(examination=FILM, media_type="application/dicom", view="bitewing-left")
    asset.refresh_from_db()
    return asset


def test_earlier_signed_cases_of_the_child_stand_beside_and_no_others(desk, case_at, world):
    mine = case_at(Status.SIGNED, patient=desk.case.patient)
    retracted = case_at(Status.RETRACTED, patient=desk.case.patient)
    stranger = case_at(Status.SIGNED, patient=cast.make_patient(world, given="Ada"))
    for case in (desk.case, mine, retracted, stranger):
        give(case.assets.first())
    text = desk.get().content.decode()
    shown = [str(case.assets.first().public_id) in text for case in (desk.case, mine, retracted, stranger)]
    assert shown == [True, True, False, False]


def test_samples_are_asked_for_once_and_the_answer_says_how_it_stands(desk):
    asset = film(desk.case)
    address = f"pictures/{asset.public_id}/samples/"
    assert f'data-prepare="{desk.root}{address}"' in desk.get().content.decode()
    assert [json.loads(desk.post(address).content)["state"] for _ in range(2)] == ["queued", "queued"]
    assert Job.objects.filter(kind="cases.pack_samples", payload={"asset_id": asset.pk}).count() == 1
    give(asset, "samples", b"packed", "application/gzip")
    assert json.loads(desk.post(address).content)["state"] == "ready"
    assert "data-prepare" not in desk.get().content.decode()


@pytest.mark.parametrize("said", [{"photometric": "RGB"}, {"radiograph": None}, {"width": 9000, "height": 9000}])
def test_what_has_no_grey_samples_is_not_examined_for_them(desk, said):
    asset = film(desk.case)
    asset.examination = {**FILM, **said}
    assert prepare_samples(asset) == "none"


@pytest.fixture
def waiting(case_at, world):
    case = case_at(Status.SUBMITTED, patient=cast.make_patient(world, given="Ada", family="Okafor"))
    give(case.assets.first())
    return case


def events(case, verb):
    return AccessEvent.objects.filter(verb=verb, public_id=case.public_id).count()


def test_the_next_case_is_listed_without_a_trace_and_without_a_name(desk, waiting):
    answer = desk.client.get("/reading/ahead/")
    (picture,) = json.loads(answer.content)["pictures"]
    assert picture["address"] == f"/pictures/{waiting.assets.first().public_id}/review/1/"
    assert b"Okafor" not in answer.content
    assert answer["Cache-Control"] == "no-store"
    assert (events(waiting, "read"), events(waiting, "ahead")) == (0, 0)
    assert Case.objects.get(pk=waiting.pk).status == Status.SUBMITTED


def test_fetching_ahead_is_on_the_trail_as_that_and_is_kept_by_no_cache(desk, waiting):
    (picture,) = json.loads(desk.client.get("/reading/ahead/").content)["pictures"]
    for _ in range(2):
        answer = desk.client.get(picture["ahead"])
        assert b"".join(answer.streaming_content) == b"jpeg"
    assert answer["Cache-Control"] == "no-store"
    assert (events(waiting, "read"), events(waiting, "ahead")) == (0, 1)
    assert desk.client.get(picture["address"], headers={"If-None-Match": picture["etag"]}).status_code == 304
    assert events(waiting, "read") == 1


def test_what_she_may_not_start_is_not_fetched_ahead(desk, waiting, world):
    (picture,) = json.loads(desk.client.get("/reading/ahead/").content)["pictures"]
    Case.objects.filter(pk=waiting.pk).update(patient_state="WA")
    assert desk.client.get(picture["ahead"]).status_code == 404
    assert json.loads(desk.client.get("/reading/ahead/").content)["pictures"] == []
    hygienist = Client()
    hygienist.force_login(world.people["hana"])
    assert hygienist.get(picture["ahead"]).status_code == 404


def test_a_case_that_somebody_took_meanwhile_is_not_handed_out(desk, waiting, world):
    (picture,) = json.loads(desk.client.get("/reading/ahead/").content)["pictures"]
    Case.objects.filter(pk=waiting.pk).update(
        status="in_review", reader=world.people["olu"], lease_until=clock.now() + timedelta(minutes=5)
    )
    assert desk.client.get(picture["ahead"]).status_code == 404
