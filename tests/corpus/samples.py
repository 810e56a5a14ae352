"""Unpacks the viewer's samples by another way than the page: by numpy, straight from the words of the format."""

import gzip
import json
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Unpacked:
    header: dict[str, Any]
    greys: np.ndarray
    modality: np.ndarray | None
    samples: np.ndarray  # bit patterns


def unpack(packed: bytes) -> Unpacked:
    plain = gzip.decompress(packed)
    assert plain[:4] == b"TDS1"
    at = 8 + int.from_bytes(plain[4:8], "little")
    header = json.loads(plain[8:at])
    patterns = 1 << (8 * header["bytes"])
    greys, at = np.frombuffer(plain, np.uint8, patterns, at), at + patterns
    modality = None
    if header["modality_table"]:
        modality, at = np.frombuffer(plain, "<f4", patterns, at), at + 4 * patterns
    size = header["rows"] * header["columns"]
    planes = [np.frombuffer(plain, np.uint8, size, at + n * size).astype(np.int64) for n in range(header["bytes"])]
    assert len(plain) == at + header["bytes"] * size
    coded = sum(plane << (8 * n) for n, plane in enumerate(planes))
    steps = (coded >> 1) ^ -(coded & 1)
    samples = np.cumsum(steps) % patterns
    return Unpacked(header, greys, modality, samples.reshape(header["rows"], header["columns"]))
