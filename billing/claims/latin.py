"""People's text to the Latin capitals that payers read.

Claims carry A-Z, digits and little else. Marks are stripped, letters of the Latin script that do not decompose become
what a card prints for them, typographic signs become their plain cousins. Other scripts are not guessed at: a name in
Chinese or Arabic has as many Latin spellings as people who wrote it down, so the insurance card's own spelling is a
field (`CardName`), and `unwritable` says when it is needed.
"""

import re
import unicodedata
from functools import cache

# Letters whose Unicode name does not lead to their spelling ("LATIN SMALL LETTER O WITH STROKE" does: O).
SPELLED = {
    "ß": "SS", "ẞ": "SS", "Æ": "AE", "Œ": "OE", "Ð": "D", "Þ": "TH", "Ŋ": "NG", "ĸ": "Q", "ı": "I", "ȷ": "J",
    "Ə": "E", "Ɛ": "E", "Ɔ": "O", "Ʒ": "Z", "Ʃ": "S", "Ɣ": "G", "Ʊ": "U", "Ɂ": "'", "ɂ": "'", "Ɩ": "I", "Ƿ": "W",
    "Ȝ": "Y", "Ɯ": "M", "Ǝ": "E", "Ʌ": "V", "Ʀ": "R", "Ȣ": "OU", "Ƕ": "HV", "Ƣ": "GH",
}  # fmt: skip
SIGNS = {
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "ʻ": "'", "ʼ": "'", "ʾ": "'", "ʿ": "'", "´": "'", "`": "'", "′": "'",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "″": '"', "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-",
    "―": "-", "−": "-", "·": ".", "•": "-", "×": "X", "÷": "/", "€": "EUR", "£": "GBP", "\u2044": "/", "¿": "", "¡": "",
    "|": "/", "\\": "/", "[": "(", "]": ")", "{": "(", "}": ")", "<": "(", ">": ")",
}  # fmt: skip
# X12's basic set and the few signs of the extended set that receivers take without complaint.
WRITABLE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !\"&'()*+,-./:;?=@#$%_^~")
FRACTION_SLASH = "\u2044"
NAMED = re.compile(r"LATIN (?:CAPITAL|SMALL) LETTER (?:[A-Z]+ )?([A-Z]{1,2})(?: WITH .+)?")


def to_latin(text: str) -> str:
    """`text` in capitals of the basic X12 set, spaces collapsed. What has no Latin writing is left out."""
    if text.isascii():  # most text of most claims
        return " ".join(text.translate(_ascii_spellings()).split())
    written = "".join(_spelling(sign) for sign in unicodedata.normalize("NFC", text))
    return " ".join(written.split())


@cache
def _ascii_spellings() -> dict[int, str]:
    return {sign: _spelling(chr(sign)) for sign in range(128)}


def unwritable(text: str) -> str:
    """The letters and digits of `text` that `to_latin` would lose, each once, in order; empty when all is well."""
    lost = (s for s in unicodedata.normalize("NFC", text) if unicodedata.category(s)[0] in "LN" and not _spelling(s))
    return "".join(dict.fromkeys(lost))


@cache
def _spelling(sign: str) -> str:
    if sign.isspace() or unicodedata.category(sign) == "Cc":
        return " "
    if sign in SIGNS:
        return SIGNS[sign]
    bare = "".join(part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))
    written = "".join(part if part in WRITABLE else _letter(part) for part in bare.upper())
    return f" {written}" if FRACTION_SLASH in bare else written  # 3¼ is 3 1/4, not 31/4


def _letter(sign: str) -> str:
    if sign in SIGNS or sign in SPELLED:
        return SPELLED.get(sign, SIGNS.get(sign, ""))
    named = NAMED.fullmatch(unicodedata.name(sign, ""))
    return named.group(1) if named else ""
