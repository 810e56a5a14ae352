from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from teledent.accounts import sealing, trail
from teledent.accounts.jobs import seal_access_events
from teledent.accounts.models import AccessEvent, AccessSeal
from teledent.jobs import registry
from tests.cast import AT


@pytest.fixture
def file(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    return sealing.seals_file()


def leave(world, count):
    for minute in range(count):
        trail.record(
            "read",
            noun="case",
            public_id=world.practice.public_id,
            person=None,
            practice=None,
            at=AT + timedelta(minutes=minute),
        )


def test_a_reading_counts_once_in_five_minutes(world):
    actor = world.of("dev")
    for minutes in (0, 2, 4, 6):
        trail.record_read(actor, noun="case", public_id=world.practice.public_id, at=AT + timedelta(minutes=minutes))
    assert AccessEvent.objects.filter(verb="read").count() == 2


def test_another_person_or_thing_is_a_reading_of_its_own(world):
    for actor, thing in (
        (world.of("dev"), world.practice),
        (world.of("olu"), world.practice),
        (world.of("dev"), world.school),
    ):
        trail.record_read(actor, noun="case", public_id=thing.public_id, at=AT)
    assert AccessEvent.objects.filter(verb="read").count() == 3


def test_sealed_events_fit_their_seals(world, file, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 3)
    leave(world, 7)
    seal_access_events()
    assert list(AccessSeal.objects.order_by("id").values_list("count", flat=True)) == [3, 3, 1]
    assert not AccessEvent.objects.unsealed().exists()
    assert sealing.broken_seals(file) == []


@pytest.mark.parametrize("harm", ["change", "remove", "slip in"])
def test_a_row_changed_removed_or_slipped_in_is_named(world, file, harm):
    leave(world, 4)
    seal_access_events()
    seal, event = AccessSeal.objects.get(), AccessEvent.objects.order_by("id")[1]
    if harm == "change":
        AccessEvent.objects.filter(pk=event.pk).update(verb="export")
    elif harm == "remove":
        event.delete()
    else:
        AccessEvent.objects.create(at=AT, verb="read", noun="case", seal=seal)
    assert sealing.broken_seals(file) == [f"The access events under seal {seal.pk} are not the ones that were sealed."]


def test_a_tail_cut_off_with_its_seal_is_missed_by_the_file(world, file):
    leave(world, 2)
    seal_access_events()
    with file.open("a") as log:  # what an earlier run had written before the database lost it
        log.write(f"{AT.isoformat()} 99 2 {'f' * 64}\n")
    assert sealing.broken_seals(file) == ["Seal 99 stands in the file of seals, but no longer in the database."]


def test_the_file_holds_each_head_once_and_only_its_owner_reads_it(world, file):
    for _ in range(3):
        leave(world, 1)
        seal_access_events()
    sealing.write_heads(file)
    assert [line.split()[3] for line in file.read_text().splitlines()] == list(
        AccessSeal.objects.order_by("id").values_list("digest", flat=True)
    )
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_line_cut_by_a_crash_is_written_again(world, file):
    leave(world, 1)
    seal_access_events()
    file.write_text(file.read_text()[:-20])
    assert sealing.write_heads(file) == 1
    assert sealing.broken_seals(file) == []
    assert file.read_text().splitlines()[-1].endswith(AccessSeal.objects.get().digest)


def test_the_chain_of_seals_cannot_fork(db):
    AccessSeal.objects.create(at=AT, count=1, previous="a" * 64, digest="b" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessSeal.objects.create(at=AT, count=1, previous="a" * 64, digest="c" * 64)


def test_sealing_runs_by_itself():
    assert registry.scheduled()["accounts.seal_access_events"] == timedelta(minutes=10)
