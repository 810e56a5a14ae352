"""Patients and who answers for them. Invented names in nine scripts, as families write them and as cards print them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Somebody:
    """A patient: names in use and on the card (Latin letters), language at home, guardian with relationship and card name."""

    given: str
    family: str
    sex: str
    language: str
    guardian: tuple[str, str] = ("", "")
    guardian_card: tuple[str, str] = ("", "")
    card: tuple[str, str] = ("", "")
    preferred: str = ""

    @property
    def is_adult(self) -> bool:
        return not self.guardian[0]

    @property
    def latin(self) -> tuple[str, str]:
        """Given and family name for devices that know Latin letters only."""
        return self.card if self.card[0] else (self.given, self.family)


def _one(
    given: str, family: str, sex: str, language: str, guardian: str = "", relation: str = "Mother", parent: str = "", *,
    card: str = "", preferred: str = "",
) -> Somebody:  # fmt: skip
    """Card names as "Given Family"; a parent's is the guardian's own name where it is Latin already."""
    printed = (parent or guardian).split(" ", 1)
    own = (
        card.split(" ", 1) if card else (["", ""] if not given.isascii() and not _is_latin(given) else [given, family])
    )
    return Somebody(
        given, family, sex, language, (guardian, relation if guardian else ""), (printed[0], printed[-1]) if guardian else ("", ""),
        (own[0], own[-1]), preferred,
    )  # fmt: skip


def _is_latin(name: str) -> bool:
    return all(ord(letter) < 0x250 for letter in name)


PEOPLE: dict[str, Somebody] = {
    "mateo": _one(
        "Mateo",
        "Villanueva-Reyes",
        "M",
        "Spanish",
        "Lucía Villanueva",
        "Mother",
        "Lucia Villanueva",
        card="Mateo Villanueva",
    ),
    "sofiya": _one(
        "Софія",
        "Бондаренко",
        "F",
        "Ukrainian",
        "Олена Бондаренко",
        "Mother",
        "Olena Bondarenko",
        card="Sofiia Bondarenko",
    ),
    "layla": _one(
        "ليلى", "الحمداني", "F", "Arabic", "سامر الحمداني", "Father", "Samer Alhamdani", card="Layla Alhamdani"
    ),
    "wei": _one("梓涵", "林", "F", "Mandarin", "林建国", "Father", "Jianguo Lin", card="Zihan Lin", preferred="Hannah"),
    "minjun": _one("민준", "박", "M", "Korean", "박서연", "Mother", "Seoyeon Park", card="Minjun Park", preferred="MJ"),
    "aarav": _one("आरव", "शर्मा", "M", "Hindi", "प्रिया शर्मा", "Mother", "Priya Sharma", card="Aarav Sharma"),
    "noa": _one("נועה", "ברק", "F", "Hebrew", "תמר ברק", "Mother", "Tamar Barak", card="Noa Barak"),
    "eleni": _one(
        "Ελένη",
        "Μαρκοπούλου",
        "F",
        "Greek",
        "Νίκος Μαρκόπουλος",
        "Father",
        "Nikos Markopoulos",
        card="Eleni Markopoulou",
    ),
    "ploy": _one("พลอย", "ศรีสุข", "F", "Thai", "มาลี ศรีสุข", "Mother", "Malee Srisuk", card="Ploy Srisuk"),
    "yui": _one("結衣", "森本", "F", "Japanese", "森本 彩", "Mother", "Aya Morimoto", card="Yui Morimoto"),
    "minh": _one(
        "Minh Khôi", "Nguyễn", "M", "Vietnamese", "Nguyễn Thị Hoa", "Mother", "Hoa Nguyen", card="Minh Nguyen"
    ),
    "amina": _one("Amina", "Warsame", "F", "Somali", "Hodan Warsame"),
    "tyler": _one("Tyler", "Brightwater", "M", "English", "Dana Brightwater", "Grandmother"),
    "ruby": _one("Ruby", "Castellan", "F", "English", "Owen Castellan", "Father"),
    "jonah": _one("Jonah", "Fenwick", "M", "English", "Alice Fenwick"),
    "jasper": _one("Jasper", "Fenwick", "M", "English", "Alice Fenwick"),
    "camila": _one("Camila", "Ortega Luna", "F", "Spanish", "Rosa Luna", card="Camila Ortega"),
    "deshawn": _one("Deshawn", "Merriweather", "M", "English", "Keisha Merriweather"),
    "harper": _one("Harper", "Lindgren", "F", "English", "Maja Lindgren"),
    "kofi": _one("Kofi", "Asante-Boyd", "M", "English", "Abena Asante", "Mother"),
    "zoya": _one("Зоя", "Кравец", "F", "Russian", "Инна Кравец", "Mother", "Inna Kravets"),  # the card was never copied
    "diego": _one("Diego", "Salvatierra", "M", "Spanish", "Inés Salvatierra", "Mother", "Ines Salvatierra"),
    "lily": _one("Lily", "Tranquada", "F", "English", "Paul Tranquada", "Father"),
    "omar": _one("عمر", "الزين", "M", "Arabic", "رنا الزين", "Mother", "Rana Alzein", card="Omar Alzein"),
    "grace": _one("Grace", "Oyelaran", "F", "English", "Bola Oyelaran"),
    "felix": _one("Félix", "Deschamps", "M", "French", "Claire Deschamps", card="Felix Deschamps"),
    "ananya": _one("अनन्या", "पटेल", "F", "Gujarati", "किरण पटेल", "Father", "Kiran Patel", card="Ananya Patel"),
    "leo": _one("Leo", "Marchetti", "M", "English", "Gina Marchetti"),
    "isla": _one("Isla", "Macready", "F", "English", "Fiona Macready"),
    "hugo": _one("Hugo", "Vandermeer", "M", "English", "Joris Vandermeer", "Father"),
    "mei": _one("美玲", "陳", "F", "Cantonese", "陳志明", "Father", "Chiming Chan", card="Meiling Chan"),
    "sam": _one("Samuel", "Tallgrass", "M", "English", "Ruth Tallgrass", "Grandmother", preferred="Sam"),
    "nadia": _one("Nadia", "Haroun", "F", "English", "Leila Haroun"),
    "theo": _one("Theo", "Pemberton-Diaz", "M", "English", "Marta Diaz"),
    "violet": _one("Violet", "Ashdown", "F", "English", "Karen Ashdown", "Aunt, legal guardian"),
    "arman": _one("Arman", "Davoudi", "M", "Farsi", "Shirin Davoudi"),
    "owen": _one("Owen", "Tillery", "M", "English", "Beth Tillery"),
    "pia": _one("Pia", "Solheim", "F", "Norwegian", "Ingrid Solheim"),
    "carol": _one("Carol", "Hendricks", "F", "English"),
    "ruth": _one("Ruth", "Abelard", "F", "English"),
    "victor": _one("Victor", "Ndlovu", "M", "English"),
    "helen": _one("Helen", "Strand", "F", "English"),
}
