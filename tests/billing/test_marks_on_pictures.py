"""The dentist's marks go out in the claim's pictures only where the front desk chose it, and then they say whose they are."""

import io
import json
from datetime import timedelta

import numpy as np
import pytest
from django.test import Client
from PIL import Image

from billing import composing
from billing.actions import exporting
from billing.actions.marking import choose_marks
from billing.attachments import signed_marks
from cases.actions import annotating
from cases.models import Derivative, Review
from teledent.files.storage import open_streaming
from teledent.jobs.decoder import ChildFailed, in_child
from teledent.kit.decisions import Refused
from tests import cast
from tests.billing import cast as money
from tests.services.standing import built_once


@built_once
def claim(desk):
    """A ready claim whose frontal picture bears a circle of the dentist."""
    world, patient = desk.world, cast.make_patient(desk.world)
    money.cover(desk, patient)
    case, at = cast.case_at(world, "in_review", patient=patient), money.AT + timedelta(minutes=25)
    frontal = case.assets.get(view="frontal")
    annotating.annotate(
        actor=world.of("dev"), review=Review.objects.get(case=case), asset=frontal, kind="circle", start=(80, 60), end=(110, 60),
        size=(160, 120), at=at,
    )  # fmt: skip
    cast.sign(world, case, at)
    money.give_pictures(case)
    money.run_jobs()
    return money.claims_of(case)["dentist"]


def frontal_in(files):
    """Its entry in the manifest, and its picture."""
    (claim,) = json.loads(files["manifest.json"])["claims"]
    (entry,) = (file for part in claim["attachments"] for file in part["files"] if file.get("view") == "Frontal")
    return entry, files[entry["file"]]


def stored_frontal():
    (row,) = Derivative.objects.filter(recipe="claim", asset__view="frontal").select_related("file")
    return b"".join(open_streaming(row.file.key))


def test_without_a_choice_the_picture_goes_out_byte_for_byte(desk, claim):
    entry, content = frontal_in(money.unzipped(money.exported(desk)))
    assert (entry["annotated"], content) == (False, stored_frontal())


def test_with_the_choice_the_copy_shows_the_circle_and_a_band(desk, claim):
    choose_marks(actor=desk.rita, claim=claim, drawn=True, at=money.LATER)
    entry, content = frontal_in(money.unzipped(money.exported(desk)))
    assert entry["annotated"] is True
    with Image.open(io.BytesIO(content)) as opened:
        pixels = np.asarray(opened.convert("RGB")).astype(int)
    assert pixels.shape[0] > 120
    yellow = np.argwhere((pixels[:120, :, 0] - pixels[:120, :, 2]) > 60)
    assert (yellow[:, 1].min(), yellow[:, 1].max()) == pytest.approx((50, 110), abs=5)
    assert stored_frontal() != content  # the derivative itself was not touched
    with Image.open(io.BytesIO(stored_frontal())) as untouched:
        assert untouched.size == (160, 120)


def test_the_choice_is_made_on_the_claims_page_and_told_on_its_timeline(desk, claim):
    client = Client()
    client.force_login(desk.rita.person)
    page = f"/claims/{claim.public_id}/"
    assert "Draw the marks in" in client.get(page).content.decode()
    client.post(f"{page}marks/", {"drawn": "yes"})
    text = client.get(page).content.decode()
    assert "Leave the marks off" in text
    assert "has the dentist&#x27;s marks drawn into the pictures" in text


def test_a_claim_that_went_out_keeps_its_choice(desk, claim):
    money.exported(desk)
    with pytest.raises(Refused):
        choose_marks(actor=desk.rita, claim=claim, drawn=True, at=money.LATER)


def test_marks_that_cannot_be_drawn_hold_this_claim_and_say_so(desk, claim, monkeypatch):
    """One broken picture does not hold up the other claims, nor fail the whole export."""
    choose_marks(actor=desk.rita, claim=claim, drawn=True, at=money.LATER)

    def broken(target, **said):
        if target == composing.BURN:
            raise ChildFailed("error", "ValueError")
        return in_child(target, **said)

    monkeypatch.setattr(composing, "in_child", broken)
    export = exporting.export_claims(actor=desk.rita, receiver=desk.receiver, at=money.LATER)
    money.run_jobs()
    export.refresh_from_db()
    claim.refresh_from_db()
    assert (export.state, claim.status) == ("empty", "blocked")
    assert "marks could not be drawn into “Frontal”" in claim.problems[-1]["sentence"]


def test_the_caption_bears_the_day_of_the_claims_zone(desk, claim):
    assert "signed 17 Nov 2026" in composing.marks_caption(claim.case_id, zone="America/Los_Angeles")
    assert "signed 18 Nov 2026" in composing.marks_caption(claim.case_id, zone="Pacific/Kiritimati")


def test_marks_on_what_does_not_go_out_are_not_counted(claim):
    """A slate bears a name and stands in no packet; nothing is drawn into it."""
    content = claim.case.signature.content
    slate = {**content["images"][0], "image": "slate", "view": "slate"}
    mark = {**content["review"]["annotations"][0], "image": "slate"}
    review = {**content["review"], "annotations": [*content["review"]["annotations"], mark]}
    assert len(signed_marks({**content, "images": [*content["images"], slate], "review": review})) == 1
