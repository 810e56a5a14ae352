import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from teledent.files import keeping, sweeping
from teledent.files.models import Chunk, StoredFile, Upload
from teledent.files.storage import Blocks
from tests.files.conftest import Sender

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=8)


def make_old(disk) -> None:
    for key, _ in disk.entries(""):
        os.utime(disk.path(key), (LONG_AGO.timestamp(), LONG_AGO.timestamp()))
    Upload.objects.update(created_at=LONG_AGO)
    Chunk.objects.update(created_at=LONG_AGO)


def keys(disk) -> set[str]:
    return {key for key, _ in disk.entries("")}


def test_what_a_row_names_stays_however_old(disk):
    stored = keeping.record(keeping.keep([b"x"], folder="originals"), at=LONG_AGO)
    make_old(disk)
    assert sweeping.sweep(at=NOW) == 0
    assert keys(disk) == {stored.key}


def test_bytes_that_never_got_a_row_go_after_a_day(disk):
    keeping.keep([b"x"], folder="originals")
    (Path(disk.location) / "originals" / ".part-cut").write_text("half")
    make_old(disk)
    fresh = keeping.keep([b"y"], folder="originals")
    assert sweeping.sweep(at=NOW) == 2
    assert keys(disk) == {fresh.key}


def test_chunks_of_a_forgotten_upload_go_after_a_week(disk):
    sender = Sender(b"0123456789")
    sender.announce()
    sender.patch(0, 5)
    sweeping.sweep(at=NOW)
    assert sender.head() == 5
    make_old(disk)
    sweeping.sweep(at=NOW)
    assert keys(disk) == set()
    assert sender.head() == 0


def test_an_old_upload_that_is_still_arriving_keeps_its_chunks(disk):
    sender = Sender(b"0123456789")
    sender.announce()
    sender.patch(0, 5)
    make_old(disk)
    Chunk.objects.update(created_at=NOW - timedelta(hours=1))
    sweeping.sweep(at=NOW)
    assert sender.head() == 5


def test_chunks_that_a_kill_left_beside_a_stored_file_go(disk):
    sender = Sender(b"0123456789")
    sender.announce()
    sender.patch(0)
    upload = Upload.objects.get()
    disk.save("chunks/left", Blocks([b"0"]))
    Chunk.objects.create(upload=upload, offset=0, length=1, key="chunks/left", created_at=NOW)
    sweeping.sweep(at=NOW)
    assert keys(disk) == {StoredFile.objects.get().key}


def test_scratch_folders_of_killed_processes_go_after_a_day(settings, tmp_path):
    settings.SCRATCH_DIR = tmp_path
    for name, at in [("old", LONG_AGO), ("new", NOW)]:
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (at.timestamp(), at.timestamp()))
    sweeping.sweep_scratch(at=NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
