"""Bytes and their arrival: what is stored, what is on its way, and the pieces that have arrived.

What a file *means* (a photograph of a tooth, a page of a packet) belongs to the app that asked for it.
"""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact


class StoredFile(models.Model):
    """Bytes at rest in the private storage, written once and never changed. The key is made of ids, never of a name."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=200, unique=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()  # bytes
    media_type = models.CharField(max_length=100, blank=True)  # as judged by bytes; empty until judged
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Exact(Length("sha256"), 64), name="stored_file_has_its_hash"),
        ]

    def __str__(self) -> str:
        return self.key


class Upload(models.Model):
    """A transfer in progress. The sender makes `public_id`, so sending the same announcement twice is one upload.

    `sender_id` is the primary key of the person; no foreign key, because this room stands below accounts.
    """

    public_id = models.UUIDField(unique=True)
    sender_id = models.PositiveBigIntegerField()
    size = models.PositiveBigIntegerField()  # bytes, as declared
    sha256 = models.CharField(max_length=64)  # as declared, lower-case hex
    created_at = models.DateTimeField()
    first_byte_at = models.DateTimeField(null=True)
    stored = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, related_name="upload")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(size__gt=0), name="upload_is_not_empty"),
            models.CheckConstraint(condition=Exact(Length("sha256"), 64), name="upload_declares_its_hash"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["created_at"], condition=Q(stored__isnull=True), name="upload_unfinished")
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Chunk(models.Model):
    """The body of one PATCH, whole or cut: `length` bytes from `offset`, kept as an object of its own.

    Chunks may overlap and repeat. An object per body instead of one growing file lets any host take any PATCH.
    """

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="chunks")
    offset = models.PositiveBigIntegerField()
    length = models.PositiveBigIntegerField()
    key = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(length__gt=0), name="chunk_is_not_empty")]
        indexes: ClassVar = [models.Index(fields=["upload", "offset"])]

    def __str__(self) -> str:
        return f"{self.upload_id} {self.offset}+{self.length}"
