import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from teledent.serving import folder, preparing

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_a_lock_is_held_once_and_names_its_holder(tmp_path):
    with folder.hold(tmp_path / "serve.lock"):
        with pytest.raises(folder.Held) as caught:
            folder.hold(tmp_path / "serve.lock")
        assert caught.value.holder == str(os.getpid())
    folder.hold(tmp_path / "serve.lock").close()


def test_an_installation_keeps_its_name(tmp_path):
    assert folder.installation(tmp_path) == folder.installation(tmp_path)


def test_a_network_drive_is_not_trusted(monkeypatch, tmp_path):
    assert folder.is_local(tmp_path)
    monkeypatch.setattr(folder, "file_system_of", lambda _: "nfs4")
    assert not folder.is_local(tmp_path)


def test_the_mount_with_the_longest_path_counts():
    assert folder.file_system_of(Path("/proc/self")) == "proc"


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "data").write_text("a file where a folder should be")
    with pytest.raises(preparing.CannotServe, match="cannot be written"):
        preparing.require_folder(tmp_path / "data")


def test_an_older_database_is_copied_before_it_is_updated(on_sqlite):
    on_sqlite.ask(
        "from django.core.management import call_command as call; call('migrate', 'files', 'zero', verbosity=0)\n"
        "from pathlib import Path; from teledent.serving.preparing import *; from django.conf import settings as s\n"
        "from teledent.kit import clock\n"
        "bring_database_up_to_date(Path(s.DATA_DIR), at=clock.now(), migrate=True)"
    )
    (copy,) = (on_sqlite.folder / "backups").iterdir()
    assert copy.stat().st_mode & 0o077 == 0
    tables = "SELECT name FROM sqlite_master WHERE name LIKE 'files_%'"
    assert sqlite3.connect(copy).execute(tables).fetchall() == []
    assert sqlite3.connect(on_sqlite.folder / "teledent.sqlite3").execute(tables).fetchall()


def test_an_older_database_is_left_alone_when_asked(on_sqlite):
    answer = on_sqlite.ask(
        "from django.core.management import call_command as call; call('migrate', 'files', 'zero', verbosity=0)\n"
        "from pathlib import Path; from teledent.serving.preparing import *; from django.conf import settings as s\n"
        "from teledent.kit import clock\n"
        "try: bring_database_up_to_date(Path(s.DATA_DIR), at=clock.now(), migrate=False)\n"
        "except CannotServe as reason: print(reason)"
    )
    assert "older release" in answer
    assert not (on_sqlite.folder / "backups").exists()


def test_static_files_are_collected_once_and_again_when_a_source_changes(settings, tmp_path):
    (tmp_path / "source").mkdir()
    sheet = tmp_path / "source" / "a.css"
    sheet.write_text("a {}")
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [tmp_path / "source"], tmp_path / "out"
    preparing.collect_static()
    collected = tmp_path / "out" / "a.css"
    collected.write_text("left alone")
    preparing.collect_static()
    assert collected.read_text() == "left alone"
    sheet.write_text("a { color: red }")
    preparing.collect_static()
    assert collected.read_text() == "a { color: red }"
