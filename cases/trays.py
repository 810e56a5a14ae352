"""Open cases that a file in the tray names exactly: suggested to a person, never taken for an answer (ID-2)."""

from collections.abc import Sequence
from datetime import date

from cases.holding import banner_of
from cases.matching import names_exactly
from cases.models import Asset, Case
from cases.states import EDITABLE
from teledent.accounts.acting import Actor

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
