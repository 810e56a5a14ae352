"""Which parts of a family's consent a case takes, and whether they stand (CO-1, CO-2); pure."""

from collections.abc import Sequence
from datetime import date

from cases.models.case import Origin
from cases.models.consent import Scope
from cases.order_kinds import KINDS
from cases.record import CaseRecord
from cases.view_labels import Family
from teledent.kit import clock
from teledent.kit.decisions import ALLOWED, Decision, refuse

CAPTURE_SCOPES = (Scope.SCREENING, Scope.TELEDENTISTRY)
SENT_SCOPES = (Scope.TELEDENTISTRY,)  # where a family or another office sends, nobody screens
TREATMENT_SCOPES = {  # a service done on site by its code number, and the part of the consent that it takes (CO-1)
    "D1206": Scope.FLUORIDE, "D1208": Scope.FLUORIDE, "D1351": Scope.SEALANTS, "D1352": Scope.SEALANTS, "D1353": Scope.SEALANTS,
    "D1354": Scope.SILVER_FLUORIDE,
}  # fmt: skip


def scopes_needed(record: CaseRecord) -> tuple[Scope, ...]:
    """Scopes that this case takes: teledentistry always, screening where somebody looks, the others by what was done."""
    families = {image.family for image in record.counted_images}
    needed = list(CAPTURE_SCOPES if record.origin == Origin.SITE else SENT_SCOPES)
    needed += [Scope.PHOTOGRAPHS] if Family.PHOTOGRAPH in families else []
    needed += [Scope.RADIOGRAPHS] if Family.RADIOGRAPH in families else []
    needed += [TREATMENT_SCOPES[one.code] for one in record.services if one.code in TREATMENT_SCOPES]
    needed += [KINDS[one.kind].scope for one in record.orders]  # CO-3
    return tuple(dict.fromkeys(needed))


def consent_stands(record: CaseRecord, *, today: date, zone: str) -> Decision:
    """CO-2: every scope that the case takes was in force on each day of gathering, and was not taken back by `today`.

    A consent that ran out after the children were seen still covers what was gathered under it. `zone`: the patient's place.
    """
    scopes = scopes_needed(record)
    taken_back = [scope for scope in scopes if record.took_back(scope, today)]
    if taken_back:
        return refuse(f"The family refused or took back its consent to: {_listed(taken_back)}.")
    lacking = [scope for scope in scopes if not _covers(record, scope, today=today, zone=zone)]
    if lacking:
        return refuse(f"No consent in force for: {_listed(lacking)}. Record the family's consent first.")
    return ALLOWED


def _covers(record: CaseRecord, scope: Scope, *, today: date, zone: str) -> bool:
    if record.origin == Origin.OFFICE:
        return record.consents_to(scope, day_that_counts(record, scope, today=today))
    return all(record.consents_to(scope, day) for day in days_of_gathering(record, zone=zone))


def day_that_counts(record: CaseRecord, scope: str, *, today: date) -> date:
    """On which day an answer has to be in force: the day seen. What another office sent was gathered there before anybody here
    asked, so there the family's yes counts from the first day by `today` on which it is given; one that ran out since still does.
    """
    if record.origin != Origin.OFFICE:
        return record.day_seen
    begun = {
        one.valid_from for one in record.consents if one.scope == scope and record.day_seen < one.valid_from <= today
    }
    days = (day for day in sorted({record.day_seen, *begun}) if record.consents_to(scope, day))
    return next(days, record.day_seen)


def days_of_gathering(record: CaseRecord, *, zone: str) -> tuple[date, ...]:
    """The day seen, and later days on which a picture was taken again. Films that were brought along are older: not ours."""
    taken = (
        clock.local_date(one.captured_at, zone) for one in record.counted_images if one.is_clinical and one.captured_at
    )
    return tuple(sorted({record.day_seen, *(day for day in taken if day > record.day_seen)}))


def _listed(scopes: Sequence[Scope]) -> str:
    return ", ".join(scope.label.lower() for scope in scopes)
