"""How long does a packet of six pages with eight photographs take, warm, beside a blank page made by the same typesetter?

Run: python -m benchmarks.packet [ROUNDS]. Aim: under half a second warm.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import typst

from billing.packet.compose import compose_packet
from teledent.printing.fonts import typst_fonts
from teledent.printing.typesetting import warm
from tests.billing.packet.samples import AT, packet, write_images


def median_ms(work: Callable[[], object], rounds: int) -> float:
    """The median wall time of ``rounds`` runs, in milliseconds, after one that is not counted."""
    work()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def main(rounds: int) -> None:
    content = packet()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        images = write_images(content, root / "images", 1600, 1200)
        photographs = [images / image.file for image in content.images]

        def one_packet() -> None:
            # Another child each time, or the typesetter's memory would answer.
            patient = replace(content.patient, name_in_use=f"Child {next(numbers)}")
            changed = replace(content, patient=patient)
            composed = compose_packet(changed, images_dir=images, out=root / "packet.pdf", at=AT)
            assert composed.pages == 6

        def blank_page() -> None:
            source = f'#set document(title: "Blank")\n#set text(font: "Noto Sans")\n{next(numbers)}'.encode()
            compiler = typst.Compiler(source, font_paths=typst_fonts(), ignore_system_fonts=True)
            compiler.compile(format="pdf", pdf_standards="ua-1")

        def copy_photographs() -> None:
            for photograph in photographs:
                (root / "copy.jpg").write_bytes(photograph.read_bytes())

        numbers = iter(range(10**6))
        start = time.perf_counter()
        warm()
        print(f"typefaces opened once:     {(time.perf_counter() - start) * 1000:7.1f} ms")
        packet_ms = median_ms(one_packet, rounds)
        blank_ms, copy_ms = median_ms(blank_page, rounds), median_ms(copy_photographs, rounds)
    print(f"packet, 8 photographs:     {packet_ms:7.1f} ms  (aim: under 500)")
    print(f"floor, blank page:         {blank_ms:7.1f} ms  ratio {packet_ms / blank_ms:.1f}")
    print(f"floor, copying the JPEGs:  {copy_ms:7.1f} ms  ratio {packet_ms / copy_ms:.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
