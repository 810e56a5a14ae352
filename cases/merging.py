"""What moves when two rows of one patient are put together (ID-1), noun by noun; another room adds its own by `follow_merges`.

Every function here runs inside the transaction of `cases.actions.merging`, under the locks of both patients and of all
their cases.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from cases.models import (
    Case,
    CaseEvent,
    Consent,
    ConsentScope,
    Enrolment,
    EventChild,
    FamilyForm,
    FormPage,
    Guardian,
    Patient,
    PatientMerge,
    SendingLink,
)
from teledent.kit import canonical
from teledent.kit.decisions import Conflict

Rows = list[dict[str, Any]]  # each with its "id" and what it looked like, "was"


@dataclass(frozen=True, slots=True)
class Objection:
    """What the merge would meet: with `refuses` it is not made at all, else it happens and is told before."""

    sentence: str
    refuses: bool = False


@dataclass(frozen=True, slots=True)
class Back:
    """What of the moved rows goes back, and in words what stays and why."""

    ids: tuple[int, ...]
    stays: tuple[str, ...] = ()


def nothing_against(kept: Patient, merged: Patient) -> list[Objection]:
    return []


@dataclass(frozen=True, slots=True)
class Follower:
    """One noun that hangs on a patient: what goes over, and what of it can go back.

    `going_back` also gets the keys of the cases that go back. `count` is for the page that compares.
    """

    noun: str
    count: Callable[[Patient], int]
    rows: Callable[[Patient, Patient], Rows]
    over: Callable[[Patient, Patient, Rows, datetime], None]
    going_back: Callable[[PatientMerge, Rows, frozenset[int]], Back]
    back: Callable[[PatientMerge, tuple[int, ...], datetime], None]
    against: Callable[[Patient, Patient], list[Objection]] = nothing_against


_followers: list[Follower] = []


def follow_merges(follower: Follower) -> None:
    """Let another room's rows go with a patient; filled by its `AppConfig.ready`."""
    if all(known.noun != follower.noun for known in _followers):
        _followers.append(follower)


def followers() -> tuple[Follower, ...]:
    """The cases first: the others look at which of them go back."""
    return (*OWN, *_followers)


def lock_patients(*ids: int) -> dict[int, Patient]:
    """Rows of patients under their locks: before their cases, in one order, so that nobody waits crosswise.

    Locked first and read after, as `moving.lock` says why: else somebody merged during the wait seems to stand.
    """
    rows = Patient.objects.filter(pk__in=ids).order_by("pk")
    list(rows.select_for_update(no_key=True).only("pk"))
    return {row.pk: row for row in rows.select_related("merged_into")}


def require_standing(patient: Patient) -> Patient:
    """The patient under her row's lock. Raises Conflict when she was merged into another a moment ago. First of all locks."""
    row = lock_patients(patient.pk)[patient.pk]
    if row.merged_into is not None:
        raise Conflict(
            f"This patient was merged into {row.merged_into} meanwhile. Open her page anew; nothing was changed."
        )
    return row


def taken_apart_since(cases: Iterable[int], moment: datetime) -> set[int]:
    """Of these cases, those of a patient who was taken apart from another since `moment`: what was written before then may
    name the other one, her guardian or her address. One query."""
    events = CaseEvent.objects.filter(case__in=list(cases), kind="patient_unmerged", at__gte=moment)
    return set(events.values_list("case", flat=True))


def looks_like(row: models.Model, *, without: Iterable[str] = ("patient_id",)) -> dict[str, Any]:
    """Every column of a row in plain values, to see later whether it was changed."""
    left = {"id", *without}
    return canonical.plain(
        {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.attname not in left}
    )


def looks_as_before(row: models.Model, was: Mapping[str, Any]) -> bool:
    """In every column that there was then and is now: a later version of the product may have taken some away."""
    now = looks_like(row)
    return all(now[name] == value for name, value in was.items() if name in now)


