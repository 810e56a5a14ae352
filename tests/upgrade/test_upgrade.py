"""Every released schema, restored and brought up to this code: nothing is lost, everything verifies, pages open."""

import json
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing

import psycopg
import pytest

from tests.services.fixtures import ROOT, Installation, environment_for
from tests.upgrade.make import DUMPS, MOST, SETTINGS, fill

pytestmark = pytest.mark.processes
PACKED = sorted(DUMPS.glob("*.tar.xz"))
BEFORE = ("cases", "0001_squashed")  # before indicators: the first step that can be gone back to
COUNTED = (
    "accounts_person", "cases_case", "cases_caseevent", "cases_submission", "cases_signature", "cases_addendum", "cases_asset",
    "files_storedfile", "billing_claim", "billing_claimline", "billing_export",
)  # fmt: skip
VERIFIED = "id, payer_id, member_id, verified_how, verified_by_id, verified_on"
VERIFIED_NOW = (
    "coverage_id, payer_id, member_id, note, recorded_by_id, verified_on"  # the words of old went into the note
)


def dumps(of=""):
    for path in (path for path in PACKED if path.name.startswith(of)):
        marks = [pytest.mark.postgres] if "postgres" in path.name else []
        yield pytest.param(path, id=path.name.removesuffix(".tar.xz"), marks=marks)


def pairs(of):
    """Each of these dumps beside a new installation on the same database."""
    for dump in dumps(of):
        yield pytest.param(dump.values[0], dump.id.rsplit("-", 1)[1], id=dump.id, marks=dump.marks)


@pytest.fixture(params=dumps(), scope="module")
def restored(request, tmp_path_factory):
    """The installation that a dump was taken from, as it stood then."""
    folder = tmp_path_factory.mktemp("restored")
    with tarfile.open(request.param) as package:
        package.extractall(folder, filter="data")
    sql, environment = (folder / "dump.sql").read_text(), environment_for(folder, **SETTINGS)
    if "postgres" in request.param.name:
        server = request.getfixturevalue("postgres_server")
        environment["DATABASE_URL"] = server.address(server.new_database())
        with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as database:
            database.execute(sql.encode())
    else:
        with closing(sqlite3.connect(folder / "teledent.sqlite3")) as database:
            database.executescript(sql)
    return Installation(folder, environment)


@pytest.fixture(scope="module")
def before(restored):
    """How many rows of each the dump had, before `upgraded`."""
    return counts(restored)


@pytest.fixture(scope="module")
def verified(restored):
    """What coverages said of their verification, before `upgraded`."""
    return restored.rows(f"SELECT {VERIFIED} FROM billing_coverage WHERE verified_on IS NOT NULL ORDER BY id")


@pytest.fixture(scope="module")
def upgraded(restored, before, verified):
    """The same, brought up to this code: once for all tests, each of which leaves it as it was."""
    python(restored, "manage.py", "migrate", "-v0")
    return restored


def python(installation, *command):
    done = ended(installation, *command)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def ended(installation, *command):
    told = [sys.executable, *command]
    return subprocess.run(told, env=installation.environment, cwd=ROOT, capture_output=True, text=True)


def counts(installation):
    return {table: installation.rows(f"SELECT count(*) FROM {table}")[0][0] for table in COUNTED}


def test_what_was_verified_becomes_rows(upgraded, verified):
    assert verified
    assert upgraded.rows(f"SELECT {VERIFIED_NOW} FROM billing_verification ORDER BY coverage_id") == verified


def test_a_released_schema_is_brought_up_to_this_code(upgraded, before):
    assert min(before.values()) > 0, before
    assert counts(upgraded) == before
    assert "No planned migration operations" in python(upgraded, "manage.py", "migrate", "--plan")
    assert f"{before['cases_case']} cases verified" in python(upgraded, "manage.py", "verify_record")
    assert json.loads(python(upgraded, "-m", "tests.upgrade.visits")) == {
        "answers": [200],
        "claims listed": before["billing_claim"],
        "the export's file begins": "PK",
        "guards missing": [],
    }


@pytest.mark.parametrize(("restored", "product"), [*pairs("first-")], indirect=True)
def test_a_new_database_looks_like_an_old_one_brought_up_to_this_code(upgraded, product):
    """The steps that a squashed migration replaces lead where it leads."""
    new, old = (json.loads(python(one, "-m", "tests.upgrade.shape")) for one in (product, upgraded))
    assert new.keys() == old.keys()
    assert {table: new[table] for table in new if new[table] != old[table]} == {
        table: old[table] for table in new if new[table] != old[table]
    }


def test_a_changed_byte_in_a_dump_would_be_found(upgraded):
    """The verification above means something: it names what is changed."""
    original = next(path for path in sorted((upgraded.folder / "files/tests").iterdir()))
    kept = original.read_bytes()
    original.write_bytes(b"another picture")
    done = ended(upgraded, "manage.py", "verify_record")
    original.write_bytes(kept)
    assert done.returncode == 1
    assert "was changed in the storage" in done.stderr


@pytest.mark.parametrize("restored", [*dumps("first-")], indirect=True)  # later dumps fill tables that go
def test_a_step_back_and_forth_again_keeps_the_record_and_its_guards(upgraded):
    """Half way, the guards of this code stand aside: they read what is not there. /readyz fails until they are back."""
    python(upgraded, "manage.py", "migrate", "-v0", *BEFORE)
    half_way = ended(upgraded, "manage.py", "check", "--database", "default", "--deploy")
    assert "guards" in half_way.stdout + half_way.stderr
    upgraded.rows("UPDATE cases_case SET revision = revision + 1 WHERE status = 'draft' RETURNING 1")
    python(upgraded, "manage.py", "migrate", "-v0")
    assert "cases verified" in python(upgraded, "manage.py", "verify_record")
    assert json.loads(python(upgraded, "-m", "tests.upgrade.visits"))["guards missing"] == []


def test_what_the_next_release_leaves_behind_holds_a_request_that_was_sent_and_answered(tmp_path):
    fill(tmp_path)
    with closing(sqlite3.connect(tmp_path / "teledent.sqlite3")) as database:
        rows = database.execute("SELECT kind, status, number, sent_how FROM billing_authorisation").fetchall()
        files = database.execute("SELECT state FROM billing_requestfile").fetchall()
    assert (rows, files) == ([("predetermination", "approved", "PD-1", "file")], [("done",)])


def test_dumps_are_small_and_come_from_both_databases():
    names = {path.name.removesuffix(".tar.xz").rsplit("-", 1)[0] for path in PACKED}
    assert {path.name for path in PACKED} == {
        f"{name}-{kind}.tar.xz" for name in names for kind in ("sqlite", "postgres")
    }
    assert all(path.stat().st_size <= MOST for path in PACKED)
