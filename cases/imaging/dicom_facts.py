"""What a DICOM radiograph says of itself: person, time, device, geometry, windows. Attributes as in PS3.3 and PS3.6."""

import math
import re
from datetime import datetime

from pydicom.dataset import Dataset
from pydicom.valuerep import PersonName

from cases.imaging.facts import Device, Identity, PixelSpacing, RadiographFacts, SaidTime, Window, clean_text

_DATE = re.compile(r"(\d{4})\.?(\d\d)\.?(\d\d)")  # the dotted form is that of ACR-NEMA, still met
_TIME = re.compile(r"(\d\d):?(\d\d):?(\d\d)(?:\.(\d{1,6}))?")
_ZONE = re.compile(r"([+-])(\d\d)(\d\d)")
_DATE_TIMES = (
    ("AcquisitionDate", "AcquisitionTime"),
    ("ContentDate", "ContentTime"),
)
_SPACINGS = ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing")


def read_radiograph_facts(dataset: Dataset, transfer_syntax: str) -> RadiographFacts:
    """Collect the facts that only a radiograph has; the transfer syntax is the one that the file came in."""
    burned_in = clean_text(dataset.get("BurnedInAnnotation")).upper()
    return RadiographFacts(
        transfer_syntax=transfer_syntax,
        modality=clean_text(dataset.get("Modality")),
        sop_class=clean_text(dataset.get("SOPClassUID")),
        sop_instance=clean_text(dataset.get("SOPInstanceUID")),
        study_instance=clean_text(dataset.get("StudyInstanceUID")),
        series_instance=clean_text(dataset.get("SeriesInstanceUID")),
        pixel_spacing=read_pixel_spacing(dataset),
        windows=read_windows(dataset),
        laterality=clean_text(dataset.get("ImageLaterality") or dataset.get("Laterality")),
        burned_in_annotation={"YES": True, "NO": False}.get(burned_in),
    )


def read_identity(dataset: Dataset) -> Identity:
    """The person named, empty strings where the file is silent."""
    name = dataset.get("PatientName")
    if not isinstance(name, PersonName):
        name = PersonName("")
    born = iso_date(dataset.get("PatientBirthDate"))
    return Identity(
        family_name=clean_text(name.family_name),
        given_name=clean_text(name.given_name),
        middle_name=clean_text(name.middle_name),
        name_prefix=clean_text(name.name_prefix),
        name_suffix=clean_text(name.name_suffix),
        ideographic_name=clean_text(name.ideographic),
        phonetic_name=clean_text(name.phonetic),
        patient_id=clean_text(dataset.get("PatientID")),
        patient_id_issuer=clean_text(dataset.get("IssuerOfPatientID")),
        birth_date=born,
    )


def read_captured_at(dataset: Dataset) -> SaidTime | None:
    """Acquisition time, else content time; the offset only where the file states one."""
    stated = clean_text(dataset.get("TimezoneOffsetFromUTC"))
    whole = clean_text(dataset.get("AcquisitionDateTime"))
    local = _iso_moment(whole[:8], whole[8:])
    if local is not None:
        own = _ZONE.search(whole[8:])
        return SaidTime(local, _iso_offset(own[0] if own else stated), "AcquisitionDateTime")
    for date_name, time_name in _DATE_TIMES:
        local = _iso_moment(clean_text(dataset.get(date_name)), clean_text(dataset.get(time_name)))
        if local is not None:
            return SaidTime(local, _iso_offset(stated), date_name)
    return None


def read_device(dataset: Dataset) -> Device:
    """The sensor or panoramic unit as it names itself."""
    software = dataset.get("SoftwareVersions") or ""
    return Device(
        make=clean_text(dataset.get("Manufacturer")),
        model=clean_text(dataset.get("ManufacturerModelName")),
        serial=clean_text(dataset.get("DeviceSerialNumber")),
        software=clean_text(software if isinstance(software, str) else ", ".join(map(str, software))),
    )


def read_windows(dataset: Dataset) -> tuple[Window, ...]:
    """The usable windows in the file's order; a width that no function takes is left out."""
    centers, widths = numbers(dataset.get("WindowCenter")), numbers(dataset.get("WindowWidth"))
    function = clean_text(dataset.get("VOILUTFunction")).upper() or "LINEAR"
    words = dataset.get("WindowCenterWidthExplanation") or []
    explanations = [words] if isinstance(words, str) else list(words)
    windows = []
    for index, (center, width) in enumerate(zip(centers, widths, strict=False)):
        if width >= 1 or (width > 0 and function != "LINEAR"):
            explanation = clean_text(explanations[index]) if index < len(explanations) else ""
            windows.append(Window(center, width, function, explanation))
    return tuple(windows)


def numbers(value: object) -> list[float]:
    """A DS, FD or US value of any multiplicity as finite floats; nothing where it is absent or not numeric."""
    if value is None or value == "":
        return []
    values = [value] if isinstance(value, str | int | float) or not hasattr(value, "__iter__") else list(value)
    try:
        found = [float(str(one)) for one in values]
    except ValueError:
        return []
    return found if all(math.isfinite(one) for one in found) else []


def iso_date(value: object) -> str | None:
    """A DA value as ISO 8601, None if it is not a day of the calendar."""
    found = _DATE.fullmatch(clean_text(value))
    try:
        return datetime(int(found[1]), int(found[2]), int(found[3])).date().isoformat() if found else None  # noqa: DTZ001
    except ValueError:
        return None


def _iso_moment(date: str, time: str) -> str | None:
    day, found = iso_date(date), _TIME.match(time)
    if day is None or found is None:
        return None
    return f"{day}T{found[1]}:{found[2]}:{found[3]}" + (f".{found[4]}" if found[4] else "")


def _iso_offset(text: str) -> str | None:
    found = _ZONE.fullmatch(text)
    return f"{found[1]}{found[2]}:{found[3]}" if found else None


def read_pixel_spacing(dataset: Dataset) -> PixelSpacing | None:
    """Calibrated spacing first; on a panoramic the detector's, for its calibration holds in one layer only."""
    is_panoramic = dataset.get("Modality") == "PX"
    order = ("ImagerPixelSpacing", "PixelSpacing", _SPACINGS[2]) if is_panoramic else _SPACINGS
    for name in order:
        pair = numbers(dataset.get(name))
        if len(pair) == 2 and min(pair) > 0:
            return PixelSpacing(pair[0], pair[1], name)
    return None
