"""A referral: to an office of the directory, with what was chosen, stopped with consent and retraction, and listed."""

import io
import uuid
import zipfile

import pytest

from cases.actions import consenting, referring
from cases.actions.referring import PACK
from cases.models import Asset, Derivative, Referral, ReferralPlace, Scope
from cases.recipients import recipients_of
from cases.states import Status
from teledent.files import keeping
from teledent.kit import clock
from teledent.kit.decisions import Refused
from tests import cast
from tests.after.working import work
from tests.printing.reading import page_texts


@pytest.fixture
def office(world):
    place = ReferralPlace(
        practice=world.practice, name="Mill Street Dental", specialty="Children's dentist", phone="541-555-0160", street="9 Mill Street",
        city="Springfield", state="OR", zip_code="97477", fax="541-555-0161",
    )  # fmt: skip
    return referring.save_place(actor=world.of("rita"), place=place, at=clock.now())


def refer(world, case, office, name="rita", **said):
    defaults = {"urgency": "urgent", "reason": "Please see tooth L, pain on cold", "pictures": [], "at": clock.now()}
    return referring.refer(actor=world.of(name), case=case, place=office, **(defaults | said))


def with_claim_pictures(case):
    for asset in Asset.objects.filter(case=case):
        file = keeping.record(keeping.keep([b"jpeg of ", asset.view.encode()], folder="derivatives"), at=clock.now())
        Derivative.objects.create(
            asset=asset, recipe="claim", recipe_version=1, file=file, width=1, height=1, mirrored=False
        )
    return [asset.public_id for asset in Asset.objects.filter(case=case).order_by("pk")]


def test_it_is_packed_handed_out_and_sent_once(world, case_at, client_of, office, tmp_path):
    case, rita = case_at(Status.SIGNED), client_of("rita")
    frontal, _ = with_claim_pictures(case)
    assert "Mill Street Dental" in rita.get(f"/cases/{case.public_id}/refer/").content.decode()
    answer = rita.post(f"/cases/{case.public_id}/refer/", {
        "place": office.public_id, "urgency": "urgent", "reason": "Please see tooth L", "pictures": [frontal]})  # fmt: skip
    row = Referral.objects.get()
    assert answer["Location"] == f"/follow-up/referrals/{row.public_id}/"
    assert rita.get(f"/follow-up/referrals/{row.public_id}/zip/").status_code == 422
    assert rita.post(f"/follow-up/referrals/{row.public_id}/sent/", {"how": "Fax"}).status_code == 409
    work(PACK)
    package = zipfile.ZipFile(
        io.BytesIO(b"".join(rita.get(f"/follow-up/referrals/{row.public_id}/zip/").streaming_content))
    )
    assert package.namelist() == ["letter.pdf", "report.pdf", "pictures/01_frontal_1.jpg"]
    assert package.read("pictures/01_frontal_1.jpg") == b"jpeg of frontal"
    path = tmp_path / "letter.pdf"
    path.write_bytes(package.read("letter.pdf"))
    letter = " ".join(page_texts(path))
    for said in (
        "Referral to Mill Street Dental",
        "Urgent: within two days",
        "Please see tooth L",
        "541-555-0161",
        "Lucia Villanueva",
    ):
        assert said in letter
    assert rita.post(f"/follow-up/referrals/{row.public_id}/sent/", {"how": "Fax"}).status_code == 302
    assert rita.post(f"/follow-up/referrals/{row.public_id}/sent/", {"how": "Fax"}).status_code == 409
    assert [event.kind for event in case.events.order_by("-seq")[:2]] == ["referral_sent", "referred"]


def test_what_the_directory_said_then_stays_with_the_referral(world, case_at, office):
    row = refer(world, case_at(Status.SIGNED), office)
    office.phone = "541-555-0999"
    referring.save_place(actor=world.of("olu"), place=office, at=clock.now())
    row.refresh_from_db()
    assert row.to["phone"] == "541-555-0160"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [({"reason": "x"}, "asked to do"), ({"reason": "No cavities, all teeth healthy."}, "cannot be concluded"),
     ({"pictures": [uuid.uuid4()]}, "cannot go along")],
)  # fmt: skip
def test_what_is_refused_leaves_nothing(world, case_at, office, said, sentence):
    with pytest.raises(Refused, match=sentence):
        refer(world, case_at(Status.SIGNED), office, **said)
    assert not Referral.objects.exists()


def test_an_office_that_is_not_offered_any_more_gets_none(world, case_at, office):
    ReferralPlace.objects.update(in_use=False)
    office.refresh_from_db()
    with pytest.raises(Refused, match="directory"):
        refer(world, case_at(Status.SIGNED), office)


def test_withdrawn_consent_and_retraction_stop_it(world, case_at, client_of, office):
    withdrawn, retracted = case_at(Status.SIGNED), case_at(Status.SIGNED, patient=cast.make_patient(world, given="Ada"))
    rows = [refer(world, case, office) for case in (withdrawn, retracted)]
    work(PACK)
    consenting.withdraw_consent(
        actor=world.of("rita"),
        patient=withdrawn.patient,
        scope=Scope.TELEDENTISTRY,
        reason="The father wrote",
        at=clock.now(),
    )
    cast.retract(world, retracted, clock.now())
    for row in rows:
        assert client_of("rita").get(f"/follow-up/referrals/{row.public_id}/zip/").status_code == 422
        assert client_of("rita").post(f"/follow-up/referrals/{row.public_id}/sent/", {"how": "Fax"}).status_code == 422
    assert "Mill Street Dental" in [one.who for one in recipients_of(retracted)]
    with pytest.raises(Refused, match="No consent"):
        refer(world, withdrawn, office)


def test_two_offices_of_one_name_are_refused_in_words(world, office, client_of):
    said = {
        "name": office.name,
        "specialty": "Oral surgeon",
        "street": "1 A",
        "city": "B",
        "state": "OR",
        "zip_code": "97477",
        "phone": "1",
    }
    page = client_of("olu").post("/follow-up/places/add/", said)
    assert page.status_code == 422
    assert "in the directory already" in page.content.decode()
