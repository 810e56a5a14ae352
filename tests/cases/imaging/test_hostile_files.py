"""Every hostile file that is to be refused is refused cheaply, within the limits of a decoder's child.

The whole corpus, and what becomes of the files that are taken, goes through the running product in
`tests/files/test_hostile_live.py`.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.corpus.hostile import HOSTILE

ROOT = Path(__file__).parents[3]
REFUSED = [name for name, one in HOSTILE.items() if "ok" not in one.answers]


@pytest.fixture(scope="module")
def reports(tmp_path_factory) -> dict[str, dict[str, Any]]:
    """What became of each file of the corpus, all run by one starter as the product does."""
    folder = tmp_path_factory.mktemp("hostile")
    paths = {name: folder / f"file{number}" for number, name in enumerate(REFUSED)}
    for name, path in paths.items():
        path.write_bytes(HOSTILE[name].build())
    command = [sys.executable, "-m", "tests.cases.imaging.limited", *map(str, paths.values())]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=900, text=True)
    assert done.stderr == ""
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return dict(zip(REFUSED, lines, strict=True))


def answer_of(report: dict[str, Any]) -> dict[str, Any]:
    assert report["exit"] == 0
    answer: dict[str, Any] = json.loads(Path(report["source"] + ".json").read_text(encoding="utf-8"))
    return answer


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_file_gets_its_answer(reports, name):
    answer = answer_of(reports[name])
    assert answer.get("code", "ok") in HOSTILE[name].answers


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_file_leaves_no_derivative_and_a_sentence(reports, name):
    answer = answer_of(reports[name])
    assert list(Path(reports[name]["source"] + ".out").iterdir()) == []
    assert not answer["ok"]
    assert answer["sentence"].endswith(".")


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_is_cheap(reports, name):
    assert reports[name]["peak_mb"] < 900
