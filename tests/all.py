"""`make test`: every test on SQLite, then the data tests once more on a PostgreSQL cluster of their own."""

import os
import subprocess
import sys
import time

from tests.services import postgres

AGAIN = "data and not (browser or faults or postgres or redis or s3)"  # what starts its own servers runs once
PROCESSES = os.environ.get("TEST_PROCESSES", str((os.cpu_count() or 1) + 1))  # one more than cores: many tests wait


def run(title: str, *command: str, **environment: str) -> int:
    started = time.monotonic()
    print(f"--- {title}", flush=True)  # noqa: T201
    code = subprocess.run(command, check=False, env={**os.environ, **environment}).returncode
    ended = "passed" if code == 0 else "FAILED"
    print(f"--- {title}: {ended} in {time.monotonic() - started:.0f} s", flush=True)  # noqa: T201
    return code


def main() -> int:
    # A file's tests stay in one process, which keeps what they share; those that start processes come first.
    pytest = [sys.executable, "-m", "pytest", "-q", "-n", PROCESSES, "--dist", "loadfile", "--no-loadscope-reorder"]
    if postgres.is_there():
        with postgres.running() as server:
            there = {"TEST_POSTGRES": server.server}
            code = run("every test, on SQLite", *pytest, **there)
            there["TEST_DATABASE_URL"] = server.address("postgres")
            return max(code, run("the data tests, on PostgreSQL", *pytest, "-m", AGAIN, **there))
    code = run("every test, on SQLite", *pytest)
    if "postgres" in os.environ.get("REQUIRE", ""):
        print("REQUIRE names postgres, which this machine does not have.")  # noqa: T201
        return 1
    print("--- left out: the data tests on PostgreSQL, which this machine does not have")  # noqa: T201
    return code


if __name__ == "__main__":
    sys.exit(main())
