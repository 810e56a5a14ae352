"""What pyx12 has to say about a claim file."""

import atexit
import io
import json
import logging
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyx12.map_if
import pyx12.params
import pyx12.x12n_document

from tests.judges.dental_map import write_dental_maps

# pyx12 logs the values of the segments that it refuses, hundreds of lines a test.
logging.getLogger("pyx12").setLevel(logging.CRITICAL + 1)
PARAMETERS = pyx12.params.params()


@cache
def _maps() -> Path:
    """The derived maps, once a session; the folder goes when the interpreter ends."""
    folder = Path(tempfile.mkdtemp(prefix="dental-maps-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return write_dental_maps(folder)


_read_map = pyx12.map_if.load_map_file


@cache
def _map_read_once(name: str, map_path: str) -> Any:
    return _read_map(name, PARAMETERS, map_path)


# pyx12 parses its maps anew for every file, nine tenths of its time; walking a map leaves it as it was.
pyx12.map_if.load_map_file = lambda name, _parameters, map_path: _map_read_once(name, map_path)


def pyx12_errors(path: Path) -> list[str]:
    """What pyx12 refuses in the 837D at `path`: an empty list when it accepts the file."""
    for name in [name for name in logging.root.manager.loggerDict if name.startswith("pyx12")]:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # its modules set levels of their own
    report = io.StringIO()
    with path.open(encoding="ascii") as claims:  # opened here: pyx12 leaves a file open that it cannot read
        accepted = pyx12.x12n_document.x12n_document(
            PARAMETERS, claims, None, None, fd_json=report, map_path=str(_maps())
        )
    found = list(_errors(json.loads(report.getvalue()))) if report.getvalue() else []
    return found or ([] if accepted else ["pyx12 refuses the file and does not say why"])


def _errors(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for inner in node:
            yield from _errors(inner)
    elif isinstance(node, dict):
        for error in node.get("errors", []):
            yield str(error.get("err_str", error)) if isinstance(error, dict) else str(error)
        for name, inner in node.items():
            if name != "errors":
                yield from _errors(inner)
