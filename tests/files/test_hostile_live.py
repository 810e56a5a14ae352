"""Files made to harm, sent by a hygienist through the real receiver to a running product, under names made to harm."""

import io
import itertools
import re
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image

from tests.cast import PASSWORD
from tests.corpus.hostile import CARGO, HOSTILE
from tests.flows import trip
from tests.flows.processes import PRODUCT, run_module
from tests.flows.visitor import Sender, Unexpected, Visitor
from tests.services.fixtures import Installation, serve
from tests.services.starting import wait_until
from tests.serving.test_serving import command_of, descendants, is_up

NAMES = {  # as they are sent, as they are kept: data, and never part of a path or a header
    "../../x.jpg": "../../x.jpg", "a\\..\\b.jpg": "a\\..\\b.jpg", "/abs": "/abs", "..": "..", "x.jpg%00.php": "x.jpg%00.php",
    "x.jpg\0.php": "x.jpg.php", ".htaccess": ".htaccess", "🦷.jpg": "🦷.jpg", "a\nb.jpg": "a\nb.jpg", "x\u202egpj.exe": "xgpj.exe",
    "CON.jpg": "CON.jpg", 300 * "x": 120 * "x", '"; filename=x.html': '"; filename=x.html', "x.jpg.html": "x.jpg.html",
}  # fmt: skip
KEY = re.compile(r"(chunks/[0-9a-f]{32}/\d{12}-|originals/|derivatives/)[0-9a-f/-]+")
SENT = [name for name in HOSTILE if name != "nothing at all"]  # that one is refused when it is announced


@dataclass
class Sent:
    """What became of the corpus: a row of each file (outcome, name kept), and the visitor who may look at it."""

    hana: Visitor
    installation: Installation
    ids: dict[str, str]
    rows: dict[str, tuple[str, str]]
    webs: list[set[int]]


def gunicorns(served: Any) -> set[int]:
    return {pid for pid in descendants(served.process.pid) if "gunicorn" in command_of(pid)}


@pytest.fixture(scope="module")
def sent(product_at, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile") / "data"
    installation = product_at(folder, **PRODUCT)
    case = run_module(installation, "tests.flows.prepare", "1")["cases"][0]
    served = serve(installation)
    wait_until(lambda: is_up(f"{served.address}/healthz"), what="the web server to answer")
    hana, webs = Visitor((served.address,)), [gunicorns(served)]
    hana.sign_in(trip.HANA, PASSWORD)
    ids = {}
    for name, filename in zip(SENT, itertools.cycle(NAMES)):
        receipt = Sender(hana, case, HOSTILE[name].build(), parts=2).send(filename=filename)
        ids[name] = str(receipt["id"])
        assert is_up(f"{served.address}/healthz"), name
    with pytest.raises(Unexpected, match="This file is empty"):
        Sender(hana, case, b"").send()
    waiting = "SELECT count(*) FROM jobs_job WHERE kind = 'cases.examine_asset' AND state IN ('ready', 'running')"
    wait_until(lambda: installation.rows(waiting) == [(0,)], what="every file to be examined", seconds=300)
    webs.append(gunicorns(served))
    assert is_up(f"{served.address}/healthz")
    found = installation.rows("SELECT public_id, state, refusal_code, declared_name FROM cases_asset")
    rows = {
        str(uuid.UUID(one)): (code if state == "refused" else {"examined": "ok"}.get(state, state), kept)
        for one, state, code, kept in found
    }
    yield Sent(hana, installation, ids, rows, webs)
    installation.end_all()


def test_each_file_has_its_outcome_recorded(sent):
    outcomes = {name: sent.rows[sent.ids[name]][0] for name in SENT}
    assert {name: code for name, code in outcomes.items() if code not in HOSTILE[name].answers} == {}
    assert len(sent.rows) == len(SENT)


def test_the_web_server_is_the_same_process_as_before(sent):
    before, after = sent.webs
    assert before == after != set()


def test_names_are_kept_as_data_and_never_become_a_path(sent):
    kept = {name: sent.rows[sent.ids[name]][1] for name in SENT}
    assert kept == dict(zip(SENT, itertools.cycle(NAMES.values())))
    keys = [key for (key,) in sent.installation.rows("SELECT key FROM files_storedfile")]
    assert [key for key in keys if not KEY.fullmatch(key)] == []
    on_disk = {path.name for path in sent.installation.folder.parent.rglob("*")}
    assert on_disk & {re.split(r"[/\\\\]", name)[-1] for name in NAMES} == set()


def test_an_original_is_handed_out_only_as_a_download_under_a_name_of_ours(sent):
    for name, one in sent.ids.items():
        answer = sent.hana.ask("GET", f"/originals/{one}/", stream=True)
        answer.close()
        assert answer.status_code == 200, name
        said = (
            answer.headers["Content-Type"],
            answer.headers["Content-Disposition"],
            answer.headers["X-Content-Type-Options"],
        )
        assert said == ("application/octet-stream", f'attachment; filename="{one}.bin"', "nosniff"), name


def test_no_cargo_reaches_anything_that_is_shown(sent):
    shown = {one: name for name, one in sent.ids.items() if sent.rows[one][0] == "ok"}
    made = "SELECT a.public_id, d.recipe, d.page FROM cases_derivative d JOIN cases_asset a ON a.id = d.asset_id"
    pictures = [(str(uuid.UUID(one)), recipe, page) for one, recipe, page in sent.installation.rows(made)]
    assert {one for one, _, _ in pictures} == set(shown)
    assert len(shown) > 15
    for one, recipe, page in pictures:
        answer = sent.hana.ask("GET", f"/pictures/{one}/{recipe}/{page}/")
        assert answer.status_code == 200, shown[one]
        assert [mark for mark in CARGO if mark in answer.content] == [], shown[one]
        if recipe == "samples":
            continue  # no picture, but the numbers of one
        with Image.open(io.BytesIO(answer.content)) as image:
            assert not image.getexif(), shown[one]
            assert not {"comment", "xmp", "exif", "icc_profile"} & set(image.info), shown[one]
