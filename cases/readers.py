"""Who could read a case, and who else has to do with it: people of the practice by role, place and licence, as of one day."""

from datetime import date, datetime

from django.db.models import Q, QuerySet

from cases.models import Case
from cases.places import day_at_patient_place
from teledent.accounts.days import today_in
from teledent.accounts.models import Licence, Membership, Person, Practice, Role, Site

DENTISTS_TAXONOMY = "1223"


def dentists_licences() -> QuerySet[Licence]:
    """Licences that may stand under a reading, as `Credential.is_dentists` has it."""
    return Licence.objects.filter(Q(credential__taxonomy="") | Q(credential__taxonomy__startswith=DENTISTS_TAXONOMY))


def people_of(practice: Practice, *roles: str, at: datetime, site: Site | None = None) -> QuerySet[Person]:
    """Who holds one of these roles today, at every site or at `site`."""
    held = Membership.objects.on(today_in(practice, at)).filter(practice=practice, role__in=roles)
    if site is not None:
        held = held.filter(Q(site__isnull=True) | Q(site=site))
    return Person.objects.filter(is_active=True, pk__in=held.values("person")).order_by("pk")


def reads_from(practice: Practice, state: str, *, day: date, at: datetime) -> bool:
    """Whether any dentist of the practice may read of a patient who is in `state` on `day` (RE-1)."""
    licensed = (dentists_licences() & Licence.objects.active_in(state, day)).values("credential__person")
    return people_of(practice, Role.DENTIST, at=at).filter(pk__in=licensed).exists()


def gatherers_of(case: Case) -> set[int]:
    """Everybody who gathered any part of the case (RE-1), as `Case.objects.gathered_by` asks it of one person.

    What a family sent by a link was gathered by nobody of the practice.
    """
    found = {
        case.opened_by_id,
        *case.submissions.values_list("person", flat=True),
        *filter(None, case.assets.order_by().values_list("declared_by", flat=True)),
        *case.services.values_list("operator", flat=True),
    }
    return {person for person in found if person is not None}


def settlers_of(case: Case, *, at: datetime) -> list[Person]:
    """Who settles what second reads differ in: the dentist who signed, while she is one of the practice; else everybody who
    may read the case, second readers apart."""
    signer = people_of(case.practice, Role.DENTIST, at=at).filter(pk=case.signature.person_id)
    return list(signer) or readers_of(case, at=at)


def readers_of(case: Case, *, at: datetime) -> list[Person]:
    """Dentists of the practice who may read the case: licensed where the patient was, not gatherers, not second readers."""
    licences = dentists_licences() & Licence.objects.active_in(case.patient_state, day_at_patient_place(case, at))
    licensed = licences.values("credential__person")
    second = case.second_reads.values("reader")
    dentists = people_of(case.practice, Role.DENTIST, at=at).filter(pk__in=licensed)
    return list(dentists.exclude(pk__in=gatherers_of(case)).exclude(pk__in=second))
