"""Files made to harm: bombs, liars, two-faced files and cut ones, each with the answer that it must get.

An answer is "ok" or the code of a refusal. Files that are "ok" must leave nothing of their cargo in a derivative.
"""

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageDraw
from pydicom import uid
from pydicom.dataset import FileDataset
from pydicom.encaps import encapsulate

from tests.corpus import documents, photographs, radiographs

JPIP_REFERENCED = "1.2.840.10008.1.2.4.94"
_PIXEL_DATA = b"\xe0\x7f\x10\x00OW"
CARGO = (b"<script", b"<?php", b"PK\x03\x04", b"GIFAR", photographs.SECRET.encode())


@dataclass(frozen=True)
class Hostile:
    """How to build the file, and the answers that are right."""

    build: Callable[[], bytes]
    answers: tuple[str, ...]


def png(width: int, height: int, *, depth: int = 8, colour: int = 0, extra: bytes = b"", rows: bool = True) -> bytes:
    """A flat PNG written chunk by chunk, so that no picture has to be in memory."""
    samples = {0: 1, 2: 3}[colour]
    packer, body = zlib.compressobj(3), b""
    if rows:
        row = bytes(1 + (width * depth * samples + 7) // 8)
        body = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + extra + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _text_bomb() -> bytes:
    return _chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(200_000_000), 9))


def _jpeg(**options: object) -> bytes:
    return photographs.encoded(photographs.four_corners(640, 480), "JPEG", **options)


def _gif(frames: int = 1) -> bytes:
    """A flat picture of 2000 by 2000, its one frame written so often."""
    whole = photographs.encoded(Image.new("L", (2000, 2000)), "GIF")
    at = whole.index(b"\x2c" + struct.pack("<HHHH", 0, 0, 2000, 2000))
    return whole[:at] + whole[at:-1] * frames + whole[-1:]


def _fax_bomb() -> bytes:
    return photographs.encoded(Image.new("1", (14_000, 14_000)), "TIFF", compression="group4")


def _looping_tiff() -> bytes:
    """Whose one directory names itself as the next."""
    whole = bytearray(photographs.encoded(photographs.four_corners(), "TIFF"))
    at = int.from_bytes(whole[4:8], "little")
    after = at + 2 + 12 * int.from_bytes(whole[at : at + 2], "little")
    whole[after : after + 4] = at.to_bytes(4, "little")
    return bytes(whole)


def _film(**attributes: Any) -> bytes:
    return radiographs.radiograph(radiographs.ramp(12), bits=12, **attributes)


def _deflate_bomb() -> bytes:
    """Some 400 KB that unpack to 400 MB."""
    small = radiographs.radiograph(np.zeros((2, 2), np.uint16), bits=16)
    pixel_data = struct.pack("<HH2sHI", 0x7FE0, 0x0010, b"OW", 0, 400_000_000)
    bomb = radiographs.deflated(small[: small.index(_PIXEL_DATA)] + pixel_data + bytes(400_000_000))
    assert len(bomb) < 500_000
    return bomb


def _element_bomb() -> bytes:
    """Thirty million empty elements behind a radiograph, packed into 250 KB."""
    return radiographs.deflated(_film() + bytes(240_000_000))


def _lying_frame() -> bytes:
    """A frame that says 65,500 by 65,500 inside a file that says 48 by 52."""
    frame = bytearray(radiographs.by_charls(0)(radiographs.ramp(12), 12))
    at = frame.index(b"\xff\xf7")
    frame[at + 5 : at + 9] = struct.pack(">HH", 65_500, 65_500)
    return _film(syntax=uid.JPEGLSLossless, frame=bytes(frame))


def _run_length_bomb() -> bytes:
    """Runs of 128 noughts, 64 times more than the picture has room for."""
    frame = struct.pack("<16I", 2, 64, 64 + 2_000_000, *[0] * 13) + b"\x81\x00" * 2_000_000
    return _film(syntax=uid.RLELossless, frame=frame)


