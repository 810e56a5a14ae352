"""What a claim's facts say of the payer's dated rules, and of what was done for the patient before: `billing.snapshot` asks."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from django.db.models import Exists, OuterRef, Sum
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from billing.authorisation_states import AuthorisationStatus
from billing.claims import facts as f
from billing.claims.authorised import Authorised, AuthorisedUnits, pooled
from billing.claims.lines import day_of_act
from billing.claims.payer_rules import DoneBefore, PayerRule, dos_basis_of
from billing.models import Authorisation, Claim, ClaimLine, Coverage, Frequency, RequestKind, SeenElsewhere
from billing.states import CHECKED, STANDING, Status
from billing.terms import read_rules
from cases.models import Case, ConsentScope, Patient, Scope

COUNTED = STANDING - {Status.DENIED, Status.REJECTED}
TAKING = CHECKED | STANDING - {Status.DENIED}  # claims that hold units of an authorisation: also before they go out


def rules_for(coverage: Coverage | None, codes: Iterable[str]) -> tuple[PayerRule, ...]:
    """The payer's rows in use for these codes, of any day."""
    return read_rules([coverage.payer_id], codes).rows.get(coverage.payer_id, ()) if coverage else ()


def dated_by_rule(facts: f.ClaimFacts) -> f.ClaimFacts:
    """Where a dated row for what the dentist did says which day dates the claim, it goes before the payer's profile."""
    if facts.coverage is None:
        return facts
    payer, codes = facts.coverage.payer, (facts.case.encounter_code, facts.case.evaluation_code)
    basis = dos_basis_of(facts.payer_rules, codes, plan=payer.claim_filing_code, day=day_of_act(facts, "dentist"))
    dated = replace(facts.coverage, payer=replace(payer, dos_basis=basis or payer.dos_basis))
    return replace(facts, coverage=dated)


def asked_in_language(facts: f.ClaimFacts, case: Case) -> f.ClaimFacts:
    """Whether the family consented in its own language, where a payer's row asks; unknown where either is not recorded."""
    given_on, family = facts.case.consents.given_on, case.patient.language.strip().casefold()
    if given_on is None or not family or not any(one.consent_in_language for one in facts.payer_rules):
        return facts
    given = ConsentScope.objects.of_cases([case]).filter(
        consent__valid_from=given_on, scope=Scope.TELEDENTISTRY, given=True
    )
    spoken = {one.strip().casefold() for one in given.values_list("consent__language", flat=True) if one.strip()}
    if not spoken:
        return facts
    consents = replace(facts.case.consents, in_their_language=family in spoken)
    return replace(facts, case=replace(facts.case, consents=consents))


def seen_elsewhere(patient: Patient) -> tuple[f.SeenElsewhere, ...]:
    """What somebody here knows of other billing entities, the oldest first."""
    rows = SeenElsewhere.objects.about(patient).standing().order_by("service_date", "pk")
    return tuple(f.SeenElsewhere(row.entity, row.service_date, row.code) for row in rows)


def authorised_for(case: Case, coverage: Coverage | None, claim: Claim | None) -> tuple[Authorised, ...]:
    """The payer's approvals for this patient and the member id that the coverage has now, each with the units that
    other claims have not taken."""
    if coverage is None:
        return ()
    asked = Authorisation.objects.approved().filter(payer=coverage.payer_id, member_id=coverage.member_id)
    rows = list(asked.filter(coverage__patient=case.patient_id).prefetch_related("lines").order_by("valid_from", "pk"))
    used = _units_used(case, coverage, claim, {row.number for row in rows}) if rows else {}
    return pooled((as_authorised(row) for row in rows), used)


