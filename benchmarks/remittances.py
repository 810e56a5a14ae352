"""How many claims of a remittance are read in a second, and does memory stay where it is when a file grows a hundredfold?

Run: python -m benchmarks.remittances [CLAIMS ...]. Every reader that can be imported reads the same generated file, each in
a process of its own, in turn; the best of three is printed with its peak memory, and the ratio to oxedi, which is the floor:
it is written in Rust and leaves columns, while ours makes an object of every line. Aim: at least 0.8 of its speed; memory at
the largest file within 1.5 times that at the smallest, else it ends with 1.
"""

import importlib.util
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from benchmarks.remittance_readers import READERS
from tests.billing.x12.envelopes import PLAIN, interchange, isa, written
from tests.billing.x12.remittances import Billed, BilledLine, Check, bundled, denied, paid, remittance

SIZES = (1_000, 10_000, 100_000)
A_SET = 1_000  # claims
ROUNDS = 3
MODULES = {"oxedi stream": "oxedi", "edi-835-parser": "edi_835_parser", "ours": "billing"}
SLOW = {"edi-835-parser": 10_000, "openx12": 10_000, "x12sdk": 1_000}  # claims above which nobody waits for them


def checks(claims: int) -> Iterator[Check]:
    """Claims of three lines, paid in part, bundled or denied by turns."""
    for first in range(0, claims, A_SET):
        answers = []
        for at in range(first, min(first + A_SET, claims)):
            fee = Decimal(4500 + at % 97 * 25).scaleb(-2)
            lines = tuple(
                BilledLine(f"TD26-{at:06}-{no}", code, fee) for no, code in enumerate(("D0191", "D0703", "D9996"), 1)
            )
            billed = Billed(f"TD26-{at:06}", lines)
            full = paid(billed, contractual=Decimal("7.00"), share=Decimal("2.80"))
            answers.append((full, full, bundled(billed, lines[2].control_number), denied(billed))[at % 4])
        yield Check(f"EFT{first:09}", tuple(answers), payer_id="98765")  # one of the readers takes digits only


def write_file(path: Path, claims: int) -> None:
    empty = interchange([[["ST", "835", "0"], ["SE", "2", "0"]]])
    head, tail = empty[: empty.index("ST*")], empty[empty.index("GE*") :]
    assert head.startswith(isa(PLAIN, 777))
    with path.open("w", encoding="ascii") as file:
        file.write(head)
        for count, check in enumerate(checks(claims), 1):
            file.write(written(remittance(check, f"{count:04}")))
        file.write(tail.replace("GE*1*", f"GE*{count}*"))


def measure(name: str, path: Path, claims: int) -> tuple[float, float]:
    """Claims a second and peak megabytes."""
    command = [sys.executable, "-m", "benchmarks.remittance_readers", name, str(path)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert int(said[0]) == claims, f"{name} finds {said[0]} of {claims} claims"
    return claims / float(said[1]), float(said[2])


def main(sizes: tuple[int, ...]) -> int:
    takers = [name for name in READERS if importlib.util.find_spec(MODULES.get(name, name))]
    peaks = []
    print(f"{'reader':16} {'claims':>8} {'claims/s':>10} {'peak MB':>8} {'of oxedi':>9}")
    with tempfile.TemporaryDirectory() as folder:
        for claims in sizes:
            path = Path(folder, f"{claims}.835")
            write_file(path, claims)
            now = [name for name in takers if claims <= SLOW.get(name, claims)]
            runs = [{name: measure(name, path, claims) for name in now} for _ in range(ROUNDS)]
            best = {name: (max(run[name][0] for run in runs), max(run[name][1] for run in runs)) for name in now}
            peaks.append(best["ours"][1])
            for name, (speed, peak) in best.items():
                ratio = f"{speed / best['oxedi'][0]:9.2f}" if "oxedi" in best else f"{'-':>9}"
                print(f"{name:16} {claims:8,} {speed:10,.0f} {peak:8.0f} {ratio}", flush=True)
    print(f"memory of ours, largest file against smallest: {peaks[-1] / peaks[0]:.2f} (aim: under 1.5)")
    return 0 if peaks[-1] < 1.5 * peaks[0] else 1


if __name__ == "__main__":
    sys.exit(main(tuple(map(int, sys.argv[1:])) or SIZES))
