"""A radiograph is in and to be seen before its samples are packed; packing changes nothing that was said of it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cases.actions.files import label_file, strike_file
from cases.actions.preparing import FILMS_FIRST, PACK, Prepared, prepare_samples
from cases.models import Asset, AssetState
from teledent.files.models import StoredFile
from teledent.jobs.models import Job
from teledent.jobs.performing import perform
from teledent.jobs.queue import claim
from teledent.kit import clock
from tests import cast
from tests.capture.conftest import send, work
from tests.capture.drawn import photograph, radiograph

pytestmark = pytest.mark.django_db
PICTURES = {"review", "claim", "thumbnail"}


@pytest.fixture
def case(world):
    return cast.case_at(world)


@pytest.fixture
def film(hana, case):
    sent = send(hana, case, radiograph(), view="bitewing-right")
    work()
    sent.refresh_from_db()
    return sent


def pack(*, after: timedelta = FILMS_FIRST) -> bool:
    """What the worker does when it looks so long after now."""
    job = claim(owner="test", kinds=[PACK], at=clock.now() + after)
    if job is not None:
        perform(job)
    return job is not None


def recipes(film: Asset, *, mirrored: bool = False) -> set[str]:
    return set(film.derivatives.filter(mirrored=mirrored).values_list("recipe", flat=True))


def test_a_film_is_in_and_shown_before_it_is_packed(hana, film):
    assert (film.state, recipes(film)) == (AssetState.EXAMINED, PICTURES)
    assert hana.get(reverse("picture", args=[film.public_id, "review", 1])).status_code == 200
    assert hana.get(reverse("picture", args=[film.public_id, "samples", 1])).status_code == 404


def test_films_sent_in_a_row_come_before_the_packing_of_the_first(film):
    assert not pack(after=timedelta(0))
    assert pack()


def test_packing_adds_the_samples_and_nothing_else(hana, case, film):
    events, before = case.events.count(), Asset.objects.filter(pk=film.pk).values().get()
    pack()
    assert recipes(film) == PICTURES | {"samples"}
    assert hana.get(reverse("picture", args=[film.public_id, "samples", 1]))["Content-Encoding"] == "gzip"
    assert (case.events.count(), Asset.objects.filter(pk=film.pk).values().get()) == (events, before)


def test_whoever_asks_while_a_film_waits_for_packing_waits_with_it(film):
    assert prepare_samples(film) == Prepared.QUEUED
    assert Job.objects.filter(kind=PACK).count() == 1
    pack()
    assert prepare_samples(film) == Prepared.READY


def test_a_photograph_is_not_packed(hana, case):
    send(hana, case, photograph(None), view="frontal")
    work()
    assert not pack()


def test_a_film_that_was_turned_is_packed_the_way_it_lies_now(world, film):
    label_file(actor=world.of("hana"), asset=film, at=clock.now(), mirrored=True)
    work()
    while pack():
        pass
    assert recipes(film, mirrored=True) == PICTURES | {"samples"}


def test_a_film_that_was_struck_off_is_not_packed(world, film):
    strike_file(actor=world.of("hana"), asset=film, reason="Taken of the wrong side, see the retake", at=clock.now())
    stored = StoredFile.objects.count()
    assert pack()
    assert (recipes(film), StoredFile.objects.count()) == (PICTURES, stored)
    assert Job.objects.get(kind=PACK).state == Job.State.DONE