def predetermined_for(case: Case, coverage: Coverage | None) -> tuple[Authorised, ...]:
    """Where the payer said, under a number, what it would pay for this patient and the member id that the coverage has."""
    if coverage is None:
        return ()
    asked = Authorisation.objects.filter(kind=RequestKind.PREDETERMINATION, status=AuthorisationStatus.APPROVED)
    asked = asked.filter(payer=coverage.payer_id, member_id=coverage.member_id, coverage__patient=case.patient_id)
    rows = asked.exclude(number="").prefetch_related("lines").order_by("answered_on", "pk")
    return tuple(_as_foreseen(row) for row in rows)


def _as_foreseen(row: Authorisation) -> Authorised:
    """It holds from its answer, unless the payer named another day."""
    told = [one for one in row.lines.all() if one.units_approved]
    units = tuple(
        AuthorisedUnits(one.code, one.tooth, one.units_approved or 0, one.units_approved or 0) for one in told
    )
    starts = row.valid_from or row.answered_on
    assert starts is not None  # noqa: S101 - an answered one has its day
    return Authorised(row.number, starts, row.valid_until, units, str(row.public_id))


def as_authorised(row: Authorisation) -> Authorised:
    """An approved authorisation with all the units of its lines."""
    told = ((one, one.units_approved or 0) for one in row.lines.all())
    units = tuple(AuthorisedUnits(one.code, one.tooth, count, count) for one, count in told if count)
    assert row.valid_from is not None  # noqa: S101 - an approved one begins on a day
    return Authorised(row.number, row.valid_from, row.valid_until, units, str(row.public_id))


def _units_used(
    case: Case, coverage: Coverage, claim: Claim | None, numbers: Collection[str]
) -> dict[str, dict[tuple[str, str], int]]:
    """Units on the patient's other live claims to this payer, by number, and in it by code and tooth. A denied claim has
    used nothing; what replaces a claim, from its first check on, takes over what that one used."""
    taking = Claim.objects.filter(status__in=TAKING, void_wanted_at__isnull=True).exclude(frequency=Frequency.VOID)
    others = taking.filter(case__patient=case.patient, coverage__payer=coverage.payer_id)
    others = others.exclude(Exists(taking.filter(replaces=OuterRef("pk"))))
    if claim is not None:
        others = others.exclude(case=case, part=claim.part)
    lines = ClaimLine.objects.filter(claim__in=others, authorisation__in=numbers).order_by()
    used: dict[str, dict[tuple[str, str], int]] = {}
    for number, code, tooth, units in lines.values_list("authorisation", "code", "tooth").annotate(Sum("quantity")):
        used.setdefault(number, {})[code, tooth] = units
    return used


def services_before(case: Case, claim: Claim | None, elsewhere: Iterable[f.SeenElsewhere]) -> tuple[DoneBefore, ...]:
    return (*_done_here(case, claim), *(DoneBefore(one.code, one.service_date, here=False) for one in elsewhere))


def _done_here(case: Case, claim: Claim | None) -> tuple[DoneBefore, ...]:
    """Lines of this patient's other claims that the payer counts: what limits of frequency count.

    Not those that were rejected or denied, nor those that the practice is about to take back.

    The other claims of this part of the case bill the same service: a correction, the claim to the next payer.
    """
    others = Claim.objects.filter(
        case__patient=case.patient, status__in=COUNTED, void_wanted_at__isnull=True, follows__isnull=True
    )
    others = others.exclude(frequency=Frequency.VOID)
    if claim is not None:
        others = others.exclude(case=case, part=claim.part)
    lines = ClaimLine.objects.filter(claim__in=others).order_by("service_date", "pk")
    rows = lines.annotate(npi=_text("claim__draft", "rendering", "npi"), place=_text("claim__facts", "site", "name"))
    return tuple(
        DoneBefore(one.code, one.service_date, one.quantity, one.npi or "", site=one.place or "") for one in rows
    )


def _text(column: str, whole: str, part: str) -> KeyTextTransform:
    """A text two levels down in a JSON column. As text: the plain lookup makes a number of an NPI."""
    return KeyTextTransform(part, KeyTransform(whole, column))
