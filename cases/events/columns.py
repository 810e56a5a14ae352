"""The columns of a roster: by which headings a school names them, and what a cell means. Pure, and without a model: the
decoder's child reads by it.

Schools write their own sheets, so a heading is known by many names. Nothing is guessed from the cells.
"""

from teledent.kit.text import search_key

GIVEN, FAMILY, IN_USE, BORN, SEX = "Given name", "Family name", "Name in use", "Date of birth", "Sex"
PUPIL, GRADE, ROOM, LANGUAGE = "Pupil id", "Grade", "Room", "Language"
STREET, CITY, STATE, ZIP, PHONE = "Street", "City", "State", "ZIP code", "Phone"
GUARDIAN, RELATION, GUARDIAN_PHONE = "Guardian", "Relation", "Guardian's phone"
PAYER, MEMBER, SUBSCRIBER = "Payer", "Member id", "Subscriber"
COLUMNS = (
    GIVEN, FAMILY, IN_USE, BORN, SEX, PUPIL, GRADE, ROOM, LANGUAGE, STREET, CITY, STATE, ZIP, PHONE, GUARDIAN, RELATION,
    GUARDIAN_PHONE, PAYER, MEMBER, SUBSCRIBER,
)  # fmt: skip
NEEDED = (GIVEN, FAMILY, BORN)
INSURANCE = (PAYER, MEMBER, SUBSCRIBER)
ADDRESS = (STREET, CITY, STATE, ZIP)  # goes together: a street of one town is none of another

ALSO = {
    GIVEN: ("first name", "first", "firstname", "student first name", "legal first name"),
    FAMILY: ("last name", "last", "lastname", "surname", "student last name", "legal last name"),
    IN_USE: ("preferred name", "preferred first name", "nickname", "goes by"),
    BORN: ("birth date", "birthdate", "born", "dob", "date of birth (mm/dd/yyyy)", "birthday"),
    SEX: ("gender", "m/f"),
    PUPIL: ("student id", "student number", "student no", "id", "pupil number", "state id", "local id"),
    GRADE: ("grade level", "gr", "year"),
    ROOM: ("homeroom", "home room", "room number", "classroom", "rm"),
    LANGUAGE: ("home language", "language at home", "primary language"),
    STREET: ("address", "street address", "home address", "address 1"),
    CITY: ("town",),
    STATE: ("st",),
    ZIP: ("zip", "postal code", "zipcode"),
    PHONE: ("home phone", "telephone", "phone number"),
    GUARDIAN: ("parent", "parent/guardian", "guardian name", "parent name"),
    RELATION: ("relationship", "guardian relationship"),
    GUARDIAN_PHONE: ("parent phone", "guardian phone"),
    PAYER: ("insurance", "insurer", "plan", "dental insurance", "insurance company"),
    MEMBER: ("member number", "member no", "medicaid id", "insurance id", "subscriber id"),
    SUBSCRIBER: ("policy holder", "policyholder", "insured"),
}
_NAMES = {search_key(name): column for column in COLUMNS for name in (column, *ALSO[column])}
_SEXES = {
    "f": "F",
    "female": "F",
    "girl": "F",
    "m": "M",
    "male": "M",
    "boy": "M",
    "": "U",
    "u": "U",
    "x": "U",
    "unknown": "U",
}


def heading(cell: str) -> str:
    """The column that a heading means; "" for one of the school's own."""
    return _NAMES.get(search_key(cell.replace("_", " ").replace("’", "'").strip(" *:")), "")


def sex_in(cell: str) -> str | None:
    """F, M or U as patients keep it; None for a word that means none of them."""
    return _SEXES.get(search_key(cell))
