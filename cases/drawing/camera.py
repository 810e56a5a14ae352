"""Picture files as cameras and telephones write them."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

FORMATS = ("JPEG", "PNG", "TIFF", "WEBP")
# What must be done to an upright picture so that a viewer who follows the tag sees it upright again.
_STORED_TURN = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def as_camera_file(
    image: Image.Image,
    *,
    captured_at: datetime,
    make: str,
    model: str,
    orientation: int = 1,
    gps: tuple[float, float] | None = None,
    file_format: str = "JPEG",
    quality: int = 88,
) -> bytes:
    """The upright `image` as a file with the camera's own metadata.

    EXIF holds make, model, orientation, and `captured_at` as local time; its offset too where it is aware. `gps` is
    (latitude, longitude) in degrees. ValueError for an unknown format or orientation.
    """
    if file_format not in FORMATS:
        raise ValueError(f"a camera file is one of {', '.join(FORMATS)}, not {file_format}")
    if orientation != 1 and orientation not in _STORED_TURN:
        raise ValueError("EXIF orientation is 1 to 8")
    stored = image if orientation == 1 else image.transpose(_STORED_TURN[orientation])
    exif = _exif(captured_at, make, model, orientation, gps)
    target = BytesIO()
    if file_format in ("JPEG", "WEBP"):
        stored.save(target, file_format, exif=exif, quality=quality)
    elif file_format == "PNG":
        stored.save(target, file_format, exif=exif, compress_level=1)
    else:
        # As bytes and uncompressed, or else Pillow leaves the Exif folder out of a TIFF.
        stored.save(target, file_format, exif=exif.tobytes())
    return target.getvalue()


def _exif(
    captured_at: datetime, make: str, model: str, orientation: int, gps: tuple[float, float] | None
) -> Image.Exif:
    exif = Image.Exif()
    stamp = captured_at.strftime("%Y:%m:%d %H:%M:%S")
    exif[ExifTags.Base.Make] = make
    exif[ExifTags.Base.Model] = model
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.DateTime] = stamp
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = stamp
    details[ExifTags.Base.DateTimeDigitized] = stamp
    details[ExifTags.Base.ISOSpeedRatings] = 200
    details[ExifTags.Base.FNumber] = IFDRational(22, 1)
    details[ExifTags.Base.ExposureTime] = IFDRational(1, 160)
    if captured_at.tzinfo is not None:
        offset = captured_at.strftime("%z")
        details[ExifTags.Base.OffsetTimeOriginal] = f"{offset[:3]}:{offset[3:5]}"
    if gps is not None:
        exif.get_ifd(ExifTags.IFD.GPSInfo).update(_position(gps))
    return exif


def _position(gps: tuple[float, float]) -> dict[int, str | Sequence[IFDRational]]:
    latitude, longitude = gps
    return {
        ExifTags.GPS.GPSLatitudeRef: "N" if latitude >= 0 else "S",
        ExifTags.GPS.GPSLatitude: _sexagesimal(latitude),
        ExifTags.GPS.GPSLongitudeRef: "E" if longitude >= 0 else "W",
        ExifTags.GPS.GPSLongitude: _sexagesimal(longitude),
    }


def _sexagesimal(degrees: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    hundredths = round(abs(degrees) * 360000)
    whole, rest = divmod(hundredths, 360000)
    minutes, seconds = divmod(rest, 6000)
    return IFDRational(whole), IFDRational(minutes), IFDRational(seconds, 100)
