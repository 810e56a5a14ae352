"""A file that may be another child's waits for a person with a reason; a picture on the wrong child is moved (ID-2, ID-3)."""

import hashlib
import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse

from cases import matching
from cases.actions import files, registering, signing
from cases.models import Asset, AssetState, Patient
from teledent.kit.decisions import Refused
from tests import cast
from tests.capture.conftest import page_of, save, send, words, work
from tests.capture.drawn import local, photograph, radiograph

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world):
    return cast.case_at(world)


@pytest.fixture
def juniper(world):
    return cast.case_at(world, patient=cast.make_patient(world, given="Juniper", family="Tran", born=date(2019, 6, 2)))


@pytest.fixture
def held(case, hana):
    asset = send(
        hana, case, radiograph("TRAN^JUNIPER", born=date(2019, 6, 2), patient_id="AC-20433"), view="bitewing-left"
    )
    work()
    asset.refresh_from_db()
    assert asset.is_held
    return asset


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (radiograph(born=date(2019, 6, 2)), "born 2 Jun 2019"),
        (radiograph("TRAN^JUNIPER"), "TRAN"),
        (radiograph(patient_id="AC-1"), "AC-1"),
        (photograph(local(14, 9, 0)), "taken on 14 Nov 2026"),
    ],
)
def test_a_file_that_disagrees_with_the_banner_is_held_and_says_why(case, hana, content, sentence):
    send(hana, case, content, view="frontal")
    work()
    page = words(hana.get(page_of(case)))
    assert "until you say so" in page
    assert sentence in page


def test_bytes_that_are_on_another_patient_are_held(case, juniper, hana):
    for each in (case, juniper):
        send(hana, each, photograph(None), view="frontal")
        work()
    assert "already on another patient" in words(hana.get(page_of(juniper)))


def test_saying_it_is_this_child_needs_a_reason_and_is_on_the_timeline(case, hana, held):
    address = reverse("capture-file-accept", args=[held.public_id])
    assert hana.post(address, {"reason": "."}).status_code == 422
    hana.post(address, {"reason": "The sensor still had Juniper open"})
    held.refresh_from_db()
    assert not held.is_held
    event = case.events.get(kind="held_file_accepted")
    assert event.details["reason"] == "The sensor still had Juniper open"


def test_moving_it_puts_the_reason_on_both_timelines(case, juniper, hana, held):
    page = hana.get(page_of(case)).content.decode()
    assert f'value="{juniper.public_id}"' in page
    said = {"to": str(juniper.public_id), "reason": "The sensor still had Juniper open"}
    hana.post(reverse("capture-file-move", args=[held.public_id]), said)
    held.refresh_from_db()
    assert held.case == juniper
    for moved_case, kind in ((case, "file_moved_away"), (juniper, "file_moved_here")):
        assert moved_case.events.get(kind=kind).details["reason"] == said["reason"]


def test_a_picture_moves_only_into_an_open_case_of_her_own_sites(world, case, elsewhere, hana, held):
    foreign = cast.case_at(elsewhere)
    sent = cast.case_at(world, "submitted", patient=cast.make_patient(world, given="Noor"))
    address = reverse("capture-file-move", args=[held.public_id])
    assert hana.post(address, {"to": str(foreign.public_id), "reason": "Wrong case chosen"}).status_code == 404
    assert hana.post(address, {"to": str(sent.public_id), "reason": "Wrong case chosen"}).status_code == 422
    held.refresh_from_db()
    assert held.case == case


def test_a_picture_that_is_not_held_can_be_moved_too(case, juniper, hana):
    asset = send(hana, case, photograph(None), view="frontal")
    address = reverse("capture-file-move", args=[asset.public_id])
    assert "Juniper Tran" in words(hana.get(address))
    hana.post(address, {"to": str(juniper.public_id), "reason": "Wrong case chosen"})
    assert juniper.assets.get() == asset


