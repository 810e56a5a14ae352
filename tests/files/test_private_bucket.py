"""The same promises on a real S3 store."""

import pytest
from django.core.files.storage import storages

from teledent.files import keeping
from teledent.files.bucket import PrivateBucket
from teledent.files.storage import Blocks, StorageUnavailable, local_copy
from tests.files.conftest import Sender


@pytest.fixture
def bucket(s3_store, settings, disk):
    options = {
        "bucket_name": s3_store.new_bucket(),
        "endpoint_url": s3_store.endpoint,
        "access_key": s3_store.access_key,
        "secret_key": s3_store.secret_key,
        "region_name": "us-east-1",
    }
    here = {"BACKEND": "teledent.files.bucket.PrivateBucket", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": here}
    return storages["default"]


def test_bytes_come_back_and_are_listed(bucket):
    bucket.save("originals/one", Blocks([b"a" * 300_000, b"b"]))
    assert b"".join(bucket.stream("originals/one")) == b"a" * 300_000 + b"b"
    assert [key for key, _ in bucket.entries("originals")] == ["originals/one"]


def test_a_large_file_is_streamed_in_parts(bucket):
    blocks = [bytes([n]) * (1 << 20) for n in range(20)]
    kept = keeping.keep(iter(blocks), folder="originals")
    assert kept.size == 20 << 20
    assert b"".join(bucket.stream(kept.key)) == b"".join(blocks)


@pytest.mark.parametrize("megabytes", [0, 9])
def test_a_key_is_written_once(bucket, megabytes):
    bucket.save("one", Blocks([b"first"]))
    with pytest.raises(FileExistsError):
        bucket.save("one", Blocks([b"second" + bytes(megabytes << 20)]))
    assert b"".join(bucket.stream("one")) == b"first"


def test_bytes_that_are_gone_are_unavailable(bucket):
    with pytest.raises(StorageUnavailable):
        list(bucket.stream("gone"))


def test_a_store_that_is_away_is_told_soon(s3_store):
    away = PrivateBucket(
        bucket_name="x", endpoint_url="http://127.0.0.1:9", access_key="a", secret_key="b", region_name="x"
    )
    with pytest.raises(StorageUnavailable):
        away.save("one", Blocks([b"x"]))


def test_a_wrong_key_is_refused_by_the_store(s3_store):
    name = s3_store.new_bucket()
    stranger = PrivateBucket(
        bucket_name=name,
        endpoint_url=s3_store.endpoint,
        access_key="tests",
        secret_key="wrong",
        region_name="us-east-1",
    )
    with pytest.raises(StorageUnavailable):
        stranger.save("one", Blocks([b"x"]))


def test_there_is_no_address(bucket):
    with pytest.raises(NotImplementedError):
        bucket.url("one")


def test_a_decoder_reads_a_copy_that_is_gone_afterwards(bucket):
    bucket.save("one", Blocks([b"bytes"]))
    with local_copy("one") as path:
        assert path.read_bytes() == b"bytes"
    assert not path.exists()


@pytest.mark.django_db
def test_a_file_is_received_into_the_bucket(bucket):
    sender = Sender(b"0123456789" * 1000)
    sender.announce()
    sender.patch(0, 6000)
    sender.patch(5000)
    assert b"".join(bucket.stream(sender.arrived[0])) == sender.content
    assert [key for key, _ in bucket.entries("chunks")] == []
