"""Open cases that a file in the tray names exactly, or whose child's slate it shows: suggested to a person, never taken for an
answer (ID-2)."""

from collections.abc import Mapping, Sequence
from datetime import date

from cases.holding import banner_of
from cases.matching import names_exactly
from cases.models import Asset, Case, EventChild
from cases.slates import places_of, slates_in
from cases.states import EDITABLE
from teledent.accounts.acting import Actor
from teledent.accounts.models import Role

SUGGESTED_MAX = 3


def cases_named_in(actor: Actor, files: Sequence[Asset]) -> dict[int, list[Case]]:
    """By the key of the file, open cases of its site whose patient's name, id and birth date it states, the newest first.
    One query, however many files."""
    said = {asset.pk: asset.examination.get("identity") or {} for asset in files}
    born = {date.fromisoformat(one["birth_date"]) for one in said.values() if one.get("birth_date")}
    if not born:
        return {}
    rows = Case.objects.captured_by(actor).filter(status__in=EDITABLE, patient__birth_date__in=born)
    rows = rows.filter(site__in={asset.site_id for asset in files}).select_related("patient")
    cases = list(rows.order_by("-day_seen", "-opened_at", "-pk"))
    return {asset.pk: _named(asset, cases) for asset in files}


def _named(asset: Asset, cases: Sequence[Case]) -> list[Case]:
    identity = asset.examination.get("identity")
    here = (case for case in cases if case.site_id == asset.site_id)
    named = [case for case in here if names_exactly(identity, banner_of(case.patient, case_label=case.label))]
    return named[:SUGGESTED_MAX]


def slates_shown(actor: Actor, files: Sequence[Asset]) -> dict[int, list[EventChild]]:
    """By the key of the file, whose slates it shows, of school days that she may see. One query, however many files."""
    shown = {asset.pk: slates_in(asset.examination) for asset in files}
    places = places_of(actor.practice.pk, {slate for slates in shown.values() for slate in slates})
    sites = actor.sites(Role.HYGIENIST)
    return {
        pk: [place for slate in slates if (place := places.get(slate)) and (sites is None or place.event.site_id in sites)]
        for pk, slates in shown.items()
        if slates
    }  # fmt: skip


def cases_of_slates(actor: Actor, shown: Mapping[int, Sequence[EventChild]]) -> dict[int, list[Case]]:
    """By the key of the file, open cases of those children on those days. One query."""
    places = [place for found in shown.values() for place in found]
    if not places:
        return {}
    patients = {place.patient.stays.pk for place in places}
    rows = Case.objects.captured_by(actor).filter(status__in=EDITABLE, patient__in=patients).select_related("patient")
    cases = list(rows.order_by("-day_seen", "-opened_at", "-pk"))
    return {pk: [case for case in cases if any(_is_of(case, place) for place in found)] for pk, found in shown.items()}


def _is_of(case: Case, place: EventChild) -> bool:
    event = place.event
    return case.patient_id == place.patient.stays.pk and case.site_id == event.site_id and event.covers(case.day_seen)