def as_rows(found: Iterable[models.Model]) -> Rows:
    return [{"id": row.pk, "was": looks_like(row)} for row in found]


def mover(model: type[models.Model]) -> Callable[[Patient, Patient, Rows, datetime], None]:
    def over(kept: Patient, merged: Patient, rows: Rows, at: datetime) -> None:
        model._default_manager.filter(pk__in=[row["id"] for row in rows], patient=merged).update(patient=kept)

    return over


def mover_back(model: type[models.Model]) -> Callable[[PatientMerge, tuple[int, ...], datetime], None]:
    def back(merge: PatientMerge, ids: tuple[int, ...], at: datetime) -> None:
        model._default_manager.filter(pk__in=ids, patient=merge.kept_id).update(patient=merge.merged_id)

    return back


def unchanged(
    model: type[models.Model], say: Callable[[Any], str]
) -> Callable[[PatientMerge, Rows, frozenset[int]], Back]:
    """Rows that look as they did when they went over; the others stay and are named: changed, or another's or nobody's since."""

    def going_back(merge: PatientMerge, rows: Rows, cases: frozenset[int]) -> Back:
        now: dict[int, Any] = model._default_manager.in_bulk([row["id"] for row in rows])
        with_kept = {pk: row for pk, row in now.items() if row.patient_id == merge.kept_id}
        same = [row["id"] for row in rows if (one := with_kept.get(row["id"])) and looks_as_before(one, row["was"])]
        told = [
            f"{say(row)}: changed since the merge, stays with {merge.kept}."
            if pk in with_kept
            else f"{say(row)}: not with {merge.kept} any more, stays where it is."
            for pk, row in now.items()
            if pk not in same
        ]
        gone = len(rows) - len(now)
        return Back(tuple(same), (*told, *([f"{gone} removed since the merge."] if gone else [])))

    return going_back


# --- cases ----------------------------------------------------------------------------------------------------------


def _cases(kept: Patient, merged: Patient) -> Rows:
    return [
        {"id": case.pk, "was": {"label": case.label}} for case in Case.objects.filter(patient=merged).order_by("pk")
    ]


def _cases_back(merge: PatientMerge, rows: Rows, cases: frozenset[int]) -> Back:
    """A case in which somebody signed since names the patient it was merged into: that stays true for ever."""
    moved = Case.objects.filter(pk__in=[row["id"] for row in rows], patient=merge.kept_id).order_by("pk")
    named = [case for case in moved if _signed_since(case, merge.at)]
    told = tuple(
        f"{case.label}: signed since under the name of {merge.kept}. It stays; a dentist or manager retracts what is wrong."
        for case in named
    )
    return Back(tuple(case.pk for case in moved if case not in named), told)


def _signed_since(case: Case, at: datetime) -> bool:
    return case.submissions.filter(at__gte=at).exists() or (case.signed_at is not None and case.signed_at >= at)


# --- consents -------------------------------------------------------------------------------------------------------


def _consents_back(merge: PatientMerge, rows: Rows, cases: frozenset[int]) -> Back:
    """A consent never changes, so each goes back, also one withdrawn since: it goes back withdrawn, and that is said. One
    that is of a single case goes where its case goes."""
    of_rows = Consent.objects.filter(pk__in=[row["id"] for row in rows], patient=merge.kept_id).order_by("pk")
    moved = of_rows.filter(Q(case__isnull=True) | Q(case__in=cases))
    late = ConsentScope.objects.filter(consent__in=moved, withdrawn_at__gte=merge.at).select_related("consent")
    told = tuple(
        f"{one.consent}, {one.get_scope_display().lower()}: withdrawn since the merge. It goes back withdrawn; ask the family."
        for one in late
    )
    return Back(tuple(one.pk for one in moved), told)


# --- where she goes to school and is expected, who answers for her ------------------------------------------------------------------


