"""The web server with real clients that trickle, stall and say nothing: readers are served, and nothing that came is lost."""

import socket
import time
from contextlib import ExitStack, suppress
from threading import Event, Thread

import pytest
import requests

from teledent.serving import web
from teledent.serving.leaving import Leaving
from teledent.serving.worker import is_upload, places_for_uploads
from tests.services.starting import wait_until
from tests.serving.slow import PHOTO, Sending, connected, head_of, hurried

PLACES = places_for_uploads(web.threads)


@pytest.fixture
def disk():
    """Here the server keeps the files, in its own data folder."""


def reads(address: str) -> float:
    """Seconds until a reader has her page."""
    began = time.monotonic()
    assert requests.get(f"{address}/healthz", timeout=20).status_code == 200
    return time.monotonic() - began


def trickle(connection, stop: Event) -> None:
    sent = 10
    with suppress(OSError):  # the test closes it, or the server has had enough
        while not stop.wait(0.1):
            connection.sendall(PHOTO[sent : sent + 10])
            sent += 10


def test_slow_senders_get_half_of_the_threads_and_the_others_hear_when_to_come_back(on_sqlite):
    address, stop = hurried(on_sqlite, GRACE_SECONDS=600.0, BODY_SECONDS=600.0), Event()  # none is let go meanwhile
    with ExitStack() as stack:
        stack.callback(stop.set)
        senders = [Sending(address) for _ in range(PLACES)]
        for one in senders:
            slow = stack.enter_context(one.slowly(10))
            Thread(target=trickle, args=(slow, stop), daemon=True).start()
        late = Sending.__new__(Sending)
        late.address, late.verify, late.path = address, True, senders[0].path
        wait_until(lambda: late.patch(0).status_code == 503, what="every place to be taken")
        for _ in range(2 * web.threads):
            told = late.patch(0)
            assert (told.status_code, told.headers["Retry-After"]) == (503, "1")
            assert "sent again by itself" in told.json()["sentence"]
            assert reads(address) < 1.0


def test_a_body_that_stands_still_gives_its_place_back_and_what_came_is_kept(on_sqlite):
    address = hurried(on_sqlite, SILENT_SECONDS=1.0)
    with ExitStack() as stack:
        senders = [Sending(address) for _ in range(PLACES)]
        stalled = [stack.enter_context(one.slowly(100_000)) for one in senders]
        assert [head_of(one).split()[1] for one in stalled] == ["408"] * PLACES
    for one in senders:
        assert one.offset() == 100_000
        assert one.patch(100_000).status_code == 204
        assert one.stored() == PHOTO


def test_a_body_that_trickles_is_ended_by_its_pace(on_sqlite):
    address, stop = hurried(on_sqlite, GRACE_SECONDS=1.0), Event()
    one = Sending(address)
    with one.slowly(10) as slow:
        Thread(target=trickle, args=(slow, stop), daemon=True).start()
        assert head_of(slow).startswith("HTTP/1.1 408")
        stop.set()
    assert 10 <= one.offset() < 10_000


def test_a_body_has_an_end_however_fast_it_comes(on_sqlite):
    one = Sending(hurried(on_sqlite, BODY_SECONDS=1.0, SLOWEST=1.0))
    with one.slowly(100_000) as slow:
        assert head_of(slow).startswith("HTTP/1.1 408")
    assert one.offset() == 100_000


def test_who_says_nothing_or_half_a_word_holds_no_thread_for_long(on_sqlite):
    address = hurried(on_sqlite, HEAD_SECONDS=1.0)
    with ExitStack() as stack:
        for _ in range(3 * web.threads):
            stack.enter_context(connected(address))
        assert reads(address) < 1.0
        halves = [stack.enter_context(connected(address)) for _ in range(web.threads)]
        for half in halves:
            half.sendall(b"GET /healthz HTTP/1.1\r\nHo")
        assert reads(address) < 5.0
        assert [half.recv(10) for half in halves] == [b""] * len(halves)


def test_who_stays_after_the_answer_holds_up_nobody(on_sqlite):
    """Gunicorn's loop would listen to each of these for two seconds, and take no new connection meanwhile."""
    address = hurried(on_sqlite)
    with ExitStack() as stack:
        for _ in range(5):
            lingering = stack.enter_context(connected(address))
            lingering.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            assert head_of(lingering).startswith("HTTP/1.1 200")
        assert reads(address) < 1.0


def test_a_connection_that_is_closed_already_is_not_seen_out():
    gone, leaving = socket.socket(), Leaving()
    gone.close()
    leaving.see_out(gone)
    assert leaving.until == {}


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("PATCH", "/capture/uploads/0b0f", True),
        ("POST", "/capture/uploads/", True),
        ("HEAD", "/capture/uploads/0b0f", False),
        ("PUT", "/device/api/cases/0b0f", True),
        ("GET", "/device/api/hello", False),
        ("POST", "/reading/next/", False),
    ],
)
def test_what_devices_send_is_told_by_method_and_address(method, path, expected):
    assert is_upload(method, path) is expected


def test_uploads_have_one_place_at_least():
    assert [places_for_uploads(threads) for threads in (1, 2, 3, 8)] == [1, 1, 1, 4]


def test_who_asks_how_far_it_came_counts_what_a_dead_connection_brought_and_frees_its_thread(on_sqlite):
    """The sender's side was cut; here the connection looks alive, and would for another ten seconds."""
    one = Sending(hurried(on_sqlite))
    with one.slowly(100_000) as dead:
        began = time.monotonic()
        assert one.offset() == 100_000
        assert time.monotonic() - began < 5.0
        assert head_of(dead).startswith("HTTP/1.1 408")
    assert one.patch(100_000).status_code == 204
    assert one.stored() == PHOTO
