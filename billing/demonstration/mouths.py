"""Nine invented mouths. What is drawn is what is charted: both come from the same marks. No Django here.

Each mouth also stands for its mirror image, another child's: right and left change places in pictures and chart alike.
"""

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from cases.drawing.dentition import Condition, Dentition, dentition_for

_OTHER_SIDE = dict(zip("12345678", "21436587", strict=True))
_OTHER_VIEW = {"right": "left", "left": "right", "bitewing_right": "bitewing_left", "bitewing_left": "bitewing_right"}


@dataclass(frozen=True)
class Mouth:
    """Age in years, and (FDI tooth, condition, surfaces) of what is not sound. `seed` shapes the teeth."""

    age: float
    seed: int
    marks: tuple[tuple[str, Condition, str], ...] = ()

    def dentition(self) -> Dentition:
        mouth = dentition_for(self.age, np.random.default_rng(self.seed))
        for tooth, condition, surfaces in self.marks:
            mouth = mouth.marked(tooth, condition, surfaces)
        return mouth


MOUTHS = MappingProxyType(
    {
        "clean": Mouth(7.5, 75),
        "back tooth": Mouth(8.1, 80, (("75", Condition.DECAY, "DO"), ("36", Condition.SEALANT, "O"), ("46", Condition.SEALANT, "O"))),
        "stain": Mouth(9.5, 95, (("16", Condition.STAIN, "O"), ("26", Condition.STAIN, "O"))),
        "deep": Mouth(6.2, 60, (("84", Condition.DECAY, "MOD"), ("85", Condition.DECAY, "O"))),
        "front": Mouth(5.1, 50, (("51", Condition.DECAY, "M"), ("61", Condition.DECAY, "M"), ("54", Condition.DECAY, "O"))),
        "filled": Mouth(11.0, 110, (("46", Condition.FILLING, "O"), ("26", Condition.DECAY, "O"), ("36", Condition.SEALANT, "O"))),
        "teen": Mouth(13.2, 132, (
            ("36", Condition.DECAY, "O"), ("46", Condition.DECAY, "O"), ("16", Condition.SEALANT, "O"), ("26", Condition.SEALANT, "O"),
        )),
        "adult": Mouth(34.0, 340, (("46", Condition.FILLING, "MOD"), ("26", Condition.FILLING, "O"), ("15", Condition.FILLING, "DO"))),
        "gap": Mouth(58.0, 580, (
            ("36", Condition.MISSING, ""), ("16", Condition.FILLING, "MOD"), ("45", Condition.FILLING, "DO"), ("25", Condition.DECAY, "B"),
        )),
    }
)  # fmt: skip


def mirrored_tooth(fdi: str) -> str:
    """The tooth on the other side: 75 for 85."""
    return _OTHER_SIDE[fdi[0]] + fdi[1]


def mirrored_view(view: str) -> str:
    return _OTHER_VIEW.get(view, view)