@pytest.mark.parametrize("status", ["withdrawn", "stopped"])
def test_a_picture_leaves_a_case_that_ended_without_a_signature(world, juniper, hana, status):
    case = cast.case_at(world, status)
    asset = case.assets.get(view="lower")
    address = reverse("capture-file-move", args=[asset.public_id])
    assert address in hana.get(page_of(case)).content.decode()
    hana.post(address, {"to": str(juniper.public_id), "reason": "The camera still named the child before"})
    asset.refresh_from_db()
    assert asset.case == juniper
    assert case.events.get(kind="file_moved_away").details["to"] == juniper.label
    assert juniper.events.get(kind="file_moved_here").details["from"] == case.label


def test_a_picture_of_a_signed_case_stays_and_it_says_what_to_do(world, juniper, hana):
    case = cast.case_at(world, "signed")
    asset = case.assets.get(view="lower")
    said = {"to": str(juniper.public_id), "reason": "Wrong case chosen"}
    answer = hana.post(reverse("capture-file-move", args=[asset.public_id]), said)
    assert answer.status_code == 422
    assert "retracts it" in words(answer)
    asset.refresh_from_db()
    assert asset.case == case


def test_a_picture_leaves_an_ended_case_by_a_hygienist_of_its_site_only(world):
    case = cast.case_at(world, "withdrawn")
    there = cast.case_at(world, patient=cast.make_patient(world, given="Noor"))
    type(there).objects.filter(pk=there.pk).update(site=world.other_school)
    with pytest.raises(Refused):
        files.move_file(
            actor=world.of("bo"), asset=case.assets.first(), to=there, reason="Wrong case chosen", at=cast.AT
        )


def test_a_picture_moved_to_a_child_it_does_not_name_is_held_there_too(world, case, hana, held):
    noor = cast.case_at(world, patient=cast.make_patient(world, given="Noor", family="Aydin", born=date(2018, 9, 1)))
    address = reverse("capture-file-move", args=[held.public_id])
    hana.post(address, {"to": str(noor.public_id), "reason": "Wrong case chosen"})
    held.refresh_from_db()
    assert (held.case, held.hold_code) == (noor, "other-birth-date")


def test_a_picture_moved_to_the_child_it_names_is_held_no_longer(case, juniper, hana, held):
    Patient.objects.filter(pk=juniper.patient.pk).update(pupil_id="AC-20433")
    address = reverse("capture-file-move", args=[held.public_id])
    hana.post(address, {"to": str(juniper.public_id), "reason": "The sensor still had Juniper open"})
    held.refresh_from_db()
    assert not held.is_held


def examined(world, case, **said):
    """A picture in the case whose file says this of itself."""
    asset = cast.put_file(case, world.of("hana"), view="upper")
    examination = {"identity": None, "captured_at": {"local": "2026-11-17T10:31:00", "offset": None}, **said}
    Asset.objects.filter(pk=asset.pk).update(examination=examination)
    return asset


def see_on(client, case, day):
    return save(client, case, "why", why="no_dentist", day_seen=day, patient_place="site", patient_state="OR")


def test_another_day_seen_holds_the_pictures_that_say_otherwise_and_the_right_one_frees_them(world, case, hana):
    asset = examined(world, case)
    answer = see_on(hana, case, "2026-11-03")
    assert "taken on 17 Nov 2026, the patient was seen on 3 Nov 2026" in words(answer)
    asset.refresh_from_db()
    assert asset.hold_code == "other-day"
    assert case.events.get(kind="file_held").details["code"] == "other-day"
    assert "until you say so" not in words(see_on(hana, case, "2026-11-17"))
    asset.refresh_from_db()
    assert not asset.is_held
    assert case.events.filter(kind="hold_lifted").exists()


def test_what_a_person_accepted_is_not_asked_again_when_the_day_changes(world, case, hana):
    asset = examined(world, case)
    see_on(hana, case, "2026-11-03")
    hana.post(reverse("capture-file-accept", args=[asset.public_id]), {"reason": "The camera's clock is off"})
    see_on(hana, case, "2026-11-04")
    asset.refresh_from_db()
    assert not asset.is_held


