"""Whether a file may stand with a case, from the rows: what the file says of itself against the patient (ID-2), and whose slate
is to be seen in it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from cases import matching
from cases.events.slates import Slate
from cases.models import Asset, AssetState, Case, Patient
from cases.slates import places_of, slates_in
from cases.view_labels import is_clinical


def hold_of(
    asset: Asset, case: Case, examination: Mapping[str, Any], *, accepted: Collection[str] = ()
) -> matching.Hold | None:
    """Why this file would have to wait for a person if it stood in `case`, all reasons; None when nothing speaks against it.

    `accepted` are the sentences with which it waited there before, each time that a person let it count.
    """
    return matching.together(matching.undecided(_reasons(asset, case, examination), accepted))


def _reasons(asset: Asset, case: Case, examination: Mapping[str, Any]) -> Iterator[matching.Hold]:
    others = Asset.objects.filter(
        practice_id=asset.practice_id, declared_sha256=asset.declared_sha256, case__isnull=False
    )
    others = others.exclude(pk__in=[asset.pk, asset.copied_from_id or 0]).exclude(state=AssetState.STRUCK)
    if others.exclude(case__patient_id=case.patient_id).exists():
        yield matching.BYTES_ELSEWHERE
    yield from matching.identity_holds(examination.get("identity"), banner_of(case.patient, case_label=case.label))
    said = examination.get("captured_at")
    other_day = matching.day_hold(said["local"] if said else None, case.day_seen)
    if other_day and asset.consultation_id is None:  # what an office asks about is older than its question
        yield other_day
    yield from _slate_holds(asset, case, slates_in(examination))


def _slate_holds(asset: Asset, case: Case, slates: Sequence[Slate]) -> Iterator[matching.Hold]:
    """Another child's may begin another child's pictures. Her own shows no teeth: it is none of the views that count as hers.

    Hers is named last: what says that the picture may be another's is read first.
    """
    places = places_of(case.practice_id, slates)
    shows_hers = False
    for slate in slates:
        place = places.get(slate)
        if place is None:
            yield matching.UNKNOWN_SLATE
        elif place.patient.stays.pk != case.patient_id:
            yield matching.slate_of_another(slate.tag, str(place.event))
        else:
            shows_hers = True
    if shows_hers and (not asset.view or is_clinical(asset.view)):
        yield matching.HER_SLATE


def banner_of(patient: Patient, *, case_label: str = "") -> matching.Banner:
    """The patient's names, birth date and ids that a file may carry.

    A sensor may have been given the number of the case in place of the pupil id, and agrees then too. Of a patient
    without a pupil id nothing is known that an id could contradict: her sensor's own chart number is nobody else's.
    """
    return matching.Banner(
        given_names=(patient.given_name, patient.preferred_name, patient.card_given_name),
        family_names=(patient.family_name, patient.card_family_name),
        birth_date=patient.birth_date,
        ids=tuple(known for known in (patient.pupil_id, case_label) if known) if patient.pupil_id else (),
    )
