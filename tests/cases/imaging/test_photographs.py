"""Photographs come out upright, in their true colours, the right way round and with nothing but pixels."""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from tests.corpus import photographs as corpus

Colours = Sequence[tuple[int, ...]]

KINDS = ("JPEG", "PNG", "TIFF", "WEBP", "HEIF")


def corners(picture: Image.Image) -> Any:
    shown, (width, height) = picture.convert("RGB"), picture.size
    return [shown.getpixel((x, y)) for y in (height // 4, 3 * height // 4) for x in (width // 4, 3 * width // 4)]


def is_near(found: Colours, expected: Colours, tolerance: int = 8) -> bool:
    return int(np.abs(np.asarray(found, int) - np.asarray(expected, int)).max()) <= tolerance


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_photograph_keeps_its_colours(process, kind):
    done = process(corpus.encoded(corpus.four_corners(), kind))
    assert (done.facts["width"], done.facts["height"], done.facts["family"]) == (96, 64, "photograph")
    for name in ("review", "claim", "thumbnail"):
        assert is_near(corners(done.picture(name)), corpus.CORNERS)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_put_upright(process, kind, orientation):
    stored = corpus.stored_turned(corpus.four_corners(), orientation)
    done = process(corpus.encoded(stored, kind, exif=corpus.exif(orientation)))
    assert (done.facts["width"], done.facts["height"]) == (96, 64) == done.picture("review").size
    assert is_near(corners(done.picture("review")), corpus.CORNERS)


def test_a_heic_that_says_it_lies_on_its_side_is_put_upright_once(process):
    stored = corpus.stored_turned(corpus.four_corners(), 6)
    done = process(corpus.encoded(stored, "HEIF", exif=corpus.exif(6).tobytes()))
    assert done.picture("review").size == (96, 64)
    assert is_near(corners(done.picture("review")), corpus.CORNERS)


def test_a_mirrored_view_is_turned_left_to_right_after_it_is_upright(process):
    stored = corpus.stored_turned(corpus.four_corners(), 6)
    done = process(corpus.encoded(stored, "JPEG", exif=corpus.exif(6)), mirrored=True)
    top_left, top_right, bottom_left, bottom_right = corpus.CORNERS
    for name in ("review", "claim", "thumbnail"):
        assert is_near(corners(done.picture(name)), [top_right, top_left, bottom_right, bottom_left])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_display_p3_is_converted_to_srgb(process, kind):
    done = process(corpus.encoded(Image.new("RGB", (64, 64), (200, 80, 60)), kind, icc_profile=corpus.display_p3()))
    # By the CSS Color 4 matrices: color(display-p3 0.784 0.314 0.235) is rgb(217 71 48).
    assert is_near([done.picture("review").getpixel((32, 32))], [(217, 71, 48)], tolerance=4)


def test_a_profile_for_another_kind_of_colour_is_passed_over(process):
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for_lab = process(corpus.encoded(corpus.four_corners(), "JPEG", icc_profile=lab))
    assert is_near(corners(for_lab.picture("review")), corpus.CORNERS)


def test_a_broken_profile_is_passed_over(process):
    done = process(corpus.encoded(corpus.four_corners(), "PNG", icc_profile=b"not a profile" * 20))
    assert is_near(corners(done.picture("review")), corpus.CORNERS)


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_is_shown_in_its_colours(process, kind):
    done = process(corpus.encoded(corpus.four_corners().convert("CMYK"), kind))
    assert done.facts["photometric"] == "CMYK"
    assert is_near(corners(done.picture("review")), corpus.CORNERS, tolerance=10)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bit_grey_keeps_its_brightness(process, kind):
    ramp = (np.mgrid[:64, :256][1] * 257).astype(np.uint16)
    done = process(corpus.encoded(Image.fromarray(ramp), kind))
    assert done.facts["bits_stored"] == 16
    shown = np.asarray(done.picture("review").convert("L"), int)
    assert np.abs(shown - np.arange(256)).max() <= 4


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "RGBA"])
def test_grey_palette_and_transparent_pictures_are_shown(process, mode):
    picture = corpus.four_corners().convert("L").point(lambda value: 255 * (value > 70)).convert(mode)
    done = process(corpus.encoded(picture, "PNG"))
    expected = corners(picture.convert("RGB"))
    assert is_near(corners(done.picture("review")), expected)


def test_what_is_transparent_shows_white(process):
    picture = corpus.four_corners().convert("RGBA")
    picture.putalpha(Image.new("L", picture.size, 0))
    done = process(corpus.encoded(picture, "PNG"))
    assert is_near(corners(done.picture("review")), [(255, 255, 255)] * 4)


