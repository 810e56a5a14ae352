"""The packet speaks to those who hear it."""

from dataclasses import replace
from itertools import pairwise

import pikepdf
import pytest

from teledent.printing.errors import PrintError
from tests.billing.packet.samples import packet, sheet
from tests.printing.reading import tags


@pytest.fixture(params=["packet", "sheet"])
def printed(request, print_packet, print_sheet):
    return print_packet(packet()) if request.param == "packet" else print_sheet(sheet())


def test_the_file_says_that_it_is_tagged_and_in_which_language(printed):
    with pikepdf.open(printed) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en-US"
        assert pdf.open_metadata()["pdfuaid:part"] == "1"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle


def test_the_title_names_the_case_or_the_claim(print_packet, print_sheet):
    with pikepdf.open(print_packet(packet())) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Teledentistry record TD-2026-00451"
    with pikepdf.open(print_sheet(sheet())) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Claim data sheet TD000451C1"


def test_headings_never_skip_a_level(printed):
    levels = [int(tag.name[1:]) for tag in tags(printed) if tag.name in {"H1", "H2", "H3", "H4"}]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert len(levels) > 4
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_table_names_its_columns(printed):
    found = tags(printed)
    names = [tag.name for tag in found]
    assert names.count("Table") == names.count("THead") > 2
    heads = [tag for tag in found if tag.name == "TH"]
    assert heads
    assert all(head.scope == "/Column" for head in heads)


def test_every_picture_has_its_description_and_its_caption(print_packet):
    content = packet()
    found = tags(print_packet(content))
    assert [tag.alt for tag in found if tag.name == "Figure"] == [image.alt for image in content.images]
    assert [tag.name for tag in found].count("Caption") == 8


@pytest.mark.parametrize("alt", ["", "  \n"])
def test_a_picture_without_a_description_is_refused_by_name(print_packet, alt):
    content = packet()
    bare = replace(content.images[2], alt=alt)
    with pytest.raises(PrintError, match=r"Image 3 \(Left side, teeth together\) has no description"):
        print_packet(replace(content, images=(bare,)))
