"""A picture on the wrong child is put right in every state of its case (ID-3), with a reason, on both timelines."""

from datetime import date, timedelta

import pytest

from cases.actions import correcting, reviewing
from cases.holding import hold_of
from cases.models import Asset, AssetState, Case, Review
from cases.permissions import may
from cases.states import Status
from teledent.jobs.models import Job
from teledent.kit.decisions import Refused
from tests import cast

WHEN = cast.AT + timedelta(minutes=35)
WHY = "The camera still named the child before"


@pytest.fixture
def hana(world):
    return world.of("hana")


@pytest.fixture
def right(world):
    """An open case of the child whose picture it is."""
    return cast.case_at(world, patient=cast.make_patient(world, given="Noor", family="Aydin", born=date(2018, 9, 1)))


def picture_of(case, hana):
    """A picture on the wrong child; in a draft nothing was gathered yet."""
    asset = case.assets.order_by("pk").first() or cast.put_file(case, hana, view="upper")
    return Asset.objects.select_related("case", "site", "original").get(pk=asset.pk)


WAYS = {
    Status.DRAFT: "moves",
    Status.SUBMITTED: "comes back",
    Status.IN_REVIEW: "comes back",
    Status.NEEDS_INFO: "moves",
    Status.SIGNED: "is retracted first",
    Status.CLOSED: "is retracted first",
    Status.RETRACTED: "is copied",
    Status.WITHDRAWN: "moves",
    Status.STOPPED: "moves",
}


@pytest.mark.parametrize(("status", "way"), WAYS.items())
def test_a_picture_on_the_wrong_child_is_put_right_in_every_state(world, hana, right, status, way):
    case = cast.case_at(world, status)
    asset = picture_of(case, hana)
    versions = list(case.submissions.values_list("digest", flat=True))
    if way == "is retracted first":
        with pytest.raises(Refused, match="retracts"):
            correcting.put_right(actor=hana, asset=asset, to=right, reason=WHY, at=WHEN)
        cast.retract(world, case, WHEN)
    correcting.put_right(actor=hana, asset=asset, to=right, reason=WHY, at=WHEN)

    stays = way in ("is retracted first", "is copied")
    case.refresh_from_db()
    assert case.status == {"comes back": Status.DRAFT, "is retracted first": Status.RETRACTED}.get(way, status)
    assert case.assets.filter(pk=asset.pk).exists() == stays
    (here,) = right.assets.all()
    assert (here.declared_sha256, here.original, here.pk == asset.pk) == (
        asset.declared_sha256,
        asset.original,
        not stays,
    )
    verb = "copied" if stays else "moved"
    for one, kind, other in ((case, f"file_{verb}_away", right), (right, f"file_{verb}_here", case)):
        details = one.events.get(kind=kind).details
        assert (details["reason"], details.get("to", details.get("from"))) == (WHY, other.label)
    assert list(case.submissions.values_list("digest", flat=True)) == versions


def test_no_state_is_forgotten():
    assert set(WAYS) == set(Status)


def test_the_dentist_who_reads_it_is_told_who_took_it_back_and_why(world, hana, right):
    case = cast.case_at(world, Status.IN_REVIEW)
    review = cast.write(world, case, WHEN)
    correcting.put_right(actor=hana, asset=picture_of(case, hana), to=right, reason=WHY, at=WHEN)
    with pytest.raises(Refused, match=f"Hana Okafor took this case back: {WHY}"):
        reviewing.save_review(
            actor=world.of("dev"), review=review, version=review.version, at=WHEN, conclusions="More words"
        )
    case.refresh_from_db()
    assert (case.reader, case.lease_until) == (None, None)
    event = case.events.get(kind="call_back")
    assert (event.details["reader"], event.details["to"]) == ("Dr. Dev Halloran", right.label)


def test_what_came_back_is_submitted_again_without_the_picture_and_the_draft_is_kept(world, hana, right):
    case = cast.case_at(world, Status.IN_REVIEW)
    cast.write(world, case, WHEN)
    due = case.due_at
    asset = picture_of(case, hana)
    correcting.put_right(actor=hana, asset=asset, to=right, reason=WHY, at=WHEN)
    case.refresh_from_db()
    submission = cast.submitting.submit_case(actor=hana, case=case, at=WHEN)
    assert submission.version == 2
    assert str(asset.public_id) not in {one["public_id"] for one in submission.content["images"]}
    case.refresh_from_db()
    assert case.due_at == due  # the family's due time never pauses
    again = reviewing.start_review(actor=world.of("dev"), case=case, at=WHEN)
    assert again.conclusions == cast.REVIEW["conclusions"]
    assert [view.asset_id for view in again.views.all()] == [one.pk for one in case.assets.all()]
    assert may(world.of("dev"), "write_review", Case.objects.get(pk=case.pk), at=WHEN)


