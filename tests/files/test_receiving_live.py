"""The receiver on a real server, with tuspy as a sender that is not ours, and with connections that are cut."""

import hashlib
import io
import os
import socket
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from tusclient.client import TusClient

from tests.files.conftest import TUS, encoded
from tests.services.fixtures import Served, serve
from tests.services.starting import end, wait_until

PHOTO = hashlib.shake_256(b"a photograph").digest(700_000)


@pytest.fixture
def disk():
    """Here the server keeps the files, in its own data folder."""


def announce(address: str, content: bytes = PHOTO) -> str:
    """The path of a newly announced upload."""
    metadata = encoded(id=str(uuid.uuid4()), sha256=hashlib.sha256(content).hexdigest())
    headers = {**TUS, "Upload-Length": str(len(content)), "Upload-Metadata": metadata}
    return urlsplit(requests.post(f"{address}/uploads/", headers=headers, timeout=30).headers["Location"]).path


def patch(address: str, path: str, start: int, stop: int | None = None) -> requests.Response:
    headers = {**TUS, "Upload-Offset": str(start), "Content-Type": "application/offset+octet-stream"}
    return requests.patch(address + path, data=PHOTO[start:stop], headers=headers, timeout=30)


def offset(address: str, path: str) -> int:
    return int(requests.head(address + path, headers=TUS, timeout=30).headers["Upload-Offset"])


def cut_in_the_middle(served: Served, path: str, start: int, sent: int) -> None:
    """Promise everything, send `sent` bytes, hang up."""
    parts = urlsplit(served.address)
    head = (
        f"PATCH {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: {start}\r\n"
        f"Content-Type: application/offset+octet-stream\r\nContent-Length: {len(PHOTO) - start}\r\n\r\n"
    )
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.sendall(head.encode() + PHOTO[start : start + sent])


def stored(address: str, path: str) -> bytes:
    return requests.get(f"{address}/bytes/{path.rpartition('/')[2]}", timeout=30).content


def test_an_independent_client_sends_a_file(live_ground):
    metadata = {"id": str(uuid.uuid4()), "sha256": hashlib.sha256(PHOTO).hexdigest(), "filename": "../a\\b.jpg"}
    uploader = TusClient(f"{live_ground.address}/uploads/").uploader(
        file_stream=io.BytesIO(PHOTO), metadata=metadata, chunk_size=100_000, upload_checksum=True
    )
    uploader.upload()
    assert stored(live_ground.address, urlsplit(str(uploader.url)).path) == PHOTO


def test_an_independent_client_goes_on_where_another_process_stopped(live_ground):
    path = announce(live_ground.address)
    patch(live_ground.address, path, 0, 300_000)
    uploader = TusClient(f"{live_ground.address}/uploads/").uploader(
        file_stream=io.BytesIO(PHOTO), url=live_ground.address + path, chunk_size=256_000
    )
    assert uploader.offset == 300_000
    uploader.upload()
    assert stored(live_ground.address, path) == PHOTO


def test_what_arrived_before_a_cut_is_kept(live_ground, on_sqlite):
    """Looked at in the rows: asking the receiver ends a body that is still on its way."""

    def is_kept(stop: int) -> bool:
        return on_sqlite.rows('SELECT max("offset" + length) FROM files_chunk') == [(stop,)]

    path = announce(live_ground.address)
    cut_in_the_middle(live_ground, path, 0, 200_000)
    wait_until(lambda: is_kept(200_000), what="the cut part to be kept")
    cut_in_the_middle(live_ground, path, 150_000, 250_000)
    wait_until(lambda: is_kept(400_000), what="the second cut part to be kept")
    assert offset(live_ground.address, path) == 400_000
    assert patch(live_ground.address, path, 400_000).status_code == 204
    assert stored(live_ground.address, path) == PHOTO


def test_a_silent_connection_holds_nothing_up(live_ground):
    """With a lock per upload this retry would wait for a connection that never ends."""
    path, parts = announce(live_ground.address), urlsplit(live_ground.address)
    with socket.create_connection((parts.hostname, parts.port)) as silent:
        head = (
            f"PATCH {path} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Length: 9999\r\n"
        )
        silent.sendall(f"{head}Content-Type: application/offset+octet-stream\r\n\r\nabc".encode())
        assert patch(live_ground.address, path, 0).status_code == 204
    assert stored(live_ground.address, path) == PHOTO


def test_parts_of_one_file_may_reach_different_hosts(on_postgres, s3_store, tmp_path):
    store = s3_store.environment(s3_store.new_bucket())
    hosts = [serve(on_postgres, DATA_DIR=str(tmp_path / name), **store) for name in ("one", "two")]
    path = announce(hosts[0].address)
    for number, start in enumerate(range(0, len(PHOTO), 200_000)):
        assert patch(hosts[number % 2].address, path, start, start + 200_000).status_code == 204
    assert stored(hosts[0].address, path) == stored(hosts[1].address, path) == PHOTO
    for host in hosts:
        end(host.process)


POINTS = ["files.chunk.renamed@1", "files.chunk.committed@2", "files.finish.written@1", "files.finish.committed@1"]
if os.environ.get("SOAK") == "1":
    POINTS += [f"files.*@{n}" for n in range(1, 16)]


@pytest.mark.parametrize("point", POINTS)
def test_a_server_killed_on_the_way_loses_nothing_acknowledged(on_sqlite, tmp_path, point):
    served = serve(on_sqlite, FAULT=point, FAULT_MARK=str(tmp_path / "killed"))
    path, acknowledged, tries = announce(served.address), 0, 0
    while acknowledged < len(PHOTO):
        tries += 1
        assert tries < 30
        try:
            position = offset(served.address, path)
            assert position >= min(acknowledged, len(PHOTO) - 1)
            answer = patch(served.address, path, position, position + 250_000)
            acknowledged = int(answer.headers["Upload-Offset"])
        except (requests.ConnectionError, requests.Timeout):
            continue
    assert Path(tmp_path / "killed").exists()
    assert stored(served.address, path) == PHOTO
    assert on_sqlite.marks("arrived") == 1
    end(served.process)
