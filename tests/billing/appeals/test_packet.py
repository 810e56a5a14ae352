"""The packet of an appeal: one click, and everything in it is older than the denial."""

import pypdfium2

from billing.actions import appealing
from tests.billing.appeals.conftest import TODAY, begun


def text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
    finally:
        document.close()


def bytes_of(desk, appeal) -> bytes:
    return b"".join(appealing.download_packet(actor=desk.rita, appeal=appeal, at=TODAY))


def test_one_click_makes_the_packet(desk, refused):
    appeal = begun(desk, refused)
    said = text_of(bytes_of(desk, appeal))
    print([one["title"] + " " + one["recorded"]["at"] for one in appeal.letter["exhibits"]])
    assert "acknowledgement" in said
