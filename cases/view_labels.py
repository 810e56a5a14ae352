"""The standard views of a picture: what a hygienist may call one, and what follows from the name."""

from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    PHOTOGRAPH = "photograph"
    RADIOGRAPH = "radiograph"
    DOCUMENT = "document"


SLATE = "slate"  # shows no mouth, and bears a name


@dataclass(frozen=True, slots=True)
class View:
    key: str
    label: str
    family: Family
    standard: bool = False  # one of the five of a photo set
    usually_mirrored: bool = False  # taken in a mirror: the picture comes flipped (RE-7)
    needs_tooth: bool = False


VIEWS: dict[str, View] = {
    view.key: view
    for view in (
        View("frontal", "Frontal", Family.PHOTOGRAPH, standard=True),
        View("right", "Right side", Family.PHOTOGRAPH, standard=True),
        View("left", "Left side", Family.PHOTOGRAPH, standard=True),
        View("upper", "Upper", Family.PHOTOGRAPH, standard=True, usually_mirrored=True),
        View("lower", "Lower", Family.PHOTOGRAPH, standard=True, usually_mirrored=True),
        View("smile", "Smile", Family.PHOTOGRAPH),
        View("face", "Face, profile", Family.PHOTOGRAPH),
        View("lesion", "Close-up of a spot", Family.PHOTOGRAPH),
        View("tongue", "Tongue, floor of the mouth", Family.PHOTOGRAPH),
        View("tooth", "Close-up of a tooth", Family.PHOTOGRAPH, needs_tooth=True),
        View(SLATE, "Slate with name and code", Family.PHOTOGRAPH),
        View("bitewing-right", "Bitewing, right", Family.RADIOGRAPH),
        View("bitewing-left", "Bitewing, left", Family.RADIOGRAPH),
        View("periapical", "Periapical", Family.RADIOGRAPH, needs_tooth=True),
        View("occlusal", "Occlusal film", Family.RADIOGRAPH),
        View("panoramic", "Panoramic", Family.RADIOGRAPH),
        View("form", "Form or letter", Family.DOCUMENT),
        View("plan", "Plan of another dentist", Family.DOCUMENT),
    )
}
STANDARD_PHOTOGRAPHS = tuple(view.key for view in VIEWS.values() if view.standard)
CHOICES = [(view.key, view.label) for view in VIEWS.values()]


def label_of(key: str) -> str:
    return VIEWS[key].label


def is_clinical(key: str) -> bool:
    """Whether the picture shows the patient's mouth, as the slate and documents do not."""
    return key != SLATE and VIEWS[key].family is not Family.DOCUMENT
