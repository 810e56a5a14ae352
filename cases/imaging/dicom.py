"""DICOM radiographs: opening them without surprises (PS3.10), and judging by header what may be decoded.

Nothing is parsed before the file-meta group has said how the rest is packed: a deflated data set of a few hundred
kilobytes can unpack to gigabytes.
"""

import io
import warnings
import zlib
from itertools import count
from pathlib import Path
from typing import BinaryIO

from PIL import Image
from pydicom import uid
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filereader import read_file_meta_info, read_partial
from pydicom.filewriter import write_file_meta_info
from pydicom.tag import BaseTag

from cases.imaging.decoders import LOSSY_SYNTAXES, PLUGIN_OF_SYNTAX, register_decoders
from cases.imaging.dicom_facts import read_captured_at, read_device, read_identity, read_radiograph_facts
from cases.imaging.dicom_pixels import read_pixels, refuse_short_pixel_data
from cases.imaging.facts import Examination, Reading, clean_text
from cases.imaging.limits import MAX_INFLATED, MAX_PIXELS
from cases.imaging.refusal import Refused, refusing_bad_input
from cases.imaging.sniff import DICOM

DENTAL_MODALITIES = frozenset({"IO", "PX", "DX", "CR"})
# Secondary captures are not among them: they are pictures of a screen, often with a name drawn into the pixels, and
# nothing in their header tells a radiograph from an insurance form.
DENTAL_SOP_CLASSES = frozenset(
    {
        uid.DigitalIntraOralXRayImageStorageForPresentation,
        uid.DigitalIntraOralXRayImageStorageForProcessing,
        uid.DigitalXRayImageStorageForPresentation,
        uid.DigitalXRayImageStorageForProcessing,
        uid.ComputedRadiographyImageStorage,
    }
)
_SAMPLES_OF_PHOTOMETRIC = {
    "MONOCHROME1": 1, "MONOCHROME2": 1, "PALETTE COLOR": 1, "RGB": 3,
    "YBR_FULL": 3, "YBR_FULL_422": 3, "YBR_ICT": 3, "YBR_RCT": 3,
}  # fmt: skip
_MOST_ELEMENTS = 20_000  # at the top level; radiographs have a few hundred
_META_START, _GROUP_LENGTH_ELEMENT = 132, 12


def read_radiograph(path: Path) -> Reading:
    """Read, judge and decode a radiograph; return its facts and its picture at full size, or raise Refused."""
    register_decoders()
    with warnings.catch_warnings(), refusing_bad_input():
        # pydicom's warnings on the many small sins of real files are let pass; a frame larger than announced is not.
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        dataset, transfer_syntax = open_dataset(path)
        _judge(dataset)
        picture, film = read_pixels(dataset)
        return Reading(_examination(dataset, transfer_syntax), (picture,), film)


def open_dataset(path: Path) -> tuple[FileDataset, str]:
    """Parse a DICOM file; return its data set, inflated if need be, and the transfer syntax that the file came in."""
    meta = read_file_meta_info(path)
    syntax = str(meta.get("TransferSyntaxUID", ""))
    if syntax not in PLUGIN_OF_SYNTAX:
        raise Refused("transfer-syntax")
    if syntax == uid.DeflatedExplicitVRLittleEndian:
        return _parsed(_inflated(path, meta)), syntax
    with path.open("rb") as stream:
        return _parsed(stream), syntax


def _parsed(stream: BinaryIO) -> FileDataset:
    """Parse a data set of a sane number of elements: noughts alone would parse as millions of empty ones."""
    seen = count(1)

    def refuse_multitude(_tag: BaseTag, _vr: str | None, _length: int) -> bool:
        if next(seen) > _MOST_ELEMENTS:
            raise Refused("decode-failed")
        return False

    return read_partial(stream, stop_when=refuse_multitude)


def _inflated(path: Path, meta: FileMetaDataset) -> io.BytesIO:
    """The same file with its data set inflated, never more than MAX_INFLATED bytes of it."""
    packed = path.read_bytes()[_META_START + _GROUP_LENGTH_ELEMENT + meta.FileMetaInformationGroupLength :]
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    unpacked = inflater.decompress(packed, MAX_INFLATED)
    if inflater.unconsumed_tail:
        raise Refused("too-large-inside")
    if not inflater.eof:
        raise Refused("truncated")
    meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
    plain = DicomBytesIO()
    plain.write(bytes(128) + b"DICM")
    write_file_meta_info(plain, meta, enforce_standard=False)
    return io.BytesIO(plain.getvalue() + unpacked)


def _judge(dataset: Dataset) -> None:
    """Refuse by header, before any pixel is decoded."""
    if dataset.get("SOPClassUID") not in DENTAL_SOP_CLASSES or dataset.get("Modality") not in DENTAL_MODALITIES:
        raise Refused("not-a-dental-picture")
    if int(dataset.get("NumberOfFrames") or 1) != 1:
        raise Refused("moving-picture")
    if dataset.Rows * dataset.Columns > MAX_PIXELS:
        raise Refused("too-many-pixels")
    if _SAMPLES_OF_PHOTOMETRIC.get(dataset.PhotometricInterpretation) != dataset.SamplesPerPixel:
        raise Refused("pixel-format")
    allocated, stored, high = dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit
    if allocated not in (8, 16) or not 1 <= stored <= allocated or high != stored - 1:
        raise Refused("pixel-format")
    refuse_short_pixel_data(dataset)


def _examination(dataset: Dataset, transfer_syntax: str) -> Examination:
    return Examination(
        media_type=DICOM.mime,
        family=DICOM.family.value,
        width=dataset.Columns,
        height=dataset.Rows,
        pages=1,
        bits_stored=dataset.BitsStored,
        photometric=clean_text(dataset.PhotometricInterpretation),
        lossy=dataset.get("LossyImageCompression") == "01" or transfer_syntax in LOSSY_SYNTAXES,
        captured_at=read_captured_at(dataset),
        device=read_device(dataset),
        radiograph=read_radiograph_facts(dataset, transfer_syntax),
        identity=read_identity(dataset),
    )