def test_a_hygienist_of_another_site_takes_nothing_back(world, right):
    case = cast.case_at(world, Status.SUBMITTED)
    with pytest.raises(Refused):
        correcting.put_right(
            actor=world.of("bo"), asset=picture_of(case, world.of("hana")), to=right, reason=WHY, at=WHEN
        )
    case.refresh_from_db()
    assert case.status == Status.SUBMITTED


# --- after a retraction ---------------------------------------------------------------------------------------------


@pytest.fixture
def retracted(world):
    return cast.case_at(world, Status.RETRACTED)


def test_a_copy_is_examined_anew_and_not_held_for_the_bytes_it_was_copied_from(hana, right, retracted):
    correcting.put_right(actor=hana, asset=picture_of(retracted, hana), to=right, reason=WHY, at=WHEN)
    copy = right.assets.get()
    assert (copy.state, copy.declared_by.name) == (AssetState.RECEIVED, "Hana Okafor")
    assert Job.objects.filter(kind="cases.examine_asset", dedupe_key=f"cases.examine_asset:{copy.pk}").exists()
    assert hold_of(copy, right, {}) is None
    stranger = cast.put_file(right, hana, view="left", content=b"someone else's")
    Asset.objects.filter(pk=stranger.pk).update(declared_sha256=retracted.assets.last().declared_sha256)
    stranger.refresh_from_db()
    assert hold_of(stranger, right, {}).code == "bytes-elsewhere"


def test_the_same_picture_is_copied_once(hana, right, retracted):
    asset = picture_of(retracted, hana)
    correcting.put_right(actor=hana, asset=asset, to=right, reason=WHY, at=WHEN)
    with pytest.raises(Refused, match="already in that case"):
        correcting.put_right(actor=hana, asset=asset, to=right, reason=WHY, at=WHEN)


def correct(hana, retracted, patient=None, pictures=()):
    return correcting.open_corrected(
        actor=hana,
        case=retracted,
        patient=patient or retracted.patient,
        pictures=[one.public_id for one in pictures],
        at=WHEN,
    )


def test_a_corrected_case_takes_answers_marks_and_the_pictures_that_are_right(hana, retracted):
    _, fine = retracted.assets.order_by("pk")
    made = correct(hana, retracted, pictures=[fine])
    assert (made.status, made.follows, made.follows_because) == (Status.DRAFT, retracted, "correction")
    assert (made.answers, made.urgency, made.day_seen) == (retracted.answers, retracted.urgency, retracted.day_seen)
    assert [(one.tooth, one.condition) for one in made.findings.all()] == [("LLD", "decay")]
    assert [(one.declared_sha256, one.view) for one in made.assets.all()] == [(fine.declared_sha256, fine.view)]
    assert retracted.events.get(kind="corrected").details["by"] == made.label
    assert made.events.get(kind="opened").details["follows"] == retracted.label
    assert retracted.assets.count() == 2


def test_a_corrected_case_takes_the_icdas_scores_too(world, hana):
    case = cast.case_at(world)
    case.findings.create(tooth="UR6", condition="decay", surfaces="O", icdas="5", note="Cavity")
    for step, reach in ((1, cast.submit), (2, cast.start), (3, cast.sign), (4, cast.retract)):
        reach(world, case, cast.AT + timedelta(minutes=10 * step))
        case.refresh_from_db()
    made = correct(hana, case)
    assert [(one.tooth, one.icdas, one.note) for one in made.findings.order_by("pk")] == [
        ("UR6", "5", "Cavity"),
        ("LLD", "", ""),
    ]


def test_a_second_tap_finds_the_corrected_case_and_a_withdrawn_one_leaves_the_way_free(world, hana, retracted):
    made = correct(hana, retracted)
    assert correct(hana, retracted) == made
    cast.withdraw(world, made, WHEN)
    assert correct(hana, retracted) != made


def test_a_case_of_another_child_is_corrected_for_that_child(world, hana, retracted, right):
    made = correct(hana, retracted, patient=right.patient, pictures=retracted.assets.all())
    assert made.patient == right.patient
    assert made.assets.count() == 2


def test_a_corrected_case_goes_the_whole_way_again(world, hana, retracted):
    made = correct(hana, retracted, pictures=retracted.assets.all())
    made.assets.update(state=AssetState.EXAMINED, examined_at=WHEN)
    made.refresh_from_db()
    cast.submitting.submit_case(actor=hana, case=made, at=WHEN)
    cast.start(world, made, WHEN)
    cast.sign(world, made, WHEN)
    assert Case.objects.get(pk=made.pk).status == Status.SIGNED
    assert Review.objects.filter(signed_at__isnull=False).count() == 2


@pytest.mark.parametrize("status", [Status.SIGNED, Status.WITHDRAWN])
def test_only_a_retracted_case_is_corrected(world, hana, status):
    case = cast.case_at(world, status)
    with pytest.raises(Refused, match="retracts"):
        correct(hana, case)
