"""One file from original to derivatives, as plain data in and out: what the decoder's child process runs."""

from pathlib import Path
from typing import Any

from cases.imaging.derive import write_reading
from cases.imaging.examine import read
from cases.imaging.refusal import Refused, refusing_bad_input


def process_file(*, source: str, out_dir: str, mirrored: bool) -> dict[str, Any]:
    """Examine `source` and write its derivatives into `out_dir`, decoding once.

    Returns {"ok": True, "examination": {...}, "derived": [{...}, ...]} or, for whatever is wrong with the file,
    {"ok": False, "code": slug, "sentence": text}. Only a failing system (disk, missing source) raises OSError.
    """
    try:
        with refusing_bad_input():
            reading = read(Path(source))
            derived = write_reading(reading, mirrored=mirrored, out_dir=Path(out_dir))
    except Refused as refused:
        return {"ok": False, "code": refused.code, "sentence": refused.sentence}
    return {
        "ok": True,
        "examination": reading.examination.as_json(),
        "derived": [one.as_json() for one in derived],
    }