def _enrolments(kept: Patient, merged: Patient) -> Rows:
    """Not those that the one who stays has herself, for the same site and year."""
    there = set(kept.enrolments.values_list("site", "school_year"))
    return as_rows(row for row in merged.enrolments.order_by("pk") if (row.site_id, row.school_year) not in there)


def _guardians(kept: Patient, merged: Patient) -> Rows:
    """Not those known already by name and relation."""
    there = {(one.name.casefold(), one.relationship.casefold()) for one in kept.guardians.all()}
    found = merged.guardians.order_by("pk")
    return as_rows(row for row in found if (row.name.casefold(), row.relationship.casefold()) not in there)


def _family_forms(kept: Patient, merged: Patient) -> Rows:
    """Not those of a printing that has one of hers, too."""
    there = set(kept.family_forms.values_list("run", flat=True))
    return as_rows(form for form in merged.family_forms.order_by("pk") if form.run_id not in there)


def _places(kept: Patient, merged: Patient) -> Rows:
    """Her places on lists of school days, not those of days for which the one who stays is on the list herself."""
    there = set(kept.event_places.values_list("event", flat=True))
    return as_rows(place for place in merged.event_places.order_by("pk") if place.event_id not in there)


def _links_back(merge: PatientMerge, rows: Rows, cases: frozenset[int]) -> Back:
    """A link goes where its case goes; one that nothing was sent by goes back."""
    moved = SendingLink.objects.filter(pk__in=[row["id"] for row in rows], patient=merge.kept_id).order_by("pk")
    stays = [link for link in moved if link.case_id is not None and link.case_id not in cases]
    told = tuple(f"{link}: what was sent by it stays with {merge.kept}." for link in stays)
    return Back(tuple(link.pk for link in moved if link not in stays), told)


OWN = (
    Follower(
        "cases", lambda patient: patient.cases.count(), _cases, mover(Case), _cases_back, mover_back(Case),
    ),
    Follower(
        "consents", lambda patient: patient.consents.count(),
        lambda kept, merged: [{"id": pk, "was": {}} for pk in merged.consents.order_by("pk").values_list("pk", flat=True)],
        mover(Consent), _consents_back, mover_back(Consent),
    ),
    Follower(
        "enrolments", lambda patient: patient.enrolments.count(), _enrolments, mover(Enrolment),
        unchanged(Enrolment, lambda row: f"Enrolment at {row.site}, {row.school_year}"), mover_back(Enrolment),
    ),
    Follower(
        "guardians", lambda patient: patient.guardians.count(), _guardians, mover(Guardian), unchanged(Guardian, str),
        mover_back(Guardian),
    ),
    Follower(
        "forms for the family", lambda patient: patient.family_forms.count(), _family_forms, mover(FamilyForm),
        unchanged(FamilyForm, lambda row: f"A form for the family, {row}"), mover_back(FamilyForm),
    ),
    Follower(
        "scanned forms", lambda patient: patient.form_pages.count(),
        lambda kept, merged: as_rows(merged.form_pages.order_by("pk")), mover(FormPage),
        unchanged(FormPage, lambda row: f"A scanned form, {row}"), mover_back(FormPage),
    ),
    Follower(
        "school days", lambda patient: patient.event_places.count(), _places, mover(EventChild),
        unchanged(EventChild, lambda row: f"Tag {row.tag} on the list of {row.event}"), mover_back(EventChild),
    ),
    Follower(
        "links to send by", lambda patient: patient.sending_links.count(),
        lambda kept, merged: [{"id": pk, "was": {}} for pk in merged.sending_links.order_by("pk").values_list("pk", flat=True)],
        mover(SendingLink), _links_back, mover_back(SendingLink),
    ),
)  # fmt: skip


def objections(kept: Patient, merged: Patient) -> list[Objection]:
    """What stands against it or will happen on the way, of every noun."""
    return [one for follower in followers() for one in follower.against(kept, merged)]


def counted(patient: Patient) -> Mapping[str, int]:
    """How many of each noun hang on a patient."""
    return {follower.noun: follower.count(patient) for follower in followers()}
