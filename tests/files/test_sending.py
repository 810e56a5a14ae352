"""Bytes handed out: guarded the same way whether they are shown or downloaded, and a store that is away is said in words."""

import pytest
from django.test import RequestFactory

from teledent.files.models import StoredFile
from teledent.files.sending import SANDBOX, send_blocks, send_content, show
from teledent.files.storage import StorageUnavailable

STORED = StoredFile(key="a", sha256="f" * 64, size=6, media_type="image/webp")


def asked(method="GET", **headers):
    return RequestFactory().generic(method, "/", headers=headers)


def blocks(*parts):
    yield from parts


def gone():
    raise StorageUnavailable
    yield b""


def shown(request, parts):
    return show(request, STORED, parts, name="x.webp", what="The picture")


def sent(request, parts):
    return send_blocks(request, parts, size=6, media_type="application/zip", name="x.zip", what="The export")


@pytest.mark.parametrize("send", [shown, sent])
def test_blocks_are_streamed_under_the_headers_that_guard_them(send):
    answer = send(asked(), blocks(b"abc", b"def"))
    assert b"".join(answer.streaming_content) == b"abcdef"
    assert answer["Content-Length"] == "6"
    assert_guarded(answer)


def assert_guarded(answer):
    assert answer["Content-Security-Policy"] == SANDBOX
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Vary"] == "Cookie"


@pytest.mark.parametrize("send", [shown, sent])
def test_head_says_the_same_and_reads_nothing(send):
    answer = send(asked("HEAD"), gone())
    assert (answer.status_code, answer.content, answer["Content-Length"]) == (200, b"", "6")


@pytest.mark.parametrize("send", [shown, sent])
def test_a_store_that_is_away_is_a_503_that_nobody_keeps(send):
    answer = send(asked(), gone())
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "10", "no-store")
    assert b"is safe; try again shortly" in answer.content
    assert not {"ETag", "Content-Disposition"} & set(answer.headers)
    assert_guarded(answer)


def test_what_is_shown_is_asked_for_again_and_answered_304():
    answer = shown(asked(), blocks(b"abcdef"))
    assert (answer["Cache-Control"], answer["Content-Disposition"]) == (
        "private, no-cache",
        'inline; filename="x.webp"',
    )
    again = shown(asked(**{"If-None-Match": f'"other", {answer["ETag"]}'}), gone())
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])


def test_what_is_downloaded_is_kept_in_no_cache():
    for answer in (
        sent(asked(), blocks(b"abcdef")),
        send_content(b"abcdef", media_type="application/pdf", name="x.pdf"),
    ):
        assert answer["Cache-Control"] == "no-store"
        assert answer["Content-Disposition"].startswith("attachment; ")
        assert answer["Content-Length"] == "6"
        assert_guarded(answer)


def test_what_is_packed_by_gzip_is_unpacked_by_the_browser():
    packed = StoredFile(key="a", sha256="f" * 64, size=6, media_type="application/gzip")
    answer = show(asked(), packed, blocks(b"abcdef"), name="x.gz", what="The picture")
    assert (answer["Content-Encoding"], answer["Content-Type"], answer["Content-Length"]) == (
        "gzip", "application/octet-stream", "6",
    )  # fmt: skip
    again = show(asked(**{"If-None-Match": f'"{packed.sha256}"'}), packed, gone(), name="x.gz", what="The picture")
    assert again.status_code == 304
    assert "Content-Encoding" not in again
