import uuid
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

CHUNK = f"/capture/uploads/{uuid.UUID(int=7)}/"


def send(client, method, address, size, **extra):
    return client.generic(method, address, b"x" * size, content_type="application/offset+octet-stream", **extra)


def test_a_large_form_is_refused_before_anything_reads_it(client, db):
    answer = send(client, "POST", "/sign-in/", (1 << 20) + 1)
    assert answer.status_code == 413
    assert "Nothing was changed" in answer.content.decode()


@pytest.mark.parametrize(
    ("method", "size", "is_taken"),
    [("PATCH", 8 << 20, True), ("PATCH", (8 << 20) + 1, False), ("POST", 2 << 20, False)],
)
def test_only_a_chunk_of_an_upload_may_be_larger(client, db, method, size, is_taken):
    assert (send(client, method, CHUNK, size).status_code != 413) == is_taken


def test_a_chunk_sent_anywhere_else_is_a_large_body(client, db):
    assert send(client, "PATCH", "/people/", 2 << 20).status_code == 413


@pytest.mark.parametrize(
    "headers", [{"HTTP_TRANSFER_ENCODING": "chunked"}, {"CONTENT_LENGTH": "-1"}, {"CONTENT_LENGTH": "1e3"}]
)
def test_a_body_of_unknown_length_is_refused(client, db, headers):
    assert client.generic("POST", "/sign-in/", b"x", **headers).status_code == 411


def test_the_view_never_sees_a_body_that_says_too_much(client, db):
    assert client.generic("POST", "/sign-in/", b"x", CONTENT_LENGTH=str(300 << 20)).status_code == 413


def test_a_form_of_a_hundred_thousand_fields_is_refused(client, db):
    body = urlencode([("a", "")] * 100_001)
    assert len(body) < 1 << 20
    assert (
        client.generic("POST", "/sign-in/", body, content_type="application/x-www-form-urlencoded").status_code == 400
    )


@pytest.mark.parametrize(("part", "count"), [(SimpleUploadedFile("a.jpg", b"x"), 1000), ("x", 2001)])
def test_a_form_of_a_thousand_files_or_of_more_parts_than_any_page_has_is_refused(client, db, part, count):
    answer = client.post("/sign-in/", {f"part{number}": part for number in range(count)})
    assert answer.status_code == 400
