"""`make test`: every test on SQLite, then the data tests once more on a PostgreSQL cluster of their own."""

import os
import subprocess
import sys
import time

from tests.services import postgres

AGAIN = "data and not (browser or faults or postgres or redis or s3)"  # what starts its own servers runs once
PROCESSES = os.environ.get("TEST_PROCESSES", str((os.cpu_count() or 1) + 1))  # one more than cores: many tests wait


def run(title: str, *command: str) -> int:
    started = time.monotonic()
    print(f"--- {title}", flush=True)  # noqa: T201
    code = subprocess.run(command, check=False).returncode
    ended = "passed" if code == 0 else "FAILED"
    print(f"--- {title}: {ended} in {time.monotonic() - started:.0f} s", flush=True)  # noqa: T201
    return code


def main() -> int:
    pytest = [sys.executable, "-m", "pytest", "-q", "-n", PROCESSES]
    codes = [run("every test, on SQLite", *pytest)]
    if postgres.is_there():
        on_postgres = [sys.executable, "-m", "tests.services.run", "postgres", "--"]
        codes.append(run("the data tests, on PostgreSQL", *on_postgres, *pytest, "-m", AGAIN))
    elif "postgres" in os.environ.get("REQUIRE", ""):
        print("REQUIRE names postgres, which this machine does not have.")  # noqa: T201
        codes.append(1)
    else:
        print("--- left out: the data tests on PostgreSQL, which this machine does not have")  # noqa: T201
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
