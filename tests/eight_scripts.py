"""One name in each of eight scripts, and the same name in Latin letters as an insurance card prints it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Name:
    """A card name is empty where the name in use is Latin already."""

    given: str
    family: str
    card_given: str = ""
    card_family: str = ""

    @property
    def in_use(self) -> str:
        return f"{self.given} {self.family}"

    @property
    def typed(self) -> dict[str, str]:
        """The fields of Capture's form."""
        card = {"card_given_name": self.card_given, "card_family_name": self.card_family}
        return {"given_name": self.given, "family_name": self.family, **card}


LATIN = Name("Łukasz", "Żółć-Müller")
OTHER_SCRIPTS = {
    "Greek": Name("Ελένη", "Παπαδοπούλου", "Eleni", "Papadopoulou"),
    "Cyrillic": Name("Юлия", "Щербакова", "Yuliya", "Shcherbakova"),
    "Arabic": Name("محمد", "الهاشمي", "Mohammed", "Al-Hashimi"),
    "Hebrew": Name("דוד", "לוי", "David", "Levi"),
    "Devanagari": Name("देवी", "शर्मा", "Devi", "Sharma"),
    "Thai": Name("พลอย", "ศรีสุข", "Ploy", "Srisuk"),
    "Han": Name("伟", "李", "Wei", "Li"),
}
EIGHT_SCRIPTS = {"Latin": LATIN, **OTHER_SCRIPTS}
