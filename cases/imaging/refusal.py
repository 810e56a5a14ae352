"""Why a file is turned away: a stable code for programs, a sentence for the person who sent it."""

from collections.abc import Iterator
from contextlib import contextmanager

SENTENCES: dict[str, str] = {
    "empty": "The file is empty. Take the picture again, or copy it from the device again.",
    "unknown-type": (
        "This is not a kind of file that can be read here. Send a photograph (JPEG, PNG, HEIC, TIFF, WebP), "
        "a radiograph (DICOM) or a PDF."
    ),
    "truncated": "The file is incomplete. Take the picture again, or copy it from the device again.",
    "decode-failed": "The file is damaged and cannot be read. Take the picture again, or export it again.",
    "too-many-pixels": (
        "The picture is larger than 100 megapixels or 65,535 pixels on a side. "
        "Set the camera or scanner to a smaller size and take it again."
    ),
    "too-large-inside": (
        "Unpacked, the file is far larger than a radiograph can be. Export it again without compression."
    ),
    "too-many-pages": "The document has more than 20 pages. Send only the pages that matter for this case.",
    "moving-picture": "The file holds a film or several frames. Send each picture as a file of its own.",
    "pixel-format": (
        "The picture stores its values in a way that cannot be shown faithfully. "
        "Export it again as 8 to 16 bit greyscale or as colour."
    ),
    "transfer-syntax": (
        "The radiograph is packed in a way that cannot be opened here. "
        "Export it again as DICOM without compression or with JPEG lossless."
    ),
    "not-a-dental-picture": (
        "The DICOM file is not a dental radiograph (intraoral, panoramic or plain X-ray). "
        "Choose the radiograph in the imaging program and export that."
    ),
    "encrypted-pdf": "The PDF needs a password. Save it without one, or send the pages as photographs.",
    "out-of-resources": (
        "Reading the file took more memory or time than a picture should. Export it again in a common format, "
        "or take the picture again."
    ),
}


class Refused(Exception):
    """A file is turned away. `code` is one of SENTENCES; `sentence` is what the sender reads."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.sentence = SENTENCES[code]
        super().__init__(f"{code}: {self.sentence}")


@contextmanager
def refusing_bad_input() -> Iterator[None]:
    """Turn whatever a decoder raises on a bad file into Refused.

    A failing disk is not the file's fault: an OSError that the system raised (it carries an errno) passes through,
    those that decoders raise do not carry one.
    """
    try:
        yield
    except Refused:
        raise
    except MemoryError as error:
        raise Refused("out-of-resources") from error
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        cut_short = isinstance(error, EOFError) or "truncated" in str(error).lower()
        raise Refused("truncated" if cut_short else "decode-failed") from error
