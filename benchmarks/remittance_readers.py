"""One reader of remittances over one file, in a process of its own: claims, seconds, and the peak of memory.

Run by benchmarks.remittances: python -m benchmarks.remittance_readers NAME PATH. Others than ours and oxedi take part where
they can be imported; nothing of the product needs them.
"""

import importlib
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from billing.x12.r835 import ClaimPayment, read_835
from billing.x12.reading import BrokenEdiError, read_sets


def ours(path: Path) -> int:
    claims = 0
    with path.open("rb") as stream:
        for found in read_sets(stream):
            if isinstance(found, BrokenEdiError):
                raise found
            claims += sum(1 for one in read_835(found) if isinstance(one, ClaimPayment))
    return claims


def oxedi(path: Path) -> int:
    return int(importlib.import_module("oxedi").parse(path.read_bytes()).count_claims())


def oxedi_stream(path: Path) -> int:
    batches = importlib.import_module("oxedi").stream(path.read_bytes())
    return sum(len(batch.tables["claims"]) for batch in batches)


def edi_835_parser(path: Path) -> int:
    return int(importlib.import_module("edi_835_parser").parse(str(path)).count_claims())


def openx12(path: Path) -> int:
    return len(importlib.import_module("openx12").x835.parse(path.read_text()).claims)


def x12sdk(path: Path) -> int:
    reader = importlib.import_module("x12sdk.io").X12ModelReader
    with reader(str(path)) as models:
        return sum(1 for model in models.models() for _ in model.claims())


READERS: dict[str, Callable[[Path], int]] = {
    "ours": ours,
    "oxedi": oxedi,
    "oxedi stream": oxedi_stream,
    "edi-835-parser": edi_835_parser,
    "openx12": openx12,
    "x12sdk": x12sdk,
}


def main(name: str, path: Path) -> None:
    start = time.perf_counter()
    claims = READERS[name](path)
    seconds = time.perf_counter() - start
    print(claims, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
