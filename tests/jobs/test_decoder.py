"""The decoder against what a file may do to the program that opens it."""

import os
import threading
from pathlib import Path

import pytest
from django.conf import settings

from teledent.jobs import decoder
from teledent.jobs.decoder import ChildFailed, Limits, in_child
from tests.services.starting import wait_until

TIGHT = Limits(memory=512 << 20, cpu=1, wall=20.0, file_size=4 << 20)


@pytest.fixture(autouse=True, scope="module")
def one_decoder(django_test_environment):
    preload, settings.DECODER_PRELOAD = settings.DECODER_PRELOAD, ["tests.ground.bombs"]
    yield
    decoder.stop()
    settings.DECODER_PRELOAD = preload


def failure(bomb: str, limits: Limits = TIGHT, **arguments) -> ChildFailed:
    with pytest.raises(ChildFailed) as caught:
        in_child(f"tests.ground.bombs:{bomb}", limits=limits, **arguments)
    return caught.value


def test_what_goes_in_comes_back():
    assert in_child("tests.ground.bombs:echo", name="Zoë", teeth=[3, 14]) == {"name": "Zoë", "teeth": [3, 14]}


@pytest.mark.parametrize(("bomb", "code"), [("burn", "cpu"), ("crash", "crash"), ("end", "crash")])
def test_a_bomb_ends_its_child_with_the_reason(bomb, code):
    assert failure(bomb).code == code


def test_a_child_that_takes_too_much_memory_is_told_so():
    assert failure("hoard", Limits(memory=512 << 20)).code == "memory"


def test_a_child_that_hangs_is_ended_by_the_clock():
    assert failure("sleep", Limits(wall=0.5)).code == "timeout"


def test_an_exception_comes_back_without_its_message():
    error = failure("refuse")
    assert (error.code, error.kind) == ("error", "ValueError")
    assert "Invented" not in repr(error)


def test_an_answer_that_is_too_long_is_refused():
    assert failure("answer_at_length").code == "output"


def test_a_child_cannot_fill_the_disk():
    path = Path(settings.SCRATCH_DIR) / "flood"
    assert failure("flood", path=str(path)).code == "output"
    assert path.stat().st_size <= TIGHT.file_size


def test_a_child_writes_in_the_scratch_folder_only(tmp_path):
    assert failure("leave", path=str(tmp_path / "elsewhere")).kind == "PermissionError"
    assert not (tmp_path / "elsewhere").exists()
    inside = Path(settings.SCRATCH_DIR) / "inside"
    in_child("tests.ground.bombs:leave", path=str(inside))
    assert inside.read_text() == "left here"
    assert inside.stat().st_mode & 0o777 == 0o600


def test_a_child_opens_no_connection():
    assert failure("connect", port=1).kind == "PermissionError"


def test_a_child_sees_no_secret(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "not for you")
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere")
    decoder.stop()
    seen = in_child("tests.ground.bombs:environment")
    assert not {"SECRET_KEY", "DATABASE_URL", "DATA_DIR", "DJANGO_SETTINGS_MODULE"} & seen.keys()


def test_grandchildren_in_sessions_of_their_own_are_ended_too():
    pids = in_child("tests.ground.bombs:multiply")["pids"]
    wait_until(
        lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids), what="the grandchildren to end", seconds=10
    )


def test_many_at_once_do_not_disturb_each_other():
    answers: dict[int, object] = {}

    def call(n: int) -> None:
        bomb = "crash" if n % 5 == 0 else "echo"
        try:
            answers[n] = (
                in_child(f"tests.ground.bombs:{bomb}", n=n) if bomb == "echo" else in_child("tests.ground.bombs:crash")
            )
        except ChildFailed as error:
            answers[n] = error.code

    threads = [threading.Thread(target=call, args=(n,)) for n in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {n: "crash" if n % 5 == 0 else {"n": n} for n in range(30)}


def test_a_dead_decoder_is_replaced():
    in_child("tests.ground.bombs:echo")
    first = decoder._Holder.running()
    os.kill(first.process.pid, 9)
    first.process.wait()
    assert in_child("tests.ground.bombs:echo", again=True) == {"again": True}
    assert decoder._Holder.running() is not first


def test_a_fork_gets_a_decoder_of_its_own():
    in_child("tests.ground.bombs:echo")
    ours = decoder._Holder.running().process.pid
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        in_child("tests.ground.bombs:echo")
        os.write(writing, str(decoder._Holder.running().process.pid).encode())
        decoder.stop()
        os._exit(0)
    os.waitpid(pid, 0)
    theirs = int(os.read(reading, 20))
    assert theirs != ours
    assert in_child("tests.ground.bombs:echo", still=1) == {"still": 1}
