"""How many claims of an 837D are written in a second, and does memory stay where it is when a batch grows a hundredfold?

Run: python -m benchmarks.claims_out [CLAIMS ...]. Ours and the floor write the same segments to files of 5,000 claims each, in
a process of their own, in turn; the best of three is printed with its peak memory, and the ratio to the floor: a bare join of
elements that are text already, in their order, clean and fitted. What ours does above it is choosing, cleaning and counting.
Aim: memory at the largest batch within 1.5 times that at the smallest, else it ends with 1.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from billing.claims.lines import draft_claim
from billing.x12.d837 import MAX_CLAIMS, write_837d
from billing.x12.d837_claim import ClaimSubmission
from tests.billing.claims.cast import FEES, adult, medicaid_child, school_child
from tests.billing.x12.files import ENVELOPE, packet

SIZES = (1_000, 10_000, 100_000)
ROUNDS = 3


def submissions(first: int, claims: int) -> Iterator[ClaimSubmission]:
    """A child's, an adult's and a Medicaid child's claim by turns, each with another fee and its attachments."""
    kinds = []
    for made, part in (
        (school_child, "hygienist"),
        (adult, "dentist"),
        (medicaid_child, "dentist"),
        (school_child, "dentist"),
    ):
        facts = replace(made(), fees=tuple(replace(fee, amount=fee.amount + Decimal("0.25")) for fee in FEES))
        kinds.append((facts, draft_claim(facts, part)))  # type: ignore[arg-type]
    for at in range(first, first + claims):
        facts, draft = kinds[at % 4]
        yield ClaimSubmission(f"TD26-{at:06}", facts, draft, packet(f"TD26-{at:06}"))


def ours(folder: Path, claims: int) -> None:
    for first in range(0, claims, MAX_CLAIMS):
        some = submissions(first, min(MAX_CLAIMS, claims - first))
        with (folder / f"{first}.edi").open("w", encoding="ascii") as file:
            for segment in write_837d(ENVELOPE, some):
                file.write(segment)


def floor(folder: Path, claims: int) -> None:
    """The segments of four claims as lists of text, joined again and again under the number of each claim."""
    text = "".join(write_837d(ENVELOPE, submissions(0, 4)))
    segments = [segment.lstrip("\n").split("*") for segment in text.split("~")[:-1]]
    starts = [at for at, segment in enumerate(segments) if segment[:1] == ["HL"] and segment[3] == "22"]
    bounds = [*starts, next(at for at, segment in enumerate(segments) if segment[0] == "SE")]
    four = [segments[a:b] for a, b in pairwise(bounds)]
    for first in range(0, claims, MAX_CLAIMS):
        with (folder / f"{first}.edi").open("w", encoding="ascii") as file:
            for at in range(first, min(first + MAX_CLAIMS, claims)):
                for segment in four[at % 4]:
                    if segment[0] == "CLM":
                        segment[1] = f"TD26-{at:06}"
                    file.write("*".join(segment) + "~\n")


WRITERS: dict[str, Callable[[Path, int], None]] = {"ours": ours, "floor": floor}


def measure(name: str, claims: int) -> tuple[float, float]:
    """Claims a second and peak megabytes, of a process of its own."""
    command = [sys.executable, "-m", "benchmarks.claims_out", name, str(claims)]
    seconds, peak, written = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert int(written) == claims, f"{name} wrote {written} of {claims} claims"
    return claims / float(seconds), float(peak)


def write(name: str, claims: int) -> None:
    """In the child: seconds, peak megabytes, and the claims that stand in the files."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        WRITERS[name](Path(folder), claims)
        seconds = time.perf_counter() - begun
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        written = 0
        for path in Path(folder).iterdir():
            with path.open(encoding="ascii") as file:
                written += sum(line.startswith("CLM*") for line in file)
    print(seconds, peak, written)


def main(sizes: tuple[int, ...]) -> int:
    peaks = []
    print(f"{'writer':8} {'claims':>8} {'claims/s':>10} {'peak MB':>8} {'of floor':>9}")
    for claims in sizes:
        runs = [{name: measure(name, claims) for name in WRITERS} for _ in range(ROUNDS)]
        best = {name: (max(run[name][0] for run in runs), max(run[name][1] for run in runs)) for name in WRITERS}
        peaks.append(best["ours"][1])
        for name, (speed, peak) in best.items():
            print(f"{name:8} {claims:8,} {speed:10,.0f} {peak:8.0f} {speed / best['floor'][0]:9.2f}", flush=True)
    print(f"memory of ours, largest batch against smallest: {peaks[-1] / peaks[0]:.2f} (aim: under 1.5)")
    return 0 if peaks[-1] < 1.5 * peaks[0] else 1


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in WRITERS:
        write(sys.argv[1], int(sys.argv[2]))
    else:
        sys.exit(main(tuple(map(int, sys.argv[1:])) or SIZES))
