"""People's text: what may be kept, and how it is compared."""

import unicodedata


def search_key(*parts: str) -> str:
    """Case-, mark- and space-insensitive form for look-ups: databases fold letters differently, this does not."""
    decomposed = unicodedata.normalize("NFKD", " ".join(parts)).casefold()
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def printable(text: str) -> str:
    """NFC without control and direction-override characters (line breaks and tabs stay); NUL never reaches a database."""
    kept = (c for c in unicodedata.normalize("NFC", text) if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    return "".join(c for c in kept if c not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


FILLERS = frozenset(
    {"", "-", ".", "n/a", "na", "none", "nil", "ok", "x", "xx", "xxx", "tbd", "test", "asdf", "see above", "same"}
)


def is_filler(text: str) -> bool:
    """Whether a text that should say something says nothing: blanks, dots, 'n/a', one letter over and over (CH-1)."""
    bare = _bare(text)
    if not bare.isascii():  # two characters can be a whole complaint in Chinese
        return False
    return names_nothing(text) or len(bare) < 3 or len(set(bare.replace(" ", ""))) < 3


def names_nothing(text: str) -> bool:
    """Whether a name or a number is a filler: blanks, 'n/a', one letter, signs without a letter. "S2" is a device, "Li" a
    dentist. Joiners that show nothing stay within a name: some scripts need them."""
    bare = _bare(text)
    return bare in FILLERS or (bare.isascii() and len(bare) < 2) or not any(_is_seen(one) for one in bare)


def _is_seen(sign: str) -> bool:
    """Whether it is a letter or digit. The fillers of Hangul are letters by their class, and show nothing."""
    return sign.isalnum() and sign not in "\u115f\u1160\u3164\uffa0"


def _bare(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .-_*/")
