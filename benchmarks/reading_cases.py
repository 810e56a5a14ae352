"""Cases for `benchmarks.reading`: two bitewings of 1300 x 1700 in 12 bits and two photographs each, derived by the product."""

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management import call_command
from PIL import Image

from cases.actions import opening
from cases.derivatives import keep_derived, record_derived
from cases.drawing.dentition import dentition_for
from cases.drawing.dicom_file import as_dicom
from cases.drawing.radiograph import draw_radiograph
from cases.imaging.process import pack_film, process_file
from cases.models import Asset, Derivative
from teledent.kit import clock
from tests import cast


def prepare(count: int) -> str:
    """So many waiting cases. Returns the keys of the two files that the first picture is shown from."""
    call_command("migrate", verbosity=0)
    world, at = cast.build_world(), clock.now() - timedelta(minutes=30)
    made = {view: _film(view) for view in ("bitewing-right", "bitewing-left")}
    photograph = _photograph()
    for number in range(count):
        patient = cast.make_patient(world, given=f"Ada{number}", family="Okafor")
        cast.consent_to(world, patient, at=at)
        case = opening.open_case(actor=world.of("hana"), patient=patient, site=world.school, kind="screening", at=at)
        for view in made:
            cast.put_file(case, world.of("hana"), view=view, at=at)
        cast.submit(world, case, at)
        for asset in case.assets.all():
            _derive(asset, made.get(asset.view, photograph))
    first = Derivative.objects.filter(asset__view="bitewing-right", recipe__in=["review", "samples"]).order_by("pk")[:2]
    return " ".join(one.file.key for one in first)


def _film(view: str) -> bytes:
    mouth = dentition_for(9.0, np.random.default_rng(5))
    pixels = draw_radiograph(view.replace("-", "_"), mouth, seed=5)
    high, wide = 1700 / pixels.shape[0], 1300 / pixels.shape[1]
    rows = (np.arange(1700) / high).astype(int)
    columns = (np.arange(1300) / wide).astype(int)
    noise = np.random.default_rng(6).normal(0, 8, (1700, 1300))
    full = np.clip(pixels[rows][:, columns] + noise, 0, 4095).astype(np.uint16)
    born = clock.now().date() - timedelta(days=9 * 365)
    return as_dicom(
        full, view=view.replace("-", "_"), patient_name="OKAFOR^ADA", patient_id="X", birth_date=born, captured_at=clock.now(),
        bits_stored=12,
    )  # fmt: skip


def _photograph() -> bytes:
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
        small = np.random.default_rng(7).integers(60, 200, (40, 60, 3), np.uint8)
        Image.fromarray(small).resize((2400, 1600), Image.Resampling.BICUBIC).save(file.name, "JPEG", quality=88)
        return Path(file.name).read_bytes()


def _derive(asset: Asset, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder, "source"), Path(folder, "out")
        source.write_bytes(content)
        out.mkdir()
        what: dict[str, Any] = {"source": str(source), "out_dir": str(out), "mirrored": asset.mirrored}
        found = process_file(**what)
        made = keep_derived([*found["derived"], *pack_film(**what)["derived"]], out)
        record_derived(asset, made, mirrored=asset.mirrored, at=clock.now())
        Asset.objects.filter(pk=asset.pk).update(
            examination=found["examination"], media_type=found["examination"]["media_type"]
        )
