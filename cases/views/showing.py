"""What the shared partials take: the banner of a patient or case, and the checklist with links that mend."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cases import questionnaires
from cases.models import Case, Enrolment, Patient
from cases.policies import Line, State
from teledent.templatetags.ui import length_in_words


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of `ui/_tabs.html`: a list with how many stand in it, in words where they are not counted on."""

    href: str
    label: str
    count: int | str | None
    current: bool


@dataclass(frozen=True, slots=True)
class Banner:
    """Who is this: the fields of `ui/_banner.html`."""

    name: str
    also_called: str
    age: str
    birth_date: date
    place: str
    identifier: str
    identifier_label: str = "Pupil or patient id"
    case_number: str = ""
    allergies: str = ""
    allergies_warn: bool = False


def banner_of_patient(patient: Patient, *, day: date, enrolment: Enrolment | None) -> Banner:
    """The banner away from a case; what was said about allergies belongs to a case."""
    place = ""
    if enrolment:
        place = ", ".join(
            part for part in (enrolment.site.name, f"room {enrolment.room}" if enrolment.room else "") if part
        )
    return Banner(
        name=patient.name, also_called=_also_called(patient), age=f"{patient.age_on(day)} y", birth_date=patient.birth_date,
        place=place, identifier=patient.pupil_id, allergies="asked with each case",
    )  # fmt: skip


def banner_of_case(case: Case, *, enrolment: Enrolment | None) -> Banner:
    """The banner of a case, on the day seen; allergies as answered in it, warned of unless none are known."""
    asked = questionnaires.question(case.kind, "allergies")
    said = questionnaires.chosen(case.answers, "allergies")
    allergies = questionnaires.in_words(asked, case.answers) if asked else ""
    patient = case.patient
    place = ", ".join(
        part for part in (case.site.name, f"room {enrolment.room}" if enrolment and enrolment.room else "") if part
    )
    return Banner(
        name=patient.name, also_called=_also_called(patient), age=f"{patient.age_on(case.day_seen)} y",
        birth_date=patient.birth_date, place=place, identifier=patient.pupil_id, case_number=case.label, allergies=allergies,
        allergies_warn=said != ("none_known",),
    )  # fmt: skip


def _also_called(patient: Patient) -> str:
    """The legal given name where another is in use."""
    legal = f"{patient.given_name} {patient.family_name}"
    return f"Legal name {legal}" if patient.preferred_name and patient.preferred_name != patient.given_name else ""


def enrolment_of(patient: Patient, *, site_id: int | None = None) -> Enrolment | None:
    """The newest enrolment, at a site when one is named."""
    rows = patient.enrolments.select_related("site").order_by("-school_year", "-pk")
    return (rows.filter(site_id=site_id) if site_id else rows).first()


def with_site_in_words(case: Case, at: datetime) -> str:
    """How long questions were, and are, with the site; shown apart, because the family's time went on (RE-8)."""
    waited = case.asked_for + (at - case.asked_at if case.asked_at else timedelta(0))
    return length_in_words(waited) if waited > timedelta(0) else ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of `ui/_checklist.html`."""

    title: str
    state: str
    reason: str
    mend_url: str = ""
    mend_label: str = "Mend"


def rows_of(lines: Sequence[Line], mend_url: Callable[[str], str]) -> list[Row]:
    """The checklist as rows; `mend_url` gives the address of the place that mends, or "" where it is not this page's."""
    return [
        Row(line.label, str(line.state), line.note, mend_url(line.mend) if _can_be_mended(line) else "")
        for line in lines
    ]


def _can_be_mended(line: Line) -> bool:
    return bool(line.mend) and line.state in (State.MISSING, State.PENDING)
