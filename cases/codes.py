"""The code numbers the trip needs, with dates and a gloss of our own (CD-1). No descriptor of any licensed list is here.

CDT is owned by the American Dental Association; NOTICE says so. Procedure codes stay inactive until the practice
confirms its licence. ICD-10-CM is a public list of the US government.
"""

from datetime import date
from typing import Literal, NamedTuple

from cases.models.code import CodeUse


class BuiltIn(NamedTuple):
    code: str
    gloss: str
    use: CodeUse
    valid_from: date


SYNCHRONOUS, ASYNCHRONOUS = "D9995", "D9996"
CONSULTATION = "D9310"  # another practitioner asked, and is written to; coding guides want the patient seen
ENCOUNTERS = frozenset({SYNCHRONOUS, ASYNCHRONOUS})

PROCEDURES = (
    BuiltIn("D9995", "Teledentistry, both present at once", CodeUse.TELEDENTISTRY, date(2018, 1, 1)),
    BuiltIn("D9996", "Teledentistry, stored and read later", CodeUse.TELEDENTISTRY, date(2018, 1, 1)),
    BuiltIn("D0140", "Evaluation of one problem", CodeUse.EVALUATION, date(2000, 1, 1)),
    BuiltIn("D0170", "Second look at one problem", CodeUse.EVALUATION, date(2000, 1, 1)),
    BuiltIn("D0171", "Check after treatment", CodeUse.EVALUATION, date(2015, 1, 1)),
    BuiltIn("D0190", "Screening by a hygienist", CodeUse.ON_SITE, date(2013, 1, 1)),
    BuiltIn("D0191", "Assessment by a hygienist", CodeUse.ON_SITE, date(2013, 1, 1)),
    BuiltIn("D1206", "Fluoride varnish put on", CodeUse.ON_SITE, date(2007, 1, 1)),
    BuiltIn("D1351", "One tooth sealed", CodeUse.ON_SITE, date(2000, 1, 1)),
    BuiltIn("D1354", "Silver fluoride on one tooth", CodeUse.ON_SITE, date(2016, 1, 1)),
)

ImageKind = Literal["radiograph", "photograph", "half"]
_PHOTOGRAPHS = frozenset({"D0350", "D0351"})
_READING_ALONE = "D0391"


def kind_of_image(code: str) -> ImageKind | None:
    """What kind of picture a procedure code pays for, by its number; None for every other code (CL-6).

    D02xx and D03xx pay for a picture taken and read. "half": D07xx pays for the taking alone, D0391 for the reading
    alone, where two practices share a picture.
    """
    if code.startswith("D07") or code == _READING_ALONE:
        return "half"
    if code.startswith(("D02", "D03")):
        return "photograph" if code in _PHOTOGRAPHS else "radiograph"
    return None


_ICD_YEAR = date(2025, 10, 1)
DIAGNOSES = (
    ("K00.0", "Teeth never formed", _ICD_YEAR),
    ("K00.1", "Supernumerary tooth", _ICD_YEAR),
    ("K00.2", "Unusual size or shape of a tooth", _ICD_YEAR),
    ("K00.3", "Mottled enamel", _ICD_YEAR),
    ("K00.4", "Tooth formed incompletely, enamel hypoplasia", _ICD_YEAR),
    ("K00.6", "Eruption disturbed: retained, early or late", _ICD_YEAR),
    ("K01.0", "Tooth embedded", _ICD_YEAR),
    ("K01.1", "Tooth impacted", _ICD_YEAR),
    ("K02.3", "Caries, arrested", _ICD_YEAR),
    ("K02.51", "Caries of pits and fissures, in enamel", _ICD_YEAR),
    ("K02.52", "Caries of pits and fissures, into dentine", _ICD_YEAR),
    ("K02.53", "Caries of pits and fissures, into pulp", _ICD_YEAR),
    ("K02.61", "Caries of a smooth surface, in enamel", _ICD_YEAR),
    ("K02.62", "Caries of a smooth surface, into dentine", _ICD_YEAR),
    ("K02.63", "Caries of a smooth surface, into pulp", _ICD_YEAR),
    ("K02.7", "Caries of a root", _ICD_YEAR),
    ("K02.9", "Caries, not further described", _ICD_YEAR),
    ("K03.1", "Abrasion of teeth", _ICD_YEAR),
    ("K03.2", "Erosion of teeth", _ICD_YEAR),
    ("K03.6", "Deposits on teeth: plaque, calculus, stain", _ICD_YEAR),
    ("K03.7", "Colour of the hard tissue changed after eruption", _ICD_YEAR),
    ("K03.81", "Cracked tooth", _ICD_YEAR),
    ("K04.01", "Pulpitis, reversible", _ICD_YEAR),
    ("K04.02", "Pulpitis, irreversible", _ICD_YEAR),
    ("K04.1", "Pulp necrosis", _ICD_YEAR),
    ("K04.4", "Apical periodontitis, acute", _ICD_YEAR),
    ("K04.5", "Apical periodontitis, chronic", _ICD_YEAR),
    ("K04.6", "Periapical abscess with sinus", _ICD_YEAR),
    ("K04.7", "Periapical abscess without sinus", _ICD_YEAR),
    ("K05.00", "Gingivitis, acute, from plaque", _ICD_YEAR),
    ("K05.10", "Gingivitis, chronic, from plaque", _ICD_YEAR),
    ("K05.30", "Periodontitis, chronic, not further described", _ICD_YEAR),
    ("K06.1", "Gum enlarged", _ICD_YEAR),
    ("K08.3", "Root retained", _ICD_YEAR),
    ("K08.409", "Some teeth lost, not further described", _ICD_YEAR),
    ("K08.51", "Restoration with open margin", _ICD_YEAR),
    ("K08.52", "Restoration overhanging", _ICD_YEAR),
    ("K08.530", "Restoration broken, nothing lost", _ICD_YEAR),
    ("K08.531", "Restoration broken, material lost", _ICD_YEAR),
    ("K08.539", "Restoration broken, not further described", _ICD_YEAR),
    ("K08.59", "Restoration unsatisfactory in another way", _ICD_YEAR),
    ("K08.89", "Other disorder of teeth, toothache", _ICD_YEAR),
    ("K12.0", "Aphthae of the mouth", _ICD_YEAR),
    ("M26.4", "Malocclusion, not further described", _ICD_YEAR),
    ("S02.5XXA", "Tooth broken by injury, first encounter", _ICD_YEAR),
    ("S03.2XXA", "Tooth displaced by injury, first encounter", _ICD_YEAR),
    ("Z13.84", "Screening for dental disorders", _ICD_YEAR),
    ("Z01.20", "Dental examination, nothing abnormal found", _ICD_YEAR),
    ("Z01.21", "Dental examination with abnormal findings", _ICD_YEAR),
)
