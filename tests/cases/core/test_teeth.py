"""Three numbering systems, one key: nothing collides and nothing is lost."""

import pytest

from cases import teeth

SAMPLES = [
    ("UR8", "1", "18"), ("UR6", "3", "16"), ("UL1", "9", "21"), ("UL6", "14", "26"), ("LL6", "19", "36"), ("LR6", "30", "46"),
    ("LR8", "32", "48"), ("URE", "A", "55"), ("ULA", "F", "61"), ("LLD", "L", "74"), ("LRE", "T", "85"),
    ("UR8S", "51", "18S"), ("URES", "AS", "55S"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "universal", "fdi"), SAMPLES)
def test_a_tooth_reads_the_same_in_every_system(key, universal, fdi):
    assert (teeth.universal(key), teeth.fdi(key), teeth.from_universal(universal.lower())) == (universal, fdi, key)


def test_every_key_has_its_own_universal_and_fdi_number():
    table = teeth.universal_by_key()
    assert len(table) == 104
    assert len(set(table.values())) == len({teeth.fdi(key) for key in table}) == 104


def test_names_are_said_in_full():
    assert teeth.name("LLD") == "lower left primary first molar"


@pytest.mark.parametrize("label", ["0", "33", "U", "", "A1", "83"])
def test_what_is_no_tooth_has_no_key(label):
    assert teeth.from_universal(label) is None
