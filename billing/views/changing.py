"""What a claim's page says and offers of corrections, voids and the next payer."""

from typing import Any

from django import forms

from billing.actions.changing import may_correct, may_void
from billing.actions.coordinating import next_coverage
from billing.changed import refusal_of
from billing.claim_forms import ChangeForm, DropForm
from billing.models import Claim
from billing.permissions import may
from billing.states import ANSWERED, CHECKED, STANDING, Status
from cases.states import BILLABLE
from teledent.accounts.acting import Actor

ENTERED = "00"  # stands for a number that is still to be entered, while it is asked whether the form may show


def changes_of(actor: Actor, claim: Claim, failed: dict[str, forms.Form] | None = None) -> dict[str, Any]:
    """What the claim's page says and offers of changes; `failed` are forms as they were sent, with their errors."""
    failed = failed or {}
    works = bool(may(actor, "work_claims"))
    stands = works and claim.status in STANDING and not claim.is_void
    known = {"number": claim.number_with_payer}
    successors = list(claim.successors.exclude(status=Status.STOPPED).order_by("pk"))
    voided = claim.status == Status.VOIDED and not any(map(refusal_of, successors))
    return {
        "refused": refusal_of(claim),
        "successors": successors,
        "followers": list(claim.followers.live().select_related("coverage__payer").order_by("pk")),
        "may_correct": may_correct(claim, claim.number_with_payer or ENTERED) if stands else None,
        "may_void": may_void(claim, claim.number_with_payer or ENTERED) if stands else None,
        "correcting": failed.get("correct") or ChangeForm(auto_id="correct_%s", initial=known),
        "voiding": failed.get("void") or ChangeForm(auto_id="void_%s", initial=known),
        "dropping": failed.get("drop") or DropForm(auto_id="drop_%s"),
        "failed_change": next(iter(failed), ""),
        "may_drop": works and claim.replaces_id is not None and claim.status in CHECKED,
        "next_plan": next_coverage(claim) if works and claim.status in ANSWERED and not claim.is_void else None,
        "may_bill_again": works and voided and claim.case.status in BILLABLE,
    }
