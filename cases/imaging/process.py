"""One file from original to derivatives, as plain data in and out: what the decoder's child process runs."""

from pathlib import Path
from typing import Any

from cases.imaging.derive import write_pictures
from cases.imaging.examine import read
from cases.imaging.refusal import Refused, refusing_bad_input
from cases.imaging.samples import write_samples


def process_file(*, source: str, out_dir: str, mirrored: bool) -> dict[str, Any]:
    """Examine `source` and write its pictures into `out_dir`, decoding once.

    Returns {"ok": True, "examination": {...}, "derived": [{...}, ...]} or, for whatever is wrong with the file,
    {"ok": False, "code": slug, "sentence": text}. Only a failing system (disk, missing source) raises OSError.
    """
    try:
        with refusing_bad_input():
            reading = read(Path(source))
            derived = write_pictures(reading.pictures, mirrored=mirrored, out_dir=Path(out_dir))
    except Refused as refused:
        return {"ok": False, "code": refused.code, "sentence": refused.sentence}
    return {
        "ok": True,
        "examination": reading.examination.as_json(),
        "derived": [one.as_json() for one in derived],
    }


def pack_film(*, source: str, out_dir: str, mirrored: bool) -> dict[str, Any]:
    """Write the samples of a grey radiograph into `out_dir`: {"derived": [{...}]}, empty where a file has none.

    `source` could be read when it was examined; one that cannot any more raises Refused.
    """
    film = read(Path(source)).film
    derived = write_samples(film, mirrored=mirrored, out_dir=Path(out_dir)) if film else []
    return {"derived": [one.as_json() for one in derived]}