def test_what_was_accepted_is_decided_anew_when_it_comes_back_from_another_child(world, case, juniper, hana):
    asset = examined(world, case)
    see_on(hana, case, "2026-11-03")
    hana.post(reverse("capture-file-accept", args=[asset.public_id]), {"reason": "The camera's clock is off"})
    for to in (juniper, case):
        said = {"to": str(to.public_id), "reason": "The names were mixed up"}
        hana.post(reverse("capture-file-move", args=[asset.public_id]), said)
    see_on(hana, case, "2026-11-04")
    asset.refresh_from_db()
    assert "seen on 4 Nov 2026" in asset.hold_reason


BEFORE, AFTER = date(2018, 3, 14), date(2018, 4, 13)


def correct(world, patient, born):
    registering.correct_patient(
        actor=world.of("hana"), patient=patient, site=world.school, details={"birth_date": born}, at=cast.AT
    )


def says(case, identity):
    """Every picture of the case as if its file said this of itself."""
    Asset.objects.filter(case=case).update(examination={"identity": identity, "captured_at": None})


@pytest.mark.parametrize("status", ["draft", "submitted", "in_review", "needs_info"])
def test_a_corrected_birth_date_holds_and_frees_the_pictures_of_every_unsigned_case(world, status):
    case = cast.case_at(world, status)
    if status == "draft":
        cast.put_file(case, world.of("hana"), view="upper")
    says(case, {"birth_date": BEFORE.isoformat()})
    correct(world, case.patient, AFTER)
    assert set(case.assets.values_list("hold_code", flat=True)) == {"other-birth-date"}
    correct(world, case.patient, BEFORE)
    assert set(case.assets.values_list("hold_code", flat=True)) == {""}
    counted = case.assets.count()
    assert case.events.filter(kind="file_held").count() == case.events.filter(kind="hold_lifted").count() == counted


def test_a_corrected_birth_date_leaves_the_pictures_of_a_signed_case_as_they_were_signed(world):
    case = cast.case_at(world, "in_review")
    says(case, {"birth_date": BEFORE.isoformat()})
    cast.sign(world, case, cast.AT)
    correct(world, case.patient, AFTER)
    assert not case.assets.exclude(hold_reason="").exists()


def test_a_picture_held_while_it_is_read_is_announced_and_nothing_is_signed(world, as_person):
    case = cast.case_at(world, "in_review")
    review = cast.write(world, case, cast.AT)
    says(case, {"birth_date": BEFORE.isoformat()})
    correct(world, case.patient, AFTER)
    dev = as_person("dev")
    assert "2 pictures are held" in words(dev.post(reverse("reading-beat", args=[case.public_id]), {"received": "2"}))
    assert "Lower Held" in words(dev.get(reverse("reading-case", args=[case.public_id])))
    assert "born 14 Mar 2018" in words(dev.get(reverse("reading-sign", args=[case.public_id])))
    with pytest.raises(Refused, match="held"):
        signing.sign_review(
            actor=world.of("dev"), review=review, version=review.version, evaluation_code="D0140", no_live_contact=True,
            not_same_building=True, password=cast.PASSWORD, at=cast.AT + timedelta(minutes=1),
        )  # fmt: skip
    case.refresh_from_db()
    assert case.status == "in_review"


def test_an_adults_film_under_the_sensors_own_chart_number_is_hers(world, hana):
    adult = cast.make_patient(world, given="Ada", family="Brandt", born=date(1981, 7, 30))
    Patient.objects.filter(pk=adult.pk).update(pupil_id="")
    case = cast.case_at(world, patient=adult)
    film = send(hana, case, radiograph("BRANDT^ADA", born=date(1981, 7, 30), patient_id="4711"), view="bitewing-left")
    other = send(hana, case, radiograph("TRAN^ADA", born=date(1981, 7, 30), patient_id="4711"), view="bitewing-right")
    work()
    film.refresh_from_db()
    other.refresh_from_db()
    assert (film.state, film.hold_code) == ("examined", "")
    assert (other.hold_code, other.hold_reason) == ("other-name", "The file names “TRAN, ADA”.")