def _deep_sequences() -> bytes:
    """A sequence within a sequence, 3000 deep, all of undefined length."""
    open_item = bytes.fromhex("40007502 53510000ffffffff feff00e0ffffffff")
    close_item = bytes.fromhex("feff0de000000000 feffdde000000000")
    whole = _film()
    at = whole.index(_PIXEL_DATA)
    return whole[:at] + open_item * 3000 + close_item * 3000 + whole[at:]


def _encapsulated(sop_class: str, syntax: str) -> bytes:
    dataset = FileDataset("", {}, preamble=bytes(128))
    radiographs.describe(dataset, radiographs.ramp(8), bits=8, photometric="MONOCHROME2")
    dataset.SOPClassUID = sop_class
    dataset.file_meta = radiographs._meta(dataset, syntax)
    dataset.PixelData = encapsulate([bytes(1000)])
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    out = io.BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    return out.getvalue()


def _rows_without_pixels(rows: int) -> bytes:
    return _film(Rows=rows, Columns=rows)


def _two_faced_tiff() -> bytes:
    tiff = photographs.encoded(photographs.four_corners(), "TIFF")
    return _film(preamble=tiff[:8] + b"<script>" + bytes(112))


def _web(kind: str) -> bytes:
    picture = Image.new("RGB", (64, 48), (90, 90, 200))
    ImageDraw.Draw(picture).line((0, 0, 63, 47), fill="white")
    return photographs.encoded(picture, kind)


OK, PIXELS, UNKNOWN, BROKEN = ("ok",), ("too-many-pixels",), ("unknown-type",), ("truncated", "decode-failed")

