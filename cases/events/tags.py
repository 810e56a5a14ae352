"""The tag by which a child of an event is called up: four characters that are read aloud, typed with gloves on and scanned.

Three of a set without look-alikes and without vowels, so that no tag spells a word, and a check: one wrong character, or
two that changed places, make no tag. The weights are distinct and not zero modulo the prime 29, which is why.
"""

from collections.abc import Container
from random import Random

from teledent.kit.text import search_key

SIGNS = "23456789BCDFGHJKMNPQRSTVWXYZ"  # 28 of them: what would be checked by the 29th is no tag
PRIME = 29
WEIGHTS = (2, 3, 4)  # of the three; the check's own is 1
LENGTH = 4


def is_tag(text: str) -> bool:
    """Whether this is a tag as it is printed."""
    return len(text) == LENGTH and all(sign in SIGNS for sign in text) and not _rest(text)


def tag_in(typed: str) -> str:
    """The tag that somebody typed, said or scanned, however it is spaced and cased; "" when it is none."""
    bare = "".join(sign for sign in search_key(typed).upper() if sign not in " -.")
    return bare if is_tag(bare) else ""


def new_tag(taken: Container[str], random: Random) -> str:
    """A tag that is not among `taken`. There are about 21,000: an event takes few of them."""
    while True:
        three = "".join(random.choice(SIGNS) for _ in WEIGHTS)
        tag = _checked(three)
        if tag and tag not in taken:
            return tag


def _checked(three: str) -> str:
    check = -sum(weight * SIGNS.index(sign) for weight, sign in zip(WEIGHTS, three, strict=True)) % PRIME
    return three + SIGNS[check] if check < len(SIGNS) else ""


def _rest(tag: str) -> int:
    return sum(weight * SIGNS.index(sign) for weight, sign in zip((*WEIGHTS, 1), tag, strict=True)) % PRIME
