"""Files that are not our own: those that pydicom brings in its package, each to pictures or to a named refusal."""

import warnings
from pathlib import Path

import numpy as np
import pydicom.data
import pytest
from pydicom import dcmread

from cases.imaging.decoders import register_decoders
from cases.imaging.dicom_pixels import decode_samples
from cases.imaging.refusal import SENTENCES

FOLDER = Path(pydicom.data.__file__).parent
FILES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file() and path.suffix != ".py")
DENTAL = {f"test_files/dicomdirtests/77654033/CR{n}" for n in (1, 2, 3)}
# Pictures that several makers packed in their own ways: the same samples must come out of each.
SAME_HEAD = ("MR_small_RLE", "MR_small_bigendian", "MR_small_expb", "MR_small_implicit", "MR_small_jp2klossless",
             "MR_small_jpeg_ls_lossless", "MR_small_padded")  # fmt: skip
# file -> (the file with the same picture, greatest difference that its lossy packing explains)
SAME_BARS = {
    "SC_rgb_rle": 0, "SC_rgb_gdcm_KY": 0, "SC_rgb_jls_lossy_line": 2, "SC_rgb_jls_lossy_sample": 2,
    "SC_rgb_dcmtk_+eb+cr": 2, "SC_rgb_jpeg_dcmtk": 6, "SC_ybr_full_422_uncompressed": 6,
    "SC_rgb_dcmtk_+eb+cy+n2": 6, "SC_rgb_dcmtk_+eb+cy+s2": 6, "SC_rgb_dcmtk_+eb+cy+s4": 6,
}  # fmt: skip


def samples(name: str) -> np.ndarray:
    register_decoders()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return decode_samples(dcmread(FOLDER / "test_files" / f"{name}.dcm")).astype(int)


@pytest.mark.parametrize("name", FILES)
def test_every_installed_file_becomes_pictures_or_a_named_refusal(process, name):
    done = process((FOLDER / name).read_bytes())
    assert done.code in {"ok", *SENTENCES}
    if str(Path(name).parent) in DENTAL:
        assert (done.code, done.facts["radiograph"]["modality"], done.facts["bits_stored"]) == ("ok", "CR", 12)


@pytest.mark.parametrize("name", SAME_HEAD)
def test_the_same_head_comes_out_of_every_packing(name):
    assert np.array_equal(samples(name), samples("MR_small"))


@pytest.mark.parametrize("name", SAME_BARS)
def test_the_same_colour_bars_come_out_of_every_packing(name):
    assert np.abs(samples(name) - samples("SC_rgb_jpeg_gdcm")).max() <= SAME_BARS[name]


def test_twelve_bit_jpeg_of_another_maker_shows_what_its_jpeg_2000_twin_shows():
    twelve, twin = samples("JPEG-lossy"), samples("JPEG2000")
    assert np.corrcoef(twelve.ravel(), twin.ravel())[0, 1] > 0.9


def test_a_jpeg_2000_that_lies_about_its_sign_is_read_rightly():
    assert (samples("J2K_pixelrep_mismatch").min(), samples("J2K_pixelrep_mismatch").max()) == (-2000, 1896)
