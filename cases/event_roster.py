"""The children on file whom a roster of an event may mean: those of the practice, as the comparison reads them."""

from dataclasses import replace
from typing import Any

from cases.events import columns as c
from cases.events.comparing import FIELDS, Known
from cases.models import Enrolment, EventChild, Guardian, Patient, ScreeningEvent, Sex


def children_on_file(event: ScreeningEvent) -> list[Known]:
    """Every standing patient of the practice, for a name may be known from another school; with each the rows that were
    merged into hers. Five queries."""
    names = ("pk", "public_id", "given_name", "family_name", "birth_date", *FIELDS.values())
    patients = Patient.objects.standing().filter(practice=event.practice_id)
    rooms = {row.patient_id: row for row in Enrolment.objects.filter(site=event.site_id, school_year=event.school_year)}
    listed = set(EventChild.objects.filter(event=event).values_list("patient", flat=True))
    guardians: dict[int, list[str]] = {}
    for patient, name in Guardian.objects.filter(patient__in=patients).values_list("patient", "name"):
        guardians.setdefault(patient, []).append(name)
    merged = _merged(event, names)
    return [
        replace(
            _known(row, rooms.get(row["pk"])), guardians=tuple(guardians.get(row["pk"], ())), listed=row["pk"] in listed,
            was=tuple(merged.get(row["pk"], ())),
        )
        for row in patients.order_by("pk").values(*names).iterator(chunk_size=2000)
    ]  # fmt: skip


def _merged(event: ScreeningEvent, names: tuple[str, ...]) -> dict[int, list[Known]]:
    """By the key of who stays, the rows that were merged into hers, however often since."""
    rows = {row["pk"]: row for row in Patient.objects.filter(
        practice=event.practice_id, merged_into__isnull=False).values(*names, "merged_into")}  # fmt: skip
    found: dict[int, list[Known]] = {}
    for row in rows.values():
        stays = row["merged_into"]
        while stays in rows:
            stays = rows[stays]["merged_into"]
        found.setdefault(stays, []).append(_known(row, None))
    return found


def _known(row: dict[str, Any], home: Enrolment | None) -> Known:
    said = {column: str(row[name]) for column, name in FIELDS.items()}
    said[c.SEX] = "" if said[c.SEX] == Sex.UNKNOWN else said[c.SEX]
    said |= {c.GRADE: home.grade if home else "", c.ROOM: home.room if home else ""}
    return Known(
        public_id=row["public_id"], given=str(row["given_name"]), family=str(row["family_name"]), in_use=said[c.IN_USE],
        born=row["birth_date"], said=said,
    )  # fmt: skip
