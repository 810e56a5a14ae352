"""Radiographs with known samples, packed by libraries other than those that the product decodes with."""

import io
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gdcm  # type: ignore[import-untyped]
import imagecodecs
import jpeg_ls  # type: ignore[import-untyped]
import numpy as np
import pydicom.data
from openjpeg.utils import encode_array as openjpeg_encode
from pydicom import dcmread, uid
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_file_meta_info
from rle.utils import encode_array as rle_encode

LITTLE = uid.ExplicitVRLittleEndian


def ramp(bits: int, *, signed: bool = False, rows: int = 48, columns: int = 52) -> np.ndarray:
    """A slanted ramp over every part of the range, with both ends of it in two corners."""
    y, x = np.mgrid[:rows, :columns]
    top = (1 << bits) - 1
    values = np.rint((3 * y + 5 * x) * (top / (3 * (rows - 1) + 5 * (columns - 1)))).astype(np.int64)
    if signed:
        return np.asarray(values - (1 << (bits - 1)), np.int8 if bits == 8 else np.int16)
    return np.asarray(values, np.uint8 if bits == 8 else np.uint16)


def colours(rows: int = 48, columns: int = 52) -> np.ndarray:
    """Smooth colour of 8 bits: red grows downwards, green to the right, blue falls."""
    y, x = np.mgrid[:rows, :columns]
    red, green = y * 255 // (rows - 1), x * 255 // (columns - 1)
    return np.stack([red, green, 255 - (red + green) // 2], axis=-1).astype(np.uint8)


def ybr(samples: np.ndarray) -> np.ndarray:
    """Colour of 8 bits as brightness and two differences, by the equations of PS3.3, C.7.6.3.1.2."""
    red, green, blue = (samples[..., n].astype(float) for n in range(3))
    brightness = 0.299 * red + 0.587 * green + 0.114 * blue
    to_blue, to_red = (blue - brightness) / 1.772 + 128, (red - brightness) / 1.402 + 128
    return np.clip(np.rint(np.stack([brightness, to_blue, to_red], axis=-1)), 0, 255).astype(np.uint8)


def halved_by_dcmtk() -> tuple[bytes, np.ndarray]:
    """A JPEG frame with half the colour samples a row, packed by DCMTK's IJG codec, and its picture: pydicom's colour bars."""
    folder = Path(pydicom.data.__file__).parent / "test_files"
    frame = next(generate_frames(dcmread(folder / "SC_rgb_dcmtk_+eb+cy+s2.dcm").PixelData, number_of_frames=1))
    return frame, dcmread(folder / "SC_rgb_rle.dcm").pixel_array


def radiograph(
    samples: np.ndarray,
    *,
    bits: int,
    syntax: str = LITTLE,
    frame: bytes | None = None,
    photometric: str = "MONOCHROME2",
    preamble: bytes = bytes(128),
    **attributes: Any,
) -> bytes:
    """A whole DICOM file. `frame` is the compressed frame; without it the samples lie open, in the syntax's byte order."""
    big = syntax == uid.ExplicitVRBigEndian
    dataset = FileDataset(
        "", {}, preamble=preamble, is_little_endian=not big, is_implicit_VR=syntax == uid.ImplicitVRLittleEndian
    )
    describe(dataset, samples, bits=bits, photometric=photometric)
    for name, value in attributes.items():
        setattr(dataset, name, value)
    dataset.file_meta = _meta(dataset, syntax)
    dataset.PixelData = (
        encapsulate([frame])
        if frame
        else _even(samples.astype(samples.dtype.newbyteorder(">" if big else "<")).tobytes())
    )
    dataset["PixelData"].VR = "OB" if frame or bits == 8 else "OW"
    dataset["PixelData"].is_undefined_length = frame is not None
    out = io.BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    return out.getvalue()


def describe(dataset: Dataset, samples: np.ndarray, *, bits: int, photometric: str) -> None:
    """Fill in an invented patient, an intraoral sensor and the image pixel module for `samples`."""
    dataset.SOPClassUID = uid.DigitalIntraOralXRayImageStorageForPresentation
    dataset.SOPInstanceUID, dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "2.25.101", "2.25.102", "2.25.103"
    dataset.Modality, dataset.PatientName, dataset.PatientID = "IO", "Okafor^Ada^Lin", "PUPIL-0042"
    dataset.PatientBirthDate, dataset.Manufacturer = "20160229", "Invented Sensors"
    dataset.Rows, dataset.Columns = samples.shape[:2]
    dataset.SamplesPerPixel = 3 if samples.ndim == 3 else 1
    if samples.ndim == 3:
        dataset.PlanarConfiguration = 0
    dataset.PhotometricInterpretation = photometric
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 8 * samples.dtype.itemsize, bits, bits - 1
    dataset.PixelRepresentation = int(samples.dtype.kind == "i")


def deflated(whole: bytes) -> bytes:
    """The same file as Deflated Explicit VR Little Endian."""
    body_at = 144 + int.from_bytes(whole[140:144], "little")
    meta = dcmread(io.BytesIO(whole[:body_at])).file_meta
    meta.TransferSyntaxUID = uid.DeflatedExplicitVRLittleEndian
    return with_meta(meta, deflate(whole[body_at:]))


def with_meta(meta: FileMetaDataset, body: bytes) -> bytes:
    """Preamble, file-meta group and a data set that is written as it is."""
    out = DicomBytesIO()
    out.write(bytes(128) + b"DICM")
    write_file_meta_info(out, meta)
    return bytes(out.getvalue()) + body


def deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return _even(packer.compress(body) + packer.flush())


def _meta(dataset: Dataset, syntax: str) -> FileMetaDataset:
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = uid.UID(syntax)
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = dataset.SOPClassUID, dataset.SOPInstanceUID
    return meta


def _even(content: bytes) -> bytes:
    return content + bytes(len(content) % 2)


def by_gdcm(name: str) -> Callable[[np.ndarray, int], bytes]:
    """Encode one frame by GDCM, whose JPEG codecs are the IJG's own and not libjpeg-turbo."""

    def encode(samples: np.ndarray, bits: int) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            plain, packed = Path(folder, "plain.dcm"), Path(folder, "packed.dcm")
            plain.write_bytes(radiograph(samples, bits=bits, photometric="RGB" if samples.ndim == 3 else "MONOCHROME2"))
            reader = gdcm.ImageReader()
            reader.SetFileName(str(plain))
            assert reader.Read()
            change = gdcm.ImageChangeTransferSyntax()
            change.SetTransferSyntax(gdcm.TransferSyntax(getattr(gdcm.TransferSyntax, name)))
            change.SetInput(reader.GetImage())
            assert change.Change()
            writer = gdcm.ImageWriter()
            writer.SetFileName(str(packed))
            writer.SetFile(reader.GetFile())
            writer.SetImage(change.GetOutput())
            assert writer.Write()
            return next(generate_frames(dcmread(packed).PixelData, number_of_frames=1))

    return encode


def by_charls(lossy_error: int, interleave: int | None = None) -> Callable[[np.ndarray, int], bytes]:
    """Encode by pyjpegls. JPEG-LS knows no sign: the bits of signed samples go in as they stand (PS3.5, 8.2.3)."""

    def encode(samples: np.ndarray, bits: int) -> bytes:
        patterns = samples.view(f"u{samples.dtype.itemsize}") & ((1 << bits) - 1)
        return bytes(jpeg_ls.encode_array(patterns, lossy_error, interleave if samples.ndim == 3 else None))

    return encode


def by_openjpeg(samples: np.ndarray, bits: int) -> bytes:
    """Encode losslessly by pylibjpeg-openjpeg."""
    return bytes(openjpeg_encode(samples, bits_stored=bits, photometric_interpretation=int(samples.ndim == 3)))


def by_openjpeg_lossy(samples: np.ndarray, bits: int) -> bytes:
    """Encode by pylibjpeg-openjpeg with losses that do not show."""
    colour = int(samples.ndim == 3)
    return bytes(
        openjpeg_encode(samples, bits_stored=bits, photometric_interpretation=colour, signal_noise_ratios=[110])
    )


def by_openjph(reversible: bool) -> Callable[[np.ndarray, int], bytes]:
    """Encode by OpenJPH, the only HTJ2K encoder there is as a wheel; the product decodes with OpenJPEG."""
    return lambda samples, bits: bytes(
        imagecodecs.htj2k_encode(samples, reversible=reversible, level=None if reversible else 0.0001)
    )


def by_rle(samples: np.ndarray, bits: int) -> bytes:
    """Encode by pylibjpeg-rle."""
    shape = {
        "rows": samples.shape[0],
        "columns": samples.shape[1],
        "samples_per_pixel": 3 if samples.ndim == 3 else 1,
        "bits_allocated": 8 * samples.dtype.itemsize,
        "number_of_frames": 1,
    }
    return b"".join(rle_encode(samples, **shape))
