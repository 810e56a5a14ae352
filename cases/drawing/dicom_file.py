"""Radiographs as DICOM files, the way an imaging program exports them."""

from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom import uid
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from cases.drawing.radiograph import PIXEL_SPACING_MM, RadiographView

Stored = NDArray[np.uint8] | NDArray[np.uint16]
NATIVE = (uid.ExplicitVRLittleEndian, uid.ImplicitVRLittleEndian)
COMPRESSED = (uid.RLELossless, uid.JPEGLosslessSV1, uid.JPEG2000Lossless)


@dataclass(frozen=True)
class Device:
    """The sensor and the program behind it."""

    manufacturer: str = "Northlight Imaging"
    model: str = "NL Sensor 2"
    serial: str = "NL2-0417"
    software: str = "Chairside 4.2"


@dataclass(frozen=True)
class _Subject:
    """Whose picture it is; `name` in DICOM's form FAMILY^GIVEN."""

    name: str
    identifier: str
    birth_date: date


def as_dicom(
    pixels: NDArray[np.uint16],
    *,
    view: RadiographView | str,
    patient_name: str,
    patient_id: str,
    birth_date: date,
    captured_at: datetime,
    bits_stored: int,
    tooth: str | None = None,
    device: Device = Device(),
    photometric: str = "MONOCHROME2",
    transfer_syntax: str = uid.ExplicitVRLittleEndian,
    pixel_spacing: float = PIXEL_SPACING_MM,
) -> bytes:
    """An intra-oral (IO) or panoramic (PX) object for presentation, meta group and all.

    `pixels` are bright where the beam was stopped; for MONOCHROME1 they are written inverted, so that a reader shows
    the same picture. `patient_name` as FAMILY^GIVEN, `pixel_spacing` in mm, `tooth` (FDI) names a periapical's tooth.
    The identifiers follow from the content: same input, same bytes.
    ValueError for a transfer syntax that is not in NATIVE or COMPRESSED, or values that do not fit `bits_stored`.
    """
    if transfer_syntax not in (*NATIVE, *COMPRESSED):
        raise ValueError(f"radiographs are not written as {uid.UID(transfer_syntax).name}")
    if int(pixels.max()) >= 2**bits_stored:
        raise ValueError(f"the values need more than {bits_stored} bits")
    view, subject = RadiographView(view), _Subject(patient_name, patient_id, birth_date)
    stored = pixels if photometric == "MONOCHROME2" else 2**bits_stored - 1 - pixels
    stored = stored.astype(np.uint8 if bits_stored == 8 else np.uint16)
    dataset = _new_file(view, subject, captured_at, stored)
    _describe_patient(dataset, subject)
    _describe_study(dataset, view, captured_at)
    _describe_device(dataset, device)
    _describe_anatomy(dataset, view, tooth)
    _describe_image(dataset, stored, bits_stored, photometric, pixel_spacing)
    _put_pixels(dataset, stored, bits_stored, uid.UID(transfer_syntax))
    target = BytesIO()
    dataset.save_as(target, enforce_file_format=True)
    return target.getvalue()


def _new_file(view: RadiographView, subject: _Subject, captured_at: datetime, stored: Stored) -> FileDataset:
    panoramic = view is RadiographView.PANORAMIC
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = (
        uid.DigitalXRayImageStorageForPresentation if panoramic else uid.DigitalIntraOralXRayImageStorageForPresentation
    )
    day = f"{subject.identifier}|{captured_at:%Y%m%d}"
    instant = f"{day}|{view}|{captured_at.isoformat()}"
    content = stored.tobytes().hex()[:4096] + str(int(stored.sum(dtype=np.int64)))
    meta.MediaStorageSOPInstanceUID = uid.generate_uid(entropy_srcs=["instance", instant, content])
    dataset = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SOPClassUID = meta.MediaStorageSOPClassUID
    dataset.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    dataset.StudyInstanceUID = uid.generate_uid(entropy_srcs=["study", day])
    dataset.SeriesInstanceUID = uid.generate_uid(entropy_srcs=["series", instant])
    dataset.Modality = "PX" if panoramic else "IO"
    return dataset


def _describe_patient(dataset: Dataset, subject: _Subject) -> None:
    dataset.PatientName = subject.name
    dataset.PatientID = subject.identifier
    dataset.PatientBirthDate = subject.birth_date.strftime("%Y%m%d")
    dataset.PatientSex = ""
    dataset.PatientOrientation = ""


def _describe_study(dataset: Dataset, view: RadiographView, captured_at: datetime) -> None:
    day, time = captured_at.strftime("%Y%m%d"), captured_at.strftime("%H%M%S")
    for moment in ("Study", "Series", "Acquisition", "Content"):
        setattr(dataset, f"{moment}Date", day)
        setattr(dataset, f"{moment}Time", time)
    if captured_at.tzinfo is not None:
        dataset.TimezoneOffsetFromUTC = captured_at.strftime("%z")
    dataset.AccessionNumber = dataset.ReferringPhysicianName = dataset.StudyID = ""
    dataset.SeriesNumber = dataset.InstanceNumber = dataset.AcquisitionNumber = 1
    dataset.SeriesDescription = view.replace("_", " ").capitalize()
    dataset.AcquisitionContextSequence = Sequence()


