"""The samples that the viewer windows: lossless in every depth, and their greys those that the file asks for."""

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import dcmread, uid
from pydicom.dataset import Dataset

from cases.imaging import samples as samples_module
from cases.imaging.dicom_pixels import read_pixels
from cases.imaging.facts import Film
from cases.imaging.samples import write_samples
from tests.corpus import photographs
from tests.corpus import radiographs as corpus
from tests.corpus.samples import unpack


@pytest.fixture
def samples_of(process):
    def run(content: bytes, **options: Any):
        done = process(content, **options)
        assert [one["recipe"] for one in done.packed(**options)] == ["samples"]
        return done, unpack((done.folder / "samples.gz").read_bytes())

    return run


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
def test_every_sample_comes_back_as_it_was_stored(samples_of, bits, signed):
    stored = corpus.ramp(bits, signed=signed)
    _, found = samples_of(corpus.radiograph(stored, bits=bits))
    assert (found.samples == stored.view(f"u{stored.dtype.itemsize}")).all()
    assert (found.header["bits_stored"], found.header["signed"]) == (bits, signed)


@pytest.mark.parametrize(
    ("syntax", "encode"),
    [(uid.JPEGLosslessSV1, corpus.by_gdcm("JPEGLosslessProcess14_1")), (uid.JPEGLSLossless, corpus.by_charls(0)),
     (uid.JPEG2000Lossless, corpus.by_openjpeg), (uid.RLELossless, corpus.by_rle)],
)  # fmt: skip
def test_compressed_files_keep_their_full_depth(samples_of, syntax, encode):
    stored = corpus.ramp(16)
    _, found = samples_of(corpus.radiograph(stored, bits=16, syntax=syntax, frame=encode(stored, 16)))
    assert len(np.unique(found.samples)) == len(np.unique(stored)) > 256
    assert (found.samples == stored).all()


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_the_greys_of_the_table_give_the_review_picture(samples_of, photometric):
    attributes = {"WindowCenter": 1500, "WindowWidth": 2000, "PixelPaddingValue": 0}
    done, found = samples_of(corpus.radiograph(corpus.ramp(12), bits=12, photometric=photometric, **attributes))
    seen = np.asarray(done.picture("review")).astype(int)
    assert np.abs(found.greys[found.samples].astype(int) - seen).max() <= 12  # JPEG
    assert found.greys[0] == 0
    assert found.header["padding"] == [0, 0]


def test_a_modality_table_travels_as_values(samples_of):
    lut = Dataset()
    lut.add_new("LUTDescriptor", "US", [3, 0, 16])
    lut.add_new("LUTData", "US", [0, 1000, 50000])
    lut.ModalityLUTType = "OD"
    stored = np.array([[0, 1, 2]] * 2, np.uint16)
    _, found = samples_of(corpus.radiograph(stored, bits=12, ModalityLUTSequence=[lut]))
    assert found.modality is not None
    assert found.modality[:3].tolist() == [0, 1000, 50000]


def test_a_straight_rescale_travels_as_two_numbers(samples_of):
    _, found = samples_of(corpus.radiograph(corpus.ramp(12), bits=12, RescaleSlope=2, RescaleIntercept=-100))
    assert (found.header["slope"], found.header["intercept"], found.modality) == (2, -100, None)
    assert (found.header["low"], found.header["high"]) == (-100, 2 * 4095 - 100)


def test_a_voi_table_says_so_and_starts_near_what_it_shows(samples_of):
    lut = Dataset()
    lut.add_new("LUTDescriptor", "US", [101, 1000, 8])
    lut.add_new("LUTData", "US", [round(2.55 * n) for n in range(101)])
    _, found = samples_of(corpus.radiograph(corpus.ramp(12), bits=12, VOILUTSequence=[lut]))
    assert found.header["asked"] == "table"
    assert found.header["start"]["center"] == pytest.approx(1050, abs=2)
    assert found.header["start"]["width"] == pytest.approx(100, abs=4)


def test_a_mirrored_film_is_turned_like_its_pictures(samples_of):
    stored = corpus.ramp(12)
    _, found = samples_of(corpus.radiograph(stored, bits=12), mirrored=True)
    assert (found.samples == stored[:, ::-1]).all()


def test_what_has_no_grey_samples_gets_none(process):
    done = process(photographs.encoded(photographs.four_corners(), "JPEG"))
    assert [one["recipe"] for one in done.answer["derived"]] == ["review", "claim", "thumbnail"]
    assert done.packed() == []


def test_a_film_that_no_browser_could_hold_gets_none(process, monkeypatch):
    monkeypatch.setattr(samples_module, "MOST_PIXELS", 100)
    done = process(corpus.radiograph(corpus.ramp(12), bits=12))
    assert done.packed() == []


def test_such_a_film_is_not_even_held_beside_its_picture(monkeypatch):
    dataset = dcmread(io.BytesIO(corpus.radiograph(corpus.ramp(12), bits=12)))
    assert read_pixels(dataset)[1] is not None
    monkeypatch.setattr(samples_module, "MOST_PIXELS", 100)
    assert read_pixels(dataset)[1] is None


@given(st.lists(st.integers(0, 65535), min_size=1, max_size=60), st.sampled_from([1, 3, 7, 1 << 20]))
def test_any_samples_survive_at_any_block_size(tmp_path_factory, values, block):
    folder, stored = tmp_path_factory.mktemp("film"), np.array([values], np.uint16)
    header = {"rows": 1, "columns": len(values), "bytes": 2, "modality_table": False}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(samples_module, "_A_BLOCK", block)
        write_samples(Film(stored, np.zeros(65536, np.uint8), None, header), mirrored=False, out_dir=folder)
    assert unpack((folder / "samples.gz").read_bytes()).samples[0].tolist() == values
