"""The children on file whom a roster of an event may mean: those of the practice, as the comparison reads them."""

from typing import Any

from cases.events import columns as c
from cases.events.comparing import FIELDS, Known
from cases.models import Enrolment, EventChild, Guardian, Patient, ScreeningEvent, Sex


def children_on_file(event: ScreeningEvent) -> list[Known]:
    """Every standing patient of the practice, for a name may be known from another school. Four queries."""
    names = ("pk", "public_id", "given_name", "family_name", "birth_date", *FIELDS.values())
    patients = Patient.objects.standing().filter(practice=event.practice_id)
    rooms = {row.patient_id: row for row in Enrolment.objects.filter(site=event.site_id, school_year=event.school_year)}
    listed = set(EventChild.objects.filter(event=event).values_list("patient", flat=True))
    guardians: dict[int, list[str]] = {}
    for patient, name in Guardian.objects.filter(patient__in=patients).values_list("patient", "name"):
        guardians.setdefault(patient, []).append(name)
    return [
        _known(row, rooms.get(row["pk"]), tuple(guardians.get(row["pk"], ())), row["pk"] in listed)
        for row in patients.order_by("pk").values(*names).iterator(chunk_size=2000)
    ]


def _known(row: dict[str, Any], home: Enrolment | None, guardians: tuple[str, ...], listed: bool) -> Known:
    said = {column: str(row[name]) for column, name in FIELDS.items()}
    said[c.SEX] = "" if said[c.SEX] == Sex.UNKNOWN else said[c.SEX]
    said |= {c.GRADE: home.grade if home else "", c.ROOM: home.room if home else ""}
    return Known(
        public_id=row["public_id"], given=str(row["given_name"]), family=str(row["family_name"]), in_use=said[c.IN_USE],
        born=row["birth_date"], said=said, guardians=guardians, listed=listed,
    )  # fmt: skip