HOSTILE: dict[str, Hostile] = {
    "PNG of 400 megapixels in 48 KB": Hostile(lambda: png(20_000, 20_000, depth=1), PIXELS),
    "PNG of 88 megapixels": Hostile(lambda: png(9400, 9400, colour=2), OK),
    "PNG of 100 megapixels": Hostile(lambda: png(10_000, 10_000), OK),
    "PNG header alone, 60000 by 60000": Hostile(lambda: png(60_000, 60_000, rows=False), PIXELS),
    "PNG whose text unpacks to 200 MB": Hostile(lambda: png(8, 8, extra=_text_bomb()), BROKEN),
    "PNG 64000 by 1": Hostile(lambda: png(64_000, 1), OK),
    "PNG 70000 by 1": Hostile(lambda: png(70_000, 1), PIXELS),
    "JPEG 65000 by 1000": Hostile(lambda: photographs.encoded(Image.new("L", (65_000, 1000)), "JPEG"), OK),
    "JPEG of 100 megapixels, progressive": Hostile(
        lambda: photographs.encoded(Image.new("RGB", (10_000, 10_000)), "JPEG", progressive=True), OK
    ),
    "TIFF fax of 196 megapixels": Hostile(_fax_bomb, PIXELS),
    "TIFF whose directory loops": Hostile(_looping_tiff, ("ok", "too-many-pages", *BROKEN)),
    "GIF of 600 frames": Hostile(lambda: _gif(600), UNKNOWN),
    "GIF and JAR in one": Hostile(lambda: _gif() + b"PK\x03\x04GIFAR", UNKNOWN),
    "SVG": Hostile(lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', UNKNOWN),
    "HTML": Hostile(lambda: b"<!doctype html><script>alert(1)</script>" + bytes(200), UNKNOWN),
    "XML with an entity bomb": Hostile(
        lambda: b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', UNKNOWN
    ),
    "PostScript": Hostile(lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n(%pipe%id) (r) file\n" + bytes(200), UNKNOWN),
    "ZIP": Hostile(lambda: b"PK\x03\x04" + bytes(400), UNKNOWN),
    "AVIF": Hostile(lambda: b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf" + bytes(200), UNKNOWN),
    "HEIC that is only a header": Hostile(
        lambda: b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200), BROKEN
    ),
    "film as animated PNG": Hostile(
        lambda: photographs.encoded(
            Image.new("L", (9, 9)), "PNG", save_all=True, append_images=[Image.new("L", (9, 9), 9)]
        ),
        ("moving-picture",),
    ),
    "JPEG with HTML behind": Hostile(lambda: _jpeg() + b"<html><script>alert(1)</script>", OK),
    "JPEG with ZIP behind": Hostile(lambda: _jpeg() + b"PK\x03\x04" + bytes(300), OK),
    "JPEG with PHP in its comment": Hostile(lambda: _jpeg(comment=b"<?php system($_GET[0]); ?>"), OK),
    "JPEG with position and owner": Hostile(lambda: _jpeg(exif=photographs.exif(6)), OK),
    "JPEG cut in half": Hostile(lambda: _jpeg()[: len(_jpeg()) // 2], ("truncated",)),
    "JPEG in CMYK": Hostile(lambda: photographs.encoded(photographs.four_corners().convert("CMYK"), "JPEG"), OK),
    "nothing at all": Hostile(lambda: b"", ("empty",)),
    "one byte": Hostile(lambda: b"\xff", UNKNOWN),
    "DICOM that a PC would run": Hostile(lambda: _film(preamble=b"MZ" + bytes(126)), OK),
    "DICOM that a browser would open": Hostile(
        lambda: _film(preamble=b"<html><script>alert(1)</script>".ljust(128)), OK
    ),
    "DICOM that is a TIFF as well": Hostile(_two_faced_tiff, OK),
    "DICOM that unpacks to 400 MB": Hostile(_deflate_bomb, ("too-large-inside",)),
    "DICOM of thirty million elements": Hostile(_element_bomb, ("decode-failed",)),
    "DICOM deflated and cut": Hostile(lambda: radiographs.deflated(_film())[:-60], ("truncated",)),
    "DICOM of 65535 rows without pixels": Hostile(lambda: _rows_without_pixels(65_535), PIXELS),
    "DICOM of 9000 rows without pixels": Hostile(lambda: _rows_without_pixels(9000), ("truncated",)),
    "DICOM cut in half": Hostile(lambda: _film()[:2600], ("truncated",)),
    "DICOM with a frame larger than it says": Hostile(_lying_frame, BROKEN),
    "DICOM with a run-length bomb": Hostile(_run_length_bomb, ("ok", *BROKEN)),
    "DICOM nested 3000 deep": Hostile(_deep_sequences, ("ok", "decode-failed")),
    "DICOM of several frames": Hostile(lambda: _film(NumberOfFrames=4), ("moving-picture",)),
    "DICOM film": Hostile(
        lambda: _encapsulated(uid.VideoPhotographicImageStorage, uid.MPEG4HP41), ("transfer-syntax",)
    ),
    "DICOM pixels on a server": Hostile(
        lambda: _encapsulated(uid.DigitalIntraOralXRayImageStorageForPresentation, JPIP_REFERENCED),
        ("transfer-syntax",),
    ),
    "DICOM around a PDF": Hostile(lambda: _film(SOPClassUID=uid.EncapsulatedPDFStorage), ("not-a-dental-picture",)),
    "DICOM of a screen": Hostile(
        lambda: _film(SOPClassUID=uid.SecondaryCaptureImageStorage), ("not-a-dental-picture",)
    ),
    "DICOM of a head scan": Hostile(
        lambda: _film(SOPClassUID=uid.CTImageStorage, Modality="CT"), ("not-a-dental-picture",)
    ),
    "PDF with script, program and file": Hostile(documents.armed, OK),
    "PDF with a password": Hostile(lambda: documents.locked("secret"), ("encrypted-pdf",)),
    "PDF of 10000 pages": Hostile(lambda: documents.saved(documents.pdf(10_000)), ("too-many-pages",)),
    "PDF with a page of 300 metres": Hostile(lambda: documents.vast(), OK),
    "PDF cut in half": Hostile(lambda: documents.saved(documents.pdf(5))[:900], ("truncated",)),
    "HEIC": Hostile(lambda: _web("HEIF"), OK),
    "WebP": Hostile(lambda: _web("WEBP"), OK),
    "phone photograph of 12 megapixels": Hostile(
        lambda: photographs.encoded(photographs.four_corners(4000, 3000), "JPEG", exif=photographs.exif(6)), OK
    ),
}
