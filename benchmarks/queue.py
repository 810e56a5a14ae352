"""Does the reading room cost more when more cases wait? Queries and milliseconds of work at 1,000, 100,000 and 1,000,000 cases.

Run: python -m benchmarks.queue [CASES ...]. On SQLite, in a file of its own; with DATABASE_URL in a test database made
beside the named one; `python -m tests.services.run postgres -- python -m benchmarks.queue` starts a PostgreSQL for it.
Three of ten cases wait, half of them in a state where the dentist has no licence, one in five with pictures on the way,
none with an answer back. Aim: the same number of queries, and no more than 1.5 times the milliseconds of the first step.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

if "DATABASE_URL" in os.environ:
    os.environ.setdefault("TEST_DATABASE_URL", os.environ["DATABASE_URL"])
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.db import connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_test_environment

from cases.models import Asset, Case, CaseEvent, Submission
from cases.states import Status
from tests import cast

STEPS = (1_000, 100_000, 1_000_000)
ROUNDS = 40
PAGES = {
    "queue": "", "last page": "?page=20", "asked": "?show=asked", "urgent": "?urgency=urgent", "on their way": "?state=incomplete",
    "answer back": "?state=answer", "for me": "?whose=me", "over 7 days": "?age=7",
}  # fmt: skip
SQLITE = connection.vendor == "sqlite"
UUID = "lower(hex(randomblob(16)))" if SQLITE else "gen_random_uuid()"


def later(minutes: str) -> str:
    """SQL for an instant some minutes (an expression) from now."""
    if SQLITE:
        return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', ({minutes}) || ' minutes')"
    return f"now() + ({minutes}) * interval '1 minute'"


def rows_like(row: models.Model, first: int, last: int, where: str = "1 = 1", **columns: str) -> None:
    """One row for each number from `first` to `last`, like `row` but for `columns`: SQL over the number n.i."""
    fields = [f for f in row._meta.concrete_fields if not f.primary_key and not f.generated]
    made = ", ".join(columns.get(f.attname, f"t.{connection.ops.quote_name(f.column)}") for f in fields)
    names = ", ".join(connection.ops.quote_name(f.column) for f in fields)
    table = row._meta.db_table
    numbers = f"WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            f"{numbers} INSERT INTO {table} ({names}) SELECT {made} FROM n, {table} t WHERE t.id = {row.pk} AND {where}"  # noqa: S608
        )


def fill(first: int, last: int) -> None:
    """Cases with the rows that the queue asks about: of ten, three wait, one was asked about, one is a draft, five are signed."""
    case = Case.objects.order_by("pk")[0]
    offset = Case.objects.order_by("-pk").values_list("pk", flat=True)[0] - (first - 1)
    waits = "(CASE WHEN n.i % 10 < 3 THEN 'submitted' WHEN n.i % 10 = 3 THEN 'needs_info' WHEN n.i % 10 = 4 THEN 'draft' ELSE 'closed' END)"
    rows_like(
        case, first, last, public_id=UUID, number="n.i + 1000", status=waits, patient_state="CASE WHEN n.i % 2 = 0 THEN 'OR' ELSE 'WA' END",
        urgency="CASE WHEN n.i % 97 = 0 THEN 'urgent' ELSE 'routine' END", files_late="CASE WHEN n.i % 5 = 0 THEN 1 ELSE 0 END",
        due_at=later("(n.i % 20000) * 7919 % 20000 - 600"), submitted_at=later("(n.i % 20000) * 7919 % 20000 - 10700"),
        signed_at=f"CASE WHEN n.i % 10 > 4 THEN {later('-5000 - n.i % 90000')} END", timeline_count="1", timeline_head="''",
    )  # fmt: skip
    submission, asset = case.submissions.get(), case.assets.order_by("pk")[0]
    event = CaseEvent.objects.filter(case=case).order_by("pk")[0]
    rows_like(submission, first, last, case_id=f"n.i + {offset}")
    rows_like(
        asset, first, last, case_id=f"n.i + {offset}", public_id=UUID, original_id="NULL", state="'declared'",
        declared_sha256="t.declared_sha256 || n.i" if SQLITE else "md5(n.i::text)",
    )  # fmt: skip
    rows_like(event, first, last, case_id=f"n.i + {offset}")


def without_guards() -> None:
    """A benchmark writes rows of signed cases as no product code may."""
    tables = [model._meta.db_table for model in (Case, Asset, Submission, CaseEvent)]
    with connection.cursor() as cursor:
        if SQLITE:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def measured(work: Callable[[], None]) -> tuple[int, float]:
    """Queries of one warm run, and the mean milliseconds of work of several, of this process and of the database's.

    Work, not waiting: what else the machine does would otherwise be measured too.
    """
    work()
    with CaptureQueriesContext(connection) as captured:
        work()
        queries = len(captured)
    start = processor_seconds()
    for _ in range(ROUNDS):
        work()
    return queries, (processor_seconds() - start) * 1000 / ROUNDS


def processor_seconds() -> float:
    """Of this process, and of the PostgreSQL server process behind its connection, as Linux counts them."""
    own = time.process_time()
    if SQLITE:
        return own
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        ticks = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return own + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def works(client: Client) -> dict[str, Callable[[], None]]:
    def page(query: str = "") -> Callable[[], None]:
        def look() -> None:
            assert client.get(f"/reading/{query}").status_code == 200

        return look

    def start() -> None:
        with transaction.atomic():
            answer = client.post("/reading/next/")
            assert answer["Location"] != "/reading/", "nothing was started"
            transaction.set_rollback(True)

    return {**{name: page(query) for name, query in PAGES.items()}, "start next": start}


def main() -> None:
    steps = [int(one) for one in sys.argv[1:]] or list(STEPS)
    with own_database("queue"):
        measure(steps)


@contextmanager
def own_database(name: str) -> Iterator[None]:
    """A migrated database for one benchmark: a file, or beside the PostgreSQL database that DATABASE_URL names."""
    setup_test_environment()
    with tempfile.TemporaryDirectory() as folder:
        connection.settings_dict["TEST"]["NAME"] = (
            str(Path(folder) / f"{name}.sqlite3") if SQLITE else f"{name}_benchmark"
        )
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            yield
        finally:
            connection.creation.destroy_test_db("", verbosity=0)


def measure(steps: list[int]) -> None:
    world = cast.build_world()
    cast.case_at(world, Status.SUBMITTED, patient=cast.make_patient(world))
    without_guards()
    client = Client()
    client.force_login(world.people["dev"], backend="django.contrib.auth.backends.ModelBackend")
    print(f"{connection.vendor}: queries, milliseconds of work, and the ratio to the first step")
    first: dict[str, float] = {}
    done = 0
    for step in steps:
        fill(done + 1, step)
        done = step
        if not SQLITE:
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        for name, work in works(client).items():
            queries, spent = measured(work)
            first.setdefault(name, spent)
            print(f"{step:>9,}  {name:12} {queries:3} queries {spent:7.1f} ms  {spent / first[name]:5.2f}", flush=True)


if __name__ == "__main__":
    main()
