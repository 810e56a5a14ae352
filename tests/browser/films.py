"""A reading room whose case holds real DICOM of several kinds, examined by the product itself."""

import hashlib
import io
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from pydicom import uid
from pydicom.dataset import Dataset

from cases.actions import files, opening
from cases.derivatives import keep_derived, record_derived
from cases.imaging.process import pack_film, process_file
from cases.models import Asset, Case
from teledent.files.storage import Blocks, private
from teledent.kit import clock
from tests import cast
from tests.corpus import radiographs as corpus
from tests.corpus.extended_jpeg import encode_extended


def _voi_table() -> Dataset:
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [1024, 512, 8])
    item.add_new("LUTData", "US", [round(255 * (n / 1023) ** 0.5) for n in range(1024)])
    return item


def _modality_table() -> Dataset:
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [4096, 0, 16])
    item.add_new("LUTData", "US", [round(65535 * (n / 4095) ** 2) for n in range(4096)])
    item.ModalityLUTType = "OD"
    return item


@dataclass(frozen=True)
class Film:
    """A radiograph with its known samples, and what the page has to make of it."""

    name: str
    samples: np.ndarray
    bits: int
    syntax: str = uid.ExplicitVRLittleEndian
    encode: object = None
    view: str = "periapical"
    attributes: dict = field(default_factory=dict)

    def content(self) -> bytes:
        frame = self.encode(self.samples, self.bits) if self.encode else None
        return corpus.radiograph(self.samples, bits=self.bits, syntax=self.syntax, frame=frame, **self.attributes)


SIZE = {"rows": 120, "columns": 160}
WINDOW = {"WindowCenter": 1800, "WindowWidth": 1500}
FILMS = (
    Film("12 bit, window of the file", corpus.ramp(12, **SIZE), 12, view="bitewing-right",
         attributes={**WINDOW, "PixelSpacing": [0.02, 0.03], "ImagerPixelSpacing": [0.02, 0.03]}),
    Film("16 bit, JPEG lossless", corpus.ramp(16, **SIZE), 16, uid.JPEGLosslessSV1, corpus.by_gdcm("JPEGLosslessProcess14_1")),
    Film("MONOCHROME1 with padding, JPEG-LS", corpus.ramp(12, **SIZE), 12, uid.JPEGLSLossless, corpus.by_charls(0),
         attributes={**WINDOW, "photometric": "MONOCHROME1", "PixelPaddingValue": 0, "PixelPaddingRangeLimit": 400}),
    Film("signed, rescaled, RLE", corpus.ramp(12, signed=True, **SIZE).astype(np.int16), 12, uid.RLELossless, corpus.by_rle,
         attributes={"RescaleSlope": 2, "RescaleIntercept": 100, "WindowCenter": 100, "WindowWidth": 3000}),
    Film("VOI table, JPEG 2000", corpus.ramp(12, **SIZE), 12, uid.JPEG2000Lossless, corpus.by_openjpeg,
         attributes={"VOILUTSequence": [_voi_table()]}),
    Film("modality table and sigmoid", corpus.ramp(12, **SIZE), 12,
         attributes={"ModalityLUTSequence": [_modality_table()], "WindowCenter": 20000, "WindowWidth": 30000, "VOILUTFunction": "SIGMOID"}),
    Film("8 bit, no window", corpus.ramp(8, **SIZE), 8),
    Film("12 bit, JPEG extended, lossy", corpus.ramp(12, **SIZE), 12, uid.JPEGExtended12Bit, lambda s, _: encode_extended(s),
         attributes=WINDOW),
    Film("panoramic, 16 bit", corpus.ramp(16, rows=120, columns=240), 16, view="panoramic",
         attributes={"Modality": "PX", "ImagerPixelSpacing": [0.1, 0.1]}),
)  # fmt: skip


def windowed(values: np.ndarray, center: float, width: float, function: str = "LINEAR") -> np.ndarray:
    """PS3.3 C.11.2.1.2, by numpy over the whole picture; 0 to 255."""
    if function == "SIGMOID":
        return 255 / (1 + np.exp(-4 * (values - center) / width))
    if function == "LINEAR_EXACT":
        return 255 * np.clip((values - center) / width + 0.5, 0, 1)
    return 255 * np.clip((values - (center - 0.5)) / (width - 1) + 0.5, 0, 1)


