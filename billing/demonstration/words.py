"""What was written of each mouth: the hygienist's notes on teeth, and the dentist's reading. [75] stands for a tooth.

The words keep to what pictures can show: what is seen, what cannot be judged, and by when somebody should look.
"""

import re
from dataclasses import dataclass
from types import MappingProxyType

from billing.demonstration.mouths import mirrored_tooth
from cases import teeth


@dataclass(frozen=True)
class Reading:
    """A dentist's reading of a mouth. Diagnoses are (code, FDI tooth or ""); plan lines name theirs by position."""

    evaluation: str
    conclusions: str
    advice: str
    urgency: str
    outcome: str
    days: int  # by when, counted from the signature
    diagnoses: tuple[tuple[str, str], ...]
    plan: tuple[tuple[str, str, str, int], ...]  # what, why, FDI tooth, number of its diagnosis from 0
    follow_up: str
    next_step: str
    marks: tuple[tuple[str, str, str], ...] = ()  # the dentist's own: FDI tooth, condition, surfaces


NOTES = MappingProxyType(
    {
        ("back tooth", "75"): "Brown shadow at the back edge, food catches there",
        ("stain", "16"): "Dark line in the groove, does not catch",
        ("stain", "26"): "Dark line in the groove",
        ("deep", "84"): "Large hole, part of the crown is gone",
        ("deep", "85"): "Brown floor of the groove",
        ("front", "51"): "Brown between the front teeth, seen from the front too",
        ("front", "61"): "As its neighbour",
        ("filled", "26"): "Grey shine under the enamel, new since last year",
        ("teen", "36"): "Opaque and brown in the groove",
        ("teen", "46"): "Brown pit, rim looks chalky",
        ("gap", "25"): "Brown band along the gum",
        ("adult", "46"): "New filling, edges meet the tooth as far as I can see",
    }
)
READINGS = MappingProxyType(
    {
        "clean": Reading(
            "The photographs were read at full size, each jaw and both sides.",
            "Mixed dentition as expected for the age, a front tooth on its way. Nothing that needs treatment was "
            "seen in these photographs.",
            "Brush twice a day with a fluoride paste, an adult helping at night. See a dentist in person at the "
            "next regular date.",
            "routine", "recall", 180, (("Z13.84", ""),),
            (("Look again at the next school visit",
             "Nothing to treat was seen; the first permanent molars are young and need watching", "", 0),),
            "The school sends the letter home with the child.", "Letter home with the results",
        ),
        "back tooth": Reading(
            "Every picture was read at full size, the lower jaw enlarged.",
            "Dark area on the back edge and biting surface of [75], in keeping with decay into dentine. Sealants "
            "seen on [36] and [46].",
            "[75] should be examined and filled within six weeks. Until then, brush it first and avoid sticky sweets.",
            "early", "in_person", 42, (("K02.52", "75"),),
            (("Examination and filling in person",
             "The shadow and the broken edge suggest decay into dentine; a filling now may spare the nerve", "75", 0),
             ("Check both sealants", "Their margins cannot be tested in a picture", "", 0)),
            "The school nurse calls the family and helps to find an appointment.", "Nurse calls the family",
            (("75", "decay", "DO"),),
        ),
        "stain": Reading(
            "Photographs of both jaws at full size; the grooves of the upper first molars enlarged.",
            "Dark lines in the grooves of [16] and [26] without a visible hole. A photograph cannot tell stain from "
            "early decay here.",
            "Have both grooves looked at, dried and in good light, at the next visit. A sealant may be worth "
            "discussing then.",
            "routine", "in_person", 120, (("Z13.84", ""), ("K02.51", "16")),
            (("Examine the grooves in person", "Colour alone does not separate stain from early decay in enamel",
             "16", 1),
             ("Compare with the photographs of the next school visit",
             "A change within the year would speak for decay", "26", 0)),
            "Looked at again in spring, with the same views.", "Letter home with the results",
            (("16", "watch", "O"), ("26", "watch", "O")),
        ),
        "deep": Reading(
            "Every picture was read at full size, the lower back teeth enlarged.",
            "Deep breakdown of [84] reaching close to the pulp; decay on the biting surface of [85]. Pain at night "
            "fits an inflamed nerve.",
            "[84] needs a dentist now. Acetaminophen by weight for pain, no aspirin. Fever, swelling or trouble "
            "swallowing: emergency department.",
            "urgent", "emergency", 2, (("K02.53", "84"), ("K02.52", "85")),
            (("Relieve pain at [84]: pulp treatment or extraction, decided in person",
             "Breakdown next to the pulp with pain at night", "84", 0),
             ("Filling of [85]", "Decay into dentine next to the tooth in pain", "85", 1)),
            "The family is called the same day and again the next morning.", "Call the family again",
            (("84", "decay", "MOD"), ("85", "decay", "O")),
        ),
        "front": Reading(
            "Front, upper and lower photographs at full size.",
            "Brown breakdown between [51] and [61], in keeping with early decay of the front teeth, and decay on "
            "the biting surface of [54].",
            "See a children's dentist within four weeks. No bottle or juice in bed; wipe or brush the front teeth "
            "every night.",
            "early", "refer", 28, (("K02.62", "51"), ("K02.62", "61"), ("K02.52", "54")),
            (("Treatment of [51] and [61] by a children's dentist",
             "Decay between the front teeth at this age moves quickly", "51", 0),
             ("Filling or silver fluoride for [54]", "Decay into dentine on the biting surface", "54", 2)),
            "Referral to a children's dentist; the nurse asks after two weeks.", "Nurse asks whether a date was found",
            (("51", "decay", "M"), ("61", "decay", "M"), ("54", "decay", "O")),
        ),
        "filled": Reading(
            "Every picture was read at full size and [26] was enlarged.",
            "Grey shadow under the enamel of [26], in keeping with decay into dentine. The filling of [46] looks in "
            "place, the sealant of [36] too.",
            "Have [26] examined and filled within six weeks.",
            "early", "in_person", 42, (("K02.52", "26"),),
            (("Examination and filling in person", "A grey shadow under intact enamel often means decay into dentine",
             "26", 0),),
            "The front desk calls the family with two dates.", "Front desk calls with two dates",
            (("26", "decay", "O"),),
        ),
        "teen": Reading(
            "The photographs were read at full size, both lower first molars enlarged.",
            "Brown pits with a chalky rim on [36] and [46], in keeping with decay; how deep cannot be told from the "
            "surface. Sealants seen above.",
            "Both lower first molars should be examined within three weeks. Chewing on them is allowed.",
            "early", "in_person", 21, (("K02.52", "36"), ("K02.51", "46")),
            (("Filling after examination in person", "The pit is open and its rim chalky", "36", 0),
             ("Examine, then sealant or filling", "Smaller pit; depth has to be felt", "46", 1)),
            "The school nurse gives the letter and asks after two weeks.", "Nurse asks after two weeks",
            (("36", "decay", "O"), ("46", "decay", "O")),
        ),
        "adult": Reading(
            "Photographs of the right side and lower jaw and the periapical radiograph of [46], eight days after "
            "the filling.",
            "The new filling of [46] meets the tooth without a visible step, and no shadow was seen at the root tip "
            "in this radiograph.",
            "Sensitivity to cold may last some weeks. Come in if it wakes you, or if biting hurts after the middle "
            "of next month.",
            "routine", "recall", 180, (("K02.52", "46"),),
            (("Look at [46] at the next regular visit",
             "The bite and the margins under the gum can only be tested in person", "46", 0),),
            "The front desk calls this week and asks about cold and biting.", "Front desk asks about cold and biting",
        ),
        "gap": Reading(
            "Panoramic radiograph, photographs and the other office's plan were read together.",
            "[36] is missing, its neighbours stand nearly upright. Brown band at the neck of [25], in keeping with "
            "decay of the root.",
            "A bridge is one of three ways to close the gap and is not urgent. Have [25] treated first. Gum pockets "
            "need measuring before any of it.",
            "early", "in_person", 60, (("K02.7", "25"), ("Z01.21", "")),
            (("Treat the root surface of [25]", "Decay near the gum spreads round the tooth", "25", 0),
             ("Measure the gums, then choose bridge, implant or leaving the gap",
             "Both neighbours of the gap are unfilled or little filled", "", 1)),
            "The patient takes this opinion along to the other office.", "Send the opinion to the patient",
            (("25", "decay", "B"), ("36", "missing", "")),
        ),
    }
)  # fmt: skip
_TOOTH = re.compile(r"\[(\d\d)\]")
KEY_OF_FDI = MappingProxyType({teeth.fdi(key): key for key in teeth.universal_by_key() if not key.endswith("S")})


def key_of(fdi: str, *, flipped: bool) -> str:
    """The neutral key of a drawn tooth; in a mirrored mouth that of the tooth on the other side."""
    return KEY_OF_FDI[mirrored_tooth(fdi) if flipped else fdi]


def with_teeth(text: str, *, flipped: bool) -> str:
    """The text with Universal numbers where teeth stand in it, as dentists write them: #30, #K."""
    return _TOOTH.sub(lambda found: f"#{teeth.universal(key_of(found[1], flipped=flipped))}", text)
