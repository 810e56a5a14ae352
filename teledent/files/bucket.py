"""The private storage as an S3 bucket. A module of its own: a machine that keeps files on disk never loads boto3."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage

from teledent.files.storage import BLOCK, StorageUnavailable
from teledent.kit import faults


class PrivateBucket(S3Storage):  # type: ignore[misc]
    """A private S3 bucket: short timeouts, no ACL, no URL, and If-None-Match so that no key is written twice."""

    TRANSFER = TransferConfig(multipart_threshold=8 << 20, multipart_chunksize=8 << 20, use_threads=False)

    def __init__(self, **options: Any) -> None:
        # Stores that are not Amazon's rarely have a host name per bucket.
        style = "path" if options.get("endpoint_url") else "auto"
        config = Config(
            connect_timeout=2,
            read_timeout=5,
            retries={"total_max_attempts": 2, "mode": "standard"},
            signature_version="s3v4",
            s3={"addressing_style": style},
        )
        fixed = {"default_acl": None, "querystring_auth": True, "querystring_expire": 60, "client_config": config}
        super().__init__(**{**options, **fixed, "transfer_config": self.TRANSFER})

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _client(self) -> Any:
        client = self.connection.meta.client
        for call in ("PutObject", "CompleteMultipartUpload"):
            client.meta.events.register(f"before-call.s3.{call}", _never_overwrite, unique_id=f"write-once-{call}")
        return client

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]
        with _bucket_errors():
            self._client().upload_fileobj(content, self.bucket_name, name, Config=self.TRANSFER)
            faults.point("files.synced")
        return name

    def delete(self, name: str) -> None:
        with _bucket_errors():
            self._client().delete_object(Bucket=self.bucket_name, Key=name)

    def stream(self, name: str) -> Iterator[bytes]:
        with _bucket_errors():
            yield from self._client().get_object(Bucket=self.bucket_name, Key=name)["Body"].iter_chunks(BLOCK)

    def entries(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        """Keys below `prefix` with the time of their last change (UTC)."""
        with _bucket_errors():
            pages = self._client().get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.bucket_name, Prefix=f"{prefix}/" if prefix else ""):
                for entry in page.get("Contents", ()):
                    yield entry["Key"], entry["LastModified"]

    def url(self, *args: Any, **kwargs: Any) -> str:
        raise NotImplementedError("Private files have no address of their own; a view authorises and streams them.")


@contextmanager
def _bucket_errors() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] in ("PreconditionFailed", "412"):
            raise FileExistsError("This key is taken.") from error
        raise StorageUnavailable from error
    except (BotoCoreError, OSError) as error:
        raise StorageUnavailable from error


def _never_overwrite(params: dict[str, Any], **_: object) -> None:
    params["headers"]["If-None-Match"] = "*"
