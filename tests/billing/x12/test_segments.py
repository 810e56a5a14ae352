"""The encoder: amounts, empty elements, limits, delimiters."""

from decimal import Decimal

import pytest

from billing.x12.segments import Delimiters, NotWritableError, amount, clean, digits, encode, fit, required


@pytest.mark.parametrize(
    ("dollars", "written"),
    [("0.00", "0"), ("173.50", "173.5"), ("82.00", "82"), ("100", "100"), ("99999.99", "99999.99"), ("0.05", "0.05")],
)
def test_amounts_have_no_needless_zeros_and_no_exponent(dollars: str, written: str):
    assert amount(Decimal(dollars)) == written


@pytest.mark.parametrize("dollars", ["-1", "0.005"])
def test_what_is_no_amount_is_refused(dollars: str):
    with pytest.raises(NotWritableError, match="no amount"):
        amount(Decimal(dollars))


def test_a_segment_never_ends_in_empty_elements_nor_a_composite_in_empty_components():
    assert encode(("CLM", "A1", "82", "", "", ("02", "B", "1"), "", "")) == "CLM*A1*82***02:B:1~"
    assert encode(("SV3", ("AD", "D0140", "", ""), "82", "", ("",), "")) == "SV3*AD:D0140*82~"


def test_every_element_is_cleaned_on_its_way_out():
    assert encode(("NTE", "ADD", "Zähne 3:4 * schön~")) == "NTE*ADD*ZAHNE 3 4 SCHON~"
    assert encode(("NM1", "a>b|c"), Delimiters("|", ">", "^", "~")) == "NM1|A)B/C~"


def test_text_is_cut_after_cleaning_and_never_ends_in_a_space():
    assert fit("straße am großen see", 9) == "STRASSE A"
    assert fit("abc def", 4) == "ABC"


def test_an_empty_required_element_is_refused_by_name():
    with pytest.raises(NotWritableError, match="The member id is empty"):
        required(" ~ ", 80, "The member id")


@pytest.mark.parametrize("four", ["**:~", "A:^~", "*:^ ", "*.^~", "*:^-"])
def test_delimiters_that_could_stand_in_a_value_are_refused(four: str):
    with pytest.raises(ValueError, match="four different delimiters"):
        Delimiters(*four)


def test_digits_are_ascii_digits():
    assert digits("(555) 555-0142 ٣") == "5555550142"
    assert clean("PLAIN TEXT, 12") == "PLAIN TEXT, 12"
