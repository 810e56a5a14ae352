"""Payers, fees and plans of the demonstration: a few that pay, one that does not take it, one that nobody has asked."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid5

from billing.actions import settings
from billing.actions.payer_rules import save_rule
from billing.actions.verifying import record_verification
from billing.demonstration.families import Somebody
from billing.demonstration.people import Cast
from billing.models import Coverage, Fee, Payer, PayerRule, PlanSays, Receiver, VerifiedHow, Wanted
from cases.models import Patient

MUTUAL, CHILDREN, TRUST, PPO = (
    "Tamarack Mutual Dental",
    "Bluewater Children's Medicaid",
    "Shipwrights' Benefit Trust",
    "Larkspur PPO",
)
FEES = {
    "D0140": "85.00",
    "D0171": "60.00",
    "D9996": "0.00",
    "D9995": "0.00",
    "D0190": "35.00",
    "D0191": "45.00",
}  # D0170: none yet


def make_payers(cast: Cast, *, at: datetime) -> None:
    """Receiver in test mode, payers and fees, as the front desk enters them."""
    june = cast.of("june")
    receiver = settings.save_receiver(
        actor=june, at=at,
        receiver=Receiver(
            practice=cast.practice, name="Example Clearinghouse", sender_id="NORTHLIGHT", receiver_id="EXAMPLECH", usage="T",
            submitter_name="Northlight School Dental", contact_name="June Abernathy", contact_phone="360-555-0118",
        ),
    )  # fmt: skip
    profiles: tuple[dict[str, Any], ...] = (
        {"name": MUTUAL, "payer_id": "TMD01", "filing_code": "CI", "takes_asynchronous": "yes", "rendering_on_site": "hygienist",
         "filing_limit_days": 180, "correction_days": 60, "appeal_days": 180, "verify_every_days": 30},
        {"name": CHILDREN, "payer_id": "BWCM1", "filing_code": "MC", "takes_asynchronous": "yes", "dos_basis": "capture",
         "rendering_on_site": "supervising", "supervising_dentist": cast.of("farah").person, "diagnosis_required": True, "epsdt": True,
         "outcome_told": True, "filing_limit_days": 365, "appeal_days": 60, "answer_expected_days": 21},
        {"name": TRUST, "payer_id": "SBT09", "filing_code": "CI", "takes_asynchronous": "no", "rendering_on_site": "not_billable"},
        {"name": PPO, "payer_id": "LKPPO", "filing_code": "12", "takes_asynchronous": "unknown"},
    )  # fmt: skip
    for profile in profiles:
        payer = Payer(
            practice=cast.practice, receiver=receiver, street="500 Commerce Park", city="Millbrook", state="WA", zip_code="98607-0500",
            **profile,
        )  # fmt: skip
        settings.save_payer(actor=june, payer=payer, at=at)
    _make_rules(cast, at=at)
    for code, amount in FEES.items():
        fee = Fee(practice=cast.practice, code=code, amount=Decimal(amount), valid_from=date(2025, 1, 1))
        settings.save_fee(actor=june, fee=fee, at=at)


def _make_rules(cast: Cast, *, at: datetime) -> None:
    """What two payers are known to do: one rule that took another's place, and one that nobody has verified for a year."""
    june, today = cast.of("june"), at.date()
    mutual, ppo = (Payer.objects.get(practice=cast.practice, name=name) for name in (MUTUAL, PPO))
    twice = [{"count": 2, "period": 1, "unit": "calendar_year", "shared_with": ["D0170"]}]
    kept: tuple[dict[str, Any], ...] = (
        {"payer": mutual, "code": "D0140", "valid_from": date(2025, 1, 1), "covered": "yes", "verified_on": date(2025, 1, 20),
         "source": "Provider manual 2025, page 31"},
        {"payer": mutual, "code": "D0140", "valid_from": date(2026, 1, 1), "covered": "yes", "frequencies": twice,
         "verified_on": today - timedelta(days=30), "source": "Provider manual 2026, page 33"},
        {"payer": ppo, "code": "D9996", "valid_from": date(2025, 1, 1), "covered": "unknown", "requires_companion": True,
         "verified_on": today - timedelta(days=420), "source": "Telephone, provider line: “depends on the group”"},
    )  # fmt: skip
    for said in kept:
        save_rule(actor=june, rule=PayerRule(**said), at=at)


def cover(cast: Cast, patient: Patient, somebody: Somebody, plan: str, *, at: datetime) -> None:
    """The plan on the family's card; "lapsed" and "unverified" are plans as front desks find them."""
    payer = Payer.objects.get(
        practice=cast.practice, name={"medicaid": CHILDREN, "trust": TRUST, "ppo": PPO}.get(plan, MUTUAL)
    )
    today, digits = at.date(), f"{patient.pk * 7919 % 900000 + 100000}"
    coverage = Coverage(
        patient=patient, payer=payer, member_id=f"{payer.payer_id[:3]}{digits}", valid_from=today - timedelta(days=400),
    )  # fmt: skip
    if plan == "lapsed":
        coverage.valid_until = today - timedelta(days=45)
    if plan == "medicaid":
        coverage.own_member_id, coverage.relationship = True, "18"
    elif somebody.is_adult:
        coverage.relationship, coverage.group_number = "18", "40017"
    else:
        coverage.relationship, coverage.group_number = "19", "40017"
        coverage.subscriber_given_name, coverage.subscriber_family_name = somebody.guardian_card
        coverage.subscriber_birth_date = date(1984, 5, 1) + timedelta(days=patient.pk * 37)
        coverage.subscriber_sex = "F" if somebody.guardian[1] == "Mother" else "M"
        for part in ("street", "city", "state", "zip_code"):
            setattr(coverage, part, getattr(patient, part))
    settings.save_coverage(actor=cast.of("june"), coverage=coverage, at=at)
    if plan != "unverified":
        verify(cast, coverage, at=at)


def verify(cast: Cast, coverage: Coverage, *, at: datetime) -> None:
    """What the portal said three days ago, under an id that stays when the demonstration is built on."""
    says = {"yes": PlanSays.COVERED, "no": PlanSays.NOT_COVERED}.get(
        coverage.payer.takes_asynchronous, PlanSays.UNKNOWN
    )
    said = {
        "verified_on": at.date() - timedelta(days=3), "how": VerifiedHow.PORTAL, "asynchronous": says, "authorisation": Wanted.NOT_NEEDED,
        "reference": "", "note": "",
    }  # fmt: skip
    record_verification(
        actor=cast.of("june"), coverage=coverage, public_id=uuid5(coverage.public_id, "verified"), said=said, at=at
    )
