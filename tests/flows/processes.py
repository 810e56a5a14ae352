"""The product's own processes, as a person who runs several machines starts them."""

import json
import re
import secrets
from pathlib import Path
from typing import Any

from tests.services.fixtures import Installation, Served
from tests.services.starting import wait_until

PRODUCT = {
    "DJANGO_SETTINGS_MODULE": "teledent.settings",
    "FREE_DISK_FLOOR_MB": "0",
    "SECRET_KEY": secrets.token_urlsafe(64),
}
WEB = ["--config", "python:teledent.serving.web", "--log-level", "info"]
CELERY = ["-m", "celery", "-A", "teledent.celery", "worker", "--concurrency", "1", "--loglevel", "warning"]


def start_web(installation: Installation, *options: str, log: Path, **environment: str) -> Served:
    """gunicorn on a free port; returns once it listens."""
    process = installation.start(
        "-m", "gunicorn", *options, "--bind", "127.0.0.1:0", "teledent.wsgi", log=log, **environment
    )
    wait_until(lambda: "Listening at: " in log.read_text() or process.poll() is not None, what="gunicorn to listen")
    found = re.search(r"Listening at: (https?://\S+)", log.read_text())
    assert found, log.read_text()
    return Served(found[1], process)


def manage(installation: Installation, *command: str, **environment: str) -> None:
    """A management command, to its end."""
    log = installation.folder.parent / f"{command[0]}.log"
    assert installation.start("manage.py", *command, log=log, **environment).wait(timeout=120) == 0, log.read_text()


def run_module(installation: Installation, module: str, *arguments: str, **environment: str) -> Any:
    """What a module of these tests prints as its last line, as JSON."""
    log = installation.folder.parent / f"{module}.log"
    code = installation.start("-m", module, *arguments, log=log, **environment).wait(timeout=180)
    assert code == 0, log.read_text()
    return json.loads(log.read_text().splitlines()[-1])
