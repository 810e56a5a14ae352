"""Marks on pictures: part of the draft, carried to its next version, frozen and signed with it."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from lxml import html  # type: ignore[import-untyped]

from cases.actions import annotating, capturing, files, reviewing, submitting
from cases.models import Annotation, Asset, Case, Derivative, Signature
from cases.states import Status
from cases.verifying import misfits
from cases.wording import concluded_in_words
from teledent.files import keeping
from teledent.kit import canonical, clock
from teledent.kit.decisions import Refused
from tests import cast

MARK = {
    "page": 1,
    "kind": "circle",
    "x": 100,
    "y": 50,
    "to_x": 120,
    "to_y": 50,
    "width": 400,
    "height": 300,
    "text": "L distal",
}


def image_of(desk):
    return desk.case.assets.order_by("pk").first()


def draw(desk, **said):
    return desk.post(f"pictures/{image_of(desk).public_id}/marks/", htmx=True, **{**MARK, **said})


def test_a_mark_is_kept_with_its_place_and_comes_back_in_the_list(desk):
    answer = draw(desk)
    assert answer.status_code == 200
    mark = Annotation.objects.get()
    assert (mark.review, mark.x, mark.to_x, mark.width, mark.text) == (desk.review, 100, 120, 400, "L distal")
    assert "draft-version" in answer["HX-Trigger"]


def test_a_mark_is_wiped_out(desk):
    draw(desk)
    assert desk.post(f"marks/{Annotation.objects.get().pk}/remove/", htmx=True).status_code == 200
    assert not Annotation.objects.exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [({"to_x": 401}, "outside of the picture"), ({"to_x": 100}, "has no length"),
     ({"kind": "text", "text": " "}, "Write what the mark says"), ({"text": "no decay"}, "cannot be concluded from pictures"),
     ({"kind": "scribble"}, "Select a valid choice"), ({"x": -1}, "greater than or equal to 0"),
     ({"x": 0, "to_x": 0, "width": 0}, "greater than or equal to 1")],
)  # fmt: skip
def test_a_mark_that_cannot_be_says_why(desk, said, sentence):
    answer = draw(desk, **said)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Annotation.objects.exists()


@pytest.mark.parametrize("side", ["width", "height"])
def test_the_database_keeps_no_mark_on_a_picture_without_a_size(desk, side):
    said = {**MARK, "x": 0, "to_x": 0, "y": 0, "to_y": 0, side: 0}
    with pytest.raises(IntegrityError, match="annotation_picture_has_size"), transaction.atomic():
        Annotation.objects.create(review=desk.review, asset=image_of(desk), mirrored=False, **said)


def test_a_stale_page_draws_nothing(desk):
    desk.post("save/", conclusions="Newer")
    assert draw(desk, version=0).status_code == 409


def test_a_picture_of_another_case_takes_no_mark(desk, case_at):
    other = case_at(Status.SUBMITTED).assets.first()
    assert desk.post(f"pictures/{other.public_id}/marks/", **MARK).status_code == 404
    with pytest.raises(Refused):
        annotating.annotate(
            actor=cast.actor_for(desk.review.writer), review=desk.review, asset=other, kind="arrow", start=(0, 0), end=(5, 5),
            size=(9, 9), at=clock.now(),
        )  # fmt: skip


def answered(world, desk, *, mirrored=None):
    """Asked, answered and submitted anew; the mirror mark of the first picture set on the way."""
    at, hana = clock.now(), world.of("hana")
    case = Case.objects.get(pk=desk.case.pk)
    cast.ask(world, case, at)
    asset = image_of(desk)
    if mirrored is not None:
        files.label_file(actor=hana, asset=asset, at=at, mirrored=mirrored)
        Asset.objects.filter(pk=asset.pk).update(state="examined")
    item = case.requests.get().items.get()
    reviewing.answer_request(actor=hana, item=item, answer="Dried, taken again", at=at)
    case.refresh_from_db()
    capturing.save_answers(actor=hana, case=case, answers=cast.ANSWERS, revision=case.revision, at=at, urgency="early")
    case.refresh_from_db()
    submitting.submit_case(actor=hana, case=case, at=at)
    return cast.start(world, Case.objects.get(pk=case.pk), at)


def test_marks_go_with_the_draft_to_a_new_version(world, desk):
    draw(desk)
    carried = answered(world, desk).annotations.get()
    assert (carried.x, carried.to_x, carried.text) == (100, 120, "L distal")


def test_a_mirror_mark_that_was_set_right_takes_the_marks_to_the_other_side(world, desk):
    draw(desk)
    carried = answered(world, desk, mirrored=not image_of(desk).mirrored).annotations.get()
    assert (carried.x, carried.y, carried.to_x) == (300, 50, 280)


@pytest.fixture
def signed(world, desk):
    draw(desk)
    cast.sign(world, desk.case, clock.now())
    return Signature.objects.get(case=desk.case)


def test_marks_are_in_the_signed_content_and_in_its_words(signed):
    (mark,) = signed.content["review"]["annotations"]
    assert (mark["kind"], mark["x"], mark["width"], mark["text"]) == ("circle", 100, 400, "L distal")
    (said,) = concluded_in_words(signed.content).annotations
    assert "circle “L distal”, 30 % from the left" in said.text


@pytest.mark.parametrize("act", ["change", "remove", "add"])
def test_the_database_freezes_the_marks_of_a_signed_review(signed, act):
    mark = Annotation.objects.get()
    twin = Annotation(
        **{f.attname: getattr(mark, f.attname) for f in Annotation._meta.concrete_fields if not f.primary_key}
    )
    acts = {
        "change": lambda: Annotation.objects.update(x=1),
        "remove": mark.delete,
        "add": lambda: twin.save(force_insert=True),
    }
    with pytest.raises(DatabaseError), transaction.atomic():
        acts[act]()


def test_the_record_fits_and_one_signed_before_there_were_marks_fits_too(world, desk, case_at):
    case = case_at(Status.SIGNED, patient=cast.make_patient(world, given="Ada"))
    assert list(misfits_but_files(case)) == []
    signature = Signature.objects.get(case=case)
    old = {**signature.content, "review": {k: v for k, v in signature.content["review"].items() if k != "annotations"}}
    signature.content, signature.digest = old, canonical.sha256_of(old)
    assert concluded_in_words(old).annotations == ()


def misfits_but_files(case):
    return (one for one in misfits(case) if "storage" not in one)


def picture_of(asset):
    """A large copy, so that the page shows the file."""
    stored = keeping.record(keeping.keep([b"jpeg"], folder="derivatives"), at=clock.now(), media_type="image/jpeg")
    Derivative.objects.create(
        asset=asset, recipe="review", recipe_version=1, file=stored, width=400, height=300, mirrored=asset.mirrored
    )


def test_the_page_lists_the_marks_with_their_places(desk):
    picture_of(image_of(desk))
    draw(desk)
    (row,) = html.fromstring(desk.get().content).xpath('//*[@id="annotations"]//li')
    assert (row.get("data-kind"), row.get("data-on"), row.get("data-to-x"), row.get("data-text")) == (
        "circle",
        "1",
        "120",
        "L distal",
    )


def test_pictures_of_an_earlier_case_take_no_marks(desk, case_at, world):
    earlier = case_at(Status.SIGNED, patient=desk.case.patient)
    Case.objects.filter(pk=earlier.pk).update(day_seen=desk.case.day_seen)
    for asset in (image_of(desk), earlier.assets.first()):
        picture_of(asset)
    own, old = html.fromstring(desk.get().content).xpath("//figure")
    assert (own.get("data-marks") is not None, old.get("data-marks")) == (True, None)
    assert "Earlier:" in old.text_content()
