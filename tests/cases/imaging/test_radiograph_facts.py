"""What a radiograph says of itself: person, time, device, geometry."""

from typing import Any

import pytest

from tests.corpus import radiographs as corpus


@pytest.fixture
def facts(process):
    def say(**attributes: Any) -> Any:
        return process(corpus.radiograph(corpus.ramp(12), bits=12, **attributes)).facts

    return say


def test_the_person_is_named_by_components(facts):
    person = facts(PatientName="Okafor^Ada^Lin^Dr^Jr", IssuerOfPatientID="North District")["identity"]
    assert (person["family_name"], person["given_name"], person["middle_name"]) == ("Okafor", "Ada", "Lin")
    assert (person["name_prefix"], person["name_suffix"]) == ("Dr", "Jr")
    assert (person["patient_id"], person["patient_id_issuer"]) == ("PUPIL-0042", "North District")
    assert person["birth_date"] == "2016-02-29"


def test_a_name_in_another_script_keeps_its_three_forms(facts):
    name = "Yamada^Tarou=山田^太郎=やまだ^たろう"
    person = facts(SpecificCharacterSet="ISO_IR 192", PatientName=name)["identity"]
    assert (person["family_name"], person["ideographic_name"]) == ("Yamada", "山田^太郎")
    assert person["phonetic_name"] == "やまだ^たろう"


@pytest.mark.parametrize("said", ["", "20170229", "unknown"])
def test_a_birth_date_that_is_no_day_is_none(process, said):
    film = corpus.radiograph(corpus.ramp(12), bits=12)
    other = film.replace(b"\x10\x00\x30\x00DA\x08\x0020160229", b"\x10\x00\x30\x00DA\x08\x00" + said.encode().ljust(8))
    assert process(other).facts["identity"]["birth_date"] is None


def test_acquisition_date_and_time_with_the_stated_zone(facts):
    said = facts(AcquisitionDate="20261103", AcquisitionTime="091405.25", TimezoneOffsetFromUTC="-0500")["captured_at"]
    assert said == {"local": "2026-11-03T09:14:05.25", "offset": "-05:00", "source": "AcquisitionDate"}


def test_the_acquisition_moment_goes_first_with_its_own_zone(facts):
    said = facts(AcquisitionDateTime="20261103091405+0100", ContentDate="20200101", ContentTime="000000")["captured_at"]
    assert said == {"local": "2026-11-03T09:14:05", "offset": "+01:00", "source": "AcquisitionDateTime"}


def test_content_time_without_zone_stays_without_zone(facts):
    said = facts(ContentDate="20261103", ContentTime="091405")["captured_at"]
    assert said == {"local": "2026-11-03T09:14:05", "offset": None, "source": "ContentDate"}


def test_a_date_without_time_is_no_capture_time(facts):
    assert facts(AcquisitionDate="20261103")["captured_at"] is None


@pytest.mark.parametrize(("modality", "source"), [("IO", "PixelSpacing"), ("PX", "ImagerPixelSpacing")])
def test_spacing_says_which_attribute_it_came_from(facts, modality, source):
    found = facts(Modality=modality, PixelSpacing=[0.02, 0.02], ImagerPixelSpacing=[0.1, 0.1])["radiograph"]
    assert found["pixel_spacing"]["source"] == source


def test_windows_device_side_and_ids_are_kept(facts):
    said = facts(
        WindowCenter=[2048, 1000], WindowWidth=[4096, 500], WindowCenterWidthExplanation=["whole", "bone"],
        ImageLaterality="L", DeviceSerialNumber="S-9", BurnedInAnnotation="YES",
    )  # fmt: skip
    windows = said["radiograph"]["windows"]
    assert [(one["center"], one["width"], one["explanation"]) for one in windows] == [
        (2048, 4096, "whole"),
        (1000, 500, "bone"),
    ]
    assert (said["radiograph"]["laterality"], said["radiograph"]["burned_in_annotation"]) == ("L", True)
    assert (said["device"]["make"], said["device"]["serial"]) == ("Invented Sensors", "S-9")
    assert (said["radiograph"]["sop_instance"], said["radiograph"]["study_instance"]) == ("2.25.101", "2.25.102")


def test_losses_in_the_past_are_told(facts):
    assert facts(LossyImageCompression="01")["lossy"] is True


def test_control_characters_never_reach_the_facts(facts):
    assert (
        facts(SpecificCharacterSet="ISO_IR 192", Manufacturer="In\x00ven\tted\u202e")["device"]["make"] == "In ven ted"
    )


def test_a_mirrored_radiograph_is_turned_as_well(process):
    done = process(corpus.radiograph(corpus.ramp(12), bits=12), mirrored=True)
    review = done.picture("review")
    assert review.getpixel((0, 0)) > review.getpixel((review.width - 1, 0))


@pytest.mark.parametrize("modality", ["IO", "PX", "DX", "CR"])
def test_dental_modalities_are_shown(process, modality):
    assert process(corpus.radiograph(corpus.ramp(8), bits=8, Modality=modality)).code == "ok"


@pytest.mark.parametrize(("stored", "high"), [(12, 15), (17, 16), (0, 0)])
def test_depths_that_cannot_be_read_faithfully_are_refused(process, stored, high):
    film = corpus.radiograph(corpus.ramp(12), bits=12, BitsStored=stored, HighBit=high)
    assert process(film).code == "pixel-format"
