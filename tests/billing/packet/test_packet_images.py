"""The packet holds the claim's own JPEGs, once each and unchanged, and no other file."""

import os
from dataclasses import replace

import PIL.Image
import pytest

from billing.packet.compose import compose_packet
from teledent.printing.errors import PrintError
from tests.billing.packet.samples import AT, image, jpeg, packet, write_images
from tests.printing.reading import jpegs, page_texts


def compose_one(tmp_path, file="01.jpg"):
    content = packet(images=(replace(image(1), file=file),))
    return compose_packet(content, images_dir=tmp_path, out=tmp_path / "packet.pdf", at=AT)


def test_each_picture_is_there_once_with_its_very_bytes(print_packet, tmp_path):
    content = packet()
    found = jpegs(print_packet(content))
    assert sorted(found) == sorted((tmp_path / "images" / one.file).read_bytes() for one in content.images)


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "real.jpg").write_bytes(jpeg(1))
    (tmp_path / "01.jpg").symlink_to(tmp_path / "real.jpg")
    with pytest.raises(PrintError, match=r"Image 1 .* it is a link"):
        compose_one(tmp_path)
    assert not (tmp_path / "packet.pdf").exists()


@pytest.mark.parametrize("name", ["../01.jpg", "/etc/passwd", "..", "", "a/b.jpg", "01\0.jpg"])
def test_a_file_outside_the_images_folder_is_refused(tmp_path, name):
    with pytest.raises(PrintError, match="not a plain name"):
        compose_one(tmp_path, file=name)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(PrintError, match=r"Image 1 \(Front, teeth together\) .* is not there"):
        compose_one(tmp_path)


def test_a_pipe_does_not_hold_the_worker(tmp_path):
    os.mkfifo(tmp_path / "01.jpg")
    with pytest.raises(PrintError, match="not a plain file"):
        compose_one(tmp_path)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\xff\xd8\xff", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_what_is_not_a_jpeg_is_refused(tmp_path, content):
    (tmp_path / "01.jpg").write_bytes(content)
    with pytest.raises(PrintError, match="not a JPEG"):
        compose_one(tmp_path)


@pytest.mark.parametrize("mode", ["L", "CMYK", "RGB"])
def test_grey_colour_and_print_jpegs_are_taken_as_they_are(tmp_path, mode):
    PIL.Image.new(mode, (64, 48)).save(tmp_path / "01.jpg", "JPEG", progressive=True)
    compose_one(tmp_path)
    assert jpegs(tmp_path / "packet.pdf") == [(tmp_path / "01.jpg").read_bytes()]


def test_wide_and_upright_pictures_stay_on_the_page(tmp_path):
    content = packet(images=tuple(image(number) for number in (1, 2, 3)))
    write_images(content, tmp_path)
    (tmp_path / "01.jpg").write_bytes(jpeg(1, 600, 200))
    (tmp_path / "02.jpg").write_bytes(jpeg(2, 100, 800))
    compose_packet(content, images_dir=tmp_path, out=tmp_path / "packet.pdf", at=AT)
    whole = " ".join(page_texts(tmp_path / "packet.pdf"))
    assert whole.index("Image 1: Front") < whole.index("Image 2: Right") < whole.index("Image 3: Left")
