"""Every hostile file gets its answer within the limits of a decoder's child, and none passes its cargo on."""

import gzip
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.corpus.hostile import CARGO, HOSTILE

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def reports(tmp_path_factory) -> dict[str, dict[str, Any]]:
    """What became of each file of the corpus, all run by one starter as the product does."""
    folder = tmp_path_factory.mktemp("hostile")
    paths = {name: folder / f"file{number}" for number, name in enumerate(HOSTILE)}
    for name, path in paths.items():
        path.write_bytes(HOSTILE[name].build())
    command = [sys.executable, "-m", "tests.cases.imaging.limited", *map(str, paths.values())]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=900, text=True)
    assert done.stderr == ""
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return dict(zip(HOSTILE, lines, strict=True))


def answer_of(report: dict[str, Any]) -> dict[str, Any]:
    assert report["exit"] == 0
    answer: dict[str, Any] = json.loads(Path(report["source"] + ".json").read_text(encoding="utf-8"))
    return answer


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_its_answer(reports, name):
    answer = answer_of(reports[name])
    assert answer.get("code", "ok") in HOSTILE[name].answers


@pytest.mark.parametrize("name", HOSTILE)
def test_a_refused_file_leaves_no_derivative_and_a_sentence(reports, name):
    answer = answer_of(reports[name])
    written = list(Path(reports[name]["source"] + ".out").iterdir())
    assert bool(written) == answer["ok"]
    assert answer["ok"] or answer["sentence"].endswith(".")


@pytest.mark.parametrize("name", [name for name, one in HOSTILE.items() if "ok" not in one.answers])
def test_a_refusal_is_cheap(reports, name):
    assert reports[name]["peak_mb"] < 900


@pytest.mark.parametrize("name", [name for name, one in HOSTILE.items() if "ok" in one.answers])
def test_no_cargo_reaches_a_derivative(reports, name):
    for path in Path(reports[name]["source"] + ".out").iterdir():
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = gzip.decompress(content)
        assert not [mark for mark in CARGO if mark in content]
        if path.suffix == ".gz":
            continue
        with Image.open(io.BytesIO(content)) as image:
            assert not image.getexif()
            assert not {"comment", "xmp", "exif", "icc_profile"} & set(image.info)


def test_a_photograph_taken_upright_is_shown_upright(reports):
    answer = answer_of(reports["JPEG with position and owner"])
    assert (answer["examination"]["width"], answer["examination"]["height"]) == (480, 640)
