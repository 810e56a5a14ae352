"""What a photograph says of itself in EXIF (CIPA DC-008): orientation, time taken, camera.

Only these few tags are read. Position, owner, maker notes and thumbnails never leave the original.
"""

import re
import warnings
from dataclasses import dataclass

from PIL import Image

from cases.imaging.facts import NO_DEVICE, Device, SaidTime, clean_text

_ORIENTATION, _MAKE, _MODEL, _SOFTWARE, _EXIF_IFD = 0x0112, 0x010F, 0x0110, 0x0131, 0x8769
_BODY_SERIAL = 0xA431
# (name, time, offset, fraction of a second): when the shutter opened, else when the picture was digitised.
_TIMES = (("DateTimeOriginal", 0x9003, 0x9011, 0x9291), ("DateTimeDigitized", 0x9004, 0x9012, 0x9292))
_EXIF_TIME = re.compile(r"(\d{4}):(\d\d):(\d\d)[ T](\d\d:\d\d:\d\d)")
_OFFSET = re.compile(r"[+-]\d\d:\d\d")


@dataclass(frozen=True)
class ExifFacts:
    """Orientation is 1 to 8, 1 where nothing valid is said."""

    orientation: int
    captured_at: SaidTime | None
    device: Device


def read_exif(image: Image.Image) -> ExifFacts:
    """Read the few tags; a picture with broken EXIF is a picture that says nothing, not a bad picture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exif = image.getexif()
            detail = exif.get_ifd(_EXIF_IFD)
            orientation = exif.get(_ORIENTATION, 1)
            return ExifFacts(
                orientation=orientation if orientation in range(1, 9) else 1,
                captured_at=_captured_at(detail),
                device=Device(
                    make=clean_text(exif.get(_MAKE)),
                    model=clean_text(exif.get(_MODEL)),
                    serial=clean_text(detail.get(_BODY_SERIAL)),
                    software=clean_text(exif.get(_SOFTWARE)),
                ),
            )
    except Exception:  # the readers of EXIF raise struct, key, type and syntax errors on broken tables
        return ExifFacts(orientation=1, captured_at=None, device=NO_DEVICE)


def _captured_at(detail: dict[int, object]) -> SaidTime | None:
    for name, time_tag, offset_tag, fraction_tag in _TIMES:
        found = _EXIF_TIME.match(clean_text(detail.get(time_tag)))
        if found is None or found[1] == "0000":
            continue
        fraction = clean_text(detail.get(fraction_tag))
        offset = _OFFSET.fullmatch(clean_text(detail.get(offset_tag)))
        return SaidTime(
            local=f"{found[1]}-{found[2]}-{found[3]}T{found[4]}" + (f".{fraction[:6]}" if fraction.isdecimal() else ""),
            offset=offset[0] if offset else None,
            source=name,
        )
    return None
