"""A Redis of its own, without persistence: what it forgets must not matter."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from tests.services.starting import answers, end, free_port, wait_until


def is_there() -> bool:
    return "TEST_REDIS" in os.environ or shutil.which("redis-server") is not None


@contextmanager
def running() -> Iterator[str]:
    """The address of an empty Redis."""
    if "TEST_REDIS" in os.environ:
        yield os.environ["TEST_REDIS"]
        return
    folder, port = tempfile.mkdtemp(prefix="teledent-redis-"), free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder, "--loglevel", "warning"]
    server = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: answers(port), what="Redis to start")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        end(server)
        shutil.rmtree(folder, ignore_errors=True)
