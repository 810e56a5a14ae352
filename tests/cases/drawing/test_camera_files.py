"""Camera files carry the metadata that a camera writes."""

from datetime import datetime, timedelta, timezone
from io import BytesIO

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageOps

from cases.drawing.camera import FORMATS, as_camera_file

AT = datetime(2026, 11, 17, 10, 43, 5, tzinfo=timezone(timedelta(hours=-5)))
UPRIGHT = Image.fromarray(np.add.outer(np.arange(60), 2 * np.arange(80)).astype(np.uint8)).convert("RGB")


def _read(**more):
    content = as_camera_file(UPRIGHT, captured_at=AT, make="Canon", model="EOS R100", **more)
    return Image.open(BytesIO(content))


@pytest.mark.parametrize("file_format", FORMATS)
def test_each_format_says_when_and_with_what_it_was_taken(file_format):
    picture = _read(file_format=file_format, orientation=6)
    exif = picture.getexif()
    details = exif.get_ifd(ExifTags.IFD.Exif)
    assert picture.format == file_format
    assert (exif[ExifTags.Base.Make], exif[ExifTags.Base.Model]) == ("Canon", "EOS R100")
    assert exif[ExifTags.Base.Orientation] == 6
    assert details[ExifTags.Base.DateTimeOriginal] == "2026:11:17 10:43:05"
    assert details[ExifTags.Base.OffsetTimeOriginal] == "-05:00"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_viewer_that_follows_the_orientation_sees_the_picture_upright(orientation):
    stored = _read(file_format="PNG", orientation=orientation)
    assert (stored.size == UPRIGHT.size) is (orientation < 5)
    assert np.array_equal(np.asarray(ImageOps.exif_transpose(stored)), np.asarray(UPRIGHT))


def test_a_clock_without_zone_writes_no_offset():
    content = as_camera_file(UPRIGHT, captured_at=AT.replace(tzinfo=None), make="Canon", model="EOS R100")
    details = Image.open(BytesIO(content)).getexif().get_ifd(ExifTags.IFD.Exif)
    assert ExifTags.Base.OffsetTimeOriginal not in details


def test_the_place_is_written_in_degrees_minutes_seconds():
    position = _read(gps=(38.2527, -85.7585)).getexif().get_ifd(ExifTags.IFD.GPSInfo)
    degrees, minutes, seconds = (float(part) for part in position[ExifTags.GPS.GPSLongitude])
    assert position[ExifTags.GPS.GPSLongitudeRef] == "W"
    assert degrees + minutes / 60 + seconds / 3600 == pytest.approx(85.7585, abs=1e-5)


def test_an_unknown_format_or_orientation_is_refused():
    with pytest.raises(ValueError, match="JPEG"):
        _read(file_format="BMP")
    with pytest.raises(ValueError, match="1 to 8"):
        _read(orientation=9)