def test_a_sensor_that_was_given_the_number_of_the_case_agrees(case, hana):
    film = send(hana, case, radiograph(patient_id=case.label), view="bitewing-left")
    work()
    film.refresh_from_db()
    assert film.hold_code == ""


def test_every_reason_for_holding_a_picture_is_told_not_only_the_first(world, case, juniper, hana):
    identity = {"family_name": "Tran", "given_name": "Juniper", "birth_date": "2019-06-02", "patient_id": "AC-1"}
    asset = examined(world, case, identity=identity)
    cast.put_file(juniper, world.of("hana"), view="upper", content=b"the same")
    Asset.objects.filter(pk=asset.pk).update(declared_sha256=hashlib.sha256(b"the same").hexdigest())
    see_on(hana, case, "2026-11-03")
    asset.refresh_from_db()
    assert asset.hold_code == "bytes-elsewhere"
    for reason in ("already on another patient", "born 2 Jun 2019", "Tran, Juniper", "AC-1", "taken on 17 Nov 2026"):
        assert reason in asset.hold_reason


def test_reasons_longer_than_their_place_are_cut_and_say_so():
    hold = matching.together([matching.Hold("other-name", "The file names “x”." * 20), matching.BYTES_ELSEWHERE])
    assert (hold.code, len(hold.sentence), hold.sentence[-1]) == ("other-name", 300, "…")


def test_striking_off_needs_a_reason_and_keeps_the_bytes(case, hana, held):
    address = reverse("capture-file-strike", args=[held.public_id])
    assert hana.post(address, {"reason": ""}).status_code == 422
    hana.post(address, {"reason": "Taken twice"})
    held.refresh_from_db()
    assert (held.state, held.struck_reason) == (AssetState.STRUCK, "Taken twice")
    assert held.original is not None


def test_a_file_struck_off_says_why_on_the_record_and_no_longer_whom_it_named(world, case, hana, held):
    hana.post(reverse("capture-file-strike", args=[held.public_id]), {"reason": "Sent into the wrong case"})
    cast.submit(world, case, cast.AT)
    page = words(hana.get(reverse("record", args=[case.public_id]))).split("Timeline")[0]
    assert "Struck off Sent into the wrong case" in page
    assert "JUNIPER" not in page.upper()
    assert "Held" not in page


def test_a_file_whose_examination_failed_is_tried_again(case, hana):
    asset = send(hana, case, photograph(None), view="frontal")
    work()
    Asset.objects.update(state=AssetState.FAILED)
    assert "Try again" in words(hana.get(page_of(case)))
    hana.post(reverse("capture-file-retry", args=[asset.public_id]))
    work()
    asset.refresh_from_db()
    assert asset.state == AssetState.EXAMINED


@pytest.fixture
def imported(world):
    """A file that an import left without a patient."""
    return files.declare_file(
        actor=world.of("hana"),
        site=world.school,
        case=None,
        public_id=uuid.uuid4(),
        size=9,
        sha256="a" * 64,
        name="DSC_0007",
        at=cast.AT,
    )


def test_the_tray_shows_what_the_file_says_and_places_it_with_a_reason(case, hana, imported):
    said = {"identity": {"birth_date": "2019-06-02"}, "captured_at": {"local": "2026-11-17T09:05:00"}}
    Asset.objects.update(examination=said)
    page = words(hana.get(reverse("capture-tray")))
    assert "DSC_0007" in page
    assert "Taken 17 Nov 2026, 09:05:00" in page
    assert "Born 2 Jun 2019" in page
    said = {"to": str(case.public_id), "reason": "The slate before it names the child"}
    hana.post(reverse("capture-file-move", args=[imported.public_id]), said)
    assert case.assets.get() == imported
    assert "The tray is empty" in words(hana.get(reverse("capture-tray")))


def test_the_tray_of_a_site_is_its_hygienists_alone(as_person, elsewhere, imported):
    for stranger in (as_person("bo"), as_person("hana", elsewhere)):
        assert "The tray is empty" in words(stranger.get(reverse("capture-tray")))
        address = reverse("capture-file-strike", args=[imported.public_id])
        assert stranger.post(address, {"reason": "Taken twice"}).status_code == 404
