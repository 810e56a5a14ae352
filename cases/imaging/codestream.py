"""The size that a compressed frame states in its own header, read without decoding it.

JPEG, JPEG lossless and JPEG-LS: the frame header after a start-of-frame marker (ITU-T T.81 B.2.2, T.87 C.2.2).
JPEG 2000 and HTJ2K: the SIZ segment that opens every codestream (ITU-T T.800 A.5.1).
"""

from dataclasses import dataclass

_SOC_SIZ = b"\xff\x4f\xff\x51"
_WRAPPER_BYTES = 65_536  # some writers put a JP2 file around the codestream; its boxes, profile included, come first
_TRAILING_BYTES = 64
# SOF0 to SOF15 without DHT (C4), JPG (C8) and DAC (CC); F7 is the frame header of JPEG-LS.
_START_OF_FRAME = frozenset({*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC})
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})


@dataclass(frozen=True)
class FrameHeader:
    """Rows and columns in pixels, samples a pixel, bits a sample."""

    rows: int
    columns: int
    samples: int
    precision: int


def read_frame_header(source: bytes) -> FrameHeader:
    """Return the header of a compressed frame; raise ValueError if there is none."""
    if source.startswith(b"\xff\xd8"):
        return _read_jpeg(source)
    start = source.find(_SOC_SIZ, 0, _WRAPPER_BYTES)
    if start < 0:
        raise ValueError("no frame header at the start of the compressed frame")
    return _read_siz(source[start : start + 64])


def is_cut_short(source: bytes) -> bool:
    """Whether a JPEG frame lacks its end-of-image marker.

    libjpeg only warns of a missing end and fills the rest with grey. Entropy-coded data cannot hold the marker, and
    little but padding follows it.
    """
    return source.startswith(b"\xff\xd8") and b"\xff\xd9" not in source[-_TRAILING_BYTES:]


def _read_jpeg(source: bytes) -> FrameHeader:
    at = 2
    while at + 10 <= len(source) and source[at] == 0xFF:
        marker = source[at + 1]
        if marker in _START_OF_FRAME:
            return FrameHeader(
                rows=int.from_bytes(source[at + 5 : at + 7], "big"),
                columns=int.from_bytes(source[at + 7 : at + 9], "big"),
                samples=source[at + 9],
                precision=source[at + 4],
            )
        if marker == 0xFF:  # fill byte
            at += 1
        elif marker in _WITHOUT_LENGTH:
            at += 2
        else:
            at += 2 + int.from_bytes(source[at + 2 : at + 4], "big")
    raise ValueError("no start-of-frame marker in the compressed frame")


def _read_siz(siz: bytes) -> FrameHeader:
    if len(siz) < 43:
        raise ValueError("the SIZ segment is truncated")
    width, height, left, top = (int.from_bytes(siz[at : at + 4], "big") for at in (8, 12, 16, 20))
    return FrameHeader(
        rows=height - top,
        columns=width - left,
        samples=int.from_bytes(siz[40:42], "big"),
        precision=(siz[42] & 0x7F) + 1,
    )