def test_a_scan_of_several_pages_gives_pictures_of_each_page(process):
    first, second = corpus.four_corners(), Image.new("RGB", (50, 80), (10, 200, 10))
    done = process(corpus.encoded(first, "TIFF", save_all=True, append_images=[second], compression="tiff_lzw"))
    assert done.facts["pages"] == 2
    assert is_near(corners(done.picture("review-p01")), corpus.CORNERS)
    assert is_near(corners(done.picture("review-p02")), [(10, 200, 10)] * 4)


def test_large_photographs_are_made_small_and_small_ones_left(process):
    done = process(corpus.encoded(corpus.four_corners(4000, 3000), "JPEG"))
    sizes = {one["recipe"]: (one["width"], one["height"]) for one in done.answer["derived"]}
    assert sizes == {"review": (2048, 1536), "claim": (2000, 1500), "thumbnail": (320, 240)}
    assert (done.facts["width"], done.facts["height"]) == (4000, 3000)


def test_the_claim_copy_stays_under_two_megabytes_whatever_the_picture(process):
    done = process(corpus.encoded(corpus.noise(2600, 2600), "JPEG"))
    claim = next(one for one in done.answer["derived"] if one["recipe"] == "claim")
    assert claim["size"] < 2_000_000 == 2 * 10**6
    assert done.picture("claim").size == (claim["width"], claim["height"])


def test_the_file_says_when_it_was_taken_and_with_what(process):
    done = process(corpus.encoded(corpus.four_corners(), "JPEG", exif=corpus.exif()))
    assert done.facts["captured_at"] == {
        "local": "2026-11-03T09:14:05.250", "offset": "-05:00", "source": "DateTimeOriginal"
    }  # fmt: skip
    assert done.facts["device"] == {"make": "Invented", "model": "Phone 7", "serial": "SN-17", "software": ""}
    assert done.facts["identity"] is None


def test_a_time_without_zone_stays_without_zone(process):
    done = process(corpus.encoded(corpus.four_corners(), "JPEG", exif=corpus.exif(offset=None)))
    assert done.facts["captured_at"]["offset"] is None


@pytest.mark.parametrize("kind", KINDS)
def test_derivatives_hold_nothing_but_pixels(process, kind):
    extras: dict[str, Any] = {"exif": corpus.exif().tobytes(), "icc_profile": corpus.display_p3()}
    if kind in ("JPEG", "WEBP", "HEIF"):
        extras["xmp"] = f"<x:xmpmeta>{corpus.SECRET}</x:xmpmeta>".encode()
    if kind == "JPEG":
        extras["comment"] = corpus.SECRET
    original = corpus.encoded(corpus.four_corners(), kind, **extras)
    assert corpus.SECRET.encode() in original
    done = process(original)
    for content in done.contents():
        assert not [mark for mark in (b"Exif", b"xmp", b"http", b"ICC", corpus.SECRET.encode()) if mark in content]
        with Image.open(io.BytesIO(content)) as image:
            assert not set(image.info) - {
                "jfif",
                "jfif_version",
                "jfif_unit",
                "jfif_density",
                "loop",
                "background",
                "timestamp",
                "duration",
            }


def test_second_pictures_behind_a_phone_photograph_are_left_behind(process):
    hidden = corpus.encoded(Image.new("RGB", (32, 32)), "JPEG", exif=corpus.exif())
    photo = corpus.encoded(corpus.four_corners(), "MPO", save_all=True, append_images=[Image.new("RGB", (96, 64))])
    done = process(photo + hidden)
    assert done.facts["pages"] == 1
    assert is_near(corners(done.picture("review")), corpus.CORNERS)
    assert all(content.count(b"\xff\xd8\xff") <= 1 for content in done.contents())


def test_a_phone_photograph_whose_second_picture_was_cut_off_is_still_shown(process):
    photo = corpus.encoded(corpus.four_corners(), "MPO", save_all=True, append_images=[corpus.noise(96, 64)])
    done = process(photo[: photo.index(b"\xff\xd9") + 2])
    assert is_near(corners(done.picture("review")), corpus.CORNERS)


def test_a_phone_photograph_with_a_broken_index_of_its_second_picture_is_still_shown(process):
    photo = corpus.encoded(corpus.four_corners(), "MPO", save_all=True, append_images=[corpus.noise(96, 64)])
    at = photo.index(b"MPF\x00") + 4
    done = process(photo[:at] + b"XXXXXXXX" + photo[at + 8 :])
    assert is_near(corners(done.picture("review")), corpus.CORNERS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_photograph_that_was_cut_short_is_refused(process, kind, share):
    whole = corpus.encoded(corpus.noise(160, 120), kind)
    assert process(whole[: int(share * len(whole))]).code in ("truncated", "decode-failed")


def test_the_same_photograph_gives_the_same_bytes(process, tmp_path):
    first = process(corpus.encoded(corpus.four_corners(), "JPEG"))
    kept = first.contents()
    first.folder.rename(tmp_path / "before")
    assert process(corpus.encoded(corpus.four_corners(), "JPEG")).contents() == kept