def modality_of(film: Film) -> np.ndarray:
    said, values = film.attributes, film.samples.astype(float)
    if "ModalityLUTSequence" in said:
        return np.asarray(said["ModalityLUTSequence"][0].LUTData, float)[film.samples]
    return values * said.get("RescaleSlope", 1) + said.get("RescaleIntercept", 0)


def greys_of(film: Film, window: tuple[float, float, str] | None = None) -> np.ndarray:
    """What has to be seen: the file's own window or table, or the one given; padding black, MONOCHROME1 turned over."""
    said, values = film.attributes, modality_of(film)
    if window:
        greys = windowed(values, *window)
    elif "VOILUTSequence" in said:
        entries = np.clip(film.samples.astype(int) - 512, 0, 1023)
        greys = np.asarray(said["VOILUTSequence"][0].LUTData, float)[entries]
    elif "WindowCenter" in said:
        greys = windowed(values, said["WindowCenter"], said["WindowWidth"], said.get("VOILUTFunction", "LINEAR"))
    else:
        low, high = np.percentile(values, (1, 99), method="inverted_cdf")
        greys = windowed(values, (low + high) / 2, high - low, "LINEAR_EXACT")
    if said.get("photometric") == "MONOCHROME1":
        greys = 255 - greys
    if "PixelPaddingValue" in said:
        padding = (film.samples >= said["PixelPaddingValue"]) & (film.samples <= said["PixelPaddingRangeLimit"])
        greys = np.where(padding, 0, greys)
    return greys


def photograph(colour: tuple[int, int, int]) -> bytes:
    """A picture of 400 by 300 with a white corner at the top left, so that one sees which way it lies."""
    pixels = np.full((300, 400, 3), colour, np.uint8)
    pixels[:60, :80] = 250
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, "JPEG", quality=95)
    return target.getvalue()


def prepare(*, without_samples: int = 7) -> str:
    """The case with every film of FILMS and two photographs, held by the dentist, an earlier signed one of the same child,
    and one that waits. The samples of one film are not made. Returns the id of the case."""
    now, world = clock.now(), cast.build_world()
    patient = cast.make_patient(world)
    before = cast.case_at(world, "signed", patient=patient, at=now - timedelta(days=60))
    began, hana = now - timedelta(minutes=25), world.of("hana")
    case = opening.open_case(actor=hana, patient=patient, site=world.school, kind="screening", at=began)
    for number, film in enumerate(FILMS):
        asset = cast.put_file(case, hana, view=film.view, content=film.content(), at=began)
        files.label_file(actor=hana, asset=asset, at=began, tooth=f"UL{number % 8 + 1}")
    cast.submit(world, case, began)
    waiting = cast.case_at(world, "submitted", patient=cast.make_patient(world, given="Ada", family="Okafor"), at=began)
    cast.start(world, Case.objects.get(pk=case.pk), now - timedelta(minutes=5))
    Asset.objects.filter(case=case, view="lower").update(mirrored=True)
    contents = {film.content(): n for n, film in enumerate(FILMS)}
    by_hash = {hashlib.sha256(content).hexdigest(): (content, n) for content, n in contents.items()}
    for place, asset in enumerate(Asset.objects.filter(case__in=[before, case, waiting]).select_related("original")):
        content, number = by_hash.get(asset.declared_sha256, (photograph((90 + 15 * place, 60, 70)), None))
        _examine(asset, content, samples=number != without_samples)
    return str(case.public_id)


def _examine(asset: Asset, content: bytes, *, samples: bool) -> None:
    private().save(asset.original.key, Blocks([content]))
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "source")
        source.write_bytes(content)
        out = Path(folder, "out")
        out.mkdir()
        what: dict[str, Any] = {"source": str(source), "out_dir": str(out), "mirrored": asset.mirrored}
        found = process_file(**what)
        derived = [*found["derived"], *(pack_film(**what)["derived"] if samples else ())]
        record_derived(asset, keep_derived(derived, out), mirrored=asset.mirrored, at=clock.now())
    if asset.case.status != "signed":
        Asset.objects.filter(pk=asset.pk).update(
            examination=found["examination"], media_type=found["examination"]["media_type"]
        )
