"""One file from original to derivatives, as plain data in and out: what the decoder's child process runs."""

from pathlib import Path
from typing import Any

from cases.events.slates import slate_in
from cases.imaging.codes import square_codes
from cases.imaging.derive import write_pictures
from cases.imaging.examine import read
from cases.imaging.facts import Reading
from cases.imaging.refusal import Refused, refusing_bad_input
from cases.imaging.samples import write_samples
from cases.imaging.sniff import Family


def process_file(*, source: str, out_dir: str, mirrored: bool) -> dict[str, Any]:
    """Examine `source` and write its pictures into `out_dir`, decoding once.

    Returns {"ok": True, "examination": {...}, "derived": [{...}, ...]} or, for whatever is wrong with the file,
    {"ok": False, "code": slug, "sentence": text}. Only a failing system (disk, missing source) raises OSError.
    `examination` holds, beside what the file says, "slates": the codes of slates that are to be seen in a photograph.
    """
    try:
        with refusing_bad_input():
            reading = read(Path(source))
            derived = write_pictures(reading.pictures, mirrored=mirrored, out_dir=Path(out_dir))
            slates = _slates(reading)
    except Refused as refused:
        return {"ok": False, "code": refused.code, "sentence": refused.sentence}
    return {
        "ok": True,
        "examination": {**reading.examination.as_json(), "slates": slates},
        "derived": [one.as_json() for one in derived],
    }


def _slates(reading: Reading) -> list[str]:
    """Looked for in the picture as it is drawn for reading, at most 2048 px long: an eighth of the time of the whole of it, and
    a slate that fills a tenth of the width is found. Other codes in a picture are nobody's business, and not kept."""
    if reading.examination.family != Family.PHOTOGRAPH:
        return []
    return sorted({text for picture in reading.pictures for text, _ in square_codes(picture) if slate_in(text)})


def pack_film(*, source: str, out_dir: str, mirrored: bool) -> dict[str, Any]:
    """Write the samples of a grey radiograph into `out_dir`: {"derived": [{...}]}, empty where a file has none.

    `source` could be read when it was examined; one that cannot any more raises Refused.
    """
    film = read(Path(source)).film
    derived = write_samples(film, mirrored=mirrored, out_dir=Path(out_dir)) if film else []
    return {"derived": [one.as_json() for one in derived]}
