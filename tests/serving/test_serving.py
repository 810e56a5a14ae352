"""The real command: one holder of the folder, restarts, no process left behind."""

import os
import signal
from pathlib import Path
from urllib.parse import urlsplit

import requests

from tests.services.fixtures import Installation, serve
from tests.services.starting import end, wait_until


def read(address: str) -> bytes:
    answer = requests.get(address, timeout=20)
    answer.raise_for_status()
    return answer.content


def is_up(address: str) -> bool:
    try:
        return read(address) == b"ok\n"
    except OSError:
        return False


def descendants(pid: int) -> set[int]:
    try:
        children = {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}
    except (FileNotFoundError, ProcessLookupError):  # it ended while we looked
        return set()
    return children.union(*(descendants(child) for child in children))


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def is_running(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_second_start_on_the_same_folder_is_refused(live_ground, on_sqlite: Installation):
    second = on_sqlite.start("manage.py", "serve", "--port", "0")
    assert second.wait(timeout=60) != 0
    assert is_up(f"{live_ground.address}/healthz")


def test_it_becomes_ready_when_its_worker_has_looked_for_work(live_ground):
    def is_ready() -> bool:
        try:
            return b'"ready": true' in read(f"{live_ground.address}/readyz")
        except OSError:
            return False

    wait_until(is_ready, what="/readyz to say so")


def test_links_that_its_children_mail_name_the_port_that_it_listens_on(live_ground):
    port = f"PORT={urlsplit(live_ground.address).port}"

    def worker_knows() -> bool:
        workers = [pid for pid in descendants(live_ground.process.pid) if "manage.py work" in command_of(pid)]
        return any(port in Path(f"/proc/{pid}/environ").read_text().split("\0") for pid in workers)

    wait_until(worker_knows, what="the worker to start with that port")


def test_killed_children_come_back(live_ground):
    def named(name: str) -> set[int]:
        return {pid for pid in descendants(live_ground.process.pid) if name in command_of(pid)}

    wait_until(lambda: bool(named("gunicorn") and named("manage.py work")), what="both to start")
    killed = named("gunicorn") | named("manage.py work")
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: is_up(f"{live_ground.address}/healthz"), what="the web server to come back")
    wait_until(lambda: bool(named("manage.py work") - killed), what="the worker to come back")


def test_a_killed_supervisor_leaves_no_process_and_the_port_free(on_sqlite: Installation):
    first = serve(on_sqlite)
    wait_until(lambda: is_up(f"{first.address}/healthz"), what="the first start")
    family = descendants(first.process.pid)
    os.kill(first.process.pid, signal.SIGKILL)
    first.process.wait()
    wait_until(lambda: not any(is_running(pid) for pid in family), what="its children to end", seconds=15)
    second = serve(on_sqlite, port=int(first.address.rpartition(":")[2]))
    wait_until(lambda: is_up(f"{second.address}/healthz"), what="the second start")
    end(second.process)


def test_sigterm_ends_everything_well(on_sqlite: Installation):
    served = serve(on_sqlite)
    wait_until(lambda: is_up(f"{served.address}/healthz"), what="the start")
    family = descendants(served.process.pid)
    served.process.terminate()
    assert served.process.wait(timeout=40) == 0
    assert not any(is_running(pid) for pid in family)


def test_what_it_writes_is_for_this_account_only(live_ground, on_sqlite: Installation):
    read(f"{live_ground.address}/healthz")
    made = [path for path in on_sqlite.folder.iterdir() if path.name != "keys"]
    assert made
    assert not [path for path in made if path.stat().st_mode & 0o077]


def test_the_whole_product_starts_from_an_empty_folder(live_serve):
    wait_until(lambda: is_up(f"{live_serve.address}/healthz"), what="the product to answer")
