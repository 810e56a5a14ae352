import errno
import os
from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousFileOperation

from teledent.files.storage import Blocks, StorageFull, StorageUnavailable, local_copy, private


def everything_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_files_and_folders_are_for_this_account_only(disk):
    disk.save("originals/ab/one", Blocks([b"x"]))
    path = Path(disk.path("originals/ab/one"))
    assert path.stat().st_mode & 0o777 == 0o600
    assert {folder.stat().st_mode & 0o777 for folder in path.parents[:3]} == {0o700}


def test_a_key_is_written_once(disk):
    disk.save("originals/one", Blocks([b"first"]))
    with pytest.raises(FileExistsError):
        disk.save("originals/one", Blocks([b"second"]))
    assert b"".join(disk.stream("originals/one")) == b"first"
    assert len(everything_below(Path(disk.location))) == 1


def test_a_full_disk_leaves_nothing_behind(disk, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    Path(disk.location).mkdir()
    with pytest.raises(StorageFull):
        disk.save("one", Blocks([b"x"]))
    assert everything_below(Path(disk.location)) == []


def test_below_the_floor_nothing_is_taken(disk, settings):
    settings.FREE_DISK_FLOOR = 1 << 60
    with pytest.raises(StorageFull):
        disk.save("one", Blocks([b"x"]))


def test_there_is_no_address(disk):
    with pytest.raises(NotImplementedError, match="authorises"):
        disk.url("one")


def test_a_key_cannot_lead_out_of_the_storage(disk):
    with pytest.raises(SuspiciousFileOperation):
        disk.save("../elsewhere", Blocks([b"x"]))


def test_bytes_that_are_gone_are_unavailable_not_an_error_page(disk):
    with pytest.raises(StorageUnavailable):
        list(disk.stream("gone"))


def test_a_decoder_reads_the_file_itself(disk):
    private().save("one", Blocks([b"x"]))
    with local_copy("one") as path:
        assert path == Path(disk.path("one"))
