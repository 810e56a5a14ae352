"""Are pictures taken in and made ready as fast as by Orthanc, and photographs made small as fast as by libvips? All in one run.

Run: python -m benchmarks.images [ROUNDS]. It needs Orthanc (`apt install orthanc`) and pyvips (`pip install "pyvips[binary]"`),
which nothing else here does; where one is missing its half is left out, says so, and the run ends with 1.

Films go over HTTP to `manage.py serve` on a folder of its own, as Capture sends them: a hygienist signed in, access on the
trail, announced, in parts with their checksums, then asking until the review copy is there (every 20 ms: each look takes
time of the server that makes it). The samples for the viewer are waited for too, uncounted, before Orthanc's turn. To
Orthanc, with its own sign-in, the same file goes by POST /instances, then GET /rendered, in turns on the same machine.
Photographs are read and made small in this process by the product's own functions beside libvips with one thread, and HEIC
beside pillow-heif.

Prints milliseconds, smallest and median, and the peer's median over ours. Aims: at least Orthanc's rate in every syntax that
it can show, measured over a series sent in a row as a hygienist sends it (1.00); how long one film alone takes stands
beside it. JPEG 320 px within 1.0 x of libvips' time (1.00), 1600 px within 1.5 x (0.67), PNG within 1.8 x (0.56),
HEIC within 1.2 x of pillow-heif's (0.83).
"""

import itertools
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ["VIPS_CONCURRENCY"] = "1"

import django

django.setup()

from benchmarks import image_files, image_photographs, orthanc
from benchmarks.image_product import Product, running_product
from cases.imaging.recipes import REVIEW

ROUNDS = 7
MOST_ROUNDS = 11  # a case takes 60 files
SERIES = 4  # as many bitewings as are taken of a child
USUAL_PREVIEW = 1024  # pixels: the preview that Orthanc's users ask for; ours is larger


def in_turns(rounds: int, *works: Callable[[int], float]) -> list[list[float]]:
    """Milliseconds of each work in each round; who comes first changes with the round, and one round is not counted."""
    spent: list[list[float]] = [[] for _ in works]
    for number in range(rounds + 1):
        order = list(enumerate(works))
        for which, work in order if number % 2 else reversed(order):
            spent[which].append(work(number) * 1000)
    return [one[1:] for one in spent]


def both(times: list[float]) -> str:
    return f"{min(times):7.1f} /{statistics.median(times):7.1f}"


def ratio(ours: list[float], peers: list[float]) -> float:
    return statistics.median(peers) / statistics.median(ours)


# --- films ----------------------------------------------------------------------------------------------------------


def films(rounds: int, scratch: Path) -> Iterator[bool]:
    """One line a kind and syntax; whether the aim was met."""
    program = orthanc.find()
    if program is None:
        print(orthanc.MISSING)
        yield False
        return
    every = [(kind, syntax) for kind in image_files.FILMS for syntax in image_files.SYNTAXES]
    with (
        orthanc.running(program, scratch / "orthanc") as peer,
        running_product(scratch / "product", children=len(every)) as product,
    ):
        print(
            f"one film alone, and {SERIES} in a row; ms a film, smallest / median; Orthanc is asked for the size named, and for 1024"
        )
        print(
            f"{'':46} {'alone: Teledent':>16} {'sending':>8} {'Orthanc':>16} {'at 1024':>8} ratio "
            f"{'in a row: Teledent':>19} {'Orthanc':>16} {'aim':>5} ratio"
        )
        for child, (kind, syntax) in enumerate(every):
            yield contest(product, peer, kind, syntax, child=child, rounds=rounds)


def contest(product: Product, peer: orthanc.Orthanc, kind: str, syntax: str, *, child: int, rounds: int) -> bool:
    """One kind of film in one syntax, in turns: ours, Orthanc's at our size, Orthanc's at 1024 pixels; then a series."""
    view, (width, height) = image_files.FILMS[kind].view, size_of_preview(kind)
    numbers = itertools.count(child * 1000)
    alone, series = (
        [[image_files.film(kind, syntax, next(numbers), child=child) for _ in range(many)] for _ in range(rounds + 1)]
        for many in (1, SERIES)
    )
    sending: list[float] = []

    def ours(made: list[list[bytes]], number: int) -> float:
        spent = product.films(made[number], case=product.cases[child], view=view)
        sending.append(product.sending * 1000)
        return spent / len(made[number])

    def theirs(made: list[list[bytes]], number: int, size: tuple[int, int] = (width, height)) -> float:
        return peer.films(made[number], width=size[0], height=size[1]) / len(made[number])

    what = f"{kind} {syntax}, {len(alone[0][0]) / 1e6:.1f} MB, {width} x {height}"
    if syntax in image_files.REFUSED_BY_ORTHANC:
        assert peer.refuses(alone[0][0])
        own, row = in_turns(rounds, partial(ours, alone), partial(ours, series))
        print(f"{what:46} {both(own)} {statistics.median(sending):8.1f} {'415 Unsupported':>16} {both(row):>35}")
        return True
    small = partial(theirs, alone, size=(USUAL_PREVIEW, USUAL_PREVIEW))
    own, likewise, at_1024 = in_turns(rounds, partial(ours, alone), partial(theirs, alone), small)
    sent = statistics.median(sending)
    row, row_likewise = in_turns(rounds, partial(ours, series), partial(theirs, series))
    print(
        f"{what:46} {both(own)} {sent:8.1f} {both(likewise)} {statistics.median(at_1024):8.1f} {ratio(own, likewise):5.2f} "
        f"{both(row):>19} {both(row_likewise)}  1.00 {ratio(row, row_likewise):5.2f}",
        flush=True,
    )
    return ratio(row, row_likewise) >= 1


def size_of_preview(kind: str) -> tuple[int, int]:
    """Width and height of the product's review copy, which is what Orthanc is asked for too."""
    film = image_files.FILMS[kind]
    shrink = min(1.0, REVIEW.long_side / max(film.rows, film.columns))
    return round(film.columns * shrink), round(film.rows * shrink)


# --- photographs ----------------------------------------------------------------------------------------------------


def photographs(rounds: int, scratch: Path) -> Iterator[bool]:
    """One line a format and size; whether the aim was met."""
    if not image_photographs.has_peers():
        print(image_photographs.MISSING)
        yield False
        return
    print(f"\n{'ms, smallest / median':40} {'Teledent':>16} {'peer':>26} {'aim':>15} ratio")
    for match in image_photographs.matches(scratch):
        ours, peers = in_turns(rounds, lambda _, one=match: one.ours(), lambda _, one=match: one.peers())
        reached, aim = ratio(ours, peers), 1 / match.within
        print(f"{match.what:40} {both(ours)} {both(peers)} {match.peer:>15} {aim:8.2f} {reached:5.2f}")
        yield reached >= aim


def main(rounds: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        met = [*films(rounds, Path(folder)), *photographs(rounds, Path(folder))]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main(min(MOST_ROUNDS, int(sys.argv[1])) if len(sys.argv) > 1 else ROUNDS))
