"""What a file is, judged by its first bytes alone. Names and declared types are never looked at."""

from dataclasses import dataclass
from enum import StrEnum

HEAD_BYTES = 132
_HEVC_STILL_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis"})
_HEIF_CONTAINER_BRANDS = frozenset({b"mif1", b"msf1"})


class Family(StrEnum):
    """Which reader a file goes to."""

    PHOTOGRAPH = "photograph"
    DICOM = "dicom"
    DOCUMENT = "document"


@dataclass(frozen=True)
class MediaType:
    """A kind of file that is accepted: its registered media type, family and customary suffix."""

    mime: str
    family: Family
    suffix: str


DICOM = MediaType("application/dicom", Family.DICOM, ".dcm")
JPEG = MediaType("image/jpeg", Family.PHOTOGRAPH, ".jpg")
PNG = MediaType("image/png", Family.PHOTOGRAPH, ".png")
HEIC = MediaType("image/heic", Family.PHOTOGRAPH, ".heic")
TIFF = MediaType("image/tiff", Family.PHOTOGRAPH, ".tif")
WEBP = MediaType("image/webp", Family.PHOTOGRAPH, ".webp")
PDF = MediaType("application/pdf", Family.DOCUMENT, ".pdf")

ACCEPTED = (DICOM, JPEG, PNG, HEIC, TIFF, WEBP, PDF)


def sniff(head: bytes) -> MediaType | None:
    """Return the kind of file that begins with `head` (its first 132 bytes or more), None if it is none of ours.

    DICOM is asked first: its 128-byte preamble may hold a TIFF header, and does in real files.
    """
    if head[128:132] == b"DICM":
        return DICOM
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if _is_heic(head):
        return HEIC
    if head.startswith((b"II*\x00", b"MM\x00*")):
        return TIFF
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(b"%PDF-"):
        return PDF
    return None


def _is_heic(head: bytes) -> bool:
    """A still HEIF with HEVC inside: by its major brand, or by a compatible brand of a general container."""
    if head[4:8] != b"ftyp":
        return False
    major = head[8:12]
    if major in _HEVC_STILL_BRANDS:
        return True
    box_end = min(int.from_bytes(head[:4], "big"), len(head))
    compatible = {head[at : at + 4] for at in range(16, box_end - 3, 4)}
    return major in _HEIF_CONTAINER_BRANDS and bool(compatible & _HEVC_STILL_BRANDS)
