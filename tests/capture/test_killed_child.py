"""The real decoder's child, killed by a real signal while it reads a real picture."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from cases.imaging.refusal import SENTENCES
from cases.models import AssetState, CaseEvent
from teledent.jobs import decoder
from teledent.jobs.models import Job
from teledent.jobs.performing import perform
from teledent.jobs.queue import claim
from tests import cast
from tests.capture.conftest import page_of, send, words, work
from tests.capture.drawn import photograph

pytestmark = pytest.mark.django_db


@pytest.fixture
def asset(world, hana):
    return send(hana, cast.case_at(world), photograph(None), view="frontal")


@pytest.fixture
def killing():
    """Start a thread that sends a signal to the decoder's next child, or to the decoder once it has one."""
    threads, hit = [], []

    def aim(signum, *, at_decoder=False):
        decoder.warm()
        parent = decoder._Holder.running().process.pid
        thread = threading.Thread(target=shoot, args=(parent, signum, at_decoder, hit))
        threads.append(thread)
        thread.start()
        return hit

    yield aim
    for thread in threads:
        thread.join(30)


def shoot(parent, signum, at_decoder, hit):
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        if children := Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
            hit.append(parent if at_decoder else int(children[0]))
            os.kill(hit[-1], signum)
            return
        time.sleep(0.0005)


@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGXCPU], ids=["out of memory", "out of time"])
def test_a_child_that_the_system_kills_is_a_refusal_with_its_sentence_and_no_second_try(hana, asset, killing, signum):
    hit = killing(signum)
    assert work() == 1
    assert len(hit) == 1
    asset.refresh_from_db()
    assert (asset.state, asset.refusal_code) == (AssetState.REFUSED, "out-of-resources")
    assert CaseEvent.objects.get(kind="file_refused").details["code"] == "out-of-resources"
    assert Job.objects.get(kind="cases.examine_asset").attempts == 1
    assert SENTENCES["out-of-resources"] in words(hana.get(page_of(asset.case)))


def test_a_decoder_that_dies_with_its_child_is_tried_again_and_then_reads_the_picture(asset, killing, monkeypatch):
    hit = killing(signal.SIGKILL, at_decoder=True)
    job = claim(owner="test", kinds=["cases.examine_asset"], at=cast.AT)
    perform(job)
    assert len(hit) == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.READY, 1)
    assert "crash" in job.last_error
    perform(claim(owner="test", kinds=["cases.examine_asset"], at=job.run_after))
    asset.refresh_from_db()
    assert asset.state == AssetState.EXAMINED
