"""The same content made at the same time is the same file, wherever it is made."""

import hashlib
import json
import os
import subprocess
import sys
from datetime import timedelta

import pikepdf
import pytest

from billing.packet.codec import from_json, to_json
from billing.packet.compose import compose_packet
from billing.packet.content import DataSheetContent, PacketContent
from billing.packet.render import DataSheetOrder, PacketOrder, render_data_sheet, render_packet
from teledent.printing.errors import PrintError
from tests.billing.packet.samples import AT, image, packet, sheet, write_images


def test_twice_the_same_bytes_and_another_time_other_bytes(tmp_path):
    content = packet(images=(image(1),))
    folder = write_images(content, tmp_path / "images")
    first, second, later = (
        compose_packet(content, images_dir=folder, out=tmp_path / "out.pdf", at=at)
        for at in (AT, AT, AT + timedelta(seconds=1))
    )
    assert first == second
    assert later.sha256 != first.sha256


def test_the_file_says_when_it_was_made_by_the_clock_that_was_passed(tmp_path):
    compose_packet(packet(images=()), images_dir=tmp_path, out=tmp_path / "out.pdf", at=AT)
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        assert pdf.open_metadata()["xmp:CreateDate"] == "2026-05-14T15:00:00+00:00"


def test_the_answer_tells_the_file_that_was_written(tmp_path):
    composed = compose_packet(packet(images=()), images_dir=tmp_path, out=tmp_path / "out.pdf", at=AT)
    written = (tmp_path / "out.pdf").read_bytes()
    assert composed.size == len(written)
    assert composed.sha256 == hashlib.sha256(written).hexdigest()
    assert [path.name for path in tmp_path.iterdir()] == ["out.pdf"]


def test_the_private_folder_is_gone_afterwards(tmp_path, monkeypatch):
    private = tmp_path / "private"
    private.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(private))
    compose_packet(packet(images=()), images_dir=tmp_path, out=tmp_path / "out.pdf", at=AT)
    with pytest.raises(PrintError):
        compose_packet(packet(), images_dir=tmp_path, out=tmp_path / "out.pdf", at=AT)
    assert list(private.iterdir()) == []


def test_a_time_without_a_zone_is_refused(tmp_path):
    with pytest.raises(ValueError, match="has no zone"):
        compose_packet(packet(images=()), images_dir=tmp_path, out=tmp_path / "out.pdf", at=AT.replace(tzinfo=None))


def test_content_goes_through_json_unchanged():
    assert from_json(PacketContent, to_json(packet())) == packet()
    assert from_json(DataSheetContent, to_json(sheet())) == sheet()


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("patient", "birth_date"), "2018-13-01", "PacketContent.patient.birth_date"),
        (("images",), "none", "PacketContent.images: a list"),
        (("complaint", "state"), "fine", "PacketContent.complaint.state"),
        (("visit",), {}, "PacketContent.visit: exactly these fields"),
        (("review", "limits"), None, "PacketContent.review.limits"),
    ],
)
def test_json_that_holds_no_packet_is_refused_by_field(path, value, told):
    tree = json.loads(to_json(packet()))
    inner = tree
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    with pytest.raises(ValueError, match=told):
        from_json(PacketContent, json.dumps(tree))


def test_a_process_without_a_database_makes_the_same_file(tmp_path):
    content = packet(images=(image(1),))
    folder = write_images(content, tmp_path / "work")
    (folder / "order.json").write_text(to_json(PacketOrder(content, AT)))
    here = render_packet(source=str(folder / "order.json"), out_dir=str(tmp_path))
    code = (
        "import json, sys; from billing.packet.render import render_packet; from teledent.printing.typesetting import warm; warm();"
        "assert 'django' not in sys.modules;"
        f"print(json.dumps(render_packet(source={str(folder / 'order.json')!r}, out_dir={str(tmp_path / 'work')!r})))"
    )
    there = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        env={"PATH": os.environ["PATH"], "TZ": "Asia/Tokyo"},
    )
    assert json.loads(there.stdout) == here
    assert (tmp_path / "packet.pdf").read_bytes() == (tmp_path / "work" / "packet.pdf").read_bytes()


def test_a_data_sheet_is_made_from_its_order_too(tmp_path):
    (tmp_path / "order.json").write_text(to_json(DataSheetOrder(sheet(), AT)))
    told = render_data_sheet(source=str(tmp_path / "order.json"), out_dir=str(tmp_path))
    assert told["file"] == "data_sheet.pdf"
    assert told["pages"] == 2
    assert hashlib.sha256((tmp_path / "data_sheet.pdf").read_bytes()).hexdigest() == told["sha256"]
