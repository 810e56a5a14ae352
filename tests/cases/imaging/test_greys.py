"""How samples become greys: windows, tables, rescaling, padding, and what is shown where the file asks for nothing."""

from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset

from cases.imaging.examine import read
from cases.imaging.facts import Window
from cases.imaging.greys import windowed
from tests.corpus import radiographs as corpus


@pytest.fixture
def shown(tmp_path):
    def show(samples: np.ndarray, bits: int = 12, **attributes: Any) -> np.ndarray:
        path = tmp_path / "film.dcm"
        path.write_bytes(corpus.radiograph(samples, bits=bits, **attributes))
        return np.asarray(read(path).pictures[0]).astype(int)

    return show


def row(*values: int, dtype: type = np.uint16) -> np.ndarray:
    return np.array([values, values], dtype)


def table(descriptor: list[int], values: list[int]) -> Dataset:
    item = Dataset()
    item.add_new("LUTDescriptor", "US", descriptor)
    item.add_new("LUTData", "US", values)
    return item


def test_the_linear_window_of_the_standard_at_its_edges():
    # PS3.3 C.11.2.1.2.1: centre 2048 and width 4096 take 0 to 4095 onto the whole range.
    found = windowed(np.array([0.0, 2047.5, 4095.0]), Window(2048, 4096, "LINEAR", ""))
    assert found.tolist() == [0.0, 0.5, 1.0]


def test_the_sigmoid_window_is_steepest_at_its_centre():
    found = windowed(np.array([-1e9, 1000.0, 1250.0, 1e9]), Window(1000, 1000, "SIGMOID", ""))
    assert found == pytest.approx([0, 0.5, 1 / (1 + np.exp(-1)), 1])


def test_the_first_of_several_windows_is_shown(shown):
    greys = shown(row(0, 1000, 2000, 4095), WindowCenter=[1000, 2048], WindowWidth=[2000, 4096])
    assert greys[0].tolist() == [0, 128, 255, 255]


def test_without_a_window_the_first_to_ninety_ninth_percentile_is_shown(shown):
    samples = np.full((100, 100), 500, np.uint16)
    samples[:50], samples[0, :50], samples[-1, :50] = 300, 0, 4000
    greys = shown(samples)
    assert (greys[25, 0], greys[75, 0], greys[0, 0], greys[-1, 0]) == (0, 255, 0, 255)


def test_a_window_without_width_counts_as_none(shown):
    assert np.ptp(shown(corpus.ramp(12), WindowCenter=2048, WindowWidth=0)) == 255


def test_rescaling_comes_before_the_window(shown):
    greys = shown(row(0, 100, 200), RescaleSlope=10, RescaleIntercept=-1000, WindowCenter=0, WindowWidth=2001)
    assert greys[0].tolist() == [0, 128, 255]


def test_a_falling_rescale_turns_the_greys_over(shown):
    greys = shown(row(0, 100, 200), RescaleSlope=-1, RescaleIntercept=200, WindowCenter=100.5, WindowWidth=201)
    assert greys[0].tolist() == [255, 128, 0]


def test_a_slope_of_nought_is_passed_over(shown):
    greys = shown(row(0, 100, 200), RescaleSlope=0, RescaleIntercept=0, WindowCenter=100.5, WindowWidth=201)
    assert greys[0].tolist() == [0, 128, 255]


def test_signed_samples_are_windowed_by_their_value(shown):
    greys = shown(row(-1000, 0, 1000, dtype=np.int16), bits=16, WindowCenter=0, WindowWidth=2001)
    assert greys[0].tolist() == [0, 128, 255]


def test_a_voi_table_goes_before_a_window(shown):
    lut = table([3, 10, 8], [0, 51, 255])
    greys = shown(row(0, 10, 11, 12, 99), VOILUTSequence=[lut], WindowCenter=2048, WindowWidth=4096)
    assert greys[0].tolist() == [0, 0, 51, 255, 255]


def test_a_modality_table_comes_before_the_window(shown):
    lut = table([3, 0, 16], [0, 1000, 2000])
    lut.ModalityLUTType = "OD"
    greys = shown(row(0, 1, 2), ModalityLUTSequence=[lut], WindowCenter=1000.5, WindowWidth=2001)
    assert greys[0].tolist() == [0, 128, 255]


def test_monochrome1_is_shown_with_its_greys_turned_over(shown):
    greys = shown(row(0, 4095), photometric="MONOCHROME1", WindowCenter=2048, WindowWidth=4096)
    assert greys[0].tolist() == [255, 0]


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_padding_is_black_and_does_not_count_in_the_percentiles(shown, photometric):
    samples = np.full((40, 40), 4000, np.uint16)
    samples[:10], samples[10:25] = 100, 200
    greys = shown(samples, photometric=photometric, PixelPaddingValue=4000)
    assert (greys[30, 0], {greys[0, 0], greys[12, 0]}) == (0, {0, 255})


def test_a_range_of_padding_is_black(shown):
    greys = shown(row(0, 5, 10, 11, 20), PixelPaddingValue=5, PixelPaddingRangeLimit=10, WindowCenter=10, WindowWidth=2)
    assert greys[0].tolist() == [0, 0, 0, 255, 255]


def test_a_palette_is_shown_in_its_colours(tmp_path):
    attributes: dict[str, Any] = {}
    for colour, values in (("Red", b"\x00\xff"), ("Green", b"\xff\x00"), ("Blue", b"\x40\x80")):
        attributes[f"{colour}PaletteColorLookupTableDescriptor"] = [2, 0, 8]
        attributes[f"{colour}PaletteColorLookupTableData"] = values
    path = tmp_path / "film.dcm"
    samples = row(0, 1, dtype=np.uint8)
    path.write_bytes(corpus.radiograph(samples, bits=8, photometric="PALETTE COLOR", **attributes))
    assert np.asarray(read(path).pictures[0])[0].tolist() == [[0, 255, 64], [255, 0, 128]]


def test_an_8_bit_voi_table_shows_what_lies_beyond_its_last_entry_as_that_entry(shown):
    lut = table([3, 10, 8], [0, 51, 255])
    assert shown(row(0, 12, 300, 1290, 4095), VOILUTSequence=[lut])[0].tolist() == [0, 255, 255, 255, 255]


def test_a_voi_table_in_words_is_read_like_one_in_numbers(shown):
    lut = Dataset()
    lut.add_new("LUTDescriptor", "US", [3, 10, 16])
    lut.add_new("LUTData", "OW", np.array([0, 13107, 65535], "<u2").tobytes())
    assert shown(row(0, 10, 11, 12, 99), VOILUTSequence=[lut])[0].tolist() == [0, 0, 51, 255, 255]