def _describe_device(dataset: Dataset, device: Device) -> None:
    dataset.Manufacturer = device.manufacturer
    dataset.ManufacturerModelName = device.model
    dataset.DeviceSerialNumber = device.serial
    dataset.SoftwareVersions = device.software
    dataset.DetectorType = "SCINTILLATOR"
    dataset.KVP = 65
    dataset.XRayTubeCurrent = 7
    dataset.ExposureTime = 160


def _describe_anatomy(dataset: Dataset, view: RadiographView, tooth: str | None) -> None:
    sides = {RadiographView.BITEWING_LEFT: "L", RadiographView.BITEWING_RIGHT: "R", RadiographView.PANORAMIC: "B"}
    region = codes.SCT.JawRegion
    if view is RadiographView.PERIAPICAL and tooth is not None:
        dataset.ImageLaterality = "R" if tooth[0] in "1458" else "L"
        region = codes.SCT.Maxilla if tooth[0] in "1256" else codes.SCT.Mandible
        dataset.PrimaryAnatomicStructureSequence = Sequence([_item(_tooth_code(tooth))])
    else:
        dataset.ImageLaterality = sides.get(view, "U")
    dataset.AnatomicRegionSequence = Sequence([_item(region)])


def _item(code: Code) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = code.value, code.scheme_designator, code.meaning
    return item


def _tooth_code(tooth: str) -> Code:
    """The concept of CID 4018 or 4019 for an FDI number."""
    primary, upper = tooth[0] in "5678", tooth[0] in "1256"
    front = ("CentralIncisor", "LateralIncisor", "Canine", "FirstPremolar", "SecondPremolar")
    names = (*front, "FirstMolar", "SecondMolar", "ThirdMolar")
    place = int(tooth[1])
    name = names[place - 1 + 2 * (primary and place > 3)]
    jaw = "Maxillary" if upper else "Mandibular"
    side = "Right" if tooth[0] in "1458" else "Left"
    stage = "Deciduous" if primary else ("Permanent" if upper else "")
    if tooth == "32":
        name = "Lateral"  # so the published context group words this one
    concept: Code = getattr(codes.SCT, f"{stage}{jaw}{side}{name}Tooth")
    return concept


def _describe_image(dataset: Dataset, stored: Stored, bits_stored: int, photometric: str, pixel_spacing: float) -> None:
    dataset.ImageType = ["ORIGINAL", "PRIMARY", ""]
    dataset.PresentationIntentType = "FOR PRESENTATION"
    dataset.PixelIntensityRelationship = "LOG"
    dataset.PixelIntensityRelationshipSign = -1 if photometric == "MONOCHROME1" else 1
    dataset.PresentationLUTShape = "INVERSE" if photometric == "MONOCHROME1" else "IDENTITY"
    dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = 0, 1, "US"
    low, high = np.percentile(stored[::8, ::8], (1.0, 99.5))
    dataset.WindowCenter, dataset.WindowWidth = round((low + high) / 2), max(round(high - low), 2)
    dataset.BurnedInAnnotation = "NO"
    dataset.LossyImageCompression = "00"
    dataset.ImagerPixelSpacing = dataset.PixelSpacing = [pixel_spacing, pixel_spacing]
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = photometric
    dataset.Rows, dataset.Columns = stored.shape
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 8 * stored.itemsize, bits_stored, bits_stored - 1
    dataset.PixelRepresentation = 0


def _put_pixels(dataset: FileDataset, stored: Stored, bits_stored: int, syntax: uid.UID) -> None:
    dataset.file_meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian if syntax in COMPRESSED else syntax
    native = stored.astype(stored.dtype.newbyteorder("<")).tobytes()
    dataset.PixelData = native + b"\0" * (len(native) % 2)
    dataset["PixelData"].VR = "OW" if stored.itemsize == 2 else "OB"
    if syntax == uid.RLELossless:
        # pydicom's own encoder: the GDCM one, where it is installed, can abort the process
        dataset.compress(uid.RLELossless, encoding_plugin="pydicom", generate_instance_uid=False)
    elif syntax in COMPRESSED:
        dataset.PixelData = encapsulate([_encoded(stored, bits_stored, syntax)])
        dataset["PixelData"].VR = "OB"
        dataset["PixelData"].is_undefined_length = True
        dataset.file_meta.TransferSyntaxUID = syntax


def _encoded(stored: Stored, bits_stored: int, syntax: uid.UID) -> bytes:
    """One losslessly compressed frame."""
    if syntax == uid.JPEGLosslessSV1:
        precision = None if bits_stored == 8 else bits_stored
        return bytes(imagecodecs.jpeg8_encode(stored, lossless=True, predictor=1, bitspersample=precision))
    return bytes(
        imagecodecs.jpeg2k_encode(stored, level=0, codecformat="j2k", reversible=True, bitspersample=bits_stored)
    )
