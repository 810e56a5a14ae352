"""Names to Latin capitals; what cannot be written is named, never dropped in silence."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.claims.latin import WRITABLE, to_latin, unwritable


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Nguyễn Thị Ánh Đặng", "NGUYEN THI ANH DANG"),
        ("Łukasz Wałęsa-Żółć", "LUKASZ WALESA-ZOLC"),
        ("Øyvind Æsir Þórðarson", "OYVIND AESIR THORDARSON"),
        ("Großmann", "GROSSMANN"),
        ("İpek Işık", "IPEK ISIK"),
        ("Ƙwarai Ɗanjuma", "KWARAI DANJUMA"),
        ("Kaʻiulani O’Brien", "KA'IULANI O'BRIEN"),
        ("Jose\u0301 Nun\u0303ez", "JOSE NUNEZ"),
        ("ＡＢＣ　１２３", "ABC 123"),
        ("“Sealed” – 3¼ mm", '"SEALED" - 3 1/4 MM'),
        ("a\tb\r\nc\x00d", "A B C D"),
        ("tooth 😀 hurts", "TOOTH HURTS"),
    ],
)
def test_latin_letters_are_written_as_a_card_prints_them(name: str, written: str):
    assert to_latin(name) == written
    assert unwritable(name) == ""


@pytest.mark.parametrize("name", ["Ελένη", "Юлия", "محمد", "דוד", "देवी", "李伟", "สมชาย", "김철수"])
def test_other_scripts_are_named_as_unwritable(name: str):
    assert unwritable(name)
    assert unwritable(f"Ana {name}")


def test_every_letter_of_the_living_latin_alphabets_is_written():
    blocks = [*range(0x00C0, 0x0180), *range(0x1E00, 0x1E9F), *range(0x1EA0, 0x1EFA)]
    letters = [chr(code) for code in blocks if unicodedata.category(chr(code)) in ("Lu", "Ll")]
    assert [letter for letter in letters if unwritable(letter)] == []


@given(st.text())
def test_whatever_comes_in_only_writable_signs_come_out(text: str):
    written = to_latin(text)
    assert set(written) <= WRITABLE
    assert written == written.strip()
    assert "  " not in written
    assert to_latin(written) == written
