"""The typefaces of printed documents. They come as pip packages with their files inside; the system's own fonts are
never used.

Chosen for what comes back when a reader searches or copies: with Amiri and Sarabun, Arabic and Thai words are extracted
as they were written; the matching Noto fonts draw dots and vowel signs as separate glyphs and lose them there.
"""

from functools import cache
from importlib.resources import files
from pathlib import Path

import typst
from fontTools.ttLib import TTFont

# In order of preference: a character is set in the first family that has it.
FAMILIES = ("Noto Sans", "Amiri", "Heebo", "Sarabun", "Noto Sans CJK JP")

_FOLDERS = (
    ("fontpkg_noto_sans", "files"),  # Latin with Vietnamese, Greek, Cyrillic, Devanagari
    ("fontpkg_amiri", "files"),  # Arabic and Persian letters
    ("fontpkg_heebo", "files"),  # Hebrew
    ("fontpkg_sarabun", "files"),  # Thai
    ("noto_cjk_sans_jp_regular", "."),  # Chinese, Japanese, Korean
)


def folders() -> list[Path]:
    """The folders that hold the font files."""
    return [Path(str(files(package).joinpath(inside))) for package, inside in _FOLDERS]


@cache
def typst_fonts() -> typst.Fonts:
    """The opened fonts, once a process: reading them takes longer than laying out a page."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders())


@cache
def code_points(family: str) -> frozenset[int]:
    """The code points that the upright regular font of ``family`` has a glyph for. Read when first asked: the largest
    takes 0.1 s.
    """
    path = next(
        font.path for font in typst_fonts().fonts() if (font.family, font.style, font.weight) == (family, "normal", 400)
    )
    with TTFont(str(path), lazy=True) as font:
        return frozenset(font.getBestCmap())
