"""A certificate is tried at the start, and the server speaks with it as it does without."""

import os
import shutil
import signal
import socket
import subprocess
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from teledent.kit import clock
from teledent.serving import web
from teledent.serving.encryption import read_certificate
from teledent.serving.listening import address
from teledent.serving.refusing import CannotServe
from tests.services.fixtures import serve
from tests.services.starting import end, wait_until
from tests.serving import authority
from tests.serving.slow import PHOTO, Sending, connected, head_of, hurried
from tests.serving.test_serving import command_of, descendants


@pytest.fixture
def disk():
    """Here the server keeps the files, in its own data folder."""


def tried(own, *, certificate="", key="", later=timedelta(0)):
    return read_certificate(certificate or own.certificate, key or own.key, at=clock.now() + later)


def test_the_commands_of_the_howto_make_what_a_browser_accepts(own_authority):
    made = tried(own_authority)
    assert made.names == ("localhost", "localhost", "127.0.0.1", "127.0.0.1")
    assert made.warnings == ()


def test_its_renewal_is_another_pair_of_the_same_authority(tmp_path):
    own = authority.make(tmp_path)
    before = [Path(file).read_bytes() for file in (own.certificate, own.key, own.trusted)]
    authority.renew(own)
    after = [Path(file).read_bytes() for file in (own.certificate, own.key, own.trusted)]
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, False, True]
    assert (tried(own).names[0], tried(own).warnings) == ("localhost", ())


def test_without_files_nothing_is_encrypted():
    assert read_certificate("", "", at=clock.now()) is None


@pytest.mark.parametrize(
    ("days", "words"), [(-2, "holds from"), (390, "ends on"), (400, "expired on"), (4000, "browsers refuse it or warn")]
)
def test_dates_that_do_not_fit_are_a_warning(own_authority, days, words):
    (warning,) = tried(own_authority, later=timedelta(days=days)).warnings
    assert words in warning


def test_files_that_do_not_fit_are_refused_with_a_sentence(own_authority, tmp_path):
    other = shutil.copy(f"{own_authority.folder}/authority.key", tmp_path)
    (tmp_path / "words.pem").write_text("no certificate")
    locked = tmp_path / "locked.key"
    subprocess.run(
        ["openssl", "pkey", "-in", own_authority.key, "-aes256", "-passout", "pass:four", "-out", locked], check=True
    )
    for files, words in (
        ({"key": other}, "does not fit the certificate"),
        ({"certificate": str(tmp_path / "words.pem")}, "are not a certificate and a key in PEM form"),
        ({"certificate": str(tmp_path / "none.pem")}, "cannot be read (No such file or directory)"),
        ({"key": str(locked)}, "is locked with a passphrase"),
    ):
        with pytest.raises(CannotServe) as refused:
            tried(own_authority, **files)
        assert words in str(refused.value)
    with pytest.raises(CannotServe, match="belong together"):
        read_certificate(own_authority.certificate, "", at=clock.now())


def test_the_address_is_one_that_the_certificate_holds_for():
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port = sock.getsockname()[1]
        assert address(sock) == f"http://127.0.0.1:{port}/"
        assert address(sock, names=("laptop.test", "127.0.0.1")) == f"https://127.0.0.1:{port}/"
        assert address(sock, names=("laptop.test",)) == f"https://laptop.test:{port}/"
        assert address(sock, names=()) == f"https://127.0.0.1:{port}/"


def test_a_start_with_a_wrong_key_says_so_and_serves_nothing(own_authority, on_sqlite, tmp_path):
    wrong = on_sqlite.start(
        "manage.py", "serve", "--port", "0", "--tls-cert", own_authority.certificate, "--tls-key", "no.key", log=tmp_path / "said"
    )  # fmt: skip
    assert wrong.wait(timeout=60) != 0
    assert "no.key cannot be read" in (tmp_path / "said").read_text()


def test_it_is_served_encrypted_watched_over_and_ready_as_ever(own_authority, on_sqlite):
    served = serve(on_sqlite, **own_authority.environment)
    assert served.address.startswith("https://127.0.0.1:")

    def answers(page: str) -> str:
        try:
            return requests.get(served.address + page, verify=own_authority.trusted, timeout=20).text
        except OSError:
            return ""

    wait_until(lambda: answers("/healthz") == "ok\n", what="the web server to answer")
    wait_until(lambda: '"ready": true' in answers("/readyz"), what="/readyz to say so")
    for pid in descendants(served.process.pid):
        if "gunicorn" in command_of(pid):
            os.kill(pid, signal.SIGKILL)
    wait_until(lambda: answers("/healthz") == "ok\n", what="the web server to come back")
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{served.address}/healthz", timeout=20)
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://{urlsplit(served.address).netloc}/healthz", timeout=20)
    assert answers("/healthz") == "ok\n"
    end(served.process)


def test_a_renewal_counts_once_its_files_fit_and_until_then_the_old_one_is_shown(on_sqlite, tmp_path):
    """Certificate and key are two files: there is always a moment with the new one and the old other."""
    first, second = (authority.make(folder(tmp_path / name)) for name in ("first", "second"))
    address = hurried(on_sqlite, first)

    def shows(whose) -> bool:
        try:
            return requests.get(f"{address}/healthz", verify=whose.trusted, timeout=20).text == "ok\n"
        except requests.exceptions.SSLError:
            return False

    assert shows(first)
    shutil.copy(second.certificate, first.certificate)
    assert shows(first)
    assert shows(first)
    locked = ["openssl", "pkey", "-in", second.key, "-aes256", "-passout", "pass:four", "-out", first.key]
    subprocess.run(locked, check=True)
    assert shows(first)
    Path(first.key).unlink()
    assert shows(first)
    shutil.copy(second.key, first.key)
    assert shows(second)
    assert not shows(first)
    said = (on_sqlite.folder.parent / "web.log").read_text()
    assert said.count("does not fit the certificate") == 1
    assert said.count("is locked with a passphrase") == 1
    assert said.count("Until then the certificate from before is shown.") == 3


def folder(path: Path) -> Path:
    path.mkdir()
    return path


def test_slow_clients_are_ended_behind_the_encryption_too(own_authority, on_sqlite):
    """The timeouts of a socket end no encrypted read: without ours these would hold every thread for ever."""
    plain = hurried(on_sqlite, own_authority, SILENT_SECONDS=1.0, HEAD_SECONDS=1.0)
    assert plain.startswith("https://")
    with ExitStack() as stack:
        for _ in range(2 * web.threads):
            silent = stack.enter_context(connected(plain.replace("https", "http")))
            silent.sendall(b"\x16\x03\x01")  # a handshake that is never gone on with
        one = Sending(plain, own_authority.trusted)
        slow = stack.enter_context(one.slowly(100_000))
        assert head_of(slow).startswith("HTTP/1.1 408")
        assert one.offset() == 100_000
        assert one.patch(100_000).status_code == 204
        assert one.stored() == PHOTO
