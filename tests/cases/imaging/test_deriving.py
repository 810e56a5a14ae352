"""Deriving anew from an original that was examined before."""

import hashlib

import pytest

from cases.imaging.derive import derive
from cases.imaging.examine import examine
from cases.imaging.recipes import RECIPES
from tests.corpus import photographs as corpus


def test_each_recipe_is_written_with_its_size_and_hash(tmp_path):
    source = tmp_path / "original"
    source.write_bytes(corpus.encoded(corpus.four_corners(), "PNG"))
    derived = derive(source, examine(source), mirrored=False, out_dir=tmp_path)
    assert [(one.recipe, one.version) for one in derived] == [(recipe.name, recipe.version) for recipe in RECIPES]
    for one in derived:
        content = (tmp_path / one.file_name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (one.size, one.sha256)


def test_a_file_that_changed_since_it_was_examined_is_not_derived_from(tmp_path):
    source = tmp_path / "original"
    source.write_bytes(corpus.encoded(corpus.four_corners(), "PNG"))
    examined = examine(source)
    source.write_bytes(corpus.encoded(corpus.four_corners(40, 40), "PNG"))
    with pytest.raises(ValueError, match="changed"):
        derive(source, examined, mirrored=False, out_dir=tmp_path)
    assert list(tmp_path.iterdir()) == [source]
