"""NOTICE names each typeface as its own package does: the owner of the copyright and the licence."""

import importlib.metadata
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from teledent.printing.fonts import FAMILIES, typst_fonts

NOTICE = (Path(__file__).resolve().parents[2] / "NOTICE").read_text()
COPYRIGHT, LICENCE = 0, 13  # ids in a font's name table
OFL = "SIL Open Font License, Version 1.1"


def package_of(path: Path) -> importlib.metadata.Distribution:
    top = next(part for parent, part in zip(path.parts, path.parts[1:], strict=False) if parent == "site-packages")
    (name,) = set(importlib.metadata.packages_distributions()[top])
    return importlib.metadata.distribution(name)


@pytest.mark.parametrize("family", FAMILIES)
def test_notice_names_owner_package_and_licence(family):
    path = next(Path(font.path) for font in typst_fonts().fonts() if font.family == family)
    package = package_of(path)
    with TTFont(str(path), lazy=True) as font:
        owner, licence = (font["name"].getDebugName(number) for number in (COPYRIGHT, LICENCE))
    assert f"{family} ({package.metadata['Name']}): {owner}" in NOTICE
    assert OFL in licence
    (text,) = [file for file in package.files if file.match("*.dist-info/licenses/LICENSE")]
    licence_file = " ".join(text.read_text().split())
    assert OFL in licence_file
    assert "with Reserved Font Name" not in licence_file.partition("PREAMBLE")[0]


def test_notice_names_no_other_typeface():
    listed = [line.partition(" (")[0].removeprefix("- ") for line in NOTICE.splitlines() if line.startswith("- ")]
    assert sorted(listed) == sorted(FAMILIES)
