"""A file's kind comes from its first bytes, DICOM before anything that its preamble looks like."""

import pytest

from cases.imaging import sniff
from cases.imaging.refusal import SENTENCES, Refused, refusing_bad_input


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"\xff\xd8\xff\xe1", sniff.JPEG),
        (b"\x89PNG\r\n\x1a\n", sniff.PNG),
        (b"II*\x00", sniff.TIFF),
        (b"MM\x00*", sniff.TIFF),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", sniff.WEBP),
        (b"%PDF-1.7", sniff.PDF),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", sniff.HEIC),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", sniff.HEIC),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1avif", None),
        (b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1heic", None),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", None),
        (b"GIF89a", None),
        (b"", None),
    ],
)
def test_each_kind_is_known_by_its_first_bytes(head, expected):
    assert sniff.sniff(head) is expected


@pytest.mark.parametrize("preamble", [b"II*\x00", b"MZ", b"\xff\xd8\xff", b"%PDF-1.7", b""])
def test_dicom_goes_before_whatever_its_preamble_looks_like(preamble):
    assert sniff.sniff(preamble.ljust(128, b"\x00") + b"DICM") is sniff.DICOM


@pytest.mark.parametrize("code", SENTENCES)
def test_every_refusal_says_what_happened_and_what_to_do(code):
    assert Refused(code).sentence.count(".") >= 2


@pytest.mark.parametrize(
    ("error", "code"),
    [(MemoryError(), "out-of-resources"), (EOFError(), "truncated"), (RecursionError(), "decode-failed")],
)
def test_what_decoders_raise_becomes_a_refusal(error, code):
    with pytest.raises(Refused) as caught, refusing_bad_input():
        raise error
    assert caught.value.code == code


def test_a_full_disk_is_not_blamed_on_the_file():
    with pytest.raises(OSError, match="No space"), refusing_bad_input():
        raise OSError(28, "No space left on device")
