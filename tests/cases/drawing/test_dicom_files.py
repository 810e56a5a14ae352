"""DICOM files give back the values that went in, and say whose and what they are."""

from datetime import date, datetime, timedelta, timezone
from io import BytesIO

import numpy as np
import pydicom
import pytest
from pydicom import uid

from cases.drawing.dicom_file import COMPRESSED, NATIVE, as_dicom

AT = datetime(2026, 11, 17, 10, 52, 7, tzinfo=timezone(timedelta(hours=-5)))
RAMP = (np.arange(61 * 85, dtype=np.int64).reshape(61, 85) * 65535 // (61 * 85 - 1)).astype(np.uint16)


def _file(bits=12, view="bitewing_left", **more):
    return as_dicom(
        RAMP >> (16 - bits),
        view=view,
        patient_name="Villanueva-Reyes^Mateo",
        patient_id="AC-20417",
        birth_date=date(2018, 3, 14),
        captured_at=AT,
        bits_stored=bits,
        **more,
    )


@pytest.mark.parametrize("bits", [8, 12, 14, 16])
@pytest.mark.parametrize("syntax", [*NATIVE, *COMPRESSED])
def test_a_reader_finds_the_written_values(syntax, bits):
    dataset = pydicom.dcmread(BytesIO(_file(bits, transfer_syntax=syntax)))
    assert dataset.file_meta.TransferSyntaxUID == syntax
    assert dataset.BitsStored == bits
    assert np.array_equal(dataset.pixel_array, RAMP >> (16 - bits))


def test_monochrome1_is_written_inverted():
    dataset = pydicom.dcmread(BytesIO(_file(photometric="MONOCHROME1")))
    assert dataset.PhotometricInterpretation == "MONOCHROME1"
    assert np.array_equal(dataset.pixel_array, 4095 - (RAMP >> 4))


def test_the_header_says_whose_picture_it_is_and_when_it_was_taken():
    dataset = pydicom.dcmread(BytesIO(_file()))
    assert (str(dataset.PatientName), dataset.PatientID) == ("Villanueva-Reyes^Mateo", "AC-20417")
    assert dataset.PatientBirthDate == "20180314"
    assert (dataset.AcquisitionDate, dataset.AcquisitionTime) == ("20261117", "105207")
    assert dataset.TimezoneOffsetFromUTC == "-0500"
    assert list(dataset.PixelSpacing) == [0.02, 0.02]


@pytest.mark.parametrize(
    ("view", "modality", "side"),
    [("bitewing_left", "IO", "L"), ("bitewing_right", "IO", "R"), ("panoramic", "PX", "B")],
)
def test_each_view_has_its_kind_and_side(view, modality, side):
    dataset = pydicom.dcmread(BytesIO(_file(view=view)))
    assert (dataset.Modality, dataset.ImageLaterality) == (modality, side)
    expected = uid.DigitalXRayImageStorageForPresentation if modality == "PX" else None
    assert dataset.SOPClassUID == (expected or uid.DigitalIntraOralXRayImageStorageForPresentation)


@pytest.mark.parametrize("tooth", [f"{q}{p}" for q in range(1, 9) for p in range(1, 6 if q > 4 else 9)])
def test_a_periapical_file_names_its_tooth_jaw_and_side(tooth):
    dataset = pydicom.dcmread(BytesIO(_file(view="periapical", tooth=tooth)))
    meaning = dataset.PrimaryAnatomicStructureSequence[0].CodeMeaning.lower()
    assert ("right" if tooth[0] in "1458" else "left") in meaning
    assert ("maxillary" if tooth[0] in "1256" else "mandibular") in meaning
    assert ("deciduous" in meaning) is (tooth[0] in "5678")
    assert dataset.AnatomicRegionSequence[0].CodeMeaning == ("Maxilla" if tooth[0] in "1256" else "Mandible")


def test_the_same_input_gives_the_same_bytes_and_one_study_a_day():
    first, second = (pydicom.dcmread(BytesIO(_file(view=view))) for view in ("bitewing_left", "bitewing_right"))
    assert _file() == _file()
    assert first.StudyInstanceUID == second.StudyInstanceUID
    assert first.SOPInstanceUID != second.SOPInstanceUID


def test_values_that_do_not_fit_and_lossy_syntaxes_are_refused():
    with pytest.raises(ValueError, match="8 bits"):
        as_dicom(
            RAMP,
            view="periapical",
            patient_name="A^B",
            patient_id="1",
            birth_date=AT.date(),
            captured_at=AT,
            bits_stored=8,
        )
    with pytest.raises(ValueError, match="not written as JPEG Baseline"):
        _file(transfer_syntax=uid.JPEGBaseline8Bit)
