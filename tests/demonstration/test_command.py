"""The command: one password for its owner only, a second run that keeps the data, and hands off what is not its own."""

import shutil
import stat
import subprocess
import sys

import pytest

from tests.services.fixtures import ROOT, Installation, environment_for
from tests.services.starting import wait_until

COUNT = "from cases.models import Case, CaseEvent; print(Case.objects.count(), CaseEvent.objects.count())"


def seed(installation, *options, **environment):
    return subprocess.run(
        [sys.executable, "manage.py", "seed_demo", *options], cwd=ROOT, env={**installation.environment, **environment},
        capture_output=True, text=True,
    )  # fmt: skip


@pytest.fixture
def empty(sqlite_product, tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(sqlite_product, folder)
    return Installation(folder, environment_for(folder, DJANGO_SETTINGS_MODULE="teledent.settings"))


@pytest.fixture(scope="module")
def sqlite_product(tmp_path_factory):
    folder = tmp_path_factory.mktemp("product")
    environment = environment_for(folder, DJANGO_SETTINGS_MODULE="teledent.settings")
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True, capture_output=True
    )
    return folder


@pytest.fixture(scope="module")
def seeded(sqlite_product, tmp_path_factory):
    folder = tmp_path_factory.mktemp("seeded") / "data"
    shutil.copytree(sqlite_product, folder)
    installation = Installation(folder, environment_for(folder, DJANGO_SETTINGS_MODULE="teledent.settings"))
    done = seed(installation, "--small", "--cases", "3")
    assert done.returncode == 0, done.stderr
    return installation, done.stdout


def test_it_prints_everybody_with_a_password_that_only_its_owner_can_read(seeded):
    installation, said = seeded
    kept = installation.folder / "demonstration-password"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert kept.read_text().strip() in said
    for name in ("ines", "tobias", "farah", "anders", "june", "marisol"):
        assert f"{name}@example.org" in said


def test_the_password_opens_and_the_practice_is_a_demonstration(seeded):
    installation, _ = seeded
    password = (installation.folder / "demonstration-password").read_text().strip()
    opened = installation.ask(
        "from teledent.accounts.models import Person, Practice\n"
        f"print([p.check_password({password!r}) for p in Person.objects.all()], Practice.objects.get().is_demonstration)"
    )
    assert opened == f"{[True] * 6} True"


def test_a_second_run_keeps_the_data_and_prints_the_same_sign_ins(seeded):
    installation, said = seeded
    before = installation.ask(COUNT)
    again = seed(installation, "--if-empty")
    assert (again.returncode, again.stdout) == (0, said[said.index("This is a demonstration") :])
    assert installation.ask(COUNT) == before


def test_the_record_verifies(seeded):
    installation, _ = seeded
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_record"],
        cwd=ROOT,
        env=installation.environment,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (0, "3 cases verified: every chain, signature and file fits.\n")


@pytest.mark.parametrize("moment", ["files.synced@9", "jobs.finish.written@2"])
def test_a_run_that_was_killed_is_finished_by_the_next(empty, moment):
    killed = seed(empty, "--small", "--cases", "3", FAULT=moment)
    assert killed.returncode == -9
    assert (empty.folder / "demonstration-unfinished").exists()
    assert seed(empty, "--if-empty", "--small", "--cases", "3").returncode == 0
    told = empty.ask(
        "from cases.models import Asset, Case\n"
        "print([c.status for c in Case.objects.all()], Asset.objects.exclude(state='examined').count())"
    )
    assert told == "['submitted', 'submitted', 'submitted'] 1"  # one picture is on its way, as its story says
    assert not (empty.folder / "demonstration-unfinished").exists()


def test_another_practice_is_left_alone(empty):
    empty.ask("from tests.cast import build_world; build_world()")
    asked, told = seed(empty, "--if-empty"), seed(empty)
    assert (asked.returncode, asked.stdout) == (0, "")
    assert told.returncode == 1
    assert "holds a practice that is not the demonstration. Nothing was changed." in told.stderr


def test_a_database_elsewhere_is_refused(empty, tmp_path):
    elsewhere = tmp_path / "elsewhere.sqlite3"
    shutil.copy(empty.folder / "teledent.sqlite3", elsewhere)
    refused = seed(empty, DATABASE_URL=f"sqlite:///{elsewhere}")
    assert (refused.returncode, (empty.folder / "demonstration-password").exists()) == (1, False)
    assert "only a SQLite database of its own in DATA_DIR" in refused.stderr


HOLDING = """
import time
from pathlib import Path
from teledent.serving import folder
held = folder.hold(Path({folder!r}) / "serve.lock")
print("held", flush=True)
time.sleep(60)
"""


def test_it_does_not_run_beside_a_server(empty):
    holder = empty.start("-c", HOLDING.format(folder=str(empty.folder)))
    log = empty.folder.parent / "log"
    wait_until(lambda: "held" in log.read_text() or holder.poll() is not None, what="the folder to be held")
    try:
        assert "Stop it first" in seed(empty).stderr
    finally:
        empty.end_all()
