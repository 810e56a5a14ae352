"""Examine a file: find out by its bytes what it is, decode it whole, and say what it says of itself."""

from pathlib import Path

from cases.imaging.dicom import read_radiograph
from cases.imaging.document import read_document
from cases.imaging.facts import Examination, Reading
from cases.imaging.photo import read_photo
from cases.imaging.recipes import LARGEST_SIDE
from cases.imaging.refusal import Refused
from cases.imaging.sniff import HEAD_BYTES, Family, sniff


def examine(path: Path) -> Examination:
    """Return the facts of a file that has been decoded whole; raise Refused with the reason otherwise."""
    return read(path).examination


def read(path: Path) -> Reading:
    """Decode a file once, for its facts and its pictures both; raise Refused if it is not a picture to be had."""
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if not head:
        raise Refused("empty")
    media_type = sniff(head)
    if media_type is None:
        raise Refused("unknown-type")
    if media_type.family is Family.DICOM:
        return read_radiograph(path)
    if media_type.family is Family.DOCUMENT:
        return read_document(path, LARGEST_SIDE)
    return read_photo(path, media_type, LARGEST_SIDE)
